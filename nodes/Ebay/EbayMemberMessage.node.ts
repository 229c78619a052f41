import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';

import { perItem } from '../shared/run/perItem';
import { searchConversations } from './actions/lists';
import { fields, operations } from './actions/operations';
import { testEbayCredential } from './api/credentialTest';

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
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'ebayApi', required: true, testedBy: 'testEbayCredential' }],
		properties: [
			{
				displayName: 'Resource',
				name: 'resource',
				type: 'options',
				noDataExpression: true,
				options: [
					{ name: 'Conversation', value: 'conversation' },
					{ name: 'Message', value: 'message' },
					{ name: 'Question', value: 'question' },
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
						name: 'Send',
						value: 'send',
						action: 'Send message',
						description: 'Write to the buyer of an order, up to 90 days after it',
					},
				],
				default: 'send',
			},
			{
				displayName: 'Operation',
				name: 'operation',
				type: 'options',
				noDataExpression: true,
				displayOptions: { show: { resource: ['question'] } },
				options: [
					{
						name: 'Get Many',
						value: 'getMany',
						action: 'Get many questions',
						description: 'List what members asked about your listings',
					},
					{
						name: 'Reply',
						value: 'reply',
						action: 'Reply to question',
						description: 'Answer a question about an active listing',
					},
				],
				default: 'getMany',
			},
			{
				displayName: 'Operation',
				name: 'operation',
				type: 'options',
				noDataExpression: true,
				displayOptions: { show: { resource: ['conversation'] } },
				options: [
					{
						name: 'Get',
						value: 'get',
						action: 'Get conversation',
						description: 'Read a conversation and its messages',
					},
					{
						name: 'Get Many',
						value: 'getMany',
						action: 'Get many conversations',
						description: 'List your conversations, the latest first',
					},
					{
						name: 'Send',
						value: 'send',
						action: 'Send message in conversation',
						description: 'Write to a member, before or after an order',
					},
				],
				default: 'send',
			},
			...fields,
		],
	};

	methods = {
		credentialTest: { testEbayCredential },
		listSearch: { searchConversations },
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await perItem(this, { name: 'ebay', title: 'eBay' }, operations);
	}
}
