import type { INodeProperties } from 'n8n-workflow';

import { simplifyOption } from '../../shared/run/simplify';
import { marketplaces } from '../api/marketplaces';
import { dataSets } from '../api/orderFields';

/** The field that names an order. */
export const orderIdField: INodeProperties = {
	displayName: 'Order ID',
	name: 'orderId',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. 902-3159896-1390916',
	description: 'The Amazon order ID, or the address of the order in Seller Central',
};

const marketplaceOptions = marketplaces.map(({ country, id, site }) => ({
	name: country,
	value: id,
	description: site,
}));

/** The two fields that name an order to write about. */
export const orderFields: INodeProperties[] = [
	{
		displayName: 'Marketplace',
		name: 'marketplaceId',
		displayOptions: { hide: { resource: ['account', 'order'] } },
		type: 'options',
		required: true,
		default: 'ATVPDKIKX0DER',
		description: "The country where the order was placed. It belongs to the credential's region.",
		hint: 'From the Amazon Order Trigger or Get Many of orders drag marketplaceId here',
		options: marketplaceOptions,
	},
	{ ...orderIdField, displayOptions: { hide: { resource: ['account', 'order'] } } },
];

/** Of a list of orders, and of a trigger. */
export const marketplacesField: INodeProperties = {
	displayName: 'Marketplaces',
	name: 'marketplaceIds',
	type: 'multiOptions',
	default: [],
	description: 'Where the orders were placed',
	hint: "Leave empty for all marketplaces of the credential's region",
	options: marketplaceOptions,
};

/** What comes with an order: the same for one, for a list and for a trigger. */
export function orderOptionsField(more: INodeProperties[] = []): INodeProperties {
	return {
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
					'Whether gift messages and links to what buyers had made stay in the items. Names and addresses are data sets: choose them in Included Data.',
			},
			{
				displayName: 'Included Data',
				name: 'includedData',
				type: 'multiOptions',
				default: [],
				description:
					"What Amazon adds to an order. Buyer, Recipient and Tax are personal data, and want a role for it in the app's authorization.",
				options: Object.entries(dataSets).map(([value, { name, personal }]) => ({
					name: personal ? `${name} (Personal Data)` : name,
					value,
				})),
			},
			...more,
			simplifyOption,
		],
	};
}
