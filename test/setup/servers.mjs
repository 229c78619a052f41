/** Redis and PostgreSQL, for the tests of n8n's queue mode: Debian's packages. Node built-ins only. */
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { has, run, SetUpError, step } from './steps.mjs';

const folders = () => ['/usr/bin', '/usr/local/bin', ...(process.env.PATH ?? '').split(delimiter)];

/** What is not there is undefined. */
function binariesOf() {
	const debian = '/usr/lib/postgresql';
	const versions = existsSync(debian)
		? readdirSync(debian).sort((a, b) => Number(b) - Number(a))
		: [];
	const programs = [...versions.map((version) => join(debian, version, 'bin')), ...folders()];
	return {
		redis: folders()
			.map((folder) => join(folder, 'redis-server'))
			.find((file) => existsSync(file)),
		postgres: programs.find((folder) =>
			['initdb', 'postgres', 'pg_isready', 'pg_dump'].every((name) =>
				existsSync(join(folder, name)),
			),
		),
	};
}

/**
 * Finds them, and installs them where this is root on Debian. The packages' own services are not started.
 * @returns Redis' server, and the folder of PostgreSQL's programs
 */
export async function servers() {
	const complete = () => Object.values(binariesOf()).every(Boolean);
	const needed =
		'Redis and PostgreSQL are needed for the queue tests: `apt-get install redis-server postgresql`.';
	await step('Redis and PostgreSQL', async () => {
		if (complete()) return 'already there';
		if (process.getuid?.() !== 0 || !has('apt-get')) throw new SetUpError(needed);
		// Runlevel 1: no service is started by its installation.
		const env = { DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
		const install = ['install', '-y', '-qq', '--no-install-recommends'];
		await run('apt-get', ['update', '-qq'], { env, log: 'apt-update' });
		await run('apt-get', [...install, 'redis-server', 'postgresql'], { env, log: 'apt-servers' });
		if (!complete()) throw new SetUpError(needed);
	});
	return binariesOf();
}
