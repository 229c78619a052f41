/** How many items of an execution are in flight at once. */
import { inFlightFor, severalAtOnce } from '../../../../nodes/shared/run/inFlight.ts';

const tick = async () => await new Promise<void>((resolve) => setImmediate(resolve));

/** Jobs that end when the test says so. */
function jobs(howMany: number, bounds: { fewest: number; most: number }) {
	const statistics = { asked: 0, nowWaiting: 0 };
	const flying: Array<(then: 'go on' | 'halt') => void> = [];
	const started: number[] = [];
	const items = Array.from({ length: howMany }, (_, i) => i);
	const over = severalAtOnce(items, bounds, statistics, async (item) => {
		started.push(item);
		return await new Promise((end) => flying.push(end));
	});
	return {
		statistics,
		started,
		over,
		inFlight: () => flying.length,
		/** The oldest job ends; by default it asked something. */
		async end(then: 'go on' | 'halt' = 'go on', asked = 1) {
			statistics.asked += asked;
			flying.shift()!(then);
			await tick();
		},
	};
}

const bounds = { fewest: 4, most: 8 };

test('as few as is said begin', async () => {
	const { inFlight } = jobs(100, bounds);
	await tick();
	expect(inFlight()).toBe(4);
});

test('two more with each job while none waits for the limit, and never more than the most', async () => {
	const run = jobs(100, bounds);
	const seen: number[] = [];
	for (let i = 0; i < 5; i++) {
		await run.end();
		seen.push(run.inFlight());
	}
	expect(seen).toEqual([6, 8, 8, 8, 8]);
});

test('one more where less than a quarter wait', async () => {
	const run = jobs(100, { fewest: 5, most: 100 });
	run.statistics.nowWaiting = 1;
	await run.end();
	expect(run.inFlight()).toBe(6);
});

test('as many as before where a quarter to a half wait', async () => {
	for (const nowWaiting of [1, 2]) {
		const run = jobs(100, { fewest: 2, most: 100 });
		await run.end();
		expect(run.inFlight()).toBe(4);
		run.statistics.nowWaiting = nowWaiting;
		await run.end();
		expect(run.inFlight()).toBe(4);
	}
});

test('one fewer where more than half wait, down to the fewest', async () => {
	const run = jobs(100, bounds);
	await run.end();
	await run.end();
	expect(run.inFlight()).toBe(8);
	run.statistics.nowWaiting = 8;
	const seen: number[] = [];
	for (let i = 0; i < 6; i++) {
		await run.end();
		seen.push(run.inFlight());
	}
	expect(seen).toEqual([7, 6, 5, 4, 4, 4]);
});

test('no more than before after a job that asked nothing', async () => {
	const run = jobs(100, bounds);
	await run.end('go on', 0);
	expect(run.inFlight()).toBe(4);
});

test('each item starts once, in order, and all are waited for', async () => {
	const run = jobs(9, bounds);
	let isOver = false;
	void run.over.then(() => (isOver = true));
	for (let i = 0; i < 9; i++) {
		expect(isOver).toBe(false);
		await run.end();
	}
	expect(await run.over).toBe(false);
	expect(run.started).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
});

test('nothing starts after a halt, and what is in flight is waited for', async () => {
	const run = jobs(100, bounds);
	await run.end('halt');
	for (let i = 0; i < 3; i++) await run.end();
	expect(await run.over).toBe(true);
	expect(run.started).toEqual([0, 1, 2, 3]);
});

test('no items are over at once', async () => {
	expect(await jobs(0, bounds).over).toBe(false);
});

test.each([
	[true, false, { fewest: 16, most: 64 }],
	[true, true, { fewest: 4, most: 32 }],
	[false, false, { fewest: 4, most: 32 }],
	[false, true, { fewest: 4, most: 32 }],
])('an execution that goes on: %s, with Prevent Duplicates: %s', (goesOn, prevents, expected) => {
	expect(inFlightFor(goesOn, prevents)).toEqual(expected);
});
