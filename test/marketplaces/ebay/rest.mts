import type { Answer, Exchange } from '../service.mts';
import { scopeBase } from './state.mts';
import type { AccessToken, EbayState } from './state.mts';

/** An answer in the shape of all of eBay's REST APIs. */
export function restError(
	status: number,
	errorId: number,
	domain: string,
	message: string,
	longMessage = message,
): Answer {
	const category = status >= 500 ? 'APPLICATION' : 'REQUEST';
	return { status, body: { errors: [{ errorId, domain, category, message, longMessage }] } };
}

/** What the gateway answers above any rate limit. */
export function tooManyRequests(): Answer {
	return restError(
		429,
		2001,
		'ACCESS',
		'Too many requests.',
		'The request limit has been reached for the resource.',
	);
}

/** A path that no API has. */
export function noResource(): Answer {
	return restError(404, 2002, 'ACCESS', 'Resource not found');
}

/** A request whose syntax is wrong, where the API lists no error of its own. */
export function badRequest(longMessage: string): Answer {
	return restError(400, 2004, 'ACCESS', 'Invalid request', longMessage);
}

/**
 * Checks `Authorization: Bearer …` and the scope.
 * @param anyOf last parts of scopes of which one is enough, e.g. `sell.inventory`
 * @returns the token, or the answer that refuses the request
 */
export function bearer(
	{ headers }: Exchange,
	state: EbayState,
	now: number,
	...anyOf: string[]
): { token: AccessToken } | { refusal: Answer } {
	const header = headers.authorization;
	if (!header) {
		return {
			refusal: restError(
				401,
				1002,
				'OAuth',
				'Missing access token',
				'Access token is missing in the Authorization HTTP request header.',
			),
		};
	}
	const token = state.accessTokens.get(/^Bearer (\S+)$/.exec(header)?.[1] ?? '');
	if (!token || token.expiresAt <= now) {
		return {
			refusal: restError(
				401,
				1001,
				'OAuth',
				'Invalid access token',
				'Invalid access token. Check the value of the Authorization HTTP request header.',
			),
		};
	}
	if (!anyOf.some((scope) => token.scopes.includes(`${scopeBase}/${scope}`))) {
		return {
			refusal: restError(
				403,
				1100,
				'ACCESS',
				'Access denied',
				'Insufficient permissions to fulfill the request.',
			),
		};
	}
	return { token };
}
