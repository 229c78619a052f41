import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { executionOf } from './execution';
import type { Resource } from './resource';

/**
 * The seller's account, as the credential opens it, with one operation that checks it.
 *
 * @param description what the check tells, as the list of operations says it
 * @param checkAccount one row a check; it changes nothing, and is made once, however many items come in
 */
export function accountResource(
	description: string,
	checkAccount: (context: IExecuteFunctions) => Promise<IDataObject[]>,
): Resource {
	return {
		name: 'Account',
		value: 'account',
		first: 'check',
		operations: {
			check: {
				name: 'Check',
				action: 'Check account',
				description,
				fields: [],
				async execute(context) {
					const ask = async () => await checkAccount(context);
					const rows = await executionOf(context).askOnce('account check', ask);
					return rows.map((row) => ({ ...row }));
				},
			},
		},
	};
}
