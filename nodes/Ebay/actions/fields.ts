import type { INodeProperties } from 'n8n-workflow';

import { simplifyOption } from '../../shared/run/simplify';
import { allowContactDataOption } from '../../shared/send/sendOptions';
import { DEFAULT_ERROR_LANGUAGE, errorLanguages } from '../api/hosts';
import { messageLimits } from '../api/limits';
import { orderStatuses } from '../api/orders';

/** Form fields that several operations of this street have; how they are read stands in `parameters.ts`. */

export const itemIdField = (more: Partial<INodeProperties> = {}): INodeProperties => ({
	displayName: 'Item ID',
	name: 'itemId',
	type: 'string',
	default: '',
	placeholder: 'e.g. 110093125309',
	description: 'The number of the listing, or its address',
	...more,
});

export const recipientIdField = (more: Partial<INodeProperties> = {}): INodeProperties => ({
	displayName: 'Recipient ID',
	name: 'recipientId',
	type: 'string',
	default: '',
	placeholder: 'e.g. buyer_one',
	description: "The buyer's eBay user ID",
	...more,
});

export const bodyField = (more: Partial<INodeProperties> = {}): INodeProperties => ({
	displayName: 'Body',
	name: 'body',
	type: 'string',
	typeOptions: { rows: 5 },
	required: true,
	default: '',
	placeholder: 'e.g. Your parcel left today.',
	description: `What the buyer reads: plain text without HTML, at most ${messageLimits.body} characters. eBay forbids e-mail addresses, phone numbers and links to other shops.`,
	...more,
});

export const pictureUrlsField: INodeProperties = {
	displayName: 'Picture URLs',
	name: 'pictureUrls',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true, sortable: true },
	placeholder: 'Add Picture',
	default: {},
	description: `Pictures that eBay hosts already, shown after the attachments. At most ${messageLimits.media} together.`,
	options: [
		{
			displayName: 'Picture',
			name: 'picture',
			values: [
				{
					displayName: 'URL',
					name: 'url',
					type: 'string',
					default: '',
					placeholder: 'e.g. https://i.ebayimg.com/00/s/…/$_1.JPG',
					description: 'The address on eBay Picture Services',
				},
				{
					displayName: 'Name',
					name: 'name',
					type: 'string',
					default: '',
					placeholder: 'e.g. The parcel',
					description: 'The label that the buyer sees. Leave empty for the name in the address.',
				},
			],
		},
	],
};

/** Of a list of orders, and of a trigger. */
export const orderStatusFilter = (more: Partial<INodeProperties> = {}): INodeProperties => ({
	displayName: 'Order Status',
	name: 'orderStatus',
	type: 'options',
	default: 'All',
	description: 'The status that the order has to have at eBay',
	options: orderStatuses.map(({ value, description }) => ({ name: value, value, description })),
	...more,
});

/** Of what reads and has no other options. */
export const readingOptions: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	options: [simplifyOption],
};

export const emailCopyOption: INodeProperties = {
	displayName: 'Email Copy to Sender',
	name: 'emailCopyToSender',
	type: 'options',
	default: 'default',
	description: 'Whether the seller gets a copy of the message by e-mail',
	options: [
		{ name: 'As the Account Says', value: 'default' },
		{ name: 'No', value: 'no' },
		{ name: 'Yes', value: 'yes' },
	],
};

/** The options of both Trading sends, beside the ones that every send has. */
export const tradingOptions: INodeProperties[] = [allowContactDataOption, emailCopyOption];

/** Of both Trading sends as well, for those who need them. */
export const rareTradingOptions: INodeProperties[] = [
	{
		displayName: 'Error Language (Rarely Needed)',
		name: 'errorLanguage',
		type: 'options',
		default: DEFAULT_ERROR_LANGUAGE,
		description:
			"The language of eBay's own error texts. Some errors are recognized in English only.",
		options: errorLanguages.map(({ code, name }) => ({ name, value: code })),
	},
	{
		displayName: 'Message ID (Rarely Needed)',
		name: 'messageId',
		type: 'string',
		default: '',
		placeholder: 'e.g. order-4711',
		description:
			'A mark of your own that comes back as correlationId. It does not keep eBay from sending a message twice.',
	},
	{
		displayName: 'Warning Level (Rarely Needed)',
		name: 'warningLevel',
		type: 'options',
		default: 'Low',
		description: 'How much eBay warns about',
		options: [
			{
				name: 'High',
				value: 'High',
				description: 'For development: names elements it does not know',
			},
			{ name: 'Low', value: 'Low' },
		],
	},
];
