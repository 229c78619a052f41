import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Answer, Exchange, Received, Service } from '../service.mts';
import { documentHtml, partsOf } from './document.mts';
import { fileAnswer } from './files.mts';
import type { World } from './world.mts';

const folder = join(process.cwd(), 'test/marketplaces/page');

/** Only what the page brings itself may run or be loaded in it, whatever a message says. */
const policy = [
	"default-src 'none'",
	"script-src 'self'",
	"style-src 'self'",
	"img-src 'self' data:",
	"connect-src 'self'",
	"base-uri 'none'",
	"form-action 'none'",
	"frame-ancestors 'none'",
].join('; ');

/**
 * "What your buyers received": `/` for people, `/received.json` for programs, and
 * `/received/N/attachments/M` for the files (both count from 1, in the order of arrival).
 */
export function pageService(world: World): Service {
	const { received } = world;
	const pages: Record<string, () => Answer> = {
		'/': () => text('text/html', documentHtml(world)),
		'/page.css': () => text('text/css', readFileSync(join(folder, 'page.css'), 'utf8')),
		'/page.js': () => text('text/javascript', readFileSync(join(folder, 'page.js'), 'utf8')),
		'/parts.json': () => json(partsOf(world)),
		'/received.json': () => json(received.map(summaryOf)),
	};
	return {
		prefix: '',
		operationOf: () => 'page',
		answer(exchange) {
			const refusal = refusalOf(exchange);
			if (refusal) return refusal;
			if (Object.hasOwn(pages, exchange.path)) return pages[exchange.path]!();
			const [, number, part] = /^\/received\/(\d+)\/attachments\/(\d+)$/.exec(exchange.path) ?? [];
			const file = received[Number(number) - 1]?.attachments[Number(part) - 1];
			return file ? fileAnswer(file) : { status: 404, body: 'Not found' };
		},
	};
}

/** A page of another site that points its name at this address gets nothing. */
function refusalOf({ method, headers, origin }: Exchange): Answer | undefined {
	if (method !== 'GET') return { status: 405, body: 'GET only' };
	const { port } = new URL(origin);
	const own = [`127.0.0.1:${port}`, `localhost:${port}`];
	return own.includes(headers.host ?? '')
		? undefined
		: { status: 403, body: 'Only by the own address' };
}

function text(type: string, body: string): Answer {
	return {
		status: 200,
		headers: {
			'content-type': `${type}; charset=utf-8`,
			'cache-control': 'no-store',
			'x-content-type-options': 'nosniff',
			...(type === 'text/html'
				? { 'content-security-policy': policy, 'referrer-policy': 'no-referrer' }
				: {}),
		},
		body,
	};
}

function json(body: object): Answer {
	return { status: 200, body, headers: { 'cache-control': 'no-store' } };
}

function summaryOf(message: Received, index: number) {
	return {
		number: index + 1,
		...message,
		attachments: message.attachments.map((file) => ({
			fileName: file.fileName,
			mimeType: file.mimeType,
			size: file.bytes.length,
			sha256: createHash('sha256').update(file.bytes).digest('hex'),
		})),
	};
}
