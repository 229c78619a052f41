import type { IDataObject, IPollFunctions } from 'n8n-workflow';

import { DAY_MS, MINUTE_MS, utcMsOf } from '../../shared/dates';
import { pickFields } from '../../shared/poll/pickFields';
import type { Feed, Page, Sighting, Stretch } from '../../shared/poll/feed';
import { identityOf, markOf } from '../../shared/poll/identity';
import { lookBackOf } from '../../shared/poll/lookBack';
import { choiceOf } from '../../shared/run/choice';
import { isWord, parseJson, recordOf, recordsOf, textOf, type Json } from '../../shared/values';
import { simpleOrder } from '../actions/output';
import { connectionOf, type Connection } from '../api/connection';
import { orderPages } from '../api/limits';
import { listOrders, orderFields, orderNames } from '../api/orders';
import type { Page as ListPage } from '../api/pages';
import { clockOf, zuluOf } from './clock';

/** What happened to an order may be told so long after it; a later change is something else. */
const TOLD_WITHIN_MS = 7 * DAY_MS;

/**
 * Nothing says that the shipment or arrival of a delivery counts as a change of its order, so the orders that
 * were bought in the last weeks are read again as well. The order itself tells of its deliveries, so that
 * nobody has to ask `/seller/v1/deliveries`, whose filters are not documented.
 */
const DELIVERED_WITHIN_MS = 45 * DAY_MS;
const byDeliveries = ['orderShipped', 'orderDelivered'];

/**
 * Orders that changed so long before the activation are known, or have surely come to it before: no look back
 * reads one that was bought earlier.
 */
const KNOWN_FROM_MS = DELIVERED_WITHIN_MS;

/** How late Magalu may show an order, in hours. */
export const LOOK_BACK_HOURS = 6;

/** Pages overlap by so many rows: an order that leaves the list meanwhile makes the others move up. */
const OVERLAP = 10;

/**
 * What a trigger can start on once an order: when the order came to it (0: nobody says when), and nothing where
 * it has not. An order stays `approved` while its deliveries are shipped and arrive; `finished` comes after that.
 */
export const events: Readonly<Record<string, (order: Json) => number | undefined>> = {
	orderApproved: (order) =>
		isWord(order.status, 'approved', 'finished')
			? (utcMsOf(order.approved_at) ?? updatedAtOf(order))
			: undefined,
	orderShipped: (order) => deliveriesAre(['shipped', 'delivered'], order),
	orderDelivered: (order) => deliveriesAre(['delivered'], order),
	orderCancelled: (order) => (isWord(order.status, 'cancelled') ? updatedAtOf(order) : undefined),
};

/** Events with a filter on the status: every other one says by itself how far an order is. */
export const byStatus = ['orderCreated', 'orderUpdated'];

interface What {
	event: string;
	status?: string;
	personal: boolean;
}

/** Magalu's orders as a feed: all events are told from the list of what changed. */
export async function orderFeed(context: IPollFunctions): Promise<Feed<Json>> {
	const connection = await connectionOf(context);
	const filters = context.getNodeParameter('filters', {}) as IDataObject;
	const options = context.getNodeParameter('options', {}) as IDataObject;
	const known = [...byStatus, ...Object.keys(events)];
	const event = choiceOf(context.getNodeParameter('event', 'orderCreated'), 'Trigger On', known);
	const ofEvent = event === 'orderCancelled' ? 'cancelled' : undefined;
	const what: What = {
		event,
		status: byStatus.includes(event) ? textOf(filters.status) : ofEvent,
		personal: options.includePersonalData === true,
	};
	const once = events[what.event] !== undefined;
	const lookBack = lookBackOf(context, LOOK_BACK_HOURS);
	const delivered = byDeliveries.includes(event);
	let warned = false;
	const warn = (moment: number) => {
		if (!warned) context.logger.warn(tooManyAt(moment));
		warned = true;
	};
	return {
		marketplace: 'magalu',
		title: 'Magalu',
		noun: 'order',
		event: what.event,
		what: JSON.stringify([what.event, what.status]),
		lateness: { least: 30 * MINUTE_MS, most: delivered ? DELIVERED_WITHIN_MS : lookBack },
		...(delivered ? { lookBackReads: 'others' as const } : {}),
		lookBack: once ? KNOWN_FROM_MS : 30 * MINUTE_MS,
		// An old order may change again, and must not be new again then.
		keep: what.event === 'orderUpdated' ? 0 : Infinity,
		pageSize: orderPages.size,
		pagesPerPoll: 30,
		cost: { page: MINUTE_MS },
		now: async () => clockOf(await newestFirst(connection, what, 1)),
		page: async (stretch) => await pageOf(connection, what, stretch, warn),
		newest: async () => await newestOrder(connection, what),
		itemsOf: (order) => [
			{
				...orderNames(order),
				...(what.personal ? (order as IDataObject) : pickFields(order, orderFields)),
			},
		],
		simple: simpleOrder,
	};
}

/** Where a page of a scan or a look back begins. */
interface Place {
	/** Where Magalu's clock stood at the first page. */
	begun: number;
	from: number;
	/** Left out: the end of the whole stretch. */
	to?: number;
	/** Orders that were bought before it were read already. */
	bought?: number;
	offset: number;
}

/**
 * A page of the orders that changed (or were bought) since. They are sorted by purchase, the only order
 * there is, and the list has no end in time: an order that changes meanwhile stays where it is.
 */
async function pageOf(
	connection: Connection,
	what: What,
	{ from, to: last, next, others = false }: Stretch,
	warn: (moment: number) => void,
): Promise<Page<Json>> {
	const said = recordOf(parseJson(next ?? '{}')) as Partial<Place>;
	const place = { from, offset: 0, ...said };
	const to = place.to ?? last;
	const bought = others ? Math.max(place.from, place.bought ?? 0) : place.bought;
	const list = await listOrders(
		connection,
		{
			status: what.status,
			...(others
				? { purchasedTo: zuluOrNone(to) }
				: { updatedFrom: zuluOf(place.from), updatedTo: zuluOrNone(to) }),
			purchasedFrom: zuluOrNone(bought),
			sort: 'purchased_at:asc',
			limit: orderPages.size,
			offset: place.offset,
		},
		'poll',
	);
	const { rows, entries, full } = list;
	// What changes while the pages are read may stand on one that was read before.
	const begun = said.begun ?? clockOf(list);
	const here = { ...place, begun };
	const further = full ? after(here, to ?? begun, list, others, warn) : beside(here);
	const page = {
		rows: entries,
		// Of parts of the time: each begins with what stood in others, too.
		mark: markOf(place.from, place.to, place.bought, rows),
		sightings: rows.flatMap((row) => sightingsOf(row, what, others)),
	};
	return further ? { ...page, next: JSON.stringify(further) } : { ...page, until: last ?? begun };
}

const zuluOrNone = (ms: number | undefined) => (ms === undefined ? undefined : zuluOf(ms));

/**
 * Where the next page begins. An offset reaches row 5,100 only: behind it the list goes on with the purchase
 * of the last row. Where so many were bought in one moment, the time is parted at a change of one of them.
 * Each step leads further, so that it comes to an end: of more than 5,100 orders that were bought in one
 * millisecond and changed in one, Magalu tells no more by any question, and the list goes on behind them.
 */
function after(
	place: Place,
	end: number,
	{ rows, entries }: ListPage,
	others: boolean,
	warn: (moment: number) => void,
): Place | undefined {
	const { begun, from, offset, bought = -Infinity } = place;
	const further = offset + Math.max(1, entries - OVERLAP);
	if (further <= orderPages.lastOffset) return { ...place, offset: further };
	const last = rows.at(-1);
	const reached = utcMsOf(last?.purchased_at);
	if (last === undefined || reached === undefined) return beside(place);
	if (reached > bought) return { ...place, offset: 0, bought: reached };
	const changed = others ? reached : updatedAtOf(last);
	const part = [changed - 1, changed + 1].find((time) => time > from && time < end);
	if (part !== undefined) return { begun, from, to: part, offset: 0 };
	warn(bought);
	return { ...place, offset: 0, bought: bought + 1 };
}

const tooManyAt = (moment: number) =>
	`Magalu lists at most ${orderPages.lastOffset + orderPages.size} orders that were bought in one moment (${zuluOf(moment)}) and changed in one: there may be more, which start no workflow`;

/** What is left where the time was parted. */
function beside({ begun, to }: Place): Place | undefined {
	return to === undefined ? undefined : { begun, from: to, offset: 0 };
}

/** @param others of a look back by purchase: that an order is on it does not tell that it changed */
function sightingsOf(order: Json, { event }: What, others = false): Array<Sighting<Json>> {
	const id = identityOf(order, order.id, order.code);
	const createdAt = utcMsOf(order.created_at) ?? utcMsOf(order.purchased_at) ?? 0;
	const updatedAt = updatedAtOf(order);
	if (event === 'orderUpdated') {
		return [{ keys: [`${id} ${updatedAt}`], since: updatedAt, at: updatedAt, value: order }];
	}
	const happenedAt = events[event];
	if (!happenedAt) return [{ keys: [id], since: createdAt, at: createdAt, value: order }];
	const told = happenedAt(order);
	if (told === undefined) return [];
	const at = told || (others ? 0 : updatedAt);
	const toldAt = at && Math.max(at, Math.min(updatedAt, at + TOLD_WITHIN_MS));
	return [{ keys: [id], since: at || updatedAt, at, toldAt, value: order }];
}

function updatedAtOf(order: Json): number {
	const { updated_at, created_at, purchased_at } = order;
	return utcMsOf(updated_at) ?? utcMsOf(created_at) ?? utcMsOf(purchased_at) ?? 0;
}

/**
 * @returns when the last delivery came into one of these states, once all that go out are there; 0 where one of
 * them does not tell it: its new state may leave the order's own date as it was
 */
function deliveriesAre(states: string[], order: Json): number | undefined {
	const out = recordsOf(order.deliveries).filter(({ status }) => !isWord(status, 'cancelled'));
	const all = out.length > 0 && out.every(({ status }) => isWord(status, ...states));
	if (!all && !isWord(order.status, 'finished')) return undefined;
	const times = out.flatMap(({ updated_at }) => utcMsOf(updated_at) ?? []);
	return times.length === out.length ? Math.max(0, ...times) : 0;
}

async function newestFirst(connection: Connection, { status }: What, limit: number) {
	const query = { status, sort: 'purchased_at:desc', limit, offset: 0 } as const;
	return await listOrders(connection, query, 'poll');
}

async function newestOrder(connection: Connection, what: What): Promise<Json | undefined> {
	const { rows } = await newestFirst(connection, what, orderPages.size);
	const found = rows.flatMap((row) => sightingsOf(row, what));
	return found.sort((one, other) => other.at - one.at)[0]?.value;
}
