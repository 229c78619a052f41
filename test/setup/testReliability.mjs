/**
 * `npm run test:reliability`: an audit of what is bundled, the fault matrix, the whole soak, and what only a real n8n can show, from a
 * bare clone. Writes the tables of docs/reliability.md, docs/scaling.md and docs/benchmarks.md. Arguments
 * name tests: `audit`, `soak`, `kill`, `queue`, …
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { auditBundled } from './audit.mjs';
import { buildAndPack, installProject, isInstalled, npm, prepare } from './prepare.mjs';
import { servers } from './servers.mjs';
import { root, run, SetUpError, step } from './steps.mjs';

/** Tests that run in n8n's engine alone, and those that need n8n itself. */
const engine = {
	faultMatrix: 'test/reliability/faultMatrix',
	soak: 'test/reliability/soak',
	modelCheck: 'test/nodes/shared/send/(neverTwice|lookedUp)',
	manyEntries: 'test/nodes/triggers/manyEntries',
	pacing: 'test/nodes/shared/http/pacing',
};
const n8n = [
	...['kill', 'duplicates', 'duplicatesCost', 'lateWrites', 'queue'],
	...['files', 'filesInS3', 'httpChain', 'notifications', 'secrets'],
];
/** Those that need Redis and PostgreSQL. */
const queue = ['duplicates', 'duplicatesCost', 'lateWrites', 'queue'];
const s3 = join(root, 'test/n8n/s3');

async function main(wanted) {
	const known = ['audit', ...Object.keys(engine), ...n8n];
	const unknown = wanted.filter((name) => !known.includes(name));
	if (unknown.length > 0) {
		throw new SetUpError(`No such test: ${unknown.join(', ')} (${known.join(', ')})`);
	}
	const chosen = (names) => names.filter((name) => wanted.length === 0 || wanted.includes(name));
	await installProject();
	let code = 0;
	if (chosen(['audit']).length > 0) {
		await buildAndPack();
		code = await step('Audit of what is bundled', auditBundled).then(() => 0, told);
	}
	const inEngine = chosen(Object.keys(engine));
	if (inEngine.length > 0) {
		const files = inEngine.map((name) => engine[name]);
		// One after the other: they write to the same page, and the soak measures memory.
		code =
			(await jest(['--runInBand', ...files], {
				RELIABILITY: 'whole',
				MODEL_CHECK: 'whole',
				MANY_ENTRIES: 'whole',
				PACING: 'whole',
			})) || code;
	}
	if (chosen(n8n).length > 0) {
		const env = { PACKAGE_TARBALL: await prepare() };
		if (chosen(queue).length > 0) {
			const { redis, postgres } = await servers();
			Object.assign(env, { REDIS_SERVER: redis, POSTGRES_FOLDER: postgres });
		}
		if (chosen(['filesInS3']).length > 0) await installS3();
		const files = chosen(n8n).map((name) => `test/n8n/reliability/${name}\\.`);
		const config = ['--config', 'test/n8n/reliability/jest.config.js', '--runInBand'];
		code = (await jest([...config, ...files], env)) || code;
	}
	return code;
}

async function installS3() {
	await step('An S3 server', async () => {
		if (isInstalled(s3)) return 'already there';
		const options = ['--ignore-scripts', '--no-audit', '--no-fund'];
		await run(npm, ['ci', ...options], { cwd: s3, log: 'npm-ci-s3' });
	});
}

/** Says what went wrong; the tests after it run all the same. @returns the exit code for it */
function told(error) {
	console.error(error instanceof SetUpError ? error.message : error);
	return 1;
}

/** @returns jest's exit code */
async function jest(args, env) {
	const child = spawn(process.execPath, [join(root, 'node_modules/jest/bin/jest.js'), ...args], {
		cwd: root,
		env: { WRITE_TABLES: '1', ...process.env, ...env },
		stdio: ['ignore', 'inherit', 'inherit'],
	});
	const kill = (signal) => child.kill(signal);
	for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, kill);
	return await new Promise((settle) => child.on('close', (code) => settle(code ?? 1)));
}

try {
	process.exitCode = await main(process.argv.slice(2));
} catch (error) {
	process.exitCode = told(error);
}
