import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';

import { perItem } from '../shared/run/perItem';
import { fields, operations } from './actions/operations';
import { searchTickets } from './actions/searchTickets';
import { CREDENTIAL } from './api/connection';

export class MagaluTicketMessage implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Magalu Ticket Message',
		name: 'magaluTicketMessage',
		icon: { light: 'file:magalu.svg', dark: 'file:magalu.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle: '={{$parameter["operation"] + ": " + $parameter["resource"]}}',
		description: 'Answer the customers of Magalu orders in their tickets, with attachments',
		defaults: { name: 'Magalu Ticket Message' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: CREDENTIAL, required: true }],
		properties: [
			{
				displayName: 'Resource',
				name: 'resource',
				type: 'options',
				noDataExpression: true,
				options: [
					{ name: 'Message', value: 'message' },
					{ name: 'Ticket', value: 'ticket' },
					{ name: 'Transaction', value: 'transaction' },
				],
				default: 'message',
			},
			{
				displayName: 'Operation',
				name: 'operation',
				type: 'options',
				noDataExpression: true,
				displayOptions: { show: { resource: ['message'] } },
				options: [
					{
						name: 'Download Attachment',
						value: 'downloadAttachment',
						action: 'Download attachment of message',
						description: 'Get a file that came with a message',
					},
					{
						name: 'Get Many',
						value: 'getMany',
						action: 'Get many messages',
						description: 'List the messages of a ticket, newest first',
					},
					{
						name: 'Send',
						value: 'send',
						action: 'Send message',
						description: 'Answer in a ticket',
					},
				],
				default: 'send',
			},
			{
				displayName: 'Operation',
				name: 'operation',
				type: 'options',
				noDataExpression: true,
				displayOptions: { show: { resource: ['ticket'] } },
				options: [
					{ name: 'Get', value: 'get', action: 'Get ticket', description: 'Get one ticket' },
					{
						name: 'Get Many',
						value: 'getMany',
						action: 'Get many tickets',
						description: 'List tickets, newest change first',
					},
				],
				default: 'getMany',
			},
			{
				displayName: 'Operation',
				name: 'operation',
				type: 'options',
				noDataExpression: true,
				displayOptions: { show: { resource: ['transaction'] } },
				options: [
					{
						name: 'Get',
						value: 'get',
						action: 'Get transaction',
						description: 'Tell what became of a message that Magalu accepted',
					},
				],
				default: 'get',
			},
			...fields,
		],
	};

	methods = { listSearch: { searchTickets } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await perItem(this, { name: 'magalu', title: 'Magalu' }, operations);
	}
}
