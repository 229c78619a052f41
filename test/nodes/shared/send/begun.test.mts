/** When a message was begun, in entries that can get lost, or be too many. */
import { beginningOf, beginningsBefore, begunIn } from '../../../../nodes/shared/send/begun.ts';
import { seeded } from '../../../engine/seeded.mts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const NOW = Date.UTC(2026, 10, 20, 0, 7);
const spanOf = (...entries: string[]) => begunIn(new Set(entries), 'm', NOW);

test('it is known to five minutes, for a week', () => {
	for (const ago of [0, 4 * MINUTE, 8 * MINUTE, 67 * MINUTE, 3 * DAY, 7 * DAY]) {
		const at = NOW - ago;
		const { from, to } = spanOf(...beginningOf('m', at))!;
		expect(from).toBeLessThanOrEqual(at);
		expect(to).toBeGreaterThan(at);
		expect(to - from).toBe(5 * MINUTE);
	}
});

test('a clock that is ahead beyond midnight is understood', () => {
	const at = Date.UTC(2026, 10, 21, 0, 2);
	expect(spanOf(...beginningOf('m', at))).toEqual({ from: at - 2 * MINUTE, to: at + 3 * MINUTE });
});

test('who asks for all that it may be finds whatever it is', () => {
	for (const ago of [0, 5 * MINUTE, DAY, 7 * DAY]) {
		const asked = new Set(beginningsBefore('m', NOW));
		expect(beginningOf('m', NOW - ago).filter((entry) => !asked.has(entry))).toEqual([]);
	}
});

test('an entry too few, one of another message, or longer ago than a week makes it unknown', () => {
	const entries = beginningOf('m', NOW);
	for (const one of entries)
		expect(spanOf(...entries.filter((entry) => entry !== one))).toBeUndefined();
	expect(spanOf(...beginningOf('n', NOW))).toBeUndefined();
	expect(spanOf(...beginningOf('m', NOW - 8 * DAY))).toBeUndefined();
});

test('entries too many only make the span wider', () => {
	const random = seeded(1);
	const asked = beginningsBefore('m', NOW);
	for (let i = 0; i < 300; i++) {
		const at = NOW - random.below(7 * DAY);
		const more = asked.filter(() => random.chance(0.1));
		const { from, to } = spanOf(...beginningOf('m', at), ...more)!;
		expect(from).toBeLessThanOrEqual(at);
		expect(to).toBeGreaterThan(at);
	}
});
