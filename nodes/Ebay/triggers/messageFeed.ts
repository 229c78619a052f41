import type { IDataObject, IPollFunctions } from 'n8n-workflow';

import { MINUTE_MS, utcMsOf } from '../../shared/dates';
import { MarketplaceError, Refusal } from '../../shared/outcome';
import type { Feed, Page, Sighting, Stretch } from '../../shared/poll/feed';
import { identityOf, markOf } from '../../shared/poll/identity';
import { lookBackOf } from '../../shared/poll/lookBack';
import { entryOf, newReading, passOver, unlessRefused } from '../../shared/poll/refusedEntries';
import { choiceOf } from '../../shared/run/choice';
import { isRecord, parseJson, recordOf, textOf, type Json } from '../../shared/values';
import { simpleMessage } from '../actions/output';
import { cleanText, itemIdIn } from '../actions/parameters';
import { sellerName } from '../api/account';
import { connectionOf, refuseWithoutOAuth, type Connection } from '../api/connection';
import { getConversations, getMessages, type ConversationType } from '../api/conversations';
import { CONVERSATION_PAGES } from '../api/limits';
import { isNamed, isUser, NAMELESS, senderOf, sideOf } from '../api/members';
import { NEW_CONSENT } from '../api/scopes';
import { messageFields, shownFieldsOf } from '../api/shownFields';
import { plainTextOf } from '../api/plainText';
import { asPoll, isoOf, LOOK_BACK_HOURS } from './window';

const SECOND_MS = 1000;

/** Pages of one conversation that a poll reads at most. */
const MOST_PAGES = 20;

/** Conversations looked through for a test in the editor. */
const CONVERSATIONS_FOR_A_TEST = 10;

/** Whose messages start the workflow, and the kinds of conversations that hold them. */
const kindsOf: Readonly<Record<string, readonly ConversationType[]>> = {
	members: ['FROM_MEMBERS'],
	ebay: ['FROM_EBAY'],
	both: ['FROM_MEMBERS', 'FROM_EBAY'],
};

interface What {
	kinds: readonly ConversationType[];
	itemId?: string;
}

/** A conversation, and then a message of it. */
interface Written {
	conversation: Json;
	kind: ConversationType;
	/** What is older was looked at before. */
	from: number;
	message?: Json;
}

/** The messages that others wrote, as a feed: conversations since the last look, and what is new in them. */
export async function messageFeed(context: IPollFunctions): Promise<Feed<Written>> {
	const connection = await connectionOf(context);
	refuseWithoutOAuth(connection, 'Reading messages');
	const filters = context.getNodeParameter('filters', {}) as IDataObject;
	const what: What = {
		kinds: kindsOf[choiceOf(filters.from || 'members', 'From', Object.keys(kindsOf))]!,
		itemId: itemIdIn(cleanText(filters.itemId, 'Item ID')),
	};
	const self = once(async () => await asPoll(sellerName(connection, 'poll')));
	let warned = false;
	const warn = (words: string) => {
		if (!warned) context.logger.warn(words);
		warned = true;
	};
	return {
		marketplace: 'ebay',
		title: 'eBay',
		noun: 'message',
		event: 'message',
		what: JSON.stringify(what),
		lateness: { least: 10 * MINUTE_MS, most: lookBackOf(context, LOOK_BACK_HOURS) },
		lookBack: 10 * MINUTE_MS,
		keep: 0,
		pageSize: CONVERSATION_PAGES[0],
		pagesPerPoll: 20,
		cost: { page: 5 * MINUTE_MS },
		async now() {
			const { date } = await listed(connection, what, what.kinds[0]!, Date.now());
			return utcMsOf(date) ?? Date.now();
		},
		page: async (stretch) => await pageOf(connection, what, stretch),
		partsOf: async (written) => await messagesOf(connection, written, await self(), warn),
		nameOf,
		kindOf: ({ kind }) => kind,
		newest: async () => await newestOne(connection, what, self),
		itemsOf: (written) => [itemOf(written, what)],
		simple: simpleMessage,
	};
}

function nameOf({ conversation }: Written): string | undefined {
	const id = textOf(conversation.conversationId);
	return id && `conversation ${id}`;
}

function once<R>(ask: () => Promise<R>): () => Promise<R> {
	let asked: Promise<R> | undefined;
	return async () => await (asked ??= ask());
}

async function listed(
	connection: Connection,
	{ itemId }: What,
	kind: ConversationType,
	from: number,
	to?: number,
	offset = 0,
) {
	const filter = {
		conversation_type: kind,
		...(itemId ? { reference_id: itemId, reference_type: 'LISTING' as const } : {}),
		// eBay takes times for conversations with members only.
		...(kind === 'FROM_MEMBERS'
			? { start_time: isoOf(from), ...(to === undefined ? {} : { end_time: isoOf(to) }) }
			: {}),
	};
	return await asPoll(getConversations(connection, filter, offset, 'poll')).catch(nameScope);
}

/** Without the scope nothing of this trigger works, so its words are about it alone. */
function nameScope(error: unknown): never {
	if (!(error instanceof MarketplaceError) || error.details.httpStatus !== 403) throw error;
	throw new MarketplaceError("The seller's consent does not cover messages", {
		...error.details,
		description: `This trigger needs the scope commerce.message (https://api.ebay.com/oauth/api_scope/commerce.message). At developer.ebay.com, see under 'Application Keys', 'OAuth Scopes' whether your keyset has it, and ask eBay for it where it does not. ${NEW_CONSENT}`,
	});
}

async function pageOf(
	connection: Connection,
	what: What,
	{ from, to, next }: Stretch,
): Promise<Page<Written>> {
	const place = recordOf(parseJson(next ?? '{}'));
	const kind = what.kinds.find((one) => one === place.kind) ?? what.kinds[0]!;
	// The bounds of the list may leave out what is exactly at them.
	const start = from - SECOND_MS;
	const page = await listed(connection, what, kind, start, to, Number(place.offset ?? 0));
	const begun = Number(place.begun ?? utcMsOf(page.date) ?? Date.now());
	const recent = page.rows.filter((one) => (latestIn(one) ?? Infinity) >= start);
	const result = {
		rows: recent.length,
		mark: markOf(kind, page.rows),
		sightings: recent.map((conversation) => sightingOf({ conversation, kind, from }, begun)),
	};
	// The latest come first: behind older ones there is nothing new.
	const more = page.next !== undefined && page.entries > 0 && recent.length === page.rows.length;
	if (more) return { ...result, next: JSON.stringify({ kind, begun, offset: page.next }) };
	const other = what.kinds[what.kinds.indexOf(kind) + 1];
	if (other) return { ...result, next: JSON.stringify({ kind: other, begun }) };
	return { ...result, until: begun };
}

function sightingOf(written: Written, now: number): Sighting<Written> {
	const { conversation } = written;
	const { messageId } = recordOf(conversation.latestMessage);
	// Where the latest message is not told, the conversation is looked into each time.
	const at = latestIn(conversation) ?? now;
	const keys = [
		`${identityOf(conversation, conversation.conversationId)} ${at} ${textOf(messageId)}`,
	];
	return { keys, since: at, at, value: written };
}

function latestIn({ latestMessage }: Json): number | undefined {
	return utcMsOf(recordOf(latestMessage).createdDate);
}

/** @returns the messages that others wrote since, whoever began the conversation */
async function messagesOf(
	connection: Connection,
	{ conversation, kind, from }: Written,
	self: string | undefined,
	warn: (words: string) => void,
): Promise<Array<Sighting<Written>>> {
	const id = textOf(conversation.conversationId);
	// Of a conversation without an ID nothing can be asked for: what it tells itself is all there is.
	const messages =
		id === undefined && isRecord(conversation.latestMessage) ? [conversation.latestMessage] : [];
	let offset: number | undefined = id === undefined ? undefined : 0;
	for (let pages = 0; offset !== undefined && pages < MOST_PAGES; pages++) {
		const page: { rows: Json[]; next?: number } = await asPoll(
			getMessages(connection, id!, kind, offset, 'poll'),
		);
		messages.push(...page.rows);
		const oldest = utcMsOf(page.rows.at(-1)?.createdDate);
		offset = oldest !== undefined && oldest < from ? undefined : page.next;
	}
	if (kind === 'FROM_MEMBERS') refuseStrangers(messages, self);
	if (!messages.every((message) => isTold(message, kind))) warn(NAMELESS);
	const latest = latestIn(conversation) ?? 0;
	return messages
		.filter((message) => isTheirs(message, kind, self))
		.map((message) => {
			const at = utcMsOf(message.createdDate) ?? latest;
			const name = textOf(message.messageId) ?? `${id ?? ''} ${at} ${textOf(message.messageBody)}`;
			const value = { conversation, kind, from, message };
			return { keys: [`message ${name}`], since: at, at, value };
		});
}

/** Who does not know which of two is the seller would take the seller's own messages for the buyer's. */
function refuseStrangers(messages: Json[], self: string | undefined): void {
	const named = messages.filter(isNamed);
	if (named.length === 0) return;
	// That is about no conversation of its own.
	if (self === undefined) throw namelessError();
	if (!named.every((message) => sideOf(message, self) === 'unknown')) return;
	throw new Refusal(
		'eBay names other members in a conversation than the one whose credential this is',
		'Your own messages cannot be told from those of others, so none is handed over. Check that the refresh token is that of the seller.',
	);
}

const namelessError = () =>
	new MarketplaceError("eBay does not tell the seller's user name", {
		outcome: 'notSent',
		retryable: true,
		marketplace: 'ebay',
		description:
			'Your own messages cannot be told from those of others, so none is handed over. Check that the refresh token is that of the seller.',
	});

/** eBay's own messages need no name: nobody else writes in its conversations. */
const isTold = (message: Json, kind: ConversationType) => kind === 'FROM_EBAY' || isNamed(message);

function isTheirs(message: Json, kind: ConversationType, self: string | undefined): boolean {
	if (!isTold(message, kind)) return false;
	if (self === undefined) return true;
	if (kind === 'FROM_EBAY') return !isUser(senderOf(message), self);
	return sideOf(message, self) !== 'ours';
}

async function newestOne(
	connection: Connection,
	what: What,
	self: () => Promise<string | undefined>,
): Promise<Written | undefined> {
	const found: Array<Sighting<Written>> = [];
	const reading = newReading();
	for (const kind of what.kinds) {
		const { rows } = await listed(connection, what, kind, 0);
		for (const conversation of rows.slice(0, CONVERSATIONS_FOR_A_TEST)) {
			const written = { conversation, kind, from: Date.now() };
			const messages = await unlessRefused(
				reading,
				entryOf(nameOf(written), { kind }),
				async () => {
					return await messagesOf(connection, written, await self(), () => {});
				},
			);
			found.push(...(messages ?? []));
			if (messages && messages.length > 0) break;
		}
	}
	passOver(reading);
	return found.sort((one, other) => other.at - one.at)[0]?.value;
}

function itemOf({ conversation, message = {} }: Written, { itemId }: What): IDataObject {
	const { messageId, messageBody, subject, createdDate } = message;
	const shown = shownFieldsOf(message, messageFields);
	return {
		conversationId: textOf(conversation.conversationId) ?? null,
		messageId: textOf(messageId) ?? null,
		recipientId: senderOf(message) ?? null,
		itemId: textOf(conversation.referenceId) ?? itemId ?? null,
		text: plainTextOf(textOf(messageBody) ?? ''),
		subject: textOf(subject) ?? null,
		createdAt: textOf(createdDate) ?? null,
		media: Array.isArray(shown.messageMedia) ? shown.messageMedia : [],
		...shown,
	};
}
