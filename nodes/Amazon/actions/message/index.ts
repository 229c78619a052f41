import type { Resource } from '../../../shared/run/resource';
import * as getAvailableTypes from './getAvailableTypes.operation';
import * as send from './send.operation';

/** Messages to the buyer of an order. */
export const message: Resource = {
	name: 'Message',
	value: 'message',
	first: 'send',
	operations: {
		send: {
			name: 'Send',
			action: 'Send message',
			description: 'Write to the buyer of an order',
			...send,
		},
		getAvailableTypes: {
			name: 'Get Available Types',
			action: 'Get available message types',
			description: 'List the message types that Amazon allows for an order now',
			...getAvailableTypes,
		},
	},
};
