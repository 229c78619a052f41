import type { Resource } from '../../../shared/run/resource';
import * as send from './send.operation';

/** Messages to the other side of an order. */
export const message: Resource = {
	name: 'Message',
	value: 'message',
	first: 'send',
	operations: {
		send: {
			name: 'Send',
			action: 'Send message',
			description: 'Write to the buyer of an order, up to 90 days after it',
			...send,
		},
	},
};
