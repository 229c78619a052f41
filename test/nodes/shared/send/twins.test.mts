/** Messages of one process that could be taken for each other. */
import { twinsOf, TWINS_WITHIN_MS } from '../../../../nodes/shared/send/twins.ts';

beforeEach(() => jest.useFakeTimers({ now: 1_000_000 }));
afterEach(() => jest.useRealTimers());

/** Messages of each test have something in common that others have not. */
let tests = 0;
beforeEach(() => void (tests += 1));
const likeThis = () => twinsOf([`test ${tests}`]);

test('a message alone has none, as long as it is on its way and after it', () => {
	const alone = likeThis();
	expect(alone.areNone()).toBe(true);
	alone.over(false);
	expect(alone.areNone()).toBe(true);
});

test('two on their way at once have each other, however long ago one of them began', () => {
	const first = likeThis();
	jest.advanceTimersByTime(10 * TWINS_WITHIN_MS);
	const second = likeThis();
	expect([first.areNone(), second.areNone()]).toEqual([false, false]);
});

test.each([
	[TWINS_WITHIN_MS, false],
	[TWINS_WITHIN_MS + 1, true],
])('one that was over %d ms before is told from it: %j', (ms, areNone) => {
	likeThis().over(false);
	jest.advanceTimersByTime(ms);
	expect(likeThis().areNone()).toBe(areNone);
});

test('one of which the buyer got nothing is none', () => {
	likeThis().over(true);
	expect(likeThis().areNone()).toBe(true);
});

test('what has nothing in common with it is none', () => {
	const both = [twinsOf(['a', 'b']), twinsOf(['a,b']), twinsOf(undefined), twinsOf(undefined)];
	expect(both.map((one) => one.areNone())).toEqual([true, true, true, true]);
	both.forEach((one) => one.over(false));
});
