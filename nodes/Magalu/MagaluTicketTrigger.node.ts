import {
	NodeConnectionTypes,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IPollFunctions,
} from 'n8n-workflow';

import { pollFeed } from '../shared/poll/poll';
import { testEventPanel } from '../shared/poll/testEvent';
import { statusFilter } from './actions/filters';
import { CREDENTIAL } from './api/connection';
import { ticketStatuses, ticketTypes } from './api/limits';
import { lookBackField } from '../shared/poll/lookBack';
import { simplifyOption } from '../shared/run/simplify';
import { HOURS_BEFORE, LOOK_BACK_HOURS, ticketFeed } from './triggers/ticketFeed';

export class MagaluTicketTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Magalu Ticket Trigger',
		name: 'magaluTicketTrigger',
		icon: { light: 'file:magalu.svg', dark: 'file:magalu.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{$parameter["event"]}}',
		description:
			'Starts the workflow when Magalu tickets are opened, change or are due soon, or somebody writes',
		defaults: { name: 'Magalu Ticket Trigger' },
		polling: true,
		triggerPanel: testEventPanel('Magalu ticket or message'),
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
						name: 'Due Soon',
						value: 'dueSoon',
						description:
							'Once for each date by which a ticket has to be answered, some hours before it, while the ticket is open',
					},
					{
						name: 'Mediation Message',
						value: 'mediationMessage',
						description: "Once for each new message of Magalu's mediation",
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
					statusFilter(ticketStatuses, 'waiting_seller', {
						description:
							"The status that the ticket has to have; in a closed one nothing is due. Another of Magalu's words goes in as an expression.",
					}),
					{
						displayName: 'Type',
						name: 'type',
						type: 'options',
						default: 'shipping',
						description: 'What the ticket is about',
						options: [...ticketTypes],
					},
				],
			},
			{
				displayName: 'Options',
				name: 'options',
				type: 'collection',
				placeholder: 'Add option',
				default: {},
				options: [
					{
						displayName: 'Hours Before',
						name: 'hoursBefore',
						type: 'number',
						typeOptions: { minValue: 1, maxValue: 720 },
						displayOptions: { show: { '/event': ['dueSoon'] } },
						default: HOURS_BEFORE,
						description: 'How many hours before a ticket is due the workflow starts',
					},
					lookBackField(
						LOOK_BACK_HOURS,
						'Tickets and messages that Magalu shows late, as moderation lets them through, are found within this time.',
					),
					simplifyOption,
				],
			},
		],
	};

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return await pollFeed(this, async () => await ticketFeed(this), 'magalu');
	}
}
