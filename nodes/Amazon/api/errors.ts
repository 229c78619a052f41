import { withoutReason } from '../../shared/http/errors';
import { isWithoutBody, jsonOf } from '../../shared/http/response';
import type { AnswerKind, Explanation, HttpResponse, Service } from '../../shared/http/service';
import { storageService } from '../../shared/http/storage';
import { MarketplaceError } from '../../shared/outcome';
import { shortened } from '../../shared/text';
import { elementIn, isRecord, recordOf, textOf, type Json } from '../../shared/values';
import { requestIdOf } from './documents';

/** One thing that Amazon says is wrong. */
interface AmazonError {
	code: string;
	message: string;
	details: string;
}

const isSuccess = ({ status }: HttpResponse) => status >= 200 && status < 300;

/**
 * What Amazon says is wrong: `{"errors": […]}` by its models, and the other shapes that its gateways have. In
 * a success nothing but a list of errors counts, so that a message there is no complaint.
 */
function errorsIn(response: HttpResponse): AmazonError[] {
	const body = jsonOf(response);
	const { errors, error, ...rest } = recordOf(body);
	const said = isSuccess(response)
		? errors
		: Array.isArray(body)
			? body
			: (errors ?? (isRecord(error) ? error : { error, ...rest }));
	const found = [said].flat().map(errorOf);
	if (isSuccess(response)) return Array.isArray(errors) ? found : found.filter(saysSomething);
	if (body !== undefined) return found.filter(saysSomething);
	const text = wordsIn(response.text);
	return text ? [{ code: elementIn(response.text, 'Code') ?? '', message: text, details: '' }] : [];
}

const saysSomething = ({ code, message, details }: AmazonError) =>
	code !== '' || message !== '' || details !== '';

function errorOf(one: unknown): AmazonError {
	const said: Json = isRecord(one) ? one : { message: one };
	const first = (...names: string[]) =>
		names.map((name) => textOf(said[name])).find((text) => text !== undefined) ?? '';
	return {
		code: first('code', 'Code', 'errorCode', 'error', '__type'),
		message: first('message', 'Message', 'errorMessage', 'error_description'),
		details: first('details'),
	};
}

/** The words of an answer that is not JSON: of XML its message, of a page nothing. */
function wordsIn(text: string): string | undefined {
	const words = text.trimStart().startsWith('<') ? elementIn(text, 'Message') : text.trim();
	return words && words.length <= 1000 ? words : undefined;
}

/** Sentences that say no more than the status does. */
const GENERAL =
	/^(access to (the )?requested resource is denied|access denied|forbidden|unauthorized|(the )?(user|caller) is not authorized( to access this resource)?|((the )?(order|resource)( [\w-]+)? (is |was )?)?not found|bad request)\.?$/i;

/** What Amazon says itself, without the sentences that say nothing. */
function ownWords(errors: AmazonError[]): string {
	return errors
		.map(({ message, details }) => `${GENERAL.test(message) ? '' : message} ${details}`.trim())
		.filter((words) => words !== '')
		.join(' | ');
}

const allWords = (errors: AmazonError[]) =>
	errors
		.map(({ message, details }) => `${message} ${details}`.trim())
		.filter((words) => words !== '')
		.join(' | ');

/** In a title; the whole of it stands in the details. */
/** What a message quotes of Amazon's words (characters). */
const LONGEST_QUOTE = 500;

/** Codes that say "too fast, nothing was done", and codes of a failure inside Amazon. */
const TOO_FAST = /^(QuotaExceeded|TooManyRequests|RequestThrottled|Throttl\w*)$/i;
const INTERNAL = /^(Internal\w*|ServiceUnavailable\w*)$/i;

/** The token is spent or worth nothing: a new one may help, once. */
const TOKEN_SPENT = /access token\b.*\b(expired|revoked|malformed|invalid)\b/i;

interface Meaning {
	message: string;
	description: string;
	/** The same item can go through later. */
	retryable?: boolean;
}

const ROLE_ADVICE =
	"Amazon gives no reason. Most often the app lacks a role (Buyer Communication for messages, Product Listing for attachments, Buyer Solicitation for reviews) or was authorized before it had it: add the role in Seller Central, Develop Apps, press Authorize again and paste the new refresh token. It also happens when the credential's region is wrong, when the order belongs to another seller, or when the account is suspended.";

/**
 * What Amazon's refusals mean, by the words that carry the meaning: whole sentences change. A 403 of the
 * gateway always says "Access to requested resource is denied."; `details` tells the cause.
 * @see https://developer-docs.amazon.com/sp-api/docs/resolve-common-http-and-authorization-error-codes
 */
const known: ReadonlyArray<Meaning & { says: RegExp }> = [
	{
		says: /\bsecret\b.*\bexpired\b/i,
		message: "Amazon says the 'Client Secret' has expired",
		description:
			'Secrets live 180 days. Rotate the LWA credentials of your app in Seller Central, Develop Apps, and paste the new secret into the credential.',
	},
	{
		says: TOKEN_SPENT,
		message: 'Amazon does not accept the access token',
		description:
			'A new one was fetched and refused as well: authorize the app again in Seller Central, Develop Apps, and paste the new refresh token into the credential.',
	},
	{
		says: /\bmarketplaces?\b.*\bregion\b/i,
		message: "The marketplace does not belong to the credential's region",
		description:
			"Choose the marketplace of the order, and a credential whose 'Region' is the one of that marketplace.",
	},
	{
		says: /\btemplate combination\b/i,
		message: 'Amazon does not allow this message type for this order now',
		description:
			'The type may have been sent already, the order may not be shipped yet (or be too old), or the marketplace or seller account is another. "Get Available Types" lists what is allowed.',
	},
	{
		says: /\battachment\b.*\b(not exist|not found|expired)\b/i,
		message: 'Amazon does not find an attachment of this message',
		description:
			'An upload belongs to one order and one message type, and ends after a while. Run the item again so that the file is uploaded anew.',
		retryable: true,
	},
	{
		says: /marketplaceIds?\b.*(missing|invalid)|(missing|invalid).*marketplaceIds?\b/i,
		message: 'Amazon does not accept the marketplace',
		description: "Choose exactly one marketplace in 'Marketplace'.",
	},
];

const byStatus: Readonly<Record<number, Meaning>> = {
	400: {
		message: 'Amazon refused the request',
		description: "Correct what Amazon's words name, and try again.",
	},
	401: {
		message: 'Amazon does not accept the access token',
		description:
			'Authorize the app again in Seller Central, Develop Apps, and paste the new refresh token into the credential.',
	},
	403: { message: 'Amazon denied access', description: ROLE_ADVICE },
	404: {
		message: 'Amazon does not find this order',
		description:
			"Check 'Order ID' (Amazon's look like 902-3159896-1390916), that the marketplace and the credential's region are those of the order, and that it belongs to this seller account.",
	},
	413: {
		message: 'Amazon says the message is too large',
		description: 'Send smaller or fewer attachments, or a shorter text.',
	},
	415: {
		message: "Amazon does not take the request's format",
		description: 'Please report this to the makers of this node.',
	},
	429: {
		message: "Amazon's limit of requests is used up",
		description: 'Try again in a few minutes, or send fewer items at once.',
	},
};

/** Where Amazon's own words say what is wrong, and no more is known. */
const REFUSED: Meaning = {
	message: 'Amazon refused the request',
	description:
		"The reason is Amazon's own. Correct what it names and try again; where it is about the buyer or the order, Amazon takes no message for it.",
};

/** What a refusal means that is in no table: Amazon's own words lead, wherever it gives any. */
function meaningOf({ status }: HttpResponse, own: string): Meaning {
	if (status >= 500) {
		return { message: 'Amazon has a problem of its own', description: 'Try again later.' };
	}
	if (status === 401 || status === 429) return byStatus[status]!;
	const usual = byStatus[status] ?? { ...REFUSED, description: 'Try again later.' };
	if (own === '')
		return status === 400 ? { ...usual, description: withoutReason('Amazon') } : usual;
	const isOther = status === 403 || (status === 404 && !/\border\b/i.test(own));
	const { message, description } = isOther ? REFUSED : usual;
	return { message: `${message}: ${shortened(own, LONGEST_QUOTE)}`, description };
}

/** @returns whether Amazon denied access and gave no reason: a role that is missing looks like this */
export function isDeniedWithoutReason(error: unknown): error is MarketplaceError {
	return error instanceof MarketplaceError && error.message === byStatus[403]!.message;
}

export const WHERE_TO_LOOK =
	"Look at the order's buyer messages in Seller Central (Orders, Manage Orders, the order, Contact Buyer)";

/** The Selling Partner API as the gate sees it. */
export const amazonApi: Service = {
	marketplace: 'amazon',
	title: 'Amazon',
	whereToLook: WHERE_TO_LOOK,

	kindOf(response): AnswerKind {
		const { status } = response;
		const errors = errorsIn(response);
		const has = (code: RegExp) => errors.some((one) => code.test(one.code));
		if (isSuccess(response)) {
			if (!isReadable(response)) return 'unreadable';
			if (errors.length === 0) return 'done';
			// A yes, and a no without a word: nobody can know.
			if (!errors.some(saysSomething)) return 'unreadable';
			// It says yes and no at once: what it says is wrong counts.
			if (has(INTERNAL)) return 'failing';
		}
		if (status >= 500 || status === 408) return 'failing';
		if (status >= 300 && status < 400) return 'unreadable';
		if (status === 429 || has(TOO_FAST)) return 'throttled';
		return TOKEN_SPENT.test(allWords(errors)) ? 'expired' : 'refused';
	},

	explain(response): Explanation {
		const errors = errorsIn(response);
		const theirs = allWords(errors);
		const { message, description, retryable } =
			known.find(({ says }) => says.test(theirs)) ?? meaningOf(response, ownWords(errors));
		return {
			message,
			description,
			code: errors[0]?.code || undefined,
			marketplaceMessage: theirs || undefined,
			...(retryable === undefined ? {} : { retryable }),
		};
	},

	requestIdOf,

	heard({ headers }) {
		const rate = Number(headers['x-amzn-ratelimit-limit']);
		return rate > 0 ? { rate } : {};
	},
};

/** A success needs no body; where it has one, nothing of it may be missing. */
function isReadable(response: HttpResponse): boolean {
	return isWithoutBody(response) || jsonOf(response) !== undefined;
}

/** Amazon S3, which takes the bytes of attachments. */
export const amazonStorage = storageService({
	marketplace: 'amazon',
	title: 'Amazon',
	whereToLook: WHERE_TO_LOOK,
	requestIdHeader: 'x-amz-request-id',
	refused: {
		message: "Amazon's storage did not take the attachment",
		description:
			'Run the item again: it gets a new place to upload to. If it happens again, report the code to the makers of this node.',
	},
});
