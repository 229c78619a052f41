import { decoded, pasted } from '../../shared/auth/pasted';

/**
 * What a seller pastes after eBay's consent page: the whole address of the page where it ended, a part of
 * it, the code alone, what eBay showed instead, or something that belongs elsewhere.
 */

/** What it is, where it is no code. */
export type NoCode =
	| 'nothing'
	| 'declined'
	| 'invalidScope'
	| 'wrongRuName'
	| 'unknownClient'
	| 'beforeConsent'
	| 'authToken'
	| 'accessToken'
	| 'noCode';

export interface ConsentAnswer {
	/** As eBay wants it back: not percent-encoded. */
	code?: string;
	/** There where no code is. */
	otherwise?: NoCode;
}

/** eBay's tokens and codes have begun with it since there are any. */
const OAUTH = /^v\^\d/;
/** Behind it stands something packed: access tokens alone are. */
const ACCESS_TOKEN = /#t\^H4sI/;

/** @returns whether it is an Auth'n'Auth token */
export const isAuthToken = (text: string) => /^Ag[A-Za-z]{4}\*\*/.test(text);
/** @returns whether it is an OAuth token or a code */
export const isOAuthToken = (text: string) => OAUTH.test(text);
export const isAccessToken = (text: string) => OAUTH.test(text) && ACCESS_TOKEN.test(text);
/** @returns whether it is an address, or the end of one, with a consent's code in it */
export const holdsCode = (text: string) => CODE.test(text);

const CODE = /(?:^|[?&#;])code=([^&\s]*)/;

/** What eBay says of a consent that did not come about, as its page or its address has it. */
const told: ReadonlyArray<[RegExp, NoCode]> = [
	[/invalid_scope/i, 'invalidScope'],
	[/access_denied|isAuthSuccessful=false/i, 'declined'],
	// What eBay answers to an address, or to another keyset's name, in place of the RuName.
	[/temporarily_unavailable|invalid_request/i, 'wrongRuName'],
	[/unauthorized_client|invalid_client/i, 'unknownClient'],
];

/** @see https://developer.ebay.com/api-docs/static/oauth-consent-request.html */
export function consentAnswerIn(value: unknown): ConsentAnswer {
	// Addresses and codes hold no spaces; a line that was broken on the way is put together again.
	const text = pasted(value).replace(/\s+/g, '');
	if (text === '') return { otherwise: 'nothing' };

	const [, inAddress] = CODE.exec(text) ?? [];
	// Percent-encoded, the code has no `#` of its own: what follows one is not part of it.
	const encoded = inAddress?.includes('%23') ? inAddress.split('#')[0] : inAddress;
	const code = decoded(encoded ?? text);
	if (isAuthToken(code)) return { otherwise: 'authToken' };
	if (isAccessToken(code)) return { otherwise: 'accessToken' };
	if (isOAuthToken(code)) return { code };

	const problem = told.find(([says]) => says.test(text))?.[1];
	if (problem) return { otherwise: problem };
	const isAddress = /^https?:/i.test(text);
	return { otherwise: isAddress && /client_id=/.test(text) ? 'beforeConsent' : 'noCode' };
}
