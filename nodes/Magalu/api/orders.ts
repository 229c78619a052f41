import { zonedOf } from '../../shared/dates';
import { MarketplaceError } from '../../shared/outcome';
import type { PickedFields } from '../../shared/poll/pickFields';
import { textOf, type Json } from '../../shared/values';
import type { Connection } from './connection';
import { scopes } from './login';
import { orderPages, orderReads } from './limits';
import { keyOf, objectOf, pageOf, inSmallerPages, type Page } from './pages';

/** Orders. @see https://developers.magalu.com/docs/apis/sandbox/orders/deliveries */

/** A value is to be divided by the `normalizer`. */
const money: PickedFields = {
	total: true,
	value: true,
	amount: true,
	normalizer: true,
	currency: true,
};
const amounts: PickedFields = {
	...money,
	commission: money,
	// As Magalu spells it in an item.
	comission: money,
	discount: money,
	freight: money,
	tax: money,
	taxes: money,
};

/** Fields of an order that tell no name, address, e-mail, phone or document number, at every depth. */
export const orderFields: PickedFields = {
	id: true,
	code: true,
	status: true,
	created_at: true,
	approved_at: true,
	purchased_at: true,
	updated_at: true,
	channel: { id: true, alias: true, extras: { alias: true } },
	amounts,
	payments: { method: true, amount: true, normalizer: true, currency: true, installments: true },
	deliveries: {
		id: true,
		code: true,
		status: true,
		updated_at: true,
		amounts,
		// The seller's own store.
		seller: { id: true, name: true },
		items: {
			// Magalu's spelling.
			sequencial: true,
			quantity: true,
			measure_unit: true,
			unit_price: money,
			amounts,
			info: { id: true, sku: true, external_sku: true, name: true, brand: true },
		},
		shipping: {
			deadline: { precision: true, value: true, limit_date: true, workdays: true },
			provider: { id: true, name: true, description: true, extras: { alias: true } },
			tracking: { code: true, number: true, url: true, carrier: true },
		},
	},
};

/** What the list may be narrowed down to. */
export interface OrderFilters {
	/** `new`, `approved` (also what has been shipped or delivered since), `cancelled` or `finished`. */
	status?: string;
	/** ISO 8601, with a zone. */
	updatedFrom?: string;
	updatedTo?: string;
	purchasedFrom?: string;
	purchasedTo?: string;
}

interface OrderQuery extends OrderFilters {
	/** By purchase only: an order by the date of the last update is not documented. */
	sort?: 'purchased_at:asc' | 'purchased_at:desc';
	/** At most 100. */
	limit: number;
	/** At most 5000. */
	offset: number;
}

/**
 * One page of orders, everything personal included.
 * @param policy `poll` for a trigger
 * @throws MarketplaceError, always `notSent`
 */
export async function listOrders(
	connection: Connection,
	query: OrderQuery,
	policy: 'read' | 'poll' = 'read',
): Promise<Page> {
	const ask = async (limit: number) => {
		const answer = await connection.call({
			policy,
			method: 'GET',
			path: '/seller/v1/orders',
			query: {
				status: query.status,
				// Two underscores before gte and lte; the ticket list has one.
				updated_at__gte: query.updatedFrom,
				updated_at__lte: query.updatedTo,
				purchased_at__gte: query.purchasedFrom,
				purchased_at__lte: query.purchasedTo,
				_sort: query.sort,
				_limit: limit,
				_offset: query.offset,
			},
			scope: scopes.readOrders,
			plan: orderReads,
		});
		return pageOf(answer, limit);
	};
	return await inSmallerPages(connection, 'orders', query.limit, ask);
}

/**
 * One order, everything personal included.
 * @param name its id, or the number that the seller portal shows
 * @throws MarketplaceError, always `notSent`
 */
export async function getOrder(connection: Connection, name: string): Promise<Json> {
	const answer = await connection
		.call({
			policy: 'read',
			method: 'GET',
			path: `/seller/v1/orders/${encodeURIComponent(name)}`,
			scope: scopes.readOrders,
			plan: orderReads,
		})
		.catch((error: unknown) => {
			throw named(error, name);
		});
	return objectOf(answer, ['id', 'code']);
}

function named(error: unknown, name: string): unknown {
	if (!(error instanceof MarketplaceError) || error.details.httpStatus !== 404) return error;
	return new MarketplaceError(`Magalu does not find the order ${name}`, {
		...error.details,
		description:
			'Check its ID or number, that it belongs to this store, and that the credential has the right environment (production or sandbox).',
	});
}

/** Pages overlap by so many rows: an order that leaves the list meanwhile makes the others move up. */
const OVERLAP = 10;
/** Pages in a row that bring nothing new, and after which none is asked for any more. */
const MOST_IDLE_PAGES = 3;

/**
 * Orders, no order twice, past the greatest offset.
 *
 * @param most how many are wanted; `Infinity` for all
 * @param note told where the list cannot be complete
 * @returns newest purchase first
 * @throws MarketplaceError, always `notSent`
 */
export async function findOrders(
	connection: Connection,
	filters: OrderFilters,
	most: number,
	note: (text: string) => void,
): Promise<Json[]> {
	const found = new Map<string, Json>();
	const limit = Math.min(orderPages.size, most);
	let { purchasedTo } = filters;
	let [offset, idlePages] = [0, 0];
	for (;;) {
		const query = { ...filters, purchasedTo, limit, offset, sort: 'purchased_at:desc' } as const;
		const { rows, entries, full } = await listOrders(connection, query);
		const before = found.size;
		for (const row of rows) found.set(keyOf(row), row);
		idlePages = found.size > before ? 0 : idlePages + 1;
		if (!full || found.size >= most || idlePages >= MOST_IDLE_PAGES) break;
		offset += Math.max(1, entries - OVERLAP);
		if (offset <= orderPages.lastOffset) continue;
		// From here on by date: no offset reaches further.
		const last = zonedOf(rows.at(-1)?.purchased_at);
		if (last === undefined || last === purchasedTo) {
			note(`Magalu lists no more than ${found.size} of these orders: there may be more`);
			break;
		}
		[purchasedTo, offset] = [last, 0];
	}
	return [...found.values()].slice(0, most);
}

/** What stands beside an order, under the names that the nodes use. */
export function orderNames(order: Json): { orderId: string | null; orderCode: string | null } {
	return { orderId: textOf(order.id) ?? null, orderCode: textOf(order.code) ?? null };
}
