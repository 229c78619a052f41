import type { Answer, Exchange, Service } from './service.mts';

export const assistantKey = 'demo-assistant-key';

/**
 * A stand-in for a chat model, for the example in which AI drafts an answer: it speaks the part of
 * OpenAI's chat completions that n8n's chat model node uses, and always drafts the same kind answer.
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
		return { status: 200, body: { object: 'list', data: [{ id: 'gpt-4o-mini', object: 'model' }] } };
	}
	if (method !== 'POST' || path !== '/v1/chat/completions') return refused(404, 'Unknown request URL');
	const asked = JSON.parse(body.toString('utf8')) as { model?: string; messages?: unknown[]; stream?: boolean };
	if (!asked.model || !asked.messages?.length) return refused(400, 'model and messages are required');
	if (asked.stream) return refused(400, 'This stand-in does not stream');
	return {
		status: 200,
		body: {
			id: 'chatcmpl-demo',
			object: 'chat.completion',
			created: 0,
			model: asked.model,
			choices: [
				{
					index: 0,
					message: {
						role: 'assistant',
						content:
							'Olá! Obrigado por escrever. Já estamos cuidando do seu pedido e voltamos com uma resposta ainda hoje.',
					},
					finish_reason: 'stop',
				},
			],
			usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
		},
	};
}

function refused(status: number, message: string): Answer {
	return { status, body: { error: { message, type: 'invalid_request_error', code: null } } };
}
