import type {
	IExecuteFunctions,
	IHttpRequestMethods,
	IHttpRequestOptions,
	ILoadOptionsFunctions,
	IN8nHttpFullResponse,
	IPollFunctions,
} from 'n8n-workflow';

import type { Content } from './attachments';
import { answered, unanswered, usedUp } from './failures';
import { laneOf, type Heard, type Plan } from './pacing';
import type { GateAnswer, Manner, Peer } from './peer';
import { answerOf, isTooLarge, replyOf, retryAfterMs, type Reply } from './reply';
import { conceal, secretsIn, secretsOfAddress } from './secrets';
import { Tally } from './tally';
import { refuseToken, tokenOf, untilTokenIsOn } from './tokens';
import { Cancelled, jittered, LONGEST_WAIT_MS, wait } from './waiting';

/** Whoever asks: a node that runs, a trigger that polls, a list in the editor. */
export type Caller = IExecuteFunctions | IPollFunctions | ILoadOptionsFunctions;

export interface GateRequest {
	method: IHttpRequestMethods;
	/** Whole, query included, everything in it already encoded. */
	url: string;
	/** `false` keeps a header out that the HTTP client would add by itself. */
	headers?: Record<string, string | false>;
	/** A function opens the content anew for each try. */
	body?: string | Buffer | (() => Promise<Content>);
	/** The limit that this request counts against. */
	plan?: Plan;
	/** Milliseconds; 60 s where left out. */
	timeout?: number;
	/** `bytes` for files; text where left out. */
	answer?: 'text' | 'bytes';
}

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
	tally = new Tally(),
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
		async (peer: Peer, manner: Manner, request: GateRequest) => {
			const asked = repeat({ ask, peer, manner, request, account, signal, tally });
			await asked.then(
				() => undefined,
				async (error: unknown) => conceal(error, await secretsOf(request)),
			);
			return await asked;
		};
	// Read anew: the token may have been renewed meanwhile.
	const ofCredential = async () =>
		secretsIn(await caller.getCredentials(credentialType).catch(() => undefined));
	const ofAddress = async ({ url }: GateRequest) => secretsOfAddress(url);

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
	let rejected: string | undefined;
	let refusedForNow = 0;

	for (let attempt = 1; ; attempt++) {
		const last = attempt === (manner === 'poll' ? TRIES_OF_A_POLL : TRIES);
		const reply = await once(job, rejected);

		if (reply.kind !== 'answer') {
			const repeatable = reply.kind === 'neverLeft' ? reply.mayPass : harmless;
			if (!repeatable || last || signal?.aborted) throw unanswered(peer, manner, reply);
			await wait(jittered(growing(attempt)), signal);
			continue;
		}

		const { answer } = reply;
		const verdict = isTooLarge(answer, job.request.answer) ? 'unreadable' : peer.verdictOf(answer);
		if (verdict === 'done') return answer;
		if (verdict === 'again') refusedForNow += 1;

		const askedToWait = retryAfterMs(answer) ?? 0;
		const isNews = verdict === 'expired' && rejected === undefined && reply.token !== undefined;
		const repeatable =
			isNews ||
			(verdict === 'throttled' && manner !== 'poll') ||
			(verdict === 'again' && refusedForNow < TRIES_AGAIN) ||
			((verdict === 'failing' || verdict === 'unreadable') && harmless);
		if (!repeatable || last || askedToWait > LONGEST_WAIT_MS) {
			throw answered(peer, manner, answer, verdict, askedToWait);
		}
		if (isNews) {
			rejected = reply.token;
			continue;
		}
		const pause = async () => await wait(Math.max(askedToWait, jittered(growing(attempt))), signal);
		await (verdict === 'throttled' ? job.tally.waiting(pause) : pause());
	}
}

/** One request, in its turn, whatever comes of it. */
async function once(job: Job, rejected?: string): Promise<Reply> {
	const { request, peer, signal, tally } = job;
	const lane = request.plan ? laneOf(job.account, request.plan) : undefined;
	if (signal?.aborted) throw new Cancelled();
	const closedFor = lane?.closedFor() ?? 0;
	if (closedFor > LONGEST_CLOSED_MS) {
		const notAsked = answerOf({ statusCode: 429 });
		throw answered(peer, job.manner, notAsked, 'throttled', closedFor);
	}
	if (lane && job.manner === 'poll' && lane.room() < 1) throw usedUp(peer);
	const body = await contentOf(request);
	if (lane) await tally.waiting(async () => await lane.turn(signal));
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

	tally.asked += 1;
	let reply: Reply;
	try {
		const response = (await job.ask.ask(options)) as IN8nHttpFullResponse;
		reply = { kind: 'answer', answer: answerOf(response), token: tokenOf(options) };
	} catch (error) {
		// Every other status is thrown, on every n8n 2; after a 401 n8n has renewed the token and asked again.
		reply = replyOf(error, request.url, peer.title);
		if (reply.kind === 'answer') reply.token = tokenOf(options);
	}
	close(body);
	const news = reply.kind === 'answer' ? newsOf(peer, reply.answer) : {};
	if (news.throttled) tally.throttled += 1;
	lane?.heard(news);
	return reply;
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

function newsOf(peer: Peer, answer: GateAnswer): Heard {
	return {
		...peer.heard?.(answer),
		throttled: peer.verdictOf(answer) === 'throttled',
		retryAfterMs: retryAfterMs(answer),
	};
}

function growing(attempt: number): number {
	return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempt - 1));
}
