import { utcMsOf } from '../../shared/dates';
import { refusedError } from '../../shared/http/errors';
import type { BucketLimit } from '../../shared/http/rateLimit';
import { askForPage, halvesOf } from '../../shared/pageSize';
import {
	isRecord,
	listedIn,
	parseJson,
	recordOf,
	recordsOf,
	textOf,
	type Json,
} from '../../shared/values';
import type { Connection } from './connection';
import { documentOf } from './documents';
import { amazonApi } from './errors';
import { orderPlan, ORDERS_PER_PAGE, searchPlan } from './limits';
import { learn, withUsefulData, type WantedData } from './usefulData';

/**
 * Orders API v2026-01-01.
 * @see https://developer-docs.amazon.com/sp-api/docs/orders-api-v2026-01-01-reference
 */

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

/** Who ships an order. @see https://github.com/amzn/selling-partner-api-models (FulfilledBy) */
export const fulfillers = { AMAZON: 'Amazon', MERCHANT: 'Merchant' } as const;

export interface OrderSearch {
	/** Which of an order's times counts. */
	by: 'created' | 'lastUpdated';
	/** At or after: milliseconds since 1970. */
	after: number;
	/** At or before, and at least two minutes ago: milliseconds since 1970. Left out: two minutes ago. */
	before?: number;
	/** None: all of the credential's region. */
	marketplaceIds: string[];
	fulfillmentStatuses: string[];
	fulfilledBy: string[];
	/** Data sets that the seller chose: without them there is no answer. */
	includedData: string[];
	/** Data sets that nobody chose and that are good to have: where Amazon refuses them, it goes without. */
	usefulData?: string[];
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
	/** Useful data sets that Amazon refuses at the moment. */
	without: string[];
}

/**
 * One page of orders (searchOrders), in no promised order. Where Amazon refuses data that nobody chose, the
 * orders come without it.
 *
 * @param policy `poll` waits for nothing; `read` waits for the limit
 * @throws Throttled where the limit is used up; MarketplaceError
 */
export async function searchOrders(
	connection: Connection,
	search: OrderSearch,
	policy: 'poll' | 'read' = 'poll',
): Promise<FoundOrders> {
	const place = placeOf(search.token);
	// With a token nothing may change but the size of the page.
	if (place) return await fitting(connection, search, policy, place.without, place.token);
	const wanted = wantedData(connection, searchPlan, search.includedData, search.usefulData);
	const ask = async (without: string[]) => await fitting(connection, search, policy, without);
	return (await withUsefulData(wanted, ask)).answer;
}

function wantedData(
	connection: Connection,
	plan: BucketLimit,
	chosen: string[],
	useful: string[] = [],
): WantedData {
	return {
		memory: connection.memory(plan),
		chosen,
		useful: useful.filter((name) => !chosen.includes(name)),
	};
}

/** All there is to a search, or as many orders as are wanted. */
export interface OrderList {
	orders: Json[];
	without: string[];
	/** Amazon gave page after page with nothing new on it, so the reading was ended. */
	isEndless: boolean;
}

/** Pages in a row that bring nothing new, and after which none is asked for any more. */
const MOST_IDLE_PAGES = 3;
/**
 * A page may have no order and lead on to others. So many of them in a row are as many searches as Amazon allows
 * at once; from then on each would take three minutes.
 */
const MOST_EMPTY_PAGES = searchPlan.burst;

/**
 * Reads page after page, each order once, whatever number of rows a page has.
 *
 * @param limit the most orders that are wanted; `Infinity` for all
 */
export async function listOrders(
	connection: Connection,
	search: OrderSearch,
	limit: number,
): Promise<OrderList> {
	const found = new Map<string, Json>();
	const without = new Set<string>();
	const wanted = wantedData(connection, searchPlan, search.includedData, search.usefulData);
	let restarts = 0;
	let token: string | undefined;
	const tokens = new Set<string>();
	let [idlePages, emptyPages] = [0, 0];
	for (;;) {
		const asked = searchOrders(connection, { ...search, token }, 'read');
		const page = await asked.catch((error: unknown) => {
			const place = placeOf(token);
			const mayRestart = place && restarts <= wanted.useful.length;
			if (!mayRestart || !learn(wanted, place.without, error)) throw error;
			return undefined;
		});
		if (!page) {
			// Refused in the middle: the pages begin again, without what may be to blame.
			restarts += 1;
			[token, idlePages, emptyPages] = [undefined, 0, 0];
			tokens.clear();
			found.clear();
			without.clear();
			continue;
		}
		const before = found.size;
		for (const order of page.orders) found.set(keyOf(order), order);
		for (const name of page.without) without.add(name);
		({ token } = page);
		const isEmpty = page.orders.length === 0;
		emptyPages = isEmpty ? emptyPages + 1 : 0;
		// An empty page is known by where it leads.
		const leadsOn = isEmpty && token !== undefined && !tokens.has(token);
		if (found.size > before) idlePages = 0;
		else if (!leadsOn) idlePages += 1;
		if (token !== undefined) tokens.add(token);
		const isIdle = idlePages >= MOST_IDLE_PAGES || emptyPages >= MOST_EMPTY_PAGES;
		const isEndless = token !== undefined && isIdle;
		if (token === undefined || found.size >= limit || isEndless) {
			return { orders: [...found.values()].slice(0, limit), without: [...without], isEndless };
		}
	}
}

/**
 * One order by its ID (getOrder), also one that no search lists. Where Amazon refuses data that nobody chose,
 * the order comes without it, and with the rest.
 *
 * @param includedData data sets that were chosen: without them there is no answer
 * @param usefulData data sets that nobody chose and that are good to have
 * @returns the order, and the data sets that it came without
 * @throws MarketplaceError, always `notSent`
 */
export async function getOrder(
	connection: Connection,
	orderId: string,
	includedData: string[],
	usefulData: string[],
): Promise<{ order: Json; without: string[] }> {
	const wanted = wantedData(connection, orderPlan, includedData, usefulData);
	const { answer, without } = await withUsefulData(wanted, async (less) => {
		const names = [...includedData, ...wanted.useful.filter((name) => !less.includes(name))];
		return await askForOrder(connection, orderId, names);
	});
	return { order: answer, without };
}

async function askForOrder(
	connection: Connection,
	orderId: string,
	includedData: string[],
): Promise<Json> {
	const path = `/orders/2026-01-01/orders/${encodeURIComponent(orderId)}`;
	const query = { includedData: listed([...new Set(includedData)]) };
	const answer = await connection.call('read', 'GET', path, query, orderPlan);
	const { order } = documentOf(answer);
	if (!isRecord(order)) throw refusedError(amazonApi, 'read', answer, 'unreadable', 0);
	return order;
}

/** What stands beside an order, under the names that the nodes use. */
export function orderNames(order: Json): { orderId?: string; marketplaceId?: string } {
	return {
		orderId: textOf(order.orderId),
		marketplaceId: textOf(recordOf(order.salesChannel).marketplaceId),
	};
}

/** @returns the items of an order that its buyer asked to cancel */
export function itemsToCancel({ orderItems }: Json): Json[] {
	return recordsOf(orderItems).filter(({ cancellation }) =>
		isRecord(recordOf(cancellation).cancellationRequest),
	);
}

/** An order without an id is known by what is there. */
const keyOf = (order: Json) => textOf(order.orderId) ?? JSON.stringify(order);

/** Where the next page is: Amazon's token, and what the pages before were asked for without. */
interface Place {
	token: string;
	without: string[];
}

function placeOf(token: string | undefined): Place | undefined {
	if (token === undefined) return undefined;
	const place = recordOf(parseJson(token));
	const listed = Array.isArray(place.without) ? place.without : [];
	return {
		token: textOf(place.token) ?? token,
		without: listed.flatMap((one) => textOf(one) ?? []),
	};
}

/** A page, or a smaller one where that is too heavy for us: with a token nothing but the size may change. */
async function fitting(
	connection: Connection,
	search: OrderSearch,
	policy: 'poll' | 'read',
	without: string[],
	token?: string,
): Promise<FoundOrders> {
	const { pageSize = ORDERS_PER_PAGE } = search;
	const list = { name: `searchOrders ${pageSize}`, sizes: halvesOf(pageSize) };
	const ask = async (size: number) =>
		await pageOf(connection, { ...search, pageSize: size }, policy, without, token);
	return (await askForPage(connection, list, 0, pageSize, ask)).answer;
}

async function pageOf(
	connection: Connection,
	search: OrderSearch,
	policy: 'poll' | 'read',
	without: string[],
	token?: string,
): Promise<FoundOrders> {
	const useful = (search.usefulData ?? []).filter((name) => !without.includes(name));
	const query = {
		// In UTC: an offset is not always taken.
		[`${search.by}After`]: new Date(search.after).toISOString(),
		[`${search.by}Before`]:
			search.before === undefined ? undefined : new Date(search.before).toISOString(),
		marketplaceIds: listed(search.marketplaceIds),
		fulfillmentStatuses: listed(search.fulfillmentStatuses),
		fulfilledBy: listed(search.fulfilledBy),
		includedData: listed([...new Set([...search.includedData, ...useful])]),
		maxResultsPerPage: search.pageSize ?? ORDERS_PER_PAGE,
		paginationToken: token,
	};
	const path = '/orders/2026-01-01/orders';
	const answer = await connection.call(policy, 'GET', path, query, searchPlan);
	const body = documentOf(answer);
	const named = textOf(recordOf(body.pagination).nextToken);
	// A page that leads to itself is the last one.
	const next = named === token ? undefined : named;
	const before = utcMsOf(body[`${search.by}Before`]);
	const isTold = isRecord(body.pagination) || before !== undefined;
	const orders = listedIn(body, 'orders', isTold, next !== undefined);
	if (!orders) throw refusedError(amazonApi, policy, answer, 'unreadable', 0);
	return {
		orders: recordsOf(orders),
		before,
		token: next === undefined ? undefined : JSON.stringify({ token: next, without }),
		date: utcMsOf(answer.headers.date),
		without,
	};
}

const listed = (values: string[]) => (values.length > 0 ? values.join(',') : undefined);
