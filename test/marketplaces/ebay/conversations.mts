import type { Answer, Context, Exchange } from '../service.mts';
import { findPicture, receivedFile } from './pictures.mts';
import { badRequest, bearer, noResource, restError } from './rest.mts';
import { findItem, isMember, nextId, sameUser } from './state.mts';
import type { Conversation, ConversationMessage, EbayState, Media } from './state.mts';

const base = '/commerce/message/v1';

/** The Message API's errors (its OpenAPI document, domain API_MESSAGE). */
const errors = {
	355003: 'The referenceType is invalid.',
	355006: 'The username is invalid.',
	355007: 'The conversation ID is invalid.',
	355010: 'The number of media exceeds the limit.',
	355011: 'The mediaType is invalid.',
	355012: 'Every media needs a name, a type and a URL.',
	355013: 'The message text is too long.',
	355014: 'The mediaUrl is invalid.',
	355015: 'Neither message text nor media were given.',
	355016: 'The referenceId is invalid.',
	355018: 'Either a conversation ID or the username of the other party is needed.',
	355021: 'The reference is incomplete.',
} as const;

/** Name of the operation for log and faults. */
export function messageOperation({ path }: Exchange): string {
	if (path === `${base}/send_message`) return 'ebay.sendMessage';
	if (path === `${base}/conversation`) return 'ebay.conversations';
	return path.startsWith(`${base}/conversation/`) ? 'ebay.conversation' : 'ebay.unknown';
}

/** The REST Message API: sending, the list of conversations, one conversation. */
export function conversations(exchange: Exchange, state: EbayState, context: Context): Answer {
	const now = context.clock.now();
	const access = bearer(exchange, state, now, 'commerce.message');
	if ('refusal' in access) return access.refusal;
	const { seller } = access.token;
	const route = `${exchange.method} ${messageOperation(exchange)}`;
	if (route === 'POST ebay.sendMessage') return sendMessage(exchange, state, context, seller);
	if (route === 'GET ebay.conversations') return listConversations(exchange, state, seller);
	if (route === 'GET ebay.conversation') return oneConversation(exchange, state, seller);
	return noResource();
}

interface Draft {
	conversationId?: string;
	otherPartyUsername?: string;
	messageText?: string;
	messageMedia?: Media[];
	reference?: { referenceType: string; referenceId: string };
	emailCopyToSender?: boolean;
}

function sendMessage(
	exchange: Exchange,
	state: EbayState,
	context: Context,
	seller: string,
): Answer {
	const draft = readDraft(exchange);
	if ('status' in draft) return draft;
	const wrong = wrongIn(draft, state, context);
	if (wrong) return messageError(wrong);
	const found = draft.conversationId
		? state.conversations.find(
				({ conversationId, seller: owner, type }) =>
					conversationId === draft.conversationId && owner === seller && type === 'FROM_MEMBERS',
			)
		: conversationWith(draft, state, seller, context.clock.now());
	if (!found) return messageError(355007);

	const media = draft.messageMedia ?? [];
	const message: ConversationMessage = {
		messageId: nextId(state),
		sender: seller,
		recipient: found.otherParty,
		subject: found.title,
		body: draft.messageText ?? '',
		read: false,
		createdAt: context.clock.now(),
		media,
	};
	found.messages.push(message);
	context.deliver({
		marketplace: 'ebay',
		type: 'sendMessage',
		reference: found.conversationId,
		recipient: found.otherParty,
		text: draft.messageText,
		attachments: media.flatMap(({ mediaName, mediaUrl }) => {
			const picture = findPicture(state, context, mediaUrl);
			return picture ? [receivedFile(picture, mediaName)] : [];
		}),
		fields: {
			seller,
			itemId: draft.reference?.referenceId,
			emailCopyToSender: draft.emailCopyToSender,
			media,
		},
		at: message.createdAt,
	});
	return {
		status: 201,
		body: {
			messageId: message.messageId,
			createdDate: new Date(message.createdAt).toISOString(),
			messageBody: message.body,
			messageMedia: media,
			readStatus: false,
			// The API itself spells these names differently in sending and in reading.
			senderUserName: seller,
			recipientUserName: found.otherParty,
			subject: message.subject,
		},
	};
}

/** Types and names of the fields; what they say is checked by `wrongIn`. */
function readDraft({ headers, body }: Exchange): Draft | Answer {
	if ((headers['content-type'] ?? '').split(';')[0].trim() !== 'application/json') {
		return restError(415, 2003, 'ACCESS', 'Unsupported media type');
	}
	let value: unknown;
	try {
		value = JSON.parse(body.toString('utf8'));
	} catch {
		return badRequest('The body is not JSON.');
	}
	const types: Record<keyof Draft, (field: unknown) => boolean> = {
		conversationId: isText,
		otherPartyUsername: isText,
		messageText: isText,
		messageMedia: (field) =>
			Array.isArray(field) &&
			field.every((one) => isObject(one, ['mediaName', 'mediaType', 'mediaUrl'])),
		reference: (field) => isObject(field, ['referenceType', 'referenceId']),
		emailCopyToSender: (field) => typeof field === 'boolean',
	};
	if (!isObject(value, Object.keys(types))) return badRequest('A field is not known.');
	const broken = Object.entries(value).find(([name, field]) => !types[name as keyof Draft](field));
	return broken ? badRequest(`The field ${broken[0]} is of the wrong type.`) : (value as Draft);
}

function wrongIn(
	draft: Draft,
	state: EbayState,
	context: Context,
): keyof typeof errors | undefined {
	const { messageText, messageMedia = [], reference } = draft;
	if (Boolean(draft.conversationId) === Boolean(draft.otherPartyUsername)) return 355018;
	if (draft.otherPartyUsername && !isMember(state, draft.otherPartyUsername)) return 355006;
	if (!messageText?.trim() && messageMedia.length === 0) return 355015;
	if ([...(messageText ?? '')].length > 2000) return 355013;
	if (messageMedia.length > 5) return 355010;
	for (const { mediaName, mediaType, mediaUrl } of messageMedia) {
		if (!isFilled(mediaName) || !isFilled(mediaType) || !isFilled(mediaUrl)) return 355012;
		if (!['IMAGE', 'PDF', 'DOC', 'TXT'].includes(mediaType)) return 355011;
		// The simulated EPS stands for an https address; any other must be one.
		if (mediaUrl.startsWith(`${context.origin()}/eps/`)) {
			if (!findPicture(state, context, mediaUrl)) return 355014;
		} else if (!/^https:\/\/[^\s/]+\.\S+$/.test(mediaUrl)) return 355014;
	}
	if (!reference) return undefined;
	if (!isFilled(reference.referenceType) || !isFilled(reference.referenceId)) return 355021;
	if (reference.referenceType !== 'LISTING') return 355003;
	return findItem(state, reference.referenceId) ? undefined : 355016;
}

function conversationWith(
	draft: Draft,
	state: EbayState,
	seller: string,
	now: number,
): Conversation {
	const otherParty = draft.otherPartyUsername ?? '';
	const itemId = draft.reference?.referenceId;
	const known = state.conversations.find(
		(one) =>
			one.type === 'FROM_MEMBERS' &&
			one.seller === seller &&
			sameUser(one.otherParty, otherParty) &&
			(itemId === undefined || one.itemId === itemId),
	);
	if (known) return known;
	const opened: Conversation = {
		conversationId: nextId(state),
		type: 'FROM_MEMBERS',
		status: 'ACTIVE',
		title: findItem(state, itemId ?? '')?.title ?? otherParty,
		seller,
		otherParty,
		itemId,
		createdAt: now,
		messages: [],
	};
	state.conversations.push(opened);
	return opened;
}

/** Checks of the query by parameter; a parameter that is not here is refused. */
const listParameters: Record<string, (value: string) => boolean> = {
	conversation_type: isType,
	conversation_status: (value) => ['ACTIVE', 'ARCHIVE', 'DELETE', 'READ', 'UNREAD'].includes(value),
	start_time: isTime,
	end_time: isTime,
	other_party_username: isFilled,
	reference_id: (value) => /^\d+$/.test(value),
	reference_type: (value) => value === 'LISTING',
	limit: (value) => /^\d+$/.test(value) && Number(value) >= 1 && Number(value) <= 50,
	offset: (value) => /^\d+$/.test(value),
};

function listConversations(exchange: Exchange, state: EbayState, seller: string): Answer {
	const { query } = exchange;
	const wrong = wrongParameter(query, listParameters);
	if (wrong) return badRequest(wrong);
	const limit = Number(query.get('limit') ?? 25);
	const offset = Number(query.get('offset') ?? 0);
	if (offset % limit !== 0) return badRequest('offset is not a multiple of limit.');
	const type = query.get('conversation_type');
	if (type === 'FROM_EBAY' && (query.has('start_time') || query.has('end_time'))) {
		return badRequest('start_time and end_time go with FROM_MEMBERS only.');
	}
	if (query.has('reference_id') !== query.has('reference_type')) {
		return badRequest('reference_id and reference_type go together.');
	}
	const wanted = state.conversations
		.filter((one) => one.seller === seller && one.type === type && one.messages.length > 0)
		.filter((one) => asked(one, query))
		.sort((one, other) => latest(other).createdAt - latest(one).createdAt);
	const shown = wanted.slice(offset, offset + limit).map((one) => ({
		...described(one),
		conversationId: one.conversationId,
		createdDate: new Date(one.createdAt).toISOString(),
		latestMessage: messageShown(latest(one)),
		referenceId: one.itemId,
		referenceType: one.itemId === undefined ? undefined : 'LISTING',
		unreadCount: one.messages.filter((message) => unread(message, one)).length,
	}));
	return {
		status: 200,
		body: { ...paged(exchange, limit, offset, wanted.length), conversations: shown },
	};
}

function oneConversation(exchange: Exchange, state: EbayState, seller: string): Answer {
	const { query, path } = exchange;
	const { conversation_type, limit: isLimit, offset: isOffset } = listParameters;
	const wrong = wrongParameter(query, { conversation_type, limit: isLimit, offset: isOffset });
	if (wrong) return badRequest(wrong);
	const id = path.slice(`${base}/conversation/`.length);
	const found = state.conversations.find(
		({ conversationId, type, seller: owner }) =>
			conversationId === id && type === query.get('conversation_type') && owner === seller,
	);
	if (!found) return messageError(355007);
	const limit = Number(query.get('limit') ?? 25);
	const offset = Number(query.get('offset') ?? 0);
	const newestFirst = [...found.messages].reverse();
	return {
		status: 200,
		body: {
			...described(found),
			...paged(exchange, limit, offset, newestFirst.length),
			messages: newestFirst.slice(offset, offset + limit).map(messageShown),
		},
	};
}

function wrongParameter(
	query: URLSearchParams,
	known: Record<string, (value: string) => boolean>,
): string | undefined {
	if (!query.has('conversation_type')) return 'conversation_type is required.';
	const wrong = [...query].find(([name, value]) => !known[name]?.(value));
	return wrong && `The parameter ${wrong[0]} is not known, or its value is not allowed.`;
}

function asked(one: Conversation, query: URLSearchParams): boolean {
	const status = query.get('conversation_status');
	const start = query.get('start_time');
	const end = query.get('end_time');
	const other = query.get('other_party_username');
	const isUnread = one.messages.some((message) => unread(message, one));
	return (
		(status === null ||
			status === one.status ||
			(status === 'UNREAD' && isUnread) ||
			(status === 'READ' && !isUnread)) &&
		(start === null || latest(one).createdAt >= Date.parse(start)) &&
		(end === null || latest(one).createdAt <= Date.parse(end)) &&
		(other === null || sameUser(other, one.otherParty)) &&
		(!query.has('reference_id') || query.get('reference_id') === one.itemId)
	);
}

function unread(message: ConversationMessage, one: Conversation): boolean {
	return !message.read && !sameUser(message.sender, one.seller);
}

function latest(one: Conversation): ConversationMessage {
	return one.messages[one.messages.length - 1];
}

function described(one: Conversation): object {
	return {
		conversationStatus: one.status,
		conversationTitle: one.title,
		conversationType: one.type,
	};
}

function paged(exchange: Exchange, limit: number, offset: number, total: number): object {
	const at = (from: number) => {
		const query = new URLSearchParams(exchange.query);
		query.set('limit', String(limit));
		query.set('offset', String(from));
		return `${exchange.origin}/ebay${exchange.path}?${query}`;
	};
	return {
		href: at(offset),
		limit,
		offset,
		total,
		next: offset + limit < total ? at(offset + limit) : undefined,
		prev: offset >= limit ? at(offset - limit) : undefined,
	};
}

function messageShown(message: ConversationMessage): object {
	return {
		messageId: message.messageId,
		messageBody: message.body,
		messageMedia: message.media,
		createdDate: new Date(message.createdAt).toISOString(),
		readStatus: message.read,
		senderUsername: message.sender,
		recipientUsername: message.recipient,
		subject: message.subject,
	};
}

function messageError(errorId: keyof typeof errors): Answer {
	return restError(400, errorId, 'API_MESSAGE', errors[errorId]);
}

function isText(field: unknown): boolean {
	return typeof field === 'string';
}

function isFilled(field: unknown): boolean {
	return typeof field === 'string' && field.trim() !== '';
}

function isType(value: string): boolean {
	return value === 'FROM_MEMBERS' || value === 'FROM_EBAY';
}

function isTime(value: string): boolean {
	return (
		/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(value) && !Number.isNaN(Date.parse(value))
	);
}

function isObject(field: unknown, names: string[]): field is Record<string, unknown> {
	return (
		typeof field === 'object' &&
		field !== null &&
		!Array.isArray(field) &&
		Object.keys(field).every((name) => names.includes(name))
	);
}
