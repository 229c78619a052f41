import type { Operations } from '../../shared/run/operation';
import * as getConversation from './conversation/get.operation';
import * as getConversations from './conversation/getMany.operation';
import * as sendInConversation from './conversation/send.operation';
import * as sendMessage from './message/send.operation';
import * as getQuestions from './question/getMany.operation';
import * as reply from './question/reply.operation';

/** By resource and operation. */
export const operations: Operations = {
	'message.send': sendMessage,
	'question.getMany': getQuestions,
	'question.reply': reply,
	'conversation.send': sendInConversation,
	'conversation.getMany': getConversations,
	'conversation.get': getConversation,
};

export const fields = Object.values(operations).flatMap((operation) => operation.fields);
