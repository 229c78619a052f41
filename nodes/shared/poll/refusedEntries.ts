import { LoginError, MarketplaceError, Refusal, Throttled } from '../outcome';

/**
 * Entries whose parts cannot be read while those of others can: a conversation that was deleted, a ticket that
 * belongs to somebody else by now. One of them must not keep a trigger from all the others for good.
 */

/** The marketplace refuses to show just this; the next try would be refused as well. */
const REFUSING: ReadonlySet<number | undefined> = new Set([400, 403, 404, 410, 422]);

/** Names of refused entries that a trigger remembers. */
const MOST_KEPT = 100;

/** What is asked for its parts. */
export interface Entry {
	/** What a person finds it by: `conversation 123`. */
	name: string;
	/** As it is now: another one once something new is in it. */
	key: string;
	/** What is refused together: that one of another kind can be read says nothing of it. */
	kind?: string;
}

/** The entries that were asked for their parts in one poll. */
export interface Reading {
	read: Entry[];
	refused: Array<Entry & { error: Error }>;
}

/**
 * @param name nothing where its parts are there without asking
 * @param key left out: its name
 */
export function entryOf(
	name: string | undefined,
	{ key = name ?? '', kind }: Partial<Omit<Entry, 'name'>> = {},
): Entry | undefined {
	return name === undefined ? undefined : { name, key, kind };
}

export const newReading = (): Reading => ({ read: [], refused: [] });

/** Entries that were passed over, by name: the key with which the log told of it last. */
export type PassedOver = Record<string, string>;

/**
 * @param entry nothing where nobody is asked, which tells nothing
 * @returns the parts of an entry; nothing where they are refused, by the marketplace or by the node itself, which
 * is noted
 * @throws everything else
 */
export async function unlessRefused<R>(
	{ read, refused }: Reading,
	entry: Entry | undefined,
	ask: () => Promise<R>,
): Promise<R | undefined> {
	if (entry === undefined) return await ask();
	try {
		const parts = await ask();
		read.push(entry);
		return parts;
	} catch (error) {
		if (!isRefused(error)) throw error as Error;
		refused.push({ ...entry, error });
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
 * Passes over the refused entries of a poll, where others of their kind could be read or they were passed over
 * before.
 *
 * @param known those that were passed over before
 * @param warn told of each of them, once, and again when something new is in it
 * @returns those to know from now on
 * @throws the first other refusal where nothing of its kind could be read: then it is the credential, a scope or
 * the seller's name
 */
export function passOver(
	{ read, refused }: Reading,
	known: PassedOver = {},
	warn: (words: string) => void = () => {},
): PassedOver {
	const isAlone = (one: Entry) => !read.some(({ kind }) => kind === one.kind);
	const first = refused.find((one) => !(one.name in known) && isAlone(one));
	if (first) throw first.error;
	const now = { ...known };
	for (const { name } of read) delete now[name];
	for (const { name, key, error } of refused) {
		if (now[name] !== key) {
			warn(
				`The ${name} cannot be read and is passed over, all others are read on: ${error.message}. It is tried again as long as the trigger looks back that far.`,
			);
		}
		// The latest stand last.
		delete now[name];
		now[name] = key;
	}
	return Object.fromEntries(Object.entries(now).slice(-MOST_KEPT));
}
