import { limitShare, type LimitShare } from '../../../../nodes/shared/http/limitShare.ts';

/** One turn of a limit of ten a second (milliseconds). */
const TURN_MS = 100;

let share: LimitShare;
beforeEach(() => {
	jest.useFakeTimers({ now: 1_000_000 });
	share = limitShare();
});
afterEach(() => jest.useRealTimers());

/** Answers that come as fast as the share allows, for so many turns of the limit. */
function accept(turns: number): void {
	for (let passed = 0; passed < turns;) {
		const ofOne = 1 / share.now();
		jest.advanceTimersByTime(ofOne * TURN_MS);
		share.accepted(10);
		passed += ofOne;
	}
}

test('is the whole limit until a request is refused', () => {
	accept(1000);
	expect(share.now()).toBe(1);
});

test('is halved by a refusal, and by each that comes after it', () => {
	for (const left of [1 / 2, 1 / 4, 1 / 8, 1 / 16, 1 / 16]) {
		share.refused(10);
		expect(share.now()).toBe(left);
	}
});

test('is hardly lowered where this process used up the limit by itself', () => {
	accept(200);
	share.refused(10);
	expect(share.now()).toBeCloseTo(0.9);
});

test('is halved where others had their part, or this process sent nothing for a while', () => {
	accept(200);
	jest.advanceTimersByTime(100 * TURN_MS);
	share.refused(10);
	expect(share.now()).toBe(1 / 2);
});

test('grows back soon, rests, and then tries more and more', () => {
	share.refused(10);
	share.refused(10);
	const grown = [20, 20, 20, 60, 20].map((turns) => {
		const before = share.now();
		accept(turns);
		return (share.now() - before) / turns;
	});
	const [soon, slower, rest, , more] = grown as [number, number, number, number, number];
	expect(soon).toBeGreaterThan(2 * slower);
	expect(slower).toBeGreaterThan(5 * rest);
	expect(more).toBeGreaterThan(10 * rest);
	accept(100);
	expect(share.now()).toBe(1);
});

test('rests lower after it was lowered twice in a row than after once', () => {
	share.refused(10);
	accept(80);
	const once = share.now();
	share = limitShare();
	share.refused(10);
	share.refused(10);
	accept(63);
	expect([once, share.now()]).toEqual([expect.closeTo(1, 1), expect.closeTo(0.375, 2)]);
});

test('does not grow by time alone', () => {
	share.refused(10);
	jest.advanceTimersByTime(1_000_000);
	expect(share.now()).toBe(1 / 2);
});

test('is the same for a clock that goes back', () => {
	accept(200);
	jest.setSystemTime(0);
	share.refused(10);
	expect(share.now()).toBeCloseTo(0.9);
});
