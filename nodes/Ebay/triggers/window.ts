import { MINUTE_MS, utcMsOf } from '../../shared/dates';
import { MarketplaceError, Throttled } from '../../shared/outcome';
import type { Stretch } from '../../shared/poll/feed';
import { parseJson, recordOf } from '../../shared/values';

/** How far behind eBay's clock a list is read: an order of several items is not whole at once. */
export const BEHIND_MS = 2 * 60_000;

/** How late eBay may show an order, a question or a message, in hours. */
export const LOOK_BACK_HOURS = 6;

/** A page of a list between two times. */
export interface Place {
	page: number;
	from: number;
	to: number;
}

/**
 * The end of a span has to be named in eBay's time, which only eBay's answers tell: ours is taken until
 * the first one came, and where it is behind, the rest is read right after.
 */
export class EbayClock {
	private ahead = 0;

	/** @param timestamp of an answer */
	heard(timestamp: string | undefined): void {
		const time = utcMsOf(timestamp);
		if (time !== undefined) this.ahead = time - Date.now();
	}

	now(): number {
		return Date.now() + this.ahead;
	}

	/**
	 * @param longest that eBay takes for a span, and how far back it looks at all (milliseconds)
	 * @returns which page to ask for
	 */
	place({ from, to: last = Infinity, next }: Stretch, longest: number, oldest: number): Place {
		const { page, to } = recordOf(parseJson(next ?? '{}'));
		const start = Math.max(from, this.now() - oldest + MINUTE_MS);
		if (typeof page === 'number' && typeof to === 'number') return { page, from: start, to };
		const end = Math.min(this.now() - BEHIND_MS, start + longest - MINUTE_MS, last);
		return { page: 1, from: start, to: Math.max(end, start + 1000) };
	}

	/** What a page says about the scan it belongs to. */
	after({ page, to }: Place, hasMore: boolean): { next?: string; until: number; more: boolean } {
		const settled = this.now() - BEHIND_MS;
		return {
			next: hasMore ? JSON.stringify({ page: page + 1, to }) : undefined,
			until: Math.min(to, settled),
			more: settled - to > MINUTE_MS,
		};
	}
}

export const isoOf = (ms: number) => new Date(ms).toISOString();

/** The calls for this seller are used up, nobody says for how long: to a send a refusal, to a poll a pause. */
const USED_UP = '21919144';

/** @throws Throttled where eBay's limit of calls is used up, in whichever way eBay says it */
export async function asPoll<T>(answer: Promise<T>): Promise<T> {
	return await answer.catch((error: unknown) => {
		const limited = error instanceof MarketplaceError && error.details.code === USED_UP;
		throw limited ? new Throttled(error.message, error.details) : error;
	});
}
