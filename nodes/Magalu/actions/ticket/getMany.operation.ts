import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { utcDateIn } from '../../../shared/dates';
import { executionOf } from '../../../shared/run/execution';
import { limitOf, returnAllFields } from '../../../shared/returnAll';
import { connectionOf } from '../../api/connection';
import { walkTickets, type TicketFilters } from '../../api/tickets';
import { shownTicket } from '../shown';

const show = { resource: ['ticket'], operation: ['getMany'] };

const dateFilter = (displayName: string, name: string, description: string): INodeProperties => ({
	displayName,
	name,
	type: 'dateTime',
	default: '',
	description: `${description}. Without a time zone, the workflow's counts.`,
});

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
			dateFilter('Created After', 'createdAfter', 'Only tickets that were opened then or later'),
			dateFilter('Due Before', 'dueBefore', 'Only tickets that have to be answered until then'),
			{
				displayName: 'Order Code',
				name: 'orderCode',
				type: 'string',
				default: '',
				placeholder: 'e.g. 1470000000000001',
				description: 'The order number as the seller portal shows it',
			},
			{
				displayName: 'Protocol',
				name: 'protocol',
				type: 'string',
				default: '',
				placeholder: 'e.g. 20241108000123',
				description: 'The protocol number that the customer was given',
			},
			{
				displayName: 'Status',
				name: 'status',
				type: 'string',
				default: '',
				placeholder: 'e.g. waiting_seller',
				description:
					'One status: waiting_seller (it is your turn), waiting (it is not), closed, or another that Magalu uses',
			},
			dateFilter('Updated After', 'updatedAfter', 'Only tickets that changed then or later'),
			dateFilter('Updated Before', 'updatedBefore', 'Only tickets that last changed until then'),
		],
	},
];

/** Tickets, newest change first. */
export async function execute(
	context: IExecuteFunctions,
	itemIndex: number,
): Promise<IDataObject[]> {
	const connection = await connectionOf(context);
	const filters = filtersOf(context, itemIndex);
	const most = limitOf(context, itemIndex);
	const tickets = await walkTickets(connection, filters, most, executionOf(context).hint);
	return tickets.map(shownTicket);
}

function filtersOf(context: IExecuteFunctions, itemIndex: number): TicketFilters {
	const given = context.getNodeParameter('filters', itemIndex, {}) as IDataObject;
	const zone = context.getTimezone();
	const text = (name: string) => String(given[name] ?? '').trim() || undefined;
	return {
		status: text('status'),
		orderCode: text('orderCode'),
		protocol: text('protocol'),
		createdFrom: utcDateIn(given.createdAfter, 'Created After', zone),
		dueTo: utcDateIn(given.dueBefore, 'Due Before', zone),
		updatedFrom: utcDateIn(given.updatedAfter, 'Updated After', zone),
		updatedTo: utcDateIn(given.updatedBefore, 'Updated Before', zone),
	};
}
