import type { IDataObject } from 'n8n-workflow';

import { withFirstColumns } from '../../shared/run/firstColumns';
import type { SimpleFields } from '../../shared/run/simplify';
import { isRecord, isWord, recordOf, recordsOf, textOf, type Json } from '../../shared/values';
import { senderOf } from '../api/members';
import type { Question } from '../api/questions';
import { plainTextOf } from '../api/plainText';
import { trackingOf, type EbayOrder, type OrderLine } from '../api/orders';
import { conversationFields, orderFields, questionFields, shownFieldsOf } from '../api/shownFields';
import type { TradingAnswer } from '../api/trading';

/** What outputs show of eBay's objects: our names first, then eBay's fields. */

/**
 * @param lines one line item, or all of the order
 * @param personal whether names, addresses and the like may be in it
 * @returns an order as it goes out
 */
export function shownOrder(order: EbayOrder, lines: OrderLine[], personal: boolean): IDataObject {
	const [line] = lines;
	const [tracking] = trackingOf(order, lines);
	return {
		orderId: order.orderId,
		itemId: line?.itemId ?? null,
		transactionId: line?.transactionId ?? null,
		recipientId: order.recipientId,
		title: line?.title ?? null,
		carrier: tracking?.carrier ?? null,
		trackingNumber: tracking?.number ?? null,
		...(personal ? (order.order as IDataObject) : shownFieldsOf(order.order, orderFields)),
	};
}

/** @returns a question as it goes out; without an ID it cannot be answered */
export function shownQuestion(question: Question): IDataObject {
	const { parentMessageId, recipientId, itemId, body, exchange } = question;
	return {
		parentMessageId: parentMessageId || null,
		recipientId,
		itemId,
		body,
		...shownFieldsOf(exchange, questionFields),
	};
}

/** @returns a conversation as it goes out: who wrote the latest message, and its words, stand first */
export function shownConversation(conversation: Json): IDataObject {
	const { conversationId, referenceId, referenceType } = conversation;
	const latest = latestIn(conversation);
	const from = senderOf(latest);
	const text = plainTextOf(textOf(latest.messageBody) ?? '');
	return withFirstColumns(
		{
			...(from ? { from } : {}),
			...(text ? { text } : {}),
			...(textOf(conversationId) ? { conversationId: textOf(conversationId) } : {}),
			...(isWord(referenceType, 'LISTING') && textOf(referenceId)
				? { itemId: textOf(referenceId) }
				: {}),
			...shownFieldsOf(conversation, conversationFields),
		},
		...['from', 'text', 'unreadCount', 'itemId', 'conversationId'],
	);
}

function latestIn({ latestMessage, messages }: Json): Json {
	return isRecord(latestMessage) ? latestMessage : recordOf(recordsOf(messages)[0]);
}

/** What was written, as one text: a line a message, the latest first. */
function transcriptOf({ messages }: Json): string | undefined {
	const lines = recordsOf(messages).map((message) => {
		const { createdDate, messageBody } = message;
		const who = [textOf(createdDate), senderOf(message)].filter(Boolean).join(' ');
		return `${who}: ${plainTextOf(textOf(messageBody) ?? '')}`;
	});
	return lines.length > 0 ? lines.join('\n') : undefined;
}

/** Of an order, or of a line item. */
export const simpleOrder: SimpleFields = {
	orderId: true,
	itemId: true,
	transactionId: true,
	recipientId: true,
	title: true,
	carrier: true,
	trackingNumber: true,
	OrderStatus: true,
	CreatedTime: true,
	ShippedTime: true,
};

export const simpleQuestion: SimpleFields = {
	parentMessageId: true,
	recipientId: true,
	itemId: true,
	body: true,
	title: ({ Item }) => recordOf(Item).Title,
	subject: ({ Question }) => recordOf(Question).Subject,
	questionType: ({ Question }) => recordOf(Question).QuestionType,
	MessageStatus: true,
	CreationDate: true,
};

/** Of a conversation; its messages as one text, where they were read. */
export const simpleConversation: SimpleFields = {
	conversationId: true,
	itemId: true,
	from: true,
	text: true,
	latestAt: (conversation) => latestIn(conversation).createdDate,
	unreadCount: true,
	conversationTitle: true,
	conversationType: true,
	conversationStatus: true,
	transcript: transcriptOf,
};

export const simpleMessage: SimpleFields = {
	conversationId: true,
	messageId: true,
	recipientId: true,
	itemId: true,
	text: true,
	subject: true,
	createdAt: true,
	readStatus: true,
};

/** What an output tells of the answer to a Trading send. */
export function shownAnswer(answer: TradingAnswer): IDataObject {
	const { ack, warnings, correlationId, tokenExpiresAt, timestamp } = answer;
	return {
		ack,
		warnings: warnings.map((warning) => ({ ...warning })),
		correlationId,
		tokenExpiresAt,
		timestamp: timestamp ?? null,
	};
}
