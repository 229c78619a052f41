import type { IDataObject, IPollFunctions } from 'n8n-workflow';

import { DAY_MS, MINUTE_MS, utcMsOf } from '../../shared/dates';
import type { Feed, Page, Sighting, Stretch } from '../../shared/poll/feed';
import { identityOf, markOf } from '../../shared/poll/identity';
import { lookBackOf } from '../../shared/poll/lookBack';
import { choiceOf } from '../../shared/run/choice';
import { isWord, parseJson, recordOf, recordsOf, textOf, type Json } from '../../shared/values';
import { simpleOrder } from '../actions/output';
import { connectionOf, refuseForeignMarketplace, type Connection } from '../api/connection';
import { BEHIND_MS, ORDERS_PER_PAGE, searchPlan } from '../api/limits';
import { dataSets, shownFields, type AskedFor } from '../api/orderFields';
import {
	itemsToCancel,
	orderNames,
	searchOrders,
	type FoundOrders,
	type OrderSearch,
} from '../api/orders';

/** Surely in the past by any clock, and inside the two years that Amazon keeps orders. */
const YEAR_MS = 365 * DAY_MS;

/** Polls that come faster than Amazon gives searches back leave so many for backlogs and tests. */
const RESERVE = 6;
const REFILL_MS = 1000 / searchPlan.rate;
/** What is looked for again gets a quarter of the limit at most, in as many steps as a feed has. */
const LOOK_BACK_SHARE = 0.25;
const STEPS = 5;
/** Amazon has shown orders two to three hours late, and once more than twelve. */
export const LOOK_BACK_HOURS = 24;

/** What Amazon tells of an event, and what it does not. */
interface Event {
	/** Only orders in these states can have come to it. */
	statuses?: readonly string[];
	fulfilledBy?: 'MERCHANT';
	/** The data set that tells it. */
	needs?: string;
	/** The data set that tells it better, where Amazon gives it. */
	wants?: string;
	/** Orders changed so long before the activation are known: of most events Amazon tells no time. */
	lookBackDays?: number;
	/** What makes it new; empty where the order has not come to it. */
	keysOf?(order: Json): string[];
	/** When it happened, where Amazon tells it. */
	happenedAt?(order: Json): number | undefined;
	/** So long after the shipment it may be told; a later change is something else. */
	toldWithinDays?: number;
	/**
	 * Nobody says that it changes the order: the orders placed so many days ago are read again. What changed is
	 * known from as far back when the trigger is switched on (`lookBackDays`), so nothing old is new.
	 */
	placedWithinDays?: number;
}

export const events: Readonly<Record<string, Event>> = {
	orderCreated: {},
	orderUpdated: {},
	orderShipped: {
		statuses: ['SHIPPED'],
		wants: 'PACKAGES',
		lookBackDays: 14,
		happenedAt: shippedAt,
		toldWithinDays: 14,
	},
	orderDelivered: {
		statuses: ['SHIPPED'],
		fulfilledBy: 'MERCHANT',
		needs: 'PACKAGES',
		lookBackDays: 45,
		placedWithinDays: 45,
		keysOf: (order) => (isDelivered(order) ? [idOf(order)] : []),
		toldWithinDays: 60,
	},
	orderCancelled: { statuses: ['CANCELLED'], lookBackDays: 14 },
	cancellationRequested: {
		statuses: ['PENDING', 'UNSHIPPED', 'PARTIALLY_SHIPPED'],
		needs: 'CANCELLATION',
		lookBackDays: 30,
		placedWithinDays: 30,
		keysOf: (order) => requestedItems(order).map((item) => `${idOf(order)} ${item}`),
	},
};

/** Events with a filter on the status: every other one says by itself how far an order is. */
export const byStatus = Object.keys(events).filter((name) => !events[name]!.statuses);

type What = Omit<OrderSearch, 'after' | 'token' | 'pageSize'> & AskedFor & { event: string };

/**
 * Amazon's orders as a feed. New orders are searched by creation; with a filter on their state by
 * change, because they may come into that state long after.
 */
export async function orderFeed(context: IPollFunctions): Promise<Feed<Json>> {
	const connection = await connectionOf(context);
	const what = readWhat(context, connection);
	const { lookBackDays, placedWithinDays } = events[what.event] ?? {};
	const lookBack = lookBackOf(context, LOOK_BACK_HOURS);
	const oncePerOrder = what.event !== 'orderUpdated';
	const byCreation = what.by === 'created';
	const said = new Set<string>();
	const sayWithout = (name: string) => {
		if (said.has(name)) return;
		said.add(name);
		context.logger.warn(
			`Amazon refuses the data ${dataSets[name]?.name ?? name} at the moment: the orders come without it`,
		);
	};
	return {
		marketplace: 'amazon',
		title: 'Amazon',
		noun: 'order',
		event: what.event,
		what: searchIn(what),
		lateness: {
			least: 10 * MINUTE_MS,
			most: placedWithinDays === undefined ? lookBack : placedWithinDays * DAY_MS,
		},
		...(placedWithinDays === undefined ? {} : { lookBackReads: 'others' as const }),
		lookBack: lookBackDays === undefined ? 10 * MINUTE_MS : lookBackDays * DAY_MS,
		// An old order may change again, and must not be new again then.
		keep: oncePerOrder && !byCreation ? Infinity : 0,
		pageSize: ORDERS_PER_PAGE,
		pagesPerPoll: 10,
		cost: { page: (REFILL_MS * (placedWithinDays === undefined ? STEPS : 1)) / LOOK_BACK_SHARE },
		// A scan that waited for the reserve has left one less, and its share of what comes back is left to looking back.
		maySpare: () => connection.room(searchPlan) >= RESERVE - 1,
		tooSoon: (after) =>
			after < REFILL_MS / (1 - LOOK_BACK_SHARE) && connection.room(searchPlan) < RESERVE,
		now: async () => await amazonNow(connection, what),
		page: async (stretch) => await pageOf(connection, what, stretch, sayWithout),
		newest: async () => await newestOrder(connection, what),
		itemsOf: (order) => [itemOf(order, what)],
		simple: simpleOrder,
	};
}

function readWhat(context: IPollFunctions, { region }: Connection): What {
	const given = context.getNodeParameter('event', 'orderCreated');
	const event = choiceOf(given, 'Trigger On', Object.keys(events));
	const filters = context.getNodeParameter('filters', {}) as IDataObject;
	const options = context.getNodeParameter('options', {}) as IDataObject;
	const marketplaceIds = listOf(context.getNodeParameter('marketplaceIds', []));
	for (const id of marketplaceIds) refuseForeignMarketplace(id, region);

	const told = events[event] ?? {};
	const statuses = told.statuses ? [...told.statuses] : listOf(filters.fulfillmentStatuses);
	const fulfilledBy = told.fulfilledBy ? [told.fulfilledBy] : listOf(filters.fulfilledBy);
	return {
		event,
		by: event === 'orderCreated' && statuses.length === 0 ? 'created' : 'lastUpdated',
		marketplaceIds,
		fulfillmentStatuses: statuses,
		fulfilledBy,
		includedData: [...new Set([...listOf(options.includedData), ...listOf(told.needs)])],
		usefulData: [
			...(statuses.length + fulfilledBy.length > 0 ? ['FULFILLMENT'] : []),
			...listOf(told.wants),
		],
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

/** A look back goes on to the end as well: what came since is known, and its end costs nothing to name. */
async function pageOf(
	connection: Connection,
	what: What,
	{ from, next, others = false }: Stretch,
	sayWithout: (name: string) => void,
): Promise<Page<Json>> {
	const place = recordOf(parseJson(next ?? '{}'));
	const found = await searchOrders(connection, {
		...what,
		by: others ? 'created' : what.by,
		after: from,
		token: textOf(place.token),
	});
	found.without.forEach(sayWithout);
	const until = typeof place.until === 'number' ? place.until : endOf(found);
	return {
		rows: found.orders.length,
		// A page without an order may lead on to others: it is known by where it leads, for the day that Amazon knows that.
		mark: markOf(found.orders.length > 0 ? found.orders : found.token),
		sightings: found.orders.map((order) => sightingOf(order, what, others)).filter(isThere),
		next: found.token && JSON.stringify({ token: found.token, until }),
		until,
	};
}

const isThere = ({ keys }: Sighting<Json>) => keys.length > 0;

/** @param others of a look back by purchase: that an order is on it does not tell that it changed */
function sightingOf(order: Json, { event }: What, others = false): Sighting<Json> {
	const createdAt = utcMsOf(order.createdTime) ?? 0;
	const updatedAt = utcMsOf(order.lastUpdatedTime) ?? createdAt;
	if (event === 'orderCreated') {
		return { keys: [idOf(order)], since: createdAt, at: createdAt, value: order };
	}
	if (event === 'orderUpdated') {
		const keys = [`${idOf(order)} ${updatedAt}`];
		return { keys, since: updatedAt, at: updatedAt, value: order };
	}
	const { keysOf, happenedAt, toldWithinDays = Infinity } = events[event] ?? {};
	const keys = keysOf ? keysOf(order) : [idOf(order)];
	if (others) return { keys, since: createdAt, at: 0, value: order };
	const shipped = shippedAt(order) ?? updatedAt;
	const toldAt = Math.min(updatedAt, shipped + toldWithinDays * DAY_MS);
	return {
		keys,
		since: createdAt,
		at: happenedAt?.(order) ?? toldAt,
		toldAt,
		value: order,
	};
}

const idOf = (order: Json) => identityOf(order, order.orderId);

const packagesOf = (order: Json) =>
	recordsOf(order.packages).filter((one) => !isWord(statusOf(one), 'CANCELLED'));

const statusOf = (one: Json) => recordOf(one.packageStatus).status;

/** When the last package was handed over to the carrier; not told where Amazon ships. */
function shippedAt(order: Json): number | undefined {
	const times = packagesOf(order).map(({ shipTime }) => utcMsOf(shipTime) ?? 0);
	return times.some((time) => time > 0) ? Math.max(...times) : undefined;
}

function isDelivered(order: Json): boolean {
	const packages = packagesOf(order);
	return packages.length > 0 && packages.every((one) => isWord(statusOf(one), 'DELIVERED'));
}

/** The items that the buyer asked to cancel. */
function requestedItems(order: Json): string[] {
	return itemsToCancel(order).map((item) => identityOf(item, item.orderItemId));
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
		utcMsOf(what.by === 'created' ? order.createdTime : order.lastUpdatedTime) ?? 0;
	const newestIn = (orders: Json[]) =>
		orders
			.filter((one) => isThere(sightingOf(one, what)))
			.reduce<Json | undefined>(
				(best, one) => (best && time(best) >= time(one) ? best : one),
				undefined,
			);

	const now = await amazonNow(connection, what);
	for (const back of [DAY_MS, 30 * DAY_MS, YEAR_MS]) {
		const search = { ...what, after: now - back };
		let found = await searchOrders(connection, search);
		let newest = newestIn(found.orders);
		for (let pages = 1; found.token && pages < 5; pages++) {
			const { token } = found;
			// Behind a page on which no order has come to the event there may be one that has.
			const next = newest ? { ...what, after: time(newest) } : { ...search, token };
			found = await searchOrders(connection, next);
			newest = newestIn([...(newest ? [newest] : []), ...found.orders]);
		}
		if (newest) return newest;
	}
	return undefined;
}

function itemOf(order: Json, what: What): IDataObject {
	return { ...orderNames(order), ...shownFields(order, what) };
}
