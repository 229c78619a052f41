import type { BucketLimit } from '../../shared/http/rateLimit';
import { recordOf, recordsOf, textOf, type Json } from '../../shared/values';
import { documentOf } from './answers';
import type { Connection } from './connection';

/**
 * Orders API v2026-01-01.
 * @see https://developer-docs.amazon.com/sp-api/docs/orders-api-v2026-01-01-reference
 */

/** One search in about three minutes, and twenty at once after a long rest. */
export const searchPlan: BucketLimit = {
	name: 'amazon.orders.searchOrders',
	rate: 0.0056,
	burst: 20,
};

/** Orders on a page, the most that Amazon gives. */
export const ORDERS_PER_PAGE = 100;

/** The end of a search that names none: two minutes before now. */
export const BEHIND_MS = 2 * 60_000;

/** What an order can be in. @see https://github.com/amzn/selling-partner-api-models (FulfillmentStatus) */
export const fulfillmentStatuses = {
	CANCELLED: 'Cancelled',
	PARTIALLY_SHIPPED: 'Partially Shipped',
	PENDING: 'Pending',
	PENDING_AVAILABILITY: 'Pending Availability (Pre-Order)',
	SHIPPED: 'Shipped',
	UNFULFILLABLE: 'Unfulfillable',
	UNSHIPPED: 'Unshipped',
} as const;

/** Data sets that can be asked for, and where each stands in an order. */
export const dataSets: Readonly<Record<string, { field: string; name: string; personal?: true }>> =
	{
		BUYER: { field: 'buyer', name: 'Buyer', personal: true },
		CANCELLATION: { field: 'cancellation', name: 'Cancellation' },
		EXPENSE: { field: 'expense', name: 'Expense' },
		FULFILLMENT: { field: 'fulfillment', name: 'Fulfillment' },
		FULFILLMENT_ORDERS: { field: 'fulfillmentOrders', name: 'Fulfillment Orders' },
		PACKAGES: { field: 'packages', name: 'Packages' },
		PAYMENT: { field: 'payment', name: 'Payment' },
		PROCEEDS: { field: 'proceeds', name: 'Proceeds' },
		PROMOTION: { field: 'promotion', name: 'Promotion' },
		RECIPIENT: { field: 'recipient', name: 'Recipient', personal: true },
		TAX: { field: 'tax', name: 'Tax', personal: true },
	};

export interface OrderSearch {
	/** Which of an order's times counts. */
	by: 'created' | 'lastUpdated';
	/** At or after: milliseconds since 1970, or an ISO 8601 text with a zone, which goes out as it is. */
	after: number | string;
	marketplaceIds: string[];
	fulfillmentStatuses: string[];
	fulfilledBy: string[];
	includedData: string[];
	pageSize?: number;
	/** Of the page before; everything else has to be the same again. Good for 24 hours. */
	token?: string;
}

export interface FoundOrders {
	orders: Json[];
	/** The orders up to here are in the result: milliseconds since 1970, by Amazon's clock. */
	before?: number;
	/** Where there are more pages. */
	token?: string;
	/** Amazon's clock, to the second, as the answer's header tells it. */
	date?: number;
}

/**
 * One page of orders (searchOrders), in no promised order.
 *
 * @param policy `poll` waits for nothing; `read` waits for the limit
 * @throws Throttled where the limit is used up; MarketplaceError
 */
export async function searchOrders(
	connection: Connection,
	search: OrderSearch,
	policy: 'poll' | 'read' = 'poll',
): Promise<FoundOrders> {
	const listed = (values: string[]) => (values.length > 0 ? values.join(',') : undefined);
	const query = {
		[`${search.by}After`]:
			typeof search.after === 'string' ? search.after : new Date(search.after).toISOString(),
		marketplaceIds: listed(search.marketplaceIds),
		fulfillmentStatuses: listed(search.fulfillmentStatuses),
		fulfilledBy: listed(search.fulfilledBy),
		includedData: listed(search.includedData),
		maxResultsPerPage: search.pageSize ?? ORDERS_PER_PAGE,
		paginationToken: search.token,
	};
	const path = '/orders/2026-01-01/orders';
	const answer = await connection.call(policy, 'GET', path, query, searchPlan);
	const body = documentOf(answer);
	return {
		orders: recordsOf(body.orders),
		before: timeOf(body[`${search.by}Before`]),
		token: textOf(recordOf(body.pagination).nextToken),
		date: timeOf(answer.headers.date),
	};
}

/** @returns milliseconds since 1970; nothing where it is not a time */
export function timeOf(value: unknown): number | undefined {
	const time = Date.parse(textOf(value) ?? '');
	return Number.isNaN(time) ? undefined : time;
}
