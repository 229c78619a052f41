import { createHash, verify } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { basic, connect, tokenUrl, type Client } from './client.mts';
import { notify, saveInPortal } from './notifications.mts';

const base = '/ebay/commerce/notification/v1';
const verificationToken = 'a-token-of-the-test-with-32-letters-or-more';
const json = { 'content-type': 'application/json' };

/** What the address got, and what it answers: the next status, or else 204. */
interface Call {
	header: string;
	body: string;
	said: {
		metadata: { topic: string };
		notification: {
			notificationId: string;
			eventDate: string;
			publishDate: string;
			publishAttemptCount: number;
			data: Record<string, unknown>;
		};
	};
}

let client: Client;
let applicationToken: string;
let endpoint: string;
let calls: Call[];
let statuses: number[];
let tokenOfAddress: string;
let close: () => Promise<void>;

beforeEach(async () => {
	client = await connect();
	calls = [];
	statuses = [];
	tokenOfAddress = verificationToken;
	const minted = await client.send(
		'POST',
		tokenUrl,
		{ authorization: basic, 'content-type': 'application/x-www-form-urlencoded' },
		`grant_type=client_credentials&scope=${encodeURIComponent('https://api.ebay.com/oauth/api_scope')}`,
	);
	applicationToken = (minted.body as { access_token: string }).access_token;

	const server = createServer(async (request, response) => {
		const chunks: Buffer[] = [];
		for await (const chunk of request) chunks.push(chunk as Buffer);
		if (request.method === 'GET') {
			const code = new URL(request.url!, endpoint).searchParams.get('challenge_code')!;
			const hash = createHash('sha256').update(code + tokenOfAddress + endpoint);
			response.writeHead(200, json).end(JSON.stringify({ challengeResponse: hash.digest('hex') }));
			return;
		}
		const body = Buffer.concat(chunks).toString();
		const header = String(request.headers['x-ebay-signature']);
		calls.push({ header, body, said: JSON.parse(body) as Call['said'] });
		response.writeHead(statuses.shift() ?? 204).end();
	});
	await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
	endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
	close = async () => {
		server.closeAllConnections();
		await new Promise<void>((closed) => server.close(() => closed()));
	};
});
afterEach(async () => await close());

async function ask(method: string, path: string, body?: object, token = applicationToken) {
	const headers = { ...json, authorization: `Bearer ${token}` };
	const answer = await client.send(method, base + path, headers, body && JSON.stringify(body));
	const { errors } = (answer.body ?? {}) as { errors?: Array<{ errorId: number }> };
	return { ...answer, error: errors?.[0]?.errorId };
}

const asSeller = async (method: string, path: string, body?: object) =>
	await ask(method, path, body, client.token);

const config = async () => await ask('PUT', '/config', { alertEmail: 'shop@example.com' });

const destination = (more: object = {}) => ({
	name: 'A shop',
	status: 'ENABLED',
	deliveryConfig: { endpoint, verificationToken },
	...more,
});

const subscription = (more: object = {}) => ({
	topicId: 'NEW_MESSAGE',
	status: 'ENABLED',
	destinationId: own().destinations[0]?.destinationId,
	payload: { format: 'JSON', schemaVersion: '1.0', deliveryProtocol: 'HTTPS' },
	...more,
});

const own = () => client.ebay.state.notifications;

async function subscribed(): Promise<void> {
	await config();
	await ask('POST', '/destination', destination());
	expect((await asSeller('POST', '/subscription', subscription())).status).toBe(201);
}

const tell = async (options = {}, data: object = { messageId: '1' }) =>
	await notify(client.ebay.state, { now: () => client.clock.time }, 'NEW_MESSAGE', data, options);

describe('without a configuration', () => {
	it.each([
		['a destination', async () => await ask('POST', '/destination', destination())],
		['a subscription', async () => await asSeller('POST', '/subscription', subscription())],
	])('%s is refused with 195003', async (_what, post) => {
		expect(await post()).toMatchObject({ status: 409, error: 195003 });
	});

	it('there is none to read', async () => {
		expect(await ask('GET', '/config')).toMatchObject({ status: 404, error: 195026 });
	});
});

describe('a destination', () => {
	beforeEach(async () => void (await config()));

	it('is refused where its address does not know the token', async () => {
		tokenOfAddress = 'another token';
		expect(await ask('POST', '/destination', destination())).toMatchObject({ error: 195020 });
	});

	it('is refused where nobody listens', async () => {
		await close();
		expect(await ask('POST', '/destination', destination())).toMatchObject({ error: 195020 });
	});

	it('is refused where its address begins with http, unless that is allowed', async () => {
		own().takesHttp = false;
		expect(await ask('POST', '/destination', destination())).toMatchObject({ error: 195017 });
	});

	it('is refused where its token is too short', async () => {
		const deliveryConfig = { endpoint, verificationToken: 'short' };
		const made = await ask('POST', '/destination', destination({ deliveryConfig }));
		expect(made).toMatchObject({ error: 195019 });
	});

	it('is refused a second time', async () => {
		await ask('POST', '/destination', destination());
		expect(await ask('POST', '/destination', destination())).toMatchObject({ error: 195021 });
	});

	it("is the application's, not the seller's", async () => {
		expect((await asSeller('POST', '/destination', destination())).status).toBe(403);
	});

	it('is deleted only when it is switched off, where eBay wants that', async () => {
		own().keepsEnabled = true;
		await ask('POST', '/destination', destination());
		const path = `/destination/${own().destinations[0]!.destinationId}`;
		expect(await ask('DELETE', path)).toMatchObject({ status: 409, error: 195024 });
		await ask('PUT', path, destination({ status: 'DISABLED' }));
		expect((await ask('DELETE', path)).status).toBe(204);
	});

	it('is switched off though its address is gone, and on only where it answers', async () => {
		await ask('POST', '/destination', destination());
		const path = `/destination/${own().destinations[0]!.destinationId}`;
		await close();
		expect((await ask('PUT', path, destination({ status: 'DISABLED' }))).status).toBe(204);
		expect(await ask('PUT', path, destination())).toMatchObject({ status: 409, error: 195020 });
	});

	it('is deleted as it is, where eBay does not want that', async () => {
		await ask('POST', '/destination', destination());
		const path = `/destination/${own().destinations[0]!.destinationId}`;
		expect((await ask('DELETE', path)).status).toBe(204);
	});

	it('is not deleted while a subscription uses it', async () => {
		await subscribed();
		const path = `/destination/${own().destinations[0]!.destinationId}`;
		await ask('PUT', path, destination({ status: 'DISABLED' }));
		expect(await ask('DELETE', path)).toMatchObject({ status: 409, error: 195024 });
	});
});

describe('a subscription', () => {
	it('is refused a second time', async () => {
		await subscribed();
		expect(await asSeller('POST', '/subscription', subscription())).toMatchObject({
			error: 195012,
		});
	});

	it("is refused without the topic's scope", async () => {
		await config();
		await ask('POST', '/destination', destination());
		client.ebay.state.accessTokens.get(client.token)!.scopes = [];
		expect(await asSeller('POST', '/subscription', subscription())).toMatchObject({
			error: 195011,
		});
	});

	it("is not seen with the application's token", async () => {
		await subscribed();
		expect((await ask('GET', '/subscription')).body).toMatchObject({ subscriptions: [] });
	});

	it('is tried with placeholders, which are signed as well', async () => {
		await subscribed();
		const path = `/subscription/${own().subscriptions[0]!.subscriptionId}/test`;
		expect((await asSeller('POST', path)).status).toBe(202);
		while (calls.length === 0) await new Promise(setImmediate);
		expect(calls[0]!.said.notification.data).toMatchObject({ messageId: 'string' });
		expect(isSigned(calls[0]!)).toBe(true);
	});
});

describe('a notification', () => {
	beforeEach(async () => await subscribed());

	it('is signed, with a key that eBay tells by its name', async () => {
		await tell();
		expect(isSigned(calls[0]!)).toBe(true);
		const { kid } = signatureIn(calls[0]!);
		const { body } = await ask('GET', `/public_key/${kid}`);
		expect((body as { key: string }).key).toContain('-----BEGIN PUBLIC KEY-----');
	});

	it('is tried three times, and says which try it is', async () => {
		statuses = [500, 503, 412];
		expect((await tell()).statuses).toEqual([500, 503, 412]);
		const tries = calls.map(({ said }) => said.notification.publishAttemptCount);
		expect(tries).toEqual([1, 2, 3]);
	});

	it('is over as soon as it is taken', async () => {
		statuses = [500];
		expect((await tell()).statuses).toEqual([500, 204]);
	});

	it('comes twice with the same ID', async () => {
		const { notificationId } = await tell({ deliveries: 2 });
		const ids = calls.map(({ said }) => said.notification.notificationId);
		expect(ids).toEqual([notificationId, notificationId]);
	});

	it('comes late with the moment at which it happened', async () => {
		const happenedAt = client.clock.time;
		let arrive = () => {};
		const telling = tell({ late: new Promise<void>((arrived) => (arrive = arrived)) });
		client.clock.time += 60_000;
		arrive();
		await telling;
		const { eventDate, publishDate } = calls[0]!.said.notification;
		expect(Date.parse(eventDate)).toBe(happenedAt);
		expect(Date.parse(publishDate)).toBe(happenedAt + 60_000);
	});

	it('comes after one that happened later', async () => {
		let nextIsThere = () => {};
		const late = new Promise<void>((isThere) => (nextIsThere = isThere));
		const telling = tell({ late }, { messageId: 'first' });
		await tell({}, { messageId: 'next' });
		nextIsThere();
		await telling;
		const order = calls.map(({ said }) => said.notification.data.messageId);
		expect(order).toEqual(['next', 'first']);
	});

	it('marks an address that is dead, and comes there no more', async () => {
		await close();
		expect((await tell()).statuses).toEqual([0, 0, 0]);
		expect(own().destinations[0]!.status).toBe('MARKED_DOWN');
		expect((await tell()).statuses).toEqual([]);
	});

	it('leaves an address on that refused it', async () => {
		statuses = [412, 412, 412];
		await tell();
		expect(own().destinations[0]!.status).toBe('ENABLED');
	});
});

describe('the portal', () => {
	it('saves an address that knows the token', async () => {
		expect(await saveInPortal(own(), { endpoint, verificationToken })).toBe(true);
		expect(own().accountDeletion).toEqual({ endpoint, verificationToken });
	});

	it('saves none that does not', async () => {
		tokenOfAddress = 'another token';
		expect(await saveInPortal(own(), { endpoint, verificationToken })).toBe(false);
		expect(own().accountDeletion).toBeUndefined();
	});
});

const signatureIn = ({ header }: Call) =>
	JSON.parse(Buffer.from(header, 'base64').toString()) as { kid: string; signature: string };

const isSigned = (call: Call) =>
	verify(
		'sha1',
		Buffer.from(call.body),
		own().key.publicKey,
		Buffer.from(signatureIn(call).signature, 'base64'),
	);
