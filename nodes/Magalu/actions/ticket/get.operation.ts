import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { connectionOf } from '../../api/connection';
import { getTicket } from '../../api/tickets';
import { ticketField, ticketIdOf } from '../ids';
import { personalDataOption, wantsPersonalData } from '../personalData';
import { shownTicket } from '../shown';

const show = { resource: ['ticket'], operation: ['get'] };

export const fields: INodeProperties[] = [ticketField({ show }), personalDataOption(show)];

/** One ticket. */
export async function execute(context: IExecuteFunctions, itemIndex: number): Promise<IDataObject> {
	const connection = await connectionOf(context);
	const ticket = await getTicket(connection, ticketIdOf(context, itemIndex));
	return shownTicket(ticket, wantsPersonalData(context, itemIndex));
}
