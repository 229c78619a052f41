/** Reading answers from outside: each is looked at once, where it enters. */

export type Json = Record<string, unknown>;

export function isRecord(value: unknown): value is Json {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @returns whether a field for errors says that there is none: some write `false` or `{}` for it */
export function isNoError(said: unknown): boolean {
	return said === false || (isRecord(said) && Object.keys(said).length === 0);
}

/** @returns the value, or nothing where the text is not JSON (then nothing came, as far as we know) */
export function parseJson(text: string): unknown {
	try {
		// A byte order mark says nothing of what stands behind it.
		return JSON.parse(text.replace(/^\uFEFF/, '')) as unknown;
	} catch {
		return undefined;
	}
}

/** @returns a text that is not empty; a number as text */
export function textOf(value: unknown): string | undefined {
	if (typeof value === 'number') return String(value);
	return typeof value === 'string' && value !== '' ? value : undefined;
}

/** @returns the records of a list; what is no list, or no record, is left out */
export function recordsOf(value: unknown): Json[] {
	return Array.isArray(value) ? value.filter(isRecord) : [];
}

/** @returns how many entries a list has, also those that are none (`null`) */
export function entriesIn(value: unknown): number {
	return Array.isArray(value) ? value.length : 0;
}

/**
 * A list of an answer. One that is null, or left out, has no entries, unless the answer leads on, or tells
 * nothing of the list: who took that for "none" would lose entries for good.
 *
 * @param isTold whether the answer tells of the list otherwise
 * @returns nothing where there is no list
 */
export function listedIn(
	body: Json,
	name: string,
	isTold: boolean,
	leadsOn: boolean,
): unknown[] | undefined {
	const list = body[name] ?? null;
	if (list !== null) return Array.isArray(list) ? list : undefined;
	return leadsOn || !(isTold || name in body) ? undefined : [];
}

/** @returns the record, or an empty one */
export function recordOf(value: unknown): Json {
	return isRecord(value) ? value : {};
}

/**
 * @returns a word of a marketplace without what says nothing: its casing, what parts it (`PARTIALLY_SHIPPED`,
 * `PartiallyShipped`), the second l of `cancelled`; empty where it is none. Not for names and IDs.
 */
export function plainWord(said: unknown): string {
	const letters = (textOf(said) ?? '').toLowerCase().replace(/[\s_-]+/g, '');
	return letters.replace('cancell', 'cancel');
}

/** @returns whether a word that came in is one of these documented ones, however it is written */
export function isWord(said: unknown, ...words: string[]): boolean {
	const word = plainWord(said);
	return word !== '' && words.some((one) => plainWord(one) === word);
}

/** What a person counts as characters: an emoji is one, not two. */
export function codePointsIn(text: string): number {
	return [...text].length;
}

/** `a=b&c=d`, everything encoded; what is undefined is left out. */
export function queryOf(parameters: Record<string, string | number | undefined>): string {
	return Object.entries(parameters)
		.filter((entry): entry is [string, string | number] => entry[1] !== undefined)
		.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
		.join('&');
}

/** @returns the text of the first such element of an XML text that holds no other element */
export function elementIn(xml: string, name: string): string | undefined {
	return new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1]?.trim() || undefined;
}
