import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { recordOf, textOf, type Json } from '../../shared/values';
import { connectionOf } from '../api/connection';
import { supportPages } from '../api/limits';
import { listTickets } from '../api/tickets';

const PAGE = 50;

/**
 * For the editor: the tickets that wait for the seller, the most urgent first. A search by an order number
 * or a protocol finds tickets of every status.
 */
export async function searchTickets(
	this: ILoadOptionsFunctions,
	filter = '',
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const connection = await connectionOf(this);
	const wanted = filter.trim().toLowerCase();
	if (/^\d{6,}$/.test(wanted)) {
		const first = { limit: PAGE, offset: 0, sort: 'updated_at:desc' } as const;
		const byOrder = await listTickets(connection, { ...first, orderCode: wanted });
		const byProtocol = await listTickets(connection, { ...first, protocol: wanted });
		return { results: [...byOrder.rows, ...byProtocol.rows].map(choiceOf) };
	}
	const offset = Number(paginationToken ?? 0);
	const { rows, full } = await listTickets(connection, {
		status: 'waiting_seller',
		limit: PAGE,
		offset,
		sort: 'due_date:asc',
	});
	const next = offset + PAGE;
	return {
		results: rows.map(choiceOf).filter(({ name }) => name.toLowerCase().includes(wanted)),
		...(full && next <= supportPages.lastOffset ? { paginationToken: String(next) } : {}),
	};
}

function choiceOf(ticket: Json): { name: string; value: string } {
	// The editor cuts long names off, so what tells tickets apart comes first.
	const parts = [
		textOf(recordOf(ticket.order).code),
		textOf(ticket.due_date) && `due ${textOf(ticket.due_date)!.slice(0, 16).replace('T', ' ')} UTC`,
		textOf(ticket.reason) ?? textOf(ticket.type),
		textOf(ticket.status),
		textOf(ticket.protocol),
	];
	return { name: parts.filter(Boolean).join(', '), value: String(ticket.id) };
}
