import type {
	IExecuteFunctions,
	IHttpRequestMethods,
	IHttpRequestOptions,
	ILoadOptionsFunctions,
	IN8nHttpFullResponse,
	IPollFunctions,
} from 'n8n-workflow';

import { loginFailureOf } from './loginFailure';
import { MarketplaceError, Throttled, type FailureDetails, type MarketplaceName } from './outcome';
import { laneOf, type Heard, type Plan } from './pacing';
import { Tally } from './tally';
import { fingerprint, REJECTED_TOKEN_HEADER } from './tokens';
import { Cancelled, jittered, wait } from './waiting';

/** Whoever asks: a node that runs, a trigger that polls, a list in the editor. */
export type Caller = IExecuteFunctions | IPollFunctions | ILoadOptionsFunctions;

export interface GateRequest {
	method: IHttpRequestMethods;
	/** Whole, query included, everything in it already encoded. */
	url: string;
	/** `false` keeps a header out that the HTTP client would add by itself. */
	headers?: Record<string, string | false>;
	body?: string | Buffer;
	/** The limit that this request counts against. */
	plan?: Plan;
	/** Milliseconds; 60 s where left out. */
	timeout?: number;
	/** `bytes` for files; text where left out. */
	answer?: 'text' | 'bytes';
}

export interface GateAnswer {
	status: number;
	/** Names in lower case. */
	headers: Record<string, string>;
	text: string;
	bytes: Buffer;
}

/**
 * What an answer means: `done`; `expired` = the token is spent, nothing was processed; `throttled` and
 * `again` = refused for now, nothing was processed; `refused` = no; `failing` = nobody knows;
 * `unreadable` = it says yes, or nothing at all, in words that cannot be read.
 */
export type Verdict =
	| 'done'
	| 'expired'
	| 'throttled'
	| 'again'
	| 'refused'
	| 'failing'
	| 'unreadable';

/** An answer in the seller's words. */
export interface Explained {
	message: string;
	description: string;
	code?: string;
	requestId?: string;
	marketplaceMessage?: string;
	retryable?: boolean;
}

/** Who answers: an API or a storage. It knows its own errors. */
export interface Peer {
	marketplace: MarketplaceName;
	/** As a seller says it: `Amazon`. */
	title: string;
	/** Where a person sees whether a message arrived. */
	whereToLook: string;
	verdictOf(answer: GateAnswer): Verdict;
	explain(answer: GateAnswer): Explained;
	/** What the answer tells about the rate limit. */
	heard?(answer: GateAnswer): Heard;
}

/**
 * How a request may be repeated. `read`: as often as needed. `prepare`: the same bytes to the same
 * place, as often as needed. `send`: only what surely was not processed. `once`: like `send`, for an
 * upload whose lost answer is told by somebody else later. `poll`: reading for a trigger, which comes
 * back by itself: it waits for no limit and is tried twice.
 */
export type Manner = 'read' | 'prepare' | 'send' | 'once' | 'poll';

export interface Gate {
	/** Asks with the credential's token. */
	ask(peer: Peer, manner: Manner, request: GateRequest): Promise<GateAnswer>;
	/** Asks with nothing but the request: for signed URLs. */
	askBare(peer: Peer, manner: Manner, request: GateRequest): Promise<GateAnswer>;
}

/** A request is tried at most so often. */
const TRIES = 5;
const TRIES_OF_A_POLL = 2;
/** An answer that says "not now, nothing was done" is asked again at most so often (eBay advises two). */
const TRIES_AGAIN = 3;
/** Time-outs in milliseconds. */
const TIMEOUT_MS = 60_000;
/** The first wait after a failure, doubled each time, and the longest one (milliseconds). */
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 60_000;
/** A marketplace that closed its door for longer is not waited for (milliseconds). */
const LONGEST_CLOSED_MS = 5 * 60_000;
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

/**
 * Opens the one gate out, for one execution and one account.
 *
 * @param account what the marketplace counts its limits by; a fingerprint, never a secret
 * @param tokenIsFresh where it is not, the first request goes alone, so that the token is renewed once
 */
export function openGate(
	caller: Caller,
	credentialType: string,
	account: string,
	tally = new Tally(),
	tokenIsFresh = false,
): Gate {
	const signal =
		'getExecutionCancelSignal' in caller ? caller.getExecutionCancelSignal() : undefined;

	const authenticated: Ask = async (options) =>
		await caller.helpers.httpRequestWithAuthentication.call(caller, credentialType, options);
	const withCredential = tokenIsFresh ? authenticated : firstAlone(authenticated);
	const bare: Ask = async (options) => await caller.helpers.httpRequest(options);

	const through =
		(ask: Ask) => async (peer: Peer, manner: Manner, request: GateRequest) =>
			await repeat({ ask, peer, manner, request, account, signal, tally });

	return { ask: through(withCredential), askBare: through(bare) };
}

type Ask = (options: IHttpRequestOptions) => Promise<unknown>;

function firstAlone(ask: Ask): Ask {
	let first: Promise<unknown> | undefined;
	return async (options) => {
		if (first) {
			await first;
			return await ask(options);
		}
		const mine = ask(options);
		first = mine.catch(() => undefined);
		return await mine;
	};
}

interface Job {
	ask: Ask;
	peer: Peer;
	manner: Manner;
	request: GateRequest;
	account: string;
	signal?: AbortSignal;
	tally: Tally;
}

/** The table of what may be repeated (docs/reliability.md), as code. */
async function repeat(job: Job): Promise<GateAnswer> {
	const { peer, manner, signal } = job;
	const harmless = manner === 'read' || manner === 'prepare' || manner === 'poll';
	let rejectedToken: string | undefined;
	let refusedForNow = 0;

	for (let attempt = 1; ; attempt++) {
		const last = attempt === (manner === 'poll' ? TRIES_OF_A_POLL : TRIES);
		const reply = await once(job, rejectedToken);

		if (reply.kind !== 'answer') {
			const repeatable = reply.kind === 'neverLeft' ? reply.mayPass : harmless;
			if (!repeatable || last || signal?.aborted) throw unanswered(peer, manner, reply);
			await wait(jittered(growing(attempt)), signal);
			continue;
		}

		const { answer } = reply;
		const verdict = isTooLarge(answer, job.request) ? 'unreadable' : peer.verdictOf(answer);
		if (verdict === 'done') return answer;
		if (verdict === 'again') refusedForNow += 1;

		const askedToWait = retryAfterMs(answer) ?? 0;
		const isNews = verdict === 'expired' && rejectedToken === undefined && reply.token !== undefined;
		const repeatable =
			isNews ||
			(verdict === 'throttled' && manner !== 'poll') ||
			(verdict === 'again' && refusedForNow < TRIES_AGAIN) ||
			((verdict === 'failing' || verdict === 'unreadable') && harmless);
		if (!repeatable || last || askedToWait > LONGEST_WAIT_MS) {
			throw answered(peer, manner, answer, verdict, askedToWait);
		}
		if (isNews) {
			rejectedToken = fingerprint(reply.token!);
			continue;
		}
		const pause = async () =>
			await wait(Math.max(askedToWait, jittered(growing(attempt))), signal);
		await (verdict === 'throttled' ? job.tally.waiting(pause) : pause());
	}
}

type Reply =
	| { kind: 'answer'; answer: GateAnswer; token?: string }
	| { kind: 'neverLeft'; code: string; mayPass: boolean; text: string; exchange?: Exchange }
	| { kind: 'lost'; code: string };

type Exchange = Partial<FailureDetails> & { message: string; description: string };

/** One request, in its turn, whatever comes of it. */
async function once(job: Job, rejectedToken?: string): Promise<Reply> {
	const { request, peer, signal, tally } = job;
	const lane = request.plan ? laneOf(job.account, request.plan) : undefined;
	if (signal?.aborted) throw new Cancelled();
	const closedFor = lane?.closedFor() ?? 0;
	if (closedFor > LONGEST_CLOSED_MS) {
		const notAsked = answerOf({ statusCode: 429 });
		throw answered(peer, job.manner, notAsked, 'throttled', closedFor);
	}
	if (lane && job.manner === 'poll' && lane.room() < 1) throw usedUp(peer);
	if (lane) await tally.waiting(async () => await lane.turn(signal));

	const options: IHttpRequestOptions = {
		method: request.method,
		url: request.url,
		headers: {
			...request.headers,
			...(rejectedToken ? { [REJECTED_TOKEN_HEADER]: rejectedToken } : {}),
		},
		...(request.body === undefined ? {} : { body: request.body }),
		encoding: 'arraybuffer',
		timeout: request.timeout ?? TIMEOUT_MS,
		disableFollowRedirect: true,
		returnFullResponse: true,
		// Every status is an answer to us; 401 is left to n8n, which renews the token and asks once more.
		ignoreHttpStatusErrors: { ignore: true, except: [401] },
		...(signal ? { abortSignal: signal } : {}),
	};

	let reply: Reply;
	try {
		const response = (await job.ask(options)) as IN8nHttpFullResponse;
		reply = { kind: 'answer', answer: answerOf(response), token: tokenIn(options) };
	} catch (error) {
		reply = replyOf(error, request.url, peer.title);
	}
	const news = reply.kind === 'answer' ? newsOf(peer, reply.answer) : {};
	if (news.throttled) tally.throttled += 1;
	lane?.heard(news);
	return reply;
}

function newsOf(peer: Peer, answer: GateAnswer): Heard {
	return {
		...peer.heard?.(answer),
		throttled: peer.verdictOf(answer) === 'throttled',
		retryAfterMs: retryAfterMs(answer),
	};
}

/** The token that our credentials put onto the options they were given. */
function tokenIn({ headers = {} }: IHttpRequestOptions): string | undefined {
	for (const name of ['x-amz-access-token', 'x-ebay-api-iaf-token', 'authorization']) {
		const found = Object.keys(headers).find((key) => key.toLowerCase() === name);
		if (found) return String(headers[found]).replace(/^Bearer /, '');
	}
	return undefined;
}

function answerOf(response: {
	statusCode?: number;
	status?: number;
	headers?: object;
	body?: unknown;
	data?: unknown;
}): GateAnswer {
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
	tokenExchange?: Exchange;
}

/** Tells what became of a request whose helper threw: n8n wraps the true error as `cause`. */
function replyOf(error: unknown, url: string, title: string): Reply {
	const chain: Thrown[] = [];
	for (let one = error as Thrown | undefined; one && chain.length < 6; one = one.cause as Thrown) {
		chain.push(one);
	}
	const exchange = chain.find((one) => one.tokenExchange);
	if (exchange?.tokenExchange) {
		const said = { ...exchange.tokenExchange, message: String(exchange.message) };
		return { kind: 'neverLeft', code: said.code ?? '', mayPass: false, text: '', exchange: said };
	}
	const connecting = chain.some((one) => one.syscall === 'connect' || one.syscall === 'getaddrinfo');
	const login = connecting ? undefined : loginFailureOf(chain, url, title);
	if (login) {
		return { kind: 'neverLeft', code: login.code ?? '', mayPass: false, text: '', exchange: login };
	}
	const response = chain.find((one) => typeof one.response?.status === 'number')?.response;
	if (response) return { kind: 'answer', answer: answerOf(response) };

	const code = String(chain.find((one) => typeof one.code === 'string')?.code ?? '');
	const blocked = chain.some((one) => /ssrf|NodeOperationError/i.test(String(one.name)));
	if (NEVER_LEFT.has(code) || connecting || blocked) {
		const mayPass = MAY_PASS.has(code) || connecting;
		return { kind: 'neverLeft', code, mayPass, text: String(chain.at(-1)?.message ?? '') };
	}
	return { kind: 'lost', code };
}

/** `Retry-After`, in seconds or as a date, as milliseconds from now. */
function retryAfterMs({ headers }: GateAnswer): number | undefined {
	const said = headers['retry-after'];
	if (said === undefined) return undefined;
	const ms = /^\d+(\.\d+)?$/.test(said) ? Number(said) * 1000 : Date.parse(said) - Date.now();
	return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

function isTooLarge({ bytes }: GateAnswer, request: GateRequest): boolean {
	return bytes.length > (request.answer === 'bytes' ? LARGEST_FILE : LARGEST_TEXT);
}

function growing(attempt: number): number {
	return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempt - 1));
}

function answered(
	peer: Peer,
	manner: Manner,
	answer: GateAnswer,
	verdict: Verdict,
	pauseMs: number,
): MarketplaceError {
	const said = peer.explain(answer);
	const doubtful = verdict === 'failing' || verdict === 'unreadable';
	const unknown = doubtful && (manner === 'send' || manner === 'once');
	const facts = {
		code: said.code,
		httpStatus: answer.status,
		requestId: said.requestId,
		marketplace: peer.marketplace,
		marketplaceMessage: said.marketplaceMessage,
	};
	if (unknown) return doubt(peer, facts);
	if (verdict === 'unreadable') {
		return new MarketplaceError(`${peer.title} gave an answer that cannot be read`, {
			outcome: 'notSent',
			retryable: true,
			...facts,
			description: `Nothing was sent. Try again later; if it stays like this, check the address of ${peer.title} in the credential.`,
		});
	}
	const retryable = said.retryable ?? (verdict === 'throttled' || verdict === 'again' || doubtful);
	const when =
		pauseMs > LONGEST_WAIT_MS
			? ` ${peer.title} asks to wait ${Math.ceil(pauseMs / 1000)} seconds.`
			: '';
	return new (verdict === 'throttled' ? Throttled : MarketplaceError)(said.message, {
		outcome: 'notSent',
		retryable,
		...facts,
		description: said.description + when,
	});
}

/** Known before asking. */
function usedUp({ marketplace, title }: Peer): Throttled {
	return new Throttled(`${title}'s limit of requests is used up`, {
		outcome: 'notSent',
		retryable: true,
		marketplace,
		description: 'Nothing was asked. Try again in a few minutes.',
	});
}

function unanswered(peer: Peer, manner: Manner, reply: Exclude<Reply, { kind: 'answer' }>): Error {
	if (reply.kind === 'neverLeft') {
		if (reply.exchange) {
			const { message, ...facts } = reply.exchange;
			return new MarketplaceError(message, {
				outcome: 'notSent',
				retryable: false,
				...facts,
				marketplace: peer.marketplace,
			});
		}
		return new MarketplaceError(`${peer.title} could not be reached`, {
			outcome: 'notSent',
			retryable: reply.mayPass,
			code: reply.code || undefined,
			marketplace: peer.marketplace,
			marketplaceMessage: undefined,
			description: reply.mayPass
				? 'Nothing was sent. Check the internet connection of your n8n and try again.'
				: `Nothing was sent. The connection was refused on your side (${reply.code || 'blocked'}): check the credential's address and allowed domains, and your n8n's network settings.`,
		});
	}
	if (manner === 'send' || manner === 'once') {
		return doubt(peer, { code: reply.code || undefined, marketplace: peer.marketplace });
	}
	return new MarketplaceError(`${peer.title} did not answer`, {
		outcome: 'notSent',
		retryable: true,
		code: reply.code || undefined,
		marketplace: peer.marketplace,
		description: 'Nothing was sent. Try again later.',
	});
}

function doubt(peer: Peer, facts: Partial<FailureDetails>): MarketplaceError {
	return new MarketplaceError(
		`It is not known whether ${peer.title} sent the message: the answer was lost`,
		{
			outcome: 'unknown',
			retryable: false,
			...facts,
			marketplace: peer.marketplace,
			description: `The request left, but no readable answer came back. ${peer.whereToLook} before you send it again: the buyer may have it already.`,
		},
	);
}
