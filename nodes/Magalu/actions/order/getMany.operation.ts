import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { utcDateIn } from '../../../shared/dates';
import { limitOf, returnAllFields } from '../../../shared/returnAll';
import { executionOf } from '../../../shared/run/execution';
import { connectionOf } from '../../api/connection';
import { findOrders, type OrderFilters } from '../../api/orders';
import { personalDataOption } from '../fields';
import { shownOrder } from '../output';
import { wantsPersonalData } from '../parameters';

const dateFilter = (displayName: string, name: string, description: string): INodeProperties => ({
	displayName,
	name,
	type: 'dateTime',
	default: '',
	description: `${description}. Without a time zone, the workflow's counts.`,
});

export const fields: INodeProperties[] = [
	...returnAllFields({}),
	{
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		placeholder: 'Add Filter',
		default: {},
		options: [
			dateFilter('Purchased After', 'purchasedAfter', 'Only orders placed then or later'),
			dateFilter('Purchased Before', 'purchasedBefore', 'Only orders placed until then'),
			{
				displayName: 'Status',
				name: 'status',
				type: 'string',
				default: '',
				placeholder: 'e.g. approved',
				description:
					'One status: new, approved (also what has been shipped or delivered since), cancelled or finished',
			},
			dateFilter('Updated After', 'updatedAfter', 'Only orders that changed then or later'),
			dateFilter('Updated Before', 'updatedBefore', 'Only orders that last changed until then'),
		],
	},
	personalDataOption,
];

/** Orders, newest purchase first. */
export async function execute(
	context: IExecuteFunctions,
	itemIndex: number,
): Promise<IDataObject[]> {
	const connection = await connectionOf(context);
	const filters = filtersOf(context, itemIndex);
	const most = limitOf(context, itemIndex);
	const personal = wantsPersonalData(context, itemIndex);
	const orders = await findOrders(connection, filters, most, executionOf(context).hint);
	return orders.map((order) => shownOrder(order, personal));
}

function filtersOf(context: IExecuteFunctions, itemIndex: number): OrderFilters {
	const given = context.getNodeParameter('filters', itemIndex, {}) as IDataObject;
	const date = (name: string, label: string) =>
		utcDateIn(given[name], label, context.getTimezone());
	return {
		status: String(given.status ?? '').trim() || undefined,
		updatedFrom: date('updatedAfter', 'Updated After'),
		updatedTo: date('updatedBefore', 'Updated Before'),
		purchasedFrom: date('purchasedAfter', 'Purchased After'),
		purchasedTo: date('purchasedBefore', 'Purchased Before'),
	};
}
