/** The demo of `npm start`, ended in every way that it can be: neither n8n nor the simulator lives on. */
import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { freePort } from './instance.mts';
import { until } from './triggers.mts';

const home = join(process.cwd(), '.cache/n8n-tests/demo');
const script = join(process.cwd(), 'test/setup/start.mjs');
let child: ChildProcess | undefined;

/** n8n starts twice, once to take the credentials: minutes, where the machine has other work. */
jest.setTimeout(600_000);

beforeAll(() => rmSync(home, { recursive: true, force: true }));
afterEach(() => void child?.kill('SIGKILL'));

interface Demo {
	process: ChildProcess;
	/** Where n8n and the simulator listen. */
	ports: number[];
	/** All that it has printed. */
	words: string;
}

/** Starts it, and waits until it says that all is there. */
async function started(command: string, ...args: string[]): Promise<Demo> {
	const ports = [await freePort(), await freePort()];
	const [N8N_PORT, SIMULATOR_PORT] = ports.map(String);
	child = spawn(command, args, {
		env: { ...process.env, DEMO_HOME: home, N8N_PORT, SIMULATOR_PORT },
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	const demo: Demo = { process: child, ports, words: '' };
	for (const stream of [child.stdout!, child.stderr!]) {
		stream.on('data', (chunk) => void (demo.words += String(chunk)));
	}
	while (!demo.words.includes('Ctrl-C stops both.')) {
		if (child.exitCode !== null) throw new Error(`It ended: ${demo.words}`);
		await wait(100);
	}
	return demo;
}

async function listens(port: number): Promise<boolean> {
	return await new Promise((resolve) => {
		const socket = connect(port, '127.0.0.1');
		socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
		socket.once('close', () => socket.destroy());
		socket.once('connect', () => socket.end());
	});
}

const listening = async ({ ports }: Demo) => await Promise.all(ports.map(listens));

async function gone(demo: Demo): Promise<void> {
	await until('both are gone', async () => !(await listening(demo)).includes(true));
}

describe('the demo', () => {
	it('says where to look, and leaves nothing behind when it gets SIGTERM', async () => {
		const demo = await started(process.execPath, script);
		const [n8n, simulator] = demo.ports.map((port) => `http://127.0.0.1:${port}`);
		const page = await (await fetch(simulator!)).text();
		demo.process.kill('SIGTERM');
		await gone(demo);

		expect(demo.words).toMatch(/^A real n8n .* Nothing reaches a real buyer\.$/m);
		expect(demo.words).toContain(`${simulator}/`);
		expect(page).toContain(`href="${n8n}"`);
	});

	it.each(['SIGINT', 'SIGHUP', 'SIGKILL'] as const)(
		'leaves nothing behind when it gets %s',
		async (signal) => {
			const demo = await started(process.execPath, script);
			const before = await listening(demo);
			demo.process.kill(signal);
			await gone(demo);

			expect(before).toEqual([true, true]);
		},
	);

	it('leaves nothing behind when npm is killed', async () => {
		const demo = await started('npm', 'start', '--silent');
		const before = await listening(demo);
		demo.process.kill('SIGKILL');
		await gone(demo);

		expect(before).toEqual([true, true]);
	});
});
