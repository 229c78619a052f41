import { MarketplaceError } from '../../shared/outcome';
import type { Connection } from './connection';

/**
 * Lists are read in pages of a size that eBay can bear, and nothing that eBay says of its pages is taken
 * at its word: each entry counts once, and a list that brings nothing new has ended.
 */

/** A smaller size after a page was too heavy, a larger one again after some that were not. */
class PageSize {
	private size: number;

	private good = 0;

	constructor(private readonly sizes: readonly number[]) {
		this.size = sizes[0]!;
	}

	/** @returns so many entries as may be asked for at this place */
	at(offset: number, most: number): number {
		if (this.good >= ENOUGH) this.go(-1);
		const fits = (size: number) => size <= Math.min(this.size, most) && offset % size === 0;
		return this.sizes.find(fits) ?? most;
	}

	came(): void {
		this.good += 1;
	}

	/** @returns whether there is a smaller size to ask for */
	wasTooHeavy(size: number): boolean {
		const smaller = this.sizes.find((one) => one < size);
		if (smaller === undefined) return false;
		this.size = smaller;
		this.good = 0;
		return true;
	}

	private go(by: number): void {
		this.size = this.sizes[this.sizes.indexOf(this.size) + by] ?? this.size;
		this.good = 0;
	}
}

/** After so many pages in a row that were not too heavy, a larger one is tried. */
const ENOUGH = 4;

const pageSizes = new WeakMap<Connection, Map<string, PageSize>>();

/** What one execution learned about the pages of a list. */
function pageSizeOf(connection: Connection, list: string, sizes: readonly number[]): PageSize {
	const known = pageSizes.get(connection) ?? new Map<string, PageSize>();
	pageSizes.set(connection, known);
	const pageSize = known.get(list) ?? new PageSize(sizes);
	known.set(list, pageSize);
	return pageSize;
}

/** A list of eBay's, and how many entries may be asked for at once. */
export interface List {
	name: string;
	/** The largest first; where pages are numbered, each a multiple of the next. */
	sizes: readonly number[];
}

/**
 * Asks for a page, and for a smaller one where it is too heavy for eBay or for us.
 *
 * @param offset entries before the page
 * @param most entries that are wanted at once
 * @returns beside the answer how many entries were asked for
 * @throws whatever `ask` throws, also where the smallest page is too heavy
 */
export async function askForPage<A>(
	connection: Connection,
	{ name, sizes }: List,
	offset: number,
	most: number,
	ask: (size: number) => Promise<A>,
): Promise<{ answer: A; size: number }> {
	const pageSize = pageSizeOf(connection, name, sizes);
	for (;;) {
		const size = pageSize.at(offset, most);
		try {
			const answer = await ask(size);
			pageSize.came();
			return { answer, size };
		} catch (error) {
			if (!isTooHeavy(error) || !pageSize.wasTooHeavy(size)) throw error as Error;
		}
	}
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

function isTooHeavy(error: unknown): boolean {
	if (!(error instanceof MarketplaceError)) return false;
	const { code } = error.details;
	return code === TOO_LONG_TO_MAKE || code === 'AnswerTooLarge';
}

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
