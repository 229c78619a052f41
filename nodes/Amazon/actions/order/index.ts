import type { Resource } from '../../../shared/run/resource';
import * as getMany from './getMany.operation';

/** Orders, without which nobody can be written to. */
export const order: Resource = {
	name: 'Order',
	value: 'order',
	first: 'getMany',
	operations: {
		getMany: {
			name: 'Get Many',
			action: 'Get many orders',
			description: 'List orders to write to, without personal data',
			...getMany,
		},
	},
};
