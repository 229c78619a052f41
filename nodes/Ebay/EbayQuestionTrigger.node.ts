import {
	NodeConnectionTypes,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IPollFunctions,
} from 'n8n-workflow';

import { pollFeed } from '../shared/poll/poll';
import { testEventPanel } from '../shared/poll/testEvent';
import { CREDENTIAL } from './api/connection';
import { lookBackField } from '../shared/poll/lookBack';
import { simplifyOption } from '../shared/run/simplify';
import { questionFeed } from './triggers/questionFeed';
import { LOOK_BACK_HOURS } from './triggers/window';

export class EbayQuestionTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'eBay Question Trigger',
		name: 'ebayQuestionTrigger',
		icon: { light: 'file:ebay.svg', dark: 'file:ebay.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: 'New question',
		description: 'Starts the workflow when a buyer asks a question about one of your eBay listings',
		defaults: { name: 'eBay Question Trigger' },
		polling: true,
		triggerPanel: testEventPanel('question on eBay'),
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: CREDENTIAL, required: true }],
		properties: [
			{
				displayName: 'Filters',
				name: 'filters',
				type: 'collection',
				placeholder: 'Add Filter',
				default: {},
				options: [
					{
						displayName: 'Item ID',
						name: 'itemId',
						type: 'string',
						default: '',
						placeholder: 'e.g. 110093125309',
						description: 'Only questions about this listing: its number or address',
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
					lookBackField(
						LOOK_BACK_HOURS,
						'Questions that eBay shows late are found within this time.',
					),
					simplifyOption,
				],
			},
		],
	};

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return await pollFeed(this, async () => await questionFeed(this), 'ebay');
	}
}
