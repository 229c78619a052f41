import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { withFirstColumns } from '../../../shared/run/firstColumns';
import { simplifyOption } from '../../../shared/run/simplify';
import type { EbayOrder } from '../../api/orders';
import { shownOrder } from '../output';

/**
 * What an order becomes: items of line items, or one of the whole order.
 * @param more options besides
 */
export const orderOptionsField = (more: INodeProperties[] = []): INodeProperties => ({
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	options: [
		{
			displayName: 'Include Personal Data',
			name: 'includePersonalData',
			type: 'boolean',
			default: true,
			description:
				'Whether names, addresses, e-mail addresses, phone and document numbers are in the items',
		},
		...more,
		{
			displayName: 'Output',
			name: 'output',
			type: 'options',
			default: 'lineItem',
			description: 'What becomes an item. eBay messages are about a line item of an order.',
			options: [
				{
					name: 'Line Item',
					value: 'lineItem',
					description: 'An item for each line item of an order',
				},
				{ name: 'Order', value: 'order', description: 'An item for each order' },
			],
		},
		simplifyOption,
	],
});

/** @returns the items that an order becomes, as the form's options say */
export function itemsOf(
	context: IExecuteFunctions,
	itemIndex: number,
	order: EbayOrder,
): IDataObject[] {
	const options = context.getNodeParameter('options', itemIndex, {}) as IDataObject;
	const personal = options.includePersonalData === true;
	const perLine = options.output !== 'order' && order.lines.length > 0;
	const parts = perLine ? order.lines.map((line) => [line]) : [order.lines];
	return parts.map((lines) =>
		withFirstColumns(
			shownOrder(order, lines, personal),
			...['OrderStatus', 'recipientId', 'title', 'orderId'],
		),
	);
}
