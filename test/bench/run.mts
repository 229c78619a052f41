/** Runs the benchmarks, prints their tables, and writes them to docs/benchmarks.md. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';

import type { MemoryRow } from './memory.mts';
import type { PacingRow } from './pacing.mts';
import { startSender, type Round, type Sender } from './rounds.mts';
import type { SellersRow } from './sellers.mts';
import { scripts } from './simulatorClient.mts';
import { tableOf, writeTable } from './tables.mts';

const PAGE = 'docs/benchmarks.md';
const wanted = process.argv.slice(2);

async function main(): Promise<void> {
	process.env.WRITE_TABLES ??= '1';
	// n8n's own default. Where n8n logs nothing at all ("silent", as in the tests), it makes each line all the same.
	process.env.N8N_LOG_LEVEL ??= 'info';
	const benchmarks = { pacing, clients, sellers, memory, loading };
	const unknown = wanted.filter((name) => !(name in benchmarks));
	if (unknown.length > 0) {
		throw new Error(
			`No such benchmark: ${unknown.join(', ')} (${Object.keys(benchmarks).join(', ')})`,
		);
	}
	for (const [name, measure] of Object.entries(benchmarks)) {
		if (wanted.length > 0 && !wanted.includes(name)) continue;
		const load = loadavg()[0]!;
		const text = `${await measure()}\n\n${machine(load)}`;
		console.log(`\n${name}\n\n${text}`);
		writeTable(PAGE, name, text);
	}
}

/** @param load of the minute before */
function machine(load: number): string {
	const [first] = cpus();
	return `Node ${process.version}, ${cpus().length} x ${first?.model.trim()}, n8n-core ${versionOf('n8n-core')}, load ${fixed(load)} before and ${fixed(loadavg()[0]!)} after, ${new Date().toISOString().slice(0, 10)}.`;
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

const fixed = (value: number, digits = 1) => value.toFixed(digits);

/** Quiet, and with a process beside it that takes up a core. */
function pacing(): string {
	const quiet = rowsOf<PacingRow>('pacing');
	const other = spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' });
	let busy: PacingRow[];
	try {
		busy = rowsOf<PacingRow>('pacing');
	} finally {
		other.kill();
	}
	const cells = (beside: string) => (row: PacingRow) => [
		row.name,
		beside,
		row.messages,
		row.said.sent ?? 0,
		row.received,
		`${fixed(row.seconds)} s`,
		`${fixed(row.ideal)} s`,
		fixed(row.seconds / row.ideal, 3),
		`${row.throttled} (${fixed((100 * row.throttled) / row.calls, 2)} %)`,
		fixed(row.calls / row.messages, 2),
	];
	const head =
		'messages to|beside it|number|sent|arrived|time|ideal|ratio|throttled answers|calls a message';
	return tableOf(head.split('|'), [
		...quiet.map(cells('nothing')),
		...busy.map(cells('one busy core')),
	]);
}

/** Who sends, in which process, and how many messages a round. */
const senders = [
	['Amazon', 'node', 'nodeSender', 'Amazon', 200],
	[
		'Amazon',
		'amazon-sp-api, one after the other',
		'clientSender',
		'Amazon, one after the other',
		40,
	],
	['Amazon', 'amazon-sp-api, 8 at once', 'clientSender', 'Amazon, 8 at once', 200],
	['Amazon', "n8n's HTTP client alone", 'bareSender', 'Amazon', 200],
	['eBay', 'node', 'nodeSender', 'eBay', 200],
	['eBay', 'ebay-api, one after the other', 'clientSender', 'eBay, one after the other', 40],
	['eBay', 'ebay-api, 8 at once', 'clientSender', 'eBay, 8 at once', 200],
	['eBay', "n8n's HTTP client alone", 'bareSender', 'eBay', 200],
] as const;
const SENDER_ROUNDS = 7;
/** V8 goes on making the code of a process quicker for a thousand messages. */
const WARM_UP_ROUNDS = 6;

async function clients(): Promise<string> {
	const processes: Record<string, Sender> = {
		nodeSender: await startSender('nodeSender'),
		clientSender: await startSender('clientSender'),
		bareSender: await startSender('bareSender'),
	};
	const took: Round[][] = senders.map(() => []);
	for (let round = -WARM_UP_ROUNDS; round < SENDER_ROUNDS; round++) {
		for (const [i, [, , script, who, messages]] of senders.entries()) {
			const one = await processes[script]!.round(who, messages);
			if (round >= 0) took[i]!.push(one);
		}
	}
	for (const one of Object.values(processes)) one.close();
	const each = (i: number, of: 'milliseconds' | 'cpuMilliseconds') =>
		took[i]!.map((round) => round[of] / senders[i]![4]);
	return tableOf(
		[
			'marketplace, sender',
			'a message, ms',
			'from to',
			'CPU a message, ms',
			"the node's time to theirs",
			"the node's CPU time to theirs",
			'calls a message',
		],
		senders.map(([marketplace, who, , , messages], i) => {
			const node = senders.findIndex(([one]) => one === marketplace);
			const ratio = (of: 'milliseconds' | 'cpuMilliseconds') =>
				i === node
					? ''
					: fixed(median(each(node, of).map((value, n) => value / each(i, of)[n]!)), 2);
			const times = each(i, 'milliseconds');
			return [
				`${marketplace}, ${who}`,
				fixed(median(times)),
				`${fixed(Math.min(...times))} to ${fixed(Math.max(...times))}`,
				fixed(median(each(i, 'cpuMilliseconds'))),
				ratio('milliseconds'),
				ratio('cpuMilliseconds'),
				fixed(took[i]![0]!.calls / messages, 2),
			];
		}),
	);
}

function sellers(): string {
	return tableOf(
		[
			'sellers',
			'messages',
			'time',
			'messages a second',
			'time to ideal',
			'throttled answers',
			'CPU a message',
			'resident set grew by',
			'event loop delay, 99 %',
		],
		rowsOf<SellersRow>('sellers').map((row) => [
			row.sellers,
			row.messages,
			`${fixed(row.seconds)} s`,
			fixed(row.messages / row.seconds),
			fixed(row.seconds / row.ideal, 3),
			row.throttled,
			`${fixed(row.cpuMilliseconds / row.messages)} ms`,
			`${fixed(row.rss)} MB`,
			`${fixed(row.eventLoopDelay)} ms`,
		]),
	);
}

function memory(): string {
	const kept = { filesystem: 'on the disk', database: 'in the database' };
	const rows = Object.keys(kept).flatMap((way) =>
		['100', '400'].flatMap((items) => rowsOf<MemoryRow>('memory', [items, way], ['--expose-gc'])),
	);
	return tableOf(
		[
			...['files are kept', 'items, four files of 2 MB each', 'sent'],
			...['resident set grew by', 'buffers grew by', 'time'],
		],
		rows.map(({ way, items, said, rss, external, seconds }) => [
			kept[way as keyof typeof kept],
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
		tableOf(
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

void main();
