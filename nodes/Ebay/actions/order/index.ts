import type { Resource } from '../../../shared/run/resource';
import * as get from './get.operation';
import * as getMany from './getMany.operation';

/** Orders, to look again before a message goes out. */
export const order: Resource = {
	name: 'Order',
	value: 'order',
	first: 'get',
	operations: {
		get: {
			name: 'Get',
			action: 'Get order',
			description: 'Read an order, for example whether it was cancelled meanwhile',
			...get,
		},
		getMany: {
			name: 'Get Many',
			action: 'Get many orders',
			description:
				'List orders of the last 30 days, or up to 90 with Created After, without personal data',
			...getMany,
		},
	},
};
