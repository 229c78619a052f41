import type { ICredentialDataDecryptedObject, IHttpRequestHelper } from 'n8n-workflow';

import {
	exchangedOnce,
	keptToken,
	TokenExchangeError,
	type KeptToken,
} from '../../shared/auth/accessToken';
import { requestToken } from '../../shared/auth/tokenRequest';
import { consentAgain, consentFor } from './consent';
import { holdsCode, isAccessToken, isAuthToken } from './consentAnswer';
import {
	accountOf,
	clientOf,
	keptConsentIn,
	tokenIn,
	tokenUrlOf,
	usesConsent,
	type KeptConsent,
} from './credential';
import { explain, loginOf, type Words } from './loginRequest';
import { NEW_CONSENT } from './scopes';

type Helpers = IHttpRequestHelper['helpers'];

/**
 * An access token (two hours, usually): for a refresh token of the seller's own, for the one that his
 * consent brought, or, the first time, for the code of the consent.
 *
 * @returns what n8n keeps: the token, and what the consent brought
 * @throws TokenExchangeError in a seller's words
 * @see https://developer.ebay.com/api-docs/static/oauth-refresh-token-request.html
 */
export async function accessTokenOf(
	helpers: Helpers,
	credentials: ICredentialDataDecryptedObject,
): Promise<KeptToken & Partial<KeptConsent>> {
	if (!usesConsent(credentials)) {
		const refreshToken = tokenIn(credentials.refreshToken);
		refuseWhatIsNone(refreshToken);
		return await refreshed(helpers, credentials, refreshToken, notAccepted(refreshToken));
	}
	let kept = keptConsentIn(credentials);
	if (!kept) {
		const consent = await consentFor(helpers, credentials);
		const { token } = consent;
		kept = consent.kept;
		if (Date.now() < token.accessTokenExpiresAt) {
			return { ...keptToken(token, accountOf(credentials)), ...kept };
		}
	}
	const ended = { message: CONSENT_ENDED, description: consentAgain(credentials) };
	return { ...(await refreshed(helpers, credentials, kept.consentRefreshToken, ended)), ...kept };
}

const CONSENT_ENDED =
	"The seller's consent has ended: it lives 18 months, or until the seller changes user name or password or takes it back";

/** A refresh gives no new refresh token. */
async function refreshed(
	helpers: Helpers,
	credentials: ICredentialDataDecryptedObject,
	refreshToken: string,
	notAccepted?: Words,
): Promise<KeptToken> {
	const { id, secret } = clientOf(credentials);
	return await exchangedOnce(
		accountOf(credentials),
		async () =>
			await requestToken(helpers, {
				...loginOf(tokenUrlOf(credentials), id, secret),
				form: { grant_type: 'refresh_token', refresh_token: refreshToken },
				secrets: [refreshToken, secret],
				explain: (answer) => explain(answer, notAccepted, id),
			}),
	);
}

/** What surely is no refresh token is not sent to eBay as one. */
function refuseWhatIsNone(value: string): void {
	if (isAuthToken(value)) {
		throw wrongField(
			"'Refresh Token' holds an Auth'n'Auth token",
			"Choose 'Auth Token' as 'Authentication' and paste it there.",
		);
	}
	if (holdsCode(value)) {
		throw wrongField(
			"'Refresh Token' holds the address after a consent",
			"Paste it into 'Address After Consent', fill in 'RuName', empty 'Refresh Token', and save: n8n gets the refresh token for it.",
		);
	}
}

/** What a value may be that eBay does not take for a refresh token: codes have no mark that is documented. */
function notAccepted(value: string): Words | undefined {
	const words = explainedAs(value);
	if (words === undefined) return undefined;
	return {
		message: "'Refresh Token' holds something else, and eBay refuses it",
		description: words,
	};
}

function explainedAs(value: string): string | undefined {
	if (isAccessToken(value)) {
		return `It looks like an access token, which lives two hours. ${NEW_CONSENT}`;
	}
	if (/#t\^Ul41X/.test(value)) {
		return "It looks like the code of a consent. It belongs into 'Address After Consent', within five minutes: fill in 'RuName', empty 'Refresh Token', and save.";
	}
	return undefined;
}

const wrongField = (message: string, description: string) =>
	new TokenExchangeError(message, { retryable: false, description });
