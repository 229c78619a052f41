import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { isWord, recordOf, textOf, type Json } from '../../shared/values';
import { connectionOf } from '../api/connection';
import { supportPages, ticketReasons, ticketTypes } from '../api/limits';
import { isoOf } from '../api/pages';
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
		const { rows, entries, full } = await listTickets(connection, {
			status: 'waiting_seller',
			limit: PAGE,
			offset,
			sort: 'due_date:asc',
		});
		show(rows.filter((one) => searchedIn(one).toLowerCase().includes(wanted)));
		// A page may be longer than it was asked to be, or shorter.
		const further = offset + entries;
		next = full && further > offset && further <= supportPages.lastOffset ? further : undefined;
		if (wanted === '') break;
	}
	return { results: results(), ...(next === undefined ? {} : { paginationToken: String(next) }) };
}

/** What is shown, and Magalu's own words for it. */
const searchedIn = (ticket: Json) =>
	[nameOf(ticket), textOf(ticket.reason), textOf(ticket.type), textOf(ticket.status)].join(' ');

function nameOf(ticket: Json): string {
	// The editor cuts long names off, so what tells tickets apart comes first.
	const order = textOf(recordOf(ticket.order).code);
	const status = textOf(ticket.status);
	const parts = [
		order && `Order ${order}`,
		reasonOf(ticket),
		answerBy(textOf(ticket.due_date)),
		status && inPlainWords(status),
		textOf(ticket.protocol),
	];
	return parts.filter(Boolean).join(', ');
}

const STATUS_WORDS: Readonly<Record<string, string>> = {
	waiting_seller: 'waits for you',
	waiting: 'waits for others',
	open: 'open',
	closed: 'closed',
};

function inPlainWords(status: string): string {
	const known = Object.keys(STATUS_WORDS).find((word) => isWord(status, word));
	return known === undefined ? status : STATUS_WORDS[known]!;
}

/** In the form's words, where it has some. */
function reasonOf(ticket: Json): string | undefined {
	const [reason, type] = [textOf(ticket.reason), textOf(ticket.type)];
	const names: ReadonlyArray<{ value: string; name: string }> = [...ticketReasons, ...ticketTypes];
	const found = names.find(({ value }) => isWord(reason ?? type, value));
	return found?.name.toLowerCase() ?? reason ?? type;
}

/** `answer by 8 Nov 2024 14:30 UTC`. */
function answerBy(due: string | undefined): string | undefined {
	const at = isoOf(due);
	if (!at) return due && `answer by ${due}`;
	const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) (\d\d:\d\d)/.exec(
		new Date(at).toUTCString(),
	)!;
	return `answer by ${Number(day)} ${month} ${year} ${time} UTC`;
}
