import type { Explanation, HttpResponse, Service, AnswerKind } from '../../shared/http/service';
import { shortened } from '../../shared/text';
import { isWord } from '../../shared/values';
import { TOO_LONG_TO_MAKE } from './pages';
import { NEW_CONSENT } from './scopes';
import { decisive, isPartOfList, readingOf, type TradingFault } from './tradingAnswer';
import { saidIn } from './words';

interface Known {
	/** As eBay writes them. */
	codes?: readonly string[];
	/** For what eBay publishes only as a text; in English, which is what the node asks for. */
	says?: RegExp;
	/** Left out: a refusal. */
	kind?: AnswerKind;
	/** The same message can go through later. */
	retryable?: boolean;
	message: string;
	description: string;
}

const REPORT = 'Please report this to the makers of this node, with the code.';

const NEW_AUTH_TOKEN =
	"Make a new one on eBay's developer site (User Tokens, Auth'n'Auth, Sign in to Production) and paste it in.";

const NEW_TOKEN = `${NEW_CONSENT} With an Auth'n'Auth token instead of OAuth, make a new one on eBay's developer site (User Tokens) and paste it in.`;

/** The code of a limit that is used up; nobody says whether a block has it or HTTP 429. */
const LIMIT_USED_UP = '518';

/**
 * What the Trading API's errors mean to a seller.
 * @see https://developer.ebay.com/devzone/XML/docs/Reference/eBay/Errors/errormessages.htm
 * @see https://developer.ebay.com/support/knowledge-base/666 (20957)
 * @see https://developer.ebay.com/support/knowledge-base/839 (21359)
 * @see https://developer.ebay.com/api-docs/static/oauth-trading.html (tokens)
 */
const known: readonly Known[] = [
	{
		codes: ['21917053', '21916984', '931', '932'],
		kind: 'expired',
		message: 'eBay does not accept the access token',
		description: `A new one was fetched and refused as well. ${NEW_CONSENT}`,
	},
	{
		codes: ['930'],
		message: 'eBay says that the request carried no token',
		description: 'Check the credential: the token field of the chosen authentication is empty.',
	},
	{
		codes: ['16110'],
		message: 'The seller took back the access that was given to your application',
		description: NEW_TOKEN,
	},
	{
		codes: ['17470'],
		message: 'eBay took back the token of this credential',
		description: `It happens when the seller changes user name or password. ${NEW_TOKEN}`,
	},
	{
		codes: ['20957'],
		retryable: true,
		message: 'eBay takes no more messages about this item, or to this buyer, at the moment',
		description:
			'eBay limits how many messages go to one buyer or about one item, and does not say how many. Try again in an hour; it can take up to a day.',
	},
	{
		codes: [LIMIT_USED_UP],
		retryable: true,
		message: "eBay's limit of calls is used up for now",
		description:
			'After too many calls in a minute eBay takes none for 100 seconds: try again in two minutes. If the limit of the day is used up, try again after midnight Pacific time, and ask eBay for a higher limit (Application Growth Check).',
	},
	{
		codes: ['21919144'],
		retryable: true,
		message: "eBay's limit of calls for this seller is used up for now",
		description: 'Try again in an hour; it can take up to a day.',
	},
	{
		codes: ['21359', TOO_LONG_TO_MAKE],
		kind: 'failing',
		retryable: true,
		message: 'eBay took too long',
		description: 'Try again later.',
	},
	{
		says: /not the partner of the transaction/i,
		message: "There is no order of the last 90 days between this 'Recipient ID' and this 'Item ID'",
		description:
			"Take both from the same order: 'Item ID' is the listing (not the order or the transaction), 'Recipient ID' the buyer's eBay user ID. Order messages end 90 days after the order; questions before an order are answered with the resource Question or Conversation.",
	},
	{
		codes: ['17'],
		message: "eBay does not find this 'Item ID', or it belongs to another seller",
		description:
			'Check the number of the listing, and that the credential is the one of the seller who listed it.',
	},
	{
		codes: ['17443'],
		message: "eBay says that the 'Recipient ID' is missing",
		description: "Write the buyer's eBay user ID, as the order gives it.",
	},
	{
		says: /invalid parent message id/i,
		message: "eBay does not find the question of this 'Parent Message ID'",
		description:
			'Take it from "Get Many" of the resource Question or from the eBay Question Trigger: IDs of the inbox or of conversations are others. The listing must be active.',
	},
	{
		says: /\bhtml\b|\bmarkup\b/i,
		message: 'eBay does not take HTML in the message',
		description: 'Write plain text, with line breaks instead of tags.',
	},
	{
		says: /picture|\bimage\b|MediaURL/i,
		message: 'eBay does not take a picture of this message',
		description:
			"Only pictures that eBay hosts (i.ebayimg.com) can go into a message, and unused ones are removed after some weeks. Send the file under 'Attachments' and it is uploaded anew.",
	},
	{
		codes: ['2', '5', '10012'],
		message: 'eBay does not understand the request',
		description: REPORT,
	},
	{
		codes: ['10007'],
		kind: 'again',
		message: 'eBay has a problem of its own',
		description: 'Two more tries did not help. Try again later.',
	},
];

const systemError = known.at(-1)!;

function meaningOf(fault: TradingFault | undefined): Known | undefined {
	if (!fault) return undefined;
	return (
		known.find(({ codes }) => codes?.includes(fault.code)) ??
		known.find(({ says }) => says?.test(fault.message)) ??
		(isWord(fault.classification, 'SystemError') ? systemError : undefined)
	);
}

export const WHERE_TO_LOOK = "Look at Messages, Sent, in the seller's eBay account";

/**
 * The Trading API as the gate sees it: what counts is the document, not the HTTP status.
 * @param call its bare name; only its own answer is one
 * @param authToken the Auth'n'Auth token, which cannot be renewed; nothing with OAuth
 */
export function tradingApi(call: string, authToken?: string): Service {
	const conceal = (text: string) => (authToken ? text.replaceAll(authToken, '…') : text);
	return {
		marketplace: 'ebay',
		title: 'eBay',
		whereToLook: WHERE_TO_LOOK,

		kindOf(answer): AnswerKind {
			const kind = verdictOf(answer, call);
			return kind === 'expired' && authToken !== undefined ? 'refused' : kind;
		},

		explain(answer): Explanation {
			const reading = readingOf(answer, call);
			if (!reading) return otherwiseMeaning(answer, conceal);
			const fault = decisive(reading);
			const texts = reading.faults.filter(({ severe }) => severe === fault?.severe);
			const theirs = conceal(texts.map(({ message }) => message.trim()).join(' | '));
			const meaning = meaningOf(fault);
			const spent = meaning?.kind === 'expired' && authToken !== undefined;
			return {
				message: spent
					? "eBay does not accept the 'Auth Token'"
					: (meaning?.message ?? `eBay refused the request${theirs ? `: ${theirs}` : ''}`),
				description: spent
					? NEW_AUTH_TOKEN
					: (meaning?.description ??
						"Correct what eBay names in its own words, and try again. If they say nothing to you, look up the code in eBay's list of errors."),
				code: fault?.code || undefined,
				marketplaceMessage: theirs || undefined,
				doubt: quoted(theirs) || undefined,
				...(meaning?.retryable === undefined ? {} : { retryable: meaning.retryable }),
			};
		},

		requestIdOf,
	};
}

function verdictOf(answer: HttpResponse, call: string): AnswerKind {
	const { status } = answer;
	if (status === 429) return 'throttled';
	if (status >= 500 && sends.includes(call)) return 'failing';
	const good = status >= 200 && status < 300;
	const reading = readingOf(answer, call);
	if (!reading) {
		if (status >= 500 || status === 408) return 'failing';
		return status < 400 ? 'unreadable' : 'refused';
	}
	switch (reading.ack) {
		case 'Success':
		case 'Warning':
			return good ? 'done' : 'failing';
		case 'Failure':
			return failureKind(decisive(reading), call);
		// Of a list it is what came. Of one message it says neither yes nor no.
		default:
			return good && isPartOfList(reading, call) ? 'done' : 'failing';
	}
}

/** Lists: asked for once more, the same page would take eBay as long. */
const inPages = ['GetMemberMessages', 'GetOrders'];

/** With HTTP 5xx it may be done all the same, and eBay cannot tell a message that comes twice. */
const sends = ['AddMemberMessageAAQToPartner', 'AddMemberMessageRTQ'];

function failureKind(fault: TradingFault | undefined, call: string): AnswerKind {
	if (fault?.code === LIMIT_USED_UP) return 'throttled';
	if (fault?.code === TOO_LONG_TO_MAKE && inPages.includes(call)) return 'refused';
	return meaningOf(fault)?.kind ?? 'refused';
}

/** What is quoted of eBay's words; the whole of them stands in the details. */
const LONGEST_QUOTE = 300;

export const quoted = (words: string) => shortened(words, LONGEST_QUOTE);

/** An answer of the gateway, of another part of eBay, or of something between us and eBay. */
function otherwiseMeaning(answer: HttpResponse, conceal: (text: string) => string): Explanation {
	const { status } = answer;
	const { code, words } = saidIn(answer);
	const theirs = words === undefined ? undefined : conceal(words);
	const facts = { code, marketplaceMessage: theirs };
	if (status === 429) {
		return {
			...facts,
			message: "eBay's limit of requests is used up",
			description:
				'Try again in two minutes, and send fewer items at once from other places. A limit of the day ends at midnight Pacific time.',
		};
	}
	if (status >= 500) {
		return { ...facts, message: 'eBay has a problem of its own', description: 'Try again later.' };
	}
	return {
		...facts,
		message: `eBay refused the request${theirs ? `: ${theirs}` : ` (HTTP ${status})`}`,
		description:
			"Check the credential's environment and address: the answer is not one of eBay's Trading API.",
	};
}

/** eBay's number for a request, for its support. */
export function requestIdOf({ headers }: HttpResponse): string | undefined {
	return headers['x-ebay-c-request-id'] ?? headers['x-ebay-request-id'] ?? headers.rlogid;
}
