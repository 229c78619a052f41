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
		messages?: unknown[];
		stream?: boolean;
	};
	if (!asked.model || !asked.messages?.length)
		return refused(400, 'model and messages are required');
	const isPortuguese = /Portuguese/.test(JSON.stringify(asked.messages));
	const draft = isPortuguese ? drafts.portuguese : drafts.english;
	return asked.stream
		? streamed(asked.model, draft)
		: {
				status: 200,
				body: {
					...head(asked.model),
					object: 'chat.completion',
					choices: [
						{ index: 0, message: { role: 'assistant', content: draft }, finish_reason: 'stop' },
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

const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };

const head = (model: string) => ({ id: 'chatcmpl-demo', created: 0, model });

/** The same answer as server-sent events, in two pieces. */
function streamed(model: string, draft: string): Answer {
	const half = Math.ceil(draft.length / 2);
	const chunks = [
		{ delta: { role: 'assistant', content: draft.slice(0, half) }, finish_reason: null },
		{ delta: { content: draft.slice(half) }, finish_reason: null },
		{ delta: {}, finish_reason: 'stop' },
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
