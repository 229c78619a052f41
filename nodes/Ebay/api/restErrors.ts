import { withoutReason } from '../../shared/http/errors';
import { isWithoutBody, jsonOf } from '../../shared/http/response';
import type { Explanation, HttpResponse, Service, AnswerKind } from '../../shared/http/service';
import { MarketplaceError } from '../../shared/outcome';
import { isRecord, isWord } from '../../shared/values';
import { quoted, requestIdOf, WHERE_TO_LOOK } from './errors';
import { NEW_CONSENT } from './scopes';
import { errorsIn, saidIn, saysSomething } from './words';

/** What an error means to a seller. */
interface Meaning {
	message: string;
	description: string;
	retryable?: boolean;
}

interface Known extends Meaning {
	errorIds: readonly string[];
}

/** Told in several ways: 355007 in the documents, 404 with 355000 in production. */
const unknownConversation: Meaning = {
	message: "eBay does not find the 'Conversation'",
	description:
		'Take it from "Get Many": IDs of Trading messages and questions are others. Without one, the message goes to the member in \'Recipient ID\'.',
};

/** @returns whether eBay refused because it does not know the conversation (any more), however it said so */
export function isUnknownConversation(error: unknown): boolean {
	return (
		error instanceof MarketplaceError &&
		error.details.outcome === 'notSent' &&
		error.message === unknownConversation.message
	);
}

/**
 * Errors of Message API and Media API, and those that all REST APIs have.
 * @see https://developer.ebay.com/api-docs/commerce/message/resources/conversation/methods/sendMessage
 * @see https://developer.ebay.com/api-docs/commerce/media/resources/image/methods/createImageFromFile
 */
const known: readonly Known[] = [
	{
		errorIds: ['1001', '1002', '1003'],
		message: 'eBay does not accept the access token',
		description: `A new one was fetched and refused as well. ${NEW_CONSENT}`,
	},
	{
		errorIds: ['1100', '190013'],
		message: "The seller's consent does not cover this",
		description: `Pictures need the scope sell.inventory, conversations the scope commerce.message. ${NEW_CONSENT}`,
	},
	{
		errorIds: ['2001'],
		message: "eBay's limit of requests is used up",
		description: 'Try again in a few minutes; a limit of the day ends at midnight Pacific time.',
		retryable: true,
	},
	{
		errorIds: ['190201'],
		message: 'eBay says that a picture is too large',
		description: 'At most 12 MB are allowed: send a smaller picture.',
	},
	{
		errorIds: ['190202'],
		message: 'eBay does not take the width and height of a picture',
		description: 'The longest side should have 500 pixels or more: resize the picture.',
	},
	{
		errorIds: ['190203'],
		message: 'eBay does not recognize the format of a picture',
		description:
			'JPG, GIF, PNG, BMP, TIFF, AVIF, HEIC and WEBP are taken; no animated GIF, and no TIFF or PNG with several pages. Check that the file is what its name says.',
	},
	{
		errorIds: ['190200'],
		message: 'eBay does not find a picture that was uploaded',
		description: 'Run the item again: the picture is uploaded anew.',
		retryable: true,
	},
	{
		errorIds: ['355003', '355016', '355020', '355021'],
		message: "eBay does not accept the 'Item ID'",
		description:
			'Check the number of the listing, or leave the field empty: it is only a reference.',
	},
	{
		errorIds: ['355006'],
		message: "eBay does not know the 'Recipient ID'",
		description:
			"Write the other member's eBay user ID, as the order or the conversation gives it.",
	},
	{ errorIds: ['355000', '355007'], ...unknownConversation },
	{
		errorIds: ['355001', '355002', '355008', '355009', '355017', '355022'],
		message: 'eBay does not understand the request',
		description: 'Please report this to the makers of this node, with the code.',
	},
	{
		errorIds: ['355004', '355005'],
		message: "eBay does not accept 'Start Time' or 'End Time'",
		description: "'Start Time' has to be before 'End Time'.",
	},
	{
		errorIds: ['2002'],
		message: 'eBay has nothing at this address',
		description: "Check the credential's environment and address.",
	},
	{
		errorIds: ['355010'],
		message: 'eBay takes fewer media with a message',
		description: "Remove some in 'Attachments' or 'Media URLs'. At most 5 are allowed together.",
	},
	{
		errorIds: ['355011', '355012', '355014'],
		message: "eBay does not accept an entry of 'Media URLs'",
		description: 'Each needs a name, a type and an https address that everybody can open.',
	},
	{
		errorIds: ['355013'],
		message: "'Text' is too long for eBay",
		description: 'At most 2000 characters are allowed.',
	},
	{
		errorIds: ['355015'],
		message: 'eBay says that the message is empty',
		description: "Write a 'Text', or add a picture.",
	},
	{
		errorIds: ['355018'],
		message: 'eBay does not know to whom the message goes',
		description: "Fill in 'Conversation' or 'Recipient ID'.",
	},
];

interface RestCall {
	/** The call names a conversation. */
	ofConversation?: boolean;
	/** An answer without a JSON object in it is none. */
	reads?: boolean;
	/** The call writes to a member: a success that names an error leaves it open whether it was sent. */
	sends?: boolean;
	/** What surely is a success, whatever else the answer says. */
	proves?(answer: HttpResponse): boolean;
}

/** eBay's REST APIs as the gate sees them: success is told by the status, whatever the body holds. */
export function restApi({ ofConversation, reads, sends, proves }: RestCall = {}): Service {
	return {
		marketplace: 'ebay',
		title: 'eBay',
		whereToLook: WHERE_TO_LOOK,

		kindOf(answer): AnswerKind {
			const { status } = answer;
			// A failure of eBay's own says nothing of a message, whatever else it says.
			const isNow = status >= 400 && (status < 500 || !sends);
			if (status === 429 || (isNow && saidIn(answer).code === USED_UP)) return 'throttled';
			if (status >= 500 || status === 408) return 'failing';
			if (status >= 400) return 'refused';
			if (status < 200 || status >= 300) return 'unreadable';
			if (proves?.(answer) || isWithoutBody(answer)) return 'done';
			const json = jsonOf(answer);
			if (json === undefined || (reads && !isRecord(json))) return 'unreadable';
			const errors = errorsIn(json);
			if (errors.length === 0) return 'done';
			// A yes, and a no without a word: nobody can know.
			if (!errors.some(saysSomething)) return 'unreadable';
			if (saidIn(answer).code === USED_UP) return 'throttled';
			if (errors.some(({ category }) => isWord(category, 'APPLICATION'))) return 'failing';
			return sends ? 'unreadable' : 'refused';
		},

		explain(answer): Explanation {
			const { code, words } = saidIn(answer);
			const meaning =
				known.find(({ errorIds }) => errorIds.includes(code ?? '')) ??
				(ofConversation && tellsUnknownConversation(answer, words)
					? unknownConversation
					: byStatus(answer, words));
			return {
				message: meaning.message === REFUSED && words ? `${REFUSED}: ${words}` : meaning.message,
				description: meaning.description,
				code,
				marketplaceMessage: words,
				...(sends && words ? { doubt: quoted(words) } : {}),
				...(meaning.retryable === undefined ? {} : { retryable: meaning.retryable }),
			};
		},

		requestIdOf,
	};
}

/** "Too many requests", whatever status it comes with. */
const USED_UP = '2001';

const REFUSED = 'eBay refused the request';

/** By meaning, for the numbers that nobody has documented yet. */
function tellsUnknownConversation({ status }: HttpResponse, words = ''): boolean {
	return status === 404 || (status === 400 && /\bconversation\b/i.test(words));
}

/** What speaks of the token's scopes; any other reason for a 403 is one of its own. */
const OF_CONSENT = /permission|scope|authori[sz]|access denied|forbidden/i;

function byStatus({ status }: HttpResponse, words?: string): Meaning {
	if (status === 401) return known[0]!;
	if (status === 403 && (words === undefined || OF_CONSENT.test(words))) return known[1]!;
	if (status === 429) return known[2]!;
	if (status >= 500 || status === 408) {
		return { message: 'eBay has a problem of its own', description: 'Try again later.' };
	}
	return {
		message: REFUSED,
		description:
			words === undefined
				? withoutReason('eBay')
				: "Correct what eBay's words name, and try again.",
	};
}
