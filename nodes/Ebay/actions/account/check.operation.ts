import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { executionOf } from '../../../shared/run/execution';
import { checkAccount } from './checks';

export const fields: INodeProperties[] = [];

/** One item a check. It changes nothing at eBay, and is made once, however many items come in. */
export async function execute(context: IExecuteFunctions): Promise<IDataObject[]> {
	const rows = await executionOf(context).askOnce(
		'account check',
		async () => await checkAccount(context),
	);
	return rows.map((row) => ({ ...row }));
}
