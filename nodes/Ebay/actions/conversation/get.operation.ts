import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { connectionOf, refuseWithoutOAuth } from '../../api/connection';
import { getConversation } from '../../api/conversations';
import { readingOptions } from '../fields';
import { shownConversation, simpleConversation } from '../output';
import {
	conversationIdField,
	conversationTypeField,
	conversationTypeIn,
	neededConversationId,
} from './conversation';

export const fields: INodeProperties[] = [
	conversationIdField({ required: true, description: 'The conversation to read' }),
	conversationTypeField,
	readingOptions,
];

export const simple = simpleConversation;

/** One conversation with its messages, the latest first. */
export async function execute(context: IExecuteFunctions, itemIndex: number): Promise<IDataObject> {
	const connection = await connectionOf(context);
	refuseWithoutOAuth(connection, 'Reading conversations');
	const conversationId = neededConversationId(context, itemIndex);
	const type = conversationTypeIn(context.getNodeParameter('conversationType', itemIndex, ''));
	const conversation = await getConversation(connection, conversationId, type);
	return shownConversation({ ...conversation, conversationId });
}
