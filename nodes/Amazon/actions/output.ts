import type { IDataObject } from 'n8n-workflow';

import { marketplaceOf } from '../api/marketplaces';
import type { OrderRef } from '../api/messages';

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
