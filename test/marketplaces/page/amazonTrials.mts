import { demoOrder } from '../amazon/demo.mts';
import { quotaExceeded } from '../amazon/errors.mts';
import { idsOf } from '../amazon/marketplaces.mts';
import type { AmazonOrder } from '../amazon/state.mts';
import { painTrials } from './hurts.mts';
import { atTrigger, stageTrials, type Stage } from './stages.mts';
import type { Trials } from './trials.mts';

const trigger = 'Amazon Order Trigger';

/** What Amazon lets a seller send at each stage, as for the orders of the demo. */
const allowed: Record<Stage, string[]> = {
	created: [],
	paid: ['confirmOrderDetails', 'confirmDeliveryDetails', 'unexpectedProblem'],
	shipped: ['legalDisclosure', 'sendInvoice', 'unexpectedProblem', 'warranty'],
	delivered: ['legalDisclosure', 'sendInvoice', 'unexpectedProblem', 'warranty'],
};

function bring(order: AmazonOrder, stage: Stage, now: number): void {
	const at = new Date(now).toISOString();
	const isSent = stage === 'shipped' || stage === 'delivered';
	const status = stage === 'delivered' ? 'DELIVERED' : 'IN_TRANSIT';
	order.fulfillmentStatus = isSent ? 'SHIPPED' : 'UNSHIPPED';
	order.lastUpdatedTime = at;
	order.actions = allowed[stage];
	if (!isSent) return;
	const packages = [
		{
			packageReferenceId: '1',
			createdTime: at,
			packageStatus: { status, detailedStatus: status },
			carrier: 'UPS',
			shipTime: at,
			shippingService: 'UPS Ground',
			trackingNumber: '1Z0000000000000009',
		},
	];
	order.dataSets = { ...order.dataSets, packages };
}

let made = 0;

export const amazonTrials: Trials = {
	hurts: painTrials({
		title: 'Amazon',
		operations: ['amazon.send', 'amazon.solicit'],
		tooFast: quotaExceeded(),
		endTokens({ amazon, clock }) {
			for (const token of amazon.state.tokens.values()) token.expiresAt = clock.now();
		},
		afterLoss:
			'Amazon shows nobody what was sent, so the node stops with an error: it is not known whether the buyer got it, look at the order. It never sends by itself again.',
	}),
	comes: stageTrials<AmazonOrder>({
		all: ({ amazon }) => amazon.state.orders,
		add({ amazon, clock }) {
			const [us] = idsOf('US');
			const id = `113-${String(++made).padStart(7, '0')}-${String(clock.now() % 10_000_000).padStart(7, '0')}`;
			const order = demoOrder(us, id, clock.now(), 'PENDING');
			order.lastUpdatedTime = order.createdTime;
			order.actions = allowed.created;
			amazon.addOrders?.([order]);
			return order;
		},
		bring: (order, stage, clock) => bring(order, stage, clock.now()),
		nameOf: ({ orderId }) => `Order ${orderId}`,
		lookAt: (stage) =>
			({
				created: atTrigger(trigger, 'Order Created'),
				paid: `${atTrigger(trigger, 'Order Updated')} Amazon has no event of its own for it: the order is now "unshipped".`,
				shipped: atTrigger(trigger, 'Order Shipped'),
				delivered: atTrigger(trigger, 'Order Delivered'),
			})[stage],
	}),
	note: 'A customer cannot write here: Amazon tells no program what buyers write.',
};
