import type { Connection } from './connection';
import { callTrading, type Standard, type TradingAnswer } from './trading';
import type { Element } from './xml';

/** A picture that eBay hosts, as a message names it. */
export interface MessageMedia {
	url: string;
	/** The label that the buyer sees. */
	name: string;
}

/** What both kinds of message have. */
interface Common {
	body: string;
	/** Left out: as the seller's account says. */
	emailCopyToSender?: boolean;
	media: MessageMedia[];
}

export interface PartnerMessage extends Common {
	itemId: string;
	recipientId: string;
	questionType: string;
	subject: string;
}

export interface Reply extends Common {
	/** `MemberMessageExchange/Question/MessageID` of GetMemberMessages. */
	parentMessageId: string;
	/** Needed where `itemId` is left out. */
	recipientId?: string;
	itemId?: string;
	displayToPublic: boolean;
}

/**
 * Writes to the other side of an order of the last 90 days (AddMemberMessageAAQToPartner). eBay has no
 * idempotency key and gives no message id: never repeated once it left.
 *
 * @throws MarketplaceError `notSent` on a refusal, `unknown` where no answer tells
 * @see https://developer.ebay.com/devzone/xml/docs/reference/ebay/AddMemberMessageAAQToPartner.html
 */
export async function sendToPartner(
	connection: Connection,
	message: PartnerMessage,
	standard: Standard,
): Promise<TradingAnswer> {
	return await callTrading(connection, {
		call: 'AddMemberMessageAAQToPartner',
		policy: 'send',
		standard,
		elements: [
			['ItemID', message.itemId],
			[
				'MemberMessage',
				[
					['QuestionType', message.questionType],
					['EmailCopyToSender', message.emailCopyToSender],
					['RecipientID', message.recipientId],
					['Subject', message.subject],
					['Body', message.body],
					...mediaElements(message.media),
				],
			],
		],
	});
}

/**
 * Answers a question on an active listing (AddMemberMessageRTQ).
 *
 * @throws MarketplaceError `notSent` on a refusal, `unknown` where no answer tells
 * @see https://developer.ebay.com/DevZone/xml/docs/Reference/ebay/AddMemberMessageRTQ.html
 */
export async function replyToQuestion(
	connection: Connection,
	reply: Reply,
	standard: Standard,
): Promise<TradingAnswer> {
	return await callTrading(connection, {
		call: 'AddMemberMessageRTQ',
		policy: 'send',
		standard,
		elements: [
			['ItemID', reply.itemId],
			[
				'MemberMessage',
				[
					['EmailCopyToSender', reply.emailCopyToSender],
					['DisplayToPublic', reply.displayToPublic],
					['RecipientID', reply.recipientId],
					['Body', reply.body],
					['ParentMessageID', reply.parentMessageId],
					...mediaElements(reply.media),
				],
			],
		],
	});
}

function mediaElements(media: MessageMedia[]): Element[] {
	return media.map(({ url, name }) => [
		'MessageMedia',
		[
			['MediaURL', url],
			['MediaName', name],
		],
	]);
}
