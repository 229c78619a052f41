import type { Answer, Exchange } from '../service.mts';
import { platformError, type Problem } from './answers.mts';
import { type ListRules, listPage } from './lists.mts';
import {
	channel,
	type Delivery,
	type Order,
	type OrderItem,
	seller,
	type World,
} from './state.mts';

const statuses = ['new', 'approved', 'cancelled', 'finished'];
const deliveryStatuses = [
	'new',
	'approved',
	'invoiced',
	'shipped',
	'delivered',
	'cancelled',
	'frozen',
];

const limits = {
	defaultLimit: 20,
	maxLimit: 100,
	dateSeparator: '__',
} as const;

/** Where a list ends is a setting. */
type OrderRules = Omit<ListRules<Order>, 'maxOffset'>;

const orderRules: OrderRules = {
	...limits,
	equal: { status: ({ status }) => status, code: ({ code }) => code },
	dates: {
		purchased_at: ({ purchasedAt }) => purchasedAt,
		updated_at: ({ updatedAt }) => updatedAt,
	},
	sortable: { purchased_at: ({ purchasedAt }) => purchasedAt },
	show: shownOrder,
};

const deliveryRules: OrderRules = {
	...limits,
	equal: { status: ({ delivery }) => delivery.status, code: ({ delivery }) => delivery.code },
	dates: orderRules.dates,
	sortable: orderRules.sortable,
	show: (order) => ({
		...shownDelivery(order, order.delivery),
		order: { id: order.id, code: order.code },
	}),
};

/** `GET /seller/v1/orders` */
export function listOrders(world: World, { query }: Exchange): Answer {
	const { orderCodeFilterIgnored } = world.state.settings;
	const rules = orderCodeFilterIgnored
		? { ...orderRules, equal: { status: ({ status }: Order) => status } }
		: orderRules;
	return orderPage(world, query, statuses, rules);
}

/** `GET /seller/v1/orders/{id or code}` */
export function getOrder(world: World, _exchange: Exchange, [name = '']: string[]): Answer {
	const order = world.state.orders.find(({ id, code }) => id === name || code === name);
	if (!order) return platformError(404, `Order '${name}' not found.`);
	return { status: 200, body: shownOrder(order) };
}

/** `GET /seller/v1/deliveries` */
export function listDeliveries(world: World, { query }: Exchange): Answer {
	return orderPage(world, query, deliveryStatuses, deliveryRules);
}

function orderPage(
	{ context, state }: World,
	query: URLSearchParams,
	known: string[],
	rules: OrderRules,
): Answer {
	const status = query.get('status');
	if (status !== null && !known.includes(status)) {
		const message = `has to be one of: ${known.join(', ')}`;
		return refusal([{ where: 'query', field: ['status'], message, type: 'INVALID_VALUE' }]);
	}
	const now = context.clock.now();
	const visible = state.orders.filter(({ indexedAt = 0 }) => indexedAt <= now);
	const list = listPage(visible, query, { ...rules, maxOffset: state.settings.lastOrderOffset });
	if ('problems' in list) {
		return refusal(list.problems.map((problem) => ({ ...problem, type: 'INVALID_VALUE' })));
	}
	return { status: 200, body: list.page };
}

function refusal(problems: Problem[]): Answer {
	return platformError(422, 'The request could not be processed.', problems);
}

/** An order with everything personal in it, as Magalu answers. */
function shownOrder(order: Order): object {
	const total = totalOf(order.items);
	return {
		id: order.id,
		code: order.code,
		status: order.status,
		created_at: zoned(order.createdAt),
		approved_at: order.approvedAt === undefined ? null : zoned(order.approvedAt),
		purchased_at: zoned(order.purchasedAt),
		updated_at: zoned(order.updatedAt),
		channel: { id: channel.id, extras: { alias: channel.alias } },
		customer: shownPerson(order),
		payments: [{ method: 'pix', amount: total, normalizer: 100, currency: 'BRL' }],
		amounts: { total, normalizer: 100, currency: 'BRL' },
		deliveries: [order.delivery, ...(order.furtherDeliveries ?? [])].map((delivery) =>
			shownDelivery(order, delivery),
		),
	};
}

function shownDelivery(order: Order, delivery: Delivery): object {
	const { items } = order;
	return {
		id: delivery.id,
		code: delivery.code,
		status: delivery.status,
		...(delivery.updatedAt === null
			? {}
			: { updated_at: zoned(delivery.updatedAt ?? order.updatedAt) }),
		seller,
		items: items.map((item, index) => ({
			sequencial: index + 1,
			quantity: item.quantity,
			unit_price: { value: item.price, normalizer: 100, currency: 'BRL' },
			info: { id: item.id, sku: item.sku, external_sku: item.externalSku, name: item.name },
		})),
		shipping: {
			recipient: {
				...shownPerson(order),
				address: {
					street: 'Rua das Flores',
					number: '123',
					district: 'Centro',
					city: 'Franca',
					state: 'SP',
					country: 'BR',
					zipcode: '14400000',
				},
			},
			deadline: { precision: 'days', value: 5 },
		},
	};
}

function shownPerson({ customer }: Order): object {
	return {
		name: customer.name,
		document_number: customer.documentNumber,
		email: customer.email,
		phones: [{ type: 'mobile', area_code: '16', number: customer.phone }],
	};
}

function totalOf(items: OrderItem[]): number {
	return items.reduce((sum, { price, quantity }) => sum + price * quantity, 0);
}

function zoned(ms: number): string {
	return new Date(ms).toISOString();
}
