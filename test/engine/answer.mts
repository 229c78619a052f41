import type { HttpResponse } from '../../nodes/shared/http/service.ts';

/** An answer as the gate reads it: whole, with its length; an object becomes JSON. */
export function answer(
	status: number,
	body: object | string = '',
	headers: Record<string, string> = {},
): HttpResponse {
	const text = typeof body === 'string' ? body : JSON.stringify(body);
	const bytes = Buffer.from(text);
	return { status, headers: { 'content-length': String(bytes.length), ...headers }, text, bytes };
}

/** What an error tells a seller to do: a whole sentence, or several. */
export const advice = expect.stringMatching(/^(eBay|[A-Z])[^]{8,}\.$/) as string;
