import type { Resource } from '../../../shared/run/resource';
import * as get from './get.operation';
import * as getMany from './getMany.operation';
import * as send from './send.operation';
import * as update from './update.operation';

/** Conversations with members, before and after an order: eBay's Message API. */
export const conversation: Resource = {
	name: 'Conversation',
	value: 'conversation',
	first: 'send',
	operations: {
		get: {
			name: 'Get',
			action: 'Get conversation',
			description: 'Read a conversation and its messages, the latest first',
			...get,
		},
		getMany: {
			name: 'Get Many',
			action: 'Get many conversations',
			description: 'List your conversations, the latest first',
			...getMany,
		},
		send: {
			name: 'Send',
			action: 'Send message in conversation',
			description: 'Write to a member, before or after an order',
			...send,
		},
		update: {
			name: 'Update',
			action: 'Update conversation',
			description: 'Mark a conversation as read or unread, archive it or take it back',
			...update,
		},
	},
};
