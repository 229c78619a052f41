import type { Delivery } from '../ebay/notifications.mts';
import { tooManyRequests } from '../ebay/rest.mts';
import type { Order } from '../ebay/state.mts';
import { painTrials, whereItCanTell } from './hurts.mts';
import { atTrigger, stageTrials, toldAtOnce, type Stage } from './stages.mts';
import type { Trials } from './trials.mts';
import type { World } from './world.mts';

const trigger = 'eBay Order Trigger';

function bring(order: Order, stage: Stage, now: number): void {
	order.modifiedAt = now;
	if (stage === 'paid') Object.assign(order, { status: 'Completed', paidAt: now });
	if (stage === 'shipped') {
		const tracking = [{ carrier: 'USPS', number: '9400100000000000000009' }];
		Object.assign(order, { shippedAt: now, tracking, packages: [{}] });
	}
	if (stage === 'delivered') order.packages = [{ deliveredAt: now }];
}

/** Items of orders that a member may write about. */
function items({ ebay }: World): Array<[string, string]> {
	const sold = ebay.state.orders.flatMap(({ lineItems }) => lineItems);
	const all = [...sold, ...ebay.state.items].map(({ itemId, title }) => [itemId, title] as const);
	return [...new Map(all)].slice(0, 12);
}

const firstItem = (world: World) => items(world)[0]?.[0] ?? '';

function needed(given: Record<string, string>, ...names: string[]): void {
	if (names.some((name) => !given[name]?.trim())) throw new Error('Fill in every field.');
}

function isTaken({ statuses }: Delivery): boolean {
	return statuses.some((status) => status >= 200 && status < 300);
}

export const ebayTrials: Trials = {
	hurts: painTrials({
		title: 'eBay',
		operations: [
			'ebay.AddMemberMessageAAQToPartner',
			'ebay.AddMemberMessageRTQ',
			'ebay.sendMessage',
		],
		tooFast: tooManyRequests(),
		endTokens: ({ ebay }) => ebay.expireAccessTokens(),
		afterLoss: whereItCanTell,
	}),
	comes: [
		{
			id: 'buyerWrites',
			label: 'A customer writes',
			fields: (world) => [
				{ name: 'from', label: 'Buyer', value: 'buyer_one' },
				{ name: 'itemId', label: 'About', value: firstItem(world), options: items(world) },
				{ name: 'text', label: 'Message', value: 'When will my mug arrive?', long: true },
			],
			async run({ ebay }, given) {
				needed(given, 'from', 'text');
				const { from = '', text = '', itemId = '' } = given;
				const item = itemId ? { itemId } : {};
				const told = (await ebay.writeAsBuyer?.({ from, text, ...item })) as Delivery;
				return {
					happened: `${from} wrote to you.`,
					look: isTaken(told)
						? toldAtOnce
						: `${atTrigger('eBay Message Trigger')} At once it comes to a published workflow with an eBay Notification Trigger; there is none now.`,
				};
			},
		},
		{
			id: 'shopperAsks',
			label: 'A shopper asks about a listing',
			fields: (world) => [
				{ name: 'from', label: 'Shopper', value: 'shopper_one' },
				{ name: 'itemId', label: 'About', value: firstItem(world), options: items(world) },
				{ name: 'text', label: 'Question', value: 'Is this still available?', long: true },
			],
			async run({ ebay }, given) {
				needed(given, 'from', 'text', 'itemId');
				const { from = '', text = '', itemId = '' } = given;
				const { messageId } = ebay.addQuestion({ itemId, sender: from, body: text });
				const names = { messageId, itemId, senderUserName: from, messageBody: text };
				const told = isTaken(await ebay.notify('BUYER_QUESTION', names));
				const look = atTrigger('eBay Question Trigger');
				return { happened: `${from} asked a question.`, look: told ? toldAtOnce : look };
			},
		},
		...stageTrials<Order>({
			all: ({ ebay }) => ebay.state.orders,
			add: ({ ebay }) => ebay.addOrder(),
			bring: (order, stage, clock) => bring(order, stage, clock.now()),
			async tell({ ebay }, { orderId, lineItems }, stage) {
				if (stage !== 'created') return false;
				const orderLineItems = lineItems.map(({ itemId, transactionId, quantity }) => ({
					orderLineItemId: transactionId,
					listingId: itemId,
					quantity,
				}));
				const order = { orderId, orderLineItems };
				return isTaken(await ebay.notify('ORDER_CONFIRMATION', { order }));
			},
			nameOf: ({ orderId, buyer, lineItems }) =>
				`Order ${orderId} (${lineItems.map(({ title }) => title).join(', ')}, ${buyer})`,
			lookAt: (stage) =>
				atTrigger(
					trigger,
					{
						created: 'Order Created',
						paid: 'Order Paid',
						shipped: 'Order Shipped',
						delivered: 'Order Delivered',
					}[stage],
				),
		}),
	],
};
