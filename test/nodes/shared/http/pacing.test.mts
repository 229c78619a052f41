/**
 * How near sending comes to what a limit allows, and how many answers are refusals: where processes stand still
 * now and then, and where several that do not know of each other share the limit.
 */
import { writeTable } from '../../../bench/tables.mts';
import type { Stalls } from '../../../engine/timeline.mts';
import { simulate, type Call, type Outcome, type Setting } from './pacingWorld.mts';

/** `npm run test:reliability -- pacing` tries each with more seeds and writes the table. */
const isWhole = process.env.PACING === 'whole';
const SEEDS = isWhole ? 12 : 2;

/** Amazon's documented plans (1 a second and burst 5, uploads 10 a second and burst 10), so much faster. */
function amazon(speed: number): Call[] {
	const limited = { plan: { rate: speed, burst: 5 }, documented: { rate: 1, burst: 5 } };
	const uploads = { plan: { rate: 10 * speed, burst: 10 }, documented: { rate: 10, burst: 10 } };
	return [
		{ operation: 'actions', policy: 'read', ...limited },
		{ operation: 'createUpload', policy: 'prepare', ...uploads },
		{ operation: 'put', policy: 'prepare' },
		{ operation: 'send', policy: 'send', ...limited },
	];
}
const text = (speed: number) =>
	amazon(speed).filter(({ operation }) => operation === 'actions' || operation === 'send');

const alone = { workers: 1, executions: 1, beginWithinMs: 0, jitterMs: 2, costMs: 1.5 };
const fast = { ...alone, messages: isWhole ? 1000 : 500, latencyMs: 100 };
/** Of the limit, while everybody has something to send: one quick process alone with stalls has the least. */
const LEAST_USED = 0.93;
const real = { ...alone, messages: 300, latencyMs: 300 };
/** Eight executions at a time with 40 messages each, and with more. */
const shared = (workers: number, messages = 40) => ({
	...{ workers, executions: 8 / workers, messages, beginWithinMs: 300 },
	...{ latencyMs: 50, jitterMs: 3, costMs: 2 },
});
const busy: Stalls = { every: 1000, shortest: 15, longest: 150 };
const hard: Stalls = { every: 2000, shortest: 50, longest: 800 };

interface Row {
	name: string;
	setting: Setting;
	/** At most so much of the ideal time, and so many percent of all answers. */
	time: number;
	throttled: number;
	/** Only in the table. */
	isLong?: true;
}

const rows: Row[] = [
	{
		name: 'text, 50 times as fast, quiet',
		setting: { ...fast, calls: text(50) },
		...{ time: 1.03, throttled: 0 },
	},
	{
		name: 'text, 50 times as fast, stalls of 15 to 150 ms',
		setting: { ...fast, calls: text(50), stalls: busy },
		...{ time: 1.09, throttled: 0.35 },
	},
	{
		name: 'with a file, 50 times as fast, the same stalls',
		setting: { ...fast, calls: amazon(50), stalls: busy },
		...{ time: 1.09, throttled: 0.25 },
	},
	{
		name: "text, as fast as Amazon's own, stalls of 50 to 800 ms",
		setting: { ...real, calls: text(1), stalls: hard },
		...{ time: 1.03, throttled: 0 },
	},
	...[1, 2, 4, 8].map((workers) => ({
		name: `8 times 40 with a file, 20 times as fast, ${workers} worker(s)`,
		setting: { ...shared(workers), calls: amazon(20) },
		time: workers === 1 ? 1.03 : 1.3,
		throttled: workers === 1 ? 0 : 0.8 * workers,
	})),
	...[2, 4].map((workers) => ({
		name: `8 times 250 with a file, 20 times as fast, ${workers} workers`,
		setting: { ...shared(workers, 250), calls: amazon(20) },
		...{ time: 1.15, throttled: 0.8 * workers, isLong: true as const },
	})),
];

const inTable: string[] = [];
afterAll(() => {
	const head =
		'messages to Amazon|time to ideal|from to|the best possible|used while all send|throttled answers';
	const lines = [`| ${head.split('|').join(' | ')} |`, `| --- |${' ---: |'.repeat(5)}`, ...inTable];
	if (isWhole) writeTable('docs/benchmarks.md', 'simulated', lines.join('\n'));
});

it.each(rows.filter(({ isLong }) => isWhole || !isLong))(
	'$name: sends everything near the limit and is seldom refused',
	async ({ name, setting, time, throttled }) => {
		const outcomes: Outcome[] = [];
		for (let seed = 1; seed <= SEEDS; seed++) outcomes.push(await simulate(setting, seed));
		const { calls, workers, executions, messages, latencyMs } = setting;
		const count = workers * executions * messages;
		const { rate, burst } = calls[0]!.plan!;
		const ideal = (count - burst) / rate + ((calls.length + 1) * latencyMs) / 1000;
		const mean = (of: (one: Outcome) => number) =>
			outcomes.reduce((sum, one) => sum + of(one), 0) / SEEDS;
		const ratios = outcomes.map(({ seconds }) => seconds / ideal);
		const ratio = mean(({ seconds }) => seconds / ideal);
		const refused = mean((one) => (100 * one.throttled) / one.answers);
		const range = `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`;
		const best = mean((one) => Math.max(1, one.best / ideal)).toFixed(3);
		const used = mean((one) => one.used);
		const figures = [ratio.toFixed(3), range, best, used.toFixed(2), `${refused.toFixed(2)} %`];
		inTable.push(`| ${[name, ...figures].join(' | ')} |`);

		expect(outcomes.map(({ sent }) => sent)).toEqual(Array(SEEDS).fill(count));
		expect(ratio).toBeLessThan(time);
		expect(used).toBeGreaterThan(LEAST_USED);
		expect(refused).toBeLessThanOrEqual(throttled);
	},
	300_000,
);
