import { LoginError, MarketplaceError, Refusal, Throttled } from '../outcome';

/**
 * Entries whose parts cannot be read while those of others can: a conversation that was deleted, a ticket that
 * belongs to somebody else by now. One of them must not keep a trigger from all the others for good.
 */

/** The marketplace refuses to show just this; the next try would be refused as well. */
const REFUSING: ReadonlySet<number | undefined> = new Set([400, 403, 404, 410, 422]);

/** Names of refused entries that a trigger remembers. */
const MOST_KEPT = 100;

/** The entries that were asked for their parts in one poll, by name. */
export interface Reading {
	read: Set<string>;
	/** And why. */
	refused: Map<string, Error>;
}

export const newReading = (): Reading => ({ read: new Set(), refused: new Map() });

/**
 * @param name what a person finds the entry by: `conversation 123`; nothing where nobody is asked, which tells nothing
 * @returns the parts of an entry; nothing where they are refused, by the marketplace or by the node itself, which
 * is noted
 * @throws everything else
 */
export async function unlessRefused<R>(
	{ read, refused }: Reading,
	name: string | undefined,
	ask: () => Promise<R>,
): Promise<R | undefined> {
	if (name === undefined) return await ask();
	try {
		const parts = await ask();
		read.add(name);
		return parts;
	} catch (error) {
		if (!isRefused(error)) throw error as Error;
		refused.set(name, error);
		return undefined;
	}
}

/** A login that fails is refused with 400 as well, and is not about one entry. */
function isRefused(error: unknown): error is Error {
	if (error instanceof Refusal) return true;
	if (!(error instanceof MarketplaceError)) return false;
	if (error instanceof Throttled || error instanceof LoginError) return false;
	return REFUSING.has(error.details.httpStatus);
}

/**
 * Passes over the refused entries of a poll, where others could be read or they were passed over before.
 *
 * @param known the names of those that were passed over before
 * @param warn told of each other one, once
 * @returns the names to know from now on
 * @throws the first refusal where nothing could be read: then it is the credential, a scope or the seller's name
 */
export function passOver(
	{ read, refused }: Reading,
	known: string[] = [],
	warn: (words: string) => void = () => {},
): string[] {
	const unknown = [...refused].filter(([name]) => !known.includes(name));
	const [first] = unknown;
	if (first && read.size === 0) throw first[1];
	for (const [name, { message }] of unknown) {
		warn(
			`The ${name} cannot be read and is passed over, all others are read on: ${message}. It is tried again as long as the trigger looks back that far.`,
		);
	}
	const still = known.filter((name) => !read.has(name));
	return [...new Set([...still, ...refused.keys()])].slice(-MOST_KEPT);
}
