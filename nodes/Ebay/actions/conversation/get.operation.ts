import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { limitOf, returnAllFields } from '../../../shared/returnAll';
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
	conversationIdField({
		required: true,
		description: 'The conversation to read, its latest messages first',
	}),
	conversationTypeField,
	...returnAllFields({}, true),
	readingOptions,
];

export const simple = simpleConversation;

/** One conversation with its messages, or with the latest of them; the latest come first. */
export async function execute(context: IExecuteFunctions, itemIndex: number): Promise<IDataObject> {
	const connection = await connectionOf(context);
	refuseWithoutOAuth(connection, 'Reading conversations');
	const conversationId = neededConversationId(context, itemIndex);
	const type = conversationTypeIn(context.getNodeParameter('conversationType', itemIndex, ''));
	const limit = limitOf(context, itemIndex, true);
	const conversation = await getConversation(connection, conversationId, type, limit);
	return shownConversation({ ...conversation, conversationId });
}
