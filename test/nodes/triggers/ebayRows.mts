import { EbayApi } from '../../../credentials/EbayApi.credentials.ts';
import { EbayMessageTrigger } from '../../../nodes/Ebay/EbayMessageTrigger.node.ts';
import { EbayOrderTrigger } from '../../../nodes/Ebay/EbayOrderTrigger.node.ts';
import { EbayQuestionTrigger } from '../../../nodes/Ebay/EbayQuestionTrigger.node.ts';
import { ebayCredential, ITEM } from '../../engine/ebay.mts';
import type { LineItem, Order } from '../../marketplaces/ebay/state.mts';
import { DAY, HOUR, type TriggerRow } from './behaviours.mts';

const line = (transactionId: string, more: Partial<LineItem> = {}): LineItem => ({
	itemId: ITEM,
	transactionId,
	title: 'Blue mug',
	quantity: 1,
	price: 5,
	...more,
});

/** What an order of three days ago is like when it comes to an event. */
const comes: Record<string, () => Partial<Order>> = {
	orderCreated: () => ({ createdAt: Date.now() }),
	orderUpdated: () => ({}),
	orderPaid: () => ({ paidAt: Date.now() }),
	orderShipped: () => ({ shippedAt: Date.now() }),
	orderDelivered: () => ({
		packages: [{ deliveredAt: Date.now() - HOUR }, { deliveredAt: Date.now() }],
	}),
	'orderDelivered of which no change is told': () => ({
		packages: [{ deliveredAt: Date.now() }],
		modifiedAt: Date.now() - 3 * DAY,
	}),
	orderCancelled: () => ({ status: 'Cancelled', cancelledAt: Date.now() }),
};

let conversations = 0;

const common = {
	credentialType: () => new EbayApi(),
	credential: ebayCredential,
	lateness: 6 * HOUR,
};

const orders = Object.entries(comes).flatMap(([name, coming]) =>
	['lineItem', 'order'].map((output): TriggerRow => ({
		...common,
		name: `${name} as ${output}`,
		node: () => new EbayOrderTrigger(),
		parameters: { event: name.split(' ')[0]!, options: { output } },
		operation: 'ebay.GetOrders',
		happen({ ebay }, orderId, indexedAt) {
			ebay.addOrder({
				orderId,
				createdAt: Date.now() - 3 * DAY,
				modifiedAt: Date.now(),
				indexedAt,
				lineItems: [line(`T-${orderId}`)],
				...coming(),
			});
		},
		leave({ ebay }, id) {
			ebay.state.orders = ebay.state.orders.filter(({ orderId }) => orderId !== id);
		},
		pageSize: 100,
		...(name === 'orderUpdated'
			? {}
			: {
					// The order gets another ID, as when it is paid; its line items stay.
					touch({ ebay }, id) {
						const order = ebay.state.orders.find(({ orderId }) => orderId === id);
						Object.assign(order!, { modifiedAt: Date.now(), orderId: `${id} paid` });
					},
				}),
		names: [
			...['orderId', 'itemId', 'transactionId', 'recipientId', 'title'],
			...['carrier', 'trackingNumber'],
		],
		theirs: 'OrderStatus',
		hasPersonalData: true,
		idIn: ({ orderId }) => orderId,
	})),
);

export const ebayRows: TriggerRow[] = [
	...orders,
	{
		...common,
		name: 'questions',
		node: () => new EbayQuestionTrigger(),
		parameters: {},
		operation: 'ebay.GetMemberMessages',
		happen({ ebay }, body, indexedAt) {
			ebay.addQuestion({ itemId: '110000000009', body, indexedAt });
		},
		leave({ ebay }, body) {
			ebay.state.questions = ebay.state.questions.filter((one) => one.body !== body);
		},
		pageSize: 200,
		touch({ ebay }, body) {
			const question = ebay.state.questions.find((one) => one.body === body);
			Object.assign(question!, { modifiedAt: Date.now(), replies: ['Yes'] });
		},
		names: ['parentMessageId', 'recipientId', 'itemId', 'body'],
		theirs: 'MessageStatus',
		hasPersonalData: false,
		idIn: ({ body }) => body,
	},
	...(['members', 'ebay'] as const).map((from): TriggerRow => ({
		...common,
		name: `messages of ${from}`,
		node: () => new EbayMessageTrigger(),
		parameters: { filters: { from } },
		operation: 'ebay.conversations',
		happen({ ebay }, body, indexedAt) {
			const seller = 'demo_seller';
			const otherParty = from === 'ebay' ? 'eBay' : 'buyer_one';
			const message = { subject: 's', read: false, createdAt: Date.now(), indexedAt, media: [] };
			ebay.state.conversations.push({
				conversationId: String(800_000_000_000 + ++conversations),
				type: from === 'ebay' ? 'FROM_EBAY' : 'FROM_MEMBERS',
				status: 'ACTIVE',
				seller,
				otherParty,
				createdAt: Date.now(),
				messages: [
					{ ...message, messageId: `m-${body}`, sender: otherParty, recipient: seller, body },
				],
			});
		},
		leave({ ebay }, body) {
			ebay.state.conversations = ebay.state.conversations.filter(
				({ messages }) => messages[0]!.body !== body,
			);
		},
		pageSize: 50,
		touch({ ebay }, body) {
			const found = ebay.state.conversations.find(({ messages }) => messages[0]!.body === body)!;
			found.messages.push({
				...found.messages[0]!,
				messageId: `answer-${body}`,
				sender: found.seller,
				recipient: found.otherParty,
				body: 'ours',
				createdAt: Date.now(),
			});
		},
		refuse({ ebay, faults }, body) {
			const found = ebay.state.conversations.find(({ messages }) => messages[0]!.body === body)!;
			const fault = { operation: 'ebay.conversation', kind: 'status', status: 404 } as const;
			faults.push({ ...fault, containing: found.conversationId, times: 999 });
		},
		names: [
			...['conversationId', 'messageId', 'recipientId', 'itemId'],
			...['text', 'subject', 'createdAt', 'media'],
		],
		theirs: 'messageBody',
		hasPersonalData: false,
		idIn: ({ text }) => text,
	})),
];
