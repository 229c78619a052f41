import {
	NodeConnectionTypes,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IPollFunctions,
} from 'n8n-workflow';

import { pollFeed } from '../shared/poll/poll';
import { testEventPanel } from '../shared/poll/testEvent';
import { lookBackField } from '../shared/poll/lookBack';
import { byStatus, LOOK_BACK_HOURS, orderFeed } from './triggers/orderFeed';
import { marketplacesField, orderOptionsField } from './actions/fields';
import { CREDENTIAL } from './api/connection';
import { fulfillers, fulfillmentStatuses } from './api/orders';

export class AmazonOrderTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Amazon Order Trigger',
		name: 'amazonOrderTrigger',
		icon: { light: 'file:amazon.svg', dark: 'file:amazon.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{$parameter["event"]}}',
		description:
			'Starts the workflow when Amazon orders come in, change, are shipped, delivered or cancelled',
		defaults: { name: 'Amazon Order Trigger' },
		polling: true,
		triggerPanel: testEventPanel('Amazon order'),
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
						name: 'Cancellation Requested',
						value: 'cancellationRequested',
						description: 'Once for each item that the buyer asked to cancel, before it is shipped',
					},
					{
						name: 'Order Cancelled',
						value: 'orderCancelled',
						description: 'Once for each order, when it is cancelled',
					},
					{
						name: 'Order Created',
						value: 'orderCreated',
						description:
							'Once for each order that was placed, also while its payment is pending. Filter by Fulfillment Status to pass over those.',
					},
					{
						name: 'Order Delivered (Merchant-Fulfilled)',
						value: 'orderDelivered',
						description:
							'Once for each order that you ship, when all its packages are delivered. Amazon does not tell it of orders that Amazon ships.',
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
			marketplacesField,
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
						displayOptions: { hide: { '/event': ['orderDelivered'] } },
						default: [],
						description: 'Who ships the order. Leave empty for both.',
						options: Object.entries(fulfillers).map(([value, name]) => ({ name, value })),
					},
					{
						displayName: 'Fulfillment Statuses',
						name: 'fulfillmentStatuses',
						type: 'multiOptions',
						displayOptions: { show: { '/event': byStatus } },
						default: [],
						description:
							'States that the order may be in. A new order starts the workflow once it is in one of them.',
						options: Object.entries(fulfillmentStatuses).map(([value, name]) => ({ name, value })),
					},
				],
			},
			orderOptionsField([
				lookBackField(
					LOOK_BACK_HOURS,
					'Amazon has shown orders two to three hours late, and once more than twelve. With more than 70 orders in this time, looking back costs part of the searches that Amazon allows.',
				),
			]),
		],
	};

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return await pollFeed(this, async () => await orderFeed(this), 'amazon');
	}
}
