import type { KeyObject } from 'node:crypto';

import { sleep } from 'n8n-workflow';

import { publicKeyIn } from './notificationSignature';

/**
 * eBay's public keys, kept for an hour, as eBay asks for. What eBay does not know is kept as well, and of
 * such look-ups there is a bounded number: a stranger who invents names must not spend the quota.
 * @see https://developer.ebay.com/api-docs/commerce/notification/resources/public_key/methods/getPublicKey
 */
const KEEP_MS = 60 * 60_000;
/** Look-ups in an hour that found no key, or have not yet, for an API. */
const MOST_UNKNOWN = 60;
/**
 * eBay waits three seconds for the answer to a notification, and then tries again: by then nothing may be
 * about to start (milliseconds).
 * @see https://developer.ebay.com/support/kb-article?KBid=407 "timed out after 3,000 milli-seconds"
 */
const ANSWER_WITHIN_MS = 2_500;

interface LookUp {
	at: number;
	key: Promise<KeyObject | undefined>;
	/** eBay has answered. */
	isOver: boolean;
}

interface Keys {
	lookUps: Map<string, LookUp>;
	/** Names that are eBay's: strangers cannot add any, and these are asked for whatever strangers do. */
	names: Set<string>;
}

const kept = new Map<string, Keys>();

/**
 * @param api what tells one eBay from another: its address
 * @param ask getPublicKey; nothing for a name that eBay does not know
 * @returns the key; nothing where there is none of this name
 * @throws whatever `ask` throws, and where it takes too long: then nothing is known, and the next one asks anew
 */
export async function publicKeyOf(
	api: string,
	kid: string,
	ask: (kid: string) => Promise<string | undefined>,
): Promise<KeyObject | undefined> {
	const keys = kept.get(api) ?? { lookUps: new Map<string, LookUp>(), names: new Set<string>() };
	kept.set(api, keys);
	const { lookUps, names } = keys;
	for (const [name, { at }] of lookUps) if (Date.now() - at >= KEEP_MS) lookUps.delete(name);

	const known = lookUps.get(kid);
	if (known) return await (known.isOver ? known.key : inTime(known.key));
	const unknown = [...lookUps.keys()].filter((name) => !names.has(name));
	if (!names.has(kid) && unknown.length >= MOST_UNKNOWN) return undefined;

	const lookUp: LookUp = { at: Date.now(), key: lookedUp(kid, ask), isOver: false };
	lookUps.set(kid, lookUp);
	lookUp.key.then(
		(key) => {
			lookUp.isOver = true;
			if (key) names.add(kid);
		},
		() => {
			if (lookUps.get(kid) === lookUp) lookUps.delete(kid);
		},
	);
	return await inTime(lookUp.key);
}

async function lookedUp(
	kid: string,
	ask: (kid: string) => Promise<string | undefined>,
): Promise<KeyObject | undefined> {
	const said = await ask(kid);
	return said === undefined ? undefined : publicKeyIn(said);
}

async function inTime<T>(answer: Promise<T>): Promise<T> {
	const tooLate = sleep(ANSWER_WITHIN_MS).then(() => {
		throw new Error('eBay did not tell its key in time');
	});
	return await Promise.race([answer, tooLate]);
}
