import type { Answer, Exchange } from '../service.mts';
import { platformError, type Problem, unprocessable } from './answers.mts';

/** What the bodies of requests have in common. */

/** The JSON of a request, or what it is answered with that has none. */
export function jsonIn({ headers, body }: Exchange): { content: unknown } | { refusal: Answer } {
	const type = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
	if (type !== 'application/json') {
		return {
			refusal: unprocessable([inBody([], 'value is not a valid dict', 'type_error.dict')]),
		};
	}
	try {
		return { content: JSON.parse(body.toString('utf8')) as unknown };
	} catch {
		return { refusal: platformError(400, 'The request body is not JSON.') };
	}
}

/**
 * Texts that are missing or no text, and fields that nobody knows. The specification allows an empty text
 * and says nothing of unknown fields; a node that sends either is mistaken.
 */
export function wrongFields(
	content: Record<string, unknown>,
	way: Array<string | number>,
	texts: string[],
	others: string[],
): Problem[] {
	const wrongTexts = texts.flatMap((name) => {
		const value = content[name];
		if (value === undefined || value === null) {
			return [inBody([...way, name], 'field required', 'value_error.missing')];
		}
		if (typeof value !== 'string') {
			return [inBody([...way, name], 'str type expected', 'type_error.str')];
		}
		if (value.trim() === '') {
			const message = 'ensure this value has at least 1 characters';
			return [inBody([...way, name], message, 'value_error.any_str.min_length')];
		}
		return [];
	});
	const unknown = Object.keys(content)
		.filter((name) => !texts.includes(name) && !others.includes(name))
		.map((name) => inBody([...way, name], 'extra fields not permitted', 'value_error.extra'));
	return [...wrongTexts, ...unknown];
}

export function inBody(field: Array<string | number>, message: string, type: string): Problem {
	return { where: 'body', field, message, type };
}

export function notIn(allowed: string[]): string {
	return `value is not one of the permitted: ${allowed.map((value) => `'${value}'`).join(', ')}`;
}

export function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
