import { utcMsOf, zonedOf } from '../../shared/dates';
import type { PickedFields } from '../../shared/poll/pickFields';
import { isWord, type Json } from '../../shared/values';
import type { Connection } from './connection';
import { scopes } from './login';
import { supportPages, supportReads } from './limits';
import { keyOf, objectOf, pageOf, inSmallerPages, type Page } from './pages';

/** Tickets of the customer service (SAC). @see https://developers.magalu.com/docs/plataforma-do-seller-sac */

/**
 * The fields of a ticket in which nothing personal can stand, at every depth: all that the specification
 * names (`TicketToSeller`), and the channel's alias of the guide. What is not here is left out unless it is
 * asked for.
 */
export const ticketFields: PickedFields = {
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
	audit_created_at: true,
	audit_updated_at: true,
	channel: { id: true, alias: true, extras: { alias: true } },
	order: {
		id: true,
		code: true,
		delivery: {
			id: true,
			code: true,
			status: true,
			// The seller's own store.
			seller: { id: true, name: true },
			items: {
				id: true,
				sku: true,
				external_sku: true,
				name: true,
				description: true,
				image: true,
				quantity: true,
			},
		},
	},
};

/** What the list may be narrowed down to; dates as Magalu takes them. */
export interface TicketFilters {
	/** Free text. */
	status?: string;
	type?: string;
	reason?: string;
	/** The seller's own reference. */
	code?: string;
	orderCode?: string;
	protocol?: string;
	createdFrom?: string;
	createdTo?: string;
	updatedFrom?: string;
	updatedTo?: string;
	dueFrom?: string;
	dueTo?: string;
}

/** What is wanted of the list, and which of it first. */
export interface WantedTickets extends TicketFilters {
	/** Tickets without a date by which they are to be answered come last. */
	first: 'newestChange' | 'dueSoonest';
}

export interface TicketQuery extends TicketFilters {
	limit: number;
	offset: number;
	sort: `${'created_at' | 'updated_at' | 'due_date'}:${'asc' | 'desc'}`;
}

/** @throws MarketplaceError, always `notSent` */
export async function getTicket(connection: Connection, ticketId: string): Promise<Json> {
	const answer = await connection.call({
		policy: 'read',
		method: 'GET',
		path: `/seller/v0/tickets/${encodeURIComponent(ticketId)}`,
		scope: scopes.readTickets,
		plan: supportReads,
	});
	return objectOf(answer);
}

/** @returns whether a ticket takes messages */
export function isOpen({ closed, status }: Json): boolean {
	return closed !== true && !isWord(status, 'closed');
}

/**
 * One page of tickets.
 * @param query at most 100 rows, from at most row 100 on
 * @param policy `poll` for a trigger
 * @throws MarketplaceError, always `notSent`
 */
export async function listTickets(
	connection: Connection,
	query: TicketQuery,
	policy: 'read' | 'poll' = 'read',
): Promise<Page> {
	const ask = async (limit: number) => {
		const answer = await connection.call({
			policy,
			method: 'GET',
			path: '/seller/v0/tickets',
			query: {
				status: query.status,
				type: query.type,
				reason: query.reason,
				code: query.code,
				order__code: query.orderCode,
				protocol: query.protocol,
				// One underscore before gte and lte; the order list has two.
				created_at_gte: query.createdFrom,
				created_at_lte: query.createdTo,
				updated_at_gte: query.updatedFrom,
				updated_at_lte: query.updatedTo,
				due_date_gte: query.dueFrom,
				due_date_lte: query.dueTo,
				_sort: query.sort,
				_limit: limit,
				_offset: query.offset,
			},
			scope: scopes.readTickets,
			plan: supportReads,
		});
		return pageOf(answer, limit);
	};
	return await inSmallerPages(connection, 'tickets', query.limit, ask);
}

/** @returns when the ticket changed last, in milliseconds since 1970: one that never did, when it was opened */
function changedAt(ticket: Json): number {
	return utcMsOf(ticket.updated_at) ?? utcMsOf(ticket.created_at) ?? 0;
}

/**
 * Tickets, no ticket twice, past the greatest offset.
 *
 * @param most how many are wanted; `Infinity` for all
 * @param note told where the list cannot be complete
 * @returns in the order that is wanted
 * @throws MarketplaceError, always `notSent`
 */
export async function findTickets(
	connection: Connection,
	{ first, ...filters }: WantedTickets,
	most: number,
	note: (text: string) => void,
): Promise<Json[]> {
	const tickets =
		first === 'dueSoonest'
			? await dueSoonest(connection, filters, most, note)
			: await newestChanges(connection, filters, most, note);
	return tickets.slice(0, most);
}

/**
 * A ticket that never changed has no date of a change: no filter by one finds it, and no one knows where a
 * list by change has it. So these are read by the date of their creation, which is their first change.
 */
async function newestChanges(
	connection: Connection,
	filters: TicketFilters,
	most: number,
	note: (text: string) => void,
): Promise<Json[]> {
	const { updatedFrom, updatedTo, ...others } = filters;
	const all = most === Infinity;
	const changed = { ...filters, updatedFrom: updatedFrom ?? BEFORE_ALL };
	const read = all
		? await walk(connection, filters, 'created_at:asc', most, note)
		: await walk(connection, changed, 'updated_at:desc', most, note);
	const found = new Map(read.map((ticket) => [keyOf(ticket), ticket]));

	if (!all || updatedFrom !== undefined || updatedTo !== undefined) {
		const lastWanted = read.length < most ? undefined : zonedOf(read[most - 1]?.updated_at);
		const created = {
			...others,
			createdFrom: latest([others.createdFrom, updatedFrom, lastWanted]),
			createdTo: earliest([others.createdTo, updatedTo]),
		};
		for (const ticket of await walk(connection, created, 'created_at:asc', Infinity, note)) {
			if (utcMsOf(ticket.updated_at) === undefined) found.set(keyOf(ticket), ticket);
		}
	}
	return [...found.values()].sort((one, other) => changedAt(other) - changedAt(one));
}

/** No one knows where a list by due date has tickets without one: they are read where they are wanted. */
async function dueSoonest(
	connection: Connection,
	filters: TicketFilters,
	most: number,
	note: (text: string) => void,
): Promise<Json[]> {
	const { dueFrom, dueTo, updatedFrom, updatedTo } = filters;
	const dueAt = (ticket: Json) => utcMsOf(ticket.due_date) ?? Number.MAX_SAFE_INTEGER;
	const byDue = (one: Json, other: Json) => dueAt(one) - dueAt(other);
	if (most < Infinity && updatedFrom === undefined && updatedTo === undefined) {
		const dated = { ...filters, dueFrom: dueFrom ?? BEFORE_ALL };
		const read = await walk(connection, dated, 'due_date:asc', most, note);
		const enough = read.length >= most || dueFrom !== undefined || dueTo !== undefined;
		if (enough) return read.sort(byDue);
	}
	return (await newestChanges(connection, filters, Infinity, note)).sort(byDue);
}

/** Excludes what has no date at all. */
const BEFORE_ALL = '1970-01-01T00:00:00.000Z';

const inOrder = (dates: Array<string | undefined>) =>
	dates
		.filter((date) => date !== undefined)
		.sort((one, other) => (utcMsOf(one) ?? 0) - (utcMsOf(other) ?? 0));
const latest = (dates: Array<string | undefined>) => inOrder(dates).at(-1);
const earliest = (dates: Array<string | undefined>) => inOrder(dates)[0];

/** The ways through a list: the date that it is sorted by, and the filter that leads on. */
const ways = {
	'created_at:asc': { date: 'created_at', from: 'createdFrom', forwards: true },
	'due_date:asc': { date: 'due_date', from: 'dueFrom', forwards: true },
	'updated_at:desc': { date: 'updated_at', from: 'updatedTo', forwards: false },
} as const;

/**
 * Goes from page to page by the date that the list is sorted by, as an offset reaches the two hundredth row
 * only. Forwards it misses nothing; backwards it begins with the newest.
 */
async function walk(
	connection: Connection,
	filters: TicketFilters,
	sort: keyof typeof ways,
	most: number,
	note: (text: string) => void,
): Promise<Json[]> {
	const { date, from, forwards } = ways[sort];
	const limit = Math.min(supportPages.size, most);
	const found = new Map<string, Json>();
	let edge: string | undefined;
	let offset = 0;

	while (found.size < most) {
		const further = edge === undefined ? {} : { [from]: edge };
		const query = { ...filters, ...further, limit, offset, sort };
		const { rows, entries, full } = await listTickets(connection, query);
		for (const row of rows) found.set(keyOf(row), row);
		if (!full) break;

		const last = zonedOf(rows.at(-1)?.[date]);
		if (isFurther(last, edge, forwards)) {
			[edge, offset] = [last, 0];
			continue;
		}
		// A whole page of the same moment: only within it does the offset count on.
		offset += entries;
		if (offset <= supportPages.lastOffset) continue;
		note(
			`Magalu lists at most ${supportPages.lastOffset + supportPages.size} tickets of one moment (${last ?? 'no date'}): there may be more than were read`,
		);
		break;
	}
	return [...found.values()];
}

function isFurther(last: string | undefined, edge: string | undefined, forwards: boolean): boolean {
	const at = utcMsOf(last);
	const before = utcMsOf(edge);
	if (at === undefined || before === undefined) return at !== undefined;
	return forwards ? at > before : at < before;
}
