import type { Resource } from '../../../shared/run/resource';
import * as get from './get.operation';

/** What becomes of a message that Magalu accepted. */
export const transaction: Resource = {
	name: 'Transaction',
	value: 'transaction',
	first: 'get',
	operations: {
		get: {
			name: 'Get',
			action: 'Get transaction',
			description: 'Tell what became of a message that Magalu accepted',
			...get,
		},
	},
};
