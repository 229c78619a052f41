import type { IHttpRequestHelper, IHttpRequestOptions, IN8nHttpFullResponse } from 'n8n-workflow';

import { TokenExchangeError } from './accessToken';
import { isRecord, parseJson, textOf, type Json } from '../values';
import { wait } from '../sleep';

/** An OAuth 2 token endpoint's answer, checked. Without an `accessToken` it is a refusal. */
export interface TokenAnswer {
	status: number;
	accessToken?: string;
	/** Seconds. */
	expiresIn?: number;
	error?: string;
	errorDescription?: string;
	requestId?: string;
	/** All of it, for refusals in another form than OAuth's. */
	body: Json;
}

/** A token may be asked for again as often as needed: nothing comes of it but a token. */
const TRIES = 3;
const TIMEOUT_MS = 30_000;

/**
 * Posts a form to a token endpoint (RFC 6749, section 6).
 *
 * @returns the answer, also when it is a refusal
 * @throws TokenExchangeError when no answer came, or none that is JSON
 */
export async function formAnswer(
	helpers: IHttpRequestHelper['helpers'],
	title: string,
	url: string,
	form: Record<string, string>,
	headers: Record<string, string> = {},
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
		if (final) throw unanswered(title, answer?.status);
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
	const requestId = response.headers['x-amzn-requestid'] ?? response.headers['x-request-id'];
	return {
		body: said,
		readable: isRecord(body),
		status: response.statusCode,
		accessToken: response.statusCode < 300 ? textOf(said.access_token) : undefined,
		expiresIn: expiresIn > 0 ? expiresIn : undefined,
		error: textOf(said.error),
		errorDescription: textOf(said.error_description),
		requestId: textOf(requestId) ?? textOf(said.request_id),
	};
}

function unanswered(title: string, status?: number): TokenExchangeError {
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
