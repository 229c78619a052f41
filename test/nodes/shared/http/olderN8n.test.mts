/** What can be told of a failed request on n8n before 2.33, which loses the true error: fields as recorded on 1.123.81 and 2.0.3. */
import { LOGIN_FAILED, TokenExchangeError } from '../../../../nodes/shared/auth/accessToken.ts';
import { resultOf } from '../../../../nodes/shared/http/response.ts';

const URL_OF_A_SEND = 'https://acme.test/messages';

const thrown = (fields: object) =>
	Object.assign(new Error('Something'), { name: 'NodeApiError', cause: undefined, ...fields });
const seen = (fields: object) => resultOf(thrown(fields), URL_OF_A_SEND, 'Acme');

test('an answer is known by its status, and its body is there', () => {
	const data = Buffer.from('{"errors":[{"code":"X"}]}');
	const result = seen({ httpCode: '404', context: { data } });
	expect(result).toMatchObject({ kind: 'answer', answer: { status: 404, bytes: data } });
});

test('an answer without a body is known by its status', () => {
	expect(seen({ httpCode: '503', context: {} })).toMatchObject({
		kind: 'answer',
		answer: { status: 503, text: '' },
	});
});

test('a success whose body was cut off is lost', () => {
	expect(seen({ httpCode: '200', context: {} }).kind).toBe('lost');
});

test.each(['ECONNREFUSED', 'ENOTFOUND'])('%s never left', (httpCode) => {
	expect(seen({ httpCode })).toMatchObject({ kind: 'neverLeft', code: httpCode, mayPass: true });
});

test.each(['ECONNRESET', 'ECONNABORTED', undefined, null])('%s is lost', (httpCode) => {
	expect(seen({ httpCode }).kind).toBe('lost');
});

test('a login that failed is told in its own words', () => {
	const { message, description, error_code } = new TokenExchangeError(
		"Acme does not know this 'Client ID'",
		{ retryable: false, description: 'Copy it anew.' },
		"Acme does not know this 'Client ID'. Copy it anew.",
	);
	expect(error_code).toBe(LOGIN_FAILED);
	expect(seen({ httpCode: error_code, message, description })).toMatchObject({
		kind: 'neverLeft',
		exchange: {
			message: "Acme does not know this 'Client ID'",
			description: 'Copy it anew.',
			retryable: false,
		},
	});
});
