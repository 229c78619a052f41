import { createHash, createPublicKey, createSign, generateKeyPairSync } from 'node:crypto';

import { p256 } from '@noble/curves/nist';
import cryptoJs from 'crypto-js';
import fastCheck from 'fast-check';

import { EbayApi } from '../../../credentials/EbayApi.credentials.ts';
import { EbayNotificationTrigger } from '../../../nodes/Ebay/EbayNotificationTrigger.node.ts';
import { ebayCredential } from '../../engine/ebay.mts';
import { quickTime } from '../../engine/quickTime.mts';
import { webhookOf, type Webhook } from '../../engine/webhook.mts';
import { signatureOf } from '../../marketplaces/ebay/notifications.mts';
import { allScopes } from '../../marketplaces/ebay/index.mts';
import { startSimulator, type Simulator } from '../../marketplaces/simulator.mts';

let simulator: Simulator;
let hooks: Webhook[] = [];
let sellers = 0;

beforeAll(async () => {
	simulator = await startSimulator();
});
afterAll(async () => await simulator.close());
let slowAgain: () => void;
beforeEach(() => {
	slowAgain = quickTime();
	simulator.reset();
	sellers += 1;
	// A client of its own for each test: what the process keeps of one is not known of the next.
	simulator.ebay.state.clients.set(clientId(), 'demo-secret');
	const grant = simulator.ebay.state.refreshTokens.get('v^1.1#demo-refresh')!;
	simulator.ebay.state.refreshTokens.set(refreshToken(), { ...grant, clientId: clientId() });
});
afterEach(async () => {
	slowAgain();
	await Promise.all(hooks.map(async (hook) => await hook.close()));
	hooks = [];
	expect(simulator.defects).toEqual([]);
});

const clientId = () => `client-${sellers}`;
const refreshToken = () => `v^1.1#refresh-of-${sellers}`;

async function trigger(
	parameters: Record<string, string> = {},
	credential: Record<string, string> = {},
	mode: 'webhook' | 'manual' = 'webhook',
): Promise<Webhook> {
	const ebayApi = {
		...ebayCredential(simulator),
		clientId: clientId(),
		refreshToken: refreshToken(),
		// Keys are kept by address: each test has its own eBay.
		apiUrl: `${simulator.origin}/ebay`,
		...credential,
	};
	const node = new EbayNotificationTrigger();
	const hook = await webhookOf(
		{ node, credentialTypes: [new EbayApi()], credentials: { ebayApi } },
		{ topic: 'newMessage', alertEmail: 'shop@example.com', ...parameters },
		mode,
	);
	hooks.push(hook);
	return hook;
}

const operations = () =>
	simulator.calls.map(({ operation }) => operation).filter((name) => name !== 'ebay.token');

const own = () => simulator.ebay.state.notifications;

const message = (more: object = {}) => ({
	messageId: '810000077',
	conversationId: '800000000001',
	conversationType: 'FROM_MEMBERS',
	messageBody: 'Is it blue?',
	messageMedia: [],
	senderUserName: 'buyer_one',
	recipientUserName: 'demo_seller',
	createdDate: '2026-11-25T10:00:00.000Z',
	readStatus: false,
	subject: 'Blue ceramic mug',
	...more,
});

const tell = async (data: object = message(), options = {}) =>
	await simulator.ebay.notify('NEW_MESSAGE', data, options);

async function post(hook: Webhook, body: string, signature?: string): Promise<number> {
	const headers: Record<string, string> = { 'content-type': 'application/json' };
	if (signature !== undefined) headers['x-ebay-signature'] = signature;
	const response = await fetch(hook.endpoint, { method: 'POST', headers, body });
	return response.status;
}

interface Case {
	what: string;
	arrange?: () => unknown;
	parameters?: Record<string, string>;
	credential?: Record<string, string>;
	says: string;
}

describe('when the workflow is switched on', () => {
	test('eBay is told whom to write to, where to call and what for, in this order', async () => {
		const hook = await trigger();
		await hook.activate();
		expect(own().alertEmail).toBe('shop@example.com');
		expect(own().destinations).toMatchObject([
			{ status: 'ENABLED', deliveryConfig: { endpoint: hook.endpoint } },
		]);
		expect(own().subscriptions).toMatchObject([
			{ topicId: 'NEW_MESSAGE', seller: 'demo_seller', status: 'ENABLED' },
		]);
	});

	test('the newest version of a topic is asked for', async () => {
		await (await trigger({ topic: 'orderConfirmation' })).activate();
		expect(own().subscriptions[0]!.payload.schemaVersion).toBe('1.1');
	});

	test('the token that eBay gets is never the secret, and another for each address', async () => {
		const one = await trigger();
		const other = await trigger({ topic: 'orderConfirmation' });
		await one.activate();
		await other.activate();
		const [first, second] = own().destinations.map(({ deliveryConfig }) => deliveryConfig);
		expect(first!.verificationToken).not.toBe(second!.verificationToken);
		expect(first!.verificationToken).not.toContain('demo-secret');
		expect(JSON.stringify([one.state(), other.state()])).not.toContain(first!.verificationToken);
	});

	test('a second time, all that is there is used', async () => {
		const hook = await trigger();
		await hook.activate();
		const before = structuredClone({ ...own(), key: undefined });
		await hook.activate();
		expect({ ...own(), key: undefined }).toEqual(before);
	});

	test('an address that eBay marked down is switched on again', async () => {
		const hook = await trigger();
		await hook.activate();
		own().destinations[0]!.status = 'MARKED_DOWN';
		await hook.activate();
		expect(own().destinations).toMatchObject([{ status: 'ENABLED' }]);
	});

	test('what another try of it made already is taken for its own', async () => {
		simulator.faults.push({ operation: 'ebay.postDestination', kind: 'lost', when: 'after' });
		simulator.faults.push({ operation: 'ebay.postSubscription', kind: 'lost', when: 'after' });
		await (await trigger()).activate();
		expect(own().destinations).toHaveLength(1);
		expect(own().subscriptions).toHaveLength(1);
	});

	test('a restart while eBay does not answer leaves it as it is', async () => {
		const hook = await trigger();
		await hook.activate();
		simulator.faults.push({ operation: '*', kind: 'status', status: 503, times: 100 });
		await expect(hook.activate()).resolves.toBeUndefined();
	});

	test.each([
		{
			what: 'another workflow has the topic',
			arrange: async () => await (await trigger()).activate(),
			says: 'Another workflow gets these notifications already',
		},
		{
			what: 'no alert email is known',
			parameters: { alertEmail: '' },
			says: "'Alert Email' is empty",
		},
		{
			what: 'the alert email is none',
			parameters: { alertEmail: 'shop' },
			says: "eBay does not take the 'Alert Email'",
		},
		{
			what: 'the consent lacks the scope',
			arrange: () => {
				const grant = simulator.ebay.state.refreshTokens.get(refreshToken())!;
				grant.scopes = allScopes.filter((scope) => !scope.endsWith('commerce.message'));
			},
			says: "The seller's consent does not cover these notifications",
		},
		{
			what: "the credential holds an Auth'n'Auth token",
			credential: { authentication: 'authToken', authToken: 'AgAAAA**demo-auth-token' },
			says: "Being called by eBay needs OAuth, and the credential holds an Auth'n'Auth token",
		},
		{
			what: 'eBay takes no address without https',
			arrange: () => void (own().takesHttp = false),
			says: 'eBay does not take the address of your n8n',
		},
		{
			what: 'n8n has an address of a private network',
			credential: { environment: 'production' },
			says: 'eBay cannot call your n8n at http://127.0.0.1',
		},
		{
			what: 'the client secret is wrong',
			credential: { clientSecret: 'wrong' },
			says: "eBay does not know this 'Client ID' and 'Client Secret'",
		},
	] as Case[])('and $what, it says so', async ({ arrange, parameters, credential, says }) => {
		await arrange?.();
		const hook = await trigger(parameters, credential);
		await expect(hook.activate()).rejects.toThrow(says);
	});

	test('and eBay gets a wrong answer from the address, it says so', async () => {
		const hook = await trigger();
		const real = hook.endpoint;
		await hook.close();
		hooks = [];
		await expect(hook.activate()).rejects.toThrow(
			'eBay called your n8n and got no answer, or a wrong one',
		);
		expect(real).toContain('127.0.0.1');
	});
});

describe('when the workflow is switched off', () => {
	test('what it made is taken away', async () => {
		const hook = await trigger();
		await hook.activate();
		await hook.deactivate();
		expect(own().subscriptions).toEqual([]);
		expect(own().destinations).toEqual([]);
	});

	test('what others made stays', async () => {
		const hook = await trigger();
		const other = await trigger({ topic: 'orderConfirmation' });
		await other.activate();
		await hook.activate();
		await hook.deactivate();
		expect(own().subscriptions.map(({ topicId }) => topicId)).toEqual(['ORDER_CONFIRMATION']);
		expect(own().destinations).toMatchObject([{ deliveryConfig: { endpoint: other.endpoint } }]);
	});

	test('what is gone already is no error', async () => {
		const hook = await trigger();
		await hook.activate();
		own().subscriptions = [];
		own().destinations = [];
		await hook.deactivate();
		expect(hook.logged.join()).not.toMatch(/could not/);
	});

	test('and eBay does not answer, it goes off all the same', async () => {
		const hook = await trigger();
		await hook.activate();
		simulator.faults.push({ operation: '*', kind: 'status', status: 503, times: 100 });
		await hook.deactivate();
		expect(hook.logged.join()).toContain("eBay's notifications could not be ended");
	});
});

describe('a challenge', () => {
	test('is answered without a call to eBay', async () => {
		const hook = await trigger({ topic: 'accountDeletion' });
		const response = await fetch(`${hook.endpoint}?challenge_code=abc`);
		expect(response.status).toBe(200);
		expect(await response.json()).toEqual({
			challengeResponse: expect.stringMatching(/^[0-9a-f]{64}$/),
		});
		expect(simulator.calls).toEqual([]);
	});

	test('is the hash of code, token and address as registered', async () => {
		const hook = await trigger();
		await hook.activate();
		const { verificationToken } = own().destinations[0]!.deliveryConfig;
		const response = await fetch(`${hook.endpoint}?challenge_code=abc`);
		const hash = createHash('sha256').update(`abc${verificationToken}${hook.endpoint}`);
		expect(await response.json()).toEqual({ challengeResponse: hash.digest('hex') });
	});

	test('without a code is refused', async () => {
		const hook = await trigger();
		expect((await fetch(hook.endpoint)).status).toBe(400);
	});
});

describe('a notification', () => {
	test('starts the workflow with what is needed to answer', async () => {
		const hook = await trigger();
		await hook.activate();
		const { notificationId, statuses } = await tell();
		expect(statuses).toEqual([204]);
		expect(hook.started).toEqual([
			{
				json: {
					notificationId,
					topic: 'NEW_MESSAGE',
					eventDate: expect.any(String),
					...message(),
					recipientId: 'buyer_one',
					text: 'Is it blue?',
					createdAt: '2026-11-25T10:00:00.000Z',
				},
			},
		]);
	});

	const order = { orderId: '11-1', orderLineItems: [{ listingId: '110000000001' }] };
	test.each([
		[
			...(['newMessage', 'NEW_MESSAGE', message()] as const),
			['conversationId', 'messageId', 'recipientId', 'itemId', 'text', 'subject', 'createdAt'],
		],
		[
			...(['buyerQuestion', 'BUYER_QUESTION', message()] as const),
			['parentMessageId', 'conversationId', 'recipientId', 'itemId', 'text', 'subject'],
		],
		[...(['orderConfirmation', 'ORDER_CONFIRMATION', { order }] as const), ['orderId', 'itemId']],
		[
			...(['accountDeletion', 'MARKETPLACE_ACCOUNT_DELETION'] as const),
			{ eiasToken: 'e1', userId: 'u1', username: 'gone' },
			['username', 'userId'],
		],
	] as const)("of %s carries our names first, then eBay's data", async (topic, id, data, names) => {
		const hook = await trigger({ topic });
		if (topic === 'accountDeletion') {
			own().accountDeletion = { endpoint: hook.endpoint, verificationToken: 'pasted by hand' };
		} else await hook.activate();
		await simulator.ebay.notify(id, { ...data, referenceId: '110000000001' });
		const { json } = hook.started[0]!;
		const ours = ['notificationId', 'topic', 'eventDate', ...names];
		const theirs = Object.keys(data).filter((name) => !ours.includes(name));
		expect(Object.keys(json)).toEqual([...ours, ...theirs, 'referenceId']);
		expect(json).toMatchObject({ ...data, topic: id });
	});

	test('of an order carries the names that the order operations take', async () => {
		const hook = await trigger({ topic: 'orderConfirmation' });
		await hook.activate();
		const line = { orderLineItemId: '1', listingId: '110000000001', quantity: 1 };
		await simulator.ebay.notify('ORDER_CONFIRMATION', {
			order: { orderId: '11-00001-00001', orderLineItems: [line] },
		});
		expect(hook.started[0]!.json).toMatchObject({
			orderId: '11-00001-00001',
			itemId: '110000000001',
		});
	});

	test("of a buyer's question carries what is needed to answer it", async () => {
		const hook = await trigger({ topic: 'buyerQuestion' });
		await hook.activate();
		expect(own().subscriptions).toMatchObject([{ topicId: 'BUYER_QUESTION', status: 'ENABLED' }]);
		const { notificationId, statuses } = await simulator.ebay.notify('BUYER_QUESTION', {
			messageId: '810000078',
			senderUserName: 'buyer_one',
			itemId: '110000000001',
			messageBody: 'Does it fit?',
		});
		expect(statuses).toEqual([204]);
		expect(hook.started.map(({ json }) => json)).toMatchObject([
			{
				notificationId,
				topic: 'BUYER_QUESTION',
				parentMessageId: '810000078',
				recipientId: 'buyer_one',
				itemId: '110000000001',
				text: 'Does it fit?',
			},
		]);
	});

	test('of a deleted account names whom to forget', async () => {
		const hook = await trigger({ topic: 'accountDeletion' });
		own().accountDeletion = { endpoint: hook.endpoint, verificationToken: 'pasted by hand' };
		const data = { username: 'gone', userId: 'u1', eiasToken: 'e1' };
		await simulator.ebay.notify('MARKETPLACE_ACCOUNT_DELETION', data);
		expect(hook.started[0]!.json).toMatchObject({ username: 'gone', userId: 'u1' });
	});

	test('that comes twice starts it once, also after a restart', async () => {
		const hook = await trigger();
		await hook.activate();
		const { notificationId } = await tell();
		await tell(message(), { notificationId });
		expect(hook.started).toHaveLength(1);
		await jest.isolateModulesAsync(async () => {
			const again = await import('../../../nodes/Ebay/EbayNotificationTrigger.node.ts');
			hook.restart(new again.EbayNotificationTrigger());
		});
		await tell(message(), { notificationId });
		expect(hook.started).toHaveLength(1);
	});

	test('beside many others is still known, whatever n8n saved last', async () => {
		const hook = await trigger();
		await hook.activate();
		const told = await Promise.all(
			Array.from({ length: 30 }, async (_, i) => await tell(message({ messageId: `${i}` }))),
		);
		for (const { notificationId } of told) await tell(message(), { notificationId });
		expect(hook.started).toHaveLength(30);
	});

	test('of yesterday is taken, and starts nothing', async () => {
		const hook = await trigger();
		await hook.activate();
		const { statuses } = await tell(message(), { eventAt: Date.now() - 25 * 60 * 60_000 });
		expect(statuses).toEqual([204]);
		expect(hook.started).toEqual([]);
	});

	test('of an account that was deleted days ago is never passed over', async () => {
		const hook = await trigger({ topic: 'accountDeletion' });
		own().accountDeletion = { endpoint: hook.endpoint, verificationToken: 'pasted by hand' };
		const options = { eventAt: Date.now() - 72 * 60 * 60_000 };
		await simulator.ebay.notify('MARKETPLACE_ACCOUNT_DELETION', { username: 'gone' }, options);
		expect(hook.started).toHaveLength(1);
	});

	test('of 1,500 deleted accounts in a day starts as many workflows, and costs eBay two calls', async () => {
		const hook = await trigger({ topic: 'accountDeletion' });
		own().accountDeletion = { endpoint: hook.endpoint, verificationToken: 'pasted by hand' };
		const send = async (username: string) =>
			await simulator.ebay.notify('MARKETPLACE_ACCOUNT_DELETION', { username });
		await send('member-0');
		for (let from = 1; from < 1500; from += 50) {
			const names = Array.from(
				{ length: Math.min(50, 1500 - from) },
				(_, i) => `member-${from + i}`,
			);
			await Promise.all(names.map(send));
		}
		const names = hook.started.map(({ json }) => json.username);
		expect(new Set(names).size).toBe(1500);
		expect(names).toHaveLength(1500);
		expect(simulator.calls.map(({ operation }) => operation)).toEqual([
			'ebay.token',
			'ebay.getPublicKeyOne',
		]);
		// What n8n keeps for the node (bytes).
		expect(JSON.stringify(hook.state()).length).toBeLessThan(20_000);
	}, 120_000);

	test('of our own message starts nothing', async () => {
		const hook = await trigger();
		await hook.activate();
		await tell(message({ senderUserName: 'demo_seller', recipientUserName: 'buyer_one' }));
		expect(hook.started).toEqual([]);
	});

	test("that is eBay's own test starts nothing in an active workflow", async () => {
		const hook = await trigger();
		await hook.activate();
		const { statuses } = await tell({ messageId: 'string', conversationId: 'string' });
		expect(statuses).toEqual([204]);
		expect(hook.started).toEqual([]);
	});

	test("that is eBay's own test is shown in the editor", async () => {
		const hook = await trigger({}, {}, 'manual');
		await hook.activate('manual');
		await tell({ messageId: 'string', conversationId: 'string' });
		expect(hook.started).toHaveLength(1);
	});

	test('of another topic starts nothing', async () => {
		const hook = await trigger();
		await hook.activate();
		const body = JSON.stringify({
			metadata: { topic: 'OTHER' },
			notification: { notificationId: '1' },
		});
		expect(await post(hook, body, signatureOf(own(), body))).toBe(204);
		expect(hook.started).toEqual([]);
	});

	test('is asked for again while eBay does not tell its key', async () => {
		const hook = await trigger();
		own().kid = 'a-key-of-today';
		const body = JSON.stringify({ metadata: {}, notification: {} });
		simulator.faults.push({
			operation: 'ebay.getPublicKeyOne',
			kind: 'status',
			status: 503,
			times: 9,
		});
		expect(await post(hook, body, signatureOf(own(), body))).toBe(503);
	});

	test('over 1 MB is refused', async () => {
		const hook = await trigger();
		const body = `"${'x'.repeat(1024 * 1024)}"`;
		expect(await post(hook, body, signatureOf(own(), body))).toBe(413);
	});
});

describe('the signature', () => {
	test('is looked up once for many notifications', async () => {
		const hook = await trigger();
		await hook.activate();
		for (let i = 0; i < 5; i++) await tell(message({ messageId: `${i}` }));
		expect(operations().filter((name) => name === 'ebay.getPublicKeyOne')).toHaveLength(1);
	});

	test('of an independent implementation is taken', async () => {
		const hook = await trigger();
		const privateKey = p256.utils.randomPrivateKey();
		const point = Buffer.from(p256.getPublicKey(privateKey, false)).subarray(1);
		const jwk = {
			kty: 'EC',
			crv: 'P-256',
			x: point.subarray(0, 32).toString('base64url'),
			y: point.subarray(32).toString('base64url'),
		};
		own().kid = 'of-another-library';
		own().key.publicKey = createPublicKey({ key: jwk, format: 'jwk' });
		const body = '{"metadata":{"topic":"NEW_MESSAGE"},"notification":{"notificationId":"n"}}';
		const digest = Buffer.from(cryptoJs.SHA1(body).toString(), 'hex');
		const signature = Buffer.from(p256.sign(digest, privateKey).toDERRawBytes()).toString('base64');
		const header = changed(signatureOf(own(), body), { signature });
		expect(await post(hook, body, header)).toBe(204);
		expect(hook.started).toHaveLength(1);
		expect(await post(hook, body.replace('"n"', '"m"'), header)).toBe(412);
	});

	test.each([
		{ what: 'is missing', signature: () => undefined },
		{ what: 'is no base64', signature: () => 'no signature' },
		{ what: 'is no JSON', signature: () => Buffer.from('{').toString('base64') },
		{
			what: 'is of another body',
			signature: () => signatureOf(own(), '{"another":"body"}'),
		},
		{
			what: 'names a digest that is not allowed',
			signature: (body: string) => changed(signatureOf(own(), body), { digest: 'MD5' }),
		},
		{
			what: 'names another digest than the one it was made with',
			signature: (body: string) => changed(signatureOf(own(), body), { digest: 'SHA256' }),
		},
		{
			what: 'names an algorithm that needs no key',
			signature: (body: string) => changed(signatureOf(own(), body), { alg: 'none' }),
		},
		{
			what: 'names a key that eBay does not have',
			signature: (body: string) => changed(signatureOf(own(), body), { kid: 'unknown' }),
		},
		{
			what: 'names a key by something that is no name',
			signature: (body: string) => changed(signatureOf(own(), body), { kid: { id: own().kid } }),
		},
		{
			what: 'is cut off',
			signature: (body: string) => signatureOf(own(), body).slice(0, 100),
		},
		{
			what: "is a stranger's, with eBay's key named",
			signature: (body: string) => {
				const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
				const signature = createSign('sha1').update(body).sign(privateKey, 'base64');
				return changed(signatureOf(own(), body), { signature });
			},
		},
	])('that $what is answered with 412, and starts nothing', async ({ signature }) => {
		const hook = await trigger();
		await hook.activate();
		const { statuses } = await tell(message(), { signature });
		expect(statuses).toEqual([412, 412, 412]);
		expect(hook.started).toEqual([]);
	});

	test('holds for the true body only, whatever else is sent', async () => {
		const hook = await trigger();
		await hook.activate();
		const body = JSON.stringify({
			metadata: { topic: 'NEW_MESSAGE' },
			notification: { notificationId: 'n1', eventDate: new Date().toISOString(), data: message() },
		});
		const header = signatureOf(own(), body);
		await fastCheck.assert(
			fastCheck.asyncProperty(
				fastCheck.nat(body.length - 1),
				fastCheck.string({ minLength: 1, maxLength: 3 }),
				async (place, put) => {
					const forged = body.slice(0, place) + put + body.slice(place + 1);
					fastCheck.pre(forged !== body);
					expect(await post(hook, forged, header)).toBe(412);
				},
			),
			{ numRuns: 60 },
		);
		expect(hook.started).toEqual([]);
		expect(await post(hook, body, header)).toBe(204);
		expect(hook.started).toHaveLength(1);
	});

	test('with invented keys spends no more than a bounded number of calls', async () => {
		const hook = await trigger({}, { apiUrl: `${simulator.origin}/ebay/` });
		await hook.activate();
		const body = '{}';
		for (let i = 0; i < 80; i++) {
			const header = changed(signatureOf(own(), body), { kid: `invented-${i}` });
			expect(await post(hook, body, header)).toBe(412);
		}
		const lookUps = operations().filter((name) => name === 'ebay.getPublicKeyOne');
		expect(lookUps.length).toBeLessThanOrEqual(60);
		expect(hook.logged.join()).not.toContain('invented');
	});
});

describe("eBay's portal", () => {
	test('gets address and token from the test button of the node', async () => {
		const hook = await trigger({ topic: 'accountDeletion' }, {}, 'manual');
		await expect(hook.activate('manual')).rejects.toThrow(
			/endpoint http\S+\/webhook\/\S+ and verification token [0-9a-f]{64}/,
		);
		expect(simulator.calls).toEqual([]);
	});

	test('needs no call to eBay when the workflow is switched on or off', async () => {
		const hook = await trigger({ topic: 'accountDeletion' });
		await hook.activate();
		await hook.deactivate();
		expect(simulator.calls).toEqual([]);
	});
});

/** The header with something else in it. */
function changed(header: string, more: object): string {
	const said = JSON.parse(Buffer.from(header, 'base64').toString()) as object;
	return Buffer.from(JSON.stringify({ ...said, ...more })).toString('base64');
}
