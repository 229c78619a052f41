import { createSign, generateKeyPairSync } from 'node:crypto';

import fastCheck from 'fast-check';

import {
	isSigned,
	publicKeyIn,
	signatureIn,
} from '../../../../nodes/Ebay/api/notificationSignature.ts';

const pair = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const { privateKey, publicKey } = pair();
const key = publicKeyIn(publicKey.export({ format: 'der', type: 'spki' }).toString('base64'))!;
const stranger = pair();

const KID = 'key-of-ebay';
const body = Buffer.from('{"notification":{"notificationId":"n1"}}');

const signed = (what = body, digest = 'sha1', by = privateKey) =>
	createSign(digest).update(what).sign(by);

const headerOf = (said: unknown) => Buffer.from(JSON.stringify(said)).toString('base64');

const said = (more: object = {}) => ({
	alg: 'ecdsa',
	kid: KID,
	signature: signed().toString('base64'),
	digest: 'SHA1',
	...more,
});

/** As a notification is looked at: what the header says, the key of that name, the body. */
function passes(header: unknown, what = body): boolean {
	const found = signatureIn(header);
	return found !== undefined && found.kid === KID && isSigned(what, found, key);
}

function nothingPasses(headers: fastCheck.Arbitrary<unknown>): void {
	fastCheck.assert(
		fastCheck.property(headers, (header) => expect(passes(header)).toBe(false)),
		{ numRuns: 500 },
	);
}

const base64Of = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

/** The bytes with one of them changed. */
const changedIn = (bytes: Buffer) =>
	fastCheck
		.tuple(fastCheck.nat(bytes.length - 1), fastCheck.integer({ min: 1, max: 255 }))
		.map(([place, change]) => {
			const changed = Buffer.from(bytes);
			changed[place]! ^= change;
			return changed;
		});

it('of eBay passes, with each digest that it may name', () => {
	const digests = ['sha1', 'sha256', 'sha384', 'sha512'];
	const headers = digests.map((digest) =>
		headerOf(said({ digest, signature: signed(body, digest).toString('base64') })),
	);
	expect(headers.map((header) => passes(header))).toEqual([true, true, true, true]);
});

describe('no header passes that holds', () => {
	it('anything', () => nothingPasses(fastCheck.anything()));

	it('letters', () => nothingPasses(fastCheck.string()));

	it('bytes', () => nothingPasses(fastCheck.uint8Array({ maxLength: 400 }).map(base64Of)));

	it('JSON of any shape', () => nothingPasses(fastCheck.jsonValue().map(headerOf)));

	it('a true one that is cut off', () => {
		const header = headerOf(said());
		const whole = Buffer.from(header, 'base64').length;
		const cut = fastCheck.nat(header.length - 1).map((length) => header.slice(0, length));
		nothingPasses(cut.filter((one) => Buffer.from(one, 'base64').length < whole));
	});

	it('a true one with a field of another type or value', () => {
		const field = fastCheck.constantFrom('alg', 'kid', 'signature', 'digest');
		const true_ = said() as Record<string, unknown>;
		const changed = fastCheck
			.tuple(field, fastCheck.jsonValue())
			.filter(([name, value]) => value !== true_[name])
			.map(([name, value]) => headerOf(said({ [name]: value })));
		nothingPasses(changed);
	});

	it('a true one in a list, or inside another object', () => {
		const inside = fastCheck.constantFrom([said()], { said: said() }, JSON.stringify(said()));
		nothingPasses(inside.map(headerOf));
	});

	it('a true signature under the name of another digest', () => {
		const others = fastCheck.constantFrom('SHA256', 'SHA384', 'SHA512', 'MD5', 'none', '', null);
		nothingPasses(others.map((digest) => headerOf(said({ digest }))));
	});

	it('a signature with a byte changed', () => {
		const changed = changedIn(signed()).map((bytes) => base64Of(bytes));
		nothingPasses(changed.map((signature) => headerOf(said({ signature }))));
	});

	it("a stranger's signature of the same body", () => {
		const digests = fastCheck.constantFrom('sha1', 'sha256', 'sha384', 'sha512');
		const strange = digests.map((digest) => ({
			digest,
			signature: base64Of(signed(body, digest, stranger.privateKey)),
		}));
		nothingPasses(strange.map((one) => headerOf(said(one))));
	});
});

it('a true header passes with no other body', () => {
	const header = headerOf(said());
	fastCheck.assert(
		fastCheck.property(changedIn(body), (forged) => {
			expect(passes(header, forged)).toBe(false);
		}),
	);
	expect(passes(header)).toBe(true);
});
