import assert from 'node:assert/strict';

import {
	checks,
	eventsIn,
	operationsIn,
	type Answers,
	type Case,
	type Sensed,
	type Street,
} from './case.mts';
import { AmazonSellingPartnerApi } from '../../../credentials/AmazonSellingPartnerApi.credentials.ts';
import { AmazonOrderTrigger } from '../../../nodes/Amazon/AmazonOrderTrigger.node.ts';
import { AmazonMessaging } from '../../../nodes/Amazon/AmazonMessaging.node.ts';
import { messageTypes, type MessageType } from '../../../nodes/Amazon/api/messageTypes.ts';
import {
	amazonCredential,
	amazonMessaging,
	attached,
	itemWithPdf,
	messageForm,
	ORDER,
	US,
} from '../../engine/amazon.mts';
import type { Tree } from '../documents.mts';
import type { Adapt } from '../mocks.mts';

/**
 * The model's only example of a 2xx to a POST is a list of errors, which is a refusal; the list is
 * optional, and without it the message is sent.
 */
const withoutErrors: Adapt = (operation, body) => {
	if (operation.includes(': POST') && 'errors' in body) Reflect.deleteProperty(body, 'errors');
};

function send(type: MessageType, length: number, files: number): Case {
	const { messageType, text, coverageDates } = type;
	return {
		operation: 'message.send',
		variant: `${messageType}, ${text ? `${length} characters, ` : ''}${files} files`,
		parameters: messageForm(ORDER, messageType, {
			...(text ? { text: 'x'.repeat(length) } : {}),
			...(files > 0 ? attached(...Array.from({ length: files }, () => 'data')) : {}),
			...(coverageDates
				? { coverageStartDate: '2026-01-01T00:00:00', coverageEndDate: '2028-01-01T00:00:00' }
				: {}),
			options: { checkAvailability: false },
		}),
		items: [itemWithPdf],
		adapt: withoutErrors,
		sense(result, answers) {
			isSent(result);
			assert.equal(answers.to('{orderId}/messages/{type}').length, files);
			assert.equal(answers.to(`/messages/${type.path}`).length, 1);
		},
	};
}

/** The least and the most that the table allows. */
function sends(type: MessageType): Case[] {
	const { text, attachments } = type;
	return [
		send(type, text?.min ?? 0, attachments?.min ?? 0),
		send(type, text?.max ?? 0, attachments?.max ?? 0),
	];
}

function isSent({ error, items }: Sensed): void {
	assert.equal(error, undefined);
	assert.equal(items.length, 1);
	assert.equal(items[0].json.status, 'sent');
}

const review = { resource: 'reviewRequest', marketplaceId: US, orderId: ORDER };
const eligible = ({ error }: Sensed) => assert.equal(error, undefined);
const orders = (answers: Answers) => answers.to('GET /orders/2026-01-01/orders');

function getOrders(variant: string, filters: Record<string, unknown>, limit = 20): Case {
	return {
		operation: 'order.getMany',
		variant,
		parameters: {
			resource: 'order',
			operation: 'getMany',
			marketplaceIds: [US],
			limit,
			filters: filters as never,
		},
		// The example names a further page for ever.
		adapt: (_operation, body) => void Reflect.deleteProperty(body, 'pagination'),
		sense({ error, items }, answers) {
			assert.equal(error, undefined);
			const ids = orders(answers).flatMap((body) => body.orders.map(({ orderId }) => orderId));
			assert.deepEqual(
				items.map(({ json }) => json.orderId),
				ids.slice(0, limit),
			);
			assert.ok(ids.length > 0);
		},
	};
}

export const amazon: Street = {
	title: 'Amazon Messaging',
	node: amazonMessaging,
	operations: operationsIn(new AmazonMessaging()),
	cases: [
		...messageTypes.flatMap(sends),
		{
			operation: 'message.send',
			variant: 'errors in a 201',
			parameters: messageForm(ORDER, 'confirmOrderDetails', {
				text: 'Hello',
				options: { checkAvailability: false },
			}),
			sense({ error, items }, answers) {
				const [{ errors }] = answers.to('/messages/confirmOrderDetails');
				assert.deepEqual(items, []);
				assert.equal(error?.context.details?.outcome, 'notSent');
				assert.ok(`${error.message} ${error.description}`.includes(String(errors[0].message)));
			},
		},
		{
			operation: 'message.getAvailableTypes',
			parameters: {
				resource: 'message',
				operation: 'getAvailableTypes',
				marketplaceId: US,
				orderId: ORDER,
			},
			sense({ error, items }, answers) {
				assert.equal(error, undefined);
				const [{ _links }] = answers.to('GET /messaging/v1/orders/{amazonOrderId}');
				assert.equal(items.length, _links.actions.length);
			},
		},
		{
			operation: 'buyer.getAttributes',
			parameters: {
				resource: 'buyer',
				operation: 'getAttributes',
				marketplaceId: US,
				orderId: ORDER,
			},
			sense({ error, items }, answers) {
				assert.equal(error, undefined);
				const [{ buyer }] = answers.to('/attributes');
				assert.equal(items[0].json.locale, buyer.locale);
			},
		},
		{
			operation: 'reviewRequest.getEligibility',
			parameters: { ...review, operation: 'getEligibility' },
			sense(result) {
				eligible(result);
				assert.equal(result.items[0].json.eligible, true);
			},
		},
		{
			operation: 'reviewRequest.send',
			parameters: { ...review, operation: 'send' },
			adapt: withoutErrors,
			sense: isSent,
		},
		...[[], ['PACKAGES', 'PROCEEDS']].map((includedData): Case => ({
			operation: 'order.get',
			variant: includedData.join(', ') || 'as it comes',
			parameters: {
				resource: 'order',
				operation: 'get',
				orderId: ORDER,
				options: { includedData },
			},
			sense({ error, items }, answers) {
				assert.equal(error, undefined);
				const [{ order }] = answers.to('GET /orders/2026-01-01/orders/{orderId}');
				assert.equal(items[0].json.orderId, order.orderId);
				assert.equal(items[0].json.marketplaceId, order.salesChannel.marketplaceId);
			},
		})),
		getOrders('created', { createdAfter: '2026-01-01T00:00:00' }),
		getOrders('updated, shipped', {
			lastUpdatedAfter: '2026-01-01T00:00:00',
			fulfillmentStatuses: ['SHIPPED'],
		}),
		getOrders('one', {}, 1),
		checks([
			'GET /orders/2026-01-01/orders',
			'GET /orders/2026-01-01/orders/{orderId}',
			'GET /messaging/v1/orders/{amazonOrderId}',
			'GET /solicitations/v1/orders/{amazonOrderId}',
			'{orderId}/messages/{type}',
		]),
	],
};

/** What has to have happened to the order of the example. */
const events: Record<string, (order: Tree) => void> = {
	orderCreated: () => {},
	orderShipped: () => {},
	orderUpdated: () => {},
	orderCancelled: ({ fulfillment }) =>
		void Object.assign(fulfillment, { fulfillmentStatus: 'CANCELLED' }),
	orderDelivered(order) {
		for (const one of order.packages) {
			Object.assign(one, { packageStatus: { status: 'DELIVERED' } });
		}
	},
	cancellationRequested(order) {
		const cancellationRequest = { requester: 'BUYER', cancelReason: 'No longer needed' };
		for (const item of order.orderItems) {
			Object.assign(item, { cancellation: { cancellationRequest } });
		}
	},
};

export const amazonTrigger: Street = {
	title: 'Amazon Order Trigger',
	node: (simulator) => ({
		node: new AmazonOrderTrigger(),
		credentialTypes: [new AmazonSellingPartnerApi()],
		credentials: { amazonSellingPartnerApi: amazonCredential(simulator) },
	}),
	operations: eventsIn(new AmazonOrderTrigger()),
	cases: Object.entries(events).map(([event, happened]) => ({
		operation: event,
		parameters: { event, marketplaceIds: [US], filters: {}, options: {} },
		adapt(_operation, body) {
			Reflect.deleteProperty(body, 'pagination');
			for (const order of body.orders ?? []) happened(order);
		},
		sense({ items }, answers) {
			const [{ orderId }] = orders(answers)[0].orders;
			assert.ok(items.some(({ json }) => String(json.orderId) === String(orderId)));
		},
	})),
};
