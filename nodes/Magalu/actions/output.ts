import type { IDataObject } from 'n8n-workflow';

import { pickFields } from '../../shared/poll/pickFields';
import { withFirstColumns } from '../../shared/run/firstColumns';
import { recordOf, recordsOf, textOf, type Json } from '../../shared/values';
import { isoOf } from '../api/pages';
import { attachmentFields, messageFields } from '../api/messages';
import { decisionIn, rulesIn } from '../api/moderation';
import { orderFields, orderNames } from '../api/orders';
import { ticketFields } from '../api/tickets';
import { messageIdIn, statusIn, ticketIdIn, transactionFields } from '../api/transactions';

/**
 * Magalu's objects as items: what a person looks for, our names, then theirs. Our dates have their zone.
 */

/**
 * @param personal everything that Magalu tells, also what nobody has judged yet
 * @see https://developers.magalu.com/docs/plataforma-do-seller-sac/get_tickets.en
 */
export function shownTicket(ticket: Json, personal: boolean): IDataObject {
	const order = recordOf(ticket.order);
	return withFirstColumns(
		{
			ticketId: textOf(ticket.id) ?? null,
			orderId: textOf(order.id) ?? null,
			orderCode: textOf(order.code) ?? null,
			createdAt: isoOf(ticket.created_at),
			updatedAt: isoOf(ticket.updated_at),
			dueAt: isoOf(ticket.due_date),
			...(personal ? (ticket as IDataObject) : pickFields(ticket, ticketFields)),
		},
		...['status', 'reason', 'orderCode', 'dueAt', 'type'],
	);
}

/**
 * @param personal everything that Magalu tells, also who wrote the message; links to files never
 * @see https://developers.magalu.com/docs/plataforma-do-seller-sac/get_messages.en
 */
export function shownMessage(ticketId: string, message: Json, personal: boolean): IDataObject {
	const from = textOf(recordOf(message.sender).type);
	return withFirstColumns(
		{
			// As Magalu calls who wrote it: `customer`, `seller`, `channel`.
			...(from ? { from } : {}),
			ticketId,
			messageId: textOf(message.id) ?? null,
			createdAt: isoOf(message.created_at),
			moderationDecision: decisionIn(message) ?? null,
			moderationRules: rulesIn(message),
			...(personal ? (message as IDataObject) : pickFields(message, messageFields)),
			...(Array.isArray(message.attachments)
				? {
						attachments: recordsOf(message.attachments).map((file) =>
							pickFields(file, attachmentFields),
						),
					}
				: {}),
		},
		...['from', 'message', 'createdAt', 'moderationDecision', 'messageId', 'ticketId'],
	);
}

/** @param personal everything that Magalu tells, also what nobody has judged yet */
export function shownTransaction(
	transactionId: string,
	transaction: Json,
	personal: boolean,
): IDataObject {
	return withFirstColumns(
		{
			transactionStatus: statusIn(transaction) ?? null,
			transactionId: textOf(transaction.id) ?? transactionId,
			ticketId: ticketIdIn(transaction) ?? null,
			messageId: messageIdIn(transaction) ?? null,
			createdAt: isoOf(transaction.created_at),
			updatedAt: isoOf(transaction.updated_at),
			...(personal ? (transaction as IDataObject) : pickFields(transaction, transactionFields)),
		},
		...['transactionStatus', 'operation', 'content_type', 'createdAt', 'updatedAt'],
	);
}

/**
 * @param personal everything that Magalu tells, also who bought it and where it goes
 * @see https://developers.magalu.com/docs/apis/sandbox/orders/deliveries
 * @see https://developers.magalu.com/docs/plataforma-do-seller-pedidos/get_delivery.en (`items[].info.name`)
 */
export function shownOrder(order: Json, personal: boolean): IDataObject {
	const items = recordsOf(order.deliveries).flatMap((delivery) => recordsOf(delivery.items));
	const title = textOf(recordOf(items[0]?.info).name);
	return withFirstColumns(
		{
			// What was bought first.
			...(title ? { title } : {}),
			...orderNames(order),
			...(personal ? (order as IDataObject) : pickFields(order, orderFields)),
		},
		...['status', 'orderCode', 'title', 'purchased_at'],
	);
}
