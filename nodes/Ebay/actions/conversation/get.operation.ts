import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { Refusal } from '../../../shared/outcome';
import { connectionOf, refuseWithoutOAuth } from '../../api/connection';
import { getConversation } from '../../api/conversations';
import { shownConversation } from '../output';
import {
	conversationIdField,
	conversationIdOf,
	conversationTypeIn,
	conversationTypeOptions,
} from './conversation';

export const fields: INodeProperties[] = [
	conversationIdField({ required: true, description: 'The conversation to read' }),
	{
		displayName: 'Conversation Type',
		name: 'conversationType',
		type: 'options',
		default: 'FROM_MEMBERS',
		description: 'Who writes in the conversation',
		options: conversationTypeOptions,
	},
];

/** One conversation with its messages, the latest first. */
export async function execute(context: IExecuteFunctions, itemIndex: number): Promise<IDataObject> {
	const connection = await connectionOf(context);
	refuseWithoutOAuth(connection, 'Reading conversations');
	const conversationId = conversationIdOf(context, itemIndex);
	if (conversationId === undefined) {
		throw new Refusal("'Conversation' is empty", 'Choose one from the list, or write its ID.');
	}
	const type = conversationTypeIn(context.getNodeParameter('conversationType', itemIndex, ''));
	const conversation = await getConversation(connection, conversationId, type);
	return shownConversation({ ...conversation, conversationId });
}
