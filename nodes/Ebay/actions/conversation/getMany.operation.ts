import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { utcDateIn } from '../../../shared/dates';
import { Refusal } from '../../../shared/outcome';
import { limitOf, returnAllFields } from '../../../shared/returnAll';
import { connectionOf, refuseWithoutOAuth } from '../../api/connection';
import {
	getConversations,
	keyOfConversation,
	type ConversationFilter,
} from '../../api/conversations';
import { readList } from '../../api/pages';
import { readingOptions } from '../fields';
import { shownConversation, simpleConversation } from '../output';
import { cleanText, itemIdIn } from '../parameters';
import { conversationTypeIn, conversationTypeOptions } from './conversation';

/** @see https://developer.ebay.com/api-docs/commerce/message/resources/conversation/methods/getConversations */
const statuses = [
	{ name: 'Active', value: 'ACTIVE' },
	{ name: 'Archived', value: 'ARCHIVE' },
	{ name: 'Deleted', value: 'DELETE' },
	{ name: 'Read', value: 'READ' },
	{ name: 'Unread', value: 'UNREAD' },
];

export const fields: INodeProperties[] = [
	...returnAllFields({}),
	{
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		placeholder: 'Add Filter',
		default: {},
		options: [
			{
				displayName: 'Conversation Type',
				name: 'conversationType',
				type: 'options',
				default: 'FROM_MEMBERS',
				description: 'Who writes in the conversations. Left out: members.',
				options: conversationTypeOptions,
			},
			{
				displayName: 'End Time',
				name: 'endTime',
				type: 'dateTime',
				default: '',
				description: 'Only conversations until then; with members only',
			},
			{
				displayName: 'Item ID',
				name: 'itemId',
				type: 'string',
				default: '',
				placeholder: 'e.g. 110093125309',
				description: 'Only conversations about this listing: its number or address',
			},
			{
				displayName: 'Recipient ID',
				name: 'recipientId',
				type: 'string',
				default: '',
				placeholder: 'e.g. buyer_one',
				description: 'Only conversations with this member',
			},
			{
				displayName: 'Start Time',
				name: 'startTime',
				type: 'dateTime',
				default: '',
				description: 'Only conversations since then; with members only',
			},
			{
				displayName: 'Status',
				name: 'status',
				type: 'options',
				default: 'UNREAD',
				description: 'Only conversations in this state',
				options: statuses,
			},
		],
	},
	readingOptions,
];

export const simple = simpleConversation;

/** The seller's conversations, the latest first. */
export async function execute(
	context: IExecuteFunctions,
	itemIndex: number,
): Promise<IDataObject[]> {
	const connection = await connectionOf(context);
	refuseWithoutOAuth(connection, 'Reading conversations');
	const limit = limitOf(context, itemIndex);
	const filter = filterOf(context, itemIndex);
	const found = await readList(
		limit,
		keyOfConversation,
		async (offset) => await getConversations(connection, filter, offset),
	);
	return found.map(shownConversation);
}

function filterOf(context: IExecuteFunctions, itemIndex: number): ConversationFilter {
	const filters = context.getNodeParameter('filters', itemIndex, {}) as IDataObject;
	const type = conversationTypeIn(filters.conversationType);
	const itemId = itemIdIn(cleanText(filters.itemId, 'Item ID'));
	const status = cleanText(filters.status, 'Status') || undefined;
	if (status !== undefined && !statuses.some(({ value }) => value === status)) {
		const words = statuses.map(({ value }) => value).join(', ');
		throw new Refusal("'Status' is not one of eBay's", `It is one of ${words}.`);
	}
	const zone = context.getTimezone();
	const start = utcDateIn(filters.startTime, 'Start Time', zone);
	const end = utcDateIn(filters.endTime, 'End Time', zone);
	if (type === 'FROM_EBAY' && (start ?? end) !== undefined) {
		throw new Refusal(
			"'Start Time' and 'End Time' go with conversations from members only",
			"Remove them, or choose 'From Members' as the conversation type.",
		);
	}
	return {
		conversation_type: type,
		conversation_status: status,
		start_time: start,
		end_time: end,
		other_party_username: cleanText(filters.recipientId, 'Recipient ID') || undefined,
		...(itemId ? { reference_id: itemId, reference_type: 'LISTING' } : {}),
	};
}
