import type { Explanation, HttpResponse, Service, AnswerKind } from '../../shared/http/service';
import { isRecord, parseJson, recordsOf, textOf } from '../../shared/values';

/** One entry of `{"errors": […]}`. */
interface AmazonError {
	code: string;
	message: string;
	details: string;
}

function errorsIn(answer: HttpResponse): AmazonError[] {
	const body = parseJson(answer.text);
	return recordsOf(isRecord(body) ? body.errors : undefined).map((one) => ({
		code: textOf(one.code) ?? '',
		message: textOf(one.message) ?? '',
		details: textOf(one.details) ?? '',
	}));
}

interface Known {
	status?: number;
	/** Looked for in `message` and `details`. */
	says: RegExp;
	message: string;
	description: string;
}

const ROLE_ADVICE =
	"Amazon gives no reason. Most often the app lacks a role (Buyer Communication for messages, Product Listing for attachments, Buyer Solicitation for reviews) or was authorized before it had it: add the role in Seller Central, Develop Apps, press Authorize again and paste the new refresh token. It also happens when the credential's region is wrong, when the order belongs to another seller, or when the account is suspended.";

/**
 * What Amazon's refusals mean. A 403 always says "Access to requested resource is denied."; `details`
 * tells the cause.
 * @see https://developer-docs.amazon.com/sp-api/docs/resolve-common-http-and-authorization-error-codes
 */
const known: readonly Known[] = [
	{
		says: /LWA secret token you provided has expired/i,
		message: "Amazon says the 'Client Secret' has expired",
		description:
			'Secrets live 180 days. Rotate the LWA credentials of your app in Seller Central, Develop Apps, and paste the new secret into the credential.',
	},
	{
		says: /access token you provided (has expired|is revoked)/i,
		message: 'Amazon does not accept the access token',
		description:
			'A new one was fetched and refused as well: authorize the app again in Seller Central, Develop Apps, and paste the new refresh token into the credential.',
	},
	{
		says: /marketplaces you provided are not valid for region/i,
		message: "The marketplace does not belong to the credential's region",
		description:
			"Choose the marketplace of the order, and a credential whose 'Region' is the one of that marketplace.",
	},
	{
		says: /invalid amazonOrderId and template combination/i,
		message: 'Amazon does not allow this message type for this order now',
		description:
			'The type may have been sent already, the order may not be shipped yet (or be too old), or the marketplace or seller account is another. "Get Available Types" lists what is allowed.',
	},
	{
		says: /attachment with id .* does not exist/i,
		message: 'Amazon does not find an attachment of this message',
		description:
			'An upload belongs to one order and one message type, and ends after a while. Run the item again so that the file is uploaded anew.',
	},
	{
		says: /requested solicitation is not available/i,
		message: 'Amazon does not allow a review request for this order',
		description:
			'It was sent already, or the order is not eligible. A review can be asked for once, from 5 to 30 days after delivery.',
	},
	{
		says: /outside the 5-30 day range/i,
		message: 'It is too early or too late to ask for a review of this order',
		description: 'Amazon allows it from 5 to 30 days after delivery.',
	},
	{
		says: /marketplaceIds?\b.*(missing|invalid)|(missing|invalid).*marketplaceIds?\b/i,
		message: 'Amazon does not accept the marketplace',
		description: "Choose exactly one marketplace in 'Marketplace'.",
	},
];

const byStatus: Readonly<Record<number, Pick<Known, 'message' | 'description'>>> = {
	400: {
		message: 'Amazon refused the request',
		description:
			"Read Amazon's own words in the details, correct the field they name, and try again.",
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
			"Check 'Order ID' (Amazon's look like 902-3159896-1390916), 'Marketplace', and that the order belongs to this seller account.",
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

export const WHERE_TO_LOOK =
	"Look at the order's buyer messages in Seller Central (Orders, Manage Orders, the order, Contact Buyer)";

/** The Selling Partner API as the gate sees it. */
export const amazonApi: Service = {
	marketplace: 'amazon',
	title: 'Amazon',
	whereToLook: WHERE_TO_LOOK,

	kindOf(answer): AnswerKind {
		const { status } = answer;
		if (status >= 200 && status < 300) {
			return isRecord(parseJson(answer.text)) ? 'done' : 'unreadable';
		}
		if (status === 429) return 'throttled';
		if (status >= 500 || status === 408) return 'failing';
		if (status < 400) return 'unreadable';
		const spent = /access token you provided (has expired|is revoked, malformed or invalid)/i;
		return errorsIn(answer).some(({ details, message }) => spent.test(`${message} ${details}`))
			? 'expired'
			: 'refused';
	},

	explain(answer): Explanation {
		const errors = errorsIn(answer);
		const first = errors[0];
		const theirs = errors.map(({ message, details }) => `${message} ${details}`.trim()).join(' | ');
		const meaning = known.find(({ says }) => says.test(theirs)) ??
			byStatus[answer.status] ?? {
				message:
					answer.status >= 500 ? 'Amazon has a problem of its own' : 'Amazon refused the request',
				description: 'Try again later.',
			};
		const whole =
			answer.status === 400 && first ? `${meaning.message}: ${theirs}` : meaning.message;
		return {
			message: known.includes(meaning as Known) ? meaning.message : whole,
			description: meaning.description,
			code: first?.code || undefined,
			requestId: answer.headers['x-amzn-requestid'],
			marketplaceMessage: theirs || undefined,
		};
	},

	heard({ headers }) {
		const rate = Number(headers['x-amzn-ratelimit-limit']);
		return rate > 0 ? { rate } : {};
	},
};

/** Amazon S3, which takes the bytes of attachments. Its errors are XML. */
export const amazonStorage: Service = {
	marketplace: 'amazon',
	title: 'Amazon',
	whereToLook: WHERE_TO_LOOK,

	kindOf({ status }): AnswerKind {
		if (status >= 200 && status < 300) return 'done';
		if (status === 429) return 'throttled';
		return status >= 500 || status === 408 ? 'failing' : 'refused';
	},

	explain(answer): Explanation {
		const read = (tag: string) =>
			new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(answer.text)?.[1]?.trim() || undefined;
		return {
			message: "Amazon's storage did not take the attachment",
			description:
				'Run the item again: it gets a new place to upload to. If it happens again, report the code to the makers of this node.',
			code: read('Code'),
			requestId: answer.headers['x-amz-request-id'] ?? read('RequestId'),
			marketplaceMessage: read('Message'),
			retryable: true,
		};
	},
};
