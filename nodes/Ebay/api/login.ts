import type { ICredentialDataDecryptedObject, IHttpRequestHelper } from 'n8n-workflow';

import { exchangedOnce, fingerprint, type KeptToken } from '../../shared/auth/accessToken';
import { requestToken, type LoginRefusal, type TokenAnswer } from '../../shared/auth/tokenRequest';
import { textOf, type Json } from '../../shared/values';
import { baseUrlsOf, LOGIN_PATH, TRADING_PATH, USER_AGENT } from './hosts';
import { errorsIn, saidByJson } from './words';

export function usesOAuth({ authentication }: ICredentialDataDecryptedObject): boolean {
	return authentication !== 'authToken';
}

/** @returns where this credential exchanges its refresh token */
export function tokenUrlOf(credentials: ICredentialDataDecryptedObject): string {
	return `${baseUrlsOf(credentials).api}${LOGIN_PATH}`;
}

/** @returns the address of the XML gateway */
export function tradingUrlOf(credentials: ICredentialDataDecryptedObject): string {
	return `${baseUrlsOf(credentials).api}${TRADING_PATH}`;
}

const written = (value: unknown) => String(value ?? '').trim();

/**
 * A token as it was meant: one that was copied out of a browser is often percent-encoded (`v%5E1.1%23…`),
 * and no token of eBay's holds a percent sign of its own.
 */
export function tokenIn(value: unknown): string {
	const token = written(value);
	if (!/%[0-9a-f]{2}/i.test(token)) return token;
	try {
		return decodeURIComponent(token);
	} catch {
		return token;
	}
}

/** What makes one seller: eBay counts messages by it, and a token stands for it. */
export function sellerOf(credentials: ICredentialDataDecryptedObject): string {
	const { refreshToken, authToken } = credentials;
	return fingerprint(
		tradingUrlOf(credentials),
		tokenIn(usesOAuth(credentials) ? refreshToken : authToken),
	);
}

/** What makes a token what it is. */
export function accountOf(credentials: ICredentialDataDecryptedObject): string {
	const { clientId, clientSecret } = credentials;
	return fingerprint(sellerOf(credentials), written(clientId), written(clientSecret));
}

/**
 * Exchanges the refresh token for an access token (two hours, usually). A refresh gives no new refresh token.
 *
 * @throws TokenExchangeError in a seller's words
 * @see https://developer.ebay.com/api-docs/static/oauth-refresh-token-request.html
 */
export async function accessTokenOf(
	helpers: IHttpRequestHelper['helpers'],
	credentials: ICredentialDataDecryptedObject,
): Promise<KeptToken> {
	const [id, secret] = [written(credentials.clientId), written(credentials.clientSecret)];
	const refreshToken = tokenIn(credentials.refreshToken);
	return await exchangedOnce(
		accountOf(credentials),
		async () =>
			await requestToken(helpers, {
				...loginOf(tokenUrlOf(credentials), id, secret),
				form: { grant_type: 'refresh_token', refresh_token: refreshToken },
				secrets: [refreshToken, secret],
			}),
	);
}

/** How eBay's login is asked, whatever for. */
export function loginOf(url: string, id: string, secret: string) {
	return {
		title: 'eBay',
		url,
		headers: {
			authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
			'content-type': 'application/x-www-form-urlencoded',
			'user-agent': USER_AGENT,
		},
		lifeSeconds: LIFE_SECONDS,
		explain,
	};
}

const LIFE_SECONDS = 7200;

/** @see https://developer.ebay.com/api-docs/static/oauth-error-codes.html */
const refusals: Readonly<Record<string, { message: string; description: string }>> = {
	invalid_client: {
		message: "eBay does not know this 'Client ID' and 'Client Secret'",
		description:
			"Copy both again from eBay's developer site, Application Keys: the App ID is the Client ID, the Cert ID the Client Secret. Production and Sandbox have different ones; a disabled keyset is refused as well.",
	},
	invalid_grant: {
		message: "eBay does not accept the 'Refresh Token' (wrong, ended, or access was revoked)",
		description:
			'It lives 18 months, belongs to the application that asked for it, and ends when the seller changes user name or password. Let the seller consent again and paste the new refresh token.',
	},
	invalid_scope: {
		message: "eBay refuses the scopes of the 'Refresh Token'",
		description: 'Let the seller consent again, with the scopes that the documentation names.',
	},
	unauthorized_client: {
		message: 'eBay does not let this application exchange refresh tokens',
		description:
			"Check on eBay's developer site that the keyset is enabled and that OAuth is set up for it.",
	},
	invalid_request: {
		message: 'eBay says that a field of the credential is missing',
		description: "Fill in 'Client ID', 'Client Secret' and 'Refresh Token' of the credential.",
	},
};

function explain({ body }: TokenAnswer): LoginRefusal {
	const { code, words } = saidByJson(body);
	return { ...refusals[wordFor(body) ?? ''], code, words };
}

/** OAuth's word for the refusal: as `error`, or anywhere in the list of errors that eBay gives instead. */
function wordFor(body: Json): string | undefined {
	const texts = errorsIn(body).flatMap((error) => Object.values(error));
	return texts.map(textOf).find((text) => text !== undefined && Object.hasOwn(refusals, text));
}
