/** `npm test`: everything but the real n8n, from a bare clone. What follows `--` goes to jest. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { buildAndPack, installProject, npm } from './prepare.mjs';
import { root, run, SetUpError, step } from './steps.mjs';

const bin = (...path) => join(root, 'node_modules', ...path);

async function main() {
	const major = Number(process.versions.node.split('.')[0]);
	if (major < 20) throw new SetUpError(`Node 20 or later is needed, this is ${process.version}.`);
	await installProject();
	await sideBySide(
		async () => {
			await check('Lint', 'lint');
			await check('Lint of the tests', 'lint:tests');
			await check('Formatting', 'format:check');
		},
		async () => {
			await step('Types of the tests', async () => {
				await run(process.execPath, [bin('typescript/bin/tsc'), '--project', 'test'], {
					log: 'tsc-test',
				});
			});
			await buildAndPack();
		},
	);
	return await jest(process.argv.slice(2));
}

/** Runs a script of package.json. */
async function check(name, script) {
	await step(name, async () => {
		await run(npm, ['run', '--silent', script], { log: script.replace(':', '-') });
	});
}

/** What does not wait for each other, on more than one core. @throws what failed first, when all have ended */
async function sideBySide(...works) {
	const failed = (await Promise.allSettled(works.map((work) => work()))).find(
		({ status }) => status === 'rejected',
	);
	if (failed) throw failed.reason;
}

/** @returns jest's exit code */
async function jest(args) {
	// Each file that loads n8n leaves some 30 MB behind in its process.
	const memory = '--workerIdleMemoryLimit=1GB';
	const child = spawn(process.execPath, [bin('jest/bin/jest.js'), memory, ...args], {
		cwd: root,
		stdio: 'inherit',
	});
	return await new Promise((settle) => child.on('close', (code) => settle(code ?? 1)));
}

try {
	process.exitCode = await main();
} catch (error) {
	console.error(error instanceof SetUpError ? error.message : error);
	process.exitCode = 1;
}
