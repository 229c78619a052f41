/**
 * The same requests by n8n's HTTP client alone: a node that reads one field of each item and asks, in n8n's
 * engine, and does nothing else of what a message needs. What our nodes take beyond it is their own.
 */
import type { IDataObject, IExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';

import { BUYER, ITEM } from '../engine/ebay.mts';
import { runNode } from '../engine/engine.mts';
import { probeNode } from '../engine/probe.mts';
import { serveRounds, type Send } from './rounds.mts';

/** As many as our nodes have on their way at most. */
const AT_ONCE = 64;

type Ask = (options: IHttpRequestOptions) => Promise<unknown>;
/** A message with the text or order of an item. */
type SendOne = (ask: Ask, field: string) => Promise<unknown>;

void serveRounds((origin) => ({
	Amazon: inEngine(
		once(async (ask) => await amazonSender(ask, origin)),
		(orders) => orders,
	),
	eBay: inEngine(
		once(async (ask) => await ebaySender(ask, origin)),
		(orders) => orders.map((_, i) => `Message number ${i}`),
	),
}));

function inEngine(
	senderWith: (ask: Ask) => Promise<SendOne>,
	fieldsOf: (orders: string[]) => string[],
): Send {
	return async (orders) => {
		const node = probeNode(async (context) => await sendAll(context, senderWith));
		// A parameter that n8n has to work out for each item, as in our nodes.
		node.node.description.properties.push({
			displayName: 'Field',
			name: 'field',
			type: 'string',
			default: '',
		});
		const { error } = await runNode(node, {
			parameters: { field: '={{ $json.field }}' },
			items: fieldsOf(orders).map((field) => ({ json: { field } })),
		});
		if (error) throw new Error(`${error.message} ${error.description}`);
	};
}

async function sendAll(
	context: IExecuteFunctions,
	senderWith: (ask: Ask) => Promise<SendOne>,
): Promise<IDataObject> {
	const ask: Ask = async (options) => (await context.helpers.httpRequest(options)) as unknown;
	const send = await senderWith(ask);
	const count = context.getInputData().length;
	let next = 0;
	const worker = async () => {
		while (next < count) await send(ask, context.getNodeParameter('field', next++) as string);
	};
	await Promise.all(Array.from({ length: AT_ONCE }, worker));
	return {};
}

async function amazonSender(first: Ask, origin: string): Promise<SendOne> {
	const token = (await first({
		method: 'POST',
		url: `${origin}/lwa/auth/o2/token`,
		headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
		body: new URLSearchParams({
			grant_type: 'refresh_token',
			refresh_token: 'Atzr|demo',
			client_id: 'amzn1.application-oa2-client.demo',
			client_secret: 'amzn1.oa2-cs.v1.demo',
		}).toString(),
		json: true,
	})) as { access_token: string };
	const headers = {
		accept: 'application/hal+json',
		'x-amz-access-token': token.access_token,
		'user-agent': 'bench/1.0 (Language=TypeScript/5; Platform=node)',
	};
	const ask = async (send: Ask, path: string, body?: object) =>
		await send({
			method: body ? 'POST' : 'GET',
			url: `${origin}/amazon/messaging/v1/orders/${path}`,
			qs: { marketplaceIds: 'ATVPDKIKX0DER' },
			headers,
			body: body as IDataObject,
			json: true,
		});
	return async (send, orderId) => {
		await ask(send, orderId);
		await ask(send, `${orderId}/messages/confirmCustomizationDetails`, {
			text: 'Which name shall we engrave?',
		});
	};
}

async function ebaySender(first: Ask, origin: string): Promise<SendOne> {
	const token = (await first({
		method: 'POST',
		url: `${origin}/ebay/identity/v1/oauth2/token`,
		auth: { username: 'demo-client', password: 'demo-secret' },
		headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
		body: new URLSearchParams({
			grant_type: 'refresh_token',
			refresh_token: 'v^1.1#demo-refresh',
		}).toString(),
		json: true,
	})) as { access_token: string };
	const headers = {
		accept: 'text/xml',
		'content-type': 'text/xml',
		'X-EBAY-API-CALL-NAME': 'AddMemberMessageAAQToPartner',
		'X-EBAY-API-SITEID': '0',
		'X-EBAY-API-COMPATIBILITY-LEVEL': '1423',
		'X-EBAY-API-IAF-TOKEN': token.access_token,
	};
	return async (send, text) => {
		const answer = await send({
			method: 'POST',
			url: `${origin}/ebay/ws/api.dll`,
			headers,
			body: `<?xml version="1.0" encoding="utf-8"?>
				<AddMemberMessageAAQToPartnerRequest xmlns="urn:ebay:apis:eBLBaseComponents">
					<ItemID>${ITEM}</ItemID>
					<MemberMessage>
						<QuestionType>General</QuestionType>
						<RecipientID>${BUYER}</RecipientID>
						<Subject>About your order</Subject>
						<Body>${text}</Body>
					</MemberMessage>
				</AddMemberMessageAAQToPartnerRequest>`,
		});
		if (!String(answer).includes('<Ack>Success</Ack>')) throw new Error(String(answer));
	};
}

/** A client that holds a token would be refused after a second time. */
function once(make: (ask: Ask) => Promise<SendOne>): (ask: Ask) => Promise<SendOne> {
	let made: Promise<SendOne> | undefined;
	return async (ask) => await (made ??= make(ask));
}
