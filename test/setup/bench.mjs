/** `npm run bench`: the benchmarks, from a bare clone. Arguments name the ones to run; none: all of them. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { buildAndPack, installProject, isInstalled, npm } from './prepare.mjs';
import { cache, root, run, SetUpError, step } from './steps.mjs';

const peers = join(root, 'test/bench/peers');

async function main() {
	await installProject();
	await step('npm clients to compare with', async () => {
		if (isInstalled(peers)) return 'already there';
		const options = ['--ignore-scripts', '--no-audit', '--no-fund'];
		await run(npm, ['ci', ...options], { cwd: peers, log: 'npm-ci-peers' });
	});
	const tarball = await buildAndPack();
	await bundle();
	const script = join(cache, 'bench/run.cjs');
	if (!existsSync(script)) throw new SetUpError('The benchmarks were not bundled.');
	const child = spawn(process.execPath, [script, ...process.argv.slice(2)], {
		cwd: root,
		env: { ...process.env, PACKAGE_TARBALL: tarball },
		stdio: ['ignore', 'inherit', 'inherit'],
	});
	for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
	return await new Promise((settle) => child.on('close', (code) => settle(code ?? 1)));
}

/** Every script as one CommonJS file: what n8n itself loads, in the same form, and no compiler. */
async function bundle() {
	await step('Bundle the benchmarks', async () => {
		const { build } = await import('esbuild');
		const names = [
			...['run', 'simulatorProcess', 'pacing', 'memory', 'sellers'],
			...['nodeSender', 'clientSender', 'bareSender'],
		];
		await build({
			entryPoints: names.map((name) => join(root, 'test/bench', `${name}.mts`)),
			outdir: join(cache, 'bench'),
			outExtension: { '.js': '.cjs' },
			bundle: true,
			platform: 'node',
			target: 'node20',
			format: 'cjs',
			packages: 'external',
			logLevel: 'warning',
		});
	});
}

try {
	process.exitCode = await main();
} catch (error) {
	console.error(error instanceof SetUpError ? error.message : error);
	process.exitCode = 1;
}
