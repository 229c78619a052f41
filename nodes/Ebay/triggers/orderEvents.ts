import { DAY_MS, utcMsOf } from '../../shared/dates';
import type { Sighting } from '../../shared/poll/feed';
import { identityOf } from '../../shared/poll/identity';
import { isWord, plainWord, recordOf, recordsOf, type Json } from '../../shared/values';
import type { EbayOrder, OrderFilter, OrderLine } from '../api/orders';
import { elementText } from '../api/tradingAnswer';

/** A shipment may be dated back, and a delivery be told late, by so much. */
export const TOLD_WITHIN_MS = 14 * DAY_MS;

/** Line items of an order: one of them, or all. */
export interface Sold {
	order: EbayOrder;
	lines: OrderLine[];
}

interface Event {
	by: OrderFilter['by'];
	/** When the line items came to it; nothing where they have not. */
	at(sold: Sold): number | undefined;
	/** Each change is one of its own. */
	each?: true;
}

/** What a trigger can start on, by the times that eBay tells. */
export const events: Readonly<Record<string, Event>> = {
	orderCreated: { by: 'created', at: createdAt },
	orderUpdated: { by: 'modified', at: ({ order }) => modifiedAt(order), each: true },
	orderPaid: {
		by: 'modified',
		at: ({ order, lines }) => ofAll(lines, 'PaidTime') ?? timeOf(order.order.PaidTime),
	},
	orderShipped: {
		by: 'modified',
		at: ({ order, lines }) => ofAll(lines, 'ShippedTime') ?? timeOf(order.order.ShippedTime),
	},
	orderDelivered: { by: 'modified', at: deliveredAt },
	orderCancelled: { by: 'modified', at: cancelledAt },
};

/** Events with a filter on the status: every other one says by itself how far an order is. */
export const byStatus = ['orderCreated', 'orderUpdated'];

/**
 * What a trigger sees of an order: nothing where it has not come to the event. An order is known by its
 * line items, because its own ID changes when it is paid and when line items are combined.
 */
export function sightingsOf(order: EbayOrder, event: string, perLine: boolean): Sighting<Sold>[] {
	// Line items that eBay does not show yet come when it does.
	const parts = perLine ? order.lines.map((line) => [line]) : [order.lines];
	return parts.flatMap((lines) => {
		const { at: atOf, each, by } = events[event] ?? events.orderCreated!;
		const at = atOf({ order, lines });
		if (at === undefined) return [];
		const modified = Math.max(at, modifiedAt(order));
		const keys = lines.map((line) => [keyOf(line, order), ...(each ? [at] : [])].join(' '));
		const ofOrder = `${identityOf(order.order, order.orderId)}${each ? ` ${at}` : ''}`;
		return {
			keys: keys.length > 0 ? keys : [ofOrder],
			// A line item that eBay shows later belongs to an order that was handed over.
			...(perLine ? {} : { alias: ofOrder }),
			since: at,
			at,
			toldAt: by === 'created' ? at : Math.min(modified, at + TOLD_WITHIN_MS),
			value: { order, lines },
		};
	});
}

function keyOf({ itemId, transactionId, orderLineItemId, transaction }: OrderLine, of: EbayOrder) {
	const both = itemId && transactionId ? `${itemId}-${transactionId}` : undefined;
	return identityOf([of.orderId, transaction], orderLineItemId, both);
}

function createdAt({ order, lines }: Sold): number {
	const times = lines.map(({ transaction }) => timeOf(transaction.CreatedDate) ?? 0);
	const newest = Math.max(0, ...times);
	return newest > 0 ? newest : (timeOf(order.createdTime) ?? 0);
}

function modifiedAt(order: EbayOrder): number {
	return timeOf(order.modifiedTime) ?? timeOf(order.createdTime) ?? 0;
}

/** The latest of the line items' own times, once all of them have one. */
function ofAll(lines: OrderLine[], field: 'PaidTime' | 'ShippedTime'): number | undefined {
	return latest(lines.map(({ transaction }) => timeOf(transaction[field])));
}

/** When the last package arrived: of the line items' own ones, or else of the order's. */
function deliveredAt({ order, lines }: Sold): number | undefined {
	const own = lines.flatMap(({ transaction }) => packagesIn(transaction));
	const withOwn = lines.filter(({ transaction }) => packagesIn(transaction).length > 0);
	if (withOwn.length === lines.length) return latest(own);
	// Nothing is told of a line item whose packages stand nowhere.
	const ofOrder = packagesIn(order.order);
	return ofOrder.length > 0 ? latest([...own, ...ofOrder]) : undefined;
}

function packagesIn({ ShippingServiceSelected }: Json): Array<number | undefined> {
	const packages = recordsOf(recordOf(ShippingServiceSelected).ShippingPackageInfo);
	return packages.map(({ ActualDeliveryTime }) => timeOf(ActualDeliveryTime));
}

function cancelledAt({ order }: Sold): number | undefined {
	const { OrderStatus, CancelStatus, CancelDetail } = order.order;
	const cancelled =
		isWord(elementText(OrderStatus), 'Cancelled') ||
		/^cancel(complete|closed)/.test(plainWord(elementText(CancelStatus)));
	if (!cancelled) return undefined;
	const details = Array.isArray(CancelDetail) ? recordsOf(CancelDetail) : [recordOf(CancelDetail)];
	const told = latest(details.map(({ CancelCompleteDate }) => timeOf(CancelCompleteDate)));
	return told ?? modifiedAt(order);
}

/** Nothing where one is missing. */
function latest(times: Array<number | undefined>): number | undefined {
	const known = times.filter((time) => time !== undefined);
	return known.length > 0 && known.length === times.length ? Math.max(...known) : undefined;
}

const timeOf = (element: unknown) => utcMsOf(elementText(element));
