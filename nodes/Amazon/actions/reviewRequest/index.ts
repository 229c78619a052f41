import type { Resource } from '../../../shared/run/resource';
import * as getEligibility from './getEligibility.operation';
import * as send from './send.operation';

/** The request for a product review and seller feedback. */
export const reviewRequest: Resource = {
	name: 'Review Request',
	value: 'reviewRequest',
	first: 'send',
	operations: {
		send: {
			name: 'Send',
			action: 'Send review request',
			description: 'Ask the buyer of an order for a product review and seller feedback',
			...send,
		},
		getEligibility: {
			name: 'Get Eligibility',
			action: 'Get review request eligibility',
			description: 'Tell whether a review of an order can be asked for now',
			...getEligibility,
		},
	},
};
