import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { Refusal } from '../../../shared/outcome';
import { textIn } from '../../../shared/text';
import { connectionOf } from '../../api/connection';
import { getOrder } from '../../api/orders';
import { personalDataOption } from '../fields';
import { shownOrder, simpleOrder } from '../output';
import { idOf, wantsPersonalData } from '../parameters';

export const fields: INodeProperties[] = [
	{
		displayName: 'Order ID',
		name: 'orderId',
		type: 'string',
		default: '',
		placeholder: 'e.g. 71b25f3a-0ae2-484f-868e-418b0c1d5991',
		description: 'The ID of the order, as the Magalu triggers give it',
		hint: "Fill in this or 'Order Code'; with both, this one counts",
	},
	{
		displayName: 'Order Code',
		name: 'orderCode',
		type: 'string',
		default: '',
		placeholder: 'e.g. 1470000000000001',
		description: 'The order number as the seller portal shows it',
	},
	personalDataOption,
];

export const simple = simpleOrder;

/** One order as it is now, with its deliveries. */
export async function execute(context: IExecuteFunctions, itemIndex: number): Promise<IDataObject> {
	const connection = await connectionOf(context);
	const name = nameOf(context, itemIndex);
	const order = await getOrder(connection, name);
	return shownOrder(order, wantsPersonalData(context, itemIndex));
}

const NAMES = [
	['orderId', 'Order ID'],
	['orderCode', 'Order Code'],
] as const;

/** Magalu takes either in the same place. */
function nameOf(context: IExecuteFunctions, itemIndex: number): string {
	const isFilled = (name: string, label: string) =>
		textIn(context.getNodeParameter(name, itemIndex, ''), label) !== '';
	for (const [name, label] of NAMES) {
		if (isFilled(name, label)) return idOf(context, itemIndex, name, label);
	}
	throw new Refusal(
		"'Order ID' and 'Order Code' are empty",
		'Fill in one of them. If it comes from an expression, check that the item has that field.',
	);
}
