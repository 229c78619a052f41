import type { IDataObject } from 'n8n-workflow';

import { pickFields } from '../../shared/poll/pickFields';
import { withFirstColumns } from '../../shared/run/firstColumns';
import type { SimpleFields } from '../../shared/run/simplify';
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
 */
export function shownOrder(order: Json, personal: boolean): IDataObject {
	const title = titleOf(order);
	return withFirstColumns(
		{
			...(title ? { title } : {}),
			...orderNames(order),
			...(personal ? (order as IDataObject) : pickFields(order, orderFields)),
		},
		...['status', 'orderCode', 'title', 'purchased_at'],
	);
}

/**
 * What was bought first.
 * @see https://developers.magalu.com/docs/plataforma-do-seller-pedidos/get_delivery.en (`items[].info.name`)
 */
function titleOf({ deliveries }: Json): string | undefined {
	const items = recordsOf(deliveries).flatMap((delivery) => recordsOf(delivery.items));
	return textOf(recordOf(items[0]?.info).name);
}

/** What the deliveries of an order are in, each word once. */
function deliveryStatusOf({ deliveries }: Json): string | undefined {
	const words = recordsOf(deliveries).flatMap(({ status }) => textOf(status) ?? []);
	return [...new Set(words)].join(', ') || undefined;
}

/** In the currency's own unit. */
function totalOf({ amounts }: Json): number | undefined {
	const { total, normalizer } = recordOf(amounts);
	const isTold = typeof total === 'number' && typeof normalizer === 'number' && normalizer > 0;
	return isTold ? total / normalizer : undefined;
}

/** Of an order. */
export const simpleOrder: SimpleFields = {
	orderId: true,
	orderCode: true,
	status: true,
	title: titleOf,
	deliveryStatus: deliveryStatusOf,
	purchased_at: true,
	approved_at: true,
	updated_at: true,
	total: totalOf,
	currency: ({ amounts }) => recordOf(amounts).currency,
};

/** Of a ticket. */
export const simpleTicket: SimpleFields = {
	ticketId: true,
	orderId: true,
	orderCode: true,
	status: true,
	type: true,
	reason: true,
	protocol: true,
	createdAt: ({ created_at }) => isoOf(created_at),
	updatedAt: ({ updated_at }) => isoOf(updated_at),
	dueAt: ({ due_date }) => isoOf(due_date),
};

/** Of a ticket with the message that it is about. */
export const simpleTicketMessage: SimpleFields = {
	ticketId: true,
	orderId: true,
	orderCode: true,
	status: true,
	messageId: true,
	text: true,
	type: true,
	reason: true,
	createdAt: ({ message }) => isoOf(recordOf(message).created_at),
	dueAt: ({ due_date }) => isoOf(due_date),
};

/** Of a message; what its files are called is what a download takes. */
export const simpleMessage: SimpleFields = {
	ticketId: true,
	messageId: true,
	from: true,
	message: true,
	destination: true,
	createdAt: true,
	moderationDecision: true,
	code: true,
	fileNames: ({ attachments }) =>
		recordsOf(attachments)
			.flatMap(({ file_name }) => textOf(file_name) ?? [])
			.join(', ') || undefined,
};

/** Of a transaction. */
export const simpleTransaction: SimpleFields = {
	transactionId: true,
	transactionStatus: true,
	ticketId: true,
	messageId: true,
	operation: true,
	content_type: true,
	createdAt: true,
	updatedAt: true,
};
