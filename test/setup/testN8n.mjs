/** `npm run test:n8n`: the tests in a real n8n, from a bare clone. Arguments go to jest. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { chromium } from './chromium.mjs';
import { prepare } from './prepare.mjs';
import { root, SetUpError } from './steps.mjs';

try {
	const tarball = await prepare();
	const browser = await chromium();
	const jest = join(root, 'node_modules/jest/bin/jest.js');
	const args = [
		jest,
		'--config',
		'test/n8n/jest.config.js',
		'--runInBand',
		...process.argv.slice(2),
	];
	const child = spawn(process.execPath, args, {
		cwd: root,
		env: { ...process.env, PACKAGE_TARBALL: tarball, CHROMIUM_PATH: browser },
		stdio: ['ignore', 'inherit', 'inherit'],
	});
	for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
	child.on('close', (code) => process.exit(code ?? 1));
} catch (error) {
	console.error(error instanceof SetUpError ? error.message : error);
	process.exit(1);
}
