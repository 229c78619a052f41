import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { executionOf } from '../../../shared/run/execution';
import { limitOf, returnAllFields } from '../../../shared/returnAll';
import { connectionOf } from '../../api/connection';
import { readMessages } from '../../api/messages';
import { personalDataOption, ticketField } from '../fields';
import { shownMessage, simpleMessage } from '../output';
import { ticketIdOf, wantsPersonalData } from '../parameters';

export const fields: INodeProperties[] = [ticketField, ...returnAllFields({}), personalDataOption];

export const simple = simpleMessage;

/** The messages of a ticket, newest first. */
export async function execute(
	context: IExecuteFunctions,
	itemIndex: number,
): Promise<IDataObject[]> {
	const connection = await connectionOf(context);
	const ticketId = ticketIdOf(context, itemIndex);
	const most = limitOf(context, itemIndex);
	const personal = wantsPersonalData(context, itemIndex);
	const messages = await readMessages(connection, ticketId, { most }, executionOf(context).hint);
	return messages.map((message) => shownMessage(ticketId, message, personal));
}
