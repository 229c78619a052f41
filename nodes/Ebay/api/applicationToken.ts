import type { ICredentialDataDecryptedObject, IHttpRequestHelper } from 'n8n-workflow';

import { fingerprint, type FreshToken } from '../../shared/auth/accessToken';
import { requestToken } from '../../shared/auth/tokenRequest';
import { clientOf, tokenUrlOf } from './credential';
import { loginOf } from './loginRequest';
import { BASE_SCOPE } from './scopes';

/**
 * Tokens of the application itself, for what belongs to no seller: eBay's notification settings and the
 * keys that it signs with. Kept by the process, since eBay gives an application 1,000 of them a day.
 */

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
	const { id, secret } = clientOf(credentials);
	const application = fingerprint(tokenUrlOf(credentials), id, secret);
	const known = await kept.get(application)?.catch(() => undefined);
	const isGood = known && Date.now() < known.accessTokenExpiresAt && known.accessToken !== not;
	if (isGood) return known.accessToken;

	const exchange = requestToken(helpers, {
		...loginOf(tokenUrlOf(credentials), id, secret),
		form: { grant_type: 'client_credentials', scope: BASE_SCOPE },
		secrets: [secret],
	});
	kept.delete(application);
	kept.set(application, exchange);
	if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value!);
	exchange.catch(() => kept.delete(application));
	return (await exchange).accessToken;
}
