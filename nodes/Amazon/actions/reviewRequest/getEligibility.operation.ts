import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { connectionOf } from '../../api/connection';
import { eligibility } from '../../api/solicitations';
import { orderOf, shownOrder } from '../order';

export const fields: INodeProperties[] = [];

/** Whether a review of the order can be asked for now. */
export async function execute(this: IExecuteFunctions, itemIndex: number): Promise<IDataObject> {
	const connection = await connectionOf(this);
	const order = orderOf(this, itemIndex, connection);
	const { eligible } = await eligibility(connection, order);
	return { eligible, ...shownOrder(order) };
}
