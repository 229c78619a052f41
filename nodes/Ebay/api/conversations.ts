import type { HttpResponse, RepeatPolicy, Service } from '../../shared/http/service';
import {
	isRecord,
	parseJson,
	queryOf,
	recordOf,
	recordsOf,
	textOf,
	type Json,
} from '../../shared/values';
import type { Connection } from './connection';
import { CONVERSATION_PAGE, type MediaType } from './limits';
import { isJsonObject, restApi } from './restErrors';

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
	messageId: string;
	createdAt?: string;
	recipientId?: string;
	subject?: string;
	warnings: Array<{ code: string; message: string }>;
}

/** A message that got an id is sent; anything else that looks like a success is none. */
const sendApi = restApi((answer) => messageIdIn(answer) !== undefined);

const readApi = restApi(isJsonObject);

function messageIdIn({ text }: HttpResponse): string | undefined {
	return textOf(recordOf(parseJson(text)).messageId);
}

/**
 * Writes into a conversation, or begins one (sendMessage). No idempotency key: never repeated once it left.
 *
 * @throws MarketplaceError `notSent` on a refusal, `unknown` where no answer tells
 * @see https://developer.ebay.com/api-docs/commerce/message/resources/conversation/methods/sendMessage
 */
export async function sendMessage(
	connection: Connection,
	message: ConversationMessage,
): Promise<SentMessage> {
	const { conversationId, recipientId, itemId, text, emailCopyToSender, media } = message;
	const answer = await ask(connection, sendApi, 'send', '/send_message', {
		...(conversationId ? { conversationId } : { otherPartyUsername: recipientId }),
		...(text ? { messageText: text } : {}),
		...(media.length > 0 ? { messageMedia: media } : {}),
		...(itemId ? { reference: { referenceType: 'LISTING', referenceId: itemId } } : {}),
		...(emailCopyToSender === undefined ? {} : { emailCopyToSender }),
	});
	const body = recordOf(parseJson(answer.text));
	return {
		messageId: messageIdIn(answer)!,
		createdAt: textOf(body.createdDate),
		// Sending and reading spell this name differently.
		recipientId: textOf(body.recipientUserName) ?? textOf(body.recipientUsername),
		subject: textOf(body.subject),
		warnings: recordsOf(body.warnings).map((one) => ({
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

/**
 * One page of the conversations, the latest first (getConversations).
 *
 * @param offset a multiple of 50
 * @throws MarketplaceError
 * @see https://developer.ebay.com/api-docs/commerce/message/resources/conversation/methods/getConversations
 */
export async function getConversations(
	connection: Connection,
	filter: ConversationFilter,
	offset = 0,
): Promise<{ conversations: Json[]; hasMore: boolean }> {
	const query = queryOf({ ...filter, limit: CONVERSATION_PAGE, offset });
	const answer = await ask(connection, readApi, 'read', `/conversation?${query}`);
	const body = recordOf(parseJson(answer.text));
	const conversations = recordsOf(body.conversations);
	return { conversations, hasMore: isMore(body, offset, conversations.length) };
}

/** What an answer says of its page, not of the conversation. */
const PAGING = new Set(['href', 'limit', 'next', 'offset', 'prev', 'total']);

/** Messages of a conversation are read up to so many. */
const MOST_MESSAGES = 2000;

/**
 * One conversation with its latest 2000 messages, the latest first (getConversation). A hint says where
 * it has more.
 *
 * @throws MarketplaceError
 * @see https://developer.ebay.com/api-docs/commerce/message/resources/conversation/methods/getConversation
 */
export async function getConversation(
	connection: Connection,
	conversationId: string,
	type: ConversationType,
): Promise<Json> {
	const messages: Json[] = [];
	let conversation: Json | undefined;
	let more = true;
	for (let offset = 0; more && offset < MOST_MESSAGES; offset += CONVERSATION_PAGE) {
		const query = queryOf({ conversation_type: type, limit: CONVERSATION_PAGE, offset });
		const path = `/conversation/${encodeURIComponent(conversationId)}?${query}`;
		const answer = await ask(connection, readApi, 'read', path);
		const body = recordOf(parseJson(answer.text));
		const page = recordsOf(body.messages);
		conversation ??= body;
		messages.push(...page);
		more = isMore(body, offset, page.length);
	}
	if (more)
		connection.hint(`Only the latest ${MOST_MESSAGES} messages of a conversation were read`);
	const ofConversation = Object.entries({ ...conversation }).filter(([name]) => !PAGING.has(name));
	return { ...Object.fromEntries(ofConversation), messages };
}

function isMore({ total, next }: Json, offset: number, got: number): boolean {
	if (got === 0) return false;
	const all = Number(textOf(total));
	return Number.isNaN(all) ? typeof next === 'string' : offset + got < all;
}

async function ask(
	{ gate, apiUrl }: Connection,
	service: Service,
	policy: RepeatPolicy,
	path: string,
	body?: Json,
): Promise<HttpResponse> {
	return await gate.ask(service, policy, {
		method: body ? 'POST' : 'GET',
		url: `${apiUrl}${MESSAGE_PATH}${path}`,
		headers: {
			accept: 'application/json',
			...(body ? { 'content-type': 'application/json' } : {}),
		},
		body: body && JSON.stringify(body),
	});
}

/** What a list shows of a conversation: its title, and the other side as far as it can be told. */
export function conversationName(conversation: Json): string {
	const latest = isRecord(conversation.latestMessage) ? conversation.latestMessage : {};
	const title = textOf(conversation.conversationTitle) ?? textOf(conversation.conversationId) ?? '';
	const text = (textOf(latest.messageBody) ?? '')
		.replace(/<[^>]*>/g, ' ')
		.replace(/\s+/g, ' ')
		.trim();
	const short = [...text].slice(0, 40).join('');
	return short === '' ? title : `${title}: ${short}${short.length < text.length ? '…' : ''}`;
}
