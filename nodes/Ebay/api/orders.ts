import { DAY_MS } from '../../shared/dates';
import type { RepeatPolicy } from '../../shared/http/service';
import { entriesIn, recordOf, recordsOf, type Json } from '../../shared/values';
import type { Connection } from './connection';
import { ORDER_PAGES } from './limits';
import { askInPieces, readList } from './pages';
import type { List } from '../../shared/pageSize';
import { callTrading } from './trading';
import { hasMore, elementText } from './tradingAnswer';

/**
 * What orders may be listed by, and what eBay means by it.
 * @see https://developer.ebay.com/devzone/xml/docs/reference/ebay/types/OrderStatusCodeType.html
 * @see https://developer.ebay.com/support/kb-article?KBid=535 (Inactive)
 */
export const orderStatuses = [
	{ value: 'Active', description: 'Not paid yet: the buyer has not begun to pay' },
	{ value: 'All', description: 'Whatever its status is' },
	{ value: 'Cancelled', description: 'Cancelled, whether it was paid or not' },
	{ value: 'Completed', description: 'Paid: the checkout is complete. It may not be shipped yet.' },
	{ value: 'Inactive', description: 'Its line items went into another order' },
] as const;

/** A time span, ISO 8601 in UTC: of creation at most 90 days long, of modification at most 30. */
export interface OrderFilter {
	by: 'created' | 'modified';
	from: string;
	to: string;
	/** Left out: all. */
	status?: (typeof orderStatuses)[number]['value'];
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
 * One page of the seller's orders, oldest first unless told otherwise (GetOrders). Nothing older than 90 days comes. Where it is
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
	sortingOrder: 'Ascending' | 'Descending' = 'Ascending',
): Promise<{ orders: EbayOrder[]; hasMore: boolean; timestamp?: string }> {
	const ask = async (number: number, size: number) =>
		await askForOrders(connection, filter, number, size, policy, sortingOrder);
	const { rows, ...rest } = await askInPieces(connection, list, page, pageSize, ask);
	return { orders: rows, ...rest };
}

async function askForOrders(
	connection: Connection,
	{ by, from, to, status = 'All' }: OrderFilter,
	page: number,
	pageSize: number,
	policy: Extract<RepeatPolicy, 'read' | 'poll'>,
	sortingOrder: 'Ascending' | 'Descending',
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
			['SortingOrder', sortingOrder],
		],
	});
	const { Order: orders } = recordOf(root.OrderArray);
	return {
		rows: recordsOf(orders).map(orderOf),
		timestamp,
		hasMore: hasMore(root, 'HasMoreOrders', page, entriesIn(orders)),
	};
}

/** The longest spans that one request may have. */
const LONGEST_SPAN_MS = { created: 90 * DAY_MS, modified: 30 * DAY_MS };

/**
 * Orders of a span of any length, the newest first, each once (GetOrders). eBay has those of the last 90
 * days.
 *
 * @throws MarketplaceError
 */
export async function listOrders(
	connection: Connection,
	filter: OrderFilter,
	limit: number,
): Promise<EbayOrder[]> {
	const found = new Map<string, EbayOrder>();
	const oldest = Math.max(Date.parse(filter.from), Date.now() - LONGEST_SPAN_MS.created);
	let to = Date.parse(filter.to);
	while (to > oldest && found.size < limit) {
		const from = Math.max(oldest, to - LONGEST_SPAN_MS[filter.by]);
		const span = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
		const part = await readList(limit - found.size, keyOf, async (offset) => {
			const size = ORDER_PAGES[0];
			const page = offset / size + 1;
			const asked = getOrders(connection, { ...filter, ...span }, page, size, 'read', 'Descending');
			const { orders, hasMore: more } = await asked;
			return { rows: orders, next: more ? offset + size : undefined };
		});
		for (const order of part) found.set(keyOf(order), order);
		to = from;
	}
	return [...found.values()].slice(0, limit);
}

const keyOf = ({ orderId, order }: EbayOrder) => orderId || JSON.stringify(order);

/**
 * One order by its ID (GetOrders). The ID of an order changes when it is paid and when line items are
 * combined: then eBay does not find the old one.
 *
 * @returns nothing where eBay finds none
 * @throws MarketplaceError
 */
export async function getOrder(
	connection: Connection,
	orderId: string,
): Promise<EbayOrder | undefined> {
	const { root } = await callTrading(connection, {
		call: 'GetOrders',
		policy: 'read',
		standard: { detailLevel: 'ReturnAll' },
		elements: [
			['OrderIDArray', [['OrderID', orderId]]],
			['OrderRole', 'Seller'],
		],
	});
	const orders = recordsOf(recordOf(root.OrderArray).Order).map(orderOf);
	// An order may be answered under its newer ID.
	return orders.find((order) => order.orderId === orderId) ?? orders[0];
}

/** @returns carrier and number of the parcels of line items, or else of their order */
export function trackingOf(
	{ order }: EbayOrder,
	lines: OrderLine[],
): Array<{ carrier?: string; number?: string }> {
	const own = lines.flatMap(({ transaction }) => trackingIn(transaction));
	return own.length > 0 ? own : trackingIn(order);
}

function trackingIn({ ShippingDetails }: Json): Array<{ carrier?: string; number?: string }> {
	return recordsOf(recordOf(ShippingDetails).ShipmentTrackingDetails).map((one) => ({
		carrier: elementText(one.ShippingCarrierUsed)?.trim(),
		number: elementText(one.ShipmentTrackingNumber)?.trim(),
	}));
}

function orderOf(order: Json): EbayOrder {
	const read = (element: unknown) => elementText(element)?.trim();
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
				title: elementText(item.Title),
				transaction,
			};
		}),
		order,
	};
}
