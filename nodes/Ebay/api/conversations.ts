import { jsonOf } from '../../shared/http/response';
import { refusedError } from '../../shared/http/errors';
import type { HttpResponse, RepeatPolicy, Service } from '../../shared/http/service';
import { listedIn, queryOf, recordOf, recordsOf, textOf, type Json } from '../../shared/values';
import type { Connection } from './connection';
import { USER_AGENT } from './hosts';
import { recipientOf } from './members';
import {
	CONVERSATION_PAGES,
	conversationPlan,
	readConversationsPlan,
	type MediaType,
} from './limits';
import { askForPage, readList } from './pages';
import type { List } from '../../shared/pageSize';
import { restApi } from './restErrors';

/** Message API v1, scope `commerce.message`. @see https://developer.ebay.com/api-docs/commerce/message/overview.html */
const MESSAGE_PATH = '/commerce/message/v1';

/** Who may write in a conversation. */
export type ConversationType = 'FROM_MEMBERS' | 'FROM_EBAY';

export interface ConversationMedia {
	mediaName: string;
	mediaType: MediaType;
	mediaUrl: string;
}

export interface ConversationMessage {
	/** An open conversation, or else the other member. */
	conversationId?: string;
	recipientId?: string;
	/** The listing that it is about. */
	itemId?: string;
	text: string;
	/** Left out: as the seller's account says. */
	emailCopyToSender?: boolean;
	media: ConversationMedia[];
}

export interface SentMessage {
	/** Left out where eBay answers that it was sent, and no more. */
	messageId?: string;
	createdAt?: string;
	recipientId?: string;
	subject?: string;
	warnings: Array<{ code: string; message: string }>;
}

/** Success is told by the status alone (204). */
const changeApi = restApi({ ofConversation: true });

function messageIdIn(answer: HttpResponse): string | undefined {
	return textOf(recordOf(jsonOf(answer)).messageId);
}

/**
 * Writes into a conversation, or begins one (sendMessage). No idempotency key: never repeated once it left.
 *
 * @throws MarketplaceError `notSent` on a refusal, `unknown` where no answer tells
 * @see https://developer.ebay.com/api-docs/commerce/message/resources/conversation/methods/sendMessage
 */
export async function postMessage(
	connection: Connection,
	message: ConversationMessage,
): Promise<SentMessage> {
	const { conversationId, recipientId, itemId, text, emailCopyToSender, media } = message;
	const sendApi = restApi({
		sends: true,
		ofConversation: conversationId !== undefined,
		proves: (one) => messageIdIn(one) !== undefined,
	});
	const answer = await ask(connection, sendApi, 'send', '/send_message', {
		...(conversationId ? { conversationId } : { otherPartyUsername: recipientId }),
		...(text ? { messageText: text } : {}),
		...(media.length > 0 ? { messageMedia: media } : {}),
		...(itemId ? { reference: { referenceType: 'LISTING', referenceId: itemId } } : {}),
		...(emailCopyToSender === undefined ? {} : { emailCopyToSender }),
	});
	const body = recordOf(jsonOf(answer));
	return {
		messageId: messageIdIn(answer),
		createdAt: textOf(body.createdDate),
		recipientId: recipientOf(body),
		subject: textOf(body.subject),
		// A message that has an id is sent: what else eBay says is a warning.
		warnings: [...recordsOf(body.warnings), ...recordsOf(body.errors)].map((one) => ({
			code: textOf(one.errorId) ?? '',
			message: textOf(one.longMessage) ?? textOf(one.message) ?? '',
		})),
	};
}

/** Names are those of the API's query. */
export interface ConversationFilter {
	conversation_type: ConversationType;
	conversation_status?: string;
	/** ISO 8601 in UTC; for conversations with members only. */
	start_time?: string;
	end_time?: string;
	other_party_username?: string;
	reference_id?: string;
	reference_type?: 'LISTING';
}

/** A page of conversations, or of the messages of one. */
export interface Page {
	rows: Json[];
	/** How many entries came: of those that are none (`null`) there is no row. */
	entries: number;
	/** Where the list goes on; nothing after the last page. */
	next?: number;
	/** The whole answer. */
	body: Json;
	/** eBay's clock as the answer's header tells it. */
	date?: string;
}

const conversationList: List = { name: 'getConversations', sizes: CONVERSATION_PAGES };

/**
 * One page of the conversations, the latest first (getConversations).
 *
 * @param offset where it begins: 0, or `next` of the page before
 * @param policy `poll` for a trigger, and for a look that must not take long
 * @param timeout of each try (milliseconds)
 * @throws MarketplaceError
 * @see https://developer.ebay.com/api-docs/commerce/message/resources/conversation/methods/getConversations
 */
export async function getConversations(
	connection: Connection,
	filter: ConversationFilter,
	offset = 0,
	policy: Extract<RepeatPolicy, 'read' | 'poll'> = 'read',
	timeout?: number,
): Promise<Page> {
	const [most] = CONVERSATION_PAGES;
	const readApi = restApi({ reads: true });
	const page = await askForPage(connection, conversationList, offset, most, async (limit) => {
		const query = queryOf({ ...filter, limit, offset });
		const path = `/conversation?${query}`;
		return await ask(connection, readApi, policy, path, undefined, timeout);
	});
	return pageOf(page, 'conversations', offset, readApi, policy);
}

/** What tells a conversation from another: its id, or else all that is there of it. */
export const keyOfConversation = (conversation: Json): string =>
	textOf(conversation.conversationId) ?? JSON.stringify(conversation);

const keyOfMessage = (message: Json) => textOf(message.messageId) ?? JSON.stringify(message);

/** What can be changed of a conversation: one of the two. */
export type ConversationChange = { read: boolean } | { conversationStatus: 'ACTIVE' | 'ARCHIVE' };

/**
 * Marks a conversation as read or not, or archives it (updateConversation). The same change can be made
 * again.
 *
 * @throws MarketplaceError
 * @see https://developer.ebay.com/api-docs/commerce/message/resources/conversation/methods/updateConversation
 */
export async function updateConversation(
	connection: Connection,
	conversationId: string,
	conversationType: ConversationType,
	change: ConversationChange,
): Promise<void> {
	const body = { conversationId, conversationType, ...change };
	await ask(connection, changeApi, 'prepare', '/update_conversation', body);
}

/** What an answer says of its page, not of the conversation. */
const PAGING = new Set(['href', 'limit', 'next', 'offset', 'prev', 'total']);
/** By one of these an answer tells of its list. */
const TELLING = new Set([...PAGING, 'conversationType']);

/** Messages of a conversation are read up to so many, however many are wanted. */
const MOST_MESSAGES = 2000;

/**
 * One conversation with its latest messages, the latest first (getConversation). Where more than 2000 are
 * wanted, a hint says that it has more.
 *
 * @param limit how many messages are wanted
 * @throws MarketplaceError
 * @see https://developer.ebay.com/api-docs/commerce/message/resources/conversation/methods/getConversation
 */
export async function getConversation(
	connection: Connection,
	conversationId: string,
	type: ConversationType,
	limit: number,
): Promise<Json> {
	let conversation: Json | undefined;
	const wanted = Math.min(limit, MOST_MESSAGES + 1);
	const messages = await readList(wanted, keyOfMessage, async (offset) => {
		const page = await getMessages(connection, conversationId, type, offset);
		conversation ??= page.body;
		return page;
	});
	if (messages.length > MOST_MESSAGES) {
		connection.hint(`Only the latest ${MOST_MESSAGES} messages of a conversation were read`);
	}
	const ofConversation = Object.entries({ ...conversation }).filter(([name]) => !PAGING.has(name));
	return { ...Object.fromEntries(ofConversation), messages: messages.slice(0, MOST_MESSAGES) };
}

/**
 * One page of a conversation's messages, the latest first (getConversation).
 *
 * @param offset where it begins: 0, or `next` of the page before
 * @param policy `poll` for a trigger, and for a look that must not take long
 * @param timeout of each try (milliseconds)
 * @throws MarketplaceError
 */
export async function getMessages(
	connection: Connection,
	conversationId: string,
	type: ConversationType,
	offset = 0,
	policy: Extract<RepeatPolicy, 'read' | 'poll'> = 'read',
	timeout?: number,
): Promise<Page> {
	const [most] = CONVERSATION_PAGES;
	const list = { name: `getConversation ${conversationId}`, sizes: CONVERSATION_PAGES };
	const readApi = restApi({ ofConversation: true, reads: true });
	const page = await askForPage(connection, list, offset, most, async (limit) => {
		const query = queryOf({ conversation_type: type, limit, offset });
		const path = `/conversation/${encodeURIComponent(conversationId)}?${query}`;
		return await ask(connection, readApi, policy, path, undefined, timeout);
	});
	return pageOf(page, 'messages', offset, readApi, policy);
}

/** No field of the answer has to be there: one without any lists nothing, and one of other fields is none. */
function pageOf(
	{ answer, size }: { answer: HttpResponse; size: number },
	name: 'conversations' | 'messages',
	offset: number,
	service: Service,
	policy: RepeatPolicy,
): Page {
	const body = recordOf(jsonOf(answer));
	const fields = Object.keys(body);
	const isTold = fields.length === 0 || fields.some((one) => TELLING.has(one));
	const list = listedIn(body, name, isTold, nextOf(body, offset, size, 0) !== undefined);
	if (!list) throw refusedError(service, policy, answer, 'unreadable', 0);
	return {
		rows: recordsOf(list),
		entries: list.length,
		next: nextOf(body, offset, size, list.length),
		body,
		date: answer.headers.date,
	};
}

/**
 * Where a list goes on. The address of the next page outranks the total, which may be that of this page;
 * only its number is used, so that no token follows an address from outside. Otherwise by what came, since
 * a page may hold more or fewer than were asked for.
 */
function nextOf({ total, next }: Json, offset: number, size: number, got: number) {
	const named = Number(/[?&]offset=(\d+)/.exec(textOf(next) ?? '')?.[1]);
	if (named > offset) return named;
	const place = offset + (got || size);
	const all = Number(textOf(total));
	if (Number.isNaN(all)) return got > 0 && next !== undefined ? place : undefined;
	return place < all ? place : undefined;
}

async function ask(
	{ gate, apiUrl }: Connection,
	service: Service,
	policy: RepeatPolicy,
	path: string,
	body?: Json,
	timeout?: number,
): Promise<HttpResponse> {
	return await gate.ask(service, policy, {
		method: body ? 'POST' : 'GET',
		operation: `ebay.${/\w+/.exec(path)?.[0]}`,
		url: `${apiUrl}${MESSAGE_PATH}${path}`,
		headers: {
			accept: 'application/json',
			'user-agent': USER_AGENT,
			...(body ? { 'content-type': 'application/json' } : {}),
		},
		body: body && JSON.stringify(body),
		plan: policy === 'send' ? conversationPlan : readConversationsPlan,
		timeout,
	});
}
