import { utcMsOf } from '../dates';
import { TWINS_WITHIN_MS } from './twins';

/**
 * When a message began to leave, by the marketplace's clock. Its answer to a look tells what its clock reads;
 * that answer may be as old as the look, so the time is rather too early than too late. What somebody else
 * sent within that time cannot be told from it.
 *
 * @param since by our clock, in milliseconds since 1970
 * @param date what the marketplace's clock read while it answered; ours counts where it does not tell
 */
export function sinceByTheirClock(since: number, date: string | undefined): number {
	const theirs = utcMsOf(date);
	return since + (theirs === undefined ? 0 : theirs - Date.now());
}

/** What there is of messages that look like the one that is looked for. */
export type Found<T> = { one: T } | 'none' | 'twins';

/**
 * The one message that left since then. One that is a little older may be the same or not: then nobody can
 * tell, as with two.
 *
 * @param alike with the time at which the marketplace took each, in milliseconds since 1970; one without is of
 * any time
 */
export function theOneSince<T extends { at?: number }>(
	alike: readonly T[],
	from: number,
): Found<T> {
	const near = alike.filter(({ at }) => at === undefined || at >= from - TWINS_WITHIN_MS);
	const [one] = near;
	if (near.length > 1) return 'twins';
	return one?.at !== undefined && latestOf(one.at) >= from ? { one } : 'none';
}

/** @returns the latest that a time may stand for: one in whole seconds may be almost one later */
export const latestOf = (at: number) => (at % 1000 === 0 ? at + 999 : at);
