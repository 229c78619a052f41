import { oAuth2FailureOf, type LoginFailure } from '../auth/oAuth2Errors';
import type { HttpResponse } from './service';

/** What came back on a request, or what became of one that nothing came back on. */
export type RequestResult =
	/** `token`: a fingerprint of the one that it was asked with. */
	| { kind: 'answer'; answer: HttpResponse; token?: string }
	| { kind: 'neverLeft'; code: string; mayPass: boolean; text: string; exchange?: LoginFailure }
	| { kind: 'lost'; code: string };

/** An API answer over this size is not read on (bytes); files may be four times as large. */
const LARGEST_TEXT = 8 * 1024 * 1024;
const LARGEST_FILE = 4 * LARGEST_TEXT;

/** Errors of the connection that come before a single byte of the request has left. */
const NEVER_LEFT = new Set([
	'ECONNREFUSED',
	'ENOTFOUND',
	'EAI_AGAIN',
	'EHOSTUNREACH',
	'ENETUNREACH',
	'CERT_HAS_EXPIRED',
	'DEPTH_ZERO_SELF_SIGNED_CERT',
	'SELF_SIGNED_CERT_IN_CHAIN',
	'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
	'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
	'ERR_TLS_CERT_ALTNAME_INVALID',
	'ERR_INVALID_URL',
	'ERR_SSRF_BLOCKED',
]);
/** Of these, the ones that another try can cure. */
const MAY_PASS = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

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

interface Thrown {
	code?: unknown;
	name?: unknown;
	message?: unknown;
	syscall?: unknown;
	cause?: unknown;
	response?: { status?: number; headers?: object; data?: unknown };
	tokenExchange?: LoginFailure;
}

/** Tells what became of a request whose helper threw: n8n wraps the true error as `cause`. */
export function resultOf(error: unknown, url: string, title: string): RequestResult {
	const chain: Thrown[] = [];
	for (let one = error as Thrown | undefined; one && chain.length < 6; one = one.cause as Thrown) {
		chain.push(one);
	}
	const exchange = chain.find((one) => one.tokenExchange);
	if (exchange?.tokenExchange) {
		const said = { ...exchange.tokenExchange, message: String(exchange.message) };
		return { kind: 'neverLeft', code: said.code ?? '', mayPass: false, text: '', exchange: said };
	}
	const connecting = chain.some(
		(one) => one.syscall === 'connect' || one.syscall === 'getaddrinfo',
	);
	const login = connecting ? undefined : oAuth2FailureOf(chain, url, title);
	if (login) {
		return { kind: 'neverLeft', code: login.code ?? '', mayPass: false, text: '', exchange: login };
	}
	const response = chain.find((one) => typeof one.response?.status === 'number')?.response;
	if (response) {
		const answer = responseOf(response);
		// A success is thrown only where its end did not come.
		if (answer.status >= 200 && answer.status < 300) answer.cutOff = true;
		return { kind: 'answer', answer };
	}

	const code = String(chain.find((one) => typeof one.code === 'string')?.code ?? '');
	const blocked = chain.some((one) => /ssrf|NodeOperationError/i.test(String(one.name)));
	if (NEVER_LEFT.has(code) || connecting || blocked) {
		const mayPass = MAY_PASS.has(code) || connecting;
		return { kind: 'neverLeft', code, mayPass, text: String(chain.at(-1)?.message ?? '') };
	}
	return { kind: 'lost', code };
}

/** `Retry-After`, in seconds or as a date, as milliseconds from now. */
export function retryAfterMs({ headers }: HttpResponse): number | undefined {
	const said = headers['retry-after'];
	if (said === undefined) return undefined;
	const ms = /^\d+(\.\d+)?$/.test(said) ? Number(said) * 1000 : Date.parse(said) - Date.now();
	return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

/**
 * Whether an answer is whole and has no body: none belongs to its status, or as much as was announced came, which
 * was nothing. An answer that just stopped, without an announced end, is not whole.
 */
export function isWithoutBody({ status, headers, bytes, text, cutOff }: HttpResponse): boolean {
	if (cutOff || text.trim() !== '') return false;
	return (
		status === 204 ||
		status === 205 ||
		headers['content-length'] === String(bytes.length) ||
		headers['transfer-encoding'] !== undefined
	);
}

/** @param wanted `bytes` for files */
export function isTooLarge({ bytes }: HttpResponse, wanted?: 'text' | 'bytes'): boolean {
	return bytes.length > (wanted === 'bytes' ? LARGEST_FILE : LARGEST_TEXT);
}
