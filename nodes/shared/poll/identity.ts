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
	return (
		id ?? `like ${createHash('sha256').update(JSON.stringify(entry)).digest('hex').slice(0, 24)}`
	);
}
