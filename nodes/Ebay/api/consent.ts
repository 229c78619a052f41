import type { ICredentialDataDecryptedObject, IHttpRequestHelper } from 'n8n-workflow';

import { TokenExchangeError, type FreshToken } from '../../shared/auth/accessToken';
import { pasted } from '../../shared/auth/pasted';
import { requestGrant } from '../../shared/auth/tokenRequest';
import { textOf } from '../../shared/values';
import { consentAnswerIn, type NoCode } from './consentAnswer';
import { clientOf, consentOf, tokenUrlOf, type KeptConsent } from './credential';
import { consentUrlOf } from './hosts';
import { explain, loginOf } from './loginRequest';
import { scopes } from './scopes';

/**
 * The seller's consent, given on eBay's page in his own browser: the credential hands out the page's
 * address and takes what the browser shows afterwards.
 */

/** What a consent brought, with the access token that came along. */
export interface Consent {
	kept: KeptConsent;
	token: FreshToken;
}

/**
 * n8n writes down what an exchange brought only after it; a code works once. So it is remembered here as
 * well, for whoever asks at the same time, and where n8n could not write. The oldest goes first.
 */
const exchanged = new Map<string, Promise<Consent>>();
const MOST_KEPT = 100;

/**
 * Exchanges the code of a consent for tokens, once however many ask.
 *
 * @throws TokenExchangeError where there is no code yet, or none that eBay takes: with the address of the page
 * @see https://developer.ebay.com/api-docs/static/oauth-auth-code-grant-request.html
 */
export async function consentFor(
	helpers: IHttpRequestHelper['helpers'],
	credentials: ICredentialDataDecryptedObject,
): Promise<Consent> {
	const ruName = pasted(credentials.ruName);
	const { code, otherwise } = consentAnswerIn(credentials.consentAddress);
	if (ruName === '' || /^https?:/i.test(ruName)) throw noRuNameError(ruName, code !== undefined);
	if (code === undefined) throw noCodeError(otherwise!, credentials);

	const consent = consentOf(credentials);
	const known = exchanged.get(consent);
	if (known) return await known;
	const exchange = exchangeOf(helpers, credentials, { code, ruName, consent });
	exchanged.set(consent, exchange);
	if (exchanged.size > MOST_KEPT) exchanged.delete(exchanged.keys().next().value!);
	exchange.catch(() => exchanged.delete(consent));
	return await exchange;
}

async function exchangeOf(
	helpers: IHttpRequestHelper['helpers'],
	credentials: ICredentialDataDecryptedObject,
	{ code, ruName, consent }: { code: string; ruName: string; consent: string },
): Promise<Consent> {
	const { id, secret } = clientOf(credentials);
	const login = loginOf(tokenUrlOf(credentials), id, secret);
	const { token, body } = await requestGrant(helpers, {
		...login,
		form: { grant_type: 'authorization_code', code, redirect_uri: ruName },
		secrets: [code, secret],
		explain: (answer) => explain(answer, { ...spentCode, description: spent(credentials) }),
	});
	const refreshToken = textOf(body.refresh_token);
	if (refreshToken === undefined) throw noRefreshTokenError(credentials);
	const seconds = Number(body.refresh_token_expires_in);
	return {
		token,
		kept: {
			consentRefreshToken: refreshToken,
			consentAccount: consent,
			consentEndsAt: seconds > 0 ? new Date(Date.now() + seconds * 1000).toISOString() : '',
		},
	};
}

/**
 * @param short without what eBay does not give to every keyset
 * @returns the address of the page on which the seller agrees
 * @see https://developer.ebay.com/api-docs/static/oauth-consent-request.html
 */
export function consentAddressOf(
	credentials: ICredentialDataDecryptedObject,
	short = false,
): string {
	const asked = scopes.filter(({ limited }) => !(short && limited));
	const query = Object.entries({
		client_id: clientOf(credentials).id,
		redirect_uri: pasted(credentials.ruName),
		response_type: 'code',
		scope: asked.map(({ id }) => id).join(' '),
	}).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
	return withoutErrorCodes(`${consentUrlOf(credentials)}?${query.join('&')}`);
}

/**
 * n8n puts a sentence of its own in place of any message in which it sees one of Node's error codes, and a
 * name of eBay's may hold one by chance. @see n8n-workflow, errors/abstract/node.error.ts
 */
const ERROR_CODES =
	/ECONNREFUSED|ECONNRESET|ENOTFOUND|ETIMEDOUT|ERRADDRINUSE|EADDRNOTAVAIL|ECONNABORTED|EHOSTUNREACH|EAI_AGAIN|ENOENT|EISDIR|ENOTDIR|EACCES|EEXIST|EPERM|GETADDRINFO/gi;

const withoutErrorCodes = (address: string) =>
	address.replace(
		ERROR_CODES,
		(code) => `%${code.charCodeAt(0).toString(16).toUpperCase()}${code.slice(1)}`,
	);

const AGREE =
	"open the address at the end of this text in a browser, sign in to eBay as the seller, and agree. Copy all that the browser's address line shows then, paste it into 'Address After Consent', and save within five minutes.";

const TOO_MUCH =
	"If eBay shows invalid_scope and no page to agree on, write invalid_scope into 'Address After Consent' and save: you get a shorter address.";

/** What to do, as one says it at the beginning of a sentence. */
function steps(credentials: ICredentialDataDecryptedObject): string {
	return `${AGREE.replace(/^o/, 'O')} ${TOO_MUCH} The address: ${consentAddressOf(credentials)}`;
}

/** What to do next for somebody whose consent has ended, or did not come about. */
export function consentAgain(credentials: ICredentialDataDecryptedObject): string {
	return `Empty 'Address After Consent' and let the seller consent again: ${AGREE} ${TOO_MUCH} The address: ${consentAddressOf(credentials)}`;
}

const spentCode = {
	message:
		"eBay does not take the code in 'Address After Consent': it was used before, or has ended",
};

function spent(credentials: ICredentialDataDecryptedObject): string {
	return `A code is good for five minutes and for one use, and belongs to the 'Client ID' and the 'RuName' that were in the address. (A refresh token belongs into the field 'Refresh Token'.) Get another one: ${AGREE} The address: ${consentAddressOf(credentials)}`;
}

function shorter(credentials: ICredentialDataDecryptedObject): string {
	const left = scopes.filter(({ limited }) => limited);
	const names = left.map(({ name, needs }) => `${name} (for ${needs})`).join(', ');
	return `The address at the end of this text leaves out what eBay does not give to every keyset: ${names}. Everything else works without. If eBay refuses it as well, look on eBay's developer site, Application Keys, OAuth Scopes, what your keyset has, and ask eBay for the rest. Now ${AGREE} The address: ${consentAddressOf(credentials, true)}`;
}

const problems: Readonly<Record<NoCode, { message: string; first?: string }>> = {
	nothing: { message: "One step is left: the seller has to agree on eBay's page" },
	declined: { message: "The seller did not agree on eBay's page" },
	invalidScope: { message: 'eBay did not give your keyset every scope that the nodes can use' },
	wrongRuName: {
		message: "eBay does not know this 'RuName' together with this 'Client ID'",
		first:
			"Copy both again from eBay's developer site (the RuName stands under User Tokens, Get a Token from eBay via Your Application), empty 'Address After Consent' and save: the address is made of them.",
	},
	unknownClient: {
		message: "eBay does not know this 'Client ID'",
		first:
			"Copy the App ID again from eBay's developer site, Application Keys; Production and Sandbox have different ones. Empty 'Address After Consent' and save: the address is made of it.",
	},
	beforeConsent: {
		message: "'Address After Consent' holds the address of the page before the seller agreed",
	},
	authToken: {
		message: "'Address After Consent' holds an Auth'n'Auth token",
		first: "To use it, choose 'Auth Token' as 'Authentication' and paste it there. For OAuth:",
	},
	accessToken: {
		message: "'Address After Consent' holds an access token, which would end in two hours",
	},
	noCode: {
		message: "'Address After Consent' holds no code of eBay's",
		first: 'The address after the consent holds code=v%5E1.1%23…; the code alone will do as well.',
	},
};

function noCodeError(
	otherwise: NoCode,
	credentials: ICredentialDataDecryptedObject,
): TokenExchangeError {
	const { message, first } = problems[otherwise];
	const next = otherwise === 'invalidScope' ? shorter(credentials) : steps(credentials);
	return new TokenExchangeError(message, {
		retryable: false,
		description: first ? `${first} ${next}` : next,
	});
}

function noRuNameError(ruName: string, hasCode: boolean): TokenExchangeError {
	const what =
		ruName === ''
			? hasCode
				? "'RuName' is empty, and eBay takes a code only together with it"
				: 'The credential is not connected to eBay yet'
			: "'RuName' holds an address, and has to hold a name that eBay made";
	return new TokenExchangeError(what, {
		retryable: false,
		description:
			"On eBay's developer site open User Tokens beside your App ID, then Get a Token from eBay via Your Application: copy the RuName (like Example_Name-ExampleN-MyApp-abcdef) into 'RuName', and save. This text then shows where the seller agrees. If you have a refresh token already, paste it into 'Refresh Token' instead.",
	});
}

function noRefreshTokenError(credentials: ICredentialDataDecryptedObject): TokenExchangeError {
	return new TokenExchangeError('eBay gave no refresh token for the code', {
		retryable: false,
		description: consentAgain(credentials),
	});
}
