import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { connectionOf } from '../../sellingPartner/connection';
import { isEligible } from '../../sellingPartner/solicitations';
import { orderOf, shownOrder } from '../order';

export const fields: INodeProperties[] = [];

/** Whether a review of the order can be asked for now. */
export async function execute(this: IExecuteFunctions, itemIndex: number): Promise<IDataObject> {
	const connection = await connectionOf(this);
	const order = orderOf(this, itemIndex, connection);
	return { eligible: await isEligible(connection, order), ...shownOrder(order) };
}
