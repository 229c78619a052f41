import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type IHookFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';

import { CREDENTIAL } from './api/connection';
import { receive } from './triggers/notification';
import { startedOnce } from './triggers/oneStart';
import { isSetUp, setUp, takeDown } from './triggers/notificationSetUp';

export class EbayNotificationTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'eBay Notification Trigger',
		name: 'ebayNotificationTrigger',
		icon: { light: 'file:ebay.svg', dark: 'file:ebay.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{$parameter["topic"]}}',
		description:
			'Starts the workflow within seconds, when eBay calls your n8n: for a message, a question, an order, or the deletion of an account',
		defaults: { name: 'eBay Notification Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: CREDENTIAL, required: true }],
		webhooks: [
			// The first: eBay asks it while the other one is being set up.
			{ name: 'setup', httpMethod: 'GET', responseMode: 'onReceived', path: 'ebay' },
			{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path: 'ebay' },
		],
		triggerPanel: {
			header: 'Wait for eBay',
			executionsHelp: {
				inactive:
					'eBay calls only addresses that the whole internet can reach over https. <b>Publish</b> the workflow, and eBay is told where to call. What it sends is real: <b>a workflow with a node that sends writes to that buyer</b>.',
				active:
					'eBay calls this workflow. To test in the editor, unpublish it first: eBay sends a topic to one address only. What it sends is real: <b>a workflow with a node that sends writes to that buyer</b>.',
			},
			activationHint:
				'Once you have finished building your workflow, publish it: eBay is told where to call, and unpublishing takes that back.',
		},
		properties: [
			{
				displayName:
					'Your n8n must be open to the internet over https. Where it is not, take the triggers that poll: they miss nothing, and are minutes later.',
				name: 'pushNotice',
				type: 'notice',
				default: '',
			},
			{
				displayName: 'Topic',
				name: 'topic',
				type: 'options',
				noDataExpression: true,
				default: 'newMessage',
				description: 'What eBay tells',
				options: [
					{
						name: 'Account Deletion',
						value: 'accountDeletion',
						description:
							'An eBay member closed the account. Every developer has to take these; no consent is needed.',
					},
					{
						name: 'Buyer Question',
						value: 'buyerQuestion',
						description: 'A question about an active listing. Scope commerce.message.',
					},
					{
						name: 'New Message',
						value: 'newMessage',
						description:
							'What another member writes to the seller, after an order as well. Scope commerce.message.',
					},
					{
						name: 'Order Confirmation',
						value: 'orderConfirmation',
						description:
							'An order came in. It tells IDs only: read the order behind it. Scope sell.fulfillment.readonly.',
					},
				],
			},
			{
				displayName:
					"eBay's developer portal wants an address and a token (Alerts and Notifications, Marketplace Account Deletion). Publish this workflow, then press the test button of this node: it shows both, ready to paste.",
				name: 'accountDeletionNotice',
				type: 'notice',
				default: '',
				displayOptions: { show: { topic: ['accountDeletion'] } },
			},
			{
				displayName: 'Alert Email',
				name: 'alertEmail',
				type: 'string',
				default: '',
				placeholder: 'e.g. shop@example.com',
				description:
					'Where eBay writes to when your n8n does not answer. It counts for your whole eBay application.',
				hint: 'Leave empty where your application has one already',
				displayOptions: { hide: { topic: ['accountDeletion'] } },
			},
		],
	};

	webhookMethods = {
		default: {
			async checkExists(this: IHookFunctions): Promise<boolean> {
				return await isSetUp(this);
			},
			async create(this: IHookFunctions): Promise<boolean> {
				return await setUp(this);
			},
			async delete(this: IHookFunctions): Promise<boolean> {
				return await takeDown(this);
			},
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await receive(this);
	}

	/** The first step of the execution that a notification started. */
	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return [await startedOnce(this)];
	}
}
