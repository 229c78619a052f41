import type { IDataObject } from 'n8n-workflow';

import type { SimpleFields } from '../../shared/run/simplify';
import { recordOf, recordsOf, textOf, type Json } from '../../shared/values';
import { marketplaceOf } from '../api/marketplaces';
import type { OrderRef } from '../api/messages';
import { itemsToCancel } from '../api/orders';

/** The order as it stands in every output. */
export function shownOrder({ orderId, marketplaceId }: OrderRef): IDataObject {
	return { orderId, marketplaceId };
}

/** Where a person looks at the order. */
export function sellerCentralLink({ orderId, marketplaceId }: OrderRef): string | undefined {
	const marketplace = marketplaceOf(marketplaceId);
	return (
		marketplace && `${marketplace.sellerCentral}/orders-v3/order/${encodeURIComponent(orderId)}`
	);
}

/** How far an order is, in Amazon's word. */
export function fulfillmentStatusOf({ fulfillment }: Json): string | undefined {
	return textOf(recordOf(fulfillment).fulfillmentStatus);
}

/**
 * What was bought first.
 * @see https://developer-docs.amazon.com/sp-api/docs/orders-api-v2026-01-01-reference (`ItemProduct.title`)
 */
export function titleOf({ orderItems }: Json): string | undefined {
	return textOf(recordOf(recordsOf(orderItems)[0]?.product).title);
}

/** The last moment of a time window. */
const latestIn = (window: unknown) => recordOf(window).latestDateTime;

/** Of an order; that the buyer wants to cancel is told where it is so. */
export const simpleOrder: SimpleFields = {
	orderId: true,
	marketplaceId: true,
	fulfillmentStatus: fulfillmentStatusOf,
	title: titleOf,
	fulfilledBy: ({ fulfillment }) => recordOf(fulfillment).fulfilledBy,
	createdTime: true,
	lastUpdatedTime: true,
	shipBy: ({ fulfillment }) => latestIn(recordOf(fulfillment).shipByWindow),
	deliverBy: ({ fulfillment }) => latestIn(recordOf(fulfillment).deliverByWindow),
	cancellationRequested: (order) => itemsToCancel(order).length > 0 || undefined,
};
