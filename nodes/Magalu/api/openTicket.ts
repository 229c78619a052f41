import { asLost } from '../../shared/http/errors';
import { isWord, plainWord, recordOf, textOf, type Json } from '../../shared/values';
import type { Connection } from './connection';
import { scopes } from './login';
import { supportWrites } from './limits';
import { takenIn, type Taken } from './taken';
import { findTickets } from './tickets';

/**
 * Tickets that the seller opens.
 * @see https://developers.magalu.com/docs/plataforma-do-seller-sac/post_tickets.en
 */

/** A ticket as Magalu takes it (`CreateTicketSeller`); it has no reference of the seller's own. */
export interface TicketBody {
	type: string;
	reason?: string;
	order: {
		id: string;
		code: string;
		/** A ticket is about one delivery. */
		delivery: { id: string; seller: { id: string }; items: TicketItem[] };
	};
}

export interface TicketItem {
	id: string;
	sku: string;
	/** Whole, from 1 up. */
	quantity: number;
	name?: string;
	external_sku?: string;
}

/** Where a person sees whether a ticket is there. */
export const WHERE_TICKETS_ARE = "Look at the order's tickets in the Magalu seller portal";

/**
 * Opens a ticket. Magalu has nothing that tells two alike from one: never repeated once it left.
 *
 * @throws MarketplaceError `notSent` on a refusal, `unknown` on 5xx, lost connections and unreadable answers
 */
export async function openTicket(connection: Connection, body: TicketBody): Promise<Taken> {
	const answer = await connection
		.call({
			policy: 'send',
			method: 'POST',
			path: '/seller/v0/tickets',
			body,
			scope: scopes.writeTickets,
			plan: supportWrites,
		})
		.catch((error: unknown) => {
			throw asLost(
				error,
				'It is not known whether Magalu opened the ticket: the answer was lost',
				`${WHERE_TICKETS_ARE} before you run the item again: the customer may be told of a second one.`,
			);
		});
	return takenIn(answer);
}

/**
 * An order's tickets of one type.
 *
 * @param note told where the list cannot be complete
 * @returns newest change first, closed ones too
 * @throws MarketplaceError, always `notSent`
 */
export async function ticketsAbout(
	connection: Connection,
	{ type, order }: Pick<TicketBody, 'type' | 'order'>,
	note: (text: string) => void,
): Promise<Json[]> {
	const wanted = { orderCode: order.code, type, first: 'newestChange' } as const;
	const found = await findTickets(connection, wanted, Infinity, note);
	// Integrators saw a filter by number ignored.
	return found.filter((row) => {
		const { id, code } = recordOf(row.order);
		return (
			isWord(row.type, type) &&
			(textOf(id) ?? textOf(code)) === (textOf(id) ? order.id : order.code)
		);
	});
}

/** @returns whether the seller has opened the ticket, with this reason, for these items */
export function isTicket(row: Json, body: TicketBody): boolean {
	const delivery = recordOf(recordOf(row.order).delivery);
	const items = (list: unknown) =>
		(Array.isArray(list) ? list : [])
			.map((item) => `${textOf(recordOf(item).id)} ${textOf(recordOf(item).quantity)}`)
			.sort()
			.join();
	return (
		isWord(row.origin, 'seller') &&
		plainWord(row.reason) === plainWord(body.reason) &&
		textOf(delivery.id) === body.order.delivery.id &&
		items(delivery.items) === items(body.order.delivery.items)
	);
}
