import { utcMsOf } from '../../shared/dates';
import type { Stretch } from '../../shared/poll/feed';
import { parseJson, recordOf, type Json } from '../../shared/values';
import type { Connection } from '../api/connection';
import { supportPages } from '../api/limits';
import type { Page } from '../api/pages';
import { listTickets, type TicketQuery } from '../api/tickets';
import { clockOf, zuluOf } from './clock';

/** The lists that tickets are looked for in, the time that each goes by, and another that parts one moment of it. */
const lists = {
	updated: { field: 'updated_at', from: 'updatedFrom', to: 'updatedTo', beside: 'created' },
	/** A ticket that never changed has no `updated_at`. */
	created: { field: 'created_at', from: 'createdFrom', to: 'createdTo', beside: 'updated' },
	due: { field: 'due_date', from: 'dueFrom', to: 'dueTo', beside: 'created' },
} as const;

export type ListName = keyof typeof lists;

/** What is looked for. */
export interface Wanted {
	status?: string;
	type?: string;
	/** In this order. */
	lists: readonly [ListName, ...ListName[]];
	/** So much further than the stretch goes a list by due date (milliseconds). */
	ahead: number;
}

export interface TicketPage {
	rows: Json[];
	/** How many entries the page has. */
	entries: number;
	/** Which list it is a page of. */
	list: ListName;
	/** How to get the next page; nothing after the last one. */
	next?: string;
	/** Where Magalu's clock stood at the first page (milliseconds since 1970). */
	begun: number;
	/** The moment of which Magalu may have more than it lists by any question. */
	incomplete?: number;
}

/** Where a page begins. */
interface Place {
	list: ListName;
	begun?: number;
	from: number;
	offset: number;
	/** Of more tickets of the moment `from` than an offset reaches: their place by the other time. */
	within?: { from?: number; newestFirst?: true };
}

/**
 * A page of tickets, the earliest first. The next page begins where this one ended, as rows beyond the two
 * hundredth cannot be asked for; a ticket that changes meanwhile comes again at the end.
 *
 * @throws MarketplaceError, always `notSent`
 */
export async function ticketPage(
	connection: Connection,
	wanted: Wanted,
	stretch: Stretch,
): Promise<TicketPage> {
	const said = recordOf(parseJson(stretch.next ?? '{}')) as Partial<Place>;
	const list = wanted.lists.find((one) => one === said.list) ?? wanted.lists[0];
	const place: Place = { from: stretch.from, offset: 0, ...said, list };
	const answer = await listTickets(connection, queryOf(place, wanted, stretch.to), 'poll');
	const begun = place.begun ?? clockOf(answer);
	const last = lastOf(list, wanted, stretch.to ?? begun);
	const rows = answer.rows.filter((row) => (timeOf(row, lists[list].field) ?? 0) <= last);
	const isBeyond = rows.length < answer.rows.length;
	const goesOn = answer.full && !isBeyond;
	const step = goesOn ? after(place, answer) : end(place, wanted, stretch.from);
	const { incomplete, ...next } = step ?? {};
	return {
		rows,
		entries: isBeyond ? rows.length : answer.entries,
		list,
		begun,
		...(step && { next: JSON.stringify({ ...next, begun }) }),
		...(incomplete && { incomplete: place.from }),
	};
}

/**
 * Where a list by due date ends: it goes on for years, and is read as far as it is due soon by Magalu's clock.
 * The other lists have no end in time.
 */
function lastOf(list: ListName, { ahead }: Wanted, now: number): number {
	return list === 'due' ? now + ahead : Infinity;
}

function queryOf(place: Place, wanted: Wanted, to: number | undefined): TicketQuery {
	const { list, from, offset, within } = place;
	const { status, type } = wanted;
	const common = { status, type, limit: supportPages.size, offset };
	const by = lists[list];
	if (!within) {
		// The first page has no end where Magalu's clock is known by its answer only: the rest of it is left out.
		const now = to ?? place.begun;
		const last = list === 'due' && now !== undefined ? lastOf(list, wanted, now) : to;
		const times = { [by.from]: zuluOf(from), [by.to]: last === undefined ? last : zuluOf(last) };
		return { ...common, ...times, sort: `${by.field}:asc` };
	}
	const beside = lists[by.beside];
	return {
		...common,
		// Magalu may know smaller parts of a second than we can name.
		[by.from]: zuluOf(from),
		[by.to]: zuluOf(from + 1),
		[beside.from]: within.from === undefined ? undefined : zuluOf(within.from),
		sort: `${beside.field}:${within.newestFirst ? 'desc' : 'asc'}`,
	};
}

type Step = Place & { incomplete?: true };

/** Where the next page begins, after one that was full. */
function after(place: Place, { rows, entries }: Page): Step {
	const { list, from, within } = place;
	const offset = place.offset + entries;
	const { field, beside } = lists[list];
	const last = timeOf(rows.at(-1), within ? lists[beside].field : field);
	if (!within) {
		if (last !== undefined && last > from) return { ...place, from: last, offset: 0 };
		// All of the same moment: the rest of it stands further down, as far as Magalu lets us look.
		return offset > supportPages.lastOffset
			? { ...place, within: {}, offset: 0 }
			: { ...place, offset };
	}
	if (within.newestFirst) {
		// Only those without the other time are looked for here.
		if (last !== undefined) return behind(place);
		return offset > supportPages.lastOffset
			? { ...behind(place), incomplete: true }
			: { ...place, offset };
	}
	if (last !== undefined && last > (within.from ?? -Infinity)) {
		return { ...place, within: { from: last }, offset: 0 };
	}
	if (offset <= supportPages.lastOffset) return { ...place, offset };
	return { ...place, within: { from: (within.from ?? 0) + 1 }, offset: 0, incomplete: true };
}

/** What comes after the last page of a list, or of a moment. */
function end(place: Place, { lists: names }: Wanted, from: number): Step | undefined {
	const { list, within } = place;
	if (within) {
		// Nobody says at which end of a list those stand that have not the time that it goes by.
		const other = !within.newestFirst && lists[list].beside === 'updated';
		return other ? { ...place, within: { newestFirst: true }, offset: 0 } : behind(place);
	}
	const following = names[names.indexOf(list) + 1];
	return following && { list: following, from, offset: 0 };
}

/** The moment after. */
function behind({ list, from }: Place): Step {
	return { list, from: from + 1, offset: 0 };
}

function timeOf(row: Json | undefined, field: string): number | undefined {
	return utcMsOf(row?.[field]);
}
