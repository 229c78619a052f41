/** Many messages, a fault here and there, and what was said of each held against what arrived. */
import { setTimeout as pause } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { fileOf, runNode, type NodeUnderTest } from '../engine/engine.mts';
import { secretsIn } from '../engine/secrets.mts';
import { startSimulator } from '../marketplaces/simulator.mts';
import type { World } from './cell.mts';
import { faultKinds, type FaultKind } from './faultKinds.mts';
import { randomOf } from './random.mts';
import type { Numbered, Street } from './streets.mts';
import { skipWaits } from './time.mts';
import { tapWire } from './wire.mts';

export interface SoakOptions {
	streets: Street[];
	messages: number;
	/** Messages of one execution. */
	perRun: number;
	/** Share of the requests that are struck. */
	faults: number;
	seed: number;
}

export interface SoakResult {
	messages: number;
	requests: number;
	faults: number;
	/** What was said: `sent`, `notSent`, `unknown`; `nothing` has to be 0. */
	said: Record<string, number>;
	/** Messages that arrived more than once. */
	duplicates: number;
	/** 'sent' that did not arrive, 'notSent' that did. */
	lies: number;
	/** Of the unknown ones, those that arrived. */
	unknownArrived: number;
	/** Credentials that somebody had to connect again, which is done before the next execution with them. */
	connectedAgain: number;
	secrets: number;
	defects: unknown[];
	/** Megabytes after a tenth of the messages and at the end, garbage collected. */
	heap: [number, number];
	rss: [number, number];
	seconds: number;
}

/** Those that a request can meet while others are in flight: no stop button, no lane closed for half an hour. */
const kinds = faultKinds.filter(
	({ group, name }) => group !== 'cancelled' && !name.endsWith('Retry-After 1800'),
);

export async function soak(options: SoakOptions): Promise<SoakResult> {
	const { streets, messages, perRun, seed } = options;
	const simulator = await startSimulator();
	const world: World = { simulator, wire: tapWire(simulator), time: skipWaits() };
	const random = randomOf(seed);
	const began = performance.now();
	const result: SoakResult = {
		...{ messages, requests: 0, faults: 0, said: {}, duplicates: 0, lies: 0 },
		...{
			unknownArrived: 0,
			connectedAgain: 0,
			secrets: 0,
			defects: [],
			heap: [0, 0],
			rss: [0, 0],
			seconds: 0,
		},
	};
	const connections = streets.map(({ many }) => many.connect(simulator));
	try {
		let warm = false;
		for (let from = 0, run = 0; from < messages; from += perRun, run++) {
			const which = run % streets.length;
			const count = Math.min(perRun, messages - from);
			const batch = Array.from({ length: count }, (_, i) =>
				numbered(from + i, random, streets[which]!.many.onlyPictures),
			);
			const { many } = streets[which]!;
			if (many.hasLostLogin?.(simulator, connections[which]!)) {
				connections[which] = many.connect(simulator);
				result.connectedAgain += 1;
			}
			await oneRun(world, streets[which]!, connections[which]!, batch, options, random, result);
			if (!warm && from + count >= messages / 10) {
				warm = true;
				[result.heap[0], result.rss[0]] = await memory();
			}
		}
		[result.heap[1], result.rss[1]] = await memory();
	} finally {
		world.time.end();
		world.wire.release();
		await simulator.close();
	}
	result.seconds = (performance.now() - began) / 1000;
	return result;
}

const pdf = Buffer.from(`%PDF-1.4 ${'x'.repeat(8000)}`);
const photo = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(8000, 7)]);

/** Every third message has a file: a PDF or a picture. */
function numbered(number: number, random: () => number, onlyPictures = false): Numbered {
	const text = `Message number ${number} of the soak.`;
	if (number % 3 !== 0) return { number, text };
	const file =
		!onlyPictures && random() < 0.5
			? fileOf(pdf, `letter ${number}.pdf`, 'application/pdf')
			: fileOf(photo, `photo ${number}.jpg`, 'image/jpeg');
	return { number, text, file };
}

async function oneRun(
	world: World,
	street: Street,
	connected: NodeUnderTest,
	batch: Numbered[],
	{ faults }: SoakOptions,
	random: () => number,
	result: SoakResult,
): Promise<void> {
	const { simulator, wire, time } = world;
	simulator.reset();
	wire.reset();
	street.many.prepare(simulator, batch);
	wire.onEach((operation, nth) => {
		result.requests += 1;
		if (random() >= faults) return;
		const kind = anyOf(kinds, street, operation, random);
		result.faults += 1;
		const scene = { street, step: { operation, nth }, simulator, wire, time };
		kind.arrange({ ...scene, times: 1, passFirst: 0, cancel: () => undefined });
	});
	const outcome = await runNode(connected, {
		parameters: street.many.parameters,
		items: batch.map(street.many.itemOf),
		settings: { onError: 'continueRegularOutput' },
	});
	wire.onEach(undefined);
	await pause(100);
	simulator.faults.length = 0;
	simulator.clock.advance(3_600_000);
	street.settle?.(simulator);
	if (outcome.error) throw new Error(`The execution failed: ${outcome.error.message}`);

	const arrived = new Map<string, number>();
	for (const { text = '' } of simulator.received) arrived.set(text, (arrived.get(text) ?? 0) + 1);
	batch.forEach(({ text }, i) => {
		const json = outcome.items[i]?.json ?? {};
		const details = json.details as { outcome?: string } | undefined;
		const said = String(json.status ?? details?.outcome ?? 'nothing');
		const times = arrived.get(text) ?? 0;
		result.said[said] = (result.said[said] ?? 0) + 1;
		if (times > 1) result.duplicates += 1;
		if ((said === 'sent' && times === 0) || (said === 'notSent' && times > 0)) result.lies += 1;
		if (said === 'unknown' && times > 0) result.unknownArrived += 1;
	});
	result.secrets += secretsIn([outcome], street.secrets(simulator)).length;
	result.defects.push(...simulator.defects);
}

function anyOf(
	all: FaultKind[],
	street: Street,
	operation: string,
	random: () => number,
): FaultKind {
	const fitting = all.filter(({ fits }) => fits?.(street, { operation, nth: 0 }) ?? true);
	return fitting[Math.floor(random() * fitting.length)]!;
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Heap with buffers, and resident set, in megabytes, garbage collected. */
async function memory(): Promise<[number, number]> {
	// Buffers of what was collected are let go of a little later.
	collectGarbage();
	await pause(200);
	collectGarbage();
	const { heapUsed, external, rss } = process.memoryUsage();
	return [(heapUsed + external) / 1e6, rss / 1e6];
}
