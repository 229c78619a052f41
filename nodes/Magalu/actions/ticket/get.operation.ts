import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { connectionOf } from '../../api/connection';
import { getTicket } from '../../api/tickets';
import { personalDataOption, ticketField } from '../fields';
import { shownTicket, simpleTicket } from '../output';
import { ticketIdOf, wantsPersonalData } from '../parameters';

export const fields: INodeProperties[] = [ticketField, personalDataOption];

export const simple = simpleTicket;

/** One ticket. */
export async function execute(context: IExecuteFunctions, itemIndex: number): Promise<IDataObject> {
	const connection = await connectionOf(context);
	const ticket = await getTicket(connection, ticketIdOf(context, itemIndex));
	return shownTicket(ticket, wantsPersonalData(context, itemIndex));
}
