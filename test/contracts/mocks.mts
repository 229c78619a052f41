/**
 * The marketplaces as their documents have them, under one address: Prism answers what a document knows,
 * the simulator the rest (tokens, storage, the Trading API, what has no document). Everything is written down.
 */
import { createServer, request as ask, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import {
	documentFor,
	judged,
	said,
	type Document,
	type Exchanged,
	type Tree,
} from './documents.mts';
import { startMock, type Violation } from './prism.mts';
import { startSimulator, type Simulator } from '../marketplaces/simulator.mts';

/** A request that a document's mock server answered. */
export interface Seen extends Exchanged {
	operation: string;
	/** What the document says against the request. */
	against: string[];
}

export interface Marketplaces {
	/** The simulator, with this address instead of its own: nodes are connected to it. */
	simulator: Simulator;
	/** Requests to documents since the last `begin`, in order. */
	seen: Seen[];
	/**
	 * Forgets what was seen.
	 * @param adapt changes the example answers where one that fits the request is needed; in place
	 */
	begin(adapt?: Adapt): void;
	close(): Promise<void>;
}

/** @param operation e.g. `messaging.json: POST …` */
export type Adapt = (operation: string, body: Tree, asked: Exchanged) => void;

const STORAGE = '/storage/';

export async function startMarketplaces(documents: Document[]): Promise<Marketplaces> {
	const mocks = new Map(
		await Promise.all(
			documents.map(async (document) => [document, await startMock(document.operations)] as const),
		),
	);
	const simulator = await startSimulator();
	const seen: Seen[] = [];
	let adapt: Adapt = () => {};

	async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const body = await bytesOf(request);
		const [path] = (request.url ?? '').split('?');
		const document = documentFor(documents, path);
		if (path.startsWith(STORAGE)) {
			response.writeHead(200, { etag: '"1"' }).end();
			return;
		}
		if (!document) {
			const answer = await forward(simulator.origin, request.url ?? '', request, body);
			response.writeHead(answer.status, answer.headers).end(answer.body);
			return;
		}
		const url = (request.url ?? '').slice(document.prefix.length);
		const answer = await forward(mocks.get(document)!.origin, url, request, body);
		const exchanged: Exchanged = {
			method: request.method ?? 'GET',
			rawUrl: request.url ?? '',
			requestHeaders: headersOf(request),
			requestBody: body.toString('utf8'),
			status: answer.status,
			headers: answer.headers,
			body: answer.body.toString('utf8'),
		};
		const { operation, request: against } = judged(document, exchanged);
		exchanged.body = adapted(operation, exchanged);
		const told = violationsIn(answer.headers['sl-violations']);
		seen.push({ ...exchanged, operation, against: [...new Set([...against, ...told])] });
		response.writeHead(answer.status, withoutLength(exchanged.headers)).end(exchanged.body);
	}

	/** Addresses in example answers lead elsewhere: files are put here. */
	function adapted(operation: string, exchanged: Exchanged): string {
		if (!exchanged.headers['content-type']?.includes('json') || exchanged.body === '') {
			return exchanged.body;
		}
		const body = JSON.parse(exchanged.body) as Tree;
		adapt(operation, body, exchanged);
		const place = `${origin}${STORAGE}file`;
		return JSON.stringify(body, (_name, value: unknown) =>
			typeof value === 'string' && /^https?:/.test(value)
				? place + value.slice(value.includes('?') ? value.indexOf('?') : value.length)
				: value,
		);
	}

	const server = createServer((request, response) => {
		serve(request, response).catch((error: unknown) => {
			console.error(error);
			response.destroy();
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

	return {
		simulator: { ...simulator, origin },
		seen,
		begin(wanted = () => {}) {
			seen.length = 0;
			adapt = wanted;
		},
		async close() {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
			await simulator.close();
			for (const mock of mocks.values()) await mock.close();
		},
	};
}

interface Answered {
	status: number;
	headers: Record<string, string>;
	body: Buffer;
}

/** `node:http`, which sends on what came as it is. */
async function forward(
	origin: string,
	url: string,
	request: IncomingMessage,
	body: Buffer,
): Promise<Answered> {
	const { host: _host, connection: _connection, ...headers } = headersOf(request);
	return await new Promise((resolve, reject) => {
		const { method } = request;
		const forwarded = ask(origin + url, { method, headers, agent: false }, (answer) => {
			bytesOf(answer)
				.then((bytes) =>
					resolve({ status: answer.statusCode ?? 0, headers: headersOf(answer), body: bytes }),
				)
				.catch(reject);
		});
		forwarded.on('error', reject);
		forwarded.end(body);
	});
}

function headersOf({ headers }: IncomingMessage): Record<string, string> {
	return Object.fromEntries(
		Object.entries(headers).map(([name, value]) => [name, [value].flat().join(', ')]),
	);
}

/** The length is another after an answer was adapted. */
function withoutLength(headers: Record<string, string>): Record<string, string> {
	const left = ['content-length', 'transfer-encoding', 'connection'];
	return Object.fromEntries(Object.entries(headers).filter(([name]) => !left.includes(name)));
}

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
	const chunks: Buffer[] = [];
	for await (const chunk of request) chunks.push(chunk as Buffer);
	return Buffer.concat(chunks);
}

/** What Prism's header says against the request; what it says against its own example is the document's. */
function violationsIn(header: string | undefined): string[] {
	if (header === undefined) return [];
	if (!header.startsWith('[')) return ['Too many violations'];
	const all = JSON.parse(header) as Array<Violation & { location: string[] }>;
	const asked = all.filter(({ location }) => location[0] === 'request');
	return said(asked.map((one) => ({ ...one, path: one.location.slice(1) })));
}
