import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';

import { dataSets } from '../api/orderFields';

/** What comes with an order: the same for a list and for a trigger. */
export function orderOptionsField(
	displayOptions?: IDisplayOptions,
	more: INodeProperties[] = [],
): INodeProperties {
	return {
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		...(displayOptions ? { displayOptions } : {}),
		options: [
			{
				displayName: 'Include Personal Data',
				name: 'includePersonalData',
				type: 'boolean',
				default: false,
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
		],
	};
}
