/** States of a trigger that polls, scans and pages, at one moment. */
import type { PollState, Scan } from '../../../../nodes/shared/poll/cursor.ts';
import type { Feed, Page } from '../../../../nodes/shared/poll/feed.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const NOW = Date.parse('2026-11-20T12:00:00Z');

/** Looks back in steps of 40 and 160 minutes, and of 6 hours. */
export function feedOf(more: Partial<Feed<unknown>> = {}): Feed<unknown> {
	return {
		...{ event: 'new', what: 'new, red', lookBack: HOUR, keep: 0, pageSize: 10 },
		lateness: { least: 10 * MINUTE, most: 6 * HOUR },
		cost: { page: 0 },
		...more,
	} as Feed<unknown>;
}

/** Ten days old, and read up to a minute ago. */
export function stateOf(more: Partial<PollState> = {}): PollState {
	return {
		...{ event: 'new', what: 'new, red', switchedOnAt: NOW - 10 * DAY, startedAt: NOW - 10 * DAY },
		...{ cursor: NOW - MINUTE, knownFrom: 0, seen: {}, density: 0, readAt: 0, reached: [] },
		...more,
	};
}

export const page = (more: Partial<Page<unknown>> = {}): Page<unknown> => ({
	...{ sightings: [], rows: 7, mark: 'mark' },
	...more,
});
export const scanOf = (from: number, more: Partial<Scan> = {}): Scan => ({
	...{ from, rows: 0, pages: 0 },
	...more,
});
