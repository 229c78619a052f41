/**
 * `npm run test:versions [-- 1.123.81 2.0.3 …]`: what the package does in other versions of n8n, each installed
 * under `.cache/n8n` and left there (2 to 3 GB each). Writes the table of docs/installing.md.
 */
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { npm, prepare } from './prepare.mjs';
import { cache, root, run, SetUpError, step } from './steps.mjs';

/** The oldest that is supported, one of each ten minor versions, and the one that the other tests run in. */
const usual = ['1.123.81', '2.0.3', '2.15.1', '2.27.4', '2.35.7', '2.40.5'];
/** Where npm resolves these itself, what it brings does not start (n8n 1 and 2). */
const overrides = {
	linkedom: '0.18.12',
	xlsx: '0.18.5',
	'msgpackr-extract': '3.0.4',
	'@langchain/langgraph-checkpoint': '1.0.0',
};
/** What n8n 2.15 to 2.27 bring does not start with the newest langgraph, and finds too old a core of OpenTelemetry. */
const needsMore = (version) => /^2\.(1[5-9]|2\d)\./.test(version);
const langchain = { '@langchain/langgraph': '1.2.2' };
const columns = [
	'Loads',
	'File to Amazon',
	'File to eBay',
	'File to Magalu',
	'Error branch',
	'Retry On Fail',
	'Prevent Duplicates',
	'Trigger',
	"Agent's tool",
	"Agent's tool, Retry On Fail",
	'Credentials tested',
	"n8n 3's defaults",
];

async function main(wanted) {
	const versions = wanted.length > 0 ? wanted : usual;
	const wrong = versions.filter((version) => !/^\d+\.\d+\.\d+$/.test(version));
	if (wrong.length > 0) throw new SetUpError(`No version of n8n: ${wrong.join(', ')}`);
	const tarball = await prepare();
	let code = 0;
	const test = async (version) => {
		const modules = await install(version);
		rmSync(resultOf(version), { force: true });
		code = (await jest({ version, modules, tarball })) || code;
	};
	for (const version of versions) await test(version);
	if (wanted.length === 0) writeTable([...versions, ...(await testNewest(versions, test))]);
	return code;
}

/** Registries lack a package of some newest n8n; then it is the newest that can be installed. @returns it */
async function testNewest(already, test) {
	for (const version of newestFirst()) {
		if (already.includes(version)) return [];
		try {
			await test(version);
			return [version];
		} catch (error) {
			if (!(error instanceof SetUpError)) throw error;
			console.error(`n8n ${version} cannot be installed: ${error.message}`);
		}
	}
	return [];
}

/** Without those that are only tried out (betas). */
function newestFirst() {
	const all = JSON.parse(
		execFileSync(npm, ['view', 'n8n', 'versions', '--json'], { encoding: 'utf8' }),
	);
	const stable = all.filter((version) => /^\d+\.\d+\.\d+$/.test(version));
	return stable.sort((a, b) => b.localeCompare(a, 'en', { numeric: true })).slice(0, 10);
}

/** @returns its node_modules */
async function install(version) {
	const folder = join(cache, 'n8n', version);
	const modules = join(folder, 'node_modules');
	await step(`n8n ${version}`, async () => {
		if (existsSync(join(folder, 'installed'))) return 'already there';
		mkdirSync(folder, { recursive: true });
		const manifest = {
			name: 'n8n-of-a-test',
			private: true,
			dependencies: {
				n8n: version,
				...(needsMore(version) ? { '@opentelemetry/core': '2.7.1' } : {}),
			},
			overrides: { ...overrides, ...(needsMore(version) ? { langchain } : {}) },
		};
		writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
		const flags = ['--ignore-scripts', '--legacy-peer-deps', '--no-audit', '--no-fund'];
		await run(npm, ['install', ...flags], { cwd: folder, log: `npm-install-n8n-${version}` });
		await bringSqlite(folder, version);
		writeFileSync(join(folder, 'installed'), '');
	});
	return modules;
}

/** The database driver of the n8n that is here, where it is the same; compiling it takes minutes. */
async function bringSqlite(folder, version) {
	const here = join(root, 'test/n8n/node_modules/sqlite3');
	const there = join(folder, 'node_modules/sqlite3');
	const versionOf = (place) =>
		JSON.parse(readFileSync(join(place, 'package.json'), 'utf8')).version;
	if (versionOf(here) === versionOf(there)) {
		cpSync(join(here, 'build'), join(there, 'build'), { recursive: true });
		return;
	}
	await run(npm, ['rebuild', '--ignore-scripts=false', 'sqlite3'], {
		cwd: folder,
		env: nodeHeaders(),
		log: `npm-rebuild-n8n-${version}`,
	});
}

/** The headers of the Node that is running, where it has them, instead of a download. */
function nodeHeaders() {
	const headers = dirname(dirname(process.execPath));
	return existsSync(join(headers, 'include/node/node_api.h'))
		? { npm_config_nodedir: headers }
		: {};
}

/** @returns jest's exit code */
async function jest({ version, modules, tarball }) {
	const args = [
		join(root, 'node_modules/jest/bin/jest.js'),
		...['--config', 'test/n8n/versions/jest.config.js', '--runInBand'],
	];
	const env = { PACKAGE_TARBALL: tarball, OTHER_N8N: modules, OTHER_N8N_VERSION: version };
	const child = spawn(process.execPath, args, {
		cwd: root,
		env: { ...process.env, ...env },
		stdio: ['ignore', 'inherit', 'inherit'],
	});
	for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => child.kill(signal));
	return await new Promise((settle) => child.on('close', (code) => settle(code ?? 1)));
}

const resultOf = (version) => join(cache, 'versions', `${version}.json`);

function passedIn(version) {
	const file = resultOf(version);
	return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
}

function writeTable(versions) {
	const passed = new Map(versions.map((version) => [version, passedIn(version)]));
	const rows = columns.map((column) => [
		column,
		...versions.map((version) => (passed.get(version).includes(column) ? 'yes' : 'no')),
	]);
	const lines = [['', ...versions], ['---', ...versions.map(() => '---')], ...rows];
	const page = join(root, 'docs/installing.md');
	const text = readFileSync(page, 'utf8');
	const [begin, end] = ['<!-- versions: begin -->', '<!-- versions: end -->'];
	const [from, to] = [text.indexOf(begin), text.indexOf(end)];
	if (from < 0 || to < from) throw new SetUpError("docs/installing.md has no place for 'versions'");
	const table = lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
	writeFileSync(page, `${text.slice(0, from + begin.length)}\n\n${table}\n\n${text.slice(to)}`);
}

try {
	process.exitCode = await main(process.argv.slice(2));
} catch (error) {
	console.error(error instanceof SetUpError ? error.message : error);
	process.exitCode = 1;
}
