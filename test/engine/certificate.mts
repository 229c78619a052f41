import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';

/** Certificates for servers of tests, made in the moment: nobody trusts them. */

/** One value of DER (ITU-T X.690): its tag, its length, what is in it. */
function der(tag: number, ...parts: Buffer[]): Buffer {
	const content = Buffer.concat(parts);
	const { length } = content;
	const size =
		length < 128
			? [length]
			: length < 256
				? [0x81, length]
				: [0x82, Math.floor(length / 256), length % 256];
	return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const sequence = (...parts: Buffer[]) => der(0x30, ...parts);
const text = (tag: number, value: string) => der(tag, Buffer.from(value));
/** Object identifiers, encoded already. */
const COMMON_NAME = Buffer.from('0603550403', 'hex');
const SUBJECT_ALT_NAME = Buffer.from('0603551d11', 'hex');
const ECDSA_WITH_SHA256 = sequence(Buffer.from('06082a8648ce3d040302', 'hex'));

const nameOf = (name: string) => sequence(der(0x31, sequence(COMMON_NAME, text(0x0c, name))));

export interface TestCertificate {
	/** PEM. */
	key: string;
	cert: string;
}

/**
 * A certificate for 127.0.0.1 (RFC 5280), good for a hundred years.
 * @param issuer whose name stands on it; left out, it signs itself
 */
export function certificate(issuer?: string): TestCertificate {
	const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
	const signer: KeyObject = issuer
		? generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
		: privateKey;
	const validity = sequence(text(0x18, '20200101000000Z'), text(0x18, '21200101000000Z'));
	const address = der(0x87, Buffer.from([127, 0, 0, 1]));
	const extensions = sequence(sequence(SUBJECT_ALT_NAME, der(0x04, sequence(address))));
	const body = sequence(
		der(0xa0, der(0x02, Buffer.from([2]))),
		der(0x02, Buffer.from([1])),
		ECDSA_WITH_SHA256,
		nameOf(issuer ?? 'test'),
		validity,
		nameOf('test'),
		publicKey.export({ type: 'spki', format: 'der' }),
		der(0xa3, extensions),
	);
	const signature = der(0x03, Buffer.from([0]), sign('sha256', body, signer));
	const whole = sequence(body, ECDSA_WITH_SHA256, signature).toString('base64');
	const lines = whole.replace(/(.{64})/g, '$1\n');
	return {
		key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
		cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
	};
}
