import {
	NodeConnectionTypes,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IPollFunctions,
} from 'n8n-workflow';

import { pollFeed } from '../shared/poll/poll';
import { orderFeed } from './triggers/orderFeed';
import { orderOptionsField } from './actions/orderOptions';
import { CREDENTIAL } from './api/connection';
import { marketplaces } from './api/marketplaces';
import { fulfillmentStatuses } from './api/orders';

export class AmazonOrderTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Amazon Order Trigger',
		name: 'amazonOrderTrigger',
		icon: { light: 'file:amazon.svg', dark: 'file:amazon.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{$parameter["event"]}}',
		description: 'Starts the workflow when Amazon orders come in, change or are shipped',
		defaults: { name: 'Amazon Order Trigger' },
		polling: true,
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: CREDENTIAL, required: true }],
		properties: [
			{
				displayName:
					'Amazon allows one search about every 3 minutes. Polling more often than every 5 minutes gains nothing: polls in between are skipped.',
				name: 'pollingNotice',
				type: 'notice',
				default: '',
			},
			{
				displayName: 'Trigger On',
				name: 'event',
				type: 'options',
				noDataExpression: true,
				default: 'orderCreated',
				options: [
					{
						name: 'Order Created',
						value: 'orderCreated',
						description: 'Once for each order that was placed',
					},
					{
						name: 'Order Shipped',
						value: 'orderShipped',
						description: 'Once for each order, when all its items are shipped',
					},
					{
						name: 'Order Updated',
						value: 'orderUpdated',
						description:
							'Whenever an order has changed since the last poll, the first change being that it was placed',
					},
				],
			},
			{
				displayName: 'Marketplaces',
				name: 'marketplaceIds',
				type: 'multiOptions',
				default: [],
				description: 'Where the orders were placed',
				hint: "Leave empty for all marketplaces of the credential's region",
				options: marketplaces.map(({ country, id, site }) => ({
					name: country,
					value: id,
					description: site,
				})),
			},
			{
				displayName: 'Filters',
				name: 'filters',
				type: 'collection',
				placeholder: 'Add Filter',
				default: {},
				options: [
					{
						displayName: 'Fulfilled By',
						name: 'fulfilledBy',
						type: 'multiOptions',
						default: [],
						description: 'Who ships the order. Leave empty for both.',
						options: [
							{ name: 'Amazon', value: 'AMAZON' },
							{ name: 'Merchant', value: 'MERCHANT' },
						],
					},
					{
						displayName: 'Fulfillment Statuses',
						name: 'fulfillmentStatuses',
						type: 'multiOptions',
						displayOptions: { hide: { '/event': ['orderShipped'] } },
						default: [],
						description:
							'States that the order may be in. A new order starts the workflow once it is in one of them.',
						options: Object.entries(fulfillmentStatuses).map(([value, name]) => ({ name, value })),
					},
				],
			},
			orderOptionsField(),
		],
	};

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return await pollFeed(this, async () => await orderFeed(this), 'amazon');
	}
}
