import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { Given, Operation } from '../../shared/perItem';
import * as downloadAttachment from './message/downloadAttachment.operation';
import * as getMessages from './message/getMany.operation';
import * as sendMessage from './message/send.operation';
import * as getTicket from './ticket/get.operation';
import * as getTickets from './ticket/getMany.operation';
import * as getTransaction from './transaction/get.operation';

const operations: Record<string, { fields: INodeProperties[]; execute: Operation }> = {
	'message.send': sendMessage,
	'message.getMany': getMessages,
	'message.downloadAttachment': downloadAttachment,
	'ticket.get': getTicket,
	'ticket.getMany': getTickets,
	'transaction.get': getTransaction,
};

export const fields = Object.values(operations).flatMap((operation) => operation.fields);

/** Hands an item to the operation that the form chose. */
export async function router(this: IExecuteFunctions, itemIndex: number): Promise<Given> {
	const resource = this.getNodeParameter('resource', itemIndex) as string;
	const operation = this.getNodeParameter('operation', itemIndex) as string;
	return await operations[`${resource}.${operation}`]!.execute.call(this, itemIndex);
}
