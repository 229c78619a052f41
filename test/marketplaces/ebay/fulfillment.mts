import type { Answer, Exchange } from '../service.mts';
import { badRequest, bearer, noResource } from './rest.mts';
import type { EbayState, Order } from './state.mts';

const path = '/sell/fulfillment/v1/order';
const DAY_MS = 86_400_000;

export const isFulfillment = (exchange: Exchange) =>
	exchange.path.startsWith('/sell/fulfillment/v1/');

/** Name of the operation for log and faults. */
export function fulfillmentOperation(exchange: Exchange): string {
	return exchange.path === path ? 'ebay.fulfillmentOrders' : 'ebay.unknown';
}

/**
 * The Fulfillment API's getOrders without filters: the orders of the last 90 days, the newest first, in pages.
 * Source: developer.ebay.com/api-docs/sell/fulfillment/resources/order/methods/getOrders
 */
export function fulfillment(exchange: Exchange, state: EbayState, now: number): Answer {
	if (exchange.method !== 'GET' || exchange.path !== path) return noResource();
	const access = bearer(exchange, state, now, 'sell.fulfillment', 'sell.fulfillment.readonly');
	if ('refusal' in access) return access.refusal;
	const { seller } = access.token;

	const unknown = [...exchange.query.keys()].find((name) => !['limit', 'offset'].includes(name));
	if (unknown) return badRequest(`The simulator has no parameter ${unknown}.`);
	const limit = Number(exchange.query.get('limit') ?? 50);
	const offset = Number(exchange.query.get('offset') ?? 0);
	if (!Number.isInteger(limit) || limit < 1 || limit > 200) {
		return badRequest('The limit is a number from 1 to 200.');
	}
	if (!Number.isInteger(offset) || offset < 0) return badRequest('The offset is a number.');

	const all = state.orders
		.filter((order) => order.seller === seller && order.createdAt > now - 90 * DAY_MS)
		.filter(({ indexedAt = 0 }) => indexedAt <= now)
		.sort((one, other) => other.createdAt - one.createdAt);
	const page = all.slice(offset, offset + limit);
	return { status: 200, body: { total: all.length, limit, offset, orders: page.map(shown) } };
}

function shown(order: Order): object {
	return {
		orderId: order.orderId,
		creationDate: new Date(order.createdAt).toISOString(),
		lastModifiedDate: new Date(order.modifiedAt).toISOString(),
		orderPaymentStatus: order.paidAt === undefined ? 'PENDING' : 'PAID',
		buyer: { username: order.buyer },
		lineItems: order.lineItems.map(({ itemId, transactionId, title, quantity }) => ({
			lineItemId: transactionId,
			legacyItemId: itemId,
			title,
			quantity,
		})),
	};
}
