import { textOf, type Json } from '../../shared/values';
import type { Connection } from './connection';
import { scopes } from './hosts';
import { supportPages, supportReads } from './limits';
import { objectOf, pageOf, type Page } from './pages';

/** Tickets of the customer service (SAC). @see https://developers.magalu.com/docs/plataforma-do-seller-sac */

/** What the list may be narrowed down to; dates as Magalu takes them. */
export interface TicketFilters {
	status?: string;
	orderCode?: string;
	orderId?: string;
	protocol?: string;
	createdFrom?: string;
	createdTo?: string;
	updatedFrom?: string;
	updatedTo?: string;
	dueFrom?: string;
	dueTo?: string;
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
	const answer = await connection.call({
		policy,
		method: 'GET',
		path: '/seller/v0/tickets',
		query: {
			status: query.status,
			order__code: query.orderCode,
			order__id: query.orderId,
			protocol: query.protocol,
			// One underscore before gte and lte; the order list has two.
			created_at_gte: query.createdFrom,
			created_at_lte: query.createdTo,
			updated_at_gte: query.updatedFrom,
			updated_at_lte: query.updatedTo,
			due_date_gte: query.dueFrom,
			due_date_lte: query.dueTo,
			_sort: query.sort,
			_limit: query.limit,
			_offset: query.offset,
		},
		scope: scopes.readTickets,
		plan: supportReads,
	});
	return pageOf(answer, query.limit);
}

/**
 * Tickets one after the other, no ticket twice, past the greatest offset: from page to page the walk goes
 * on by the date of the last update. Forwards it misses nothing, as a ticket that is updated meanwhile
 * comes again later; backwards it begins with the newest.
 *
 * @param most how many are wanted
 * @param note told where the walk cannot be complete
 * @returns newest update first
 */
export async function walkTickets(
	connection: Connection,
	filters: TicketFilters,
	most: number,
	note: (text: string) => void,
): Promise<Json[]> {
	const forwards = most === Infinity;
	const found = new Map<string, Json>();
	let edge: string | undefined;
	let offset = 0;

	while (found.size < most) {
		const limit = Math.min(supportPages.size, most === Infinity ? supportPages.size : most);
		const { rows, full } = await listTickets(connection, {
			...filters,
			...(edge === undefined ? {} : forwards ? { updatedFrom: edge } : { updatedTo: edge }),
			limit,
			offset,
			sort: forwards ? 'updated_at:asc' : 'updated_at:desc',
		});
		for (const row of rows) found.set(String(row.id), row);
		if (!full) break;

		const last = textOf(rows.at(-1)?.updated_at);
		if (last !== undefined && last !== edge) {
			[edge, offset] = [last, 0];
		} else if (offset + limit <= supportPages.lastOffset) {
			// A whole page of the same moment: only within it does the offset count on.
			offset += limit;
		} else {
			note(
				`Magalu lists at most ${supportPages.lastOffset + supportPages.size} tickets of one moment (${last ?? 'no date'}): there may be more than were read`,
			);
			break;
		}
	}
	const all = [...found.values()];
	return forwards ? all.reverse() : all.slice(0, most);
}
