import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { connectionOf } from '../../api/connection';
import { getTransaction } from '../../api/transactions';
import { idField, personalDataOption } from '../fields';
import { shownTransaction, simpleTransaction } from '../output';
import { idOf, wantsPersonalData } from '../parameters';

export const fields: INodeProperties[] = [
	idField('Transaction ID', 'transactionId', 'What "Send" of messages gave as transactionId'),
	personalDataOption,
];

export const simple = simpleTransaction;

/** What became of a message that Magalu took. */
export async function execute(context: IExecuteFunctions, itemIndex: number): Promise<IDataObject> {
	const connection = await connectionOf(context);
	const transactionId = idOf(context, itemIndex, 'transactionId', 'Transaction ID');
	const transaction = await getTransaction(connection, transactionId);
	return shownTransaction(transactionId, transaction, wantsPersonalData(context, itemIndex));
}
