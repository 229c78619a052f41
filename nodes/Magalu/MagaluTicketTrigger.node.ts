import {
	NodeConnectionTypes,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IPollFunctions,
} from 'n8n-workflow';

import { pollFeed } from '../shared/poll/poll';
import { CREDENTIAL } from './api/connection';
import { ticketFeed } from './triggers/ticketFeed';

export class MagaluTicketTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Magalu Ticket Trigger',
		name: 'magaluTicketTrigger',
		icon: { light: 'file:magalu.svg', dark: 'file:magalu.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{$parameter["event"]}}',
		description:
			'Starts the workflow when Magalu tickets are opened or change, or a customer writes',
		defaults: { name: 'Magalu Ticket Trigger' },
		polling: true,
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: CREDENTIAL, required: true }],
		properties: [
			{
				displayName: 'Trigger On',
				name: 'event',
				type: 'options',
				noDataExpression: true,
				default: 'ticketCreated',
				options: [
					{
						name: 'Customer Message',
						value: 'customerMessage',
						description: 'Once for each new message of a customer, never for your own answers',
					},
					{
						name: 'Ticket Created',
						value: 'ticketCreated',
						description: 'Once for each ticket that was opened',
					},
					{
						name: 'Ticket Updated',
						value: 'ticketUpdated',
						description:
							'Whenever a ticket has changed since the last poll, the first change being that it was opened',
					},
				],
			},
			{
				displayName: 'Filters',
				name: 'filters',
				type: 'collection',
				placeholder: 'Add Filter',
				default: {},
				options: [
					{
						displayName: 'Status',
						name: 'status',
						type: 'string',
						default: '',
						placeholder: 'e.g. waiting_seller',
						description:
							"The status that the ticket has to have, in Magalu's words: waiting_seller, waiting, closed",
					},
					{
						displayName: 'Type',
						name: 'type',
						type: 'options',
						default: 'shipping',
						description: 'What the ticket is about',
						options: [
							{ name: 'Cancellation', value: 'cancellation' },
							{ name: 'Payment', value: 'payment' },
							{ name: 'Shipping', value: 'shipping' },
						],
					},
				],
			},
		],
	};

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return await pollFeed(this, async () => await ticketFeed(this), 'magalu');
	}
}
