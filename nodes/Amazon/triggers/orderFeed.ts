import type { IDataObject, IPollFunctions, Logger } from 'n8n-workflow';

import type { Feed, Page } from '../../shared/poll/poll';
import { isRecord, parseJson, recordOf, textOf, type Json } from '../../shared/values';
import { connectionOf, refuseForeignMarketplace, type Connection } from '../api/connection';
import { shownFields, type AskedFor } from '../api/orderFields';
import {
	BEHIND_MS,
	ORDERS_PER_PAGE,
	searchOrders,
	searchPlan,
	timeOf,
	type FoundOrders,
	type OrderSearch,
} from '../api/orders';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Surely in the past by any clock, and inside the two years that Amazon keeps orders. */
const YEAR_MS = 365 * DAY_MS;

/** Polls that come faster than Amazon gives searches back leave so many for backlogs and tests. */
const RESERVE = 6;
const REFILL_MS = 1000 / searchPlan.rate;

type What = Omit<OrderSearch, 'after' | 'token' | 'pageSize'> & AskedFor & { event: string };

/**
 * Amazon's orders as a feed. New orders are searched by creation; with a filter on their state by
 * change, because they may come into that state long after.
 */
export async function orderFeed(context: IPollFunctions): Promise<Feed<Json>> {
	const connection = await connectionOf(context);
	const what = readWhat(context, connection);
	const oncePerOrder = what.event !== 'orderUpdated';
	const byCreation = what.by === 'created';
	return {
		marketplace: 'amazon',
		title: 'Amazon',
		noun: 'order',
		event: what.event,
		what: searchIn(what),
		overlap: { least: 10 * MINUTE_MS, most: 6 * HOUR_MS },
		// Amazon tells no time of shipment, so the orders that are shipped already have to be known.
		lookBack: what.event === 'orderShipped' ? 14 * DAY_MS : 10 * MINUTE_MS,
		// An old order may change again, and must not be new again then.
		keep: oncePerOrder && !byCreation ? Infinity : 0,
		pageSize: ORDERS_PER_PAGE,
		pagesPerPoll: 10,
		pageCost: 3 * REFILL_MS,
		hasSpare: (pages) => connection.room(searchPlan) >= 2 * RESERVE + pages,
		tooSoon: (after) => after < REFILL_MS && connection.room(searchPlan) < RESERVE,
		now: async () => await amazonNow(connection, what),
		page: async (from, next) => await pageOf(connection, what, from, next, context.logger),
		newest: async () => await newestOrder(connection, what),
		itemsOf: (order) => [itemOf(order, what)],
	};
}

function readWhat(context: IPollFunctions, { region }: Connection): What {
	const event = context.getNodeParameter('event', 'orderCreated') as string;
	const filters = context.getNodeParameter('filters', {}) as IDataObject;
	const options = context.getNodeParameter('options', {}) as IDataObject;
	const marketplaceIds = listOf(context.getNodeParameter('marketplaceIds', []));
	for (const id of marketplaceIds) refuseForeignMarketplace(id, region);

	const shipped = event === 'orderShipped';
	const statuses = shipped ? ['SHIPPED'] : listOf(filters.fulfillmentStatuses);
	const fulfilledBy = listOf(filters.fulfilledBy);
	const needed = statuses.length + fulfilledBy.length > 0 ? ['FULFILLMENT'] : [];
	return {
		event,
		by: event === 'orderCreated' && statuses.length === 0 ? 'created' : 'lastUpdated',
		marketplaceIds,
		fulfillmentStatuses: statuses,
		fulfilledBy,
		includedData: listOf(options.includedData),
		usefulData: needed,
		personalData: options.includePersonalData === true,
	};
}

/** What tells one search from another: where it changes, the trigger starts from now. */
function searchIn({ event, by, marketplaceIds, fulfillmentStatuses, fulfilledBy }: What): string {
	return JSON.stringify({ event, by, marketplaceIds, fulfillmentStatuses, fulfilledBy });
}

function listOf(value: unknown): string[] {
	return (Array.isArray(value) ? value : [value]).flatMap((one) => textOf(one) ?? []).sort();
}

async function pageOf(
	connection: Connection,
	what: What,
	from: number,
	next: string | undefined,
	logger: Logger,
): Promise<Page<Json>> {
	const place = recordOf(parseJson(next ?? '{}'));
	const found = await searchOrders(connection, {
		...what,
		after: from,
		token: textOf(place.token),
	});
	for (const name of found.without) {
		logger.warn(`Amazon refuses the data ${name} at the moment: the orders come without it`);
	}
	const until = typeof place.until === 'number' ? place.until : endOf(found);
	return {
		rows: found.orders.length,
		sightings: found.orders.map((order) => sightingOf(order, what)),
		next: found.token && JSON.stringify({ token: found.token, until }),
		until,
	};
}

function sightingOf(order: Json, { event }: What) {
	const orderId = textOf(order.orderId) ?? '';
	const createdAt = timeOf(order.createdTime) ?? 0;
	const updatedAt = timeOf(order.lastUpdatedTime) ?? createdAt;
	switch (event) {
		case 'orderUpdated':
			return { key: `${orderId} ${updatedAt}`, since: updatedAt, at: updatedAt, value: order };
		case 'orderShipped':
			return { key: orderId, since: createdAt, at: updatedAt, value: order };
		default:
			return { key: orderId, since: createdAt, at: createdAt, value: order };
	}
}

function endOf({ before, date }: FoundOrders): number {
	return before ?? (date ?? Date.now()) - BEHIND_MS;
}

/** An answer ends two minutes before Amazon's now; its header says it exactly where it fits to that. */
async function amazonNow(connection: Connection, what: What): Promise<number> {
	const after = Date.now() - YEAR_MS;
	const found = await searchOrders(connection, { ...what, after, pageSize: 1 });
	const end = endOf(found);
	const fits = found.date !== undefined && found.date >= end && found.date - end <= 5 * MINUTE_MS;
	return fits ? found.date! : end + BEHIND_MS;
}

/** Looks further and further back until there is one, and then on from it to the end. */
async function newestOrder(connection: Connection, what: What): Promise<Json | undefined> {
	const time = (order: Json) =>
		timeOf(what.by === 'created' ? order.createdTime : order.lastUpdatedTime) ?? 0;
	const newestIn = (orders: Json[]) =>
		orders.reduce<Json | undefined>(
			(best, one) => (best && time(best) >= time(one) ? best : one),
			undefined,
		);

	const now = await amazonNow(connection, what);
	for (const back of [DAY_MS, 30 * DAY_MS, YEAR_MS]) {
		let found = await searchOrders(connection, { ...what, after: now - back });
		let newest = newestIn(found.orders);
		for (let pages = 1; newest && found.token && pages < 5; pages++) {
			found = await searchOrders(connection, { ...what, after: time(newest) });
			newest = newestIn([newest, ...found.orders]);
		}
		if (newest) return newest;
	}
	return undefined;
}

function itemOf(order: Json, what: What): IDataObject {
	const channel = isRecord(order.salesChannel) ? order.salesChannel : {};
	return {
		orderId: textOf(order.orderId),
		marketplaceId: textOf(channel.marketplaceId),
		...shownFields(order, what),
	};
}
