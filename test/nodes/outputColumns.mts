/**
 * Each operation of each node, filled in for the demo's account, and the columns of its output that a seller
 * reads first: n8n draws a table's columns in the order of an item's fields.
 */
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { demoAttachment, demoTickets } from '../marketplaces/magalu/demo.mts';

export interface Operation {
	/** `message: send` */
	name: string;
	parameters: INodeParameters;
	/** What became of it, whom it is about, and what: IDs behind. */
	columns: string[];
}

const marketplaceId = 'ATVPDKIKX0DER';
const order = { marketplaceId, orderId: '111-1111111-1111111' };
const delivered = { marketplaceId, orderId: '111-4444444-4444444' };
const conversation = { conversationId: '800000000001' };
const ticket = { ticketId: demoTickets.waitingSeller };
const check = { columns: ['check', 'ok', 'message', 'advice'] };

/** Stands for the transaction of the message that was sent before. */
export const SENT = "={{ $('message: send').first().json.transactionId }}";

/** @returns the parameters with the transaction of a message that is sent for it, where they want one */
export async function filledIn(
	{ parameters }: Operation,
	rows: Operation[],
	run: (parameters: INodeParameters) => Promise<IDataObject[]>,
): Promise<INodeParameters> {
	if (parameters.transactionId !== SENT) return parameters;
	const [sent] = await run(rows.find(({ name }) => name === 'message: send')!.parameters);
	return { ...parameters, transactionId: sent!.transactionId as string };
}

function operation(
	resource: string,
	name: string,
	{ columns, ...parameters }: INodeParameters & { columns: string[] },
): Operation {
	return {
		name: `${resource}: ${name}`,
		parameters: { resource, operation: name, ...parameters },
		columns,
	};
}

/** What reads comes before what changes it. */
export const operations = {
	amazonMessaging: [
		operation('message', 'getAvailableTypes', {
			...order,
			columns: ['messageType', 'title'],
		}),
		operation('message', 'send', {
			...order,
			messageType: 'unexpectedProblem',
			text: 'Your parcel was damaged; a new one leaves today.',
			columns: ['status', 'orderId', 'sentAt', 'messageType'],
		}),
		operation('reviewRequest', 'getEligibility', {
			...delivered,
			columns: ['eligible', 'orderId'],
		}),
		operation('reviewRequest', 'send', {
			...delivered,
			columns: ['status', 'orderId', 'sentAt'],
		}),
		operation('buyer', 'getAttributes', { ...order, columns: ['locale', 'orderId'] }),
		operation('order', 'get', {
			orderId: order.orderId,
			columns: ['fulfillmentStatus', 'orderId', 'title'],
		}),
		operation('order', 'getMany', {
			marketplaceIds: [marketplaceId],
			columns: ['fulfillmentStatus', 'orderId', 'title'],
		}),
		operation('account', 'check', check),
	],
	ebayMemberMessage: [
		operation('message', 'send', {
			itemId: '110000000001',
			recipientId: 'buyer_one',
			questionType: 'Shipping',
			subject: 'Your parcel',
			body: 'It has left today.',
			columns: ['status', 'recipientId', 'sentAt', 'subject'],
		}),
		operation('question', 'getMany', { columns: ['MessageStatus', 'recipientId', 'body'] }),
		operation('question', 'reply', {
			parentMessageId: '700000001',
			recipientId: 'shopper_one',
			itemId: '110000000009',
			body: 'Yes, with screws.',
			columns: ['status', 'recipientId', 'sentAt', 'itemId'],
		}),
		operation('conversation', 'getMany', { columns: ['from', 'text', 'unreadCount'] }),
		operation('conversation', 'get', { ...conversation, columns: ['from', 'text'] }),
		operation('conversation', 'send', {
			...conversation,
			text: 'It arrives tomorrow.',
			columns: ['status', 'recipientId', 'sentAt'],
		}),
		operation('conversation', 'update', {
			...conversation,
			change: 'markRead',
			columns: ['change', 'conversationId'],
		}),
		operation('order', 'get', {
			orderId: '11-00001-00002',
			columns: ['OrderStatus', 'recipientId', 'title', 'orderId'],
		}),
		operation('order', 'getMany', {
			columns: ['OrderStatus', 'recipientId', 'title', 'orderId'],
		}),
		operation('account', 'check', check),
	],
	magaluTicketMessage: [
		operation('ticket', 'getMany', { columns: ['status', 'reason', 'orderCode'] }),
		operation('ticket', 'get', { ...ticket, columns: ['status', 'reason', 'orderCode'] }),
		operation('message', 'getMany', { ...ticket, columns: ['from', 'message', 'createdAt'] }),
		operation('message', 'send', {
			...ticket,
			text: 'O pedido sai amanhã.',
			ownerName: 'Ana',
			ownerCode: 'ana',
			columns: ['status', 'ticketId', 'sentAt', 'destination'],
		}),
		operation('message', 'downloadAttachment', {
			...ticket,
			...demoAttachment,
			columns: ['fileName', 'mimeType', 'size'],
		}),
		operation('ticket', 'create', {
			orderId: '1470000000000002',
			type: 'shipping',
			reason: 'shipping_delay',
			options: { useOpenTicket: false },
			columns: ['status', 'orderCode', 'sentAt', 'ticketType'],
		}),
		operation('transaction', 'get', {
			transactionId: SENT,
			columns: ['transactionStatus', 'operation', 'content_type'],
		}),
		operation('order', 'get', {
			orderCode: '1470000000000002',
			columns: ['status', 'orderCode', 'title'],
		}),
		operation('order', 'getMany', { columns: ['status', 'orderCode', 'title'] }),
		operation('account', 'check', check),
	],
} satisfies Record<string, Operation[]>;
