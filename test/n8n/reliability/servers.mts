/** Redis and PostgreSQL for n8n's queue mode, on free ports of 127.0.0.1. Debian: `apt-get install redis-server postgresql`. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, closeSync, mkdirSync, mkdtempSync, openSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { freePort } from '../instance.mts';

export interface Servers {
	/** What n8n and its workers need to know. */
	env: Record<string, string>;
	/** Everything in the database, as text. */
	dump(): string;
	stop(): Promise<void>;
}

/**
 * Starts both with empty data under `folder`; what an earlier run left there is removed.
 * @throws one line, where they are not installed
 */
export async function startServers(folder: string): Promise<Servers> {
	const { REDIS_SERVER: redis, POSTGRES_FOLDER: postgres } = process.env;
	if (!redis || !postgres) {
		throw new Error(
			'Run these tests with `npm run test:reliability`: it looks for Redis and PostgreSQL',
		);
	}
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder, { recursive: true });
	const user = unprivileged();
	const data =
		user && !isOpen(folder) ? mkdtempSync(join(tmpdir(), 'postgres-')) : join(folder, 'postgres');
	mkdirSync(data, { recursive: true });
	if (user) chownSync(data, user.uid, user.gid);
	const asUser = { ...user, cwd: data };
	const [redisPort, postgresPort] = [await freePort(), await freePort()];

	const initialise = ['-D', data, '-U', 'n8n', '-A', 'trust', '-E', 'UTF8', '--no-sync'];
	execFileSync(join(postgres, 'initdb'), initialise, { ...asUser, stdio: 'ignore' });
	const database = launch(
		join(postgres, 'postgres'),
		[
			'-D',
			data,
			'-p',
			String(postgresPort),
			'-c',
			'listen_addresses=127.0.0.1',
			'-c',
			'unix_socket_directories=',
		],
		join(folder, 'postgres.txt'),
		asUser,
	);
	const queue = launch(
		redis,
		['--port', String(redisPort), '--bind', '127.0.0.1', '--save', '', '--dir', folder],
		join(folder, 'redis.txt'),
	);
	const address = ['-h', '127.0.0.1', '-p', String(postgresPort), '-U', 'n8n'];
	await succeeding(join(postgres, 'pg_isready'), [...address, '-q']);

	return {
		env: {
			EXECUTIONS_MODE: 'queue',
			QUEUE_BULL_REDIS_HOST: '127.0.0.1',
			QUEUE_BULL_REDIS_PORT: String(redisPort),
			DB_TYPE: 'postgresdb',
			DB_POSTGRESDB_HOST: '127.0.0.1',
			DB_POSTGRESDB_PORT: String(postgresPort),
			DB_POSTGRESDB_DATABASE: 'postgres',
			DB_POSTGRESDB_USER: 'n8n',
			N8N_DEFAULT_BINARY_DATA_MODE: 'database',
		},
		dump: () =>
			execFileSync(join(postgres, 'pg_dump'), [...address, '--data-only', 'postgres'], {
				encoding: 'utf8',
				maxBuffer: 1 << 30,
				stdio: ['ignore', 'pipe', 'ignore'],
			}),
		async stop() {
			await Promise.all([database.stop(), queue.stop()]);
			rmSync(data, { recursive: true, force: true });
		},
	};
}

/** PostgreSQL refuses to run as root: then it runs as the user that Debian's package made for it. */
function unprivileged(): { uid: number; gid: number } | undefined {
	if (process.getuid?.() !== 0) return undefined;
	const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
	return { uid: id('-u'), gid: id('-g') };
}

/** Whether any user may pass through the folder and those above it. */
function isOpen(folder: string): boolean {
	return (
		(statSync(folder).mode & 1) === 1 && (folder === dirname(folder) || isOpen(dirname(folder)))
	);
}

/** Under a shell that waits for the end of its input: the server stops with whoever started it, even if that was killed. */
const UNTIL_INPUT_ENDS = '"$@" & server=$!; cat > /dev/null; kill -INT $server; wait $server';

function launch(command: string, args: string[], logFile: string, options: object = {}) {
	const log = openSync(logFile, 'w');
	const child: ChildProcess = spawn('sh', ['-c', UNTIL_INPUT_ENDS, 'sh', command, ...args], {
		...options,
		stdio: ['pipe', log, log],
		detached: true,
	});
	closeSync(log);
	const finished = new Promise<void>((resolve) => child.once('close', () => resolve()));
	return {
		async stop() {
			child.stdin?.end();
			await finished;
		},
	};
}

async function succeeding(command: string, args: string[]): Promise<void> {
	for (const deadline = Date.now() + 30_000; ; await wait(100)) {
		try {
			execFileSync(command, args, { stdio: 'ignore' });
			return;
		} catch (error) {
			if (Date.now() > deadline) throw error;
		}
	}
}
