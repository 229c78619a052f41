import type { ICredentialDataDecryptedObject, IHttpRequestHelper } from 'n8n-workflow';

import { formAnswer, type TokenAnswer } from '../../shared/auth/tokenRequest';
import {
	exchangedOnce,
	fingerprint,
	refreshAt,
	TokenExchangeError,
	type KeptToken,
} from '../../shared/auth/accessToken';
import { tokenUrl } from './hosts';

/** @returns where this credential exchanges its refresh token */
export function tokenUrlOf(credentials: ICredentialDataDecryptedObject): string {
	return credentials.environment === 'custom'
		? String(credentials.tokenUrl ?? '').trim()
		: tokenUrl;
}

/** What makes one seller and one application: Amazon counts its limits by it. */
export function accountOf(credentials: ICredentialDataDecryptedObject): string {
	return fingerprint(
		tokenUrlOf(credentials),
		String(credentials.clientId),
		String(credentials.clientSecret),
		String(credentials.refreshToken),
	);
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
	return await exchangedOnce(accountOf(credentials), async () => {
		const askedAt = Date.now();
		const answer = await formAnswer(helpers, 'Amazon', tokenUrlOf(credentials), {
			grant_type: 'refresh_token',
			refresh_token: String(credentials.refreshToken).trim(),
			client_id: String(credentials.clientId).trim(),
			client_secret: String(credentials.clientSecret).trim(),
		});
		if (answer.accessToken === undefined) throw refused(answer);
		return {
			accessToken: answer.accessToken,
			accessTokenExpiresAt: refreshAt(answer.expiresIn ?? LIFE_SECONDS, askedAt),
		};
	});
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

function refused(answer: TokenAnswer): TokenExchangeError {
	const known = refusals.find(
		({ error, says }) =>
			error === answer.error && (says?.test(answer.errorDescription ?? '') ?? true),
	);
	const later = answer.status >= 500 || answer.status === 429;
	return new TokenExchangeError(
		known?.message ??
			(later
				? 'Amazon gives no access token at the moment'
				: 'Amazon refused to give an access token'),
		{
			code: answer.error,
			httpStatus: answer.status,
			requestId: answer.requestId,
			marketplaceMessage: answer.errorDescription,
			retryable: later,
			description:
				known?.description ??
				(later ? 'Try again in a few minutes.' : 'Check the fields of the credential.'),
		},
	);
}
