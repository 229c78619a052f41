/**
 * Processes that send to Amazon with n8n's engine and n8n's own de-duplication store, all in one PostgreSQL:
 * what workers of n8n do, without the rest of n8n.
 */
import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** Messages for these orders, by the node with this id. */
export interface Asked {
	nodeId: string;
	orders: string[];
	/**
	 * `protocol`: "Prevent Duplicates". `plain`: the store is asked whether the order was there, as n8n's node
	 * Remove Duplicates does, and what was not there is sent.
	 */
	how: 'protocol' | 'plain';
}

/** For each order what the node said: `sent`, `skipped alreadySent`, or the outcome and code of its error. */
export type Words = Record<string, string>;

export interface SharingProcess {
	send(asked: Asked): Promise<Words>;
	stop(): Promise<void>;
}

/** What a process needs to know, besides `env` of its database. */
export interface Start {
	simulator: string;
	/** The database is new: its tables are made, as n8n makes them. */
	isNew?: boolean;
}

const SCRIPT = join(process.cwd(), '.cache/reliability/sharingProcess.cjs');

/** As one CommonJS file: n8n's engine is there once, as in n8n. */
export function bundleSharing(): void {
	const options = ['--bundle', '--platform=node', '--target=node20', '--format=cjs'];
	execFileSync(process.execPath, [
		join(process.cwd(), 'node_modules/esbuild/bin/esbuild'),
		join(process.cwd(), 'test/n8n/reliability/sharingProcess.mts'),
		...options,
		'--packages=external',
		`--outfile=${SCRIPT}`,
		'--log-level=warning',
	]);
}

/** @throws where it does not come up */
export async function startSharing(
	env: Record<string, string>,
	start: Start,
): Promise<SharingProcess> {
	const child = fork(SCRIPT, [JSON.stringify(start)], {
		env: { ...process.env, ...env, DB_POSTGRESDB_POOL_SIZE: '20' },
		stdio: 'inherit',
	});
	const exit = once(child, 'exit');
	const ended = exit.then(([code]) => {
		throw new Error(`A process that shares the store ended with ${code}`);
	});
	ended.catch(() => undefined);
	const waiting = new Map<number, (words: Words) => void>();
	const ready = new Promise<void>((done) => {
		child.on('message', ({ number, words }: { number: number; words: Words }) => {
			if (number === 0) done();
			waiting.get(number)?.(words);
			waiting.delete(number);
		});
	});
	await Promise.race([ready, ended]);
	let asked = 0;
	return {
		async send(ask) {
			const number = ++asked;
			const answered = new Promise<Words>((done) => waiting.set(number, done));
			child.send({ ...ask, number });
			return await Promise.race([answered, ended]);
		},
		async stop() {
			child.kill('SIGKILL');
			await exit;
		},
	};
}
