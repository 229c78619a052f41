import { AmazonSellingPartnerApi } from '../../../credentials/AmazonSellingPartnerApi.credentials.ts';
import { AmazonOrderTrigger } from '../../../nodes/Amazon/AmazonOrderTrigger.node.ts';
import { amazonCredential, US } from '../../engine/amazon.mts';
import type { AmazonOrder } from '../../marketplaces/amazon/state.mts';
import type { Simulator } from '../../marketplaces/simulator.mts';
import { DAY, HOUR, type TriggerRow } from './behaviours.mts';

const at = (ms: number) => new Date(ms).toISOString();

/** An order of three days ago, unless it is told otherwise. */
function put(
	{ amazon }: Simulator,
	orderId: string,
	order: Partial<AmazonOrder>,
	shownAt?: number,
): void {
	amazon.state.addOrders([
		{
			orderId,
			marketplaceId: US,
			createdTime: at(Date.now() - 3 * DAY),
			lastUpdatedTime: at(Date.now()),
			fulfillmentStatus: 'UNSHIPPED',
			indexedAt: shownAt,
			orderItems: [item('1')],
			...order,
			dataSets: {
				buyer: { buyerName: 'Maria' },
				recipient: { deliveryAddress: { name: 'Maria' } },
				...order.dataSets,
			},
		},
	]);
}

function touch({ amazon }: Simulator, id: string): void {
	const order = amazon.state.orders.find(({ orderId }) => orderId === id);
	Object.assign(order!, { lastUpdatedTime: at(Date.now()) });
}

const packages = (status: string) => ({
	packages: [
		{ packageReferenceId: '1', shipTime: at(Date.now() - HOUR), packageStatus: { status } },
		{ packageReferenceId: '2', packageStatus: { status: 'CANCELLED' } },
	],
});

const item = (orderItemId: string) => ({
	...{ orderItemId, quantityOrdered: 1 },
	product: {
		asin: 'B08C1W5N87',
		customization: { customizedUrl: 'https://example.com/maria.zip' },
	},
	fulfillment: {
		quantityFulfilled: 0,
		packing: { giftOption: { giftMessage: 'Happy birthday, Maria' } },
	},
});

/** What an order is like when it comes to an event. */
const comes: Record<string, () => Partial<AmazonOrder>> = {
	orderCreated: () => ({ createdTime: at(Date.now()) }),
	orderUpdated: () => ({}),
	orderShipped: () => ({
		fulfillmentStatus: 'SHIPPED',
		dataSets: {
			packages: [
				{
					packageReferenceId: '1',
					shipTime: at(Date.now()),
					packageStatus: { status: 'SHIPPED' },
				},
			],
		},
	}),
	'orderShipped by Amazon': () => ({ fulfillmentStatus: 'SHIPPED', fulfilledBy: 'AMAZON' }),
	orderDelivered: () => ({
		fulfillmentStatus: 'SHIPPED',
		dataSets: packages('DELIVERED'),
	}),
	orderCancelled: () => ({ fulfillmentStatus: 'CANCELLED' }),
	cancellationRequested: () => ({
		orderItems: [
			{ ...item('1'), cancellation: { cancellationRequest: { requester: 'BUYER' } } },
			item('2'),
		],
	}),
};

export const amazonRows = Object.entries(comes).map(([name, coming]): TriggerRow => ({
	name,
	node: () => new AmazonOrderTrigger(),
	credentialType: () => new AmazonSellingPartnerApi(),
	credential: amazonCredential,
	parameters: { event: name.split(' ')[0]!, marketplaceIds: [US] },
	operation: 'amazon.searchOrders',
	happen: (simulator, id, shownAt) => put(simulator, id, coming(), shownAt),
	leave({ amazon }, id) {
		// No document says whether a token stands for a list as it was or for a place in it.
		amazon.state.pagesShift = true;
		amazon.state.orders = amazon.state.orders.filter(({ orderId }) => orderId !== id);
	},
	pageSize: 100,
	...(name === 'orderUpdated' ? {} : { touch }),
	lateness: 24 * HOUR,
	names: ['orderId', 'marketplaceId'],
	theirs: 'createdTime',
	hasPersonalData: true,
	idIn: ({ orderId }) => orderId,
}));
