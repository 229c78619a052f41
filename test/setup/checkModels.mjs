/**
 * `npm run check:models -- FOLDER`: everything against the marketplaces' own documents, from a bare clone.
 * After the folder one part can be named: `tables`, `nodes` or `simulator`, and after `simulator` a pattern
 * of the tests that are to run. `--recorded` runs none: it judges what `npm test` recorded in `.cache/exchanges`.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { installProject, isInstalled, npm } from './prepare.mjs';
import { root, run, SetUpError, step } from './steps.mjs';

const prism = join(root, 'test/contracts/prism');
const parts = ['tables', 'nodes', 'simulator'];

/** It must end by itself, whatever hangs. */
const LONGEST_MS = 45 * 60_000;

async function main() {
	const options = process.argv.slice(2).filter((word) => word === '--recorded');
	const [folder, part, ...more] = process.argv.slice(2).filter((word) => !options.includes(word));
	if (!folder || !existsSync(folder) || (part && !parts.includes(part))) {
		throw new SetUpError(
			`Name the folder with the documents, and if only one part is wanted, which: npm run check:models -- FOLDER [${parts.join(' | ')}]`,
		);
	}
	await installProject();
	await step('Prism, which makes mock servers and judges of the documents', async () => {
		if (isInstalled(prism)) return 'already there';
		const quietly = ['--ignore-scripts', '--no-audit', '--no-fund'];
		await run(npm, ['ci', ...quietly], { cwd: prism, log: 'npm-ci-prism' });
	});
	const script = join(root, 'test/contracts/checkModels.mts');
	const only = [...(part ? [part, ...more] : []), ...options];
	const child = spawn(process.execPath, ['--import', 'tsx', script, resolve(folder), ...only], {
		cwd: root,
		stdio: ['ignore', 'inherit', 'inherit'],
		timeout: LONGEST_MS,
	});
	for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
	return await new Promise((settle) => child.on('close', (code) => settle(code ?? 1)));
}

try {
	process.exitCode = await main();
} catch (error) {
	console.error(error instanceof SetUpError ? error.message : error);
	process.exitCode = 1;
}
