import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { Refusal } from '../../../shared/outcome';
import { pickedIn } from '../../../shared/text';
import type { ConversationType } from '../../api/conversations';
import { cleanText } from '../parameters';

/** The field that names a conversation: picked from a list, or its ID. */
export const conversationIdField = (more: Partial<INodeProperties>): INodeProperties => ({
	displayName: 'Conversation',
	name: 'conversationId',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			typeOptions: { searchListMethod: 'searchConversations', searchable: true },
		},
		{ displayName: 'By ID', name: 'id', type: 'string', placeholder: 'e.g. 100234567890' },
	],
	...more,
});

/** @returns the ID that the form names, by list, by ID or as plain text; nothing where it names none */
export function conversationIdOf(
	context: IExecuteFunctions,
	itemIndex: number,
): string | undefined {
	const picked = pickedIn(context.getNodeParameter('conversationId', itemIndex, ''));
	const id = cleanText(picked, 'Conversation');
	if (id === '') return undefined;
	if (/^[\w.~:|+=-]{1,200}$/.test(id)) return id;
	throw new Refusal(
		"'Conversation' is not the ID of a conversation",
		'Choose one from the list, or take conversationId from "Get Many".',
	);
}

/** @throws Refusal where the form names none */
export function neededConversationId(context: IExecuteFunctions, itemIndex: number): string {
	const id = conversationIdOf(context, itemIndex);
	if (id !== undefined) return id;
	throw new Refusal("'Conversation' is empty", 'Choose one from the list, or write its ID.');
}

export const conversationTypeOptions = [
	{ name: 'From eBay', value: 'FROM_EBAY', description: 'What eBay itself writes to the seller' },
	{
		name: 'From Members',
		value: 'FROM_MEMBERS',
		description: 'Conversations with buyers and others',
	},
];

export const conversationTypeField: INodeProperties = {
	displayName: 'Conversation Type',
	name: 'conversationType',
	type: 'options',
	default: 'FROM_MEMBERS',
	description: 'Who writes in the conversation',
	options: conversationTypeOptions,
};

export function conversationTypeIn(value: unknown): ConversationType {
	const chosen = cleanText(value, 'Conversation Type') || 'FROM_MEMBERS';
	if (chosen === 'FROM_MEMBERS' || chosen === 'FROM_EBAY') return chosen;
	throw new Refusal(
		"'Conversation Type' is not one of eBay's",
		'It is FROM_MEMBERS or FROM_EBAY. Choose one from the list.',
	);
}
