/** Lists that have an end, and those that say again and again that they go on. */
import { finishPast, finishScan, type Scan } from '../../../../nodes/shared/poll/cursor.ts';
import { feedOf, HOUR, MINUTE, NOW, page, scanOf, stateOf } from './cursorStates.mts';

beforeEach(() => {
	jest.spyOn(Date, 'now').mockReturnValue(NOW);
});
afterEach(() => jest.restoreAllMocks());

describe('a list', () => {
	/** The page of a list that says that it goes on. */
	const of = (mark: string) => page({ mark, next: 'more', until: NOW });
	/** What is said after each page of a scan. */
	const after = (marks: string[], more: Partial<Scan> = {}) => {
		const state = stateOf();
		const scan = (state.scan = scanOf(NOW - HOUR, more));
		const ends = marks.map((mark) => finishScan(state, feedOf(), scan, of(mark)));
		return { state, scan, ends };
	};
	const times = (count: number, mark = 'same') => Array<string>(count).fill(mark);

	test('has no end once eight pages in a row were there before', () => {
		expect(after(times(8)).ends).toEqual(Array(8).fill(false));
		const { state, ends } = after(times(9));
		expect(ends.at(-1)).toBe(true);
		expect(state).toEqual(stateOf({ scan: undefined }));
	});

	test('without an end is begun again where the trigger looked for the first time', () => {
		const { state } = after(times(9), { first: true });
		expect(state.scan).toEqual({ ...scanOf(NOW - HOUR), first: true });
	});

	test('goes on where something new comes between pages that were there before', () => {
		const { ends } = after([...times(8), 'new', ...times(7)]);
		expect(ends).not.toContain(true);
	});

	test('that leads in a circle has no end, but one of more than a hundred pages is not found out', () => {
		const circle = (length: number) =>
			[...Array(length + 8).keys()].map((i) => `page ${i % length}`);
		expect(after(circle(100)).ends.at(-1)).toBe(true);
		const { scan, ends } = after(circle(101));
		expect(ends).not.toContain(true);
		expect(scan.marks).toHaveLength(100);
	});

	test('has an end where its last page says so, also after eight that were there before', () => {
		const { state, scan } = after(times(8));
		expect(finishScan(state, feedOf(), scan, page({ mark: 'same', until: NOW }))).toBe(false);
		expect(state.cursor).toBe(NOW);
	});

	test('without an end is looked back into as far as it can be', () => {
		const state = stateOf();
		const past = (state.past = scanOf(NOW - HOUR, { to: NOW - 2 * MINUTE }));
		const ends = times(9).map((mark) => finishPast(state, feedOf(), past, of(mark)));
		expect(ends).toEqual([...Array<boolean>(8).fill(false), true]);
		expect('past' in state).toBe(false);
		expect(state.reached[0]).toEqual({ at: NOW, until: NOW - 2 * MINUTE });
	});

	test('with an end is looked back into to its last page', () => {
		const past = scanOf(NOW - HOUR);
		expect(finishPast(stateOf(), feedOf(), past, page())).toBe(false);
	});
});
