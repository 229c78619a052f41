/** The browser of the editor tests: Debian's chromium, or one that CHROMIUM_PATH names. Node built-ins only. */
import { existsSync } from 'node:fs';
import { has, run, SetUpError, step } from './steps.mjs';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/**
 * Finds Chromium, and installs it where this is root on Debian.
 * @returns the path of the executable
 */
export async function chromium() {
	const find = () =>
		[process.env.CHROMIUM_PATH, ...places].find((path) => path && existsSync(path));
	await step('Chromium', async () => {
		if (find()) return 'already there';
		if (process.getuid?.() !== 0 || !has('apt-get')) {
			throw new SetUpError(
				'Chromium is needed for the editor tests: `apt-get install chromium`, or set CHROMIUM_PATH.',
			);
		}
		const env = { DEBIAN_FRONTEND: 'noninteractive' };
		await run('apt-get', ['update', '-qq'], { env, log: 'apt-update' });
		await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], {
			env,
			log: 'apt-chromium',
		});
	});
	return find();
}
