import { createHash } from 'node:crypto';

import { textOf } from '../values';

/**
 * What tells an entry of a list from another.
 *
 * @param entry all that stands in it: where it has no id, its fingerprint is taken, so that two such entries
 * are not one, and the same one is the same again
 * @param ids the names that it may have, the best first
 */
export function identityOf(entry: unknown, ...ids: unknown[]): string {
	const id = ids.map(textOf).find((one) => one !== undefined);
	return id ?? `like ${digestOf(entry).toString('hex').slice(0, 24)}`;
}

/** @returns eight letters that a page is known by: a list may bring the same one again, and have no end */
export function markOf(...page: unknown[]): string {
	return digestOf(page).subarray(0, 6).toString('base64url');
}

const digestOf = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest();
