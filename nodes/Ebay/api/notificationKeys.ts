import type { KeyObject } from 'node:crypto';

import { publicKeyIn } from './notificationSignature';

/**
 * eBay's public keys, kept for an hour, as eBay asks for. What eBay does not know is kept as well, and of
 * such look-ups there is a bounded number: a stranger who invents names must not spend the quota.
 * @see https://developer.ebay.com/api-docs/commerce/notification/resources/public_key/methods/getPublicKey
 */
const KEEP_MS = 60 * 60_000;
const MOST_KEPT = 200;
/** Look-ups in an hour that found no key, for an API. */
const MOST_UNKNOWN = 60;

interface Kept {
	key: KeyObject | undefined;
	at: number;
}

const keptKeys = new Map<string, Map<string, Kept>>();

/**
 * @param api what tells one eBay from another: its address
 * @param ask getPublicKey; nothing for a name that eBay does not know
 * @returns the key; nothing where there is none of this name
 * @throws whatever `ask` throws: then nothing is known
 */
export async function publicKeyOf(
	api: string,
	kid: string,
	ask: (kid: string) => Promise<string | undefined>,
): Promise<KeyObject | undefined> {
	const keys = keptKeys.get(api) ?? new Map<string, Kept>();
	keptKeys.set(api, keys);
	for (const [name, { at }] of keys) if (Date.now() - at >= KEEP_MS) keys.delete(name);

	const known = keys.get(kid);
	if (known) return known.key;
	const unknown = [...keys.values()].filter(({ key }) => key === undefined);
	if (unknown.length >= MOST_UNKNOWN) return undefined;

	const said = await ask(kid);
	const key = said === undefined ? undefined : publicKeyIn(said);
	keys.set(kid, { key, at: Date.now() });
	if (keys.size > MOST_KEPT) keys.delete(keys.keys().next().value!);
	return key;
}
