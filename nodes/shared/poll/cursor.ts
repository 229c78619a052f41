import { DAY_MS } from '../dates';
import type { Feed, Page, Sighting } from './feed';
import type { PassedOver } from './refusedEntries';
import type { KeptKeys } from './seenKeys';

/**
 * What a trigger keeps between polls, as plain JSON. Times are milliseconds since 1970, by the
 * marketplace's clock unless they say otherwise.
 *
 * n8n saves it on activation and on every emit; after a poll that found nothing it may be saved or not.
 * So nothing here says how long the workflow was off: `cursor` may be days old in a shop where little
 * happens. A stretch that was read before is simply read again, and `seen` makes that harmless.
 */
export interface PollState {
	event: string;
	what: string;
	/** The switching on that was taken into account last, by our own clock. */
	switchedOnAt: number;
	/** Nothing from before it is handed over. */
	startedAt: number;
	/** Everything up to here was read. */
	cursor: number;
	/** What is older is no longer remembered, so it counts as seen. */
	knownFrom: number;
	seen: KeptKeys;
	/** Entries a millisecond, in the last scan. */
	density: number;
	/** When a poll read last, by our own clock: for the time in between. */
	readAt: number;
	/** For each step back: when it was read last by our own clock, and how far. */
	reached: Array<{ at: number; until: number }>;
	/** The next scan begins here at the latest: the pages of the last one may have shifted. */
	again?: number;
	/** What is new, from a little before the cursor to as far as the list goes; may take several polls. */
	scan?: Scan;
	/** What may have been shown late, up to the cursor; read with what the scan leaves of a poll. */
	past?: Scan;
	/** Entries whose parts are refused. */
	refused?: PassedOver;
}

/** Over however many pages and polls. */
export interface Scan {
	from: number;
	to?: number;
	next?: string;
	rows: number;
	pages: number;
	/** Of those on the page whose parts were asked for again, the last one. */
	done?: string;
	/** The first one after a switching on: what it finds of before that is only remembered. */
	first?: true;
	/** What its last pages were known by. */
	marks?: string[];
	/** So many pages in a row were known already. */
	repeats?: number;
}

/** Between two looks back over the same stretch, at least. */
const LEAST_PAUSE_MS = 15 * 60_000;
/** Each step back is so many times as long as the one before. */
const STEP = 4;
/** The share of a page that the overlap of two scans may fill. */
const OVERLAP_SHARE = 0.7;
/** Where times have no part smaller than a second. */
const SECOND_MS = 1000;
/**
 * Pages in a row that were there before, after which a list is taken for one without an end. Where many entries
 * have the same moment, a list is read by several ways, and up to four pages are alike.
 */
const MOST_REPEATS = 8;
/** A list that leads in a circle of more pages is not found out. */
const MARKS_KEPT = 100;

/**
 * @param now where the marketplace's clock stood when the trigger was switched on
 * @param switchedOnAt by our own clock
 * @param before the state of other filters or of another event: what was handed over stays known
 */
export function startOf<T>(
	feed: Feed<T>,
	now: number,
	switchedOnAt: number,
	before: PollState | null,
): PollState {
	const { seen, knownFrom } = before?.event === feed.event ? before : { seen: {}, knownFrom: 0 };
	return {
		event: feed.event,
		what: feed.what,
		switchedOnAt,
		startedAt: now,
		cursor: now,
		knownFrom,
		seen,
		density: 0,
		readAt: 0,
		reached: [],
		scan: { from: Math.max(0, now - feed.lookBack), rows: 0, pages: 0, first: true },
	};
}

/**
 * After it was switched on again: what came in the last day and was not handed over is new, whatever the
 * cursor says, and nothing older is.
 */
export function switchedOn<T>(
	state: PollState,
	feed: Feed<T>,
	now: number,
	switchedOnAt: number,
): PollState {
	const floor = now - DAY_MS;
	const { cursor, scan } = state;
	const next: PollState = {
		...state,
		switchedOnAt,
		startedAt: Math.max(state.startedAt, floor),
		cursor: Math.max(cursor, floor),
		scan: scan?.first && restarted(scan),
	};
	if (feed.lookBackReads === 'others') return { ...next, past: firstPast(state, next, feed) };
	const past = { from: notBefore(next, floor), to: cursor, rows: 0, pages: 0 };
	return { ...next, past: past.from < cursor ? past : undefined };
}

/**
 * Of some entries that a look back by another time meets nobody tells when they came to be so. Where the trigger was
 * off for more than a day, one goes first that only remembers them.
 */
function firstPast<T>(before: PollState, { cursor }: PollState, feed: Feed<T>): Scan | undefined {
	if (Date.now() - before.readAt <= DAY_MS) return undefined;
	const from = Math.max(0, cursor - feed.lateness.most);
	return { from, to: cursor, rows: 0, pages: 0, first: true };
}

/** The same stretch from its beginning: the marketplace forgot the place in it. */
export function restarted({ from, to, first }: Scan): Scan {
	return { from, rows: 0, pages: 0, ...(to === undefined ? {} : { to }), ...(first && { first }) };
}

/**
 * Of an entry that tells no time nobody knows more than when it was met: what a first scan meets was there
 * before, and everything else is as new as the place that was reached.
 */
export function withTime<T>(
	{ since, at, toldAt = at, ...rest }: Sighting<T>,
	{ cursor, startedAt }: PollState,
	{ first }: Scan,
): Sighting<T> {
	const met = Math.max(cursor, startedAt);
	const isNew = first ? 0 : met;
	return { ...rest, since: since || at || met, at: at || isNew, toldAt: toldAt || at || isNew };
}

/** The scan for what is new begins before the cursor, as far back as fits onto one page. */
export function beginScan<T>(state: PollState, feed: Feed<T>): Scan {
	const { least, most } = feed.lateness;
	const fitting = (OVERLAP_SHARE * feed.pageSize) / Math.max(state.density, Number.MIN_VALUE);
	const overlap = Math.min(most, Math.max(least, fitting));
	const from = Math.min(state.again ?? Infinity, state.cursor - overlap);
	return { from: notBefore(state, from), rows: 0, pages: 0 };
}

/**
 * A look back for what was shown late: in steps, of which each is taken more seldom than the one before,
 * as far as its pages cost. The longest one begins where the last of its kind ended, so that whatever is
 * shown late by no more than `lateness.most` is met by one of them.
 *
 * @returns nothing where no step is due
 */
export function beginPast<T>(state: PollState, feed: Feed<T>): Scan | undefined {
	const steps = stepsOf(feed);
	const wait = (step: number) => {
		const rows = state.density * step;
		const { page, entry = 0 } = feed.cost;
		const costs = Math.ceil(rows / feed.pageSize) * page + rows * entry;
		const pause = Math.max(LEAST_PAUSE_MS, costs);
		return step === feed.lateness.most ? Math.min(step, pause) : pause;
	};
	for (const [i, step] of [...steps.entries()].reverse()) {
		const age = Date.now() - reachedOf(state, i).at;
		if (age >= 0 && age < wait(step)) continue;
		const from = fromOf(state, feed, i);
		if (from < state.cursor) return { from, to: state.cursor, rows: 0, pages: 0 };
	}
	return undefined;
}

/**
 * Takes a page of the scan into account: the cursor moves once it was the last one. A list without an end is
 * left, and begun again where it began: what came is known, and once the list ends nothing is missing.
 *
 * @returns whether the list has no end
 */
export function finishScan<T>(state: PollState, feed: Feed<T>, scan: Scan, page: Page<T>): boolean {
	if (goesOn(scan, page)) return false;
	if (isEndless(scan, page)) {
		state.scan = scan.first && restarted(scan);
		return true;
	}
	const before = state.cursor;
	delete state.scan;
	delete state.again;
	if (feed.shifts && scan.pages > 1) state.again = before;
	state.cursor = Math.max(before, page.until ?? 0);
	state.density = scan.rows / Math.max(1, state.cursor - scan.from);
	if (!feed.lookBackReads) noteReach(state, feed, scan.from, before);
	return false;
}

/**
 * Takes a page of a look back into account; one without an end has looked as far as it can.
 * @returns whether the list has no end
 */
export function finishPast<T>(state: PollState, feed: Feed<T>, past: Scan, page: Page<T>): boolean {
	if (goesOn(past, page)) return false;
	delete state.past;
	noteReach(state, feed, past.from, past.to ?? state.cursor);
	return isEndless(past, page);
}

/** What is older is read neither by a step back nor after a switching off and on. */
export function oldestAsked<T>(state: PollState, feed: Feed<T>): number {
	const { cursor, scan, past } = state;
	return Math.min(
		fromOf({ ...state, startedAt: 0 }, feed, stepsOf(feed).length - 1),
		cursor - Math.max(feed.keep, DAY_MS),
		scan?.from ?? Infinity,
		past?.from ?? Infinity,
	);
}

function goesOn<T>(scan: Scan, page: Page<T>): boolean {
	scan.pages += 1;
	scan.rows += page.rows;
	scan.next = page.next;
	delete scan.done;
	const marks = scan.marks ?? [];
	if (marks.includes(page.mark)) {
		scan.repeats = (scan.repeats ?? 0) + 1;
	} else {
		scan.marks = [...marks, page.mark].slice(-MARKS_KEPT);
		delete scan.repeats;
	}
	return page.next !== undefined && !isRepeating(scan);
}

const isRepeating = ({ repeats = 0 }: Scan) => repeats >= MOST_REPEATS;
const isEndless = <T>(scan: Scan, { next }: Page<T>) => next !== undefined && isRepeating(scan);

function noteReach<T>(state: PollState, feed: Feed<T>, from: number, until: number): void {
	state.reached = stepsOf(feed).map((_step, i) =>
		from <= fromOf({ ...state, cursor: until }, feed, i)
			? { at: Date.now(), until }
			: reachedOf(state, i),
	);
}

/** Where a look back of a step begins. */
function fromOf<T>(state: PollState, feed: Feed<T>, i: number): number {
	const steps = stepsOf(feed);
	const step = steps[i]!;
	if (feed.lookBackReads === 'others') return Math.max(0, state.cursor - step);
	const last = i === steps.length - 1;
	const until = last ? Math.min(state.cursor, reachedOf(state, i).until) : state.cursor;
	return notBefore(state, until - step);
}

/** A step that was never taken counts from the activation on. */
function reachedOf(
	{ reached, switchedOnAt, startedAt }: PollState,
	i: number,
): PollState['reached'][0] {
	return reached[i] ?? { at: switchedOnAt, until: startedAt };
}

/** What was before the activation is not handed over, so it need not be read. */
function notBefore({ startedAt }: PollState, from: number): number {
	return Math.max(0, startedAt - SECOND_MS, Math.floor(from));
}

/** Lengths of the steps back, the longest last. */
function stepsOf<T>({ lateness: { least, most }, lookBackReads }: Feed<T>): number[] {
	const steps: number[] = [];
	if (lookBackReads) return [most];
	for (let step = least * STEP; step < most; step *= STEP) steps.push(step);
	return [...steps, most];
}
