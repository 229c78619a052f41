import { LOGIN_FAILED, LOGIN_MAY_PASS } from '../auth/accessToken';
import { oAuth2FailureOf, type LoginFailure } from '../auth/oAuth2Errors';
import { parseJson, recordsOf } from '../values';
import type { HttpResponse } from './service';

/** What came back on a request, or what became of one that nothing came back on. */
export type RequestResult =
	/** `token`: a fingerprint of the one that it was asked with. */
	| { kind: 'answer'; answer: HttpResponse; token?: string }
	| { kind: 'neverLeft'; code: string; mayPass: boolean; exchange?: LoginFailure }
	| { kind: 'lost'; code: string };

/** An API answer over this size is not read on (bytes); files may be four times as large. */
const LARGEST_TEXT = 8 * 1024 * 1024;
const LARGEST_FILE = 4 * LARGEST_TEXT;

/**
 * Errors of the connection that come before a single byte of the request has left, and that may pass. A host or
 * a network that cannot be reached (`EHOSTUNREACH`, `ENETUNREACH`) is none of them by its code alone: a
 * connection that was up can end with it, after the request.
 */
const NOT_CONNECTED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);

/** What Node.js was at when it failed: making a connection, or using one that was up. */
const MAKING = new Set<unknown>(['connect', 'getaddrinfo']);
const USING = new Set<unknown>(['read', 'write', 'shutdown']);

/**
 * Certificates that are refused, and addresses that are none: nothing leaves, however often it is tried.
 * @see https://nodejs.org/api/tls.html#x509-certificate-error-codes
 */
const REFUSED_HERE = new Set([
	'CERT_CHAIN_TOO_LONG',
	'CERT_HAS_EXPIRED',
	'CERT_NOT_YET_VALID',
	'CERT_REJECTED',
	'CERT_REVOKED',
	'CERT_SIGNATURE_FAILURE',
	'CERT_UNTRUSTED',
	'CRL_HAS_EXPIRED',
	'CRL_NOT_YET_VALID',
	'CRL_SIGNATURE_FAILURE',
	'DEPTH_ZERO_SELF_SIGNED_CERT',
	'ERROR_IN_CERT_NOT_AFTER_FIELD',
	'ERROR_IN_CERT_NOT_BEFORE_FIELD',
	'ERROR_IN_CRL_LAST_UPDATE_FIELD',
	'ERROR_IN_CRL_NEXT_UPDATE_FIELD',
	'ERR_INVALID_URL',
	'ERR_TLS_CERT_ALTNAME_INVALID',
	'HOSTNAME_MISMATCH',
	'INVALID_CA',
	'INVALID_PURPOSE',
	'OUT_OF_MEM',
	'PATH_LENGTH_EXCEEDED',
	'SELF_SIGNED_CERT_IN_CHAIN',
	'UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY',
	'UNABLE_TO_DECRYPT_CERT_SIGNATURE',
	'UNABLE_TO_DECRYPT_CRL_SIGNATURE',
	'UNABLE_TO_GET_CRL',
	'UNABLE_TO_GET_ISSUER_CERT',
	'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
	'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/** What Node.js and OpenSSL say where TLS could not be agreed on; they have no code of its own for it. */
const NO_TLS =
	/before secure TLS connection was established|wrong version number|unsupported protocol|alert protocol version|handshake failure/i;

export function responseOf(response: {
	statusCode?: number;
	status?: number;
	headers?: object;
	body?: unknown;
	data?: unknown;
}): HttpResponse {
	const content = response.body ?? response.data ?? '';
	const bytes = Buffer.isBuffer(content)
		? content
		: content instanceof ArrayBuffer
			? Buffer.from(content)
			: Buffer.from(typeof content === 'string' ? content : JSON.stringify(content));
	const headers: Record<string, string> = {};
	for (const [name, value] of Object.entries({ ...response.headers })) {
		headers[name.toLowerCase()] = String(value);
	}
	let text: string | undefined;
	return {
		status: response.statusCode ?? response.status ?? 0,
		headers,
		bytes,
		get text() {
			return (text ??= bytes.length > LARGEST_TEXT ? '' : bytes.toString('utf8'));
		},
	};
}

const documents = new WeakMap<HttpResponse, { json: unknown }>();

/**
 * @returns what stands in an answer that is JSON, read once however often it is asked for: a page is looked at
 * by who tells what an answer means, and by who wanted it; nothing where it is no JSON
 */
export function jsonOf(answer: HttpResponse): unknown {
	const known = documents.get(answer) ?? { json: parseJson(answer.text) };
	documents.set(answer, known);
	return known.json;
}

interface Thrown {
	code?: unknown;
	name?: unknown;
	message?: unknown;
	syscall?: unknown;
	cause?: unknown;
	/** Of a host with several addresses: how each of them failed. */
	errors?: unknown;
	response?: { status?: number; headers?: object; data?: unknown };
	tokenExchange?: LoginFailure;
	/** n8n's own: the status, or the code where there was no answer. */
	httpCode?: unknown;
	context?: { data?: unknown };
	description?: unknown;
}

/**
 * What n8n before 2.33 leaves of the true error, which it wraps and then loses (a field `cause` of its own class
 * hides the one that JavaScript sets): the status or code, and the body. The headers are gone.
 */
function keptIn({ httpCode, context, message, description }: Thrown): Thrown {
	const code = typeof httpCode === 'string' ? httpCode : '';
	if (code === LOGIN_FAILED || code === LOGIN_MAY_PASS) {
		const advice = String(description ?? '');
		// The advice stands behind the message, as a sentence of its own.
		const told = String(message ?? '')
			.replace(advice, '')
			.trim()
			.replace(/\.$/, '');
		const retryable = code === LOGIN_MAY_PASS;
		return { tokenExchange: { message: told, description: advice, retryable } };
	}
	const isStatus = /^[1-5]\d\d$/.test(code);
	return isStatus ? { response: { status: Number(code), data: context?.data } } : { code };
}

/** Tells what became of a request whose helper threw: n8n wraps the true error as `cause`. */
export function resultOf(error: unknown, url: string, title: string): RequestResult {
	const chain: Thrown[] = [];
	for (let one = error as Thrown | undefined; one && chain.length < 6; one = one.cause as Thrown) {
		chain.push(one);
	}
	const outermost = chain[0];
	if (chain.length === 1 && outermost?.httpCode) chain.push(keptIn(outermost));
	const exchange = chain.find((one) => one.tokenExchange);
	if (exchange?.tokenExchange) {
		const said = exchange.tokenExchange;
		return { kind: 'neverLeft', code: said.code ?? '', mayPass: false, exchange: said };
	}
	const steps = chain.flatMap((one) => [one, ...recordsOf(one.errors)]);
	const wasUp = steps.some(({ syscall }) => USING.has(syscall));
	const connecting = !wasUp && steps.some(({ syscall }) => MAKING.has(syscall));
	const login = connecting ? undefined : oAuth2FailureOf(chain, url, title);
	if (login) {
		return { kind: 'neverLeft', code: login.code ?? '', mayPass: false, exchange: login };
	}
	const response = chain.find((one) => typeof one.response?.status === 'number')?.response;
	const code = String(chain.find((one) => typeof one.code === 'string')?.code ?? '');
	if (response) {
		// n8n throws a status, or a body that was cut off; a success is never thrown for its status.
		const isCutOff = response.status! >= 200 && response.status! < 300;
		return isCutOff ? { kind: 'lost', code } : { kind: 'answer', answer: responseOf(response) };
	}

	if (connecting || (NOT_CONNECTED.has(code) && !wasUp))
		return { kind: 'neverLeft', code, mayPass: true };
	// n8n's own refusals: its SSRF protection, the allowed domains of a credential.
	const blocked = chain.some(({ name }) => /ssrf|NodeOperationError/i.test(String(name)));
	const noTls = chain.some(({ message }) => NO_TLS.test(String(message)));
	if (REFUSED_HERE.has(code) || blocked || noTls)
		return { kind: 'neverLeft', code, mayPass: false };
	return { kind: 'lost', code };
}

/**
 * `Retry-After`, in seconds or as a date, as milliseconds from now. A date is by the clock of whoever answers:
 * ours may be hours away.
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
 */
export function retryAfterMs({ headers }: HttpResponse): number | undefined {
	const said = headers['retry-after'];
	if (said === undefined) return undefined;
	const ms = /^\d+(\.\d+)?$/.test(said)
		? Number(said) * 1000
		: Date.parse(said) - theirNow(headers);
	return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

/** The `Date` of an answer that just came, to the second; our own time where it has none. */
function theirNow({ date = '' }: HttpResponse['headers']): number {
	const theirs = /\d:\d\d/.test(date) ? Date.parse(date) : NaN;
	return Number.isNaN(theirs) ? Date.now() : theirs;
}

/**
 * Whether an answer is there as a whole and has no body: none belongs to its status, or as much as was
 * announced came, which was nothing. An answer that ends with the connection may have been cut off.
 */
export function isWithoutBody({ status, headers, bytes }: HttpResponse): boolean {
	if (bytes.length > LONGEST_BLANK || bytes.toString('latin1').trim() !== '') return false;
	const announced = headers['content-length'];
	if (announced !== undefined) return Number(announced) === bytes.length;
	return (
		status === 204 || status === 205 || /\bchunked\b/i.test(headers['transfer-encoding'] ?? '')
	);
}

/** A line end or two (bytes). */
const LONGEST_BLANK = 16;

/** @param wanted `bytes` for files */
export function isTooLarge({ bytes }: HttpResponse, wanted?: 'text' | 'bytes'): boolean {
	return bytes.length > (wanted === 'bytes' ? LARGEST_FILE : LARGEST_TEXT);
}
