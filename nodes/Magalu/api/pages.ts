import { utcMsOf } from '../../shared/dates';
import { MarketplaceError } from '../../shared/outcome';
import { askForPage, halvesOf } from '../../shared/pageSize';
import { jsonOf } from '../../shared/http/response';
import type { HttpResponse } from '../../shared/http/service';
import { isRecord, listedIn, recordOf, recordsOf, textOf, type Json } from '../../shared/values';
import { requestIdOf } from './errors';

/**
 * One page of a list, as Magalu served it: it may hold more rows than were asked for, or fewer, and the
 * next one begins after as many entries as came. There is no total.
 */
export interface Page {
	rows: Json[];
	/** How many entries it has: of those that are none (`null`) there is no row. */
	entries: number;
	/** Whether there may be another page: this one is as long as it was asked to be, or Magalu names a next. */
	full: boolean;
	/** Magalu's clock, to the second, as the answer's header tells it: milliseconds since 1970. */
	date?: number;
}

/**
 * @param limit rows that were asked for
 * @throws MarketplaceError where the answer holds no list
 */
export function pageOf(answer: HttpResponse, limit: number): Page {
	const date = utcMsOf(answer.headers.date);
	// A complete 2xx without a body lists nothing.
	if (answer.bytes.length === 0) return { rows: [], entries: 0, full: false, date };
	const body = recordOf(jsonOf(answer));
	// Both may be null, or left out.
	const { meta } = body;
	const next = textOf(recordOf(recordOf(meta).links).next);
	const told = recordOf(recordOf(meta).page);
	// Without a total a next page may be named by habit.
	const leadsOn = next !== undefined && textOf(told.count) !== '0';
	const results = listedIn(body, 'results', isRecord(meta), leadsOn);
	if (!results) throw unreadableError(answer);
	const entries = results.length;
	// Magalu may serve fewer than it was asked for, and says so.
	const served = Number(told.limit);
	const wanted = served >= 1 ? Math.min(served, limit) : limit;
	const full = entries > 0 && (entries >= wanted || next !== undefined);
	return { rows: recordsOf(results), entries, date, full };
}

/**
 * @param list what it lists
 * @param limit rows that are wanted
 * @returns the page, or a smaller one where that is too heavy: the next one begins after as many rows as came
 */
export async function inSmallerPages(
	connection: object,
	list: string,
	limit: number,
	ask: (limit: number) => Promise<Page>,
): Promise<Page> {
	const sizes = { name: `${list} ${limit}`, sizes: halvesOf(limit) };
	return (await askForPage(connection, sizes, 0, limit, ask)).answer;
}

/** @returns what tells an entry from another: its id, or else all that stands in it */
export function keyOf(row: Json): string {
	const id = textOf(row.id);
	return id === undefined ? JSON.stringify(row) : `id ${id}`;
}

/**
 * @param proofs fields of which one at least has to be there
 * @throws MarketplaceError where the answer is no such object
 */
export function objectOf(answer: HttpResponse, proofs = ['id']): Json {
	const body = recordOf(jsonOf(answer));
	if (proofs.every((name) => body[name] === undefined || body[name] === null)) {
		throw unreadableError(answer);
	}
	return body;
}

function unreadableError(answer: HttpResponse): MarketplaceError {
	return new MarketplaceError('Magalu gave an answer that cannot be read', {
		outcome: 'notSent',
		retryable: true,
		httpStatus: answer.status,
		requestId: requestIdOf(answer),
		marketplace: 'magalu',
		description: 'Try again later.',
	});
}

/** @returns the date with its zone (`2026-12-31T18:00:00.000Z`), or null */
export function isoOf(value: unknown): string | null {
	const ms = utcMsOf(value);
	return ms === undefined ? null : new Date(ms).toISOString();
}
