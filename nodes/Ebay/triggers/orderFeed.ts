import type { IDataObject, IPollFunctions } from 'n8n-workflow';

import { pickFields, type PickedFields } from '../../shared/poll/pickFields';
import type { Feed, Page, Sighting } from '../../shared/poll/poll';
import { connectionOf, type Connection } from '../api/connection';
import { getOrders, type EbayOrder, type OrderFilter, type OrderLine } from '../api/orders';
import { asPoll, EbayClock, isoOf } from './window';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** What GetOrders takes. @see https://developer.ebay.com/devzone/xml/docs/reference/ebay/GetOrders.html */
const spans = { created: 90 * DAY_MS, modified: 30 * DAY_MS, oldest: 90 * DAY_MS, pageSize: 100 };

/** Orders that were paid or shipped so long before the activation are known, or surely old. */
const LOOK_BACK_MS = 14 * DAY_MS;

/** Fields of an order that tell no name, address, e-mail, phone or document number. */
const always: PickedFields = {
	OrderID: true,
	ExtendedOrderID: true,
	OrderStatus: true,
	CancelStatus: true,
	AdjustmentAmount: true,
	AmountPaid: true,
	AmountSaved: true,
	CheckoutStatus: {
		eBayPaymentStatus: true,
		LastModifiedTime: true,
		PaymentMethod: true,
		Status: true,
	},
	CreatedTime: true,
	PaidTime: true,
	ShippedTime: true,
	PaymentMethods: true,
	ShippingServiceSelected: {
		ShippingService: true,
		ShippingServiceCost: true,
		ShippingServicePriority: true,
	},
	Subtotal: true,
	Total: true,
	BuyerUserID: true,
	SellerUserID: true,
	TransactionArray: {
		Transaction: {
			TransactionID: true,
			OrderLineItemID: true,
			CreatedDate: true,
			PaidTime: true,
			ShippedTime: true,
			Item: { ItemID: true, Title: true, SKU: true, Site: true, ConditionID: true },
			Variation: { SKU: true, VariationTitle: true, VariationSpecifics: true },
			QuantityPurchased: true,
			TransactionPrice: true,
			TransactionSiteID: true,
			Status: { PaymentHoldStatus: true, InquiryStatus: true, ReturnStatus: true },
		},
	},
};

interface What {
	event: string;
	by: OrderFilter['by'];
	status: NonNullable<OrderFilter['status']>;
	perLine: boolean;
	personal: boolean;
}

/** An order, or one line item of it. */
interface Sold {
	order: EbayOrder;
	line?: OrderLine;
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
	const oncePerOrder = event === 'orderPaid' || event === 'orderShipped';
	return {
		marketplace: 'ebay',
		title: 'eBay',
		noun: 'order',
		event: `${event} ${perLine ? 'lineItem' : 'order'}`,
		what: JSON.stringify([event, by, status, perLine]),
		overlap: { least: 10 * MINUTE_MS, most: 6 * HOUR_MS },
		lookBack: oncePerOrder ? LOOK_BACK_MS : 10 * MINUTE_MS,
		// eBay lists orders for 90 days: what is older cannot come again.
		keep: by === 'modified' && event !== 'orderUpdated' ? spans.oldest + 7 * DAY_MS : 0,
		pageSize: spans.pageSize,
		pagesPerPoll: 20,
		pageCost: 5 * MINUTE_MS,
		shifts: true,
		async now() {
			const to = clock.now();
			const span = { from: isoOf(to - MINUTE_MS), to: isoOf(to) };
			const { timestamp } = await asPoll(getOrders(connection, { by, ...span }, 1, 1, 'poll'));
			clock.heard(timestamp);
			return clock.now();
		},
		page: async (from, next) => await pageOf(connection, clock, what, from, next),
		newest: async () => await newestOrder(connection, clock, what),
		itemsOf: (sold) => [itemOf(sold, what)],
	};
}

function readWhat(context: IPollFunctions): What {
	const event = context.getNodeParameter('event', 'orderCreated') as string;
	const filters = context.getNodeParameter('filters', {}) as IDataObject;
	const options = context.getNodeParameter('options', {}) as IDataObject;
	const status = (filters.orderStatus || 'All') as What['status'];
	return {
		event,
		by: event === 'orderCreated' && status === 'All' ? 'created' : 'modified',
		status,
		perLine: (options.output ?? 'lineItem') !== 'order',
		personal: options.includePersonalData === true,
	};
}

async function pageOf(
	connection: Connection,
	clock: EbayClock,
	what: What,
	from: number,
	next?: string,
): Promise<Page<Sold>> {
	const place = clock.place(from, next, spans[what.by], spans.oldest);
	const filter = { by: what.by, status: what.status, from: isoOf(place.from), to: isoOf(place.to) };
	const answer = await asPoll(getOrders(connection, filter, place.page, spans.pageSize, 'poll'));
	clock.heard(answer.timestamp);
	return {
		rows: answer.orders.length,
		sightings: answer.orders.flatMap((order) => sightingsOf(order, what)),
		...clock.after(place, answer.hasMore),
	};
}

function sightingsOf(order: EbayOrder, what: What): Array<Sighting<Sold>> {
	const created = timeOf(order.createdTime) ?? 0;
	const modified = timeOf(order.modifiedTime) ?? created;
	const done = what.event === 'orderPaid' ? order.paidTime : order.shippedTime;
	const doneAt = timeOf(done);
	if ((what.event === 'orderPaid' || what.event === 'orderShipped') && doneAt === undefined)
		return [];

	const named = (id: string): Pick<Sighting<Sold>, 'key' | 'since' | 'at'> => {
		switch (what.event) {
			case 'orderCreated':
				return { key: id, since: created, at: created };
			case 'orderUpdated':
				return { key: `${id} ${modified}`, since: modified, at: modified };
			default:
				// A shipment may be dated back by the seller, so its date alone does not tell when it was seen.
				return { key: id, since: created, at: Math.min(modified, doneAt! + LOOK_BACK_MS) };
		}
	};
	if (!what.perLine) return [{ ...named(order.orderId), value: { order } }];
	return order.lines.map((line) => ({
		...named(line.orderLineItemId ?? `${line.itemId}-${line.transactionId}`),
		value: { order, line },
	}));
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
			found.push(...answer.orders.flatMap((order) => sightingsOf(order, what)));
			more = answer.hasMore;
		}
		const newest = found.sort((one, other) => other.at - one.at)[0];
		if (newest) return newest.value;
	}
	return undefined;
}

function itemOf({ order, line = order.lines[0] }: Sold, { personal }: What): IDataObject {
	return {
		orderId: order.orderId,
		itemId: line?.itemId ?? null,
		transactionId: line?.transactionId ?? null,
		recipientId: order.recipientId,
		title: line?.title ?? null,
		...(personal ? (order.order as IDataObject) : pickFields(order.order, always)),
	};
}

function timeOf(written: string | undefined): number | undefined {
	const time = Date.parse(written ?? '');
	return Number.isNaN(time) ? undefined : time;
}
