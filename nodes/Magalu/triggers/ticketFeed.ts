import type { IDataObject, IPollFunctions } from 'n8n-workflow';

import { pickFields, type PickedFields } from '../../shared/poll/pickFields';
import type { Feed, Page, Sighting } from '../../shared/poll/poll';
import { parseJson, recordOf, textOf, type Json } from '../../shared/values';
import { connectionOf, type Connection } from '../api/connection';
import { supportPages } from '../api/limits';
import { listMessages } from '../api/messages';
import { utcMsOf } from '../api/pages';
import { listTickets } from '../api/tickets';
import { newestIn } from './clock';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Tickets looked through for a test in the editor. */
const TICKETS_FOR_A_TEST = 10;

const ticketFields: PickedFields = {
	id: true,
	code: true,
	type: true,
	status: true,
	closed: true,
	reason: true,
	protocol: true,
	due_date: true,
	origin: true,
	created_at: true,
	updated_at: true,
	channel: true,
	order: true,
};

/** Everything of a message but who wrote it: the sender's kind alone. */
const messageFields: PickedFields = {
	id: true,
	message: true,
	code: true,
	sender: { type: true },
	moderation: true,
	destination: true,
	attachments: true,
	created_at: true,
	updated_at: true,
};

interface What {
	event: string;
	status?: string;
	type?: string;
}

/** A ticket, and the message that it is about. */
interface Told {
	ticket: Json;
	message?: Json;
}

/** Magalu's tickets as a feed: all events are told from the list of what changed. */
export async function ticketFeed(context: IPollFunctions): Promise<Feed<Told>> {
	const connection = await connectionOf(context);
	const filters = context.getNodeParameter('filters', {}) as IDataObject;
	const what: What = {
		event: context.getNodeParameter('event', 'ticketCreated') as string,
		status: textOf(filters.status)?.trim() || undefined,
		type: textOf(filters.type),
	};
	const aboutMessages = what.event === 'customerMessage';
	return {
		marketplace: 'magalu',
		title: 'Magalu',
		noun: aboutMessages ? 'message of a customer' : 'ticket',
		event: what.event,
		what: JSON.stringify(what),
		overlap: { least: 30 * MINUTE_MS, most: 6 * HOUR_MS },
		lookBack: 30 * MINUTE_MS,
		// An old ticket may change again, and must not be new again then.
		keep: what.event === 'ticketCreated' ? Infinity : 7 * DAY_MS,
		pageSize: supportPages.size,
		pagesPerPoll: 15,
		pageCost: MINUTE_MS,
		async now() {
			const { rows } = await listTickets(connection, newestFirst(1), 'poll');
			return newestIn(rows);
		},
		page: async (from, next) => await pageOf(connection, what, from, next),
		...(aboutMessages
			? { partsOf: async ({ ticket }: Told) => await customerMessages(connection, ticket) }
			: {}),
		newest: async () => await newestOne(connection, what),
		itemsOf: (told) => [itemOf(told)],
	};
}

const newestFirst = (limit: number) => ({ sort: 'updated_at:desc', limit, offset: 0 }) as const;

/**
 * A page of the tickets that changed since, the oldest change first. The next page begins where this one
 * ended, as rows beyond the two hundredth cannot be asked for; a ticket that changes meanwhile comes
 * again at the end.
 */
async function pageOf(
	connection: Connection,
	what: What,
	from: number,
	next?: string,
): Promise<Page<Told>> {
	const place = recordOf(parseJson(next ?? '{}'));
	const begin = Number(place.from ?? from);
	const offset = Number(place.offset ?? 0);
	const { rows, full } = await listTickets(
		connection,
		{
			status: what.status,
			updatedFrom: dateOf(begin),
			sort: 'updated_at:asc',
			limit: supportPages.size,
			offset,
		},
		'poll',
	);
	const page = {
		rows: rows.length,
		sightings: rows.filter((row) => !what.type || row.type === what.type).map(sightingOf(what)),
	};
	if (!full) return { ...page, until: newestIn(rows, begin) };

	const last = utcMsOf(rows.at(-1)?.updated_at) ?? begin;
	if (last > begin) return { ...page, next: JSON.stringify({ from: last }) };
	// All of the same moment: the rest of it stands further down, as far as Magalu lets us look.
	const further = offset + supportPages.size;
	const beyond =
		further > supportPages.lastOffset ? { from: begin + 1 } : { from: begin, offset: further };
	return { ...page, next: JSON.stringify(beyond) };
}

/** As the ticket API writes dates: in UTC, without a zone. */
const dateOf = (ms: number) => new Date(ms).toISOString().slice(0, -1);

function sightingOf({ event }: What): (ticket: Json) => Sighting<Told> {
	return (ticket) => {
		const id = textOf(ticket.id) ?? '';
		const createdAt = utcMsOf(ticket.created_at) ?? 0;
		const updatedAt = utcMsOf(ticket.updated_at) ?? createdAt;
		return event === 'ticketCreated'
			? { key: id, since: createdAt, at: createdAt, value: { ticket } }
			: { key: `${id} ${updatedAt}`, since: updatedAt, at: updatedAt, value: { ticket } };
	};
}

/** The newest hundred messages of a ticket, without our own and Magalu's: an answer never starts the workflow. */
async function customerMessages(
	connection: Connection,
	ticket: Json,
): Promise<Array<Sighting<Told>>> {
	const query = { sort: 'created_at:desc', limit: supportPages.size, offset: 0 } as const;
	const { rows } = await listMessages(connection, textOf(ticket.id) ?? '', query, 'poll');
	return rows
		.filter((message) => recordOf(message.sender).type === 'customer')
		.map((message) => {
			const at = utcMsOf(message.created_at) ?? 0;
			return { key: `message ${textOf(message.id)}`, since: at, at, value: { ticket, message } };
		});
}

async function newestOne(connection: Connection, what: What): Promise<Told | undefined> {
	const query = { ...newestFirst(supportPages.size), status: what.status };
	const { rows } = await listTickets(connection, query, 'poll');
	const fitting = rows.filter((row) => !what.type || row.type === what.type);
	let found = fitting.map(sightingOf(what));
	if (what.event === 'customerMessage') {
		const messages: typeof found = [];
		for (const ticket of fitting.slice(0, TICKETS_FOR_A_TEST)) {
			messages.push(...(await customerMessages(connection, ticket)));
		}
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
