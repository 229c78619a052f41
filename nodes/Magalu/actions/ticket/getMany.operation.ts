import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { utcDateIn } from '../../../shared/dates';
import { limitOf, returnAllFields } from '../../../shared/returnAll';
import { executionOf } from '../../../shared/run/execution';
import { connectionOf } from '../../api/connection';
import { ticketReasons, ticketTypes } from '../../api/limits';
import { findTickets, type TicketFilters } from '../../api/tickets';
import { personalDataOption } from '../fields';
import { shownTicket } from '../output';
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
			{
				displayName: 'Code',
				name: 'code',
				type: 'string',
				default: '',
				placeholder: 'e.g. erp-1001',
				description: 'Your own reference, which the ticket was opened with',
			},
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
				displayName: 'Reason',
				name: 'reason',
				type: 'options',
				default: 'not_received',
				description: 'Why the ticket was opened',
				options: [...ticketReasons],
			},
			{
				displayName: 'Status',
				name: 'status',
				type: 'string',
				default: '',
				placeholder: 'e.g. waiting_seller',
				description:
					'One status: open, waiting_seller (it is your turn), waiting (it is not), closed, or another that Magalu uses',
			},
			{
				displayName: 'Type',
				name: 'type',
				type: 'options',
				default: 'shipping',
				description: 'What the ticket is about',
				options: [...ticketTypes],
			},
			dateFilter('Updated After', 'updatedAfter', 'Only tickets that changed then or later'),
			dateFilter('Updated Before', 'updatedBefore', 'Only tickets that last changed until then'),
		],
	},
	personalDataOption,
];

/** Tickets, newest change first. */
export async function execute(
	context: IExecuteFunctions,
	itemIndex: number,
): Promise<IDataObject[]> {
	const connection = await connectionOf(context);
	const filters = filtersOf(context, itemIndex);
	const most = limitOf(context, itemIndex);
	const personal = wantsPersonalData(context, itemIndex);
	const tickets = await findTickets(connection, filters, most, executionOf(context).hint);
	return tickets.map((ticket) => shownTicket(ticket, personal));
}

function filtersOf(context: IExecuteFunctions, itemIndex: number): TicketFilters {
	const given = context.getNodeParameter('filters', itemIndex, {}) as IDataObject;
	const zone = context.getTimezone();
	const text = (name: string) => String(given[name] ?? '').trim() || undefined;
	const date = (name: string, label: string) => utcDateIn(given[name], label, zone);
	return {
		status: text('status'),
		type: text('type'),
		reason: text('reason'),
		code: text('code'),
		orderCode: text('orderCode'),
		protocol: text('protocol'),
		createdFrom: date('createdAfter', 'Created After'),
		dueTo: date('dueBefore', 'Due Before'),
		updatedFrom: date('updatedAfter', 'Updated After'),
		updatedTo: date('updatedBefore', 'Updated Before'),
	};
}
