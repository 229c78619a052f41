import { MarketplaceError, Throttled } from '../../shared/outcome';
import type { Stretch } from '../../shared/poll/feed';
import { parseJson, recordOf } from '../../shared/values';

/** How far behind eBay's clock a list is read: an order of several items is not whole at once. */
export const BEHIND_MS = 2 * 60_000;
const MINUTE_MS = 60_000;

/** A page of a list between two times. */
export interface Place {
	page: number;
	from: number;
	to: number;
	/** Entries on a page. */
	size: number;
}

/**
 * The end of a span has to be named in eBay's time, which only eBay's answers tell: ours is taken until
 * the first one came, and where it is behind, the rest is read right after.
 */
export class EbayClock {
	private ahead = 0;

	/** @param timestamp of an answer */
	heard(timestamp: string | undefined): void {
		const time = Date.parse(timestamp ?? '');
		if (!Number.isNaN(time)) this.ahead = time - Date.now();
	}

	now(): number {
		return Date.now() + this.ahead;
	}

	/**
	 * @param longest that eBay takes for a span, and how far back it looks at all (milliseconds)
	 * @returns which page to ask for
	 */
	place(
		{ from, to: last = Infinity, next }: Stretch,
		longest: number,
		oldest: number,
		pageSize: number,
	): Place {
		const { page, to, size } = recordOf(parseJson(next ?? '{}'));
		const start = Math.max(from, this.now() - oldest + MINUTE_MS);
		if (typeof page === 'number' && typeof to === 'number') {
			return { page, from: start, to, size: typeof size === 'number' ? size : pageSize };
		}
		const end = Math.min(this.now() - BEHIND_MS, start + longest - MINUTE_MS, last);
		return { page: 1, from: start, to: Math.max(end, start + 1000), size: pageSize };
	}

	/** What a page says about the scan it belongs to. */
	after(
		{ page, to, size }: Place,
		hasMore: boolean,
	): { next?: string; until: number; more: boolean } {
		const settled = this.now() - BEHIND_MS;
		return {
			next: hasMore ? JSON.stringify({ page: page + 1, to, size }) : undefined,
			until: Math.min(to, settled),
			more: settled - to > MINUTE_MS,
		};
	}
}

/** Errors that say that a page takes eBay too long. */
const TOO_HEAVY = ['21359', '219255'];

/**
 * Where eBay says that a page takes it too long, or it is larger than can be read, the same place is read
 * in smaller pages; the next scan begins with large ones again.
 *
 * @param smallest page that eBay takes
 */
export function lighter(
	{ page, to, size }: Place,
	smallest: number,
): (error: unknown) => { next: string } {
	return (error) => {
		if (!(error instanceof MarketplaceError)) throw error;
		const { code, httpStatus } = error.details;
		// An answer of more bytes than are read cannot be told from one that was cut off.
		const tooHeavy = code === undefined ? httpStatus === 200 : TOO_HEAVY.includes(code);
		if (!tooHeavy || size <= smallest) throw error;
		// A whole part of the size, so that no entry lies between two pages.
		const parts = [2, 3, 5, size].find((part) => size % part === 0) ?? size;
		return { next: JSON.stringify({ page: (page - 1) * parts + 1, to, size: size / parts }) };
	};
}

export const isoOf = (ms: number) => new Date(ms).toISOString();

/** Errors that say that the calls of a minute or a day are used up: to a send a refusal, to a poll a pause. */
const USED_UP = ['518', '21919144'];

/** @throws Throttled where eBay's limit of calls is used up, in whichever way eBay says it */
export async function asPoll<T>(answer: Promise<T>): Promise<T> {
	return await answer.catch((error: unknown) => {
		const limited = error instanceof MarketplaceError && USED_UP.includes(error.details.code ?? '');
		throw limited ? new Throttled(error.message, error.details) : error;
	});
}
