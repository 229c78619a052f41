import type { Operations } from '../../shared/run/operation';
import * as downloadAttachment from './message/downloadAttachment.operation';
import * as getMessages from './message/getMany.operation';
import * as sendMessage from './message/send.operation';
import * as getTicket from './ticket/get.operation';
import * as getTickets from './ticket/getMany.operation';
import * as getTransaction from './transaction/get.operation';

/** By resource and operation. */
export const operations: Operations = {
	'message.send': sendMessage,
	'message.getMany': getMessages,
	'message.downloadAttachment': downloadAttachment,
	'ticket.get': getTicket,
	'ticket.getMany': getTickets,
	'transaction.get': getTransaction,
};

export const fields = Object.values(operations).flatMap((operation) => operation.fields);
