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
import { conversation } from './actions/conversation';
import { searchConversations } from './actions/lists';
import { message } from './actions/message';
import { order } from './actions/order';
import { question } from './actions/question';

const resources = [message, question, conversation, order, account];

/** What an item is about, by the parameters that name it. */
const subjects = {
	orderId: 'order',
	itemId: 'item',
	recipientId: 'recipient',
	conversationId: 'conversation',
	parentMessageId: 'question',
};

export class EbayMemberMessage implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'eBay Member Message',
		name: 'ebayMemberMessage',
		icon: { light: 'file:ebay.svg', dark: 'file:ebay.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle: '={{$parameter["operation"] + ": " + $parameter["resource"]}}',
		description:
			'Write to the buyers of eBay orders, with pictures, answer questions and take part in conversations',
		defaults: { name: 'eBay Member Message' },
		// By their action nodes would be called 'Send message (a person reads it, …)', tools as well.
		skipNameGeneration: true,
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'ebayApi', required: true }],
		properties: [...selectorsOf(resources, message.value), ...fieldsOf(resources)],
	};

	methods = {
		listSearch: { searchConversations },
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await perItem(this, { name: 'ebay', title: 'eBay', subjects }, operationsOf(resources));
	}
}
