import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { DAY_MS, utcDateIn } from '../../../shared/dates';
import { Refusal } from '../../../shared/outcome';
import { limitOf, returnAllFields } from '../../../shared/returnAll';
import { executionOf } from '../../../shared/run/execution';
import { connectionOf } from '../../api/connection';
import { BEHIND_MS, ORDERS_PER_PAGE } from '../../api/limits';
import { fulfillers, fulfillmentStatuses, listOrders, type OrderSearch } from '../../api/orders';
import { marketplacesField, orderOptionsField } from '../fields';
import { simpleOrder } from '../output';
import { listIn, marketplacesIn } from '../parameters';
import { askedFor, itemOf, sayWithout } from './order';

/** Without a date of its own a search goes back so many days. */
const DAYS_BACK = 30;

const dateField = (name: string, displayName: string, description: string): INodeProperties => ({
	displayName,
	name,
	type: 'dateTime',
	default: '',
	description,
});

const choiceField = (
	name: string,
	displayName: string,
	description: string,
	choices: Readonly<Record<string, string>>,
): INodeProperties => ({
	displayName,
	name,
	type: 'multiOptions',
	default: [],
	description,
	options: Object.entries(choices).map(([value, title]) => ({ name: title, value })),
});

export const fields: INodeProperties[] = [
	marketplacesField,
	// What this field was called when it took one.
	{ displayName: 'Marketplace', name: 'marketplaceId', type: 'hidden', default: '' },
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
			dateField('createdBefore', 'Created Before', 'Only orders placed until then. Left out: now.'),
			choiceField(
				'fulfilledBy',
				'Fulfilled By',
				'Who ships the order. Leave empty for both.',
				fulfillers,
			),
			choiceField(
				'fulfillmentStatuses',
				'Fulfillment Statuses',
				'States that the order may be in. Leave empty for all.',
				fulfillmentStatuses,
			),
			dateField(
				'lastUpdatedAfter',
				'Last Updated After',
				"Only orders that changed since. Amazon takes this or 'Created After'.",
			),
			dateField(
				'lastUpdatedBefore',
				'Last Updated Before',
				'Only orders whose last change was until then. Left out: now.',
			),
			// What 'Last Updated After' was called before; it won over 'Created After'.
			{ displayName: 'Updated After', name: 'updatedAfter', type: 'hidden', default: '' },
		],
	},
	orderOptionsField(),
];

export const simple = simpleOrder;

/** Orders of some marketplaces, without personal data; Amazon allows about 20 searches an hour. */
export async function execute(
	context: IExecuteFunctions,
	itemIndex: number,
): Promise<IDataObject[]> {
	const connection = await connectionOf(context);
	const marketplaceIds = marketplacesIn(context, itemIndex, connection);
	const limit = limitOf(context, itemIndex);
	const wanted = askedFor(context, itemIndex);
	const search: OrderSearch = {
		...timesOf(context, itemIndex),
		marketplaceIds,
		fulfillmentStatuses: listIn(context, itemIndex, 'filters.fulfillmentStatuses'),
		fulfilledBy: listIn(context, itemIndex, 'filters.fulfilledBy'),
		includedData: wanted.includedData,
		usefulData: ['FULFILLMENT'],
		pageSize: Math.min(limit, ORDERS_PER_PAGE),
	};
	const { orders, without, isEndless } = await listOrders(connection, search, limit);
	sayWithout(context, without);
	if (isEndless) {
		executionOf(context).hint(
			"Amazon's list of orders does not end: what came before nothing new followed is here",
		);
	}
	const marketplaceId = marketplaceIds.length === 1 ? marketplaceIds[0] : undefined;
	return orders.map((order) => itemOf(order, wanted, { marketplaceId }));
}

function timesOf(
	context: IExecuteFunctions,
	itemIndex: number,
): Pick<OrderSearch, 'by' | 'after' | 'before'> {
	const read = (name: string, label: string) => {
		const value = context.getNodeParameter(`filters.${name}`, itemIndex, '');
		const date = utcDateIn(value, label, context.getTimezone());
		return date === undefined ? undefined : Date.parse(date);
	};
	const former = read('updatedAfter', 'Last Updated After');
	const created = {
		after: former === undefined ? read('createdAfter', 'Created After') : undefined,
		before: read('createdBefore', 'Created Before'),
	};
	const updated = {
		after: read('lastUpdatedAfter', 'Last Updated After') ?? former,
		before: read('lastUpdatedBefore', 'Last Updated Before'),
	};
	const byChange = updated.after !== undefined || updated.before !== undefined;
	if (byChange && (created.after !== undefined || created.before !== undefined)) {
		throw new Refusal(
			'Amazon lists orders by when they were placed or by when they changed, not by both',
			"Take out the 'Created' filters or the 'Last Updated' ones.",
		);
	}
	const { after, before } = byChange ? updated : created;
	if (after !== undefined && before !== undefined && after > before) {
		throw new Refusal(
			byChange
				? "'Last Updated After' is not before 'Last Updated Before'"
				: "'Created After' is not before 'Created Before'",
			'Exchange them, or correct one.',
		);
	}
	const newest = Date.now() - BEHIND_MS;
	return {
		by: byChange ? 'lastUpdated' : 'created',
		after: after ?? Math.min(before ?? newest, newest) - DAYS_BACK * DAY_MS,
		// Amazon refuses an end that is nearer, and without one it ends there by itself.
		before: before !== undefined && before < newest ? before : undefined,
	};
}
