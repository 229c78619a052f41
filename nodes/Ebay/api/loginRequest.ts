import type { LoginRefusal, TokenAnswer } from '../../shared/auth/tokenRequest';
import { textOf, type Json } from '../../shared/values';
import { USER_AGENT } from './hosts';
import { NEW_CONSENT } from './scopes';
import { errorsIn, saidByJson } from './words';

const LIFE_SECONDS = 7200;

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
		explain: (answer: TokenAnswer) => explain(answer, undefined, id),
	};
}

/** What a refusal means to a seller. */
export interface Words {
	message: string;
	description: string;
}

/** @see https://developer.ebay.com/api-docs/static/oauth-error-codes.html */
const refusals: Readonly<Record<string, Words>> = {
	invalid_client: {
		message: "eBay does not know this 'Client ID' and 'Client Secret'",
		description:
			"Copy both again from eBay's developer site, Application Keys: the App ID is the Client ID, the Cert ID the Client Secret. Production and Sandbox have different ones; a disabled keyset is refused as well.",
	},
	invalid_grant: {
		message: "eBay does not accept the 'Refresh Token' (wrong, ended, or access was revoked)",
		description: `It lives 18 months, belongs to the application that asked for it, and ends when the seller changes user name or password. ${NEW_CONSENT}`,
	},
	invalid_scope: {
		message: "eBay refuses the scopes of the 'Refresh Token'",
		description: NEW_CONSENT,
	},
	unauthorized_client: {
		message: 'eBay does not let this application exchange refresh tokens',
		description:
			"Check on eBay's developer site that the keyset is enabled and that OAuth is set up for it.",
	},
	invalid_request: {
		message: 'eBay says that a field of the credential is missing',
		description:
			"Fill in 'Client ID' and 'Client Secret' of the credential, and 'RuName' or 'Refresh Token'.",
	},
};

/**
 * Mix-ups that a look at the Client ID shows: `Name-App-PRD-…` is the App ID of production, `PRD-…` the Cert ID.
 * @see https://developer.ebay.com/api-docs/static/gs_create-the-ebay-api-keysets.html
 */
function mixUpIn(id: string): string {
	if (/^(PRD|SBX)-/.test(id)) {
		return "'Client ID' holds what looks like a Cert ID: it belongs into 'Client Secret', and the App ID (with your application's name in it) into 'Client ID'. ";
	}
	return '';
}

/** @param grant what is said of a grant that eBay does not take; left out: of a refresh token of the seller's own */
export function explain(
	{ body }: TokenAnswer,
	grant: Words = refusals.invalid_grant!,
	id = '',
): LoginRefusal {
	const { code, words } = saidByJson(body);
	const word = wordFor(body);
	if (word === undefined) return { code, words };
	const { message, description } = word === 'invalid_grant' ? grant : refusals[word]!;
	const first = word === 'invalid_client' ? mixUpIn(id) : '';
	return { message, description: `${first}${description}`, code, words };
}

/** OAuth's word for the refusal: as `error`, or anywhere in the list of errors that eBay gives instead. */
function wordFor(body: Json): string | undefined {
	const texts = errorsIn(body).flatMap((error) => Object.values(error));
	return texts.map(textOf).find((text) => text !== undefined && Object.hasOwn(refusals, text));
}
