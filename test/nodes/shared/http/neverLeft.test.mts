/** What failed before a byte of the request left is `notSent`, also of a send, and says so. */
import http, {
	createServer as httpServer,
	type ClientRequest,
	type RequestListener,
} from 'node:http';
import { createServer as httpsServer } from 'node:https';
import { createServer as tcpServer, type AddressInfo, type Server } from 'node:net';

import { MarketplaceError } from '../../../../nodes/shared/outcome.ts';
import { openGate } from '../../../../nodes/shared/http/request.ts';
import { resultOf } from '../../../../nodes/shared/http/response.ts';
import { certificate } from '../../../engine/certificate.mts';
import { protectFromSsrf, withContext } from '../../../engine/probe.mts';
import { quickTime } from '../../../engine/quickTime.mts';
import { acme } from './acme.mts';

const URL_OF_A_SEND = 'https://acme.example/messages';

/** As n8n throws it: the true error is a cause of its own. */
const thrown = (facts: object) =>
	Object.assign(new Error('n8n says'), { cause: Object.assign(new Error('the true one'), facts) });

describe('an error of the connection', () => {
	test.each(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'])(
		'%s is from before anything left, and another try may cure it',
		(code) => {
			expect(resultOf(thrown({ code }), URL_OF_A_SEND, 'Acme')).toMatchObject({
				kind: 'neverLeft',
				code,
				mayPass: true,
			});
		},
	);

	const unreachable = ['EHOSTUNREACH', 'ENETUNREACH'];

	test.each(unreachable)('%s while it was made is from before anything left', (code) => {
		expect(resultOf(thrown({ code, syscall: 'connect' }), URL_OF_A_SEND, 'Acme')).toMatchObject({
			kind: 'neverLeft',
			code,
			mayPass: true,
		});
	});

	test.each(unreachable)('%s at each address of a host is from before anything left', (code) => {
		const errors = [code, 'ECONNREFUSED'].map((each) =>
			Object.assign(new Error('one'), { code: each, syscall: 'connect' }),
		);
		const all = Object.assign(new AggregateError(errors), { code });
		expect(resultOf({ message: 'n8n says', cause: all }, URL_OF_A_SEND, 'Acme')).toMatchObject({
			kind: 'neverLeft',
			code,
		});
	});

	test.each(
		[...unreachable, 'ECONNREFUSED', 'ETIMEDOUT', 'ENETDOWN'].flatMap((code) =>
			['read', 'write', 'shutdown'].map((syscall) => [syscall, code]),
		),
	)('that was up (%s %s) may have taken the request with it', (syscall, code) => {
		expect(resultOf(thrown({ code, syscall }), URL_OF_A_SEND, 'Acme')).toEqual({
			kind: 'lost',
			code,
		});
	});

	test.each(unreachable)('%s of which nothing says when it was may be from after it', (code) => {
		expect(resultOf(thrown({ code }), URL_OF_A_SEND, 'Acme')).toEqual({ kind: 'lost', code });
	});

	// https://nodejs.org/api/tls.html#x509-certificate-error-codes
	test.each([
		...['UNABLE_TO_GET_ISSUER_CERT', 'UNABLE_TO_GET_CRL', 'UNABLE_TO_DECRYPT_CERT_SIGNATURE'],
		...['UNABLE_TO_DECRYPT_CRL_SIGNATURE', 'UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY'],
		...[
			'CERT_SIGNATURE_FAILURE',
			'CRL_SIGNATURE_FAILURE',
			'CERT_NOT_YET_VALID',
			'CERT_HAS_EXPIRED',
		],
		...['CRL_NOT_YET_VALID', 'CRL_HAS_EXPIRED', 'ERROR_IN_CERT_NOT_BEFORE_FIELD'],
		...['ERROR_IN_CERT_NOT_AFTER_FIELD', 'ERROR_IN_CRL_LAST_UPDATE_FIELD'],
		...['ERROR_IN_CRL_NEXT_UPDATE_FIELD', 'OUT_OF_MEM', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
		...['SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'],
		...['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'CERT_CHAIN_TOO_LONG', 'CERT_REVOKED', 'INVALID_CA'],
		...['PATH_LENGTH_EXCEEDED', 'INVALID_PURPOSE', 'CERT_UNTRUSTED', 'CERT_REJECTED'],
		...['HOSTNAME_MISMATCH', 'ERR_TLS_CERT_ALTNAME_INVALID', 'ERR_INVALID_URL'],
	])('%s is from before anything left, and stays', (code) => {
		expect(resultOf(thrown({ code }), URL_OF_A_SEND, 'Acme')).toMatchObject({
			kind: 'neverLeft',
			code,
			mayPass: false,
		});
	});

	test.each(['SsrfBlockedIpError', 'SsrfBlockedHostnameError', 'NodeOperationError'])(
		"%s is n8n's own refusal: nothing left",
		(name) => {
			expect(resultOf(thrown({ name }), URL_OF_A_SEND, 'Acme')).toMatchObject({
				kind: 'neverLeft',
				mayPass: false,
			});
		},
	);

	test.each(['connect', 'getaddrinfo'])('while it was made (%s) is from before too', (syscall) => {
		expect(resultOf(thrown({ code: 'ETIMEDOUT', syscall }), URL_OF_A_SEND, 'Acme')).toMatchObject({
			kind: 'neverLeft',
			mayPass: true,
		});
	});

	test.each(['ECONNRESET', 'ETIMEDOUT', 'ECONNABORTED', 'EPIPE', 'ERR_BAD_RESPONSE', 'EPROTO', ''])(
		'%s says nothing: the request may have arrived',
		(code) => {
			expect(resultOf(thrown({ code }), URL_OF_A_SEND, 'Acme').kind).toBe('lost');
		},
	);
});

describe('a send', () => {
	const servers: Server[] = [];
	let requests = 0;
	let backToNormal: () => void;
	beforeEach(() => {
		requests = 0;
		backToNormal = quickTime();
	});
	afterEach(async () => {
		backToNormal();
		await protectFromSsrf(false);
		await Promise.all(
			servers.splice(0).map(async (one) => await new Promise((closed) => one.close(closed))),
		);
	});

	const answer: RequestListener = (_request, response) => {
		requests += 1;
		response.end('{}');
	};

	async function portOf(server: Server): Promise<number> {
		servers.push(server);
		await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
		return (server.address() as AddressInfo).port;
	}

	async function send(url: string): Promise<MarketplaceError> {
		return await withContext(async (context) => {
			const request = { method: 'POST', url, body: '{"text":"Hello"}' } as const;
			const sending = openGate(context, '', 'test').askBare(acme, 'send', request);
			return await sending.then(
				() => Promise.reject(new Error('it was sent')),
				(error: unknown) => error as MarketplaceError,
			);
		});
	}

	test.each([
		['signed itself', undefined, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
		['nobody knows the issuer of', 'somebody', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
	])('to a server with a certificate that %s was not sent', async (_what, issuer, code) => {
		const port = await portOf(httpsServer(certificate(issuer), answer));
		const { details } = await send(`https://127.0.0.1:${port}/`);
		expect(details).toMatchObject({ outcome: 'notSent', retryable: false, code });
		expect(details.description).toContain(code);
		expect(requests).toBe(0);
	});

	test.each([
		['speaks no TLS', () => httpServer(answer)],
		['hangs up before TLS', () => tcpServer((socket) => socket.destroy())],
	])('over https to a server that %s was not sent', async (_what, server) => {
		const port = await portOf(server());
		const { details } = await send(`https://127.0.0.1:${port}/`);
		expect(details).toMatchObject({ outcome: 'notSent' });
		expect(requests).toBe(0);
	});

	test("to an address that n8n's SSRF protection forbids was not sent", async () => {
		const port = await portOf(httpServer(answer));
		await protectFromSsrf(true);
		const { details } = await send(`http://127.0.0.1:${port}/`);
		expect(details).toMatchObject({ outcome: 'notSent', retryable: false });
		expect(details.description).toMatch(/refused on your side/);
		expect(requests).toBe(0);
	});

	test.each(['http://', 'http://[::1', 'nonsense', 'http://127.0.0.1:99999/'])(
		'to %s, which is no address, was not sent',
		async (url) => {
			expect((await send(url)).details).toMatchObject({ outcome: 'notSent' });
		},
	);

	test.each([
		['read', 'EHOSTUNREACH'],
		['write', 'ENETUNREACH'],
	])('whose connection ended with %s %s leaves once', async (syscall, code) => {
		const request = jest.spyOn(http, 'request');
		const port = await portOf(
			httpServer(() => {
				requests += 1;
				const left = request.mock.results.at(-1)!.value as ClientRequest;
				left.destroy(Object.assign(new Error(`${syscall} ${code}`), { code, syscall }));
			}),
		);
		const { details } = await send(`http://127.0.0.1:${port}/`);
		request.mockRestore();
		expect(details).toMatchObject({ outcome: 'unknown', retryable: false, code });
		expect(requests).toBe(1);
	});

	test('that was cut off in the middle may have been sent', async () => {
		const port = await portOf(tcpServer((socket) => socket.once('data', () => socket.destroy())));
		expect((await send(`http://127.0.0.1:${port}/`)).details).toMatchObject({
			outcome: 'unknown',
			retryable: false,
		});
	});
});
