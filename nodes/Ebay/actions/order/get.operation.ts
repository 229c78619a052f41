import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { Refusal } from '../../../shared/outcome';
import { connectionOf } from '../../api/connection';
import { getOrder } from '../../api/orders';
import { simpleOrder } from '../output';
import { neededText } from '../parameters';
import { itemsOf, orderOptionsField } from './options';

export const fields: INodeProperties[] = [
	{
		displayName: 'Order ID',
		name: 'orderId',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. 27-12345-67890',
		description: 'The number of the order, as the eBay Order Trigger gives it',
		hint: 'The number of an order without immediate payment changes when it is paid',
	},
	orderOptionsField(),
];

export const simple = simpleOrder;

/** One order, as it is now. */
export async function execute(
	context: IExecuteFunctions,
	itemIndex: number,
): Promise<IDataObject[]> {
	const connection = await connectionOf(context);
	const orderId = neededText(context, itemIndex, 'orderId', 'Order ID');
	const order = await getOrder(connection, orderId);
	if (order === undefined) {
		throw new Refusal(
			`eBay does not find the order ${orderId}`,
			'The number of an order changes when it is paid and when line items are combined: take it from a newer item of the eBay Order Trigger, or find the order with "Get Many". eBay lists orders for 90 days.',
			'OrderNotFound',
		);
	}
	return itemsOf(context, itemIndex, order);
}
