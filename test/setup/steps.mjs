/** What every set-up script is made of: a step with its time, a command with a log, a hash, a stamp. Node built-ins only. */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
	createWriteStream,
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	statSync,
	writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const cache = join(root, '.cache');

/** What a person can act on: printed as one line, without a stack. */
export class SetUpError extends Error {}

/**
 * Runs one step and prints a line with the time it took, and while it lasts a line a minute, so that nobody
 * takes it for stuck. `work` may return a word on what it did.
 */
export async function step(name, work, everyMs = 60_000) {
	const start = Date.now();
	const stillThere = setInterval(() => {
		const minutes = Math.round((Date.now() - start) / everyMs);
		console.log(`${name}: still at it (${minutes} min)`);
	}, everyMs);
	try {
		const word = await work();
		console.log(`${name}: ${word ?? 'done'} (${((Date.now() - start) / 1000).toFixed(1)} s)`);
	} catch (error) {
		console.error(`${name}: failed (${((Date.now() - start) / 1000).toFixed(1)} s)`);
		throw error;
	} finally {
		clearInterval(stillThere);
	}
}

/**
 * Runs a command without input; what it prints goes to `.cache/logs/<log>.log`.
 * @throws SetUpError with the end of that log
 */
export async function run(command, args, { cwd = root, env = {}, log }) {
	mkdirSync(join(cache, 'logs'), { recursive: true });
	const file = join(cache, 'logs', `${log}.log`);
	const output = createWriteStream(file);
	const child = spawn(command, args, {
		cwd,
		env: { ...process.env, ...env },
		stdio: ['ignore', 'pipe', 'pipe'],
		shell: process.platform === 'win32',
	});
	const kill = () => child.kill();
	process.once('exit', kill);
	child.stdout.pipe(output, { end: false });
	child.stderr.pipe(output, { end: false });
	const code = await new Promise((settle) => {
		child.on('error', (error) => {
			output.write(`${error.message}\n`);
			settle(127);
		});
		child.on('close', settle);
	});
	process.removeListener('exit', kill);
	await new Promise((settle) => output.end(settle));
	if (code !== 0) {
		const tail = readFileSync(file, 'utf8').trimEnd().split('\n').slice(-15).join('\n');
		throw new SetUpError(`\`${command} ${args.join(' ')}\` ended with ${code} (${file}):\n${tail}`);
	}
	return readFileSync(file, 'utf8');
}

/** True where a command can be started at all. */
export function has(command, args = ['--version']) {
	const shell = process.platform === 'win32';
	return spawnSync(command, args, { stdio: 'ignore', shell }).error === undefined;
}

/** A hash over files and folders (those that exist), by path and content. */
export function hashOf(paths) {
	const hash = createHash('sha256');
	const add = (path) => {
		if (!existsSync(path)) return;
		if (statSync(path).isDirectory()) {
			for (const name of readdirSync(path).sort()) add(join(path, name));
			return;
		}
		hash.update(path).update('\0').update(readFileSync(path)).update('\0');
	};
	paths.forEach(add);
	return hash.digest('hex');
}

/** Notes in a stamp file what a result was made from, so that the next start can skip the work. */
export const stamp = {
	matches: (name, hash) => {
		const file = join(cache, 'stamps', name);
		return existsSync(file) && readFileSync(file, 'utf8') === hash;
	},
	write: (name, hash) => {
		mkdirSync(join(cache, 'stamps'), { recursive: true });
		writeFileSync(join(cache, 'stamps', name), hash);
	},
};
