import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { connectionOf } from '../../api/connection';
import { getTicket } from '../../api/tickets';
import { ticketField, ticketIdOf } from '../ids';
import { shownTicket } from '../shown';

export const fields: INodeProperties[] = [
	ticketField({ show: { resource: ['ticket'], operation: ['get'] } }),
];

/** One ticket. */
export async function execute(context: IExecuteFunctions, itemIndex: number): Promise<IDataObject> {
	const connection = await connectionOf(context);
	return shownTicket(await getTicket(connection, ticketIdOf(context, itemIndex)));
}
