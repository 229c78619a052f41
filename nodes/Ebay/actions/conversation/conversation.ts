import type {
	IDataObject,
	IExecuteFunctions,
	ILoadOptionsFunctions,
	INodeListSearchResult,
	INodeProperties,
} from 'n8n-workflow';

import { Refusal } from '../../../shared/outcome';
import { recordOf, textOf, type Json } from '../../../shared/values';
import { connectionOf, refuseWithoutOAuth } from '../../api/connection';
import { conversationName, getConversations, type ConversationType } from '../../api/conversations';
import { CONVERSATION_PAGE } from '../../api/limits';
import { cleanText, textOfField } from '../reading';

/** The field that names a conversation: picked from a list, or its ID. */
export const conversationIdField = (
	displayOptions: INodeProperties['displayOptions'],
	more: Partial<INodeProperties>,
): INodeProperties => ({
	displayName: 'Conversation',
	name: 'conversationId',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	displayOptions,
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			typeOptions: { searchListMethod: 'searchConversations', searchable: true },
		},
		{ displayName: 'By ID', name: 'id', type: 'string', placeholder: 'e.g. 800000001' },
	],
	...more,
});

/** @returns the ID that the form names, by list, by ID or as plain text; nothing where it names none */
export function conversationIdOf(
	context: IExecuteFunctions,
	itemIndex: number,
): string | undefined {
	const id = textOfField(context, itemIndex, 'conversationId');
	if (id === '') return undefined;
	if (/^[\w.~:|+=-]{1,200}$/.test(id)) return id;
	throw new Refusal(
		"'Conversation' is not the ID of a conversation",
		'Choose one from the list, or take conversationId from "Get Many".',
	);
}

export const conversationTypeOptions = [
	{ name: 'From eBay', value: 'FROM_EBAY', description: 'What eBay itself writes to the seller' },
	{
		name: 'From Members',
		value: 'FROM_MEMBERS',
		description: 'Conversations with buyers and others',
	},
];

export function conversationTypeIn(value: unknown): ConversationType {
	const chosen = cleanText(value) || 'FROM_MEMBERS';
	if (chosen === 'FROM_MEMBERS' || chosen === 'FROM_EBAY') return chosen;
	throw new Refusal(
		"'Conversation Type' is not one of eBay's",
		'It is FROM_MEMBERS or FROM_EBAY. Choose one from the list.',
	);
}

/** Our names before eBay's own. */
export function shownConversation(conversation: Json): IDataObject {
	const { conversationId, referenceId, referenceType } = conversation;
	return {
		...(textOf(conversationId) ? { conversationId: textOf(conversationId) } : {}),
		...(referenceType === 'LISTING' && textOf(referenceId) ? { itemId: textOf(referenceId) } : {}),
		...(conversation as IDataObject),
	};
}

/** The list in the editor: conversations with members, the latest first, a page at a time. */
export async function searchConversations(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const connection = await connectionOf(this);
	refuseWithoutOAuth(connection, 'Reading conversations');
	const offset = Number(paginationToken ?? 0);
	const { conversations, hasMore } = await getConversations(
		connection,
		{ conversation_type: 'FROM_MEMBERS' },
		offset,
	);
	const wanted = (filter ?? '').toLowerCase();
	return {
		results: conversations
			.filter((one) => searchedIn(one).toLowerCase().includes(wanted))
			.map((one) => ({ name: conversationName(one), value: textOf(one.conversationId) ?? '' }))
			.filter(({ value }) => value !== ''),
		...(hasMore ? { paginationToken: String(offset + CONVERSATION_PAGE) } : {}),
	};
}

/** What the list shows, and who wrote the latest message to whom. */
function searchedIn(conversation: Json): string {
	const { senderUsername, recipientUsername } = recordOf(conversation.latestMessage);
	const parts = [conversation.conversationId, senderUsername, recipientUsername].map(textOf);
	return [conversationName(conversation), ...parts].join(' ');
}
