/** Ends a script in order, however it is told to: by a signal, or because the npm that started it is gone. Node built-ins only. */
import { execFileSync } from 'node:child_process';

/** What a terminal, a service manager or a person with `kill` sends. */
export const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'];

const LOOK_EVERY_MS = 500;

/**
 * Calls `end` once, whatever comes first; from then on signals are taken and mean nothing more (Ctrl-C
 * arrives twice under npm: from the terminal, and handed on). A later call replaces an earlier one.
 */
export function endWith(end) {
	let ending = false;
	const once = () => {
		if (ending) return;
		ending = true;
		void end();
	};
	for (const signal of signals) {
		process.removeAllListeners(signal);
		process.on(signal, once);
	}
	// A terminal that was closed takes no more words.
	for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
	watch(once);
}

/** Found out at once: it may be gone by the time that somebody wants to know. */
const npm = starter();

let looking;

/** npm can be killed without a word to the script that it runs. */
function watch(gone) {
	clearInterval(looking);
	if (npm === undefined) return;
	looking = setInterval(() => {
		if (!isThere(npm)) gone();
	}, LOOK_EVERY_MS);
	looking.unref();
}

/** The process that runs the script for npm, past the shell between them; undefined where nobody does. */
function starter() {
	if (!process.env.npm_lifecycle_event || process.platform === 'win32') return undefined;
	const asked = (of, pid) => {
		try {
			return execFileSync('ps', ['-o', `${of}=`, '-p', String(pid)], { encoding: 'utf8' }).trim();
		} catch {
			return '';
		}
	};
	const isShell = /(^|\/)-?(sh|bash|dash|zsh|ash)$/.test(asked('comm', process.ppid));
	return isShell ? Number(asked('ppid', process.ppid)) || process.ppid : process.ppid;
}

function isThere(pid) {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return error.code === 'EPERM';
	}
}
