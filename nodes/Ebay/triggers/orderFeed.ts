import type { IDataObject, IPollFunctions } from 'n8n-workflow';

import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../shared/dates';
import type { Feed, Page, Sighting, Stretch } from '../../shared/poll/feed';
import { markOf } from '../../shared/poll/identity';
import { lookBackOf } from '../../shared/poll/lookBack';
import { choiceOf } from '../../shared/run/choice';
import { shownOrder, simpleOrder } from '../actions/output';
import { connectionOf, type Connection } from '../api/connection';
import { getOrders, type OrderFilter } from '../api/orders';
import { byStatus, events, sightingsOf, TOLD_WITHIN_MS, type Sold } from './orderEvents';
import { asPoll, EbayClock, isoOf, LOOK_BACK_HOURS } from './window';

/** What GetOrders takes. @see https://developer.ebay.com/devzone/xml/docs/reference/ebay/GetOrders.html */
const spans = { created: 90 * DAY_MS, modified: 30 * DAY_MS, oldest: 90 * DAY_MS, pageSize: 100 };

/**
 * Nothing says that the arrival of a package counts as a change of its order, so orders of the last weeks
 * are read again as well.
 */
const DELIVERED_WITHIN_MS = 45 * DAY_MS;

interface What {
	event: string;
	by: OrderFilter['by'];
	status: NonNullable<OrderFilter['status']>;
	perLine: boolean;
	personal: boolean;
}

/**
 * eBay's orders as a feed. New orders are listed by creation; with a filter on their status by change,
 * because they may come into that status long after.
 */
export async function orderFeed(context: IPollFunctions): Promise<Feed<Sold>> {
	const connection = await connectionOf(context);
	const clock = new EbayClock();
	const what = readWhat(context);
	const { event, by, status, perLine } = what;
	const lookBack = lookBackOf(context, LOOK_BACK_HOURS);
	const delivered = event === 'orderDelivered';
	return {
		marketplace: 'ebay',
		title: 'eBay',
		noun: 'order',
		event: `${event} ${perLine ? 'lineItem' : 'order'}`,
		what: JSON.stringify([event, by, status, perLine]),
		lateness: { least: 10 * MINUTE_MS, most: delivered ? DELIVERED_WITHIN_MS : lookBack },
		...(delivered ? { lookBackReads: 'others' as const } : {}),
		lookBack: by === 'modified' && event !== 'orderUpdated' ? TOLD_WITHIN_MS : 10 * MINUTE_MS,
		// eBay lists orders for 90 days: what is older cannot come again.
		keep: by === 'modified' && event !== 'orderUpdated' ? spans.oldest + 7 * DAY_MS : 0,
		pageSize: spans.pageSize,
		pagesPerPoll: 20,
		cost: { page: 5 * MINUTE_MS },
		shifts: true,
		async now() {
			const to = clock.now();
			const span = { from: isoOf(to - MINUTE_MS), to: isoOf(to) };
			const { timestamp } = await asPoll(getOrders(connection, { by, ...span }, 1, 1, 'poll'));
			clock.heard(timestamp);
			return clock.now();
		},
		page: async (stretch) => await pageOf(connection, clock, what, stretch),
		newest: async () => await newestOrder(connection, clock, what),
		itemsOf: ({ order, lines }) => [shownOrder(order, lines, what.personal)],
		simple: simpleOrder,
	};
}

function readWhat(context: IPollFunctions): What {
	const given = context.getNodeParameter('event', 'orderCreated');
	const event = choiceOf(given, 'Trigger On', Object.keys(events));
	const filters = context.getNodeParameter('filters', {}) as IDataObject;
	const options = context.getNodeParameter('options', {}) as IDataObject;
	const chosen = byStatus.includes(event) ? filters.orderStatus : undefined;
	const status = (chosen || 'All') as What['status'];
	return {
		event,
		by: status === 'All' ? (events[event]?.by ?? 'created') : 'modified',
		status,
		perLine: (options.output ?? 'lineItem') !== 'order',
		personal: options.includePersonalData === true,
	};
}

async function pageOf(
	connection: Connection,
	clock: EbayClock,
	what: What,
	stretch: Stretch,
): Promise<Page<Sold>> {
	const { event, status, perLine } = what;
	const by = stretch.others ? 'created' : what.by;
	const place = clock.place(stretch, spans[by], spans.oldest);
	const filter = { by, status, from: isoOf(place.from), to: isoOf(place.to) };
	const answer = await asPoll(getOrders(connection, filter, place.page, spans.pageSize, 'poll'));
	clock.heard(answer.timestamp);
	return {
		rows: answer.orders.length,
		mark: markOf(answer.orders),
		sightings: answer.orders.flatMap((order) => sightingsOf(order, event, perLine)),
		...clock.after(place, answer.hasMore),
	};
}

/** Looks further and further back; pages come with the oldest first. */
async function newestOrder(
	connection: Connection,
	clock: EbayClock,
	what: What,
): Promise<Sold | undefined> {
	for (const back of [HOUR_MS, DAY_MS, 7 * DAY_MS, 30 * DAY_MS - MINUTE_MS]) {
		const found: Array<Sighting<Sold>> = [];
		const to = clock.now();
		const span = { from: isoOf(to - back), to: isoOf(to) };
		for (let page = 1, more = true; more && page <= 10; page++) {
			const filter = { by: what.by, status: what.status, ...span };
			const answer = await asPoll(getOrders(connection, filter, page, spans.pageSize, 'poll'));
			clock.heard(answer.timestamp);
			found.push(...answer.orders.flatMap((order) => sightingsOf(order, what.event, what.perLine)));
			more = answer.hasMore;
		}
		const newest = found.sort((one, other) => other.at - one.at)[0];
		if (newest) return newest.value;
	}
	return undefined;
}
