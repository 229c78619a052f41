import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { connectionOf } from '../../api/connection';
import { buyerLocale } from '../../api/messages';
import { shownOrder } from '../output';
import { orderOf } from '../parameters';

export const fields: INodeProperties[] = [];

/** The buyer's language: a message should be written in it. */
export async function execute(context: IExecuteFunctions, itemIndex: number): Promise<IDataObject> {
	const connection = await connectionOf(context);
	const order = orderOf(context, itemIndex, connection);
	return { locale: (await buyerLocale(connection, order)) ?? null, ...shownOrder(order) };
}
