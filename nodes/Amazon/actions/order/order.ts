import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { executionOf } from '../../../shared/run/execution';
import { withFirstColumns } from '../../../shared/run/firstColumns';
import type { Json } from '../../../shared/values';
import { dataSets, shownFields, type AskedFor } from '../../api/orderFields';
import { orderNames } from '../../api/orders';
import { fulfillmentStatusOf, titleOf } from '../output';
import { listIn } from '../parameters';

/** What the form wants to have of an order. */
export function askedFor(context: IExecuteFunctions, itemIndex: number): AskedFor {
	return {
		includedData: listIn(context, itemIndex, 'options.includedData'),
		personalData:
			context.getNodeParameter('options.includePersonalData', itemIndex, false) === true,
	};
}

/**
 * An order as an item: our names, then Amazon's fields. How far it is, and what was bought first, are given
 * again by names of their own where Amazon tells them.
 * @param known stands where Amazon does not tell it
 */
export function itemOf(
	order: Json,
	wanted: AskedFor,
	known: { orderId?: string; marketplaceId?: string },
): IDataObject {
	const { orderId, marketplaceId } = orderNames(order);
	const fulfillmentStatus = fulfillmentStatusOf(order);
	const title = titleOf(order);
	return withFirstColumns(
		{
			orderId: orderId ?? known.orderId ?? '',
			...(fulfillmentStatus ? { fulfillmentStatus } : {}),
			...(title ? { title } : {}),
			marketplaceId: marketplaceId ?? known.marketplaceId ?? null,
			...shownFields(order, wanted),
		},
		...['fulfillmentStatus', 'orderId', 'title'],
	);
}

/** Data that Amazon refused and that nobody chose is left out, and that is said. */
export function sayWithout(context: IExecuteFunctions, without: string[]): void {
	const { hint } = executionOf(context);
	for (const name of without) {
		hint(
			`Amazon refuses the data ${dataSets[name]?.name ?? name} at the moment: the orders come without it`,
		);
	}
}
