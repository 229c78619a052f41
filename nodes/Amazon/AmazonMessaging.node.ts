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
import { buyer } from './actions/buyer';
import { orderFields } from './actions/fields';
import { message } from './actions/message';
import { order } from './actions/order';
import { reviewRequest } from './actions/reviewRequest';
import { CREDENTIAL } from './api/connection';

const resources = [message, reviewRequest, buyer, order, account];

/** What an item is about, by the parameters that name it. */
const subjects = { orderId: 'order' };

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
		// By their action nodes would be called 'Send message (a person reads it, …)', tools as well.
		skipNameGeneration: true,
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: CREDENTIAL, required: true }],
		properties: [...selectorsOf(resources, message.value), ...orderFields, ...fieldsOf(resources)],
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await perItem(
			this,
			{ name: 'amazon', title: 'Amazon', subjects },
			operationsOf(resources),
		);
	}
}
