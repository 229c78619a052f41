import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { DAY_MS, utcDateIn } from '../../../shared/dates';
import { Refusal } from '../../../shared/outcome';
import { limitOf, returnAllFields } from '../../../shared/returnAll';
import { withFirstColumns } from '../../../shared/run/firstColumns';
import { connectionOf } from '../../api/connection';
import { readList } from '../../api/pages';
import {
	getMemberMessages,
	pageSizeFor,
	type Question,
	type QuestionFilter,
} from '../../api/questions';
import { readingOptions } from '../fields';
import { shownQuestion, simpleQuestion } from '../output';
import { cleanText, itemIdIn } from '../parameters';

/** Without a listing eBay wants a time: so many days back, where the form names no start. */
const DAYS_BACK = 90;

const statuses = ['Answered', 'Unanswered'];

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
				displayName: 'End Time',
				name: 'endTime',
				type: 'dateTime',
				default: '',
				description:
					"Only questions asked before. Left out: now. Without a time zone, the workflow's counts.",
			},
			{
				displayName: 'Item ID',
				name: 'itemId',
				type: 'string',
				default: '',
				placeholder: 'e.g. 110093125309',
				description: 'Only questions about this listing: its number or address',
			},
			{
				displayName: 'Message Status',
				name: 'messageStatus',
				type: 'options',
				default: 'Unanswered',
				description: 'Only questions that are answered, or not yet',
				options: statuses.map((value) => ({ name: value, value })),
			},
			{
				displayName: 'Start Time',
				name: 'startTime',
				type: 'dateTime',
				default: '',
				description: `Only questions asked since. Left out, and without 'Item ID': ${DAYS_BACK} days before the end.`,
			},
		],
	},
	readingOptions,
];

export const simple = simpleQuestion;

/** The questions of members about the seller's listings, newest first. */
export async function execute(
	context: IExecuteFunctions,
	itemIndex: number,
): Promise<IDataObject[]> {
	const connection = await connectionOf(context);
	const limit = limitOf(context, itemIndex);
	const filter = filterOf(context, itemIndex);
	const size = pageSizeFor(limit);
	const found = await readList(
		limit,
		({ key }: Question) => key,
		async (offset) => {
			const page = offset / size + 1;
			const { questions, hasMore } = await getMemberMessages(connection, filter, page, size);
			return { rows: questions, next: hasMore ? offset + size : undefined };
		},
	);
	return found.map((question) =>
		withFirstColumns(shownQuestion(question), 'MessageStatus', 'recipientId', 'body', 'itemId'),
	);
}

function filterOf(context: IExecuteFunctions, itemIndex: number): QuestionFilter {
	const filters = context.getNodeParameter('filters', itemIndex, {}) as IDataObject;
	const itemId = itemIdIn(cleanText(filters.itemId, 'Item ID'));
	const messageStatus = cleanText(filters.messageStatus, 'Message Status') || undefined;
	if (messageStatus !== undefined && !statuses.includes(messageStatus)) {
		throw new Refusal("'Message Status' is not one of eBay's", `It is ${statuses.join(' or ')}.`);
	}
	const zone = context.getTimezone();
	const start = utcDateIn(filters.startTime, 'Start Time', zone);
	const end = utcDateIn(filters.endTime, 'End Time', zone);
	if (itemId && start === undefined && end === undefined) return { itemId, messageStatus };

	// eBay takes both times or none.
	const endTime = end ?? new Date(Date.now()).toISOString();
	const startTime = start ?? new Date(Date.parse(endTime) - DAYS_BACK * DAY_MS).toISOString();
	if (Date.parse(startTime) >= Date.parse(endTime)) {
		throw new Refusal(
			"'Start Time' is not before 'End Time'",
			end === undefined ? "Without 'End Time' it is now." : 'Exchange them, or correct one.',
		);
	}
	return { itemId, messageStatus, startTime, endTime };
}
