import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { connectionOf } from '../../api/connection';
import { getOrder } from '../../api/orders';
import { orderIdField, orderOptionsField } from '../fields';
import { simpleOrder } from '../output';
import { orderIdIn } from '../parameters';
import { askedFor, itemOf, sayWithout } from './order';

/** What tells whether a message is still right: how far the order is, and whether the buyer wants to cancel it. */
const USEFUL = ['FULFILLMENT', 'CANCELLATION'];

export const fields: INodeProperties[] = [orderIdField, orderOptionsField()];

export const simple = simpleOrder;

/** One order as it is now, also one that Amazon's search does not list (yet). */
export async function execute(context: IExecuteFunctions, itemIndex: number): Promise<IDataObject> {
	const connection = await connectionOf(context);
	const orderId = orderIdIn(context, itemIndex);
	const wanted = askedFor(context, itemIndex);
	const { order, without } = await getOrder(connection, orderId, wanted.includedData, USEFUL);
	sayWithout(context, without);
	return itemOf(order, wanted, { orderId });
}
