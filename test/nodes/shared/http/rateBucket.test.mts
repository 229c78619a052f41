/** A limit of tokens that come back, and what its answers teach; in a time of its own. */
import { forgetLanes, laneOf, type BucketLimit } from '../../../../nodes/shared/http/rateLimit.ts';

beforeEach(() => {
	forgetLanes();
	jest.useFakeTimers({ now: 1_000_000 });
});
afterEach(() => {
	jest.useRealTimers();
	jest.restoreAllMocks();
});

const pass = async (ms: number) => await jest.advanceTimersByTimeAsync(ms);

describe('a bucket', () => {
	const bucket = { name: 'send', rate: 10, burst: 5 };

	test('is kept for a quarter of an hour, and then forgotten', async () => {
		const known = laneOf('me', bucket);
		await pass(15 * 60_000);
		expect(laneOf('me', bucket)).toBe(known);
		await pass(15 * 60_000 + 1);
		expect(laneOf('me', bucket)).not.toBe(known);
	});

	test('gives a turn at once, and tells so', async () => {
		expect(await laneOf('me', bucket).turn()).toBe(0);
	});

	test('is empty after an answer that says "too fast"', () => {
		const full = laneOf('me', bucket);
		expect(full.room()).toBe(4);
		full.heard({ throttled: true });
		expect(full.room()).toBe(0);
	});

	test.each([0, -1, undefined])('does not believe a rate of %j', async (rate) => {
		const one = laneOf('me', { ...bucket, burst: 1 });
		await one.turn();
		one.heard({ rate });
		const waited = one.turn();
		await pass(200);
		expect(await waited).toBeLessThan(200);
	});

	test('is lowered to the half where it is refused, and by less where it is slow', () => {
		const after = (rate: number) => {
			const one = laneOf('me', { ...bucket, name: `at ${rate}`, rate });
			one.heard({ throttled: true });
			return one.waitMs() * rate * 0.99;
		};
		expect(after(0.1)).toBeCloseTo(1000 / 0.5, 1);
		expect(after(0.09)).toBeCloseTo(1000 / 0.7, 1);
	});
});

describe('what an answer takes as a rule', () => {
	/** A thousand a second. */
	const quick = { name: 'quick', rate: 1000, burst: 1001 };
	const TURN_MS = 1 / 0.99;

	/** How many more may be on the way than the burst, after answers that took so long. */
	const more = async (...took: number[]) => {
		const lane = laneOf('me', quick);
		for (const ms of took) {
			await lane.turn();
			await pass(ms);
			lane.heard({ throttled: false });
		}
		await pass(2000);
		for (let i = 0; i < 1000; i++) await lane.turn();
		await pass(4000);
		return lane.room() * TURN_MS;
	};

	test('is what the first one took', async () => {
		expect(await more(200)).toBeCloseTo(200, 0);
	});

	test('is what the quickest took, at once', async () => {
		expect(await more(500, 100)).toBeCloseTo(100, 0);
	});

	test('grows slowly, by a twentieth of the difference', async () => {
		expect(await more(100, 1300)).toBeCloseTo(160, 0);
	});
});

describe('the wait between two that leave', () => {
	/** In turns, after one that left with the limit used up; an answer takes so long as a rule. */
	const turns = async (drawn: number, tookMs?: number, limit: Partial<BucketLimit> = {}) => {
		const random = jest.spyOn(Math, 'random').mockReturnValue(0.5);
		const plan = { name: `drawn ${drawn}`, rate: 10, burst: 5, ...limit };
		const lane = laneOf('me', plan);
		if (tookMs !== undefined) {
			await lane.turn();
			await pass(tookMs);
			lane.heard({ throttled: false });
		}
		while (lane.room() > 0) {
			await lane.turn();
			lane.heard({});
		}
		random.mockReturnValue(drawn);
		const left: number[] = [];
		const both = [1, 2].map(async () => {
			await lane.turn();
			left.push(Date.now());
			lane.heard({});
		});
		await pass(3 * (1000 / plan.rate / 0.99));
		await Promise.all(both);
		return ((left[1]! - left[0]!) * plan.rate * 0.99) / 1000;
	};

	test('is drawn, from a half to one and a half, so that two who send evenly do not always meet', async () => {
		expect(await turns(0, 0)).toBeCloseTo(0.5, 0.8);
		expect(await turns(0.9, 0)).toBeCloseTo(1.4, 1);
	});

	test('is not drawn before anything was answered', async () => {
		expect(await turns(0)).toBeCloseTo(1, 1);
	});

	test('is not drawn where answers take two turns', async () => {
		expect(await turns(0, 250)).toBeCloseTo(1, 1);
	});

	test('is not drawn of a slow limit', async () => {
		expect(await turns(0, 0, { rate: 0.05 })).toBeCloseTo(1, 1);
	});

	test('is never for more tokens than there can be', async () => {
		expect(await turns(0.9, 0, { burst: 1 })).toBeCloseTo(1, 1);
	});
});
