import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { recordOf, textOf, type Json } from '../../shared/values';
import { connectionOf } from '../api/connection';
import { supportPages } from '../api/limits';
import { listTickets } from '../api/tickets';

const PAGE = 50;

/** A search reads so many pages before it shows what it found. */
const PAGES_A_SEARCH = 10;

/**
 * For the editor: the tickets that wait for the seller, the most urgent first. A search looks through several
 * pages of them; one by an order number or a protocol finds tickets of every status.
 */
export async function searchTickets(
	this: ILoadOptionsFunctions,
	filter = '',
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const connection = await connectionOf(this);
	const wanted = filter.trim().toLowerCase();
	const found = new Map<string, string>();
	const show = (tickets: Json[]) => {
		for (const ticket of tickets) {
			const id = textOf(ticket.id);
			if (id !== undefined) found.set(id, nameOf(ticket));
		}
	};
	const results = () => [...found].map(([value, name]) => ({ name, value }));
	if (/^\d{6,}$/.test(wanted)) {
		const first = { limit: PAGE, offset: 0, sort: 'updated_at:desc' } as const;
		show((await listTickets(connection, { ...first, orderCode: wanted })).rows);
		show((await listTickets(connection, { ...first, protocol: wanted })).rows);
		return { results: results() };
	}

	let next: number | undefined = Number(paginationToken ?? 0);
	for (let pages = 0; next !== undefined && pages < PAGES_A_SEARCH; pages++) {
		const offset: number = next;
		const { rows, full } = await listTickets(connection, {
			status: 'waiting_seller',
			limit: PAGE,
			offset,
			sort: 'due_date:asc',
		});
		show(rows.filter((one) => nameOf(one).toLowerCase().includes(wanted)));
		// A page may be longer than it was asked to be, or shorter.
		const further = offset + rows.length;
		next = full && further > offset && further <= supportPages.lastOffset ? further : undefined;
		if (wanted === '') break;
	}
	return { results: results(), ...(next === undefined ? {} : { paginationToken: String(next) }) };
}

function nameOf(ticket: Json): string {
	// The editor cuts long names off, so what tells tickets apart comes first.
	const parts = [
		textOf(recordOf(ticket.order).code),
		textOf(ticket.due_date) && `due ${textOf(ticket.due_date)!.slice(0, 16).replace('T', ' ')} UTC`,
		textOf(ticket.reason) ?? textOf(ticket.type),
		textOf(ticket.status),
		textOf(ticket.protocol),
	];
	return parts.filter(Boolean).join(', ');
}
