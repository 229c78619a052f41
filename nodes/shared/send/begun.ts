import { DAY_MS, HOUR_MS, MINUTE_MS } from '../dates';

/**
 * When a message was begun, in entries of a list that tells of each only whether it is there, and in which
 * who asks for one adds it: day, hour and slot, one entry each. An entry too many makes the span wider, and
 * one too few makes it unknown: nothing that gets lost makes a message look older than it is.
 */

/** Milliseconds since 1970, by the clock of the process that began it: not before the one, before the other. */
export interface Begun {
	from: number;
	to: number;
}

const SLOT_MS = 5 * MINUTE_MS;
/** Older ones are not told from each other (days). */
const REACH_DAYS = 7;

const dayOf = (at: number) => Math.floor(at / DAY_MS);
const hourOf = (at: number) => Math.floor((at % DAY_MS) / HOUR_MS);
const slotOf = (at: number) => Math.floor((at % HOUR_MS) / SLOT_MS);

const dayEntry = (key: string, day: number) => `${key} day ${day}`;
const hourEntry = (key: string, hour: number) => `${key} hour ${hour}`;
const slotEntry = (key: string, slot: number) => `${key} slot ${slot}`;

/** @returns what says that a message was begun at this time */
export const beginningOf = (key: string, at: number): string[] => [
	dayEntry(key, dayOf(at)),
	hourEntry(key, hourOf(at)),
	slotEntry(key, slotOf(at)),
];

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);

/** Tomorrow is one of them: another process's clock may be ahead. */
const daysAround = (now: number) => upTo(REACH_DAYS + 2).map((i) => dayOf(now) - REACH_DAYS + i);
const HOURS = upTo(DAY_MS / HOUR_MS);
const SLOTS = upTo(HOUR_MS / SLOT_MS);

/** @returns what has to be asked for, to find out when a message was begun */
export const beginningsBefore = (key: string, now: number): string[] => [
	...daysAround(now).map((day) => dayEntry(key, day)),
	...HOURS.map((hour) => hourEntry(key, hour)),
	...SLOTS.map((slot) => slotEntry(key, slot)),
];

/**
 * @param there which of them were there
 * @returns nothing where that is not known, or longer ago than a week
 */
export function begunIn(there: ReadonlySet<string>, key: string, now: number): Begun | undefined {
	const days = daysAround(now).filter((day) => there.has(dayEntry(key, day)));
	const hours = HOURS.filter((hour) => there.has(hourEntry(key, hour)));
	const slots = SLOTS.filter((slot) => there.has(slotEntry(key, slot)));
	const at = (i: number) => days.at(i)! * DAY_MS + hours.at(i)! * HOUR_MS + slots.at(i)! * SLOT_MS;
	const isKnown = days.length > 0 && hours.length > 0 && slots.length > 0;
	return isKnown ? { from: at(0), to: at(-1) + SLOT_MS } : undefined;
}
