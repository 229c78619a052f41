import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { limitOf, returnAllFields } from '../../../shared/returnAll';
import { executionOf } from '../../../shared/run/execution';
import { connectionOf } from '../../api/connection';
import { ticketReasons, ticketStatuses, ticketTypes } from '../../api/limits';
import { findTickets, type WantedTickets } from '../../api/tickets';
import { optionsField } from '../fields';
import { dateFilter, filtersField, filtersIn, statusFilter } from '../filters';
import { shownTicket, simpleTicket } from '../output';
import { wantsPersonalData } from '../parameters';

const filters = filtersField([
	{
		displayName: 'Code',
		name: 'code',
		type: 'string',
		default: '',
		placeholder: 'e.g. erp-1001',
		description: 'Your own reference, which the ticket was opened with',
	},
	dateFilter('Created After', 'createdAfter', 'Only tickets that were opened then or later'),
	dateFilter('Due After', 'dueAfter', 'Only tickets that have to be answered then or later'),
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
	statusFilter(ticketStatuses, 'waiting_seller'),
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
]);

export const fields: INodeProperties[] = [
	...returnAllFields({}),
	filters,
	optionsField([
		{
			displayName: 'Sort',
			name: 'sort',
			type: 'options',
			default: 'updated',
			description: 'Which tickets come first, and are read first where there is a limit',
			options: [
				{
					name: 'Due Date',
					value: 'dueDate',
					description: 'What has to be answered first; tickets without a date come last',
				},
				{ name: 'Updated', value: 'updated', description: 'The newest change first' },
			],
		},
	]),
];

export const simple = simpleTicket;

/** Tickets, newest change first, or those that are due first. */
export async function execute(
	context: IExecuteFunctions,
	itemIndex: number,
): Promise<IDataObject[]> {
	const connection = await connectionOf(context);
	const wanted = wantedOf(context, itemIndex);
	const most = limitOf(context, itemIndex);
	const personal = wantsPersonalData(context, itemIndex);
	const tickets = await findTickets(connection, wanted, most, executionOf(context).hint);
	return tickets.map((ticket) => shownTicket(ticket, personal));
}

function wantedOf(context: IExecuteFunctions, itemIndex: number): WantedTickets {
	const { text, date } = filtersIn(context, itemIndex, filters);
	const { sort } = context.getNodeParameter('options', itemIndex, {}) as IDataObject;
	return {
		status: text('status'),
		type: text('type'),
		reason: text('reason'),
		code: text('code'),
		orderCode: text('orderCode'),
		protocol: text('protocol'),
		createdFrom: date('createdAfter'),
		dueFrom: date('dueAfter'),
		dueTo: date('dueBefore'),
		updatedFrom: date('updatedAfter'),
		updatedTo: date('updatedBefore'),
		first: sort === 'dueDate' ? 'dueSoonest' : 'newestChange',
	};
}
