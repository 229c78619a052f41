import type { IDataObject } from 'n8n-workflow';

import { pickFields, type PickedFields } from '../../shared/poll/pickFields';
import { textOf, type Json } from '../../shared/values';
import type { Question } from '../api/questions';

/**
 * What outputs show of eBay's objects: our names first, then eBay's fields. A field that nobody has judged
 * stays out, at any depth, and none of these tells a name, address, e-mail, phone or document number.
 */

const media: PickedFields = { MediaName: true, MediaURL: true };

/** Of a `MemberMessageExchange` everything but the e-mail address of who asked. */
export const questionFields: PickedFields = {
	Item: { ItemID: true, Title: true },
	Question: {
		MessageType: true,
		QuestionType: true,
		DisplayToPublic: true,
		SenderID: true,
		RecipientID: true,
		Subject: true,
		Body: true,
		MessageID: true,
		MessageMedia: media,
	},
	Response: true,
	MessageStatus: true,
	CreationDate: true,
	LastModifiedDate: true,
	MessageMedia: media,
};

/** @returns a question as it goes out; without an ID it cannot be answered */
export function shownQuestion(question: Question): IDataObject {
	const { parentMessageId, recipientId, itemId, body, exchange } = question;
	return {
		parentMessageId: parentMessageId || null,
		recipientId,
		itemId,
		body,
		...pickFields(exchange, questionFields),
	};
}

const messageFields: PickedFields = {
	messageId: true,
	messageBody: true,
	messageMedia: { mediaName: true, mediaType: true, mediaUrl: true },
	createdDate: true,
	readStatus: true,
	recipientUsername: true,
	senderUsername: true,
	subject: true,
};

/** Of a conversation of the Message API: its `ConversationDetail`, and its messages where they were read. */
export const conversationFields: PickedFields = {
	conversationId: true,
	conversationStatus: true,
	conversationTitle: true,
	conversationType: true,
	createdDate: true,
	latestMessage: messageFields,
	messages: messageFields,
	referenceId: true,
	referenceType: true,
	unreadCount: true,
};

export function shownConversation(conversation: Json): IDataObject {
	const { conversationId, referenceId, referenceType } = conversation;
	return {
		...(textOf(conversationId) ? { conversationId: textOf(conversationId) } : {}),
		...(referenceType === 'LISTING' && textOf(referenceId) ? { itemId: textOf(referenceId) } : {}),
		...pickFields(conversation, conversationFields),
	};
}
