import type { Connection } from './connection';
import { scopes } from './login';
import { orderReads } from './limits';
import { pageOf, type Page } from './pages';

/**
 * One page of deliveries.
 *
 * @param limit at most 100
 * @throws MarketplaceError, always `notSent`
 * @see https://developers.magalu.com/docs/apis/sandbox/orders/deliveries
 */
export async function listDeliveries(connection: Connection, limit: number): Promise<Page> {
	const answer = await connection.call({
		policy: 'poll',
		method: 'GET',
		path: '/seller/v1/deliveries',
		query: { _limit: limit },
		scope: scopes.readDeliveries,
		plan: orderReads,
	});
	return pageOf(answer, limit);
}
