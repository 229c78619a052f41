import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { Refusal } from '../../../shared/outcome';
import { connectionOf, refuseWithoutOAuth } from '../../api/connection';
import { updateConversation, type ConversationChange } from '../../api/conversations';
import { cleanText } from '../parameters';
import {
	conversationIdField,
	conversationTypeField,
	conversationTypeIn,
	neededConversationId,
} from './conversation';

const changes: Readonly<Record<string, { name: string; change: ConversationChange }>> = {
	archive: { name: 'Archive', change: { conversationStatus: 'ARCHIVE' } },
	markRead: { name: 'Mark as Read', change: { read: true } },
	markUnread: { name: 'Mark as Unread', change: { read: false } },
	unarchive: { name: 'Take Out of the Archive', change: { conversationStatus: 'ACTIVE' } },
};

export const fields: INodeProperties[] = [
	conversationIdField({ required: true, description: 'The conversation to change' }),
	{
		displayName: 'Change',
		name: 'change',
		type: 'options',
		default: 'markRead',
		description: 'What becomes of it. The other member does not see it.',
		options: Object.entries(changes).map(([value, { name }]) => ({ name, value })),
	},
	conversationTypeField,
];

/** Marks a conversation, or moves it into the archive or out of it. */
export async function execute(context: IExecuteFunctions, itemIndex: number): Promise<IDataObject> {
	const connection = await connectionOf(context);
	refuseWithoutOAuth(connection, 'Changing conversations');
	const conversationId = neededConversationId(context, itemIndex);
	const change = cleanText(context.getNodeParameter('change', itemIndex, 'markRead'), 'Change');
	const chosen = Object.hasOwn(changes, change) ? changes[change] : undefined;
	if (chosen === undefined) {
		throw new Refusal(
			"'Change' is not one that eBay knows",
			`It is one of ${Object.keys(changes).join(', ')}.`,
		);
	}
	const type = conversationTypeIn(context.getNodeParameter('conversationType', itemIndex, ''));
	await updateConversation(connection, conversationId, type, chosen.change);
	return { change, conversationId };
}
