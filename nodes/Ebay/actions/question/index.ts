import type { Resource } from '../../../shared/run/resource';
import * as getMany from './getMany.operation';
import * as reply from './reply.operation';

/** What members ask about the seller's listings. */
export const question: Resource = {
	name: 'Question',
	value: 'question',
	first: 'getMany',
	operations: {
		getMany: {
			name: 'Get Many',
			action: 'Get many questions',
			description: 'List what members asked about your listings',
			...getMany,
		},
		reply: {
			name: 'Reply',
			action: 'Reply to question',
			description: 'Answer a question about an active listing',
			...reply,
		},
	},
};
