import type {
	IExecuteFunctions,
	IHookFunctions,
	IHttpRequestMethods,
	IHttpRequestOptions,
	ILoadOptionsFunctions,
	IN8nHttpFullResponse,
	IPollFunctions,
	IWebhookFunctions,
} from 'n8n-workflow';

import type { Content } from '../files/attachments';
import { refusedError, noAnswerError, tooLargeError, usedUpError } from './errors';
import { BlockedAgain, laneOf, type Lane, type LimitNews, type RateLimit } from './rateLimit';
import type { HttpResponse, RepeatPolicy, Service } from './service';
import { responseOf, isTooLarge, resultOf, retryAfterMs, type RequestResult } from './response';
import { redact, secretsIn, secretsInUrl } from './redact';
import { RequestStatistics } from './requestStatistics';
import { refuseToken, tokenOf, untilTokenIsOn } from '../auth/accessToken';
import { Cancelled, jittered, LONGEST_WAIT_MS, wait } from '../sleep';

/** Whoever asks: a node that runs, a trigger that polls or is called, a list in the editor. */
export type Caller =
	IExecuteFunctions | IPollFunctions | ILoadOptionsFunctions | IHookFunctions | IWebhookFunctions;

export interface GateRequest {
	method: IHttpRequestMethods;
	/** Whole, query included, everything in it already encoded. */
	url: string;
	/** `false` keeps a header out that the HTTP client would add by itself. */
	headers?: Record<string, string | false>;
	/** A function opens the content anew for each try. */
	body?: string | Buffer | (() => Promise<Content>);
	/** The limit that this request counts against. */
	plan?: RateLimit;
	/** Milliseconds; 60 s where left out. */
	timeout?: number;
	/** `bytes` for files; text where left out. */
	answer?: 'text' | 'bytes';
}

export interface Gate {
	/** Asks with the credential's token. */
	ask(service: Service, policy: RepeatPolicy, request: GateRequest): Promise<HttpResponse>;
	/** Asks with nothing but the request: for signed URLs. */
	askBare(service: Service, policy: RepeatPolicy, request: GateRequest): Promise<HttpResponse>;
}

/** A request is tried at most so often. */
const TRIES = 5;
const TRIES_OF_A_POLL = 2;
/** An answer that says "not now, nothing was done" is asked again at most so often (eBay advises two). */
const TRIES_AGAIN = 3;
/** Time-outs in milliseconds. */
const TIMEOUT_MS = 60_000;
/** The first wait after a failure, doubled each time (milliseconds). */
const FIRST_WAIT_MS = 1000;
/** A marketplace that closed its door for longer is not waited for (milliseconds). */
const LONGEST_CLOSED_MS = 5 * 60_000;

/**
 * Opens the one gate out, for one execution and one account.
 *
 * @param account what the marketplace counts its limits by; a fingerprint, never a secret
 * @param tokenIsFresh where it is not, the first request goes ahead, so that the token is renewed once
 */
export function openGate(
	caller: Caller,
	credentialType: string,
	account: string,
	statistics = new RequestStatistics(),
	tokenIsFresh = false,
): Gate {
	const signal =
		'getExecutionCancelSignal' in caller ? caller.getExecutionCancelSignal() : undefined;

	const authenticated: Ask = async (options) =>
		await caller.helpers.httpRequestWithAuthentication.call(caller, credentialType, options);
	const withCredential = tokenIsFresh ? atOnce(authenticated) : firstAlone(authenticated);
	const bare = atOnce(async (options) => await caller.helpers.httpRequest(options));

	const through =
		(ask: Asker, secretsOf: (request: GateRequest) => Promise<string[]>) =>
		async (service: Service, policy: RepeatPolicy, request: GateRequest) => {
			const asked = repeat({ ask, service, policy, request, account, signal, statistics });
			await asked.then(
				() => undefined,
				async (error: unknown) => redact(error, await secretsOf(request)),
			);
			return await asked;
		};
	// Read anew: the token may have been renewed meanwhile.
	const ofCredential = async () =>
		secretsIn(await caller.getCredentials(credentialType).catch(() => undefined));
	const ofAddress = async ({ url }: GateRequest) => secretsInUrl(url);

	return { ask: through(withCredential, ofCredential), askBare: through(bare, ofAddress) };
}

type Ask = (options: IHttpRequestOptions) => Promise<unknown>;

interface Asker {
	ask: Ask;
	/** What has to be over before the next request may leave. */
	ahead(): Promise<void> | undefined;
}

const atOnce = (ask: Ask): Asker => ({ ask, ahead: () => undefined });

/** The first request fetches the token; the others leave as soon as it has it, or else with its answer. */
function firstAlone(ask: Ask): Asker {
	let begun = false;
	let ahead: Promise<void> | undefined;
	return {
		ahead: () => ahead,
		async ask(options) {
			const mine = ask(options);
			if (!begun) {
				begun = true;
				const over = Promise.race([untilTokenIsOn(options), mine.catch(() => undefined)]);
				ahead = over.then(() => (ahead = undefined));
			}
			return await mine;
		},
	};
}

interface Job {
	ask: Asker;
	service: Service;
	policy: RepeatPolicy;
	request: GateRequest;
	account: string;
	signal?: AbortSignal;
	statistics: RequestStatistics;
}

/** The table of what may be repeated (docs/reliability.md), as code. */
async function repeat(job: Job): Promise<HttpResponse> {
	const { service, policy, signal } = job;
	const harmless = policy === 'read' || policy === 'prepare' || policy === 'poll';
	let rejected: string | undefined;
	let refusedForNow = 0;

	for (let attempt = 1; ; attempt++) {
		const last = attempt === (policy === 'poll' ? TRIES_OF_A_POLL : TRIES);
		const result = await tryRequest(job, rejected);

		if (result.kind !== 'answer') {
			const repeatable = result.kind === 'neverLeft' ? result.mayPass : harmless;
			if (!repeatable || last || signal?.aborted) throw noAnswerError(service, policy, result);
			await wait(jittered(growing(attempt)), signal);
			continue;
		}

		const { answer } = result;
		const tooLarge = isTooLarge(answer, job.request.answer);
		// Asked for once more, it would be as large.
		if (tooLarge && (policy === 'read' || policy === 'poll')) throw tooLargeError(service, answer);
		const kind = tooLarge ? 'unreadable' : service.kindOf(answer);
		if (kind === 'done') return answer;
		if (kind === 'again') refusedForNow += 1;

		const askedToWait = retryAfterMs(answer) ?? 0;
		const isNews = kind === 'expired' && rejected === undefined && result.token !== undefined;
		const repeatable =
			isNews ||
			(kind === 'throttled' && policy !== 'poll') ||
			(kind === 'again' && refusedForNow < TRIES_AGAIN) ||
			((kind === 'failing' || kind === 'unreadable') && harmless);
		const blockedFor = kind === 'throttled' ? (laneFor(job)?.refusedFor() ?? 0) : 0;
		if (!repeatable || last || askedToWait > LONGEST_WAIT_MS || blockedFor > 0) {
			throw refusedError(service, policy, answer, kind, Math.max(askedToWait, blockedFor));
		}
		if (isNews) {
			rejected = result.token;
			continue;
		}
		const pause = async () => await wait(Math.max(askedToWait, jittered(growing(attempt))), signal);
		await (kind === 'throttled' ? job.statistics.waiting(pause) : pause());
	}
}

function laneFor({ request, account }: Job): Lane | undefined {
	return request.plan ? laneOf(account, request.plan) : undefined;
}

/** One request, in its turn, whatever comes of it. */
async function tryRequest(job: Job, rejected?: string): Promise<RequestResult> {
	const { request, service, signal, statistics } = job;
	const lane = laneFor(job);
	if (signal?.aborted) throw new Cancelled();
	const closedError = () =>
		refusedError(
			service,
			job.policy,
			responseOf({ statusCode: 429 }),
			'throttled',
			lane?.closedFor() ?? 0,
		);
	if (lane && (lane.closedFor() > LONGEST_CLOSED_MS || lane.refusedFor() > 0)) throw closedError();
	if (lane && job.policy === 'poll' && lane.room() < 1) throw usedUpError(service);
	const body = await contentOf(request);
	try {
		if (lane) await statistics.waiting(async () => await lane.turn(signal));
	} catch (error) {
		close(body);
		throw error instanceof BlockedAgain ? closedError() : error;
	}
	while (job.ask.ahead()) await job.ask.ahead();
	if (signal?.aborted) {
		lane?.heard({});
		close(body);
		throw new Cancelled();
	}

	const options: IHttpRequestOptions = {
		method: request.method,
		url: request.url,
		headers: { ...request.headers },
		...(body === undefined ? {} : { body }),
		encoding: 'arraybuffer',
		timeout: request.timeout ?? TIMEOUT_MS,
		disableFollowRedirect: true,
		returnFullResponse: true,
		...(signal ? { abortSignal: signal } : {}),
	};

	if (rejected) refuseToken(options, rejected);

	statistics.asked += 1;
	let result: RequestResult;
	try {
		const response = (await job.ask.ask(options)) as IN8nHttpFullResponse;
		result = { kind: 'answer', answer: responseOf(response), token: tokenOf(options) };
	} catch (error) {
		// Every other status is thrown, on every n8n 2; after a 401 n8n has renewed the token and asked again.
		result = resultOf(error, request.url, service.title);
		if (result.kind === 'answer') result.token = tokenOf(options);
	}
	close(body);
	const news = result.kind === 'answer' ? newsOf(service, result.answer) : {};
	if (news.throttled) statistics.throttled += 1;
	lane?.heard(news);
	return result;
}

/** The content for one try. A stream that fails before the HTTP client listens to it ends with the request. */
async function contentOf({ body }: GateRequest): Promise<string | Content | undefined> {
	const content = typeof body === 'function' ? await body() : body;
	if (typeof content === 'object' && 'destroy' in content) content.on('error', () => undefined);
	return content;
}

function close(body: string | Content | undefined): void {
	if (typeof body === 'object' && 'destroy' in body) body.destroy();
}

function newsOf(service: Service, answer: HttpResponse): LimitNews {
	return {
		...service.heard?.(answer),
		throttled: service.kindOf(answer) === 'throttled',
		retryAfterMs: retryAfterMs(answer),
	};
}

function growing(attempt: number): number {
	return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempt - 1));
}
