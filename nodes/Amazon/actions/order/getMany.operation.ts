import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { DAY_MS, utcDateIn } from '../../../shared/dates';
import { limitOf, returnAllFields } from '../../../shared/returnAll';
import { executionOf } from '../../../shared/run/execution';
import { textOf } from '../../../shared/values';
import { connectionOf } from '../../api/connection';
import { ORDERS_PER_PAGE } from '../../api/limits';
import { dataSets, shownFields, type AskedFor } from '../../api/orderFields';
import { fulfillmentStatuses, listOrders, type OrderSearch } from '../../api/orders';
import { orderOptionsField } from '../fields';
import { marketplaceIn } from '../parameters';

/** Without a date of its own a search goes back so many days. */
const DAYS_BACK = 30;

export const fields: INodeProperties[] = [
	...returnAllFields({}),
	{
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		placeholder: 'Add Filter',
		default: {},
		options: [
			{
				displayName: 'Created After',
				name: 'createdAfter',
				type: 'dateTime',
				default: '',
				description: `Only orders placed since. Left out, and without 'Updated After': ${DAYS_BACK} days ago.`,
			},
			{
				displayName: 'Fulfillment Statuses',
				name: 'fulfillmentStatuses',
				type: 'multiOptions',
				default: [],
				options: Object.entries(fulfillmentStatuses).map(([value, name]) => ({ name, value })),
			},
			{
				displayName: 'Updated After',
				name: 'updatedAfter',
				type: 'dateTime',
				default: '',
				description:
					"Only orders that changed since. Amazon takes this or 'Created After'; this one wins.",
			},
		],
	},
	orderOptionsField(),
];

/** Orders of a marketplace, without personal data; Amazon allows about 20 searches an hour. */
export async function execute(
	context: IExecuteFunctions,
	itemIndex: number,
): Promise<IDataObject[]> {
	const connection = await connectionOf(context);
	const marketplaceId = marketplaceIn(context, itemIndex, connection);
	const limit = limitOf(context, itemIndex);
	const wanted: AskedFor = {
		includedData: context.getNodeParameter('options.includedData', itemIndex, []) as string[],
		personalData:
			context.getNodeParameter('options.includePersonalData', itemIndex, false) === true,
	};
	const search: OrderSearch = {
		...timesOf(context, itemIndex),
		marketplaceIds: [marketplaceId],
		fulfillmentStatuses: context.getNodeParameter(
			'filters.fulfillmentStatuses',
			itemIndex,
			[],
		) as string[],
		fulfilledBy: [],
		includedData: wanted.includedData,
		usefulData: ['FULFILLMENT'],
		pageSize: Math.min(limit, ORDERS_PER_PAGE),
	};
	const { orders, without, isEndless } = await listOrders(connection, search, limit);
	const { hint } = executionOf(context);
	for (const name of without) {
		hint(
			`Amazon refuses the data ${dataSets[name]!.name} at the moment: the orders come without it`,
		);
	}
	if (isEndless) hint("Amazon's list of orders does not end: what came until it repeated is here");
	return orders.map((order) => ({
		orderId: textOf(order.orderId) ?? '',
		marketplaceId,
		...shownFields(order, wanted),
	}));
}

function timesOf(context: IExecuteFunctions, itemIndex: number): Pick<OrderSearch, 'by' | 'after'> {
	const read = (name: string, label: string) =>
		utcDateIn(
			context.getNodeParameter(`filters.${name}`, itemIndex, ''),
			label,
			context.getTimezone(),
		);
	const updated = read('updatedAfter', 'Updated After');
	if (updated) return { by: 'lastUpdated', after: Date.parse(updated) };
	const created = read('createdAfter', 'Created After');
	return {
		by: 'created',
		after: created ? Date.parse(created) : Date.now() - DAYS_BACK * DAY_MS,
	};
}
