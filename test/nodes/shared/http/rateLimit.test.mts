import fc from 'fast-check';

import {
	forgetLanes,
	laneOf,
	LimitClosed,
	type Lane,
	type RateLimit,
} from '../../../../nodes/shared/http/rateLimit.ts';
import { slidingWindow } from '../../../marketplaces/rateplan.mts';
import { randomOf } from '../../../reliability/random.mts';

const bucket = (rate: number, burst: number): RateLimit => ({ name: 'send', rate, burst });

beforeEach(() => {
	forgetLanes();
	jest.useFakeTimers({ now: 1_000_000 });
});
afterEach(() => {
	jest.useRealTimers();
	jest.restoreAllMocks();
});

/** Lets so many requests through and says when each left, in milliseconds from now. */
async function departures(lane: Lane, count: number, answerAfter = 0): Promise<number[]> {
	const start = Date.now();
	const left: number[] = [];
	const all = Promise.all(
		Array.from({ length: count }, async () => {
			await lane.turn();
			left.push(Date.now() - start);
			if (answerAfter > 0) await new Promise((resolve) => setTimeout(resolve, answerAfter));
			lane.heard({});
		}),
	);
	await jest.runAllTimersAsync();
	await all;
	return left;
}

describe('a bucket', () => {
	test('lets a burst through, one token kept back, and then the rate', async () => {
		const left = await departures(laneOf('a', bucket(2, 5)), 8);
		expect(left.slice(0, 4)).toEqual([0, 0, 0, 0]);
		expect(left[4]).toBeGreaterThanOrEqual(500);
		expect(left[7]).toBeGreaterThanOrEqual(2000);
		expect(left[7]).toBeLessThan(2200);
	});

	test('fills again while nobody asks', async () => {
		const lane = laneOf('a', bucket(1, 3));
		await departures(lane, 2);
		await jest.advanceTimersByTimeAsync(10_000);
		expect((await departures(lane, 2)).at(-1)).toBe(0);
	});

	test('of one account and operation is shared, and of others it is not', () => {
		const lane = laneOf('a', bucket(1, 2));
		expect(laneOf('a', bucket(1, 2))).toBe(lane);
		expect(laneOf('b', bucket(1, 2))).not.toBe(lane);
		expect(laneOf('a', { name: 'other', rate: 1, burst: 2 })).not.toBe(lane);
	});

	test('is forgotten after a quarter of an hour', async () => {
		const lane = laneOf('a', bucket(1, 2));
		await jest.advanceTimersByTimeAsync(16 * 60_000);
		expect(laneOf('a', bucket(1, 2))).not.toBe(lane);
	});

	test("takes the marketplace's own rate, faster or slower", async () => {
		const lane = laneOf('a', bucket(1, 2));
		lane.heard({ rate: 10 });
		const fast = await departures(lane, 11);
		expect(fast.at(-1)).toBeLessThan(1200);
		lane.heard({ rate: 0.5 });
		const slow = await departures(lane, 3);
		expect(slow.at(-1)).toBeGreaterThan(4000);
	});

	test('does not believe a rate of zero', async () => {
		const lane = laneOf('a', bucket(1, 2));
		lane.heard({ rate: 0 });
		expect((await departures(lane, 2)).at(-1)).toBeLessThan(1100);
	});

	test('slows down after a throttled answer and wins its speed back', async () => {
		const lane = laneOf('a', bucket(10, 2));
		await jest.advanceTimersByTimeAsync(1000);
		lane.heard({ throttled: true });
		const [first, second] = await departures(lane, 2);
		expect(second - first).toBeGreaterThanOrEqual(120);
		for (let i = 0; i < 60; i++) lane.heard({});
		const later = await departures(lane, 3);
		expect(later[2] - later[1]).toBeLessThanOrEqual(105);
	});

	test('wins most of its speed back soon, and the rest slowly', async () => {
		const lane = laneOf('a', bucket(10, 2));
		await jest.advanceTimersByTimeAsync(1000);
		lane.heard({ throttled: true });
		for (let i = 0; i < 20; i++) lane.heard({});
		const [first, second] = await departures(lane, 2);
		expect(second - first).toBeGreaterThanOrEqual(105);
		expect(second - first).toBeLessThanOrEqual(140);
	});

	test('does not slow down for what left before it slowed down, however late it is refused', async () => {
		const lane = laneOf('a', bucket(10, 5));
		for (let i = 0; i < 4; i++) await lane.turn();
		for (let i = 0; i < 4; i++) {
			await jest.advanceTimersByTimeAsync(1000);
			lane.heard({ throttled: true });
		}
		const [first, second] = await departures(lane, 2);
		expect(second - first).toBeLessThanOrEqual(210);
	});

	describe('beside answers that do not come', () => {
		test('has no more on the way than its burst, but one', async () => {
			const lane = laneOf('a', bucket(10, 5));
			for (let i = 0; i < 4; i++) await lane.turn();
			await jest.advanceTimersByTimeAsync(4000);
			expect([lane.room(), lane.waitMs() > 0]).toEqual([0, true]);
			lane.heard({});
			await jest.advanceTimersByTimeAsync(102);
			expect(lane.room()).toBe(1);
		});

		test('goes on after five seconds, as they are lost', async () => {
			const lane = laneOf('a', bucket(10, 5));
			for (let i = 0; i < 4; i++) await lane.turn();
			await jest.advanceTimersByTimeAsync(5000);
			expect(lane.room()).toBe(4);
		});

		test('has as many more on the way as an answer takes turns as a rule', async () => {
			const lane = laneOf('a', bucket(10, 5));
			for (let i = 0; i < 4; i++) await lane.turn();
			await jest.advanceTimersByTimeAsync(500);
			for (let i = 0; i < 4; i++) lane.heard({ throttled: false });
			let left = 0;
			const all = Promise.all(Array.from({ length: 20 }, () => lane.turn().then(() => left++)));
			await jest.advanceTimersByTimeAsync(4000);
			expect(left).toBe(8);
			for (let i = 0; i < 20; i++) {
				lane.heard({ throttled: false });
				await jest.advanceTimersByTimeAsync(110);
			}
			await all;
		});
	});

	test('comes to a fair half beside another process that it does not know of', async () => {
		const plan = bucket(20, 5);
		const amazon = { tokens: 5, at: Date.now() };
		const done = { a: 0, b: 0, throttled: 0 };
		const goesOn = () => done.a + done.b < 2000 && done.throttled < 1000;
		const send = async (process: 'a' | 'b') => {
			// What another process has is another lane: nothing is shared but the marketplace.
			const lane = laneOf(process, plan);
			while (goesOn()) {
				await lane.turn();
				const now = Date.now();
				amazon.tokens = Math.min(5, amazon.tokens + ((now - amazon.at) / 1000) * 20) - 1;
				amazon.at = now;
				const throttled = amazon.tokens < 0;
				if (throttled) amazon.tokens += 1;
				lane.heard({ throttled });
				done[throttled ? 'throttled' : process] += 1;
			}
		};
		jest.spyOn(Math, 'random').mockImplementation(randomOf(1));
		const both = Promise.all([send('a'), send('b')]);
		const began = Date.now();
		while (goesOn()) await jest.advanceTimersByTimeAsync(1000);
		const seconds = (Date.now() - began) / 1000;
		await jest.runAllTimersAsync();
		await both;

		expect(Math.min(done.a, done.b)).toBeGreaterThan(700);
		expect(done.throttled).toBeLessThan(0.04 * 2000);
		expect(seconds).toBeLessThan(1.05 * 100);
	});

	test('counts answers that are throttled together as one lesson', async () => {
		const lane = laneOf('a', bucket(10, 2));
		await jest.advanceTimersByTimeAsync(1000);
		for (let i = 0; i < 50; i++) lane.heard({ throttled: true });
		const [first, second] = await departures(lane, 2);
		expect(second - first).toBeLessThan(200);
	});

	test('is never slower than a sixteenth of its rate', async () => {
		const lane = laneOf('a', bucket(10, 2));
		for (let i = 0; i < 50; i++) {
			await jest.advanceTimersByTimeAsync(1000);
			lane.heard({ throttled: true });
		}
		const [first, second] = await departures(lane, 2);
		expect(second - first).toBeLessThan(1800);
	});

	test('stays closed for as long as the marketplace asks, and says so', async () => {
		const lane = laneOf('a', bucket(10, 5));
		lane.heard({ throttled: true, retryAfterMs: 7000 });
		expect(lane.closedFor()).toBe(7000);
		expect((await departures(lane, 1))[0]).toBeGreaterThanOrEqual(7000);
		expect(lane.closedFor()).toBe(0);
	});

	test('turns those away who stand in line when it closes for more than five minutes', async () => {
		const lane = laneOf('a', bucket(1, 2));
		const ends: string[] = [];
		const all = ['a', 'b', 'c'].map(async (name) => {
			await lane.turn().then(
				() => ends.push(name),
				(error: unknown) => ends.push(`${name} ${error instanceof LimitClosed}`),
			);
		});
		await jest.advanceTimersByTimeAsync(10);
		lane.heard({ throttled: true, retryAfterMs: 400_000 });
		expect(lane.shutFor()).toBe(400_000);
		await jest.advanceTimersByTimeAsync(200);
		await Promise.all(all);
		expect(ends).toEqual(['a', 'b true', 'c true']);
	});

	test('lets those wait who stand in line when it closes for five minutes', async () => {
		const lane = laneOf('a', bucket(1, 2));
		lane.heard({ throttled: true, retryAfterMs: 300_000 });
		expect(lane.shutFor()).toBe(0);
		expect((await departures(lane, 1))[0]).toBeGreaterThanOrEqual(300_000);
	});

	test('takes a turn back that was not used', async () => {
		const lane = laneOf('a', bucket(1, 3));
		await departures(lane, 2);
		expect(lane.room()).toBe(0);
		lane.giveBack();
		expect(lane.room()).toBe(1);
		lane.giveBack();
		lane.giveBack();
		expect(lane.room()).toBe(2);
	});

	test('tells how long one that comes now has to wait, behind those who stand in line', async () => {
		const lane = laneOf('a', bucket(1, 3));
		expect(lane.waitMs()).toBe(0);
		await departures(lane, 2);
		expect(lane.waitMs()).toBeCloseTo(1000 / 0.99, 0);
		const inLine = [lane.turn(), lane.turn()].map((turn) => turn.then(() => lane.heard({})));
		expect(lane.waitMs()).toBeCloseTo(3000 / 0.99, 0);
		await jest.runAllTimersAsync();
		await Promise.all(inLine);
		expect(lane.waitMs()).toBeCloseTo(1000 / 0.99, -2);
		await jest.advanceTimersByTimeAsync(1100);
		expect(lane.waitMs()).toBe(0);
	});

	test('tells how many may leave at once', async () => {
		const lane = laneOf('a', bucket(1, 5));
		expect(lane.room()).toBe(4);
		await departures(lane, 4);
		expect(lane.room()).toBe(0);
		await jest.advanceTimersByTimeAsync(2500);
		expect(lane.room()).toBe(2);
	});

	test('lets those who came first go first, past one who gave up', async () => {
		const lane = laneOf('a', bucket(1, 2));
		const order: string[] = [];
		const stop = new AbortController();
		const go = async (name: string, signal?: AbortSignal) => {
			await lane.turn(signal).catch(() => order.push(`${name} gave up`));
			order.push(name);
			lane.heard({});
		};
		const all = [go('a'), go('b', stop.signal), go('c'), go('d')];
		stop.abort();
		await jest.runAllTimersAsync();
		await Promise.all(all);
		expect(order).toEqual(['a', 'b gave up', 'b', 'c', 'd']);
	});

	test('is never faster than the plan, whatever comes', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.integer({ min: 1, max: 20 }),
				fc.integer({ min: 1, max: 10 }),
				fc.integer({ min: 1, max: 30 }),
				async (rate, burst, count) => {
					forgetLanes();
					const left = await departures(laneOf('a', bucket(rate, burst)), count);
					for (let i = 0; i < left.length; i++) {
						for (let j = i; j < left.length; j++) {
							const allowed = burst + ((left[j] - left[i]) / 1000) * rate;
							expect(j - i + 1).toBeLessThanOrEqual(allowed + 1e-6);
						}
					}
				},
			),
			{ numRuns: 40 },
		);
	});
});

describe('a window', () => {
	const plan: RateLimit = { name: 'trading', calls: 75, seconds: 60, blockSeconds: 100 };

	test('lets no more than its calls through in any so many seconds', async () => {
		const left = await departures(laneOf('a', plan), 160, 300);
		for (let i = 75; i < left.length; i++)
			expect(left[i] - left[i - 75]).toBeGreaterThanOrEqual(60_000);
		expect(left.at(-1)).toBeLessThan(123_000);
	});

	test("never meets the marketplace's own block", async () => {
		const theirs = slidingWindow({ now: () => Date.now() });
		const lane = laneOf('a', plan);
		const answers: boolean[] = [];
		const all = Promise.all(
			Array.from({ length: 200 }, async (_, i) => {
				await lane.turn();
				await new Promise((resolve) => setTimeout(resolve, (i * 37) % 400));
				answers.push(theirs.take('a'));
				await new Promise((resolve) => setTimeout(resolve, (i * 53) % 400));
				lane.heard({});
			}),
		);
		await jest.runAllTimersAsync();
		await all;
		expect(answers).toEqual(Array.from({ length: 200 }, () => true));
	});

	test('tells how many may leave at once', async () => {
		const lane = laneOf('a', plan);
		await departures(lane, 70);
		expect(lane.room()).toBe(5);
		lane.heard({ throttled: true });
		expect(lane.room()).toBe(0);
	});

	test('takes a turn back that was not used', async () => {
		const lane = laneOf('a', plan);
		for (let i = 0; i < 75; i++) await lane.turn();
		expect(lane.room()).toBe(0);
		lane.giveBack();
		expect(lane.room()).toBe(1);
	});

	test('stays away for as long as the marketplace blocks', async () => {
		const lane = laneOf('a', plan);
		await departures(lane, 1);
		lane.heard({ throttled: true });
		expect(lane.closedFor()).toBe(100_000);
		expect((await departures(lane, 1))[0]).toBeGreaterThanOrEqual(100_000);
	});
});
