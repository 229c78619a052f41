/** Runs the benchmarks, prints their tables, and writes them to docs/benchmarks.md. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';

import type { ClientRow } from './clients.mts';
import type { MemoryRow } from './memory.mts';
import type { PacingRow } from './pacing.mts';
import { scripts } from './simulatorClient.mts';
import { writeTable } from './tables.mts';

const PAGE = 'docs/benchmarks.md';
const wanted = process.argv.slice(2);

function main(): void {
	process.env.WRITE_TABLES ??= '1';
	const benchmarks = { pacing, clients, memory, loading };
	const unknown = wanted.filter((name) => !(name in benchmarks));
	if (unknown.length > 0) {
		throw new Error(
			`No such benchmark: ${unknown.join(', ')} (${Object.keys(benchmarks).join(', ')})`,
		);
	}
	for (const [name, measure] of Object.entries(benchmarks)) {
		if (wanted.length > 0 && !wanted.includes(name)) continue;
		const text = `${measure()}\n\n${machine()}`;
		console.log(`\n${name}\n\n${text}`);
		writeTable(PAGE, name, text);
	}
}

function machine(): string {
	const [first] = cpus();
	return `Node ${process.version}, ${cpus().length} x ${first?.model.trim()}, n8n-core ${versionOf('n8n-core')}, ${new Date().toISOString().slice(0, 10)}.`;
}

function versionOf(name: string): string {
	const file = join(process.cwd(), 'node_modules', name, 'package.json');
	return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

/** What a script printed: a JSON object a line. */
function rowsOf<Row>(script: string, args: string[] = [], flags: string[] = []): Row[] {
	const file = join(scripts, `${script}.cjs`);
	const output = execFileSync(process.execPath, [...flags, file, ...args], {
		encoding: 'utf8',
		stdio: ['ignore', 'pipe', 'inherit'],
		maxBuffer: 1e8,
	});
	return output
		.split('\n')
		.filter((line) => line.startsWith('{'))
		.map((line) => JSON.parse(line) as Row);
}

function table(head: string[], rows: Array<Array<string | number>>): string {
	const lines = [head, ['---', ...head.slice(1).map(() => '---:')], ...rows];
	return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

const fixed = (value: number, digits = 1) => value.toFixed(digits);

function pacing(): string {
	const rows = rowsOf<PacingRow>('pacing').map((row) => [
		row.name,
		row.messages,
		row.said.sent ?? 0,
		row.received,
		`${fixed(row.seconds)} s`,
		`${fixed(row.ideal)} s`,
		fixed(row.seconds / row.ideal, 3),
		`${row.throttled} (${fixed((100 * row.throttled) / row.calls, 2)} %)`,
		fixed(row.calls / row.messages, 2),
	]);
	const head = 'messages to|number|sent|arrived|time|ideal|ratio|throttled answers|calls a message';
	return table(head.split('|'), rows);
}

const MESSAGES = '200';

function clients(): string {
	const rows = [
		...rowsOf<ClientRow>('clients', [MESSAGES]),
		...rowsOf<ClientRow>('clientScripts', [MESSAGES]),
	].sort((one, other) => one.marketplace.localeCompare(other.marketplace));
	const ofNode = (marketplace: string) =>
		rows.find((row) => row.marketplace === marketplace && row.who === 'node')!.milliseconds;
	return table(
		[
			'marketplace, sender',
			'messages',
			'a message',
			"the node's time to theirs",
			'calls a message',
		],
		rows.map(({ marketplace, who, messages, milliseconds, calls }) => [
			`${marketplace}, ${who}`,
			messages,
			`${fixed(milliseconds)} ms`,
			who === 'node' ? '' : fixed(ofNode(marketplace) / milliseconds, 2),
			fixed(calls / messages, 2),
		]),
	);
}

function memory(): string {
	const rows = ['100', '400'].flatMap((items) =>
		rowsOf<MemoryRow>('memory', [items], ['--expose-gc']),
	);
	return table(
		['items, four files of 2 MB each', 'sent', 'resident set grew by', 'buffers grew by', 'time'],
		rows.map(({ items, said, rss, external, seconds }) => [
			items,
			said.sent ?? 0,
			`${fixed(rss)} MB`,
			`${fixed(external)} MB`,
			`${fixed(seconds)} s`,
		]),
	);
}

/** Cold loading in a fresh process each time, n8n-workflow loaded before the clock starts, as in n8n. */
function loading(): string {
	const root = process.cwd();
	const { n8n } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
		n8n: { nodes: string[]; credentials: string[] };
	};
	const ours = [...n8n.nodes, ...n8n.credentials].map((file) => join(root, file));
	const peers = join(root, 'test/bench/peers/node_modules');
	const candidates: Record<string, string[]> = {
		'this package: all nodes and credentials': ours,
		axios: [join(root, 'node_modules/axios')],
		'amazon-sp-api': [join(peers, 'amazon-sp-api')],
		'ebay-api': [join(peers, 'ebay-api')],
	};
	const times = Object.fromEntries(Object.keys(candidates).map((name) => [name, [] as number[]]));
	// In turns, so that whatever else the machine does strikes all alike.
	for (let round = 0; round < ROUNDS; round++) {
		for (const [name, files] of Object.entries(candidates)) times[name]!.push(coldLoad(files));
	}
	const medians = Object.entries(times).map(([name, all]) => [name, median(all)] as const);
	const own = medians[0]![1];
	const tarball = process.env.PACKAGE_TARBALL;
	const size = tarball ? `${fixed(statSync(tarball).size / 1000)} kB` : 'not packed';
	return [
		table(
			['loaded cold', `median of ${ROUNDS}`, "this package's time to theirs"],
			medians.map(([name, ms], i) => [name, `${fixed(ms)} ms`, i === 0 ? '' : fixed(own / ms, 2)]),
		),
		`Packed size of this package: ${size}.`,
	].join('\n\n');
}

const ROUNDS = 11;

function coldLoad(files: string[]): number {
	const script = `require('n8n-workflow');
		const began = process.hrtime.bigint();
		for (const file of ${JSON.stringify(files)}) require(file);
		console.log(Number(process.hrtime.bigint() - began) / 1e6);`;
	const { stdout, stderr } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
	const ms = Number(stdout.trim());
	if (!(ms > 0)) throw new Error(stderr);
	return ms;
}

function median(values: number[]): number {
	return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

main();
