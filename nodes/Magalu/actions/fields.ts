import type { INodeProperties } from 'n8n-workflow';

import { simplifyOption } from '../../shared/run/simplify';
import { UUID } from './parameters';

/** Fields that several operations have. */

/** The field that names a ticket, in every operation on one. */
export const ticketField: INodeProperties = {
	displayName: 'Ticket',
	name: 'ticketId',
	type: 'resourceLocator',
	required: true,
	default: { mode: 'list', value: '' },
	description: 'The customer service ticket',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			hint: 'Tickets that wait for you, or that nobody has answered yet; search by order number, protocol or code',
			typeOptions: { searchListMethod: 'searchTickets', searchable: true },
		},
		{
			displayName: 'By URL',
			name: 'url',
			type: 'string',
			placeholder: 'e.g. https://…/tickets/e1faf69b-336a-5415-8c33-fc63f505b766',
			hint: 'The address of the ticket in the seller portal',
			extractValue: { type: 'regex', regex: `(${UUID})` },
		},
		{
			displayName: 'By ID',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. e1faf69b-336a-5415-8c33-fc63f505b766',
		},
	],
};

/** A field for another of Magalu's IDs. */
export function idField(displayName: string, name: string, description: string): INodeProperties {
	return {
		displayName,
		name,
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. 71b25f3a-0ae2-484f-868e-418b0c1d5991',
		description,
	};
}

const includePersonalData: INodeProperties = {
	displayName: 'Include Personal Data',
	name: 'includePersonalData',
	type: 'boolean',
	default: true,
	description:
		'Whether to output everything that Magalu tells, also names, addresses and what it may add one day',
};

/** The options of an operation that reads: its output holds nothing personal unless it is asked for. */
export function optionsField(own: INodeProperties[]): INodeProperties {
	return {
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [includePersonalData, simplifyOption, ...own],
	};
}

export const personalDataOption = optionsField([]);
