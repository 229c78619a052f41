/** What people paste into a credential: with spaces, line ends or quotes around it, or percent-encoded. */

const AROUND = /^[\s"'`“”„‘’«»]+|[\s"'`“”„‘’«»]+$/g;

/** @returns the value without the spaces and quotes around it; no token or key begins or ends with one */
export function pasted(value: unknown): string {
	return String(value ?? '').replace(AROUND, '');
}

/** An address that is copied from an address is encoded twice. */
const MOST_TIMES = 3;

/** @returns the text as it was before a browser percent-encoded it; one that cannot be read stays as it is */
export function decoded(text: string): string {
	let left = text;
	for (let i = 0; i < MOST_TIMES && /%[0-9a-f]{2}/i.test(left); i++) {
		try {
			left = decodeURIComponent(left);
		} catch {
			return left;
		}
	}
	return left;
}
