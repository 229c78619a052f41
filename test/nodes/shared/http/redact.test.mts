/** What is taken out of every text that a seller sees. */
import { redact, secretsIn, secretsInUrl } from '../../../../nodes/shared/http/redact.ts';
import { MarketplaceError } from '../../../../nodes/shared/outcome.ts';

/** Fields of the three credentials that hold a secret, n8n's own OAuth2 included. */
const SECRET = [
	...['accessToken', 'authToken', 'clientSecret', 'refreshToken'],
	...['consentAddress', 'consentRefreshToken'],
	...['access_token', 'refresh_token', 'id_token'],
];

test.each(SECRET)('%s is a secret, at the top and one level down', (field) => {
	expect(secretsIn({ [field]: ' a secret ', clientId: 'no secret' })).toEqual(['a secret']);
	expect(secretsIn({ oauthTokenData: { [field]: 'a secret', scope: 'read' } })).toEqual([
		'a secret',
	]);
});

test.each([undefined, null, 'text', 5, []])('%j holds none', (credentials) => {
	expect(secretsIn(credentials)).toEqual([]);
});

const errorSaying = (text: string) =>
	new MarketplaceError(`No: ${text}`, {
		outcome: 'notSent',
		retryable: false,
		marketplace: 'amazon',
		code: text,
		requestId: text,
		marketplaceMessage: text,
		description: text,
	});

test('a secret stands in no text of an error', () => {
	const error = errorSaying('it is 12345678, or 1234567890');
	redact(error, ['12345678', '1234567890']);
	expect(JSON.stringify([error.message, error.details])).not.toMatch(/1234/);
	expect(error.message).toBe('No: it is …, or …');
});

test('an error that tells nothing of a marketplace stays as it is', () => {
	for (const error of [new Error('12345678'), '12345678', undefined]) {
		expect(redact(error, ['12345678'])).toBe(error);
	}
});

test('a word of seven letters may be an ordinary one', () => {
	const error = errorSaying('invalid');
	redact(error, ['invalid']);
	expect(error.details.code).toBe('invalid');
});

test('a short value of an address is no secret: it may be a word of the error', () => {
	const of = (value: string) => secretsInUrl(`https://acme.example/?v=${value}`);
	expect(of('x'.repeat(14))).toEqual([]);
	expect(of('x'.repeat(15))).toEqual(new Array(2).fill(`v=${'x'.repeat(15)}`));
});

test('the query of an address begins at its first question mark', () => {
	expect(secretsInUrl('https://acme.example/?v=1?2345678901234567')).toContain(
		'v=1?2345678901234567',
	);
});

test('the query of a signed address is a secret, whole, in its parts, and as XML writes it', () => {
	const url =
		'https://bucket.example/key?X-Sig=abc%2Fdefghijklmnopqrst&X-Cred=AKIDEXAMPLE1234567890&v=1';
	const error = errorSaying(
		`${url} ${url.replaceAll('&', '&amp;')} abc/defghijklmnopqrst AKIDEXAMPLE1234567890 v=1`,
	);
	redact(error, secretsInUrl(url));
	const text = JSON.stringify([error.message, error.details]);
	expect(text).not.toMatch(/X-Sig|X-Cred|defghij|AKID/);
	expect(text).toContain('https://bucket.example/key?…');
});
