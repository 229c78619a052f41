/**
 * The same messages by the npm clients in a plain script: one after the other, as their pages show it, and
 * eight at once. The clients know only the real hosts, so their requests are led to the simulator.
 */
import http from 'node:http';
import https from 'node:https';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { BUYER, ITEM } from '../engine/ebay.mts';
import { serveRounds, type Send } from './rounds.mts';

const peer = createRequire(join(process.cwd(), 'test/bench/peers/package.json'));

type SendOne = (orderId: string, i: number) => Promise<unknown>;

const EIGHT = 8;

void serveRounds((origin) => {
	lead(origin);
	const [amazon, ebay] = [amazonClient(), ebayClient()];
	return {
		'Amazon, one after the other': inTurns(1, amazon),
		'Amazon, 8 at once': inTurns(EIGHT, amazon),
		'eBay, one after the other': inTurns(1, ebay),
		'eBay, 8 at once': inTurns(EIGHT, ebay),
	};
});

function inTurns(atOnce: number, send: SendOne): Send {
	return async (orders) => {
		let next = 0;
		const worker = async () => {
			while (next < orders.length) {
				const i = next++;
				await send(orders[i]!, i);
			}
		};
		await Promise.all(Array.from({ length: atOnce }, worker));
	};
}

/** Asks which messages are allowed, and sends one: what the node does. */
function amazonClient(): SendOne {
	const SellingPartner = peer('amazon-sp-api').SellingPartner ?? peer('amazon-sp-api');
	const client = new SellingPartner({
		region: 'na',
		refresh_token: 'Atzr|demo',
		credentials: {
			SELLING_PARTNER_APP_CLIENT_ID: 'amzn1.application-oa2-client.demo',
			SELLING_PARTNER_APP_CLIENT_SECRET: 'amzn1.oa2-cs.v1.demo',
		},
		options: { user_agent: 'bench/1.0 (Language=TypeScript/5; Platform=node)' },
	});
	const call = async (operation: string, orderId: string, body?: object) =>
		await client.callAPI({
			operation,
			endpoint: 'messaging',
			path: { amazonOrderId: orderId },
			query: { marketplaceIds: ['ATVPDKIKX0DER'] },
			body,
		});
	return async (orderId) => {
		await call('getMessagingActionsForOrder', orderId);
		await call('confirmCustomizationDetails', orderId, { text: 'Which name shall we engrave?' });
	};
}

function ebayClient(): SendOne {
	const EbayApi = peer('ebay-api').default ?? peer('ebay-api');
	const client = new EbayApi({
		appId: 'demo-client',
		certId: 'demo-secret',
		sandbox: false,
		siteId: 0,
		autoRefreshToken: true,
	});
	client.OAuth2.setCredentials({
		refresh_token: 'v^1.1#demo-refresh',
		expires_in: 0,
		access_token: '',
	});
	// Messages need a later schema than the client's own.
	const headers = { 'X-EBAY-API-COMPATIBILITY-LEVEL': '1423' };
	let ready: Promise<unknown> | undefined;
	return async (_orderId, i) => {
		await (ready ??= client.OAuth2.refreshToken());
		const fields = {
			ItemID: ITEM,
			MemberMessage: {
				QuestionType: 'General',
				RecipientID: BUYER,
				Subject: 'About your order',
				Body: `Message number ${i}`,
			},
		};
		await client.trading.AddMemberMessageAAQToPartner(fields, { headers });
	};
}

/** Requests to the marketplaces' hosts go to the simulator, without TLS, as the node's do. */
function lead(origin: string): void {
	const { port } = new URL(origin);
	const places: Record<string, string> = {
		'api.amazon.com': '/lwa',
		'sellingpartnerapi-na.amazon.com': '/amazon',
		'api.ebay.com': '/ebay',
	};
	https.request = ((
		given: http.RequestOptions,
		listener?: (answer: http.IncomingMessage) => void,
	) => {
		const host = String(given.hostname ?? given.host);
		const { agent: _agent, ...options } = given;
		const place = places[host];
		if (place === undefined) throw new Error(`no such host here: ${host}`);
		const path = `${place}${given.path}`;
		const led = {
			...options,
			path,
			port,
			protocol: 'http:',
			host: undefined,
			hostname: '127.0.0.1',
		};
		return http.request(led, listener);
	}) as typeof https.request;
}
