import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { Given, Operation } from '../../shared/perItem';
import * as getConversation from './conversation/get.operation';
import * as getConversations from './conversation/getMany.operation';
import * as sendInConversation from './conversation/send.operation';
import * as sendMessage from './message/send.operation';
import * as getQuestions from './question/getMany.operation';
import * as reply from './question/reply.operation';

const operations: Record<string, { fields: INodeProperties[]; execute: Operation }> = {
	'message.send': sendMessage,
	'question.getMany': getQuestions,
	'question.reply': reply,
	'conversation.send': sendInConversation,
	'conversation.getMany': getConversations,
	'conversation.get': getConversation,
};

export const fields = Object.values(operations).flatMap((operation) => operation.fields);

/** Hands an item to the operation that the form chose. */
export async function router(this: IExecuteFunctions, itemIndex: number): Promise<Given> {
	const resource = this.getNodeParameter('resource', itemIndex) as string;
	const operation = this.getNodeParameter('operation', itemIndex) as string;
	return await operations[`${resource}.${operation}`]!.execute.call(this, itemIndex);
}
