import { MarketplaceError } from './outcome';

/**
 * Lists are read in pages of a size that the marketplace, and we, can bear: smaller ones after a page was
 * too heavy, larger ones again later.
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

const pageSizes = new WeakMap<object, Map<string, PageSize>>();

/** What one execution learned about the pages of a list. */
function pageSizeOf(connection: object, list: string, sizes: readonly number[]): PageSize {
	const known = pageSizes.get(connection) ?? new Map<string, PageSize>();
	pageSizes.set(connection, known);
	const pageSize = known.get(list) ?? new PageSize(sizes);
	known.set(list, pageSize);
	return pageSize;
}

/** A list, and how many entries may be asked for at once. */
export interface List {
	name: string;
	/** The largest first; where pages are numbered, each a multiple of the next. */
	sizes: readonly number[];
	/** The marketplace's codes for a page that is too heavy for itself. */
	tooHeavy?: readonly string[];
}

/** Sizes for a list whose pages may be of any: each half of the one before. */
export function halvesOf(most: number): number[] {
	const sizes = [most];
	while (sizes.at(-1)! > 1) sizes.push(Math.ceil(sizes.at(-1)! / 2));
	return sizes;
}

/**
 * Asks for a page, and for a smaller one where it is too heavy for the marketplace or for us.
 *
 * @param connection what is learned is kept as long as this is
 *
 * @param offset entries before the page
 * @param most entries that are wanted at once
 * @returns beside the answer how many entries were asked for
 * @throws whatever `ask` throws, also where the smallest page is too heavy
 */
export async function askForPage<A>(
	connection: object,
	{ name, sizes, tooHeavy = [] }: List,
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
			if (!isTooHeavy(error, tooHeavy) || !pageSize.wasTooHeavy(size)) throw error as Error;
		}
	}
}

function isTooHeavy(error: unknown, codes: readonly string[]): boolean {
	if (!(error instanceof MarketplaceError)) return false;
	const { code = '' } = error.details;
	return code === 'AnswerTooLarge' || codes.includes(code);
}
