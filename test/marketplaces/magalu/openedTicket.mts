import { newTicket } from './demo.mts';
import type { Ticket, TicketTransaction } from './state.mts';

/** The ticket that came of a transaction. */
export function openedTicket(transaction: TicketTransaction, at: number): Ticket {
	const { type, reason, order } = transaction.ticket;
	return newTicket(at, {
		code: null,
		type,
		reason: reason ?? null,
		// What the specification gives a ticket that nobody has worked on yet.
		status: 'open',
		dueDate: undefined,
		origin: 'seller',
		createdAt: at,
		updatedAt: null,
		order: {
			id: order.id,
			code: order.code,
			deliveryId: order.delivery.id,
			items: order.delivery.items.map((item) => ({
				id: item.id,
				sku: item.sku,
				externalSku: item.external_sku ?? '',
				name: item.name ?? '',
				description: item.description ?? '',
				image: item.image ?? '',
				quantity: item.quantity,
				price: 0,
			})),
		},
	});
}
