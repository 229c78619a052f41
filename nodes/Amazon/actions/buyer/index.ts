import type { Resource } from '../../../shared/run/resource';
import * as getAttributes from './getAttributes.operation';

/** What Amazon tells of an order's buyer. */
export const buyer: Resource = {
	name: 'Buyer',
	value: 'buyer',
	first: 'getAttributes',
	operations: {
		getAttributes: {
			name: 'Get Attributes',
			action: 'Get buyer attributes (language)',
			description: "Tell the language of an order's buyer",
			...getAttributes,
		},
	},
};
