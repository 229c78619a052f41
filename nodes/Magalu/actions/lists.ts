import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { utcMsOf } from '../../shared/dates';
import { isWord, parseJson, recordOf, textOf, type Json } from '../../shared/values';
import { connectionOf, type Connection } from '../api/connection';
import { supportPages, ticketReasons, ticketTypes } from '../api/limits';
import { isoOf } from '../api/pages';
import { listTickets } from '../api/tickets';

const PAGE = 50;

/** A search reads so many pages before it shows what it found. */
const PAGES_A_SEARCH = 10;

/** Of what waits for the seller. Magalu's filter takes one at a time. */
const STATUSES = ['waiting_seller', 'open'] as const;

/** Where the list of a status goes on. */
interface Place {
	status: (typeof STATUSES)[number];
	offset: number;
}

/**
 * For the editor: the tickets that wait for the seller or that nobody has answered yet, the most
 * urgent first. A search looks through several pages of them; one by an order number or a protocol finds tickets of
 * every status.
 */
export async function searchTickets(
	this: ILoadOptionsFunctions,
	filter = '',
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const connection = await connectionOf(this);
	const wanted = filter.trim().toLowerCase();
	const found = new Map<string, Json>();
	const show = (tickets: Json[]) => {
		for (const ticket of tickets) {
			const id = textOf(ticket.id);
			if (id !== undefined) found.set(id, ticket);
		}
	};
	const results = () =>
		[...found]
			.sort(([, one], [, other]) => dueAt(one) - dueAt(other))
			.map(([value, ticket]) => ({ name: nameOf(ticket), value }));
	if (/^\d{6,}$/.test(wanted)) {
		const first = { limit: PAGE, offset: 0, sort: 'updated_at:desc' } as const;
		show((await listTickets(connection, { ...first, orderCode: wanted })).rows);
		show((await listTickets(connection, { ...first, protocol: wanted })).rows);
		return { results: results() };
	}

	let places = placesIn(paginationToken);
	for (let pages = 0; places.length > 0 && pages < PAGES_A_SEARCH; pages++) {
		const read = await Promise.all(places.map(async (place) => await pageAt(connection, place)));
		const tickets = read.flatMap(({ rows }) => rows);
		show(tickets.filter((one) => searchedIn(one).toLowerCase().includes(wanted)));
		places = read.flatMap(({ next }) => next ?? []);
		if (wanted === '') break;
	}
	return { results: results(), ...(places.length > 0 ? { paginationToken: tokenOf(places) } : {}) };
}

async function pageAt(
	connection: Connection,
	{ status, offset }: Place,
): Promise<{ rows: Json[]; next?: Place }> {
	const query = { status, sort: 'due_date:asc', limit: PAGE, offset } as const;
	const { rows, entries, full } = await listTickets(connection, query);
	// A page may be longer than it was asked to be, or shorter.
	const further = offset + entries;
	const goesOn = full && further > offset && further <= supportPages.lastOffset;
	return { rows, ...(goesOn ? { next: { status, offset: further } } : {}) };
}

/** A list that has ended is not in the token. */
const tokenOf = (places: Place[]) =>
	JSON.stringify(Object.fromEntries(places.map(({ status, offset }) => [status, offset])));

function placesIn(token: string | undefined): Place[] {
	if (token === undefined) return STATUSES.map((status) => ({ status, offset: 0 }));
	const offsets = recordOf(parseJson(token));
	return STATUSES.flatMap((status) => {
		const offset = Number(offsets[status]);
		return Number.isInteger(offset) ? { status, offset } : [];
	});
}

/** One without a date comes last. */
const dueAt = ({ due_date }: Json) => utcMsOf(due_date) ?? Infinity;

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
	open: 'not answered yet',
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
