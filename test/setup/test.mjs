/** `npm test`: everything but the real n8n, from a bare clone. What follows `--` goes to jest. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { buildAndPack, installProject } from './prepare.mjs';
import { root, run, SetUpError, step } from './steps.mjs';

const bin = (...path) => join(root, 'node_modules', ...path);

async function main() {
	const major = Number(process.versions.node.split('.')[0]);
	if (major < 20) throw new SetUpError(`Node 20 or later is needed, this is ${process.version}.`);
	await installProject();
	await step('Types of the tests', async () => {
		await run(process.execPath, [bin('typescript/bin/tsc'), '--project', 'test'], {
			log: 'tsc-test',
		});
	});
	await step('Lint', async () => {
		await run(process.execPath, [bin('@n8n/node-cli/bin/n8n-node.mjs'), 'lint'], { log: 'lint' });
	});
	await buildAndPack();
	return await jest(process.argv.slice(2));
}

/** @returns jest's exit code */
async function jest(args) {
	const coverage = args.length === 0 ? ['--coverage'] : [];
	const child = spawn(process.execPath, [bin('jest/bin/jest.js'), ...coverage, ...args], {
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
