/** What n8n's HTTP client gives, or throws, as an answer; without a server. */
import {
	isTooLarge,
	isWithoutBody,
	jsonOf,
	responseOf,
	resultOf,
	retryAfterMs,
} from '../../../../nodes/shared/http/response.ts';
import { answer } from '../../../engine/answer.mts';

const MB = 1024 * 1024;
const URL_OF_A_SEND = 'https://acme.example/messages';
const seen = (error: unknown) => resultOf(error, URL_OF_A_SEND, 'Acme');

describe('the body of an answer', () => {
	test.each<[string, { body?: unknown; data?: unknown }, string]>([
		['as bytes', { body: Buffer.from('ação') }, 'ação'],
		['as an array buffer', { data: new Uint8Array([104, 105]).buffer }, 'hi'],
		['as a text', { body: 'text' }, 'text'],
		['that the client has parsed', { data: { a: [1] } }, '{"a":[1]}'],
		['before the other place', { body: 'one', data: 'other' }, 'one'],
		['that is not there', {}, ''],
	])('is read %s', (_how, given, text) => {
		const response = responseOf({ statusCode: 200, ...given });
		expect(response.text).toBe(text);
		expect(response.bytes).toEqual(Buffer.from(text));
	});

	test('is no text over 8 MB', () => {
		const of = (bytes: number) => responseOf({ body: Buffer.alloc(bytes, 'x') }).text.length;
		expect([of(8 * MB), of(8 * MB + 1)]).toEqual([8 * MB, 0]);
	});

	test('is too large over 8 MB, and over 32 MB where it is a file', () => {
		const is = (bytes: number, wanted?: 'text' | 'bytes') =>
			isTooLarge({ ...answer(200), bytes: { length: bytes } as Buffer }, wanted);
		expect([is(8 * MB), is(8 * MB + 1), is(8 * MB + 1, 'text')]).toEqual([false, true, true]);
		expect([is(32 * MB, 'bytes'), is(32 * MB + 1, 'bytes')]).toEqual([false, true]);
	});
});

test('the status stands in either of two places, and headers go by names in lower case', () => {
	expect(responseOf({ statusCode: 201, status: 400 }).status).toBe(201);
	expect(responseOf({ status: 404 }).status).toBe(404);
	expect(responseOf({}).status).toBe(0);
	expect(responseOf({ headers: { 'Retry-After': 5, Date: 'now' } }).headers).toEqual({
		'retry-after': '5',
		date: 'now',
	});
});

describe('an answer that is looked into', () => {
	test('is read once, whoever asks', () => {
		const one = responseOf({ body: '{"id":1}' });
		const parse = jest.spyOn(JSON, 'parse');
		expect([jsonOf(one), jsonOf(one)]).toEqual([{ id: 1 }, { id: 1 }]);
		expect(parse).toHaveBeenCalledTimes(1);
		parse.mockRestore();
	});

	test('and is no JSON says nothing, however often', () => {
		const one = responseOf({ body: '{"id":' });
		expect([jsonOf(one), jsonOf(one)]).toEqual([undefined, undefined]);
	});
});

describe('an answer is known to be empty', () => {
	test.each<[string, number, string, Record<string, string>, boolean]>([
		['by 204', 204, '', {}, true],
		['by 205', 205, '', {}, true],
		['by chunks that ended', 200, '', { 'transfer-encoding': 'gzip, Chunked' }, true],
		['by a length of 0', 200, '', { 'content-length': '0' }, true],
		['by blanks of the length that was announced', 200, '\r\n', { 'content-length': '2' }, true],
		['by blanks that are chunks', 200, ' '.repeat(16), { 'transfer-encoding': 'chunked' }, true],
		['not by more blanks', 200, ' '.repeat(17), { 'transfer-encoding': 'chunked' }, false],
		['not where less came than was announced', 200, '', { 'content-length': '2' }, false],
		['not by 204 with a length that did not come', 204, '', { 'content-length': '2' }, false],
		['not by 200 alone', 200, '', {}, false],
		['not by words that have it in them', 200, '', { 'transfer-encoding': 'unchunked' }, false],
		['not with a body', 204, '{}', {}, false],
	])('%s', (_how, status, body, headers, isEmpty) => {
		expect(isWithoutBody(responseOf({ statusCode: status, body, headers }))).toBe(isEmpty);
	});
});

describe('the wait that a marketplace asks for', () => {
	const of = (said?: string) => {
		const ms = retryAfterMs(answer(429, '', said === undefined ? {} : { 'retry-after': said }));
		return ms === undefined ? undefined : Math.round(ms / 1000);
	};

	test.each([
		['5', 5],
		['0', 0],
		['12.5', 13],
		['12.25', 12],
		['2020-01-01', 0],
		['x5', undefined],
		['5x', undefined],
		['soon', undefined],
		['', undefined],
		['Wed, 01 Jan 2020 00:00:00 GMT', 0],
		[undefined, undefined],
	])('%j is %j seconds', (said, seconds) => {
		expect(of(said)).toBe(seconds);
	});

	test.each([
		['Wed, 01 Jan 2020 00:00:05 GMT', 5],
		['Wed, 01 Jan 2020 03:00:00 GMT', 10_800],
		['Tue, 31 Dec 2019 23:00:00 GMT', 0],
		['7', 7],
	])('as %s goes by the clock of whoever answers, however wrong ours is', (said, seconds) => {
		const headers = { 'retry-after': said, date: 'Wed, 01 Jan 2020 00:00:00 GMT' };
		expect(retryAfterMs(answer(429, '', headers))).toBe(seconds * 1000);
	});

	test.each(['', 'soon', '0', '-1', '2020'])('goes by ours where the answer’s is %j', (date) => {
		const inAMinute = new Date(Date.now() + 60_000).toUTCString();
		const ms = retryAfterMs(answer(429, '', { 'retry-after': inAMinute, date }))!;
		expect(Math.abs(ms - 60_000)).toBeLessThan(2000);
	});

	test('is a time, too', () => {
		const inAMinute = new Date(Date.now() + 60_000).toUTCString();
		expect([58, 59, 60]).toContain(of(inAMinute));
	});
});

describe('what n8n throws', () => {
	const causes = (depth: number, facts: object): Error =>
		Object.assign(new Error('no'), depth === 0 ? facts : { cause: causes(depth - 1, facts) });

	test('is looked through, six causes deep', () => {
		const response = { status: 404, headers: { A: 'b' }, data: 'No' };
		expect(seen(causes(5, { response }))).toMatchObject({
			kind: 'answer',
			answer: { status: 404, headers: { a: 'b' }, text: 'No' },
		});
		expect(seen(causes(6, { response })).kind).toBe('lost');
	});

	test('of nothing at all is lost', () => {
		expect(seen(undefined)).toEqual({ kind: 'lost', code: '' });
	});

	test.each([
		[199, 'answer'],
		[200, 'lost'],
		[299, 'lost'],
		[300, 'answer'],
	])('with the status %d is: %s', (status, kind) => {
		expect(seen(causes(1, { code: 'ERR_BAD_RESPONSE', response: { status } })).kind).toBe(kind);
	});

	test('of a body that was cut off keeps its code', () => {
		const error = causes(1, { code: 'ECONNABORTED', response: { status: 200 } });
		expect(seen(error)).toEqual({ kind: 'lost', code: 'ECONNABORTED' });
	});

	test.each([
		'Client network socket disconnected before secure TLS connection was established',
		'error:0A00010B:SSL routines::wrong version number',
		'unsupported protocol',
		'tlsv1 alert protocol version',
		'sslv3 alert handshake failure',
	])('where TLS could not be agreed on never left: %s', (message) => {
		const error = Object.assign(new Error('no'), { cause: new Error(message) });
		expect(seen(error)).toEqual({ kind: 'neverLeft', code: '', mayPass: false });
	});

	test('of a number for a code, or a status that is none, is lost', () => {
		expect(seen(causes(1, { code: 5 }))).toEqual({ kind: 'lost', code: '' });
		expect(seen(causes(1, { response: { status: 'no' } })).kind).toBe('lost');
	});

	test('of a login tells why, with its code where it has one', () => {
		const tokenExchange = { message: 'No', description: 'Log in.', code: 'invalid_grant' };
		expect(seen(causes(2, { tokenExchange }))).toEqual({
			...{ kind: 'neverLeft', code: 'invalid_grant', mayPass: false },
			exchange: tokenExchange,
		});
		expect(seen(causes(1, { tokenExchange: { message: 'No' } }))).toMatchObject({ code: '' });
	});

	test("of n8n's own login tells why, with OAuth's code where it has one", () => {
		expect(seen(causes(1, { body: { error: 'invalid_grant' } }))).toMatchObject({
			...{ kind: 'neverLeft', code: 'invalid_grant', mayPass: false },
			exchange: { code: 'invalid_grant', retryable: false },
		});
		expect(seen(new Error('OAuth credentials not connected'))).toMatchObject({
			...{ kind: 'neverLeft', code: '', mayPass: false },
			exchange: { message: 'The credential is not connected to Acme' },
		});
	});

	test('of a login that was not reached is told as every address that is not', () => {
		const config = { url: 'https://login.acme.example/token' };
		const code = 'ECONNREFUSED';
		expect(seen(causes(1, { config }))).toMatchObject({ exchange: { retryable: true } });
		expect(seen(causes(1, { config, code, syscall: 'connect' }))).toEqual({
			...{ kind: 'neverLeft', code, mayPass: true },
		});
	});
});
