import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { DAY_MS, utcDateIn } from '../../../shared/dates';
import { limitOf, returnAllFields } from '../../../shared/returnAll';
import { textOf, type Json } from '../../../shared/values';
import { connectionOf } from '../../api/connection';
import {
	fulfillmentStatuses,
	ORDERS_PER_PAGE,
	searchOrders,
	type OrderSearch,
} from '../../api/orders';
import { marketplaceIn } from '../order';

const show = { resource: ['order'], operation: ['getMany'] };

/** Without a date of its own a search goes back so many days. */
const DAYS_BACK = 30;

export const fields: INodeProperties[] = [
	...returnAllFields(show),
	{
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		placeholder: 'Add Filter',
		default: {},
		displayOptions: { show },
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
];

/** Orders of a marketplace, without personal data; Amazon allows about 20 searches an hour. */
export async function execute(
	context: IExecuteFunctions,
	itemIndex: number,
): Promise<IDataObject[]> {
	const connection = await connectionOf(context);
	const marketplaceId = marketplaceIn(context, itemIndex, connection);
	const limit = limitOf(context, itemIndex);
	const search: OrderSearch = {
		...timesOf(context, itemIndex),
		marketplaceIds: [marketplaceId],
		fulfillmentStatuses: context.getNodeParameter(
			'filters.fulfillmentStatuses',
			itemIndex,
			[],
		) as string[],
		fulfilledBy: [],
		includedData: ['FULFILLMENT'],
		pageSize: Math.min(limit, ORDERS_PER_PAGE),
	};
	const orders: Json[] = [];
	let token: string | undefined;
	do {
		const page = await searchOrders(connection, { ...search, token }, 'read');
		orders.push(...page.orders);
		({ token } = page);
	} while (token !== undefined && orders.length < limit);
	return orders.slice(0, limit).map((order) => shown(order, marketplaceId));
}

function timesOf(context: IExecuteFunctions, itemIndex: number): Pick<OrderSearch, 'by' | 'after'> {
	const read = (name: string, label: string) =>
		utcDateIn(
			context.getNodeParameter(`filters.${name}`, itemIndex, ''),
			label,
			context.getTimezone(),
		);
	const updated = read('updatedAfter', 'Updated After');
	if (updated) return { by: 'lastUpdated', after: updated };
	const created = read('createdAfter', 'Created After');
	return { by: 'created', after: created ?? Date.now() - DAYS_BACK * DAY_MS };
}

function shown(order: Json, marketplaceId: string): IDataObject {
	return { orderId: textOf(order.orderId) ?? '', marketplaceId, ...(order as IDataObject) };
}
