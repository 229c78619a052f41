import type { Resource } from '../../../shared/run/resource';
import * as downloadAttachment from './downloadAttachment.operation';
import * as getMany from './getMany.operation';
import * as send from './send.operation';

/** Messages of a ticket. */
export const message: Resource = {
	name: 'Message',
	value: 'message',
	first: 'send',
	operations: {
		send: {
			name: 'Send',
			action: 'Send message',
			description: 'Answer in a ticket',
			...send,
		},
		getMany: {
			name: 'Get Many',
			action: 'Get many messages',
			description: 'List the messages of a ticket, newest first',
			...getMany,
		},
		downloadAttachment: {
			name: 'Download Attachment',
			action: 'Download attachment of message',
			description: 'Get a file that came with a message',
			...downloadAttachment,
		},
	},
};
