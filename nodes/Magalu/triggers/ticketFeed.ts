import type { IDataObject, IPollFunctions } from 'n8n-workflow';

import { DAY_MS, HOUR_MS, MINUTE_MS, utcMsOf } from '../../shared/dates';
import { pickFields } from '../../shared/poll/pickFields';
import type { Feed, Page, Sighting } from '../../shared/poll/feed';
import { identityOf, markOf } from '../../shared/poll/identity';
import { lookBackOf } from '../../shared/poll/lookBack';
import { entryOf, newReading, passOver, unlessRefused } from '../../shared/poll/refusedEntries';
import { Refusal } from '../../shared/outcome';
import { choiceOf } from '../../shared/run/choice';
import { isWord, recordOf, textOf, type Json } from '../../shared/values';
import { simpleTicket, simpleTicketMessage } from '../actions/output';
import { connectionOf, type Connection } from '../api/connection';
import { supportPages } from '../api/limits';
import { messageFields, readMessages } from '../api/messages';
import { isOpen, listTickets, ticketFields, type TicketQuery } from '../api/tickets';
import { clockOf, zuluOf } from './clock';
import { ticketPage, type TicketPage, type Wanted } from './ticketPages';

/** Of 200 readings a minute, the messages of tickets that did not change get a tenth. */
const MESSAGES_COST_MS = 3000;

/** Tickets looked through for a test in the editor. */
const TICKETS_FOR_A_TEST = 10;

/** Events that are about messages, by who wrote them: never the seller. */
export const senders: Readonly<Record<string, string>> = {
	customerMessage: 'customer',
	mediationMessage: 'channel',
};

const events = [...Object.keys(senders), 'dueSoon', 'ticketCreated', 'ticketUpdated'];

/** How late Magalu may show a ticket or a message, in hours. */
export const LOOK_BACK_HOURS = 6;
/** Of `dueSoon`, in hours. */
export const HOURS_BEFORE = 24;
const MOST_HOURS_BEFORE = 720;

interface What {
	event: string;
	status?: string;
	type?: string;
	/** Of `dueSoon`: so long before a ticket is due. */
	before: number;
}

/** A ticket, and the message that it is about. */
interface Told {
	ticket: Json;
	/** Messages that are older were looked at before. */
	from: number;
	message?: Json;
}

/** Magalu's tickets as a feed: all events but `dueSoon` are told from the lists of what changed. */
export async function ticketFeed(context: IPollFunctions): Promise<Feed<Told>> {
	const connection = await connectionOf(context);
	const filters = context.getNodeParameter('filters', {}) as IDataObject;
	const event = choiceOf(context.getNodeParameter('event', 'ticketCreated'), 'Trigger On', events);
	const what: What = {
		event,
		status: textOf(filters.status)?.trim() || undefined,
		type: textOf(filters.type),
		before: event === 'dueSoon' ? hoursBefore(context) * HOUR_MS : 0,
	};
	const sender = senders[event];
	const lateness = { least: 30 * MINUTE_MS, most: lookBackOf(context, LOOK_BACK_HOURS) };
	let warned = false;
	const warn = (words: string) => {
		if (!warned) context.logger.warn(words);
		warned = true;
	};
	return {
		marketplace: 'magalu',
		title: 'Magalu',
		noun: nouns[event] ?? 'ticket',
		event,
		what: JSON.stringify({ ...what, before: what.before || undefined }),
		lateness,
		lookBack: 30 * MINUTE_MS,
		// An old ticket may change again, and must not be new again then.
		keep: event === 'ticketCreated' ? Infinity : 7 * DAY_MS + what.before,
		pageSize: supportPages.size,
		pagesPerPoll: 15,
		cost: { page: MINUTE_MS, ...(sender ? { entry: MESSAGES_COST_MS } : {}) },
		now: async () => clockOf(await newestFirst(connection, what, 1)),
		async page(stretch) {
			const page = await ticketPage(connection, wantedOf(what), stretch);
			if (page.incomplete !== undefined) warn(tooManyAt(page.incomplete));
			return shownPage(page, what, stretch.from - lateness.most);
		},
		...(sender
			? {
					partsOf: async (told: Told) => await messagesOf(connection, told, sender, warn),
					nameOf,
					// Moderation lets a message through later, and its ticket does not change by that.
					lookBackReads: 'parts' as const,
				}
			: {}),
		newest: async () => await newestOne(connection, what),
		itemsOf: (told) => [itemOf(told)],
		simple: sender ? simpleTicketMessage : simpleTicket,
	};
}

function nameOf({ ticket }: Told): string | undefined {
	const id = textOf(ticket.id);
	return id && `ticket ${id}`;
}

const nouns: Readonly<Record<string, string>> = {
	customerMessage: 'message of a customer',
	mediationMessage: 'message of its mediation',
	dueSoon: 'ticket that is due soon',
};

function hoursBefore(context: IPollFunctions): number {
	const { hoursBefore: given } = context.getNodeParameter('options', {}) as IDataObject;
	const hours = Number(given ?? HOURS_BEFORE);
	if (hours > 0 && hours <= MOST_HOURS_BEFORE) return hours;
	throw new Refusal(
		`'Hours Before' is not a number from 1 to ${MOST_HOURS_BEFORE}`,
		'Write how many hours before a ticket is due the workflow shall start.',
	);
}

/** What is created is in one list; what changed may have no time of a change yet. */
function wantedOf({ event, status, type, before }: What): Wanted {
	const common = { status, type, ahead: before };
	// The list of what is due goes on for years: it is read as far as it is due soon.
	if (event === 'dueSoon') return { ...common, lists: ['due'] };
	const created = event === 'ticketCreated' && !status;
	return { ...common, lists: created ? ['created'] : ['updated', 'created'] };
}

function shownPage(
	{ rows, entries, list, next, begun }: TicketPage,
	what: What,
	from: number,
): Page<Told> {
	const isBeside = list === 'created' && wantedOf(what).lists[0] !== list;
	// What changed is in the list of what changed.
	const own = isBeside ? rows.filter((row) => utcMsOf(row.updated_at) === undefined) : rows;
	const sightings = own.flatMap((row) => sightingsOf(row, what, from));
	return {
		rows: entries,
		mark: markOf(list, rows),
		sightings,
		...(next === undefined ? { until: begun } : { next }),
	};
}

const tooManyAt = (moment: number) =>
	`Magalu lists at most ${supportPages.lastOffset + supportPages.size} tickets of one moment that nothing else tells apart (${zuluOf(moment)}): there may be more, which start no workflow`;

function sightingsOf(
	ticket: Json,
	{ event, before, type }: What,
	from: number,
): Array<Sighting<Told>> {
	if (type && !isWord(ticket.type, type)) return [];
	const id = identityOf(ticket, ticket.id);
	const createdAt = utcMsOf(ticket.created_at) ?? 0;
	const updatedAt = utcMsOf(ticket.updated_at) ?? createdAt;
	const value = { ticket, from };
	if (event === 'ticketCreated') return [{ keys: [id], since: createdAt, at: createdAt, value }];
	if (event !== 'dueSoon') {
		return [{ keys: [`${id} ${updatedAt}`], since: updatedAt, at: updatedAt, value }];
	}
	const due = utcMsOf(ticket.due_date);
	if (due === undefined || !isOpen(ticket)) return [];
	// It may have been opened, or its date been set, when it was due soon already.
	const at = due - before;
	return [{ keys: [`${id} ${due}`], since: due, at, toldAt: Math.max(at, updatedAt), value }];
}

const senderOf = ({ sender }: Json) => textOf(recordOf(sender).type);

/** It may be the seller's own, and an answer to it would be answered for ever. */
const NAMELESS = 'Magalu does not tell who wrote a message: such messages start no workflow';

/** A ticket's messages by one kind of sender since: an answer never starts the workflow. */
async function messagesOf(
	connection: Connection,
	{ ticket, from }: Told,
	sender: string,
	warn: (words: string) => void,
): Promise<Array<Sighting<Told>>> {
	const ticketId = textOf(ticket.id);
	// Nobody can ask for the messages of a ticket without an ID.
	if (ticketId === undefined) return [];
	const wanted = { since: from, policy: 'poll' } as const;
	const messages = await readMessages(connection, ticketId, wanted, (words) =>
		warn(`${words}, and start no workflow`),
	);
	if (!messages.every((message) => senderOf(message) !== undefined)) warn(NAMELESS);
	return messages
		.filter((message) => isWord(senderOf(message), sender))
		.map((message) => {
			const { id, created_at, moderation, message: text } = message;
			const told = [created_at, recordOf(moderation).updated_at, ticket.updated_at].map(utcMsOf);
			const at = told.find((time) => time !== undefined) ?? 0;
			const keys = [`message ${textOf(id) ?? `${ticketId} ${at} ${textOf(text)}`}`];
			return { keys, since: at, at, value: { ticket, from, message } };
		});
}

async function newestFirst(connection: Connection, { status, type }: What, limit: number) {
	const query: TicketQuery = { status, type, sort: 'updated_at:desc', limit, offset: 0 };
	return await listTickets(connection, query, 'poll');
}

/** The open ticket that is due next; where none is, the one that was due last. */
async function dueNext(connection: Connection, what: What): Promise<Told | undefined> {
	const now = zuluOf(Date.now());
	const { status, type } = what;
	const ways = [
		{ dueFrom: now, sort: 'due_date:asc' },
		{ dueTo: now, sort: 'due_date:desc' },
	] as const;
	for (const way of ways) {
		for (let offset = 0; offset <= supportPages.lastOffset; offset += supportPages.size) {
			const query = { status, type, limit: supportPages.size, offset, ...way };
			const { rows, full } = await listTickets(connection, query, 'poll');
			const [first] = rows.flatMap((row) => sightingsOf(row, what, 0));
			if (first) return first.value;
			if (!full) break;
		}
	}
	return undefined;
}

async function newestOne(connection: Connection, what: What): Promise<Told | undefined> {
	if (what.event === 'dueSoon') return await dueNext(connection, what);
	const { rows } = await newestFirst(connection, what, supportPages.size);
	let found = rows.flatMap((row) => sightingsOf(row, what, Date.now()));
	const sender = senders[what.event];
	if (sender) {
		const messages: typeof found = [];
		const reading = newReading();
		for (const { value } of found.slice(0, TICKETS_FOR_A_TEST)) {
			const read = await unlessRefused(reading, entryOf(nameOf(value)), async () => {
				return await messagesOf(connection, value, sender, () => {});
			});
			messages.push(...(read ?? []));
		}
		passOver(reading);
		found = messages;
	}
	return found.sort((one, other) => other.at - one.at)[0]?.value;
}

function itemOf({ ticket, message }: Told): IDataObject {
	const order = recordOf(ticket.order);
	return {
		ticketId: textOf(ticket.id) ?? null,
		orderId: textOf(order.id) ?? null,
		orderCode: textOf(order.code) ?? null,
		status: textOf(ticket.status) ?? null,
		...(message
			? { messageId: textOf(message.id) ?? null, text: textOf(message.message) ?? '' }
			: {}),
		...pickFields(ticket, ticketFields),
		...(message ? { message: pickFields(message, messageFields) } : {}),
	};
}
