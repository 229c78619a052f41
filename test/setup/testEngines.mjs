/**
 * `npm run test:engines`: what sends, reads, takes files and polls, in the engine of the oldest n8n that is
 * supported; `npm test` runs the same in the newest. What has to differ there is listed with its reason in
 * `test/engines/differences.json`. Arguments name test files, as jest takes them.
 */
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { installProject, isInstalled, npm } from './prepare.mjs';
import { cache, root, run, SetUpError, step } from './steps.mjs';

const oldest = join(root, 'test/engines/oldest');
const result = join(cache, 'engines/oldest.json');

async function main(files) {
	await installProject();
	await step("The oldest n8n's engine", async () => {
		if (isInstalled(oldest)) return 'already there';
		const options = ['--ignore-scripts', '--legacy-peer-deps', '--no-audit', '--no-fund'];
		await run(npm, ['ci', ...options], { cwd: oldest, log: 'npm-ci-oldest-engine' });
	});
	mkdirSync(join(cache, 'engines'), { recursive: true });
	mkdirSync(join(cache, 'logs'), { recursive: true });
	rmSync(result, { force: true });
	await step('Tests in it', async () => await jest(files));
	if (!existsSync(result)) throw new SetUpError('No test ran: see .cache/logs/engines.log.');
	return judge(JSON.parse(readFileSync(result, 'utf8')));
}

async function jest(files) {
	const args = [
		join(root, 'node_modules/jest/bin/jest.js'),
		...['--config', 'test/engines/jest.config.js', '--silent'],
		...['--json', `--outputFile=${result}`],
		...files,
	];
	const log = openSync(join(cache, 'logs/engines.log'), 'w');
	const child = spawn(process.execPath, args, {
		cwd: root,
		env: { ...process.env, OTHER_ENGINE: join(oldest, 'node_modules') },
		stdio: ['ignore', 'ignore', log],
	});
	closeSync(log);
	for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => child.kill(signal));
	await new Promise((settle) => child.on('close', settle));
}

/** @returns 1 where a test failed that is not listed, or all that a part of a name lists passed */
function judge({ testResults }) {
	const differences = JSON.parse(readFileSync(join(root, 'test/engines/differences.json'), 'utf8'));
	const listed = differences.flatMap(({ tests }) => tests);
	const broken = testResults.filter(
		({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
	);
	const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
	const failed = tests.filter(({ status }) => status === 'failed');
	const fails = (part) => failed.some(({ fullName }) => fullName.includes(part));
	const ran = (part) => tests.some(({ fullName }) => fullName.includes(part));
	const wrong = [
		...broken.map(({ name }) => `Does not run: ${name}`),
		...failed
			.filter(({ fullName }) => !listed.some((part) => fullName.includes(part)))
			.map(({ fullName }) => `Fails, and is not listed: ${fullName}`),
		...listed
			.filter((part) => ran(part) && !fails(part))
			.map((part) => `Is listed, and passes: ${part}`),
	];
	for (const line of wrong) console.log(line);
	console.log(`${tests.length} tests in the oldest engine, ${failed.length} differ`);
	return wrong.length > 0 ? 1 : 0;
}

try {
	process.exitCode = await main(process.argv.slice(2));
} catch (error) {
	console.error(error instanceof SetUpError ? error.message : error);
	process.exitCode = 1;
}
