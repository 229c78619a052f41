import {
	NodeConnectionTypes,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IPollFunctions,
} from 'n8n-workflow';

import { pollFeed } from '../shared/poll/poll';
import { testEventPanel } from '../shared/poll/testEvent';
import { statusFilter } from './actions/filters';
import { CREDENTIAL } from './api/connection';
import { orderStatuses } from './api/limits';
import { lookBackField } from '../shared/poll/lookBack';
import { simplifyOption } from '../shared/run/simplify';
import { byStatus, LOOK_BACK_HOURS, orderFeed } from './triggers/orderFeed';

export class MagaluOrderTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Magalu Order Trigger',
		name: 'magaluOrderTrigger',
		icon: { light: 'file:magalu.svg', dark: 'file:magalu.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{$parameter["event"]}}',
		description:
			'Starts the workflow when Magalu orders come in, change, are approved, shipped, delivered or cancelled',
		defaults: { name: 'Magalu Order Trigger' },
		polling: true,
		triggerPanel: testEventPanel('Magalu order'),
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
						name: 'Order Approved',
						value: 'orderApproved',
						description: 'Once for each order, when its payment is approved',
					},
					{
						name: 'Order Cancelled',
						value: 'orderCancelled',
						description: 'Once for each order, when it is cancelled',
					},
					{
						name: 'Order Created',
						value: 'orderCreated',
						description: 'Once for each order that was placed',
					},
					{
						name: 'Order Delivered',
						value: 'orderDelivered',
						description: 'Once for each order, when all its deliveries have arrived',
					},
					{
						name: 'Order Shipped',
						value: 'orderShipped',
						description: 'Once for each order, when all its deliveries are on their way',
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
				displayName: 'Filters',
				name: 'filters',
				type: 'collection',
				placeholder: 'Add Filter',
				default: {},
				displayOptions: { show: { event: byStatus } },
				options: [
					statusFilter(orderStatuses, 'new', {
						description:
							'The status that the order has to have. A new order starts the workflow once it has it.',
					}),
				],
			},
			{
				displayName: 'Options',
				name: 'options',
				type: 'collection',
				placeholder: 'Add option',
				default: {},
				options: [
					{
						displayName: 'Include Personal Data',
						name: 'includePersonalData',
						type: 'boolean',
						default: true,
						description:
							'Whether names, addresses, e-mail addresses, phone and document numbers are in the items',
					},
					lookBackField(
						LOOK_BACK_HOURS,
						'Orders that Magalu shows late are found within this time.',
					),
					simplifyOption,
				],
			},
		],
	};

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return await pollFeed(this, async () => await orderFeed(this), 'magalu');
	}
}
