import {
	NodeConnectionTypes,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IPollFunctions,
} from 'n8n-workflow';

import { pollFeed } from '../shared/poll/poll';
import { testEventPanel } from '../shared/poll/testEvent';
import { orderStatusFilter } from './actions/fields';
import { orderOptionsField } from './actions/order/options';
import { CREDENTIAL } from './api/connection';
import { lookBackField } from '../shared/poll/lookBack';
import { byStatus } from './triggers/orderEvents';
import { orderFeed } from './triggers/orderFeed';
import { LOOK_BACK_HOURS } from './triggers/window';

export class EbayOrderTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'eBay Order Trigger',
		name: 'ebayOrderTrigger',
		icon: { light: 'file:ebay.svg', dark: 'file:ebay.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{$parameter["event"]}}',
		description:
			'Starts the workflow when eBay orders come in, change, are paid, shipped, delivered or cancelled',
		defaults: { name: 'eBay Order Trigger' },
		polling: true,
		triggerPanel: testEventPanel('eBay order'),
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: CREDENTIAL, required: true }],
		properties: [
			{
				displayName: 'Trigger On',
				name: 'event',
				type: 'options',
				noDataExpression: true,
				default: 'orderCreated',
				options: [
					{
						name: 'Order Cancelled',
						value: 'orderCancelled',
						description: 'Once for each order, when it is cancelled',
					},
					{
						name: 'Order Created',
						value: 'orderCreated',
						description:
							'Once for each order that was placed, paid or not, about two minutes after it',
					},
					{
						name: 'Order Delivered',
						value: 'orderDelivered',
						description:
							'Once for each order, when the carrier has told eBay that its last package arrived. With line items: when those of the line item did, where eBay tells it.',
					},
					{
						name: 'Order Paid',
						value: 'orderPaid',
						description: 'Once for each order, when it is paid',
					},
					{
						name: 'Order Shipped',
						value: 'orderShipped',
						description:
							'Once for each order, when all of it is marked as shipped. With line items: each when it is. eBay counts the purchase of a label as the shipment.',
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
				displayName:
					'One item stands for one line item: an order of three things starts the workflow with three items. To write once for each order, add the option <b>Output</b> and choose <b>Order</b>.',
				name: 'itemNotice',
				type: 'notice',
				default: '',
			},
			{
				displayName: 'Filters',
				name: 'filters',
				type: 'collection',
				placeholder: 'Add Filter',
				default: {},
				displayOptions: { show: { event: byStatus } },
				options: [
					orderStatusFilter({
						description:
							'The status that the order has to have at eBay. A new order starts the workflow once it has it.',
					}),
				],
			},
			orderOptionsField([
				lookBackField(LOOK_BACK_HOURS, 'Orders that eBay shows late are found within this time.'),
			]),
		],
	};

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return await pollFeed(this, async () => await orderFeed(this), 'ebay');
	}
}
