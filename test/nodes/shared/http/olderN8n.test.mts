/** What can be told of a failed request on n8n before 2.33, which loses the true error: fields as recorded on 1.123.81 and 2.0.3. */
import {
	LOGIN_FAILED,
	LOGIN_MAY_PASS,
	TokenExchangeError,
} from '../../../../nodes/shared/auth/accessToken.ts';
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
	for (const context of [{}, undefined]) {
		expect(seen({ httpCode: '503', context })).toMatchObject({
			kind: 'answer',
			answer: { status: 503, text: '' },
		});
	}
});

test.each(['099', '600', '1404', '4040'])('%s is no status', (httpCode) => {
	expect(seen({ httpCode })).toEqual({ kind: 'lost', code: httpCode });
});

test('a code that is no text says nothing', () => {
	expect(seen({ httpCode: 404 })).toEqual({ kind: 'lost', code: '' });
});

test('the true error counts where it is there', () => {
	const cause = Object.assign(new Error('reset'), { code: 'ECONNRESET' });
	expect(seen({ httpCode: '404', cause })).toEqual({ kind: 'lost', code: 'ECONNRESET' });
});

test('a success whose body was cut off is lost', () => {
	expect(seen({ httpCode: '200', context: {} }).kind).toBe('lost');
});

test.each(['ECONNREFUSED', 'ENOTFOUND'])('%s never left', (httpCode) => {
	expect(seen({ httpCode })).toMatchObject({ kind: 'neverLeft', code: httpCode, mayPass: true });
});

test.each(['ECONNRESET', 'ECONNABORTED', 'EHOSTUNREACH', 'ENETUNREACH', undefined, null])(
	'%s is lost',
	(httpCode) => {
		expect(seen({ httpCode }).kind).toBe('lost');
	},
);

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

test.each([
	[LOGIN_FAILED, false],
	[LOGIN_MAY_PASS, true],
])('a login that ends with %s can be tried again: %j', (httpCode, retryable) => {
	expect(seen({ httpCode, message: 'No', description: 'Wait.' })).toEqual({
		...{ kind: 'neverLeft', code: '', mayPass: false },
		exchange: { message: 'No', description: 'Wait.', retryable },
	});
});

test.each([
	['login.acme.test is down', undefined, 'login.acme.test is down', ''],
	[undefined, 'Wait.', '', 'Wait.'],
])('a login that failed is told by as much as is there: %j, %j', (given, advice, message, kept) => {
	const { exchange } = seen({ httpCode: LOGIN_FAILED, message: given, description: advice }) as {
		exchange?: object;
	};
	expect(exchange).toEqual({ message, description: kept, retryable: false });
});
