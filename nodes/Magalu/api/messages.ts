import { utcMsOf } from '../../shared/dates';
import type { PickedFields } from '../../shared/poll/pickFields';
import { theOneSince, type Found } from '../../shared/send/since';
import { isWord, recordOf, recordsOf, textOf, type Json } from '../../shared/values';
import type { Connection } from './connection';
import { scopes } from './login';
import { lookingFor, supportPages, supportReads, supportWrites } from './limits';
import { keyOf, objectOf, pageOf, inSmallerPages, type Page } from './pages';
import { linkOf, type SignedFile } from './signedLinks';
import { takenIn, type Taken } from './taken';

/** Messages of a ticket. @see https://developers.magalu.com/docs/plataforma-do-seller-sac/post_messages.en */

/** A message as Magalu takes it: the files are only announced. */
export interface MessageBody {
	code: string;
	message: string;
	owner: { code: string; name: string };
	destination: string;
	attachments?: Array<{ file_name: string; file_extension: string; file_type: string }>;
}

/** Magalu took the message. It is created once its files are there and its transaction has completed. */
export interface Accepted extends Omit<Taken, 'said'> {
	/** Where Magalu answered with the message itself. */
	messageId?: string;
	/** Where to put the files. */
	files: SignedFile[];
}

/**
 * The fields of a file of a message (`Attachment` of the specification), without `url` and `signed_link`:
 * whoever has one of those can read the file, or put another in its place.
 */
export const attachmentFields: PickedFields = {
	id: true,
	file_name: true,
	provided_file_name: true,
	file_extension: true,
	file_path: true,
	file_type: true,
	file_size: true,
	uploaded_at: true,
};

/**
 * The fields of a message (`TicketMessageToSeller`, and `updated_at` of the guide) without who wrote it: of
 * the sender the kind alone.
 */
export const messageFields: PickedFields = {
	id: true,
	message: true,
	code: true,
	ticket: { id: true },
	sender: { type: true },
	moderation: { id: true, status: true, block_rules: true, updated_at: true },
	destination: true,
	attachments: attachmentFields,
	created_at: true,
	updated_at: true,
};

/** @returns the path of a ticket's messages */
export const messagesPath = (ticketId: string) =>
	`/seller/v0/tickets/${encodeURIComponent(ticketId)}/messages`;

/**
 * Posts a message. Magalu's `code` is no idempotency key: never repeated once it left.
 *
 * @param tooLate asked right before each try: why it must not leave any more
 * @throws MarketplaceError `notSent` on a refusal, `unknown` on 5xx, lost connections and unreadable answers
 */
export async function postMessage(
	connection: Connection,
	ticketId: string,
	body: MessageBody,
	tooLate?: () => Error | undefined,
): Promise<Accepted> {
	const answer = await connection.call({
		policy: 'send',
		method: 'POST',
		path: messagesPath(ticketId),
		body,
		scope: scopes.writeMessages,
		plan: supportWrites,
		tooLate,
	});
	const { said, ...taken } = takenIn(answer);
	// Without files `data` may be null. Magalu may also answer with the message itself.
	const attachments = recordOf(said.data).attachments ?? said.attachments;
	return { ...taken, messageId: taken.id, files: recordsOf(attachments).map(linkOf) };
}

/**
 * One page of a ticket's messages. What moderation rejected, and what is private, Magalu does not list.
 * @param policy `poll` for a trigger
 * @throws MarketplaceError, always `notSent`
 */
export async function listMessages(
	connection: Connection,
	ticketId: string,
	query: { limit: number; offset: number; sort: 'created_at:asc' | 'created_at:desc' },
	policy: 'read' | 'poll' = 'read',
): Promise<Page> {
	const ask = async (limit: number) => {
		const answer = await connection.call({
			policy,
			method: 'GET',
			path: messagesPath(ticketId),
			query: { _sort: query.sort, _limit: limit, _offset: query.offset },
			scope: scopes.readMessages,
			plan: supportReads,
		});
		return pageOf(answer, limit);
	};
	return await inSmallerPages(connection, 'messages', query.limit, ask);
}

/** Which messages of a ticket are wanted. */
interface Wanted {
	/** Left out: all. */
	most?: number;
	/** Milliseconds since 1970: those that are older need not be there. Left out: all are wanted. */
	since?: number;
	/** `poll` for a trigger. */
	policy?: 'read' | 'poll';
}

/**
 * A ticket's messages, no message twice. No filter by date is known for them, so a list reaches 200 from
 * either end.
 *
 * @param note told where some in the middle cannot be read
 * @returns newest first
 * @throws MarketplaceError, always `notSent`
 */
export async function readMessages(
	connection: Connection,
	ticketId: string,
	wanted: Wanted,
	note: (text: string) => void,
): Promise<Json[]> {
	const { most = Infinity, policy } = wanted;
	const newest = await fromOneEnd(connection, ticketId, wanted, 'created_at:desc');
	if (!newest.more) return newest.rows.slice(0, most);

	const oldest = await fromOneEnd(connection, ticketId, { policy }, 'created_at:asc');
	const known = new Set(newest.rows.map(keyOf));
	const others = oldest.rows.filter((row) => !known.has(keyOf(row)));
	if (others.length === oldest.rows.length) {
		note(
			`Magalu lists ${newest.rows.length} messages from either end of a ticket: those in the middle of ticket ${ticketId} were not read`,
		);
	}
	return [...newest.rows, ...others.reverse()].slice(0, most);
}

async function fromOneEnd(
	connection: Connection,
	ticketId: string,
	{ most = Infinity, since = -Infinity, policy }: Wanted,
	sort: 'created_at:asc' | 'created_at:desc',
): Promise<{ rows: Json[]; more: boolean }> {
	const found = new Map<string, Json>();
	for (let offset = 0; offset <= supportPages.lastOffset;) {
		const limit = Math.min(supportPages.size, most - found.size);
		const { rows, entries, full } = await listMessages(
			connection,
			ticketId,
			{ limit, offset, sort },
			policy,
		);
		const before = found.size;
		for (const row of rows) found.set(keyOf(row), row);
		const isOld = (utcMsOf(rows.at(-1)?.created_at) ?? Infinity) < since;
		if (!full || isOld || found.size >= most) return { rows: [...found.values()], more: false };
		// Ever the same page: there is no way on from this end.
		if (rows.length > 0 && found.size === before) break;
		offset += entries;
	}
	return { rows: [...found.values()], more: true };
}

/** What a message is known by in its ticket. */
export interface Known {
	code: string;
	/** Nothing else has the code. Otherwise text and destination have to be the same as well. */
	codeIsUnique: boolean;
	text: string;
	destination: string;
}

/** @param row a message of the ticket */
export function isMessage(row: Json, { code, codeIsUnique, text, destination }: Known): boolean {
	if (textOf(row.code) !== code) return false;
	return (
		codeIsUnique || (textOf(row.message)?.trim() === text && isWord(row.destination, destination))
	);
}

/** A message, and when Magalu created it: milliseconds since 1970 by its clock. */
export interface Dated {
	row: Json;
	at?: number;
}

/**
 * Those of a ticket's newest messages that may be this one, the newest first.
 * @throws MarketplaceError, always `notSent`
 */
export async function messagesLike(
	connection: Connection,
	ticketId: string,
	known: Known,
): Promise<Dated[]> {
	const { rows } = await listMessages(connection, ticketId, {
		limit: lookingFor.newest,
		offset: 0,
		sort: 'created_at:desc',
	});
	const alike = rows.filter((row) => isMessage(row, known));
	return alike.map((row) => ({ row, at: utcMsOf(row.created_at) }));
}

/**
 * The message that left at a time, among a ticket's newest.
 * @param since milliseconds since 1970, by our clock
 * @throws MarketplaceError, always `notSent`
 */
export async function messageSince(
	connection: Connection,
	ticketId: string,
	known: Known,
	since: number,
): Promise<Found<Dated>> {
	const alike = await messagesLike(connection, ticketId, known);
	// A code that nothing else has needs no time.
	if (known.codeIsUnique) return alike[0] ? { one: alike[0] } : 'none';
	return theOneSince(alike, connection.theirTime(since));
}

/** @throws MarketplaceError, always `notSent` */
export async function getMessage(
	connection: Connection,
	ticketId: string,
	messageId: string,
): Promise<Json> {
	const answer = await connection.call({
		policy: 'read',
		method: 'GET',
		path: `${messagesPath(ticketId)}/${encodeURIComponent(messageId)}`,
		scope: scopes.readMessages,
		plan: supportReads,
	});
	return objectOf(answer, ['id', 'message', 'attachments']);
}
