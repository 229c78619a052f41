import type { Answer, Exchange, Service } from './service.mts';

export const assistantKey = 'demo-assistant-key';

/**
 * A stand-in for a chat model, for the example in which AI drafts an answer: it speaks the part of
 * OpenAI's chat completions that n8n's chat model node uses, and drafts the same kind answer to everybody, in Portuguese where it was told so.
 */
export function assistantService(): Service {
	return {
		prefix: '/assistant',
		operationOf: ({ path }) => (path === '/v1/models' ? 'assistant.models' : 'assistant.chat'),
		answer,
	};
}

function answer({ method, path, headers, body }: Exchange): Answer {
	if (headers.authorization !== `Bearer ${assistantKey}`) {
		return refused(401, 'Incorrect API key provided');
	}
	if (path === '/v1/models') {
		return {
			status: 200,
			body: { object: 'list', data: [{ id: 'gpt-4o-mini', object: 'model' }] },
		};
	}
	if (method !== 'POST' || path !== '/v1/chat/completions')
		return refused(404, 'Unknown request URL');
	const asked = JSON.parse(body.toString('utf8')) as {
		model?: string;
		messages?: Array<{ role?: string }>;
		stream?: boolean;
		tools?: Tool[];
	};
	if (!asked.model || !asked.messages?.length)
		return refused(400, 'model and messages are required');
	const isPortuguese = /Portuguese/.test(JSON.stringify(asked.messages));
	const draft = isPortuguese ? drafts.portuguese : drafts.english;
	const [tool] = asked.tools ?? [];
	const wasCalled = asked.messages.some(({ role }) => role === 'tool');
	const message = tool && !wasCalled ? callOf(tool, draft) : { content: draft };
	return asked.stream
		? streamed(asked.model, message)
		: {
				status: 200,
				body: {
					...head(asked.model),
					object: 'chat.completion',
					choices: [
						{ index: 0, message: { role: 'assistant', ...message }, finish_reason: endOf(message) },
					],
					usage,
				},
			};
}

const drafts = {
	portuguese:
		'Olá! Obrigado por escrever. Já estamos cuidando do seu pedido e voltamos com uma resposta ainda hoje.',
	english:
		'Hello! Thank you for writing. We are looking into it, and you will have an answer today.',
};

interface Tool {
	function: { name: string; parameters?: { properties?: Record<string, unknown> } };
}

/** What the assistant says: words, or that the first tool it was given be called once. */
type Message =
	| { content: string }
	| {
			content: null;
			tool_calls: Array<{ index: number; id: string; type: string; function: object }>;
	  };

/** The draft is all it has to say, so every field of the tool that asks for something gets it. */
function callOf({ function: { name, parameters } }: Tool, draft: string): Message {
	const fields = Object.keys(parameters?.properties ?? {}).map((field) => [field, draft]);
	const called = { name, arguments: JSON.stringify(Object.fromEntries(fields)) };
	return {
		content: null,
		tool_calls: [{ index: 0, id: 'call_demo', type: 'function', function: called }],
	};
}

const endOf = (message: Message) => ('tool_calls' in message ? 'tool_calls' : 'stop');

const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };

const head = (model: string) => ({ id: 'chatcmpl-demo', created: 0, model });

/** The same answer as server-sent events, words in two pieces. */
function streamed(model: string, message: Message): Answer {
	const half = Math.ceil((message.content ?? '').length / 2);
	const pieces =
		message.content === null
			? [message]
			: [{ content: message.content.slice(0, half) }, { content: message.content.slice(half) }];
	const chunks = [
		...pieces.map((piece) => ({ delta: { role: 'assistant', ...piece }, finish_reason: null })),
		{ delta: {}, finish_reason: endOf(message) },
	].map((choice) => ({
		...head(model),
		object: 'chat.completion.chunk',
		choices: [{ index: 0, ...choice }],
	}));
	const events = [...chunks.map((chunk) => JSON.stringify(chunk)), '[DONE]'];
	return {
		status: 200,
		headers: { 'content-type': 'text/event-stream' },
		body: events.map((event) => `data: ${event}\n\n`).join(''),
	};
}

function refused(status: number, message: string): Answer {
	return { status, body: { error: { message, type: 'invalid_request_error', code: null } } };
}
