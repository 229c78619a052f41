import type { IDataObject, IPollFunctions } from 'n8n-workflow';

import { pickFields, type PickedFields } from '../../shared/poll/pickFields';
import type { Feed, Page, Sighting } from '../../shared/poll/poll';
import { parseJson, recordOf, textOf, type Json } from '../../shared/values';
import { connectionOf, type Connection } from '../api/connection';
import { orderPages } from '../api/limits';
import { listOrders, orderNames } from '../api/orders';
import { utcMsOf } from '../api/pages';
import { newestIn } from './clock';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Orders that were approved so long before the activation are known, or surely old. */
const LOOK_BACK_MS = 7 * DAY_MS;

/** Pages overlap by so many rows: an order that leaves the list meanwhile makes the others move up. */
const STEP = orderPages.size - 10;

/** Fields of an order that tell no name, address, e-mail, phone or document number. */
const always: PickedFields = {
	id: true,
	code: true,
	status: true,
	created_at: true,
	approved_at: true,
	purchased_at: true,
	updated_at: true,
	channel: true,
	amounts: true,
	payments: { method: true, amount: true, normalizer: true, currency: true, installments: true },
	deliveries: {
		id: true,
		code: true,
		status: true,
		updated_at: true,
		amounts: true,
		seller: true,
		items: true,
		shipping: { deadline: true, provider: true, tracking: true },
	},
};

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
	const what: What = {
		event: context.getNodeParameter('event', 'orderCreated') as string,
		status: textOf(filters.status),
		personal: options.includePersonalData === true,
	};
	return {
		marketplace: 'magalu',
		title: 'Magalu',
		noun: 'order',
		event: what.event,
		what: JSON.stringify([what.event, what.status]),
		overlap: { least: 30 * MINUTE_MS, most: 6 * HOUR_MS },
		lookBack: what.event === 'orderApproved' ? LOOK_BACK_MS : 30 * MINUTE_MS,
		// An old order may change again, and must not be new again then.
		keep: what.event === 'orderUpdated' ? 0 : Infinity,
		pageSize: orderPages.size,
		pagesPerPoll: 30,
		pageCost: MINUTE_MS,
		now: async () => await newestUpdate(connection),
		page: async (from, next) => await pageOf(connection, what, from, next),
		newest: async () => await newestOrder(connection, what),
		itemsOf: (order) => [
			{
				...orderNames(order),
				...(what.personal ? (order as IDataObject) : pickFields(order, always)),
			},
		],
	};
}

/**
 * A page of the orders that changed since. They are sorted by purchase, the only order there is, and
 * the list has no end in time: an order that changes meanwhile stays where it is.
 */
async function pageOf(
	connection: Connection,
	what: What,
	from: number,
	next?: string,
): Promise<Page<Json>> {
	const place = recordOf(parseJson(next ?? '{}'));
	const offset = Number(place.offset ?? 0);
	const to = typeof place.to === 'number' ? place.to : undefined;
	const { rows, full } = await listOrders(
		connection,
		{
			status: what.status,
			updatedFrom: new Date(from).toISOString(),
			updatedTo: to === undefined ? undefined : new Date(to).toISOString(),
			sort: 'purchased_at:asc',
			limit: orderPages.size,
			offset,
		},
		'poll',
	);
	const newest = newestIn(rows, Number(place.newest ?? 0));
	const page = { rows: rows.length, sightings: rows.flatMap((row) => sightingsOf(row, what)) };
	if (!full) return { ...page, until: to ?? newest, more: to !== undefined };
	if (offset + STEP <= orderPages.lastOffset) {
		return { ...page, next: JSON.stringify({ offset: offset + STEP, newest, to }) };
	}
	// More changed than can be listed at once: the first half of the time, and later the rest.
	const middle = Math.floor((from + (to ?? newest)) / 2);
	return { ...page, next: JSON.stringify({ offset: 0, newest, to: middle }) };
}

function sightingsOf(order: Json, { event }: What): Array<Sighting<Json>> {
	const id = textOf(order.id) ?? '';
	const createdAt = utcMsOf(order.created_at) ?? utcMsOf(order.purchased_at) ?? 0;
	const updatedAt = utcMsOf(order.updated_at) ?? createdAt;
	switch (event) {
		case 'orderUpdated':
			return [{ key: `${id} ${updatedAt}`, since: updatedAt, at: updatedAt, value: order }];
		case 'orderApproved': {
			// `approved` stays while it is shipped and delivered; `finished` comes after it.
			if (order.status !== 'approved' && order.status !== 'finished') return [];
			const approvedAt = utcMsOf(order.approved_at) ?? updatedAt;
			const at = Math.min(updatedAt, approvedAt + LOOK_BACK_MS);
			return [{ key: id, since: createdAt, at, value: order }];
		}
		default:
			return [{ key: id, since: createdAt, at: createdAt, value: order }];
	}
}

/** The order bought last is near enough to find the one that changed last. */
async function newestUpdate(connection: Connection): Promise<number> {
	const sort = 'purchased_at:desc';
	const first = await listOrders(connection, { sort, limit: orderPages.size, offset: 0 }, 'poll');
	const updatedFrom = new Date(newestIn(first.rows)).toISOString();
	const later = await listOrders(
		connection,
		{ updatedFrom, sort, limit: orderPages.size, offset: 0 },
		'poll',
	);
	return newestIn([...first.rows, ...later.rows]);
}

async function newestOrder(connection: Connection, what: What): Promise<Json | undefined> {
	const sort = 'purchased_at:desc';
	const { rows } = await listOrders(
		connection,
		{ status: what.status, sort, limit: orderPages.size, offset: 0 },
		'poll',
	);
	const found = rows.flatMap((row) => sightingsOf(row, what));
	return found.sort((one, other) => other.at - one.at)[0]?.value;
}
