import { choiceOf } from '../../shared/run/choice';
import { recordOf, recordsOf, textOf, type Json } from '../../shared/values';
import { plainTextOf } from '../api/plainText';
import { BASE_SCOPE } from '../api/scopes';

/** What eBay can tell at once. */
export interface Topic {
	/** eBay's own name. */
	id: string;
	/** What the seller's consent has to hold; nothing where none is needed. */
	scope?: string;
	/** The names that the action nodes' fields have, from eBay's data. */
	names(data: Json): Json;
}

const SCOPES = `${BASE_SCOPE}/`;

/** The first of these that is there, by whatever name. */
const first = (data: Json, ...names: string[]) =>
	names.map((name) => textOf(data[name])).find((value) => value !== undefined);

/** What a person reads of it, where it is HTML. */
const plain = (text: string | undefined) => text && plainTextOf(text);

/** Without what is not there. */
const present = (names: Json): Json =>
	Object.fromEntries(Object.entries(names).filter(([, value]) => value !== undefined));

/**
 * By the values of the form. What eBay does not document of a payload is read under the names that its
 * other APIs use.
 * @see https://developer.ebay.com/api-docs/commerce/notification/overview.html
 */
export const topics: Readonly<Record<string, Topic>> = {
	newMessage: {
		id: 'NEW_MESSAGE',
		scope: `${SCOPES}commerce.message`,
		names: (data) =>
			present({
				conversationId: first(data, 'conversationId'),
				messageId: first(data, 'messageId'),
				recipientId: first(data, 'senderUserName', 'senderUsername'),
				itemId: first(data, 'itemId', 'listingId', 'referenceId'),
				text: plain(first(data, 'messageBody')),
				subject: first(data, 'subject'),
				createdAt: first(data, 'createdDate', 'creationDate'),
			}),
	},
	buyerQuestion: {
		id: 'BUYER_QUESTION',
		scope: `${SCOPES}commerce.message`,
		names: (data) =>
			present({
				parentMessageId: first(data, 'messageId', 'questionId'),
				conversationId: first(data, 'conversationId'),
				recipientId: first(data, 'senderUserName', 'senderUsername', 'buyerUsername', 'username'),
				itemId: first(data, 'itemId', 'listingId', 'referenceId'),
				text: plain(first(data, 'messageBody', 'questionText', 'question', 'body')),
				subject: first(data, 'subject'),
			}),
	},
	orderConfirmation: {
		id: 'ORDER_CONFIRMATION',
		scope: `${SCOPES}sell.fulfillment.readonly`,
		names: (data) => {
			const order = recordOf(data.order);
			const [line] = recordsOf(order.orderLineItems);
			return present({
				orderId: first(order, 'orderId'),
				itemId: line && first(line, 'listingId', 'itemId'),
			});
		},
	},
	accountDeletion: {
		id: 'MARKETPLACE_ACCOUNT_DELETION',
		names: (data) => present({ username: first(data, 'username'), userId: first(data, 'userId') }),
	},
};

/** @throws Refusal for one that there is not */
export function topicOf(given: unknown): Topic {
	return topics[choiceOf(given, 'Topic', Object.keys(topics))]!;
}

/**
 * eBay's own tests are signed, too, and hold the word "string" where an ID or a name would stand. Dates may
 * be true, and a member may be called so.
 */
export function isPlaceholder({ names }: Topic, data: Json): boolean {
	const ids = Object.entries(names(data)).filter(([name]) => /(Id|username)$/.test(name));
	return ids.length > 0 && ids.every(([, value]) => value === 'string');
}
