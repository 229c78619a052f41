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
import { messageFeed } from './triggers/messageFeed';
import { LOOK_BACK_HOURS } from './triggers/window';

export class EbayMessageTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'eBay Message Trigger',
		name: 'ebayMessageTrigger',
		icon: { light: 'file:ebay.svg', dark: 'file:ebay.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: 'New message',
		description:
			'Starts the workflow when somebody writes to you on eBay, before an order or after it',
		defaults: { name: 'eBay Message Trigger' },
		polling: true,
		triggerPanel: testEventPanel('eBay message'),
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: CREDENTIAL, required: true }],
		properties: [
			{
				displayName:
					"Needs OAuth, and eBay's permission for conversations (scope commerce.message), which not every application has. 'Account: Check' of eBay Member Message tells whether yours does.",
				name: 'scopeNotice',
				type: 'notice',
				default: '',
			},
			{
				displayName: 'Filters',
				name: 'filters',
				type: 'collection',
				placeholder: 'Add Filter',
				default: {},
				options: [
					{
						displayName: 'From',
						name: 'from',
						type: 'options',
						default: 'members',
						description:
							'Whose messages start the workflow. Without this filter: those of members.',
						options: [
							{ name: 'Both', value: 'both' },
							{ name: 'eBay', value: 'ebay', description: 'What eBay itself writes to you' },
							{
								name: 'Members',
								value: 'members',
								description: 'Buyers and others, before an order and after it',
							},
						],
					},
					{
						displayName: 'Item ID',
						name: 'itemId',
						type: 'string',
						default: '',
						placeholder: 'e.g. 110093125309',
						description: 'Only messages about this listing: its number or address',
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
						'Messages that eBay shows late are found within this time.',
					),
					simplifyOption,
				],
			},
		],
	};

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return await pollFeed(this, async () => await messageFeed(this), 'ebay');
	}
}
