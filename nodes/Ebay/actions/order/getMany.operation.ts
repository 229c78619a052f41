import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { DAY_MS, utcDateIn } from '../../../shared/dates';
import { Refusal } from '../../../shared/outcome';
import { limitOf, returnAllFields } from '../../../shared/returnAll';
import { connectionOf } from '../../api/connection';
import { listOrders, orderStatuses, type OrderFilter } from '../../api/orders';
import { orderStatusFilter } from '../fields';
import { simpleOrder } from '../output';
import { cleanText } from '../parameters';
import { itemsOf, orderOptionsField } from './options';

/** Without a date of its own a list goes back so many days. */
const DAYS_BACK = 30;

const dateField = (name: string, displayName: string, description: string) => ({
	displayName,
	name,
	type: 'dateTime' as const,
	default: '',
	description,
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
			dateField(
				'createdAfter',
				'Created After',
				`Only orders placed since. Left out, and without 'Last Updated After': ${DAYS_BACK} days ago.`,
			),
			dateField('createdBefore', 'Created Before', 'Only orders placed before. Left out: now.'),
			dateField(
				'lastUpdatedAfter',
				'Last Updated After',
				"Only orders that changed since. eBay takes this or 'Created After'.",
			),
			dateField(
				'lastUpdatedBefore',
				'Last Updated Before',
				'Only orders whose last change was before. Left out: now.',
			),
			orderStatusFilter(),
		],
	},
	orderOptionsField(),
];

export const simple = simpleOrder;

/** Orders of the last 90 days at most, the newest first. */
export async function execute(
	context: IExecuteFunctions,
	itemIndex: number,
): Promise<IDataObject[]> {
	const connection = await connectionOf(context);
	const limit = limitOf(context, itemIndex);
	const orders = await listOrders(connection, filterOf(context, itemIndex), limit);
	return orders.flatMap((order) => itemsOf(context, itemIndex, order)).slice(0, limit);
}

function filterOf(context: IExecuteFunctions, itemIndex: number): OrderFilter {
	const filters = context.getNodeParameter('filters', itemIndex, {}) as IDataObject;
	const read = (name: string, label: string) =>
		utcDateIn(filters[name], label, context.getTimezone());
	const created = {
		after: read('createdAfter', 'Created After'),
		before: read('createdBefore', 'Created Before'),
	};
	const updated = {
		after: read('lastUpdatedAfter', 'Last Updated After'),
		before: read('lastUpdatedBefore', 'Last Updated Before'),
	};
	const byChange = updated.after !== undefined || updated.before !== undefined;
	if (byChange && (created.after !== undefined || created.before !== undefined)) {
		throw new Refusal(
			'eBay lists orders by when they were placed or by when they changed, not by both',
			"Take out the 'Created' filters or the 'Last Updated' ones.",
		);
	}
	const { after, before } = byChange ? updated : created;
	const to = before ?? new Date(Date.now()).toISOString();
	const from = after ?? new Date(Date.parse(to) - DAYS_BACK * DAY_MS).toISOString();
	if (Date.parse(from) >= Date.parse(to)) {
		throw new Refusal(
			byChange
				? "'Last Updated After' is not before 'Last Updated Before'"
				: "'Created After' is not before 'Created Before'",
			'Exchange them, or correct one.',
		);
	}
	const status = cleanText(filters.orderStatus, 'Order Status') || 'All';
	const known = orderStatuses.find(({ value }) => value === status);
	if (known === undefined) {
		const words = orderStatuses.map(({ value }) => value).join(', ');
		throw new Refusal("'Order Status' is not one of eBay's", `It is ${words}.`);
	}
	return { by: byChange ? 'modified' : 'created', from, to, status: known.value };
}
