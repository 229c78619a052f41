import assert from 'node:assert/strict';

import { checks, eventsIn, operationsIn, type Case, type Street } from './case.mts';
import { EbayApi } from '../../../credentials/EbayApi.credentials.ts';
import { EbayMemberMessage } from '../../../nodes/Ebay/EbayMemberMessage.node.ts';
import { EbayMessageTrigger } from '../../../nodes/Ebay/EbayMessageTrigger.node.ts';
import { EbayNotificationTrigger } from '../../../nodes/Ebay/EbayNotificationTrigger.node.ts';
import { mediaTypes, messageLimits } from '../../../nodes/Ebay/api/limits.ts';
import {
	attached,
	BUYER,
	ebayCredential,
	ebayMemberMessage,
	ITEM,
	itemWithPicture,
	messageForm,
} from '../../engine/ebay.mts';
import type { Adapt } from '../mocks.mts';

/** An order of the simulator. */
const ORDER = '11-00001-00002';

const SENT = 'POST /send_message';
const LISTED = 'GET /conversation';
const ONE = 'GET /conversation/{conversation_id}';

function send(variant: string, more: Record<string, unknown>): Case {
	return {
		operation: 'conversation.send',
		variant,
		parameters: { resource: 'conversation', operation: 'send', text: 'Hello', ...more } as never,
		items: [itemWithPicture],
		sense({ error, items }, answers) {
			assert.equal(error, undefined);
			const [{ messageId }] = answers.to(SENT);
			assert.equal(items[0].json.status, 'sent');
			assert.equal(items[0].json.messageId, messageId);
		},
	};
}

const open = { conversationId: '800000001' };
const media = mediaTypes.map((type) => ({ url: 'https://shop.example/f', name: 'f', type }));

function getMany(variant: string, filters: Record<string, unknown>): Case {
	return {
		operation: 'conversation.getMany',
		variant,
		parameters: { resource: 'conversation', operation: 'getMany', filters: filters as never },
		sense({ error, items }, answers) {
			assert.equal(error, undefined);
			const ids = answers
				.to(LISTED)
				.flatMap(({ conversations }) => conversations.map(({ conversationId }) => conversationId));
			assert.deepEqual(
				[...new Set(items.map(({ json }) => json.conversationId))],
				[...new Set(ids)],
			);
			assert.ok(ids.length > 0);
		},
	};
}

/** No document, but the simulator with the schema: nothing here goes to a mock server. */
const bySchema: Case['sense'] = ({ error }, { all }) => {
	assert.equal(error, undefined);
	assert.deepEqual(all, []);
};

export const ebay: Street = {
	title: 'eBay Member Message',
	node: ebayMemberMessage,
	operations: operationsIn(new EbayMemberMessage()),
	cases: [
		{
			operation: 'message.send',
			variant: 'Trading API',
			parameters: messageForm(attached('data')),
			items: [itemWithPicture],
			sense: bySchema,
		},
		{
			operation: 'question.getMany',
			variant: 'Trading API',
			parameters: { resource: 'question', operation: 'getMany', filters: { itemId: ITEM } },
			sense: bySchema,
		},
		{
			operation: 'question.reply',
			variant: 'Trading API',
			parameters: {
				resource: 'question',
				operation: 'reply',
				recipientId: 'shopper_one',
				parentMessageId: '700000001',
				body: 'Yes',
			},
			sense: bySchema,
		},
		{
			operation: 'order.get',
			variant: 'Trading API',
			parameters: { resource: 'order', operation: 'get', orderId: ORDER },
			sense: bySchema,
		},
		{
			operation: 'order.getMany',
			variant: 'Trading API',
			parameters: { resource: 'order', operation: 'getMany' },
			sense: bySchema,
		},
		...['archive', 'markRead', 'markUnread', 'unarchive'].map((change) => ({
			operation: 'conversation.update',
			variant: change,
			parameters: { resource: 'conversation', operation: 'update', ...open, change },
			sense: (({ error, items }, { all }) => {
				assert.equal(error, undefined);
				assert.equal(items.length, 1);
				assert.deepEqual(
					all.map(({ operation, status }) => [operation.split(' ').pop(), status]),
					[['/update_conversation', 204]],
				);
			}) satisfies Case['sense'],
		})),
		send('open conversation', open),
		send('longest', { ...open, text: 'x'.repeat(messageLimits.body) }),
		send('new conversation about a listing', { recipientId: BUYER, itemId: ITEM }),
		send('a picture of the item', { ...open, ...attached('data') }),
		send('every kind of media', { ...open, mediaUrls: { media } }),
		send('a copy by e-mail', { ...open, options: { emailCopyToSender: 'yes' } }),
		getMany('all', {}),
		getMany('with one member about a listing', { recipientId: BUYER, itemId: ITEM }),
		getMany('unread of a month', {
			status: 'UNREAD',
			startTime: '2026-01-01T00:00:00',
			endTime: '2026-02-01T00:00:00',
		}),
		getMany('from eBay', { conversationType: 'FROM_EBAY' }),
		...['FROM_MEMBERS', 'FROM_EBAY'].map((conversationType) => ({
			operation: 'conversation.get',
			variant: conversationType,
			parameters: {
				resource: 'conversation',
				operation: 'get',
				conversationId: '800000001',
				conversationType,
			},
			sense: (({ error, items }, answers) => {
				assert.equal(error, undefined);
				const [{ messages }] = answers.to(ONE);
				const ids = messages.map(({ messageId }) => messageId);
				assert.ok(ids.length > 0);
				assert.ok(JSON.stringify(items[0].json).includes(String(ids[0])));
			}) satisfies Case['sense'],
		})),
		checks([LISTED, 'GET /user_rate_limit/']),
	],
};

/** Nothing is there yet, and what is made gets an id, told in the header as eBay does. */
const fresh: Adapt = (operation, body, { headers, requestBody }) => {
	if (operation.endsWith('GET /destination')) Object.assign(body, { destinations: [], total: 0 });
	if (operation.endsWith('GET /subscription')) Object.assign(body, { subscriptions: [], total: 0 });
	if (/POST \/(destination|subscription)$/.test(operation)) {
		assert.ok(requestBody);
		headers.location = 'https://api.ebay.com/commerce/notification/v1/made/7';
	}
};

/** eBay's portal subscribes an application to the deletion of accounts, not the API. */
const subscribed = eventsIn(new EbayNotificationTrigger(), 'topic').filter(
	(topic) => topic !== 'accountDeletion',
);

export const ebayNotifications: Street = {
	title: 'eBay Notification Trigger',
	node: (simulator) => ({
		node: new EbayNotificationTrigger(),
		credentialTypes: [new EbayApi()],
		credentials: { ebayApi: ebayCredential(simulator) },
	}),
	operations: subscribed,
	cases: subscribed.map((topic) => ({
		operation: topic,
		parameters: { topic, alertEmail: 'shop@shop.example' },
		adapt: fresh,
		sense({ error, items }, { all }) {
			assert.equal(error, undefined);
			assert.doesNotMatch(String(items[0].json.logged), /could not/);
			const made = all.filter(({ method, status }) => method === 'POST' && status === 201);
			assert.ok(made.length >= 2);
			assert.ok(all.some(({ method }) => method === 'DELETE'));
		},
	})),
};

/** The example's dates are no dates, its members are not the seller, and it names a next page for ever. */
const dated: Adapt = (_operation, body) => {
	const createdDate = new Date().toISOString();
	Reflect.deleteProperty(body, 'next');
	for (const conversation of body.conversations ?? []) {
		Object.assign(conversation, { createdDate });
		if (conversation.latestMessage) Object.assign(conversation.latestMessage, { createdDate });
	}
	for (const message of body.messages ?? []) {
		Object.assign(message, { createdDate, recipientUsername: 'demo_seller' });
	}
};

export const ebayMessages: Street = {
	title: 'eBay Message Trigger',
	node: (simulator) => ({
		node: new EbayMessageTrigger(),
		credentialTypes: [new EbayApi()],
		credentials: { ebayApi: ebayCredential(simulator) },
	}),
	operations: ['members', 'ebay', 'both'],
	cases: ['members', 'ebay', 'both'].map((from) => ({
		operation: from,
		parameters: { filters: { from }, options: {} },
		adapt: dated,
		sense({ error, items }, answers) {
			assert.equal(error, undefined);
			const [{ messages }] = answers.to(ONE);
			const [{ messageId }] = messages;
			assert.ok(items.some(({ json }) => json.messageId === String(messageId)));
		},
	})),
};
