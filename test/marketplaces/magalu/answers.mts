import { randomUUID } from 'node:crypto';

import { escaped, htmlPage } from '../html.mts';
import type { Answer } from '../service.mts';

/** What is wrong with one field of a request. */
export interface Problem {
	where: 'query' | 'body' | 'path';
	/** The way to the field, e.g. `['attachments', 0, 'file_type']`. */
	field: Array<string | number>;
	message: string;
	type: string;
}

const slugs: Record<number, string> = {
	400: 'BAD_REQUEST',
	401: 'UNAUTHORIZED',
	403: 'FORBIDDEN',
	404: 'NOT_FOUND',
	422: 'UNPROCESSABLE_ENTITY',
	429: 'TOO_MANY_REQUESTS',
	500: 'SERVER_ERROR',
};

/** An error in the shape of Magalu's platform. */
export function platformError(
	status: number,
	message: string,
	problems: Problem[] = [],
	headers: Record<string, string> = {},
): Answer {
	const details = problems.map((problem) => ({
		field: problem.field.join('.'),
		location: problem.where,
		slug: problem.type,
		message: problem.message,
	}));
	return { status, headers, body: { slug: slugs[status] ?? 'UNKNOWN', message, details } };
}

/** A 422 in the shape of the framework that the ticket API is written in. */
export function unprocessable(problems: Problem[]): Answer {
	const detail = problems.map(({ where, field, message, type }) => ({
		loc: [where, ...field],
		msg: message,
		type,
	}));
	return { status: 422, body: { detail } };
}

/** An error of the token endpoint (RFC 6749, section 5.2). */
export function oauthError(status: number, error: string, description: string): Answer {
	return {
		status,
		headers: { 'cache-control': 'no-store' },
		body: { error, error_description: description },
	};
}

/** The block page of the edge in front of the API: HTML, and no word of why. */
export function edgeBlock(): Answer {
	return htmlPage(
		403,
		'403 Forbidden',
		`<h1>Forbidden</h1><p>Request blocked.</p><p>Reference: ${randomUUID()}</p>`,
	);
}

/** An error of the storage's XML API. */
export function storageError(
	status: number,
	code: string,
	message: string,
	more: Record<string, string> = {},
): Answer {
	const fields = Object.entries({ Code: code, Message: message, ...more });
	const inside = fields.map(([name, value]) => `<${name}>${escaped(value)}</${name}>`).join('');
	return {
		status,
		headers: { 'content-type': 'application/xml; charset=UTF-8' },
		body: `<?xml version='1.0' encoding='UTF-8'?><Error>${inside}</Error>`,
	};
}
