import type { Feed, Page } from './poll';
import type { KeptKeys } from './seenKeys';

/** What a trigger keeps between polls. Times are milliseconds since 1970, by the marketplace's clock. */
export interface PollState {
	event: string;
	what: string;
	/** The activation: nothing from before it is handed over. */
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
	/** When the widest overlap was read last, by our own clock, how far it went, and in how many pages. */
	wideAt: number;
	wideUntil: number;
	widePages: number;
	/** The next scan begins here at the latest: the pages of the last one may have shifted. */
	again?: number;
	/** A scan that goes on in the next poll. */
	scan?: Scan;
}

/** From one point in time to as far as the list goes, over however many pages and polls. */
export interface Scan {
	from: number;
	next?: string;
	rows: number;
	pages: number;
	/** Over the widest overlap. */
	wide?: boolean;
	/** The one of the activation. */
	first?: true;
}

/** Between two scans over the widest overlap, at least. */
const WIDE_EVERY_MS = 15 * 60_000;
/** The share of a page that the overlap may fill. */
const OVERLAP_SHARE = 0.7;

/**
 * @param now where the marketplace's clock stands at the activation
 * @param before the state of an earlier activation: what was handed over stays known
 */
export function startOf<T>(feed: Feed<T>, now: number, before?: PollState): PollState {
	const { seen, knownFrom } = before?.event === feed.event ? before : { seen: {}, knownFrom: 0 };
	return {
		event: feed.event,
		what: feed.what,
		startedAt: now,
		cursor: now,
		knownFrom,
		seen,
		density: 0,
		readAt: 0,
		wideAt: Date.now(),
		wideUntil: now,
		widePages: 1,
		scan: { from: Math.max(0, now - feed.lookBack), rows: 0, pages: 0, first: true },
	};
}

/**
 * The next scan begins before the place reached: as far back as fits onto one page, and every
 * quarter of an hour (less often where that takes many pages) the whole way, which is from the last such scan on:
 * whatever is shown late by no more than `overlap.most` is met by one of them.
 */
export function begin<T>(state: PollState, feed: Feed<T>): Scan {
	const { least, most } = feed.overlap;
	const age = Date.now() - state.wideAt;
	const pause = Math.min(most, Math.max(WIDE_EVERY_MS, state.widePages * feed.pageCost));
	const wide = age < 0 || age >= pause || feed.hasSpare?.(state.widePages) === true;
	const fitting = (OVERLAP_SHARE * feed.pageSize) / Math.max(state.density, Number.MIN_VALUE);
	const overlap = Math.min(most, Math.max(least, fitting));
	const from = Math.min(
		state.again ?? Infinity,
		wide ? oldestFrom(state, feed) : state.cursor - overlap,
	);
	return { from: Math.max(0, Math.floor(from)), rows: 0, pages: 0, wide };
}

/** Where a scan may still begin: what is older is not asked for again. */
export function oldestFrom<T>({ cursor, wideUntil }: PollState, { overlap }: Feed<T>): number {
	return Math.min(cursor, wideUntil) - overlap.most;
}

/** Takes a page into account: the cursor moves once it was the last one. */
export function finish<T>(state: PollState, feed: Feed<T>, scan: Scan, page: Page<T>): void {
	scan.pages += 1;
	scan.rows += page.rows;
	scan.next = page.next;
	if (page.next !== undefined) return;

	const { from, rows, pages } = scan;
	const wide = scan.wide || from <= oldestFrom(state, feed);
	delete state.again;
	if (feed.shifts && pages > 1) state.again = state.cursor;
	state.cursor = Math.max(state.cursor, page.until ?? 0);
	state.density = rows / Math.max(1, state.cursor - from);
	if (wide) {
		Object.assign(state, { wideAt: Date.now(), wideUntil: state.cursor, widePages: pages });
	}
	delete state.scan;
}
