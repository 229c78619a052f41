import { writeTable } from '../../bench/tables.mts';
import { tellTime } from '../../engine/clock.mts';
import { startSimulator, type Simulator } from '../../marketplaces/simulator.mts';
import { amazonRows } from './amazonRows.mts';
import { DAY, HOUR, MINUTE, type TriggerRow } from './behaviours.mts';
import { ebayRows } from './ebayRows.mts';
import { magaluRows } from './magaluRows.mts';
import { calmDay, hardDay, oneMoment } from './manyEntries.mts';

let mockNow = Date.parse('2026-11-20T12:00:00Z');
jest.mock('n8n-workflow', () => ({
	...jest.requireActual<object>('n8n-workflow'),
	sleep: async (ms: number) => {
		mockNow += ms;
	},
}));

const time = { now: () => mockNow, pass: (ms: number) => void (mockNow += ms) };

let simulator: Simulator;
beforeAll(async () => {
	tellTime(() => mockNow);
	simulator = await startSimulator();
});
afterAll(async () => {
	await simulator.close();
});
afterEach(() => expect(simulator.defects).toEqual([]));

/** The whole form takes minutes: `npm run test:reliability -- manyEntries`. As many an hour in the short one. */
const isWhole = process.env.MANY_ENTRIES === 'whole';
const count = isWhole ? 10_000 : 500;
const over = (DAY * count) / 10_000;
const timeout = isWhole ? 3_600_000 : 300_000;
const hard = isWhole
	? { count: 2_000, over: DAY, seed: 3 }
	: { count: 220, over: 5 * HOUR, seed: 7 };

const named = (rows: TriggerRow[], name: string) => rows.find((row) => row.name === name)!;

interface Trigger {
	title: string;
	row: TriggerRow;
	/**
	 * Calls of the list for each that is necessary: one a poll, and one for each page that the entries fill.
	 * The others read what overlaps, and look back.
	 */
	most: number;
	/** Where each entry is asked for by itself: at most so often, with what is asked for again. */
	single?: number;
	interval?: number;
}

const triggers: Trigger[] = [
	{ title: 'Amazon Order Trigger', row: named(amazonRows, 'orderCreated'), most: 3 },
	{ title: 'eBay Order Trigger', row: named(ebayRows, 'orderCreated as lineItem'), most: 5 },
	{ title: 'eBay Question Trigger', row: named(ebayRows, 'questions'), most: 4 },
	{
		title: 'eBay Message Trigger',
		row: named(ebayRows, 'messages of members'),
		most: 4,
		single: 1.1,
	},
	{ title: 'Magalu Order Trigger', row: named(magaluRows, 'orderCreated'), most: 9 },
	{ title: 'Magalu Ticket Trigger, tickets', row: named(magaluRows, 'ticketCreated'), most: 7 },
	{
		title: 'Magalu Ticket Trigger, messages',
		row: named(magaluRows, 'customerMessage'),
		most: 4,
		// Looking back, those of the last hours are asked for again, by a tenth of the 200 readings a minute.
		single: 1.8,
		// Of 200 readings a minute a poll makes 70 in the 18 seconds that it has: 10,000 a day need one in 10 minutes.
		interval: 5 * MINUTE,
	},
];

const inTable: string[][] = [];
afterAll(() => {
	const header = ['trigger', 'polls', 'calls of the list', 'other calls', 'state, bytes'];
	const rows = [header, ['---', ...header.slice(1).map(() => '---:')], ...inTable];
	const table = rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
	const title = `${count} entries in ${(over / HOUR).toFixed(1)} hours:`;
	console.log(table);
	writeTable('docs/benchmarks.md', 'triggers', [title, table].join('\n\n'));
});

describe.each(triggers)('through the $title', ({ title, row, most, single, interval }) => {
	const every = interval ?? 15 * MINUTE;

	it(
		`${count} entries come each once, with few calls and a small state`,
		async () => {
			const passed = await calmDay({ simulator, row, time, count, over, interval: every });
			const { polls, listed, others, state, got } = passed;
			const figures = [polls, listed, others, state].map((figure) => figure.toLocaleString('en'));
			inTable.push([`${title}, every ${every / MINUTE} min`, ...figures]);
			expect(passed.failed).toBe(0);
			expect(got).toHaveLength(count);
			expect(new Set(got).size).toBe(count);
			expect(listed).toBeGreaterThanOrEqual(polls);
			expect(listed).toBeLessThanOrEqual(most * (polls + count / row.pageSize));
			expect(others).toBeGreaterThanOrEqual(single ? count : 0);
			expect(others).toBeLessThanOrEqual((single ?? 0) * count);
			expect(state).toBeLessThan(2000 + 17 * count);
		},
		timeout,
	);

	it(
		'entries of one moment that fill more than a page come each once',
		async () => {
			const many = Math.ceil(1.5 * row.pageSize);
			const world = { simulator, row, time, count: many, over: 0, interval: every };
			const { got, polls, failed } = await oneMoment(world);
			expect(failed).toBe(0);
			expect(got.map(Number).sort((one, other) => one - other)).toEqual(
				Array.from({ length: many }, (_, i) => i),
			);
			expect(polls).toBeLessThanOrEqual(7);
		},
		timeout,
	);

	it(
		`${hard.count} entries come each once, with bursts, late ones, faults and restarts`,
		async () => {
			const passed = await hardDay({ simulator, row, time, interval: every, ...hard });
			expect(passed.failed).toBeGreaterThan(0);
			expect(passed.got).toHaveLength(hard.count);
			expect(new Set(passed.got).size).toBe(hard.count);
		},
		timeout,
	);
});
