import { MINUTE_MS } from '../../shared/dates';
import { MarketplaceError } from '../../shared/outcome';

/**
 * Data sets of orders that nobody chose and that are good to have. For hours Amazon can refuse one that it
 * documents, for the most part in words that name none: then the orders come without it, and with the others.
 * @see https://github.com/amzn/selling-partner-api-models/issues/5365
 */

/** So long after a refusal it is not asked for again: a search costs three minutes of the limit. */
const REMEMBERED_MS = 10 * MINUTE_MS;

/** What to ask for without, until when, for each set of useful data. */
type Learned = Map<string, { without: string[]; until: number }>;

const learnedBy = new WeakMap<object, Learned>();

/** The data that a request wants. */
export interface WantedData {
	/** What the account learned is kept as long as this is: the lane of the operation. */
	memory: object;
	/** Never left out. */
	chosen: readonly string[];
	/** None of the chosen. */
	useful: readonly string[];
}

/** @returns what is asked for without at the moment, since Amazon refused it lately */
export function leftOut({ memory, useful }: WantedData): string[] {
	const known = learnedBy.get(memory)?.get(useful.join());
	return known && Date.now() < known.until ? known.without : [];
}

/**
 * Takes in that Amazon refused a request, for the next one of the account.
 *
 * @param without what it was asked for without
 * @returns what may be left out as well: what Amazon's words name, else one data set after the other, at last
 * all; nothing where the refusal is not about any of them
 */
export function learn(
	{ memory, chosen, useful }: WantedData,
	without: string[],
	error: unknown,
): string[] | undefined {
	if (!(error instanceof MarketplaceError) || error.details.httpStatus !== 400) return undefined;
	const next = nextOf(chosen, useful, without, error.details.marketplaceMessage ?? '');
	const learned: Learned = learnedBy.get(memory) ?? new Map();
	learnedBy.set(memory, learned);
	if (next) learned.set(useful.join(), { without: next, until: Date.now() + REMEMBERED_MS });
	else learned.delete(useful.join());
	return next;
}

/**
 * Asks with all useful data, or with as much of it as Amazon gives.
 *
 * @returns the answer, and what it came without
 * @throws whatever `ask` throws, where it is not about the useful data
 */
export async function withUsefulData<A>(
	wanted: WantedData,
	ask: (without: string[]) => Promise<A>,
): Promise<{ answer: A; without: string[] }> {
	for (let without = leftOut(wanted); ;) {
		try {
			return { answer: await ask(without), without };
		} catch (error) {
			const next = learn(wanted, without, error);
			if (!next) throw error as Error;
			without = next;
		}
	}
}

function nextOf(
	chosen: readonly string[],
	useful: readonly string[],
	without: readonly string[],
	words: string,
): string[] | undefined {
	const named = useful.filter((name) => !without.includes(name) && isNamed(name, words));
	if (named.length > 0) return [...without, ...named];
	if (chosen.some((name) => isNamed(name, words)) || OF_SOMETHING_ELSE.test(words))
		return undefined;
	const oneLess = useful.length > 1 ? useful.map((name) => [name]) : [];
	const steps = [[], ...oneLess, ...(useful.length > 0 ? [[...useful]] : [])];
	const at = steps.findIndex((step) => step.join() === without.join());
	if (at >= 0) return steps[at + 1];
	return without.length < useful.length ? [...useful] : undefined;
}

/** Other parameters of the two requests. */
const OF_SOMETHING_ELSE =
	/\b(created|last ?updated)(after|before)\b|\b(marketplace ?ids?|fulfillment ?statuses|fulfilled ?by|max ?results ?per ?page|pagination ?token|order ?id)\b/i;

/** `FULFILLMENT_ORDERS` may be written in words; `fulfillmentStatuses` is something else. */
function isNamed(name: string, words: string): boolean {
	return new RegExp(`\\b${name.replaceAll('_', '[ _]?')}\\b`, 'i').test(words);
}
