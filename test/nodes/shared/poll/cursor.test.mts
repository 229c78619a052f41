/** Which stretch of a list a trigger reads next, and what it remembers of the ones it read. */
import {
	beginPast,
	beginScan,
	finishPast,
	finishScan,
	oldestAsked,
	restarted,
	startOf,
	switchedOn,
	withTime,
	type PollState,
} from '../../../../nodes/shared/poll/cursor.ts';
import type { Feed } from '../../../../nodes/shared/poll/feed.ts';
import { DAY, feedOf, HOUR, MINUTE, NOW, page, scanOf, stateOf } from './cursorStates.mts';

beforeEach(() => {
	jest.spyOn(Date, 'now').mockReturnValue(NOW);
});
afterEach(() => jest.restoreAllMocks());

describe('a new trigger', () => {
	const before = stateOf({ seen: { 5: 'abcdefgh' }, knownFrom: 5 * DAY });

	test('begins now, and looks first at what is there already', () => {
		expect(startOf(feedOf(), NOW, 7, null)).toEqual({
			...{ event: 'new', what: 'new, red', switchedOnAt: 7, startedAt: NOW, cursor: NOW },
			...{ knownFrom: 0, seen: {}, density: 0, readAt: 0, reached: [] },
			scan: { from: NOW - HOUR, rows: 0, pages: 0, first: true },
		});
		expect(startOf(feedOf(), 5, 7, null).scan!.from).toBe(0);
	});

	test('with other filters still knows what it handed over; of another event nothing', () => {
		const { seen, knownFrom } = before;
		expect(startOf(feedOf({ what: 'blue' }), NOW, 7, before)).toMatchObject({ seen, knownFrom });
		expect(startOf(feedOf({ event: 'shipped' }), NOW, 7, before)).toMatchObject({
			seen: {},
			knownFrom: 0,
		});
	});
});

describe('a trigger that is switched on again', () => {
	const on = (state: Partial<PollState>, more: Partial<Feed<unknown>> = {}) =>
		switchedOn(stateOf(state), feedOf(more), NOW, 7);

	test('reads the last day again where it was off for less', () => {
		const cursor = NOW - HOUR;
		expect(on({ cursor })).toMatchObject({
			...{ switchedOnAt: 7, startedAt: NOW - DAY, cursor },
			past: { from: NOW - DAY, to: cursor, rows: 0, pages: 0 },
		});
	});

	test('goes on from a day ago where it was off for longer', () => {
		const state = on({ cursor: NOW - 2 * DAY });
		expect(state).toMatchObject({ startedAt: NOW - DAY, cursor: NOW - DAY });
		expect(state.past).toBeUndefined();
		expect(on({ cursor: NOW - DAY }).past).toBeUndefined();
	});

	test('reads nothing from before it was switched on first, but for the second of it', () => {
		const startedAt = NOW - 2 * HOUR;
		const state = on({ startedAt, cursor: NOW - HOUR });
		expect(state.startedAt).toBe(startedAt);
		expect(state.past!.from).toBe(startedAt - 1000);
	});

	test('reads no past where looking back reads another list', () => {
		const state = { cursor: NOW - HOUR, readAt: NOW - HOUR };
		expect(on(state, { lookBackReads: 'others' }).past).toBeUndefined();
		expect(on(state, { lookBackReads: 'parts' }).past).toBeDefined();
	});

	test.each([
		['was off for more than a day', { readAt: NOW - DAY - 1 }],
		['never read anything', { readAt: 0 }],
	])('only remembers what is on the other list where it %s', (_how, state) => {
		const { past } = on({ ...state, cursor: NOW - 3 * DAY }, { lookBackReads: 'others' });
		const cursor = NOW - DAY;
		expect(past).toEqual(scanOf(cursor - 6 * HOUR, { to: cursor, first: true }));
	});

	test('looks into the other list as usual where it was off for less, however long ago it looked into it', () => {
		const state = { readAt: NOW - HOUR, reached: [{ at: NOW - 3 * DAY, until: 0 }] };
		expect(on(state, { lookBackReads: 'others' }).past).toBeUndefined();
	});

	test('begins its first look anew, and forgets any other scan', () => {
		const first = scanOf(5, { first: true, next: 'x', pages: 3, rows: 9 });
		expect(on({ scan: first }).scan).toEqual({ from: 5, rows: 0, pages: 0, first: true });
		expect(on({ scan: scanOf(5) }).scan).toBeUndefined();
	});
});

test('a scan that begins anew keeps its stretch, and nothing of where it was', () => {
	const was = scanOf(5, { to: 9, next: 'x', done: 'y', pages: 3, rows: 9 });
	expect(restarted(was)).toEqual({ from: 5, to: 9, rows: 0, pages: 0 });
	expect(Object.keys(restarted(scanOf(5)))).toEqual(['from', 'rows', 'pages']);
});

describe('a scan begins before the cursor', () => {
	const cursor = NOW - MINUTE;
	const back = (state: Partial<PollState>) => cursor - beginScan(stateOf(state), feedOf()).from;

	test.each([
		['as far as anything is late, in a quiet shop', 0, 6 * HOUR],
		['as far as fits on seven tenths of a page', 7 / HOUR, HOUR],
		['as far as anything is late by the next poll, in a busy one', 1, 10 * MINUTE],
	])('%s', (_how, density, expected) => {
		expect(back({ density })).toBeCloseTo(expected, -1);
	});

	test('or where the last one began whose pages may have shifted', () => {
		expect(beginScan(stateOf({ again: NOW - DAY }), feedOf()).from).toBe(NOW - DAY);
		expect(back({ again: NOW })).toBe(6 * HOUR);
	});

	test('and not before the trigger was switched on', () => {
		expect(beginScan(stateOf({ startedAt: NOW - 5000 }), feedOf())).toEqual(scanOf(NOW - 6000));
	});
});

describe('a look back', () => {
	const cursor = NOW - MINUTE;
	/** So many minutes ago each step was read, up to the cursor. */
	const read = (...minutesAgo: number[]) => ({
		reached: minutesAgo.map((ago) => ({ at: NOW - ago * MINUTE, until: cursor })),
	});

	test.each([
		['the longest step that is due', [20, 20, 20], 6 * HOUR],
		['the one in the middle', [20, 20, 14], 160 * MINUTE],
		['the shortest', [15, 14, 14], 40 * MINUTE],
		['the longest where the clock was set back', [14, 14, -1], 6 * HOUR],
	])('goes %s', (_how, ago, step) => {
		const past = beginPast(stateOf(read(...ago)), feedOf());
		expect(past).toEqual({ from: cursor - step, to: cursor, rows: 0, pages: 0 });
	});

	test('is not due for a quarter of an hour', () => {
		expect(beginPast(stateOf(read(14, 14, 14)), feedOf())).toBeUndefined();
	});

	test('goes the longest step from where the last of its kind ended', () => {
		const reached = [20, 20, 20].map((ago) => ({ at: NOW - ago * MINUTE, until: NOW - DAY }));
		expect(beginPast(stateOf({ reached }), feedOf())!.from).toBe(NOW - DAY - 6 * HOUR);
	});

	test('of a trigger that never looked back begins where it was switched on', () => {
		const state = stateOf({ startedAt: NOW - HOUR, switchedOnAt: NOW - HOUR });
		expect(beginPast(state, feedOf())!.from).toBe(NOW - HOUR - 1000);
		expect(beginPast({ ...state, switchedOnAt: NOW - 14 * MINUTE }, feedOf())).toBeUndefined();
	});

	test('is none where nothing was read yet', () => {
		const startedAt = cursor + 1000;
		expect(beginPast(stateOf({ startedAt }), feedOf())).toBeUndefined();
	});

	test.each([
		['its pages', { page: 2 * MINUTE }, 32],
		['its pages and entries', { page: 2 * MINUTE, entry: 15_000 }, 72],
	])('comes as seldom as %s cost', (_what, cost, minutes) => {
		const at = (ago: number) =>
			beginPast(stateOf({ ...read(0, ago, 0), density: 1 / MINUTE }), feedOf({ cost }));
		expect(at(minutes - 1)).toBeUndefined();
		expect(at(minutes)).toMatchObject({ from: cursor - 160 * MINUTE });
	});

	test('over a shorter step comes as seldom as that costs, however long it takes', () => {
		const at = (ago: number) =>
			beginPast(
				stateOf({ ...read(0, ago, 0), density: 1 / MINUTE }),
				feedOf({ cost: { page: HOUR } }),
			);
		expect(at(16 * 60 - 1)).toBeUndefined();
		expect(at(16 * 60)).toBeDefined();
	});

	test('over the longest step comes after its length at the latest', () => {
		const at = (ago: number) =>
			beginPast(
				stateOf({ ...read(0, 0, ago), density: 1 / MINUTE }),
				feedOf({ cost: { page: HOUR } }),
			);
		expect(at(359)).toBeUndefined();
		expect(at(360)).toBeDefined();
	});

	test.each(['parts', 'others'] as const)('that reads %s has one step', (lookBackReads) => {
		const feed = feedOf({ lookBackReads });
		expect(beginPast(stateOf(read(20)), feed)).toMatchObject({ from: cursor - 6 * HOUR });
		expect(beginPast(stateOf(read(14)), feed)).toBeUndefined();
	});

	test('that reads by another time goes to before the trigger was switched on', () => {
		const state = stateOf({ ...read(20), startedAt: NOW - HOUR });
		expect(beginPast(state, feedOf({ lookBackReads: 'others' }))!.from).toBe(cursor - 6 * HOUR);
		expect(beginPast(state, feedOf({ lookBackReads: 'parts' }))!.from).toBe(NOW - HOUR - 1000);
	});
});

describe('after a page', () => {
	test('that is not the last one a scan goes on from there', () => {
		const state = stateOf({ again: 5 });
		const scan = (state.scan = scanOf(NOW - HOUR, { pages: 1, rows: 10, done: 'x' }));
		finishScan(state, feedOf(), scan, page({ next: 'more', until: NOW }));
		expect(scan).toEqual({
			...{ from: NOW - HOUR, pages: 2, rows: 17, next: 'more' },
			marks: ['mark'],
		});
		expect(state).toEqual(stateOf({ again: 5, scan }));
	});

	test('that is the last one the cursor stands where it was read to', () => {
		const state = stateOf({ again: 5, cursor: NOW - HOUR, density: 5 });
		const scan = (state.scan = scanOf(NOW - 2 * HOUR, { rows: 3 }));
		finishScan(state, feedOf(), scan, page({ until: NOW }));
		expect(state).toMatchObject({ cursor: NOW, density: 10 / (2 * HOUR) });
		expect('scan' in state || 'again' in state).toBe(false);
	});

	test('the cursor never goes back', () => {
		const state = stateOf();
		finishScan(state, feedOf(), scanOf(NOW - HOUR), page({ until: NOW - HOUR }));
		expect(state.cursor).toBe(NOW - MINUTE);
		finishScan(state, feedOf(), scanOf(NOW - MINUTE), page());
		expect(state).toMatchObject({ cursor: NOW - MINUTE, density: 7 });
	});

	test('a scan of several is read once more where pages shift', () => {
		const again = (pages: number, shifts: boolean) => {
			const state = stateOf();
			finishScan(state, feedOf({ shifts }), scanOf(NOW - HOUR, { pages }), page({ until: NOW }));
			return state.again;
		};
		expect([again(1, true), again(0, true), again(1, false)]).toEqual([
			NOW - MINUTE,
			undefined,
			undefined,
		]);
	});

	test('the steps back that a scan covered were read', () => {
		const state = stateOf();
		const cursor = state.cursor;
		finishScan(state, feedOf(), scanOf(cursor - 160 * MINUTE), page({ until: NOW }));
		const never = { at: NOW - 10 * DAY, until: NOW - 10 * DAY };
		expect(state.reached).toEqual([{ at: NOW, until: cursor }, { at: NOW, until: cursor }, never]);
	});

	test('the longest step is one of them, also where it is as long as another', () => {
		const state = stateOf();
		const lateness = { least: 10 * MINUTE, most: 160 * MINUTE };
		finishScan(state, feedOf({ lateness }), scanOf(NOW - HOUR), page({ until: NOW }));
		expect(state.reached).toHaveLength(2);
	});

	test('a scan covers no look back that reads something else', () => {
		const state = stateOf();
		finishScan(state, feedOf({ lookBackReads: 'parts' }), scanOf(0), page({ until: NOW }));
		expect(state.reached).toEqual([]);
	});

	test('that was the last one of a look back its step was read', () => {
		const state = stateOf();
		const past = (state.past = scanOf(NOW - 5 * HOUR, { to: NOW - 2 * HOUR }));
		finishPast(state, feedOf(), past, page({ next: 'more' }));
		expect(state).toEqual(stateOf({ past }));
		finishPast(state, feedOf(), past, page());
		expect('past' in state).toBe(false);
		const reached = { at: NOW, until: NOW - 2 * HOUR };
		expect(state.reached.slice(0, 2)).toEqual([reached, reached]);
		expect(state.reached[2]!.at).toBe(NOW - 10 * DAY);
		expect(state.cursor).toBe(NOW - MINUTE);
	});

	test('of a look back without an end the cursor is it', () => {
		const state = stateOf();
		finishPast(state, feedOf(), scanOf(NOW - HOUR), page());
		expect(state.reached[0]).toEqual({ at: NOW, until: NOW - MINUTE });
	});
});

describe('nothing is asked for that is older than', () => {
	const oldest = (state: Partial<PollState>, more: Partial<Feed<unknown>> = {}) =>
		oldestAsked(stateOf(state), feedOf(more));
	const cursor = NOW - MINUTE;
	const until = (moment: number) => ({
		reached: [1, 2, 3].map(() => ({ at: NOW, until: moment })),
	});

	test.each<[string, Partial<PollState>, Partial<Feed<unknown>>, number]>([
		['a day', until(cursor), {}, cursor - DAY],
		['what is kept', until(cursor), { keep: 3 * DAY }, cursor - 3 * DAY],
		['the longest step back', until(NOW - DAY), {}, NOW - DAY - 6 * HOUR],
		['the scan', { ...until(cursor), scan: scanOf(5) }, {}, 5],
		['the look back', { ...until(cursor), past: scanOf(6) }, {}, 6],
		['anything, before the first look back', {}, {}, 0],
	])('%s', (_what, state, more, expected) => {
		expect(oldest(state, more)).toBe(expected);
	});
});

describe('an entry', () => {
	const state = stateOf({ startedAt: NOW - DAY });
	const timed = (since: number, at: number, toldAt?: number, { first }: { first?: true } = {}) => {
		const sighting = { keys: ['a'], value: 1, since, at, ...(toldAt !== undefined && { toldAt }) };
		return withTime(sighting, state, scanOf(0, first && { first }));
	};
	const entry = { keys: ['a'], value: 1 };

	test('keeps the times that it tells', () => {
		const times = { since: 1, at: 2, toldAt: 3 };
		expect(timed(1, 2, 3)).toEqual({ ...entry, ...times });
		expect(timed(1, 2, 3, { first: true })).toEqual({ ...entry, ...times });
		expect(timed(1, 2)).toEqual({ ...entry, since: 1, at: 2, toldAt: 2 });
	});

	test('that tells one time alone has it for the others', () => {
		expect(timed(0, 2)).toEqual({ ...entry, since: 2, at: 2, toldAt: 2 });
		expect(timed(0, 2, 0)).toEqual({ ...entry, since: 2, at: 2, toldAt: 2 });
	});

	test('without a time is as new as the place that was reached, or as the switching on after it', () => {
		const { cursor } = state;
		expect(timed(0, 0)).toEqual({ ...entry, since: cursor, at: cursor, toldAt: cursor });
		const later = { ...state, startedAt: cursor + 1 };
		expect(withTime({ ...entry, since: 0, at: 0 }, later, scanOf(0))).toMatchObject({
			at: cursor + 1,
		});
	});

	test('without a time was there before, where the first scan meets it', () => {
		expect(timed(0, 0, undefined, { first: true })).toEqual({
			...entry,
			...{ since: state.cursor, at: 0, toldAt: 0 },
		});
	});
});
