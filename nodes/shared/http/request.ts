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

import { refuseToken, tokenOf } from '../auth/accessToken';
import type { Content } from '../files/attachments';
import { Cancelled, jittered, LONGEST_WAIT_MS, wait, WAIT_OF_A_POLL_MS } from '../sleep';
import { atOnce, firstAlone, type Ask, type Asker } from './asker';
import { noAnswerError, refusedError, tooLargeError, usedUpError } from './errors';
import { logTry, type LoggedTry } from './log';
import { laneOf, LimitClosed, type Lane, type RateLimit } from './rateLimit';
import { redact, secretsIn, secretsInUrl } from './redact';
import { next, type TryResult } from './repeat';
import { RequestStatistics } from './requestStatistics';
import { isTooLarge, responseOf, resultOf, retryAfterMs, type RequestResult } from './response';
import type { HttpResponse, RepeatPolicy, Service } from './service';

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
	/** What n8n's log calls it; the limit's name where left out. */
	operation?: string;
	/** Milliseconds; 60 s where left out. */
	timeout?: number;
	/** `bytes` for files; text where left out. */
	answer?: 'text' | 'bytes';
	/** Asked right before each try: why it must not leave any more. */
	tooLate?(): Error | undefined;
}

export interface Gate {
	/** Asks with the credential's token. */
	ask(service: Service, policy: RepeatPolicy, request: GateRequest): Promise<HttpResponse>;
	/** Asks with nothing but the request: for signed URLs. */
	askBare(service: Service, policy: RepeatPolicy, request: GateRequest): Promise<HttpResponse>;
}

/** Time-outs in milliseconds. */
const TIMEOUT_MS = 60_000;
/** The first wait after a failure, doubled each time (milliseconds). */
const FIRST_WAIT_MS = 1000;

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
		(ask: Asker, secretsOf: (request: GateRequest) => Promise<string[]>, tellsClock: boolean) =>
		async (service: Service, policy: RepeatPolicy, request: GateRequest) => {
			const secrets = async () => await secretsOf(request);
			const asked = { service, policy, request, secrets, account, signal, statistics };
			const job = { caller, ask, tellsClock, ...asked };
			try {
				return await repeat(job);
			} catch (error) {
				throw redact(error, await secrets());
			}
		};
	// Read anew: the token may have been renewed meanwhile.
	const ofCredential = async () =>
		secretsIn(await caller.getCredentials(credentialType).catch(() => undefined));
	const ofAddress = async ({ url }: GateRequest) => secretsInUrl(url);

	return {
		ask: through(withCredential, ofCredential, true),
		askBare: through(bare, ofAddress, false),
	};
}

/** A poll begins its last request at half of n8n's time for it, and tries it twice. */
function timeoutMsOf({ caller, policy }: Job): number {
	if (policy !== 'poll' || !('getPollBudgetMs' in caller)) return TIMEOUT_MS;
	return Math.min(TIMEOUT_MS, caller.getPollBudgetMs() / 4);
}

interface Job {
	caller: Caller;
	ask: Asker;
	/** The marketplace itself answers, and no storage of somebody else's. */
	tellsClock: boolean;
	service: Service;
	policy: RepeatPolicy;
	request: GateRequest;
	/** What must stand in no error and in no log. */
	secrets(): Promise<string[]>;
	account: string;
	signal?: AbortSignal;
	statistics: RequestStatistics;
}

/** Asks until there is a good answer, or one that must not be asked for again. */
async function repeat(job: Job): Promise<HttpResponse> {
	const { service, policy, request, signal, statistics } = job;
	const times = new Map<TryResult['kind'], number>();
	let rejected: string | undefined;

	for (let attempt = 1; ; attempt++) {
		const { result, kind, waited } = await tryRequest(job, rejected);
		const operation = request.operation ?? request.plan?.name ?? request.method;
		const tried = { service, operation, attempt, result, kind, waited, secrets: job.secrets };
		await logTry(job.caller.logger, tried);
		times.set(kind, (times.get(kind) ?? 0) + 1);
		const answered = result.kind === 'answer';
		const askedToWait = answered ? (retryAfterMs(result.answer) ?? 0) : 0;
		const closedFor = kind === 'throttled' ? (laneFor(job)?.shutFor() ?? 0) : 0;
		const waitMs = Math.max(askedToWait, closedFor);

		const step = next(
			policy,
			{
				kind,
				times: times.get(kind)!,
				mayPass: result.kind === 'neverLeft' && result.mayPass,
				renewable: answered && result.token !== undefined,
				waitMs,
			},
			attempt,
		);
		if (answered && step === 'done') return result.answer;
		if (step === 'giveUp' || (!answered && signal?.aborted)) {
			if (!answered) throw noAnswerError(service, policy, result);
			const { answer } = result;
			throw kind === 'tooLarge'
				? tooLargeError(service, policy, answer)
				: refusedError(service, policy, answer, kind, waitMs);
		}
		if (answered && step === 'renewToken') {
			rejected = result.token;
			continue;
		}
		const pause = async () => await wait(Math.max(askedToWait, jittered(growing(attempt))), signal);
		await (kind === 'throttled' ? statistics.waiting(pause) : pause());
	}
}

function laneFor({ request, account }: Job): Lane | undefined {
	return request.plan ? laneOf(account, request.plan) : undefined;
}

/** One request, in its turn, whatever comes of it. */
async function tryRequest(
	job: Job,
	rejected?: string,
): Promise<Pick<LoggedTry, 'result' | 'kind' | 'waited'>> {
	const { request, service, policy, signal, statistics } = job;
	const lane = laneFor(job);
	if (signal?.aborted) throw new Cancelled();
	if (lane && lane.shutFor() > 0) throw shutError(job, lane);
	if (lane && policy === 'poll' && lane.waitMs() > WAIT_OF_A_POLL_MS) throw usedUpError(service);
	const body = await contentOf(request);
	try {
		const came = Date.now();
		await untilItsTurn(job, lane);
		const waited = Date.now() - came;
		statistics.asked += 1;
		const result = await ask(job, body, rejected);
		const kind = kindOf(job, result);
		const answer = result.kind === 'answer' ? result.answer : undefined;
		if (job.tellsClock) statistics.heard(answer?.headers.date);
		lane?.heard({
			...(answer && service.heard?.(answer)),
			...(answer && { throttled: kind === 'throttled', retryAfterMs: retryAfterMs(answer) }),
		});
		return { result, kind, waited };
	} finally {
		close(body);
	}
}

/** While a lane is closed nothing leaves, also not what had its turn and then waited for a token. */
async function untilItsTurn(job: Job, lane: Lane | undefined): Promise<void> {
	const { ask: asker, request, signal, statistics } = job;
	for (;;) {
		try {
			if (lane) await statistics.waiting(async () => await lane.turn(signal));
		} catch (error) {
			throw lane && error instanceof LimitClosed ? shutError(job, lane) : error;
		}
		while (asker.ahead()) await asker.ahead();
		const over = signal?.aborted ? new Cancelled() : request.tooLate?.();
		if (!over && !(lane && lane.closedFor() > 0)) return;
		lane?.giveBack();
		if (over) throw over;
	}
}

/** Nothing was asked: the marketplace wants to hear nothing for longer than anybody should wait. */
function shutError({ service, policy }: Job, lane: Lane): Error {
	const notAsked = responseOf({ statusCode: 429 });
	return refusedError(service, policy, notAsked, 'throttled', lane.shutFor());
}

async function ask(
	job: Job,
	body: string | Content | undefined,
	rejected: string | undefined,
): Promise<RequestResult> {
	const { request, service, policy, signal } = job;
	const options: IHttpRequestOptions = {
		method: request.method,
		url: request.url,
		// Of a packed answer nobody can tell any more whether it was empty or cut off: one to a send comes unpacked.
		headers: {
			...(policy === 'send' ? { 'accept-encoding': 'identity' } : {}),
			...request.headers,
		},
		...(body === undefined ? {} : { body }),
		encoding: 'arraybuffer',
		timeout: request.timeout ?? timeoutMsOf(job),
		disableFollowRedirect: true,
		returnFullResponse: true,
		...(signal ? { abortSignal: signal } : {}),
	};
	if (rejected) refuseToken(options, rejected);
	try {
		const response = (await job.ask.ask(options)) as IN8nHttpFullResponse;
		return { kind: 'answer', answer: responseOf(response), token: tokenOf(options) };
	} catch (error) {
		// Every other status is thrown, on every n8n 2; after a 401 n8n has renewed the token and asked again.
		const result = resultOf(error, request.url, service.title);
		return result.kind === 'answer' ? { ...result, token: tokenOf(options) } : result;
	}
}

function kindOf({ request, service }: Job, result: RequestResult): TryResult['kind'] {
	if (result.kind !== 'answer') return result.kind;
	const kind = service.kindOf(result.answer);
	const isNeeded = kind === 'done' || kind === 'unreadable';
	return isNeeded && isTooLarge(result.answer, request.answer) ? 'tooLarge' : kind;
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

function growing(attempt: number): number {
	return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempt - 1));
}
