import { createHash, createHmac, createPublicKey, verify, type KeyObject } from 'node:crypto';

import { parseJson, recordOf, textOf } from '../../shared/values';

/**
 * How eBay proves that a notification is its own, and how an address proves that it wants them.
 * @see https://developer.ebay.com/marketplace-account-deletion (challenge)
 * @see https://github.com/eBay/event-notification-nodejs-sdk (signature)
 */

/** What the header X-EBAY-SIGNATURE says. */
export interface NotificationSignature {
	/** Which of eBay's keys it was made with. */
	kid: string;
	/** As Node.js calls it: `sha1`. */
	digest: string;
	signature: Buffer;
}

/** Digests that a header may name, in eBay's words and in Node.js's. */
const digests: Readonly<Record<string, string>> = {
	SHA1: 'sha1',
	SHA256: 'sha256',
	SHA384: 'sha384',
	SHA512: 'sha512',
};
const KID = /^[\w-]{1,100}$/;
/** Letters of a header; a true one has about 250. */
const LONGEST_HEADER = 2000;

/** @returns what the header says; nothing where it is no signature of the kind that eBay makes */
export function signatureIn(header: unknown): NotificationSignature | undefined {
	if (typeof header !== 'string' || header.length > LONGEST_HEADER) return undefined;
	const said = recordOf(parseJson(Buffer.from(header, 'base64').toString('utf8')));
	const alg = textOf(said.alg)?.toUpperCase();
	const kid = textOf(said.kid);
	const digest = digests[(textOf(said.digest) ?? '').toUpperCase().replace('-', '')];
	const signature = Buffer.from(textOf(said.signature) ?? '', 'base64');
	if (alg !== 'ECDSA' || kid === undefined || !KID.test(kid)) return undefined;
	if (digest === undefined || signature.length === 0) return undefined;
	return { kid, digest, signature };
}

/**
 * @param said a key as getPublicKey gives it, with or without the lines that PEM wants
 * @returns the key; nothing where it is none on the curve P-256
 */
export function publicKeyIn(said: string): KeyObject | undefined {
	const der = Buffer.from(said.replace(/-----[A-Z ]+-----|\s/g, ''), 'base64');
	try {
		const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
		return key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? key : undefined;
	} catch {
		return undefined;
	}
}

/** @returns whether the body, byte for byte, is what the owner of the key signed (ECDSA, DER) */
export function isSigned(body: Buffer, said: NotificationSignature, key: KeyObject): boolean {
	try {
		return verify(said.digest, body, { key, dsaEncoding: 'der' }, said.signature);
	} catch {
		return false;
	}
}

/**
 * What an address and eBay know of each other. It is never stored: it follows from the application's
 * secret and the address, and tells neither.
 * @returns 64 letters of those that eBay takes (32 to 80 of A-Z, a-z, 0-9, _ and -)
 */
export function verificationTokenOf(clientSecret: string, endpoint: string): string {
	return createHmac('sha256', clientSecret).update(`ebay notifications ${endpoint}`).digest('hex');
}

/** @returns the answer to eBay's challenge, in hexadecimal */
export function challengeResponse(code: string, token: string, endpoint: string): string {
	return createHash('sha256').update(code).update(token).update(endpoint).digest('hex');
}
