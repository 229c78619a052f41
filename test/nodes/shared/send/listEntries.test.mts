/** What stands in the list about a message, and when it is written again. */
import { beginningOf, beginningsBefore } from '../../../../nodes/shared/send/begun.ts';
import {
	AGAIN_MS,
	entriesOf,
	isNew,
	isOurs,
	openEntriesOf,
	openOf,
	othersNeed,
	READ_REPEATED_FOR_MS,
	REPEATED_FOR_MS,
	repeatedOf,
	takenOf,
	timesOf,
	wrote,
	type Ask,
	type Kept,
	type Look,
} from '../../../../nodes/shared/send/listEntries.ts';

const AT = Date.UTC(2026, 10, 20, 0, 7);
const noted: Look = {
	...{ noted: true, open: true, stands: false, taken: false },
	...{ mark: 'turn 2', took: 5 },
};
const asking = (more: Partial<Ask> = {}): Ask => ({
	...{ key: 'm', at: AT, done: () => undefined, failed: () => undefined },
	...more,
});
const kept = (more: Partial<Kept> = {}): Kept => ({
	...{ state: 'sent', since: AT, due: AT, until: AT + 1000, written: false, waiting: [] },
	...more,
});

describe('a message', () => {
	test('has entries that tell it from every other, and its states from each other', () => {
		const all = ['m', 'n'].flatMap((key) => [key, openOf(key), takenOf(key)]);
		expect(new Set(all).size).toBe(6);
		expect(all.every((entry) => entry.startsWith('m') || entry.startsWith('n'))).toBe(true);
	});

	test('is new where nobody noted or began it', () => {
		const of = (is: boolean, open: boolean) => isNew({ ...noted, noted: is, open });
		expect([of(false, false), of(true, false), of(false, true), of(true, true)]).toEqual([
			...[true, false, false, false],
		]);
	});

	test('on its way has its states beside it, and when it was begun where that is known', () => {
		expect(openEntriesOf('m', undefined)).toEqual([openOf('m'), takenOf('m')]);
		expect(openEntriesOf('m', AT)).toEqual([openOf('m'), takenOf('m'), ...beginningOf('m', AT)]);
	});
});

describe('who asks for a message', () => {
	test('notes it as open, and looks for the mark of its turn', () => {
		expect(entriesOf(asking())).toEqual(['m', openOf('m')]);
		expect(entriesOf(asking({ mark: 'turn 1' }))).toEqual(['turn 1', 'm', openOf('m')]);
	});

	test('says when it begins it, or asks for all that says when it was begun', () => {
		const now = AT + 5000;
		for (const what of [undefined, 'again'] as const) {
			expect(timesOf(asking({ what }), now)).toEqual(beginningOf('m', AT));
		}
		expect(timesOf(asking({ what: 'when' }), now)).toEqual(beginningsBefore('m', now));
	});

	test('has begun it where it was new, where its note stands, or where it begins it again', () => {
		expect(isOurs(asking(), { ...noted, noted: false, open: false })).toBe(true);
		expect(isOurs(asking(), { ...noted, stands: true })).toBe(true);
		expect(isOurs(asking({ what: 'again' }), noted)).toBe(true);
		expect(isOurs(asking(), noted)).toBe(false);
		expect(isOurs(asking({ what: 'when' }), noted)).toBe(false);
	});
});

describe('what is kept', () => {
	test('of a message on its way is all of its note', () => {
		for (const written of [false, true]) {
			expect(repeatedOf('m', kept({ state: 'taken', at: AT, written }))).toEqual([
				...['m', openOf('m'), takenOf('m')],
				...beginningOf('m', AT),
			]);
		}
	});

	test('of one that was sent is its name, once that was written', () => {
		expect(repeatedOf('m', kept({ written: true }))).toEqual(['m']);
		expect(repeatedOf('m', kept({ written: false }))).toEqual([]);
	});
});

describe('what was written', () => {
	beforeEach(() => jest.useFakeTimers({ now: AT }));
	afterEach(() => jest.useRealTimers());

	/** When it is written again, counted from now, so long after it came and before it ends. */
	const again = (age: number, left: number) => {
		const one = kept({ since: AT - age, until: AT + left });
		wrote(one);
		expect(one.written).toBe(true);
		return one.due - AT;
	};

	test('is written again soon, and then whenever its age has doubled', () => {
		expect([0, AGAIN_MS, AGAIN_MS + 1, 5000].map((age) => again(age, 60_000))).toEqual([
			...[AGAIN_MS, AGAIN_MS, AGAIN_MS + 1, 5000],
		]);
	});

	test('is written again as its time ends, and not soon after it', () => {
		expect([again(5000, 4000), again(5000, 5001), again(5000, 1)]).toEqual([4000, 5000, 1]);
		expect([again(5000, 0), again(5000, -1)]).toEqual([5000, 5000]);
	});

	test('is told to all who wait for it, once, with the error where it failed', () => {
		const told: unknown[] = [];
		const waiting = ['a', 'b'].map((name) => ({
			done: () => told.push(name),
			failed: (error: unknown) => told.push([name, error]),
		}));
		const one = kept({ waiting: [...waiting] });
		wrote(one);
		wrote(one);
		wrote(kept({ waiting: [waiting[0]!] }), 'no');
		expect(told).toEqual(['a', 'b', ['a', 'no']]);
		expect(one.waiting).toEqual([]);
	});
});

test('the times of the protocol are those of its proof', () => {
	expect([REPEATED_FOR_MS, READ_REPEATED_FOR_MS]).toEqual([660_000, 2_000]);
	// Their next repetition, and then a second or twice the call.
	expect([50, 120, 600].map(othersNeed)).toEqual([1_250, 1_250, 1_900]);
	expect(othersNeed(5_000)).toBe(15_100);
});
