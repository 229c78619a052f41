import type { RepeatPolicy } from '../../shared/http/service';
import { recordOf, recordsOf, type Json } from '../../shared/values';
import type { Connection } from './connection';
import { ORDER_PAGES } from './limits';
import { askInPieces, type List } from './pages';
import { callTrading } from './trading';
import { hasMore, textIn } from './tradingAnswer';

/** A time span, ISO 8601 in UTC: of creation at most 90 days long, of modification at most 30. */
export interface OrderFilter {
	by: 'created' | 'modified';
	from: string;
	to: string;
	/** Left out: all. */
	status?: 'Active' | 'All' | 'Cancelled' | 'Completed' | 'Inactive';
}

/** A line item of an order. */
export interface OrderLine {
	itemId: string;
	transactionId: string;
	orderLineItemId?: string;
	title?: string;
	/** eBay's `Transaction`. */
	transaction: Json;
}

export interface EbayOrder {
	orderId: string;
	/** The buyer's eBay user ID. */
	recipientId: string;
	/** Times are ISO 8601. */
	createdTime?: string;
	modifiedTime?: string;
	lines: OrderLine[];
	/** eBay's `Order`. */
	order: Json;
}

const list: List = { name: 'GetOrders', sizes: ORDER_PAGES };

/**
 * One page of the seller's orders, oldest first (GetOrders). Nothing older than 90 days comes. Where it is
 * too heavy for eBay, it is read in smaller ones.
 *
 * @param page from 1; while `hasMore`, ask for the next with the same filter
 * @param pageSize 1 to 100
 * @param policy `poll` for a trigger
 * @returns beside the orders eBay's clock (ISO 8601)
 * @throws MarketplaceError
 * @see https://developer.ebay.com/devzone/xml/docs/reference/ebay/GetOrders.html
 */
export async function getOrders(
	connection: Connection,
	filter: OrderFilter,
	page = 1,
	pageSize: number = ORDER_PAGES[0],
	policy: Extract<RepeatPolicy, 'read' | 'poll'> = 'read',
): Promise<{ orders: EbayOrder[]; hasMore: boolean; timestamp?: string }> {
	const ask = async (number: number, size: number) =>
		await askForOrders(connection, filter, number, size, policy);
	const { rows, ...rest } = await askInPieces(connection, list, page, pageSize, ask);
	return { orders: rows, ...rest };
}

async function askForOrders(
	connection: Connection,
	{ by, from, to, status = 'All' }: OrderFilter,
	page: number,
	pageSize: number,
	policy: Extract<RepeatPolicy, 'read' | 'poll'>,
): Promise<{ rows: EbayOrder[]; hasMore: boolean; timestamp?: string }> {
	const { root, timestamp } = await callTrading(connection, {
		call: 'GetOrders',
		policy,
		standard: { detailLevel: 'ReturnAll' },
		elements: [
			['CreateTimeFrom', by === 'created' ? from : undefined],
			['CreateTimeTo', by === 'created' ? to : undefined],
			['OrderRole', 'Seller'],
			['OrderStatus', status],
			[
				'Pagination',
				[
					['EntriesPerPage', pageSize],
					['PageNumber', page],
				],
			],
			['ModTimeFrom', by === 'modified' ? from : undefined],
			['ModTimeTo', by === 'modified' ? to : undefined],
			['SortingOrder', 'Ascending'],
		],
	});
	const orders = recordsOf(recordOf(root.OrderArray).Order);
	return {
		rows: orders.map(orderOf),
		timestamp,
		hasMore: hasMore(root, 'HasMoreOrders', page, orders.length),
	};
}

function orderOf(order: Json): EbayOrder {
	const read = (element: unknown) => textIn(element)?.trim();
	return {
		orderId: read(order.OrderID) ?? '',
		recipientId: read(order.BuyerUserID) ?? '',
		createdTime: read(order.CreatedTime),
		modifiedTime: read(recordOf(order.CheckoutStatus).LastModifiedTime),
		lines: recordsOf(recordOf(order.TransactionArray).Transaction).map((transaction) => {
			const item = recordOf(transaction.Item);
			return {
				itemId: read(item.ItemID) ?? '',
				transactionId: read(transaction.TransactionID) ?? '',
				orderLineItemId: read(transaction.OrderLineItemID),
				title: textIn(item.Title),
				transaction,
			};
		}),
		order,
	};
}
