import type { Answer, Exchange, Received } from '../service.mts';
import { ebayServices } from './index.mts';
import type { Ebay } from './index.mts';
import { readXml, textAt } from './xml.mts';
import type { Element } from './xml.mts';

/** The simulated eBay without a server: requests are handed to the services as the server would. */
export interface Client {
	ebay: Ebay;
	received: Received[];
	clock: { time: number };
	/** Access token with every scope. */
	token: string;
	send(method: string, url: string, headers?: Record<string, string>, body?: Body): Promise<Answer>;
	/** One Trading call; `inner` is what stands inside the request element. */
	call(name: string, inner: string, headers?: Record<string, string>): Promise<TradingAnswer>;
}

type Body = string | Buffer;

export interface TradingAnswer {
	status: number;
	xml: string;
	root: Element;
	ack?: string;
	/** Error codes, in order. */
	codes: string[];
	/** Long messages, in order. */
	messages: string[];
}

export const origin = 'http://127.0.0.1:8080';
export const tokenUrl = '/ebay/identity/v1/oauth2/token';
export const basic = `Basic ${Buffer.from('demo-client:demo-secret').toString('base64')}`;
export const start = Date.parse('2026-11-20T12:00:00.000Z');

/** The smallest thing that counts as a PNG. */
export const png = Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01', 'latin1');

/** A fresh eBay on 2026-11-20 at noon, and a seller with a token. */
export async function connect(): Promise<Client> {
	const received: Received[] = [];
	const clock = { time: start };
	const ebay = ebayServices({
		clock: { now: () => clock.time },
		origin: () => origin,
		deliver: (message) => void received.push(message),
	});

	async function send(
		method: string,
		url: string,
		headers: Record<string, string> = {},
		body: Body = '',
	): Promise<Answer> {
		const [path, rawQuery = ''] = url.split('?');
		const service = ebay.services.find(({ prefix }) => path.startsWith(`${prefix}/`));
		if (!service) throw new Error(`No service for ${path}`);
		const exchange: Exchange = {
			method,
			path: path.slice(service.prefix.length),
			rawUrl: url,
			rawQuery,
			query: new URLSearchParams(rawQuery),
			headers,
			body: Buffer.from(body),
			origin,
		};
		return await service.answer(exchange);
	}

	const minted = await send(
		'POST',
		tokenUrl,
		{ authorization: basic, 'content-type': 'application/x-www-form-urlencoded' },
		`grant_type=refresh_token&refresh_token=${encodeURIComponent('v^1.1#demo-refresh')}`,
	);
	const token = (minted.body as { access_token: string }).access_token;

	async function call(name: string, inner: string, headers: Record<string, string> = {}) {
		const answer = await send(
			'POST',
			'/ebay/ws/api.dll',
			without({ ...tradingHeaders(name), 'x-ebay-api-iaf-token': token, ...headers }),
			`<?xml version="1.0" encoding="utf-8"?><${name}Request xmlns="urn:ebay:apis:eBLBaseComponents">${inner}</${name}Request>`,
		);
		return readAnswer(answer);
	}
	return { ebay, received, clock, token, send, call };
}

/** What every Trading call needs beside a token. */
export function tradingHeaders(call: string): Record<string, string> {
	return {
		'x-ebay-api-call-name': call,
		'x-ebay-api-siteid': '0',
		'x-ebay-api-compatibility-level': '1391',
		'content-type': 'text/xml;charset=UTF-8',
	};
}

/** Reads the answer as the strict reader of the simulator does. */
export function readAnswer({ status, body }: Answer): TradingAnswer {
	const xml = String(body);
	const root = readXml(Buffer.from(xml));
	const errors = root.children.filter(({ name }) => name === 'Errors');
	return {
		status,
		xml,
		root,
		ack: textAt(root, 'Ack'),
		codes: errors.map((error) => textAt(error, 'ErrorCode') ?? ''),
		messages: errors.map((error) => textAt(error, 'LongMessage') ?? ''),
	};
}

/** A header given as '' is not sent. */
function without(headers: Record<string, string>): Record<string, string> {
	return Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== ''));
}

/** A message to the partner, in schema order; every part can be replaced or (with '') left out. */
export function partnerMessage(parts: Partial<Record<keyof typeof usual, string>> = {}): string {
	const { standard, item, question, copy, recipient, subject, body, media } = {
		...usual,
		...parts,
	};
	return `${standard}${item}<MemberMessage>${question}${copy}${recipient}${subject}${body}${media}</MemberMessage>`;
}

const usual = {
	standard: '<ErrorLanguage>en_US</ErrorLanguage>',
	item: '<ItemID>110000000001</ItemID>',
	question: '<QuestionType>General</QuestionType>',
	copy: '',
	recipient: '<RecipientID>buyer_one</RecipientID>',
	subject: '<Subject>Your order</Subject>',
	body: '<Body>Thanks &amp; regards</Body>',
	media: '',
};
