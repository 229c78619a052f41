/** Which of the messages that a marketplace shows is the one that is looked for. */
import { sinceByTheirClock, theOneSince } from '../../../../nodes/shared/send/since.ts';

const NOW = Date.UTC(2026, 10, 20, 12, 0, 0, 250);
const FROM = NOW;
beforeEach(() => void jest.spyOn(Date, 'now').mockReturnValue(NOW));
afterEach(() => jest.restoreAllMocks());

const iso = (ms: number) => new Date(ms).toISOString();

describe('when a message began to leave', () => {
	test.each([
		['the same', 0],
		['ahead', 3_600_000],
		['behind', -3_600_000],
	])('is told by a clock that is %s', (_what, ms) => {
		expect(sinceByTheirClock(NOW - 5000, iso(NOW + ms))).toBe(NOW - 5000 + ms);
	});

	test.each([undefined, '', 'soon'])('is told by ours where theirs says %p', (date) => {
		expect(sinceByTheirClock(NOW - 5000, date)).toBe(NOW - 5000);
	});
});

describe('of messages that look the same', () => {
	const at = (...times: Array<number | undefined>) => times.map((time) => ({ at: time }));

	test.each([
		['the one that came later', at(FROM + 400), { one: { at: FROM + 400 } }],
		['the one of the same second', at(FROM - 250), { one: { at: FROM - 250 } }],
		['the one of the same moment', at(FROM), { one: { at: FROM } }],
		['none where it is told to the millisecond, and older', at(FROM - 1), 'none'],
		['none where there is none', [], 'none'],
		['none where it is a second older', at(FROM - 1001), 'none'],
		['none where it has no time', at(undefined), 'none'],
		['the later one of two', at(FROM + 1, FROM - 60_001), { one: { at: FROM + 1 } }],
		['nobody knows which of two later ones', at(FROM + 1, FROM + 90_000), 'twins'],
		['nobody knows which of two in a minute', at(FROM + 1, FROM - 60_000), 'twins'],
		['nobody knows where one has no time', at(FROM + 1, undefined), 'twins'],
	])('it is %s', (_what, alike, expected) => {
		expect(theOneSince(alike, FROM)).toEqual(expected);
	});
});
