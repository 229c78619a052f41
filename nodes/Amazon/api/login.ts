import type { ICredentialDataDecryptedObject, IHttpRequestHelper } from 'n8n-workflow';

import {
	exchangedOnce,
	fingerprint,
	TokenExchangeError,
	type KeptToken,
} from '../../shared/auth/accessToken';
import { decoded, pasted } from '../../shared/auth/pasted';
import { requestToken, type LoginRefusal, type TokenAnswer } from '../../shared/auth/tokenRequest';
import { textOf } from '../../shared/values';
import { tokenUrl } from './hosts';

/** @returns where this credential exchanges its refresh token */
export function tokenUrlOf(credentials: ICredentialDataDecryptedObject): string {
	return credentials.environment === 'custom'
		? String(credentials.tokenUrl ?? '').trim()
		: tokenUrl;
}

/** What makes one seller and one application: Amazon counts its limits by it. */
export function accountOf(credentials: ICredentialDataDecryptedObject): string {
	const { id, secret, refreshToken } = fieldsOf(credentials);
	return fingerprint(tokenUrlOf(credentials), id, secret, refreshToken);
}

/** What the fields hold, as it was meant. */
function fieldsOf({ clientId, clientSecret, refreshToken }: ICredentialDataDecryptedObject) {
	return {
		id: pasted(clientId),
		secret: pasted(clientSecret),
		refreshToken: decoded(pasted(refreshToken)),
	};
}

/** @returns what Amazon's login wants to hear (RFC 6749, section 6) */
export function loginForm(credentials: ICredentialDataDecryptedObject): Record<string, string> {
	const { id, secret, refreshToken } = fieldsOf(credentials);
	return {
		grant_type: 'refresh_token',
		refresh_token: refreshToken,
		client_id: id,
		client_secret: secret,
	};
}

/**
 * Exchanges the refresh token for an access token (an hour, usually).
 *
 * @throws TokenExchangeError in a seller's words
 * @see https://developer-docs.amazon.com/sp-api/docs/connecting-to-the-selling-partner-api
 */
export async function accessTokenOf(
	helpers: IHttpRequestHelper['helpers'],
	credentials: ICredentialDataDecryptedObject,
): Promise<KeptToken> {
	if (!URL.canParse(tokenUrlOf(credentials))) {
		throw new TokenExchangeError("The credential's 'Token URL' is not an address", {
			retryable: false,
			description:
				"Write one that begins with http:// or https://, or choose 'Production' as the environment.",
		});
	}
	const { id, secret, refreshToken } = fieldsOf(credentials);
	return await exchangedOnce(
		accountOf(credentials),
		async () =>
			await requestToken(helpers, {
				title: 'Amazon',
				url: tokenUrlOf(credentials),
				form: loginForm(credentials),
				lifeSeconds: LIFE_SECONDS,
				secrets: [secret, refreshToken],
				explain: (answer) => explain(answer, id, refreshToken),
			}),
	);
}

const LIFE_SECONDS = 3600;

/**
 * Login with Amazon's refusals. The same `error` has several causes, told apart by its description.
 * @see https://developer-docs.amazon.com/sp-api/docs/authorization-errors
 */
const refusals: ReadonlyArray<{
	error: string;
	says?: RegExp;
	message: string;
	description: string;
}> = [
	{
		error: 'invalid_client',
		says: /secret.*expired|expired.*secret/i,
		message: "Amazon says the 'Client Secret' has expired",
		description:
			'Secrets live 180 days. In Seller Central open Develop Apps, rotate the LWA credentials of your app, and paste the new secret into the credential. The refresh token stays good.',
	},
	{
		error: 'invalid_client',
		message: "Amazon does not know this 'Client ID' and 'Client Secret'",
		description:
			'Copy both again from Seller Central, Develop Apps, LWA credentials. A secret also stops working 180 days after it was made: rotate it there if yours is older.',
	},
	{
		error: 'unauthorized_client',
		message: "The 'Refresh Token' belongs to another app than the 'Client ID'",
		description:
			'In Seller Central open Develop Apps, choose the app whose Client ID you entered, press Authorize, and paste its refresh token into the credential.',
	},
	{
		error: 'invalid_grant',
		message: "Amazon does not accept the 'Refresh Token' (wrong, or access was revoked)",
		description:
			'In Seller Central open Develop Apps, press Authorize for your app, and paste the new refresh token (it begins with Atzr|) into the credential.',
	},
	{
		error: 'invalid_request',
		message: 'Amazon says that a field of the credential is missing',
		description: "Fill in 'Client ID', 'Client Secret' and 'Refresh Token' of the credential.",
	},
];

/**
 * Mix-ups that a look at the field shows; where there is one, it is said first.
 * @see https://developer-docs.amazon.com/sp-api/docs/viewing-your-application-information-and-credentials
 */
function mixUpIn(code: string | undefined, id: string, refreshToken: string): string {
	if (code === 'invalid_client' && id.startsWith('amzn1.sp.solution.')) {
		return "'Client ID' holds the app's ID (amzn1.sp.solution…), not its client identifier (amzn1.application-oa2-client…). ";
	}
	if (code === 'invalid_client' && id.startsWith('amzn1.oa2-cs.')) {
		return "'Client ID' holds a client secret (amzn1.oa2-cs…): it belongs into the field below. ";
	}
	if (code === 'invalid_grant' && /^Atz[ac]\|/.test(refreshToken)) {
		return "'Refresh Token' holds an access token, which lives an hour. ";
	}
	return '';
}

function explain({ body, headers }: TokenAnswer, id: string, refreshToken: string): LoginRefusal {
	const [code, words] = [textOf(body.error), textOf(body.error_description)];
	const known = refusals.find(
		({ error, says }) => error === code && (says?.test(words ?? '') ?? true),
	);
	return {
		message: known?.message,
		description: known && `${mixUpIn(code, id, refreshToken)}${known.description}`,
		code,
		words,
		requestId: textOf(headers['x-amzn-requestid']),
	};
}
