/** A limit of so many calls within so many seconds, and what a block teaches; in a time of its own. */
import {
	forgetLanes,
	laneOf,
	type Lane,
	type WindowLimit,
} from '../../../../nodes/shared/http/rateLimit.ts';

/** Three calls within ten seconds; a block of a hundred. */
const plan: WindowLimit = { name: 'calls', calls: 3, seconds: 10, blockSeconds: 100 };
/** The ten seconds as they are counted here: a little longer. */
const WINDOW_MS = 10_005;
const BLOCK_MS = 100_000;

let lane: Lane;
beforeEach(() => {
	forgetLanes();
	jest.useFakeTimers({ now: 1_000_000 });
	lane = laneOf('me', plan);
});
afterEach(() => jest.useRealTimers());

const pass = async (ms: number) => await jest.advanceTimersByTimeAsync(ms);

/** A call that is answered at once. */
async function call(throttled?: boolean, of = lane): Promise<void> {
	await of.turn();
	of.heard(throttled === undefined ? {} : { throttled });
}

describe('a window', () => {
	test('has room again once its calls have left it', async () => {
		for (let i = 0; i < 3; i++) await call();
		expect(lane.room()).toBe(0);
		await pass(WINDOW_MS - 1);
		expect(lane.room()).toBe(0);
		await pass(1);
		expect(lane.room()).toBe(3);
	});

	test('has room for one call after the other, as they leave it', async () => {
		for (let i = 0; i < 3; i++) {
			await call();
			await pass(1000);
		}
		await pass(WINDOW_MS - 3000);
		expect(lane.room()).toBe(1);
		expect(lane.waitMs()).toBe(0);
		await call();
		expect(lane.waitMs()).toBe(1000);
	});

	test('counts a call that is on its way, and not one that did not leave', async () => {
		for (let i = 0; i < 3; i++) await lane.turn();
		expect(lane.waitMs()).toBe(WINDOW_MS);
		lane.giveBack();
		expect([lane.room(), lane.waitMs()]).toEqual([1, 0]);
	});

	test('has room when the first of its calls leaves it, whatever is on its way', async () => {
		await call();
		await pass(1000);
		await Promise.all([lane.turn(), lane.turn()]);
		expect(lane.waitMs()).toBe(WINDOW_MS - 1000);
	});

	test('tells whoever waits in line how long: those before it, each at the pace of the limit', async () => {
		for (let i = 0; i < 3; i++) await call();
		const waiting = [1, 2].map(async () => await lane.turn());
		await pass(0);
		expect(lane.waitMs()).toBeCloseTo(WINDOW_MS + 2 * (WINDOW_MS / 3), 3);
		await pass(2 * WINDOW_MS);
		expect(await Promise.all(waiting)).toEqual([WINDOW_MS, WINDOW_MS]);
	});
});

describe('a block', () => {
	test('is waited for once', async () => {
		await call(true);
		expect([lane.closedFor(), lane.shutFor()]).toEqual([BLOCK_MS, 0]);
		const waited = lane.turn();
		await pass(BLOCK_MS);
		expect(await waited).toBe(BLOCK_MS);
	});

	test('lasts as long as the marketplace asks where it does', async () => {
		await lane.turn();
		lane.heard({ throttled: true, retryAfterMs: 7000 });
		expect(lane.closedFor()).toBe(7000);
	});

	/** The answers to calls of which each leaves as soon as it may. */
	const after = async (...answers: Array<boolean | undefined>) => {
		for (const throttled of answers) {
			await pass(lane.closedFor());
			await call(throttled);
		}
		return lane.shutFor();
	};

	test('that comes again is not waited for: another limit is used up', async () => {
		expect(await after(true, true)).toBe(BLOCK_MS);
	});

	test('that comes again after a good answer is another one', async () => {
		expect(await after(true, false, true)).toBe(0);
	});

	test('that comes again after an answer that tells nothing is the same', async () => {
		expect(await after(true, undefined, true)).toBe(BLOCK_MS);
	});

	test.each([
		[60, 0],
		[61, 61_000],
	])('of %d seconds that comes again: %d ms are not waited for', async (seconds, shut) => {
		const other = laneOf('other', { ...plan, blockSeconds: seconds });
		await call(true, other);
		await pass(seconds * 1000);
		await call(true, other);
		expect(other.shutFor()).toBe(shut);
	});

	test('that several calls meet which left together is one', async () => {
		await Promise.all([lane.turn(), lane.turn(), lane.turn()]);
		for (let i = 0; i < 3; i++) lane.heard({ throttled: true });
		expect(lane.shutFor()).toBe(0);
	});

	test('is not over by a good answer to what left before it', async () => {
		await Promise.all([lane.turn(), lane.turn()]);
		lane.heard({ throttled: true });
		lane.heard({ throttled: false });
		expect(await after(true)).toBe(BLOCK_MS);
	});

	test('lets one call go ahead when it is over, and the others after its answer', async () => {
		await call(true);
		await pass(BLOCK_MS);
		await lane.turn();
		let next = false;
		const waiting = lane.turn().then(() => (next = true));
		expect(lane.waitMs()).toBeGreaterThanOrEqual(100);
		await pass(5000);
		expect(next).toBe(false);
		lane.heard({ throttled: false });
		await pass(200);
		expect(next).toBe(true);
		await waiting;
	});
});
