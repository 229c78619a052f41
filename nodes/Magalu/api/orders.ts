import { textOf, type Json } from '../../shared/values';
import type { Connection } from './connection';
import { scopes } from './login';
import { orderReads } from './limits';
import { pageOf, type Page } from './pages';

/** Orders. @see https://developers.magalu.com/docs/apis/sandbox/orders/deliveries */

interface OrderQuery {
	/** `new`, `approved` (also what has been shipped or delivered since), `cancelled` or `finished`. */
	status?: string;
	/** ISO 8601, with a zone. */
	updatedFrom?: string;
	updatedTo?: string;
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
	const answer = await connection.call({
		policy,
		method: 'GET',
		path: '/seller/v1/orders',
		query: {
			status: query.status,
			// Two underscores before gte and lte; the ticket list has one.
			updated_at__gte: query.updatedFrom,
			updated_at__lte: query.updatedTo,
			_sort: query.sort,
			_limit: query.limit,
			_offset: query.offset,
		},
		scope: scopes.readOrders,
		plan: orderReads,
	});
	return pageOf(answer, query.limit);
}

/** What stands beside an order, under the names that the nodes use. */
export function orderNames(order: Json): { orderId: string | null; orderCode: string | null } {
	return { orderId: textOf(order.id) ?? null, orderCode: textOf(order.code) ?? null };
}
