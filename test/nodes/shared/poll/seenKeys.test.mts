/** What a trigger remembers of what it handed over: by day, and not for ever. */
import { lettersOf, MOST_KEYS, SeenKeys } from '../../../../nodes/shared/poll/seenKeys.ts';

const DAY = 24 * 60 * 60_000;
/** A moment on that day, counted from 1970. */
const on = (day: number) => day * DAY + 5000;

/** What is kept, read anew as at the next poll. */
const again = (keys: SeenKeys) => new SeenKeys(keys.kept());

/** The letters of so many keys, none of them twice. */
const manyLetters = (count: number, first = 0) =>
	Array.from({ length: count }, (_, i) => String(first + i).padStart(8, '0')).join('');

describe('a key', () => {
	test('is new once, and known from then on, at the next poll too', () => {
		const keys = new SeenKeys({});
		expect([keys.has('a'), keys.add('a', on(5)), keys.add('a', on(5))]).toEqual([
			...[false, true, false],
		]);
		expect([again(keys).has('a'), again(keys).has('b')]).toEqual([true, false]);
	});

	test('is kept as eight letters, and known by them', () => {
		const keys = new SeenKeys({});
		expect(lettersOf('order 1')).toMatch(/^[\w-]{8}$/);
		expect(keys.addLetters(lettersOf('order 1'), on(5))).toBe(true);
		expect(keys.has('order 1')).toBe(true);
		expect(keys.kept()).toEqual({ 5: lettersOf('order 1') });
	});

	test('is known beside others of its day', () => {
		const keys = new SeenKeys({});
		for (const name of ['a', 'b', 'c']) keys.add(name, on(5));
		expect(['a', 'b', 'c', 'd'].map((name) => again(keys).has(name))).toEqual([
			...[true, true, true, false],
		]);
	});

	test('moves on to a later day, and never back', () => {
		const keys = new SeenKeys({});
		keys.add('a', on(5));
		expect(keys.add('a', on(7))).toBe(false);
		expect(keys.kept()).toEqual({ 7: lettersOf('a') });
		expect(keys.add('a', on(6))).toBe(false);
		expect(keys.kept()).toEqual({ 7: lettersOf('a') });
	});
});

describe('days', () => {
	const keysOf = (...days: number[]) => {
		const keys = new SeenKeys({});
		for (const day of days) keys.add(`of ${day}`, on(day));
		return keys;
	};

	test('that ended are forgotten, whichever of them came first', () => {
		const keys = keysOf(9, 5, 7, 6);
		expect(keys.forget(7 * DAY)).toBe(7 * DAY);
		expect(Object.keys(keys.kept())).toEqual(['7', '9']);
	});

	test('that go on are kept', () => {
		const keys = keysOf(5, 6);
		expect(keys.forget(6 * DAY - 1)).toBe(6 * DAY - 1);
		expect(Object.keys(keys.kept())).toEqual(['5', '6']);
	});

	test('are not all forgotten: the last one stays', () => {
		const keys = keysOf(5, 6);
		expect(keys.forget(100 * DAY)).toBe(100 * DAY);
		expect(Object.keys(keys.kept())).toEqual(['6']);
	});

	test('are known from the beginning where there are none', () => {
		expect(new SeenKeys({}).forget(5)).toBe(5);
	});

	test('beyond what may be kept are forgotten, the oldest first', () => {
		const keys = new SeenKeys({
			5: manyLetters(1),
			6: manyLetters(1, 1),
			7: manyLetters(MOST_KEYS - 1, 2),
		});
		expect(keys.forget(0)).toBe(6 * DAY);
		expect(Object.keys(keys.kept())).toEqual(['6', '7']);
		expect(keys.forget(0)).toBe(0);
		expect(Object.keys(keys.kept())).toEqual(['6', '7']);
	});

	test('that say nothing any more are not kept', () => {
		const keys = keysOf(5);
		keys.add('of 5', on(6));
		expect(keys.kept()).toEqual({ 6: lettersOf('of 5') });
	});
});
