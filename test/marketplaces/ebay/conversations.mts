import type { Answer, Context, Exchange } from '../service.mts';
import { findPicture, receivedFile } from './pictures.mts';
import { badRequest, bearer, noResource, restError } from './rest.mts';
import { findItem, isMember, nextId, sameUser } from './state.mts';
import type { Conversation, ConversationMessage, EbayState, Media } from './state.mts';

const base = '/commerce/message/v1';

/**
 * The Message API's errors (its OpenAPI document, domain API_MESSAGE), all with HTTP 400, in words of our
 * own. 355000 stands in no document: integrators report it from production, with HTTP 404.
 */
const errors = {
	355000: 'Invalid conversation',
	355001: 'The conversation status is none of the documented ones.',
	355002: 'The conversation type is none of the documented ones.',
	355003: 'The reference type is none of the documented ones.',
	355004: 'The start time has to be before the end time.',
	355005: 'A time is not an ISO 8601 date with a UTC offset.',
	355006: 'The username is invalid.',
	355007: 'The conversation ID is invalid.',
	355008: 'The offset is not a multiple of the limit.',
	355009: 'The limit is not a number from 1 to 50.',
	355010: 'The number of media exceeds the limit.',
	355011: 'The mediaType is invalid.',
	355012: 'Every media needs a name, a type and a URL.',
	355013: 'The message text is too long.',
	355014: 'The mediaUrl is invalid.',
	355015: 'Neither message text nor media were given.',
	355016: 'The reference ID is not a positive number.',
	355017: 'conversation_type is required.',
	355018: 'Either a conversation ID or the username of the other party is needed.',
	355020: 'There is no listing with this reference ID.',
	355021: 'The reference is incomplete.',
	355022: 'reference_id needs a reference_type.',
} as const;

/** Name of the operation for log and faults. */
export function messageOperation({ path }: Exchange): string {
	if (path === `${base}/send_message`) return 'ebay.sendMessage';
	if (path === `${base}/update_conversation`) return 'ebay.updateConversation';
	if (path === `${base}/conversation`) return 'ebay.conversations';
	return path.startsWith(`${base}/conversation/`) ? 'ebay.conversation' : 'ebay.unknown';
}

/** The REST Message API: sending, the list of conversations, one conversation, its state. */
export function conversations(exchange: Exchange, state: EbayState, context: Context): Answer {
	const now = context.clock.now();
	const access = bearer(exchange, state, now, 'commerce.message');
	if ('refusal' in access) return access.refusal;
	const { seller } = access.token;
	const route = `${exchange.method} ${messageOperation(exchange)}`;
	if (route === 'POST ebay.sendMessage') return sendMessage(exchange, state, context, seller);
	if (route === 'POST ebay.updateConversation') return updateConversation(exchange, state, seller);
	if (route === 'GET ebay.conversations') return listConversations(exchange, state, seller, now);
	if (route === 'GET ebay.conversation') return oneConversation(exchange, state, seller, now);
	return noResource();
}

/** A member writes to the seller: in their open conversation, or in a new one. */
export function writeInConversation(
	state: EbayState,
	now: number,
	{ from, text, itemId }: { from: string; text: string; itemId?: string },
): { conversation: Conversation; message: ConversationMessage } {
	const { seller } = [...state.refreshTokens.values()][0]!;
	let conversation = state.conversations.find(
		(one) => one.type === 'FROM_MEMBERS' && sameUser(one.otherParty, from),
	);
	if (!conversation) {
		conversation = {
			conversationId: `8${nextId(state).padStart(11, '0')}`,
			type: 'FROM_MEMBERS',
			status: 'ACTIVE',
			seller,
			otherParty: from,
			...(itemId ? { itemId } : {}),
			createdAt: now,
			messages: [],
		};
		state.conversations.push(conversation);
	}
	const item = conversation.itemId ? findItem(state, conversation.itemId) : undefined;
	const message: ConversationMessage = {
		messageId: nextId(state),
		sender: from,
		recipient: seller,
		subject: item?.title ?? 'A message',
		body: text,
		read: false,
		createdAt: now,
		media: [],
	};
	conversation.messages.push(message);
	return { conversation, message };
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
	if (!found) return unknownConversation(state);

	const media = draft.messageMedia ?? [];
	const message: ConversationMessage = {
		messageId: nextId(state),
		sender: seller,
		recipient: found.otherParty,
		subject: findItem(state, found.itemId ?? '')?.title ?? `Message to ${found.otherParty}`,
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

function jsonIn({ headers, body }: Exchange): { body: unknown } | Answer {
	if ((headers['content-type'] ?? '').split(';')[0].trim() !== 'application/json') {
		return restError(415, 2003, 'ACCESS', 'Unsupported media type');
	}
	try {
		return { body: JSON.parse(body.toString('utf8')) as unknown };
	} catch {
		return badRequest('The body is not JSON.');
	}
}

/** Types and names of the fields; what they say is checked by `wrongIn`. */
function readDraft(exchange: Exchange): Draft | Answer {
	const json = jsonIn(exchange);
	if ('status' in json) return json;
	const value = json.body;
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
	if (!/^[1-9]\d*$/.test(reference.referenceId)) return 355016;
	return findItem(state, reference.referenceId) ? undefined : 355020;
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
		seller,
		otherParty,
		itemId,
		createdAt: now,
		messages: [],
	};
	state.conversations.push(opened);
	return opened;
}

/** Checks of the query by parameter, and the error of a wrong one; a parameter that is not here is refused. */
const listParameters: Record<string, [(value: string) => boolean, keyof typeof errors]> = {
	conversation_type: [isType, 355002],
	conversation_status: [(value) => [...statuses, 'READ', 'UNREAD'].includes(value), 355001],
	start_time: [isTime, 355005],
	end_time: [isTime, 355005],
	other_party_username: [isFilled, 355006],
	reference_id: [(value) => /^[1-9]\d*$/.test(value), 355016],
	reference_type: [(value) => value === 'LISTING', 355003],
	limit: [(value) => /^\d+$/.test(value) && Number(value) >= 1 && Number(value) <= 50, 355009],
	offset: [(value) => /^\d+$/.test(value), 355008],
};

const statuses = ['ACTIVE', 'ARCHIVE', 'DELETE'];

/** `POST /update_conversation`: read or not, or its place; answered with 204 and nothing in it. */
function updateConversation(exchange: Exchange, state: EbayState, seller: string): Answer {
	const change = jsonIn(exchange);
	if ('status' in change) return change;
	const { body } = change;
	const known = ['conversationId', 'conversationType', 'conversationStatus', 'read'];
	if (!isObject(body, known)) return badRequest('A field is not known.');
	const { conversationId, conversationType, conversationStatus, read } = body;
	if (typeof conversationType !== 'string' || !isType(conversationType))
		return messageError(355002);
	if ((conversationStatus === undefined) === (read === undefined)) {
		return badRequest('Exactly one of conversationStatus and read is expected.');
	}
	if (read !== undefined && typeof read !== 'boolean') return badRequest('read is no boolean.');
	if (conversationStatus !== undefined && !statuses.includes(conversationStatus as string)) {
		return messageError(355001);
	}
	const found = state.conversations.find(
		(one) =>
			one.conversationId === conversationId &&
			one.type === conversationType &&
			one.seller === seller,
	);
	if (!found) return unknownConversation(state);
	if (conversationStatus !== undefined) found.status = conversationStatus as Conversation['status'];
	else for (const message of found.messages) message.read = read as boolean;
	return { status: 204 };
}

/** As the lists show it at a time: without messages that come late; nothing where no other is there. */
function shownAt(one: Conversation, now: number): Conversation | undefined {
	const isShown = ({ indexedAt = 0 }: ConversationMessage) => indexedAt <= now;
	if (one.messages.length > 0 && one.messages.every(isShown)) return one;
	const messages = one.messages.filter(isShown);
	return messages.length > 0 ? { ...one, messages } : undefined;
}

function listConversations(
	exchange: Exchange,
	state: EbayState,
	seller: string,
	now: number,
): Answer {
	const { query } = exchange;
	const wrong = wrongParameter(query, listParameters);
	if (wrong) return wrong;
	const asksFor = Number(query.get('limit') ?? 25);
	const offset = Number(query.get('offset') ?? 0);
	const limit = state.rowsPerPage ?? asksFor;
	if (offset % asksFor !== 0) return messageError(355008);
	const type = query.get('conversation_type');
	const [start, end] = [query.get('start_time'), query.get('end_time')];
	if (type === 'FROM_EBAY' && (start ?? end) !== null) {
		return badRequest('start_time and end_time go with FROM_MEMBERS only.');
	}
	if (start !== null && end !== null && Date.parse(start) >= Date.parse(end)) {
		return messageError(355004);
	}
	if (query.has('reference_id') && !query.has('reference_type')) return messageError(355022);
	const other = query.get('other_party_username');
	if (other !== null && !isMember(state, other)) return messageError(355006);
	const wanted = state.conversations
		.filter((one) => one.seller === seller && one.type === type)
		.flatMap((one) => shownAt(one, now) ?? [])
		.filter(askedBy(query))
		.sort((one, other) => latest(other).createdAt - latest(one).createdAt);
	const shown = wanted.slice(offset, offset + limit).map((one) => ({
		...described(one),
		conversationId: one.conversationId,
		createdDate: new Date(one.createdAt).toISOString(),
		latestMessage: one.hidesLatest ? undefined : messageShown(latest(one)),
		referenceId: one.itemId,
		referenceType: one.itemId === undefined ? undefined : 'LISTING',
		unreadCount: one.messages.filter((message) => unread(message, one)).length,
	}));
	return {
		status: 200,
		body: { ...paged(exchange, limit, offset, wanted.length), conversations: shown },
	};
}

function oneConversation(
	exchange: Exchange,
	state: EbayState,
	seller: string,
	now: number,
): Answer {
	const { query, path } = exchange;
	const { conversation_type, limit: isLimit, offset: isOffset } = listParameters;
	const wrong = wrongParameter(query, { conversation_type, limit: isLimit, offset: isOffset });
	if (wrong) return wrong;
	const id = path.slice(`${base}/conversation/`.length);
	const owned = state.conversations.find(
		({ conversationId, type, seller: owner }) =>
			conversationId === id && type === query.get('conversation_type') && owner === seller,
	);
	const found = owned && shownAt(owned, now);
	if (!found) return unknownConversation(state);
	const asksFor = Number(query.get('limit') ?? 25);
	const offset = Number(query.get('offset') ?? 0);
	const limit = state.rowsPerPage ?? asksFor;
	if (offset % asksFor !== 0) return messageError(355008);
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

function wrongParameter(query: URLSearchParams, known: typeof listParameters): Answer | undefined {
	if (!query.has('conversation_type')) return messageError(355017);
	for (const [name, value] of query) {
		if (!Object.hasOwn(known, name)) return badRequest(`The parameter ${name} is not known.`);
		const [isRight, error] = known[name];
		if (!isRight(value)) return messageError(error);
	}
	return undefined;
}

function askedBy(query: URLSearchParams): (one: Conversation) => boolean {
	const status = query.get('conversation_status');
	const time = (name: string, none: number) =>
		query.has(name) ? Date.parse(query.get(name)!) : none;
	const [start, end] = [time('start_time', -Infinity), time('end_time', Infinity)];
	const other = query.get('other_party_username');
	const itemId = query.get('reference_id');
	return (one) => {
		const { createdAt } = latest(one);
		if (createdAt < start || createdAt > end) return false;
		if (other !== null && !sameUser(other, one.otherParty)) return false;
		if (itemId !== null && itemId !== one.itemId) return false;
		if (status === null || status === one.status) return true;
		const isUnread = one.messages.some((message) => unread(message, one));
		return status === (isUnread ? 'UNREAD' : 'READ');
	};
}

function unread(message: ConversationMessage, one: Conversation): boolean {
	return !message.read && !sameUser(message.sender, one.seller);
}

function latest(one: Conversation): ConversationMessage {
	return one.messages[one.messages.length - 1];
}

/** In production the title is the text of the latest message. */
function described(one: Conversation): object {
	return {
		conversationStatus: one.status,
		conversationTitle: latest(one).body,
		conversationType: one.type,
	};
}

function paged(exchange: Exchange, limit: number, offset: number, total: number): object {
	// Where another size of page came than was asked for, the next page is named by that size.
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

/** The document says 400 with 355007; in production it is 404 with 355000. */
function unknownConversation(state: EbayState): Answer {
	if (state.unknownConversation === 'asDocumented') return messageError(355007);
	return restError(404, 355000, 'API_MESSAGE', errors[355000]);
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
