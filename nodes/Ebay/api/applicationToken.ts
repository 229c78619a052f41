import type { ICredentialDataDecryptedObject, IHttpRequestHelper } from 'n8n-workflow';

import { fingerprint, refreshAt, type FreshToken } from '../../shared/auth/accessToken';
import { formAnswer } from '../../shared/auth/tokenRequest';
import { USER_AGENT } from './hosts';
import { refusedLoginError, tokenUrlOf } from './login';

/**
 * Tokens of the application itself, for what belongs to no seller: eBay's notification settings and the
 * keys that it signs with. Kept by the process, since eBay gives an application 1,000 of them a day.
 */

/** @see https://developer.ebay.com/api-docs/static/oauth-client-credentials-grant.html */
const SCOPE = 'https://api.ebay.com/oauth/api_scope';
const LIFE_SECONDS = 7200;
/** Applications whose token is kept; the oldest goes first. */
const MOST_KEPT = 100;

const kept = new Map<string, Promise<FreshToken>>();

/**
 * @param not a token that eBay no longer takes: another one is fetched
 * @returns an access token of the application (client credentials), good for up to two hours
 * @throws TokenExchangeError in a seller's words
 * @see https://developer.ebay.com/api-docs/static/oauth-client-credentials-grant.html
 */
export async function applicationTokenOf(
	helpers: IHttpRequestHelper['helpers'],
	credentials: ICredentialDataDecryptedObject,
	not?: string,
): Promise<string> {
	const id = String(credentials.clientId ?? '').trim();
	const secret = String(credentials.clientSecret ?? '').trim();
	const application = fingerprint(tokenUrlOf(credentials), id, secret);
	const known = await kept.get(application)?.catch(() => undefined);
	const isGood = known && Date.now() < known.accessTokenExpiresAt && known.accessToken !== not;
	if (isGood) return known.accessToken;

	const exchange = exchanged(helpers, tokenUrlOf(credentials), id, secret);
	kept.delete(application);
	kept.set(application, exchange);
	if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value!);
	exchange.catch(() => kept.delete(application));
	return (await exchange).accessToken;
}

async function exchanged(
	helpers: IHttpRequestHelper['helpers'],
	url: string,
	id: string,
	secret: string,
): Promise<FreshToken> {
	const askedAt = Date.now();
	const answer = await formAnswer(
		helpers,
		'eBay',
		url,
		{ grant_type: 'client_credentials', scope: SCOPE },
		{
			authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
			'content-type': 'application/x-www-form-urlencoded',
			'user-agent': USER_AGENT,
		},
	);
	if (answer.accessToken === undefined) throw refusedLoginError(answer, [secret]);
	return {
		accessToken: answer.accessToken,
		accessTokenExpiresAt: refreshAt(answer.expiresIn ?? LIFE_SECONDS, askedAt),
	};
}
