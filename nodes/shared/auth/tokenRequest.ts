import type { IHttpRequestHelper, IHttpRequestOptions, IN8nHttpFullResponse } from 'n8n-workflow';

import { withoutSecrets } from '../http/redact';
import { wait } from '../sleep';
import { isRecord, parseJson, textOf, type Json } from '../values';
import { refreshAt, TokenExchangeError, type FreshToken } from './accessToken';

/** A login's token endpoint (RFC 6749), and what is asked of it. */
export interface TokenRequest {
	/** As a seller says it: `Amazon`. */
	title: string;
	url: string;
	form: Record<string, string>;
	headers?: Record<string, string>;
	/** Of a token whose answer does not say how long it lives. */
	lifeSeconds: number;
	/** What was sent and must stand in no error. */
	secrets: string[];
	explain(answer: TokenAnswer): LoginRefusal;
}

/** What the endpoint answered, checked. Without an `accessToken` it is a refusal. */
export interface TokenAnswer {
	status: number;
	/** Names in lower case. */
	headers: Record<string, unknown>;
	body: Json;
	accessToken?: string;
	/** Seconds. */
	expiresIn?: number;
}

/** A refusal in a seller's words, as far as the marketplace's own are known. */
export interface LoginRefusal {
	message?: string;
	description?: string;
	code?: string;
	/** The marketplace's own text. */
	words?: string;
	requestId?: string;
}

/** A token may be asked for again as often as needed: nothing comes of it but a token. */
const TRIES = 3;
const TIMEOUT_MS = 30_000;

/**
 * Asks for an access token.
 * @throws TokenExchangeError when it is refused, no answer came, or none that is JSON
 */
export async function requestToken(
	helpers: IHttpRequestHelper['helpers'],
	request: TokenRequest,
): Promise<FreshToken> {
	return (await requestGrant(helpers, request)).token;
}

/**
 * The same for a grant that brings more than an access token.
 * @returns the answer's other fields as well
 */
export async function requestGrant(
	helpers: IHttpRequestHelper['helpers'],
	request: TokenRequest,
): Promise<{ token: FreshToken; body: Json }> {
	const askedAt = Date.now();
	const answer = await formAnswer(helpers, request);
	const { accessToken, body } = answer;
	if (accessToken === undefined) throw refusedLoginError(request, answer);
	const accessTokenExpiresAt = refreshAt(answer.expiresIn ?? request.lifeSeconds, askedAt);
	return { token: { accessToken, accessTokenExpiresAt }, body };
}

async function formAnswer(
	helpers: IHttpRequestHelper['helpers'],
	{ title, url, form, headers }: TokenRequest,
): Promise<TokenAnswer> {
	const options: IHttpRequestOptions = {
		method: 'POST',
		url,
		headers: {
			'content-type': 'application/x-www-form-urlencoded;charset=UTF-8',
			accept: 'application/json',
			...headers,
		},
		body: new URLSearchParams(form).toString(),
		encoding: 'text',
		timeout: TIMEOUT_MS,
		disableFollowRedirect: true,
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
	};
	for (let attempt = 1; ; attempt++) {
		const answer = await answerTo(helpers, options);
		const final = attempt === TRIES || (answer !== undefined && answer.status < 500);
		if (final && answer?.readable) return answer;
		if (final) throw noLoginAnswerError(title, answer?.status);
		await wait(500 * 2 ** attempt);
	}
}

async function answerTo(
	helpers: IHttpRequestHelper['helpers'],
	options: IHttpRequestOptions,
): Promise<(TokenAnswer & { readable: boolean }) | undefined> {
	let response: IN8nHttpFullResponse;
	try {
		response = (await helpers.httpRequest(options)) as IN8nHttpFullResponse;
	} catch {
		return undefined;
	}
	const body = isRecord(response.body) ? response.body : parseJson(String(response.body ?? ''));
	const said = isRecord(body) ? body : {};
	const expiresIn = Number(said.expires_in);
	return {
		readable: isRecord(body),
		status: response.statusCode,
		headers: response.headers,
		body: said,
		accessToken: response.statusCode < 300 ? textOf(said.access_token) : undefined,
		expiresIn: expiresIn > 0 ? expiresIn : undefined,
	};
}

function refusedLoginError(
	{ title, secrets, explain }: TokenRequest,
	answer: TokenAnswer,
): TokenExchangeError {
	const { status, body } = answer;
	const later = status >= 500 || status === 429;
	const { message, description, code, words: said, requestId } = explain(answer);
	const words = said && withoutSecrets(said, secrets);
	const inGeneral = later
		? `${title} gives no access token at the moment`
		: `${title} refused to give an access token${words ? `: ${words}` : ''}`;
	return new TokenExchangeError(message ?? inGeneral, {
		code,
		httpStatus: status,
		requestId: requestId ?? textOf(answer.headers['x-request-id']) ?? textOf(body.request_id),
		marketplaceMessage: words,
		retryable: later,
		description:
			description ??
			(later ? 'Try again in a few minutes.' : 'Check the fields of the credential.'),
	});
}

function noLoginAnswerError(title: string, status?: number): TokenExchangeError {
	return new TokenExchangeError(
		status === undefined
			? `${title}'s login could not be reached`
			: `${title}'s login gave an answer that cannot be read`,
		{
			httpStatus: status,
			retryable: true,
			description:
				'Check the internet connection of your n8n, and the allowed domains of the credential, and try again.',
		},
	);
}
