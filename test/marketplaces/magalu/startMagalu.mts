/** Magalu alone on a server of its own, for the tests of the simulated Magalu itself. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { type MovableClock, movableClock } from '../clock.mts';
import { toWire } from '../faults.mts';
import type { Exchange, Received } from '../service.mts';
import { type Magalu, magaluServices } from './index.mts';

export interface StartedMagalu {
	magalu: Magalu;
	clock: MovableClock;
	origin: string;
	received: Received[];
	close(): Promise<void>;
}

/** The transactions end at once, unless a test sets another time. */
export async function startMagalu(): Promise<StartedMagalu> {
	const clock = movableClock();
	const received: Received[] = [];
	let origin = '';
	const magalu = magaluServices({
		clock,
		origin: () => origin,
		deliver: (message) => void received.push(message),
	});
	magalu.state.settings.completeAfterMs = 0;

	const server = createServer((request, response) => void serve(request, response));
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

	async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const chunks: Buffer[] = [];
		for await (const chunk of request) chunks.push(chunk as Buffer);
		const exchange = exchangeOf(request, Buffer.concat(chunks), origin);
		const service = magalu.services.find(({ prefix }) => exchange.rawUrl.startsWith(`${prefix}/`));
		if (!service) throw new Error(`No service for ${exchange.rawUrl}`);
		const path = exchange.path.slice(service.prefix.length);
		const { status, headers, body } = toWire(await service.answer({ ...exchange, path }));
		response.writeHead(status, headers).end(body);
	}

	return {
		magalu,
		clock,
		origin,
		received,
		async close() {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

function exchangeOf(request: IncomingMessage, body: Buffer, origin: string): Exchange {
	const rawUrl = request.url ?? '/';
	const [path = '', rawQuery = ''] = rawUrl.split('?');
	const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
	return {
		method: request.method ?? 'GET',
		path,
		rawUrl,
		rawQuery,
		query: new URLSearchParams(rawQuery),
		headers: Object.fromEntries(headers) as Record<string, string>,
		body,
		origin,
	};
}
