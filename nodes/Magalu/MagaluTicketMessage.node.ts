import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';

import { perItem } from '../shared/run/perItem';
import { fieldsOf, operationsOf, selectorsOf } from '../shared/run/resource';
import { account } from './actions/account';
import { searchTickets } from './actions/lists';
import { message } from './actions/message';
import { order } from './actions/order';
import { ticket } from './actions/ticket';
import { transaction } from './actions/transaction';
import { CREDENTIAL } from './api/connection';

const resources = [message, ticket, order, transaction, account];

/** What an item is about, by the parameters that name it. */
const subjects = {
	ticketId: 'ticket',
	orderId: 'order',
	orderCode: 'order',
	transactionId: 'transaction',
};

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
		// By their action nodes would be called 'Send message (a person reads it, …)', tools as well.
		skipNameGeneration: true,
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: CREDENTIAL, required: true }],
		properties: [...selectorsOf(resources, message.value), ...fieldsOf(resources)],
	};

	methods = { listSearch: { searchTickets } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await perItem(
			this,
			{ name: 'magalu', title: 'Magalu', subjects },
			operationsOf(resources),
		);
	}
}
