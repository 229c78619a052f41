/** How long a message may leave after it was begun. */
import { performance } from 'node:perf_hooks';

import { FOR_EVER, rightFrom, SETTLED_MS } from '../../../../nodes/shared/send/rightToSend.ts';

const MINUTE = 60_000;
const NOW = Date.UTC(2026, 10, 20);
let now: number;
let steady: number;
beforeEach(() => {
	[now, steady] = [NOW, 5_000];
	jest.spyOn(Date, 'now').mockImplementation(() => now);
	jest.spyOn(performance, 'now').mockImplementation(() => steady);
	jest.spyOn(globalThis.performance, 'now').mockImplementation(() => steady);
});
afterEach(() => jest.restoreAllMocks());

/** What both clocks show after a while. */
const after = (minutes: number, steadyMinutes = minutes) => {
	now = NOW + minutes * MINUTE;
	steady = 5_000 + steadyMinutes * MINUTE;
};

test('it may leave for eight minutes', () => {
	const right = rightFrom(NOW);
	after(7.99);
	expect(right.tooLate()).toBeUndefined();
	after(8);
	expect(right.tooLate()).toMatchObject({ retryable: true, code: 'TooLateToSend' });
});

test('a clock that is set back does not make it longer', () => {
	const right = rightFrom(NOW);
	after(-60, 8);
	expect(right.tooLate()).toBeDefined();
});

test('a machine that slept does not make it longer', () => {
	const right = rightFrom(NOW);
	after(60, 1);
	expect(right.tooLate()).toBeDefined();
});

test('what was begun some time ago has that much less', () => {
	const right = rightFrom(NOW - 7 * MINUTE);
	after(-60, 1.1);
	expect(right.tooLate()).toBeDefined();
});

test('its note can go only as long as nobody can have taken it over, also where clocks differ', () => {
	const right = rightFrom(NOW);
	after(11);
	expect(right.isAlone()).toBe(true);
	after(SETTLED_MS / MINUTE - 5);
	expect(right.isAlone()).toBe(false);
});

test('so long after its beginning nothing comes any more, as the page on reliability proves it', () => {
	expect(SETTLED_MS).toBe(25 * MINUTE);
});

test.each([
	['only too late, can run again', 8, /Run the item again\.$/],
	['only just still alone, can run again', 11.49, /Run the item again\.$/],
	[
		'so late that another run may have gone on with it, is in doubt',
		11.5,
		/in doubt.*'Look It Up'/,
	],
])('what is %s', (_what, minutes, expected) => {
	const right = rightFrom(NOW);
	after(minutes);
	const { message, description } = right.tooLate()!;
	expect(message).toContain('within 8 minutes');
	expect(description).toMatch(expected);
	expect(right.isAlone()).toBe(minutes < 11.5);
});

test('where duplicates are not prevented it never ends, and nobody else has it', () => {
	after(10_000);
	expect(FOR_EVER.tooLate()).toBeUndefined();
	expect(FOR_EVER.isAlone()).toBe(true);
});
