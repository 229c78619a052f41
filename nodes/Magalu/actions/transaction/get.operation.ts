import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { connectionOf } from '../../api/connection';
import { getTransaction } from '../../api/transactions';
import { idField } from '../fields';
import { shownTransaction } from '../output';
import { idOf } from '../parameters';

export const fields: INodeProperties[] = [
	idField('Transaction ID', 'transactionId', 'What "Send" of messages gave as transactionId'),
];

/** What became of a message that Magalu took. */
export async function execute(context: IExecuteFunctions, itemIndex: number): Promise<IDataObject> {
	const connection = await connectionOf(context);
	const transactionId = idOf(context, itemIndex, 'transactionId', 'Transaction ID');
	return shownTransaction(transactionId, await getTransaction(connection, transactionId));
}
