/** What `npm start` says before it begins, and that a script ends in order however it is told to. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { welcome } from '../n8n/welcome.mts';

const urlOf = (file: string) => JSON.stringify(pathToFileURL(join(process.cwd(), file)).href);

/** What a script says that may import from `test/setup`. */
function said(script: string): string {
	const args = ['--input-type=module', '--eval', script];
	const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
	return stdout + stderr;
}

describe('npm start', () => {
	it('says at once what it will do, how long it takes, and that no buyer gets anything', () => {
		const plan = said(`
			import { planned } from ${urlOf('test/setup/prepare.mjs')};
			console.log(planned());`);

		expect(plan).toContain('Nothing reaches a real buyer.');
		expect(plan).toMatch(/- start n8n and the simulator, .*: up to two minutes/);
	});

	it('says in the end who signs in at the consent pages', () => {
		const words = welcome('http://127.0.0.1:5678', 'http://127.0.0.1:8099', '.n8n-home');

		expect(words).toContain('consent    eBay: demo_seller / demo   Magalu: loja / demo');
	});

	it('says so again and again while a step lasts, and no longer', () => {
		const lines = said(`
			import { step } from ${urlOf('test/setup/steps.mjs')};
			const pause = () => new Promise((done) => setTimeout(done, 250));
			await step('Install', pause, 100);
			await pause();`);

		expect(lines).toMatch(/^(Install: still at it \(\d+ min\)\n)+Install: done \(\d\.\d s\)\n$/);
	});

	it('goes on no longer where a step failed', () => {
		const lines = said(`
			import { step } from ${urlOf('test/setup/steps.mjs')};
			await step('Install', async () => { throw new Error('no') }, 20).catch(() => {});
			await new Promise((done) => setTimeout(done, 60));`);

		expect(lines).toMatch(/^Install: failed \(0\.\d s\)\n$/);
	});
});

describe('a script that ends in order', () => {
	let folder: string;
	let ended: string;

	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), 'ending-'));
		ended = join(folder, 'ended');
		const script = `
			import { appendFileSync, existsSync } from 'node:fs';
			import { setTimeout as pause } from 'node:timers/promises';
			import { endWith } from ${urlOf('test/setup/ending.mjs')};
			endWith(() => process.exit(1));
			if (process.env.SAID_EARLY) console.log('ready');
			while (process.env.SAID_EARLY && !existsSync(process.env.SAID_EARLY)) await pause(5);
			endWith(async () => {
				appendFileSync(${JSON.stringify(ended)}, 'x');
				await pause(100);
				process.exit(0);
			});
			console.log('ready');
			setInterval(() => {}, 1000);`;
		writeFileSync(join(folder, 'script.mjs'), script);
		const manifest = { name: 'a', version: '1.0.0', scripts: { start: 'node script.mjs' } };
		writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
	});

	afterEach(() => rmSync(folder, { recursive: true, force: true }));

	async function started(command: string, ...args: string[]): Promise<ChildProcess> {
		const child = spawn(command, args, {
			cwd: folder,
			env: { ...process.env },
			stdio: ['ignore', 'pipe', 'inherit'],
		});
		for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
			if (String(chunk).includes('ready')) break;
		}
		return child;
	}

	it.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const)('does so at %s', async (signal) => {
		const child = await started(process.execPath, 'script.mjs');
		const gone = once(child, 'exit');
		child.kill(signal);

		expect(await gone).toEqual([0, null]);
		expect(readFileSync(ended, 'utf8')).toBe('x');
	});

	it('does so once, however often it is told to', async () => {
		const child = await started(process.execPath, 'script.mjs');
		const gone = once(child, 'exit');
		child.kill('SIGINT');
		while (!existsSync(ended)) await new Promise(setImmediate);
		child.kill('SIGINT');

		expect(await gone).toEqual([0, null]);
		expect(readFileSync(ended, 'utf8')).toBe('x');
	});

	it('does so when npm is killed before the script says how to end', async () => {
		const gone = join(folder, 'npm-is-gone');
		process.env.SAID_EARLY = gone;
		const npm = await started('npm', 'start', '--silent');
		delete process.env.SAID_EARLY;
		const closed = once(npm, 'close');
		const exited = once(npm, 'exit');
		npm.stdout!.resume();
		npm.kill('SIGKILL');
		await exited;
		writeFileSync(gone, '');

		await expect(closed).resolves.toBeDefined();
	});

	it('does so when the npm that started it is killed', async () => {
		const npm = await started('npm', 'start', '--silent');
		// Its output ends when the script has ended, too.
		const closed = once(npm, 'close');
		npm.stdout!.resume();
		npm.kill('SIGKILL');
		await closed;

		expect(readFileSync(ended, 'utf8')).toBe('x');
	});
});
