import { utcMsOf } from '../../shared/dates';
import type { LookAt } from '../../shared/send/lookUp';
import { recordsOf, textOf, type Json } from '../../shared/values';
import type { Connection } from '../api/connection';
import { getConversations, getMessages } from '../api/conversations';
import { isUser } from '../api/members';
import { plainTextOf } from '../api/plainText';
import { isUnknownConversation } from '../api/restErrors';
import { linesOf, type SentHeader } from '../api/sentMessages';

/** Which of the messages that eBay shows are like the one that is looked for. */

/** What a message is known by among those that were sent. */
export interface Sought {
	recipientId?: string;
	itemId?: string;
	text: string;
	/** Labels of its files, as eBay shows them. */
	media: string[];
}

/** What eBay leaves out rules nothing out. */
export function isTo({ recipients, itemId }: SentHeader, sought: Sought): boolean {
	const wanted = sought.recipientId;
	const isRecipient = wanted === undefined || recipients.some((name) => isUser(name, wanted));
	return isRecipient && (!itemId || !sought.itemId || itemId === sought.itemId);
}

/** The lines of the text stand together; eBay may show lines around them. */
export function holds(shown: string[], text: string): boolean {
	const lines = linesOf(text);
	return shown.some((_, at) => lines.every((line, i) => shown[at + i] === line));
}

export const isSameList = (one: string[], other: string[]) =>
	one.length === other.length && one.every((text, i) => text === other[i]);

export const isSameMedia = (shown: string[], wanted: string[]) =>
	isSameList([...shown].sort(), [...wanted].sort());

/** The latest messages of a conversation. */
export interface ConversationPage {
	/** The latest first. */
	rows: Json[];
	/** How many entries came: of those that are none (`null`) there is no row. */
	entries: number;
	/** eBay's clock. */
	date?: string;
	id?: string;
	/** Where the list goes on; nothing after its end. */
	next?: number;
	/** No other conversation is with the same member about the same item. */
	isOnly: boolean;
}

/** The messages of the conversation, the latest first. */
export async function conversationOf(
	connection: Connection,
	conversationId: string | undefined,
	{ recipientId, itemId }: Sought,
	{ leftMs }: LookAt,
): Promise<ConversationPage> {
	// Up to three calls, each tried twice.
	const timeout = Math.max(1000, leftMs / 6);
	const brief = ['poll', timeout] as const;
	if (conversationId !== undefined) {
		try {
			const { rows, entries, date, next } = await getMessages(
				connection,
				conversationId,
				'FROM_MEMBERS',
				0,
				...brief,
			);
			return { rows, entries, date, next, id: conversationId, isOnly: true };
		} catch (error) {
			if (!isUnknownConversation(error) || recipientId === undefined) throw error as Error;
		}
	}
	const filter = {
		conversation_type: 'FROM_MEMBERS' as const,
		other_party_username: recipientId,
		...(itemId ? { reference_id: itemId, reference_type: 'LISTING' as const } : {}),
	};
	const list = await getConversations(connection, filter, 0, ...brief);
	// The latest comes first.
	const id = textOf(list.rows[0]?.conversationId);
	if (id === undefined) return { rows: [], entries: 0, date: list.date, isOnly: false };
	const { rows, entries, next } = await getMessages(connection, id, 'FROM_MEMBERS', 0, ...brief);
	const isOnly = list.entries === 1 && list.next === undefined;
	return { rows, entries, date: list.date, next, id, isOnly };
}

export function isLike(row: Json, { text, media }: Sought): boolean {
	const names = recordsOf(row.messageMedia).map(({ mediaName }) => textOf(mediaName) ?? '');
	const lines = linesOf(plainTextOf(textOf(row.messageBody) ?? ''));
	return isSameList(lines, linesOf(text)) && isSameMedia(names, media);
}

export const timeOf = ({ createdDate }: Json) => utcMsOf(createdDate);
