import {
	CREDENTIAL_EMPTY_VALUE,
	type ICredentialDataDecryptedObject,
	type INodeProperties,
} from 'n8n-workflow';

import { fingerprint } from '../../shared/auth/accessToken';
import { decoded, pasted } from '../../shared/auth/pasted';
import { consentAnswerIn } from './consentAnswer';
import { baseUrlsOf, LOGIN_PATH, TRADING_PATH } from './hosts';

/** What the credential's fields hold, as they were meant. */

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

/** A token as it was meant: one that was copied out of a browser is often percent-encoded (`v%5E1.1%23…`). */
export function tokenIn(value: unknown): string {
	return decoded(pasted(value));
}

/** @returns the keyset: App ID and Cert ID */
export function clientOf({ clientId, clientSecret }: ICredentialDataDecryptedObject): {
	id: string;
	secret: string;
} {
	return { id: pasted(clientId), secret: pasted(clientSecret) };
}

/**
 * A consent counts wherever there is an answer to one, and where nothing else was given. A refresh token
 * of one's own counts alone.
 */
export function usesConsent(credentials: ICredentialDataDecryptedObject): boolean {
	const { consentAddress, refreshToken } = credentials;
	return pasted(consentAddress) !== '' || tokenIn(refreshToken) === '';
}

/** What makes one seller: eBay counts messages by it, and a token stands for it. */
export function sellerOf(credentials: ICredentialDataDecryptedObject): string {
	const { refreshToken, authToken } = credentials;
	const consent = usesOAuth(credentials) && usesConsent(credentials);
	if (consent) return fingerprint(tradingUrlOf(credentials), 'consent', consentOf(credentials));
	return fingerprint(
		tradingUrlOf(credentials),
		tokenIn(usesOAuth(credentials) ? refreshToken : authToken),
	);
}

/** What makes an access token what it is. */
export function accountOf(credentials: ICredentialDataDecryptedObject): string {
	const { id, secret } = clientOf(credentials);
	return fingerprint(sellerOf(credentials), id, secret);
}

/**
 * What makes one consent: the code that it ended with, and whom it was given to. The secret is not part of
 * it: an application that gets a new one keeps its consents.
 */
export function consentOf(credentials: ICredentialDataDecryptedObject): string {
	const { code = '' } = consentAnswerIn(credentials.consentAddress);
	return fingerprint(tokenUrlOf(credentials), clientOf(credentials).id, code);
}

/** What a consent brought, as n8n keeps it. */
export interface KeptConsent {
	consentRefreshToken: string;
	/** Which consent it is of. */
	consentAccount: string;
	/** When the refresh token ends, ISO 8601; empty where eBay did not say. */
	consentEndsAt: string;
	[key: string]: string;
}

/** @returns what the consent brought, as long as it is the one that the credential names now */
export function keptConsentIn(
	credentials: ICredentialDataDecryptedObject,
): KeptConsent | undefined {
	const [consentRefreshToken, consentAccount, consentEndsAt] = [
		credentials.consentRefreshToken,
		credentials.consentAccount,
		credentials.consentEndsAt,
	].map((value) => (value === CREDENTIAL_EMPTY_VALUE ? '' : String(value ?? '')));
	if (!consentRefreshToken || consentAccount !== consentOf(credentials)) return undefined;
	return { consentRefreshToken, consentAccount, consentEndsAt: consentEndsAt! };
}

/**
 * The fields of the above. A window in which a credential was just made knows nothing of what its test
 * brought, and writes over it when it saves again: a hidden field that has its default is not sent, and is
 * gone. So each stands here twice. The window begins with the first default, which to n8n means 'as it is
 * stored', and sends it, because it is not the second.
 */
export const keptConsentFields: INodeProperties[] = [
	{ displayName: 'Consent Refresh Token', name: 'consentRefreshToken' },
	{ displayName: 'Consent Account', name: 'consentAccount' },
	{ displayName: 'Consent Ends At', name: 'consentEndsAt' },
].flatMap((field): INodeProperties[] => {
	const hidden = { ...field, type: 'hidden' as const, typeOptions: { password: true } };
	return [
		{ ...hidden, default: CREDENTIAL_EMPTY_VALUE },
		{ ...hidden, default: '' },
	];
});
