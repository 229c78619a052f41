import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { connectionOf } from '../../api/connection';
import { eligibility } from '../../api/solicitations';
import { shownOrder } from '../output';
import { orderOf } from '../parameters';

export const fields: INodeProperties[] = [];

/** Whether a review of the order can be asked for now; null where Amazon does not say. */
export async function execute(context: IExecuteFunctions, itemIndex: number): Promise<IDataObject> {
	const connection = await connectionOf(context);
	const order = orderOf(context, itemIndex, connection);
	const { eligible, refusal } = await eligibility(connection, order);
	const marketplaceMessage = refusal?.details.marketplaceMessage;
	return { eligible: eligible ?? null, ...shownOrder(order), marketplaceMessage };
}
