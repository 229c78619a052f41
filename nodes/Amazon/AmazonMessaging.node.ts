import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';

import { perItem } from '../shared/run/perItem';
import { orderFields } from './actions/order';
import { fields, operations } from './actions/operations';
import { CREDENTIAL } from './api/connection';

export class AmazonMessaging implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Amazon Messaging',
		name: 'amazonMessaging',
		icon: { light: 'file:amazon.svg', dark: 'file:amazon.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle: '={{$parameter["operation"] + ": " + $parameter["resource"]}}',
		description: 'Write to the buyers of Amazon orders, with attachments, and ask for reviews',
		defaults: { name: 'Amazon Messaging' },
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
					{ name: 'Buyer', value: 'buyer' },
					{ name: 'Message', value: 'message' },
					{ name: 'Order', value: 'order' },
					{ name: 'Review Request', value: 'reviewRequest' },
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
						name: 'Get Available Types',
						value: 'getAvailableTypes',
						action: 'Get available message types',
						description: 'List the message types that Amazon allows for an order now',
					},
					{
						name: 'Send',
						value: 'send',
						action: 'Send message',
						description: 'Write to the buyer of an order',
					},
				],
				default: 'send',
			},
			{
				displayName: 'Operation',
				name: 'operation',
				type: 'options',
				noDataExpression: true,
				displayOptions: { show: { resource: ['reviewRequest'] } },
				options: [
					{
						name: 'Get Eligibility',
						value: 'getEligibility',
						action: 'Get review request eligibility',
						description: 'Tell whether a review of an order can be asked for now',
					},
					{
						name: 'Send',
						value: 'send',
						action: 'Send review request',
						description: 'Ask the buyer of an order for a product review and seller feedback',
					},
				],
				default: 'send',
			},
			{
				displayName: 'Operation',
				name: 'operation',
				type: 'options',
				noDataExpression: true,
				displayOptions: { show: { resource: ['buyer'] } },
				options: [
					{
						name: 'Get Attributes',
						value: 'getAttributes',
						action: 'Get buyer attributes',
						description: "Tell the language of an order's buyer",
					},
				],
				default: 'getAttributes',
			},
			{
				displayName: 'Operation',
				name: 'operation',
				type: 'options',
				noDataExpression: true,
				displayOptions: { show: { resource: ['order'] } },
				options: [
					{
						name: 'Get Many',
						value: 'getMany',
						action: 'Get many orders',
						description: 'List orders to write to, without personal data',
					},
				],
				default: 'getMany',
			},
			...orderFields,
			...fields,
		],
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await perItem(this, { name: 'amazon', title: 'Amazon' }, operations);
	}
}
