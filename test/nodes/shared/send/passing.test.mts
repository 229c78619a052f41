/** Entries that were asked for and are part of nothing: when they go again. */
import { AGAIN_MS } from '../../../../nodes/shared/send/listEntries.ts';
import { Passing } from '../../../../nodes/shared/send/passing.ts';

const NOW = 1_000_000;
/** The second time that they go. */
const LATER_MS = 1000;

let passing: Passing;
beforeEach(() => (passing = new Passing()));

test('where nothing passes nothing goes, ever', () => {
	expect(passing.nextAt()).toBe(Infinity);
	expect(passing.take(NOW)).toEqual([]);
});

test('they go after a moment, once more a second later, and never again', () => {
	passing.add('m', ['a', 'b'], NOW);
	expect(passing.nextAt()).toBe(NOW + AGAIN_MS);
	expect(passing.take(NOW + AGAIN_MS - 1)).toEqual([]);
	expect(passing.take(NOW + AGAIN_MS)).toEqual(['a', 'b']);
	expect(passing.nextAt()).toBe(NOW + LATER_MS);
	expect(passing.take(NOW + LATER_MS - 1)).toEqual([]);
	expect(passing.take(NOW + LATER_MS)).toEqual(['a', 'b']);
	expect([passing.nextAt(), passing.take(NOW + 2 * LATER_MS)]).toEqual([Infinity, []]);
});

test('they go once where nobody came to take them for a second', () => {
	passing.add('m', ['a'], NOW);
	expect([passing.take(NOW + LATER_MS), passing.take(NOW + LATER_MS)]).toEqual([['a'], []]);
});

test('of one message they go together, each once, counted from the last', () => {
	passing.add('m', ['a', 'b'], NOW);
	passing.add('m', ['b', 'c'], NOW + 100);
	expect(passing.nextAt()).toBe(NOW + 100 + AGAIN_MS);
	expect(passing.take(NOW + 100 + AGAIN_MS)).toEqual(['a', 'b', 'c']);
});

test('what went for good does not go again with what comes later', () => {
	passing.add('m', ['a'], NOW);
	passing.take(NOW + LATER_MS);
	passing.add('m', ['b'], NOW + LATER_MS);
	expect(passing.take(NOW + 2 * LATER_MS)).toEqual(['b']);
});

test('of several messages each goes at its own time', () => {
	passing.add('m', ['a'], NOW);
	passing.add('n', ['b'], NOW + 100);
	expect(passing.take(NOW + AGAIN_MS)).toEqual(['a']);
	expect(passing.nextAt()).toBe(NOW + 100 + AGAIN_MS);
	expect(passing.take(NOW + LATER_MS)).toEqual(['a', 'b']);
});

test('no entries are nothing to wait for', () => {
	passing.add('m', [], NOW);
	expect(passing.nextAt()).toBe(Infinity);
});

test('they stay where they turn out to belong to a note', () => {
	passing.add('m', ['a'], NOW);
	passing.add('n', ['b'], NOW);
	passing.forget('m');
	expect(passing.take(NOW + LATER_MS)).toEqual(['b']);
});
