import type { Resource } from '../../../shared/run/resource';
import * as check from './check.operation';

/** The seller's account, as the credential opens it. */
export const account: Resource = {
	name: 'Account',
	value: 'account',
	first: 'check',
	operations: {
		check: {
			name: 'Check',
			action: 'Check account',
			description:
				'Tell whether login, roles, region and clock are right, and when the client secret ends',
			...check,
		},
	},
};
