/** The lists of the three nodes, and a server that speaks to all of them and serves pages as a test says. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { INodeParameters } from 'n8n-workflow';

import { AmazonSellingPartnerApi } from '../../credentials/AmazonSellingPartnerApi.credentials.ts';
import { EbayApi } from '../../credentials/EbayApi.credentials.ts';
import { MagaluOAuth2Api } from '../../credentials/MagaluOAuth2Api.credentials.ts';
import { AmazonMessaging } from '../../nodes/Amazon/AmazonMessaging.node.ts';
import { EbayMemberMessage } from '../../nodes/Ebay/EbayMemberMessage.node.ts';
import { MagaluTicketMessage } from '../../nodes/Magalu/MagaluTicketMessage.node.ts';
import { forgetLanes } from '../../nodes/shared/http/rateLimit.ts';
import { runNode, type NodeUnderTest, type RunResult } from '../engine/engine.mts';
import { skipWaits, type SkippedTime } from '../reliability/time.mts';

/** What a request asks for. */
export interface Asked {
	limit: number;
	/** The place in the list where the page begins. */
	offset: number;
	/** The whole list in the order asked for; each row by its number. */
	rows: number[];
}

/** What a page holds. */
export interface Served {
	rows: number[];
	/** Where the next page begins; nothing where this one is said to be the last. */
	next?: number;
}

export interface ListOperation {
	name: string;
	node(origin: string): NodeUnderTest;
	parameters: INodeParameters;
	/** @param total how many rows the list has */
	asked(url: URL, body: string, total: number): Asked | undefined;
	page(served: Served): { type: string; body: string };
	/** The number of a row, of an item of the output. */
	rowOf(json: Record<string, unknown>): number;
	/** A page that is shorter than asked is the last one, whatever is said beside it. */
	shortIsLast?: true;
	/** Each page names the next one, and may be empty itself. */
	tokens?: true;
	/** From either end only so many rows can be reached. */
	reach?: number;
	/** Pages have numbers: of a page that is shorter than asked the rest is never seen. */
	numbered?: true;
}

const JSON_TYPE = 'application/json';
const upTo = (total: number) => Array.from({ length: total }, (_, row) => row);
const numberIn = (xml: string, tag: string) =>
	Number(new RegExp(`<${tag}>(-?\\d+)<`).exec(xml)?.[1]);
const number = (url: URL, name: string) => Number(url.searchParams.get(name) ?? 0);

const amazonNode = (origin: string): NodeUnderTest => ({
	node: new AmazonMessaging(),
	credentialTypes: [new AmazonSellingPartnerApi()],
	credentials: {
		amazonSellingPartnerApi: {
			...{ environment: 'custom', region: 'na', clientId: 'c', clientSecret: 's' },
			...{ refreshToken: 'r', apiUrl: `${origin}/amazon`, tokenUrl: `${origin}/token` },
		},
	},
});

const ebayNode = (origin: string): NodeUnderTest => ({
	node: new EbayMemberMessage(),
	credentialTypes: [new EbayApi()],
	credentials: {
		ebayApi: {
			...{ environment: 'custom', authentication: 'oAuth', clientId: 'c', clientSecret: 's' },
			...{ refreshToken: 'r', siteId: '0', apiUrl: `${origin}/ebay`, mediaUrl: `${origin}/ebay` },
		},
	},
});

const magaluNode = (origin: string): NodeUnderTest => ({
	node: new MagaluTicketMessage(),
	credentialTypes: [new MagaluOAuth2Api()],
	credentials: {
		magaluOAuth2Api: {
			...{ environment: 'custom', clientId: 'c', clientSecret: 's', apiUrl: `${origin}/magalu` },
			...{ loginUrl: `${origin}/login`, tokenUrl: `${origin}/token` },
			oauthTokenData: { access_token: 'a', refresh_token: 'r' },
		},
	},
});

const START = Date.UTC(2026, 0, 1);
const minute = (row: number) => new Date(START + row * 60_000).toISOString().slice(0, 19);
const uuid = (row: number) => `00000000-0000-4000-8000-${String(row).padStart(12, '0')}`;
const rowOfUuid = (id: unknown) => Number(String(id).slice(-12));

/** Magalu's lists say no more than whether the page is full. */
const magaluPage = ({ rows }: Served, row: (number: number) => object) => ({
	type: JSON_TYPE,
	body: JSON.stringify({ meta: { page: {} }, results: rows.map(row) }),
});

/** No two of Amazon's tokens are alike. */
let tokens = 0;

export const listOperations: ListOperation[] = [
	{
		name: 'Amazon: Order, Get Many',
		node: amazonNode,
		parameters: { resource: 'order', operation: 'getMany', marketplaceIds: ['ATVPDKIKX0DER'] },
		asked: (url, _body, total) =>
			url.pathname === '/amazon/orders/2026-01-01/orders'
				? {
						limit: Number(url.searchParams.get('maxResultsPerPage')),
						offset: parseInt((url.searchParams.get('paginationToken') ?? 'at 0').slice(3), 10),
						rows: upTo(total),
					}
				: undefined,
		page: ({ rows, next }) => ({
			type: JSON_TYPE,
			body: JSON.stringify({
				orders: rows.map((row) => ({ orderId: `111-0000000-${String(row).padStart(7, '0')}` })),
				pagination: next === undefined ? {} : { nextToken: `at ${next} (${++tokens})` },
			}),
		}),
		rowOf: ({ orderId }) => Number(String(orderId).slice(-7)),
		tokens: true,
	},
	{
		name: 'eBay: Question, Get Many',
		node: ebayNode,
		parameters: { resource: 'question', operation: 'getMany', filters: { itemId: '110000000001' } },
		asked(_url, body, total) {
			if (!body.includes('GetMemberMessagesRequest')) return undefined;
			const limit = numberIn(body, 'EntriesPerPage');
			return { limit, offset: (numberIn(body, 'PageNumber') - 1) * limit, rows: upTo(total) };
		},
		page: ({ rows, next }) => ({
			type: 'text/xml',
			body: `<?xml version="1.0"?><GetMemberMessagesResponse xmlns="urn:ebay:apis:eBLBaseComponents"><Ack>Success</Ack><MemberMessage>${rows
				.map(
					(row) =>
						`<MemberMessageExchange><Item><ItemID>110000000001</ItemID></Item><Question><SenderID>x</SenderID><Body>b</Body><MessageID>${row}</MessageID></Question></MemberMessageExchange>`,
				)
				.join(
					'',
				)}</MemberMessage><HasMoreItems>${next !== undefined}</HasMoreItems></GetMemberMessagesResponse>`,
		}),
		rowOf: ({ parentMessageId }) => Number(parentMessageId),
		numbered: true,
	},
	{
		name: 'eBay: Order, Get Many',
		node: ebayNode,
		parameters: { resource: 'order', operation: 'getMany', options: { output: 'order' } },
		asked(_url, body, total) {
			if (!body.includes('GetOrdersRequest')) return undefined;
			const limit = numberIn(body, 'EntriesPerPage');
			return { limit, offset: (numberIn(body, 'PageNumber') - 1) * limit, rows: upTo(total) };
		},
		page: ({ rows, next }) => ({
			type: 'text/xml',
			body: `<?xml version="1.0"?><GetOrdersResponse xmlns="urn:ebay:apis:eBLBaseComponents"><Ack>Success</Ack><HasMoreOrders>${next !== undefined}</HasMoreOrders><OrderArray>${rows
				.map((row) => `<Order><OrderID>11-00001-${row}</OrderID></Order>`)
				.join('')}</OrderArray></GetOrdersResponse>`,
		}),
		rowOf: ({ orderId }) => Number(String(orderId).split('-')[2]),
		numbered: true,
	},
	{
		name: 'eBay: Conversation, Get Many',
		node: ebayNode,
		parameters: { resource: 'conversation', operation: 'getMany' },
		asked: (url, _body, total) =>
			url.pathname === '/ebay/commerce/message/v1/conversation'
				? { limit: number(url, 'limit'), offset: number(url, 'offset'), rows: upTo(total) }
				: undefined,
		page: ({ rows, next }) => ({
			type: JSON_TYPE,
			body: JSON.stringify({
				conversations: rows.map((row) => ({ conversationId: String(row) })),
				...(next === undefined ? {} : { next: `https://api.ebay.com/next?offset=${next}` }),
			}),
		}),
		rowOf: ({ conversationId }) => Number(conversationId),
	},
	{
		name: 'Magalu: Ticket, Get Many',
		node: magaluNode,
		parameters: { resource: 'ticket', operation: 'getMany' },
		asked(url, _body, total) {
			if (url.pathname !== '/magalu/seller/v0/tickets') return undefined;
			const at = (name: string) => (url.searchParams.get(name) ?? '').replace(/(\.0+)?Z?$/, '');
			const from = [at('updated_at_gte'), at('created_at_gte')].sort().at(-1)!;
			const to = [at('updated_at_lte'), at('created_at_lte')].filter(Boolean).sort()[0];
			const rows = upTo(total).filter((row) => minute(row) >= from && (!to || minute(row) <= to));
			if (url.searchParams.get('_sort')?.endsWith(':desc')) rows.reverse();
			return { limit: number(url, '_limit'), offset: number(url, '_offset'), rows };
		},
		page: (served) =>
			magaluPage(served, (row) => ({
				id: uuid(row),
				created_at: minute(row),
				updated_at: minute(row),
			})),
		rowOf: ({ ticketId }) => rowOfUuid(ticketId),
		shortIsLast: true,
	},
	{
		name: 'Magalu: Order, Get Many',
		node: magaluNode,
		parameters: { resource: 'order', operation: 'getMany' },
		asked(url, _body, total) {
			if (url.pathname !== '/magalu/seller/v1/orders') return undefined;
			const rows = upTo(total).reverse();
			return { limit: number(url, '_limit'), offset: number(url, '_offset'), rows };
		},
		page: (served) =>
			magaluPage(served, (row) => ({ id: uuid(row), purchased_at: `${minute(row)}Z` })),
		rowOf: ({ orderId }) => rowOfUuid(orderId),
		shortIsLast: true,
	},
	{
		name: 'Magalu: Message, Get Many',
		node: magaluNode,
		parameters: { resource: 'message', operation: 'getMany', ticketId: uuid(1) },
		asked(url, _body, total) {
			if (url.pathname !== `/magalu/seller/v0/tickets/${uuid(1)}/messages`) return undefined;
			const rows = upTo(total);
			if (url.searchParams.get('_sort') === 'created_at:desc') rows.reverse();
			return { limit: number(url, '_limit'), offset: number(url, '_offset'), rows };
		},
		page: (served) =>
			magaluPage(served, (row) => ({ id: uuid(row), created_at: minute(row), message: 'x' })),
		rowOf: ({ messageId, id }) => rowOfUuid(messageId ?? id),
		shortIsLast: true,
		reach: 200,
	},
];

export interface ListServer {
	origin: string;
	/** How the next requests are answered. */
	serve(operation: ListOperation, total: number, page: (asked: Asked) => Served): void;
	/** What was asked since then. */
	asked: Asked[];
	close(): Promise<void>;
}

async function startListServer(): Promise<ListServer> {
	let current: { operation: ListOperation; total: number; page: (asked: Asked) => Served };
	const asked: Asked[] = [];
	const server = createServer((request, response) => {
		void bodyOf(request).then((body) => {
			const url = new URL(request.url!, 'http://127.0.0.1');
			const wanted = current.operation.asked(url, body, current.total);
			const answer = wanted
				? current.operation.page(current.page(wanted))
				: { type: JSON_TYPE, body: '{"access_token":"a","expires_in":3600}' };
			if (wanted) asked.push(wanted);
			response.writeHead(200, { 'content-type': answer.type }).end(answer.body);
		});
	});
	await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
	return {
		origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		serve(operation, total, page) {
			asked.length = 0;
			current = { operation, total, page };
		},
		asked,
		async close() {
			server.closeAllConnections();
			await new Promise((closed) => server.close(closed));
		},
	};
}

async function bodyOf(request: IncomingMessage): Promise<string> {
	const parts: Buffer[] = [];
	for await (const part of request) parts.push(part as Buffer);
	return Buffer.concat(parts).toString('utf8');
}

/** The server of a file's tests, and a clock that nobody waits for. */
export function listWorld() {
	let server: ListServer;
	let time: SkippedTime;
	beforeAll(async () => {
		server = await startListServer();
		time = skipWaits();
	});
	afterAll(async () => {
		time.end();
		await server.close();
	});
	return {
		serve: (...what: Parameters<ListServer['serve']>) => server.serve(...what),
		asked: () => server.asked,
		/** No limit remembers the run before. */
		async run(operation: ListOperation, more: INodeParameters = {}): Promise<RunResult> {
			forgetLanes();
			time.skip(3_600_000);
			const parameters = { ...operation.parameters, ...more };
			return await runNode(operation.node(server.origin), { parameters });
		},
	};
}
