import { askForPage as askForFittingPage, type List } from '../../shared/pageSize';
import type { Connection } from './connection';

/**
 * Lists are read in pages of a size that eBay can bear, and nothing that eBay says of its pages is taken
 * at its word: each entry counts once, and a list that brings nothing new has ended.
 */

/** @returns the answer to a page, or to a smaller one where that is too heavy for eBay or for us */
export async function askForPage<A>(
	connection: Connection,
	list: List,
	offset: number,
	most: number,
	ask: (size: number) => Promise<A>,
): Promise<{ answer: A; size: number }> {
	const tooHeavy = [TOO_LONG_TO_MAKE];
	return await askForFittingPage(connection, { ...list, tooHeavy }, offset, most, ask);
}

/**
 * One page of a list that is paged by number, in one piece or, where that is too heavy, in several.
 *
 * @param page from 1, of `size` entries
 * @param ask for a page of another size
 */
export async function askInPieces<T, A extends { rows: T[]; hasMore: boolean }>(
	connection: Connection,
	list: List,
	page: number,
	size: number,
	ask: (page: number, size: number) => Promise<A>,
): Promise<A> {
	const rows: T[] = [];
	let last: A | undefined;
	for (let at = (page - 1) * size; at < page * size && (last?.hasMore ?? true);) {
		const piece = await askForPage(
			connection,
			list,
			at,
			size,
			async (now) => await ask(at / now + 1, now),
		);
		last = piece.answer;
		rows.push(...last.rows);
		at += piece.size;
	}
	return { ...last!, rows };
}

/** eBay could not make the page in its time. @see https://developer.ebay.com/support/knowledge-base/534 */
export const TOO_LONG_TO_MAKE = '219255';

/** Empty pages in a row after which none is asked for any more. */
const MOST_IDLE_PAGES = 3;

/**
 * Entries of a list up to a limit, each once, until the list ends or brings nothing new.
 *
 * @param keyOf tells one entry from another, also where it has no id
 * @param page `next` is where the list goes on; nothing after its last page
 */
export async function readList<T>(
	limit: number,
	keyOf: (row: T) => string,
	page: (offset: number) => Promise<{ rows: T[]; next?: number }>,
): Promise<T[]> {
	const found = new Map<string, T>();
	let idlePages = 0;
	for (let offset: number | undefined = 0; offset !== undefined && found.size < limit;) {
		const { rows, next }: { rows: T[]; next?: number } = await page(offset);
		const before = found.size;
		for (const row of rows) if (!found.has(keyOf(row))) found.set(keyOf(row), row);
		// A page may be empty and more come behind it; a list that goes on without anything new does not end.
		idlePages = found.size > before ? 0 : idlePages + 1;
		const goesOn = rows.length === 0 ? idlePages < MOST_IDLE_PAGES : idlePages === 0;
		offset = goesOn && next !== undefined && next > offset ? next : undefined;
	}
	return [...found.values()].slice(0, limit);
}
