import { MarketplaceError } from '../outcome';
import { isRecord } from '../values';

/** Fields of a credential that hold a secret; n8n's own OAuth2 keeps its tokens one level down. */
const SECRET_FIELDS = new Set([
	'accessToken',
	'authToken',
	'clientSecret',
	'consentAddress',
	'consentRefreshToken',
	'refreshToken',
	'access_token',
	'id_token',
	'refresh_token',
]);

/** What is shorter could be a word of an ordinary sentence. */
const SHORTEST = 8;

/** @returns the secrets that a credential holds */
export function secretsIn(credentials: unknown): string[] {
	if (!isRecord(credentials)) return [];
	return Object.entries(credentials).flatMap(([name, value]) => {
		if (typeof value !== 'string') return secretsIn(value);
		return SECRET_FIELDS.has(name) ? [value.trim()] : [];
	});
}

/** @returns what makes an address a secret: its query, whole and in its parts */
export function secretsInUrl(url: string): string[] {
	const query = url.split('?').slice(1).join('?');
	const values = [...new URLSearchParams(query).values()];
	const inXml = query.replaceAll('&', '&amp;');
	const all = [query, inXml, ...values, ...values.map(encodeURIComponent)];
	return all.filter(({ length }) => length > 16);
}

/**
 * A marketplace may repeat in its error what it was sent: secrets are taken out of every text.
 * @returns the same error
 */
export function redact(error: unknown, secrets: string[]): unknown {
	if (!(error instanceof MarketplaceError)) return error;
	error.message = withoutSecrets(error.message, secrets);
	const { details } = error;
	for (const [name, value] of Object.entries(details)) {
		if (typeof value === 'string') {
			Object.assign(details, { [name]: withoutSecrets(value, secrets) });
		}
	}
	return error;
}

/** @returns the text with `…` in place of each secret */
export function withoutSecrets(text: string, secrets: string[]): string {
	const long = secrets.filter(({ length }) => length >= SHORTEST);
	// The longest first: one may be a part of another.
	long.sort((one, other) => other.length - one.length);
	return long.reduce((left, secret) => left.replaceAll(secret, '…'), text);
}
