/**
 * Brings a bare clone to the point where n8n can start with the packed package in it: what is there already is left alone.
 * Node built-ins only: nothing may be installed yet.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cache, has, hashOf, root, run, SetUpError, stamp, step } from './steps.mjs';

export const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
const n8nFolder = join(root, 'test/n8n');

/** Installs, builds, packs. @returns the path of the packed package */
export async function prepare() {
	checkTools();
	await installProject();
	await installN8n();
	return await buildAndPack();
}

/** What `npm start` is going to do here and how long it takes, as text: what is there already takes no time. */
export function planned() {
	const parts = [
		[isInstalled(root), "install the project's tools: about a minute"],
		[
			isInstalled(n8nFolder) && hasNode24() && hasSqlite(),
			'install n8n, and the Node.js that it runs on, 2.8 GB on the disk: 3 to 15 minutes, by your connection and computer',
		],
		[isBuilt(), 'build the nodes and pack them: up to a minute'],
		[false, 'start n8n and the simulator, bring the example workflows: up to two minutes'],
	];
	const todo = parts.filter(([isThere]) => !isThere).map(([, what]) => `  - ${what}`);
	return [
		'A real n8n with these nodes, beside simulated marketplaces. Nothing reaches a real buyer.',
		'What comes now:',
		...todo,
		'A line comes at least every minute. Ctrl-C stops it at any time; the next start goes on from there.',
		'',
	].join('\n');
}

function checkTools() {
	const major = Number(process.versions.node.split('.')[0]);
	if (major < 20) throw new SetUpError(`Node 20 or later is needed, this is ${process.version}.`);
	if (!has(npm)) throw new SetUpError('npm is needed, and was not found in PATH.');
}

export async function installProject() {
	await step('Dependencies of the project', async () => {
		if (isInstalled(root)) return 'already there';
		await run(npm, ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { log: 'npm-ci' });
	});
}

async function installN8n() {
	await step('n8n (2.8 GB, some minutes the first time)', async () => {
		if (isInstalled(n8nFolder)) return 'already there';
		await run(npm, ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
			cwd: n8nFolder,
			log: 'npm-ci-n8n',
		});
	});
	await step('Node 24 for n8n, and its database driver', async () => {
		if (hasNode24() && hasSqlite()) return 'already there';
		await buildNative();
	});
}

/**
 * n8n's own node binary comes by the install script of the npm package `node`; sqlite3 is fetched ready-made or compiled.
 * Everything else in n8n works without its install scripts (and one of them fails without a download).
 */
async function buildNative() {
	const headers = dirname(dirname(process.execPath));
	const env = existsSync(join(headers, 'include/node/node_api.h'))
		? { npm_config_nodedir: headers }
		: {};
	try {
		await run(npm, ['rebuild', '--ignore-scripts=false', 'node', 'sqlite3'], {
			cwd: n8nFolder,
			env,
			log: 'npm-rebuild-n8n',
		});
	} catch (error) {
		throw new SetUpError(`${error.message}\n${missingCompiler() ?? ''}`.trimEnd());
	}
	if (!hasNode24()) throw new SetUpError('The npm package `node` did not bring Node 24.');
	if (!hasSqlite()) throw new SetUpError(`sqlite3 was not built. ${missingCompiler() ?? ''}`);
}

function missingCompiler() {
	const missing = ['python3', 'make', 'g++'].filter((tool) => !has(tool));
	if (missing.length === 0) return undefined;
	return `To compile sqlite3, install: ${missing.join(', ')} (Debian: apt-get install python3 make g++).`;
}

function hasNode24() {
	try {
		const answer = execFileSync(join(n8nFolder, 'node_modules/node/bin/node'), ['--version']);
		return answer.toString().startsWith('v24.');
	} catch {
		return false;
	}
}

function hasSqlite() {
	return existsSync(join(n8nFolder, 'node_modules/sqlite3/build/Release/node_sqlite3.node'));
}

/** npm writes what it installed to a lockfile of its own, as its last act: it must hold all that ours asks for. */
export function isInstalled(folder) {
	const installedFile = join(folder, 'node_modules/.package-lock.json');
	if (!existsSync(installedFile)) return false;
	const wanted = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')).packages;
	const installed = JSON.parse(readFileSync(installedFile, 'utf8')).packages;
	return Object.entries(wanted).every(
		([path, { version, optional, link }]) =>
			path === '' || optional || link || installed[path]?.version === version,
	);
}

const packageFolder = join(cache, 'package');

/** Over all that the package is made of. */
function packageHash() {
	return hashOf(
		[
			'nodes',
			'credentials',
			'icons',
			'index.js',
			'package.json',
			'package-lock.json',
			'gulpfile.js',
			'tsconfig.json',
			'README.md',
			'CHANGELOG.md',
			'LICENSE.md',
		].map((path) => join(root, path)),
	);
}

function isBuilt(hash = packageHash()) {
	const isThere = existsSync(join(root, 'dist')) && tarballIn(packageFolder) !== undefined;
	return isThere && stamp.matches('package', hash);
}

/** Builds `dist/` with gulp and packs what would be published. @returns the tarball's path */
export async function buildAndPack() {
	const hash = packageHash();
	await step('Build and pack', async () => {
		if (isBuilt(hash)) return 'already there';
		rmSync(packageFolder, { recursive: true, force: true });
		mkdirSync(packageFolder, { recursive: true });
		await run(process.execPath, [join(root, 'node_modules/gulp/bin/gulp.js'), 'build'], {
			log: 'gulp-build',
		});
		const pack = ['pack', '--ignore-scripts', '--pack-destination', packageFolder];
		await run(npm, pack, { log: 'npm-pack' });
		stamp.write('package', hash);
	});
	return tarballIn(packageFolder);
}

function tarballIn(folder) {
	const name = existsSync(folder)
		? readdirSync(folder).find((file) => file.endsWith('.tgz'))
		: undefined;
	return name === undefined ? undefined : join(folder, name);
}
