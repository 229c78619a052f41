import { createHash, createPublicKey, createSign, generateKeyPairSync } from 'node:crypto';

import { p256 } from '@noble/curves/nist';
import cryptoJs from 'crypto-js';
import fastCheck from 'fast-check';

import { EbayApi } from '../../../credentials/EbayApi.credentials.ts';
import { EbayNotificationTrigger } from '../../../nodes/Ebay/EbayNotificationTrigger.node.ts';
import { ebayCredential } from '../../engine/ebay.mts';
import { quickTime, type QuickTime } from '../../engine/quickTime.mts';
import { webhookOf, type Webhook } from '../../engine/webhook.mts';
import { saveInPortal, signatureOf } from '../../marketplaces/ebay/notifications.mts';
import { allScopes } from '../../marketplaces/ebay/index.mts';
import { startSimulator, type Simulator } from '../../marketplaces/simulator.mts';

const DAY_MS = 24 * 60 * 60_000;

let simulator: Simulator;
let hooks: Webhook[] = [];
let sellers = 0;

beforeAll(async () => {
	simulator = await startSimulator();
});
afterAll(async () => await simulator.close());
let time: QuickTime;
beforeEach(() => {
	time = quickTime();
	simulator.reset();
	sellers += 1;
	// A client of its own for each test: what the process keeps of one is not known of the next.
	simulator.ebay.state.clients.set(clientId(), 'demo-secret');
	const grant = simulator.ebay.state.refreshTokens.get('v^1.1#demo-refresh')!;
	simulator.ebay.state.refreshTokens.set(refreshToken(), { ...grant, clientId: clientId() });
});
afterEach(async () => {
	time();
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
	address?: string,
): Promise<Webhook> {
	const ebayApi = {
		...ebayCredential(simulator),
		clientId: clientId(),
		refreshToken: refreshToken(),
		...credential,
	};
	const node = new EbayNotificationTrigger();
	const hook = await webhookOf(
		{ node, credentialTypes: [new EbayApi()], credentials: { ebayApi } },
		{ topic: 'newMessage', alertEmail: 'shop@example.com', ...parameters },
		mode,
		address,
	);
	hooks.push(hook);
	return hook;
}

/** The node as another process of n8n has it, which knows nothing of this one. */
async function ofAnotherProcess(): Promise<EbayNotificationTrigger> {
	let node: EbayNotificationTrigger | undefined;
	await jest.isolateModulesAsync(async () => {
		const again = await import('../../../nodes/Ebay/EbayNotificationTrigger.node.ts');
		node = new again.EbayNotificationTrigger();
	});
	return node!;
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

	test.each([
		'http://shop.example.com',
		'https://localhost:5678',
		'https://n8n',
		'https://n8n.local',
		'https://n8n.lan',
		'https://n8n.home.arpa',
		'https://127.0.0.1',
		'https://10.1.2.3',
		'https://172.20.0.3',
		'https://192.168.1.2',
		'https://169.254.1.2',
		'https://[fd00::1]',
	])('and n8n believes that it is at %s, it says so without asking eBay', async (address) => {
		const hook = await trigger({}, { environment: 'production' }, 'webhook', address);
		await expect(hook.activate()).rejects.toThrow(`eBay cannot call your n8n at ${address}`);
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

	test('its address is switched off first, where eBay deletes none that is on', async () => {
		own().keepsEnabled = true;
		const hook = await trigger();
		await hook.activate();
		await hook.deactivate();
		expect(own().destinations).toEqual([]);
		expect(operations().slice(-3)).toEqual([
			'ebay.deleteDestinationOne',
			'ebay.putDestinationOne',
			'ebay.deleteDestinationOne',
		]);
	});

	test('its address is taken away though n8n answers there no more', async () => {
		own().keepsEnabled = true;
		const hook = await trigger();
		await hook.activate();
		await hook.close();
		hooks = [];
		await hook.deactivate();
		expect(own().destinations).toEqual([]);
	});

	test('and eBay does not let its address be switched off, it stays without a subscription', async () => {
		own().keepsEnabled = true;
		const hook = await trigger();
		await hook.activate();
		const errors = [{ errorId: 195020, domain: 'API_NOTIFICATION', message: 'No challenge.' }];
		simulator.faults.push({
			operation: 'ebay.putDestinationOne',
			kind: 'status',
			status: 409,
			body: { errors },
		});
		await hook.deactivate();
		expect(own().subscriptions).toEqual([]);
		expect(own().destinations).toHaveLength(1);
		expect(hook.logged).toEqual([]);
	});

	test("the address that another seller's subscription uses stays, and is no error", async () => {
		const hook = await trigger();
		await hook.activate();
		own().subscriptions.push({ ...own().subscriptions[0]!, subscriptionId: 's2', seller: 'other' });
		await hook.deactivate();
		expect(own().subscriptions.map(({ subscriptionId }) => subscriptionId)).toEqual(['s2']);
		expect(own().destinations).toHaveLength(1);
		expect(hook.logged).toEqual([]);
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
		hook.restart(await ofAnotherProcess());
		await tell(message(), { notificationId });
		expect(hook.started).toHaveLength(1);
	});

	test('that is delivered twice starts it once', async () => {
		const hook = await trigger();
		await hook.activate();
		const { statuses } = await tell(message(), { deliveries: 2 });
		expect(statuses).toEqual([204, 204]);
		expect(hook.started).toHaveLength(1);
	});

	test('that comes late, after the next one, starts it as well', async () => {
		const hook = await trigger();
		await hook.activate();
		let nextIsThere = () => {};
		const late = new Promise<void>((isThere) => (nextIsThere = isThere));
		const telling = tell(message({ messageId: 'first' }), { late });
		await tell(message({ messageId: 'next' }));
		nextIsThere();
		await telling;
		expect(hook.started.map(({ json }) => json.messageId)).toEqual(['next', 'first']);
	});

	test('that one main process took is known to the other', async () => {
		const hook = await trigger();
		await hook.activate();
		hook.join(await ofAnotherProcess());
		await tell(message(), { deliveries: 3 });
		expect(hook.started).toHaveLength(1);
	});

	test('that two main processes took at the same moment are known to both, once each has saved again', async () => {
		const hook = await trigger();
		await hook.activate();
		hook.join(await ofAnotherProcess());
		const send = async (_: unknown, i: number) => await tell(message({ messageId: `${i}` }));
		const beside = await Promise.all(Array.from({ length: 20 }, send));
		const told = [...beside, await send('', 20), await send('', 21)];
		expect(hook.started).toHaveLength(22);
		for (const { notificationId } of told) await tell(message(), { notificationId, deliveries: 2 });
		expect(hook.started).toHaveLength(22);
	});

	test('that one main process could not prove true starts it once, by the other', async () => {
		const hook = await trigger();
		await hook.activate();
		own().kid = 'a-key-of-tomorrow';
		hook.join(await ofAnotherProcess());
		const operation = 'ebay.getPublicKeyOne';
		simulator.faults.push({ operation, kind: 'status', status: 503, times: 2 });
		const { statuses } = await tell(message(), { deliveries: 2 });
		expect(statuses).toEqual([503, 204, 204]);
		expect(hook.started).toHaveLength(1);
	});

	test('of a deleted account is still known two days later', async () => {
		const hook = await trigger({ topic: 'accountDeletion' });
		own().accountDeletion = { endpoint: hook.endpoint, verificationToken: 'pasted by hand' };
		const send = async (options = {}) =>
			await simulator.ebay.notify('MARKETPLACE_ACCOUNT_DELETION', { username: 'gone' }, options);
		const { notificationId } = await send();
		time.skip(2 * DAY_MS);
		hook.restart(await ofAnotherProcess());
		await send({ notificationId });
		expect(hook.started).toHaveLength(1);
	});

	test('is forgotten in the end, so that what n8n keeps does not grow for ever', async () => {
		const hook = await trigger();
		await hook.activate();
		const sizes: number[] = [];
		for (let day = 0; day < 12; day++) {
			for (let i = 0; i < 10; i++) await tell(message({ messageId: `${day} ${i}` }));
			sizes.push(JSON.stringify(hook.state().seen).length);
			time.skip(DAY_MS);
		}
		expect(hook.started).toHaveLength(120);
		expect(Math.max(...sizes.slice(6))).toBeLessThanOrEqual(Math.max(...sizes.slice(0, 6)));
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

	test('of our own message starts nothing either where eBay writes our name in other letters', async () => {
		const hook = await trigger();
		await hook.activate();
		await tell(message({ senderUserName: 'Demo_Seller', recipientUserName: 'buyer_one' }));
		expect(hook.started).toEqual([]);
	});

	test.each([
		['the buyer', { senderUserName: undefined, recipientUserName: 'buyer_one' }, 0],
		['us', { senderUserName: undefined, recipientUserName: 'Demo_Seller' }, 1],
	])('of a message that names only its recipient, %s', async (_, names, starts) => {
		const hook = await trigger();
		await hook.activate();
		await tell(message(names));
		expect(hook.started).toHaveLength(starts);
	});

	describe('of whose message nobody can tell', () => {
		/** eBay tells this of the seller, or nothing. */
		const tellName = (name?: string) => {
			const user = name === undefined ? '<User/>' : `<User><UserID>${name}</UserID></User>`;
			const body = `<GetUserResponse xmlns="urn:ebay:apis:eBLBaseComponents"><Ack>Success</Ack>${user}</GetUserResponse>`;
			simulator.faults.push({ operation: 'ebay.GetUser', kind: 'status', status: 200, body });
		};

		test.each([
			[
				'it is between two other members',
				{ recipientUserName: 'u12345' },
				/^eBay names other members in a message/,
			],
			[
				'it names nobody',
				{ senderUserName: undefined, recipientUserName: undefined },
				/^eBay names neither who wrote a message nor to whom/,
			],
		])('since %s, it starts nothing, and the log says so', async (_, names, words) => {
			const hook = await trigger();
			await hook.activate();
			const { statuses } = await tell(message(names));
			expect(statuses).toEqual([204]);
			expect(hook.started).toEqual([]);
			expect(hook.logged).toEqual([expect.stringMatching(words)]);
		});

		test('since eBay does not tell the name of the seller, it cannot be published', async () => {
			tellName();
			const hook = await trigger();
			await expect(hook.activate()).rejects.toMatchObject({
				message: "eBay does not tell the seller's user name",
				description: expect.stringContaining('take the eBay Message Trigger') as string,
			});
		});

		test('it is told by the name that the seller has now, since it is read anew', async () => {
			tellName('name_of_last_year');
			const hook = await trigger();
			await hook.activate();
			await hook.activate();
			await tell(message({ senderUserName: 'demo_seller', recipientUserName: 'buyer_one' }));
			await tell(message({ messageId: 'theirs' }));
			expect(hook.started.map(({ json }) => json.messageId)).toEqual(['theirs']);
		});

		test.each([
			['does not tell it', () => tellName()],
			[
				'does not answer',
				() =>
					simulator.faults.push({
						...{ operation: 'ebay.GetUser', kind: 'status', status: 503, times: 9 },
					} as const),
			],
			[
				'refuses',
				() =>
					simulator.faults.push({
						...{ operation: 'ebay.GetUser', kind: 'status', status: 403, times: 9 },
					} as const),
			],
		])('it is told by the name that was known, where eBay %s anew', async (_, arrange) => {
			const hook = await trigger();
			await hook.activate();
			arrange();
			await hook.activate();
			await tell(message({ senderUserName: 'demo_seller', recipientUserName: 'buyer_one' }));
			await tell(message({ messageId: 'theirs' }));
			expect(hook.started.map(({ json }) => json.messageId)).toEqual(['theirs']);
		});
	});

	test.each(['FROM_EBAY', 'from_ebay'])(
		'of what eBay itself writes (%s) starts nothing, and is nothing for the log',
		async (conversationType) => {
			const hook = await trigger();
			await hook.activate();
			const named = { senderUserName: 'eBay' };
			const { statuses } = await tell(message({ conversationType, ...named }));
			expect(statuses).toEqual([204]);
			expect(hook.started).toEqual([]);
			expect(hook.logged).toEqual([]);
		},
	);

	test.each([
		['newMessage', 'NEW_MESSAGE', 'messageBody'],
		['buyerQuestion', 'BUYER_QUESTION', 'messageBody'],
		['buyerQuestion', 'BUYER_QUESTION', 'question'],
	])(
		'of %s gives HTML as a person reads it, and the original beside it',
		async (topic, id, name) => {
			const hook = await trigger({ topic });
			await hook.activate();
			const html = '<p>Hello &amp; thanks<br>Bye</p>';
			await simulator.ebay.notify(id, { ...message({ messageBody: undefined }), [name]: html });
			expect(hook.started[0]!.json).toMatchObject({ text: 'Hello & thanks\nBye', [name]: html });
		},
	);

	test("that is eBay's own test starts nothing in an active workflow", async () => {
		const hook = await trigger();
		await hook.activate();
		const { statuses } = await tell({ messageId: 'string', conversationId: 'string' });
		expect(statuses).toEqual([204]);
		expect(hook.started).toEqual([]);
	});

	test.each([
		{ topic: 'newMessage', id: 'NEW_MESSAGE', data: { messageId: 'string', readStatus: true } },
		{ topic: 'buyerQuestion', id: 'BUYER_QUESTION', data: { itemId: 'string' } },
		{
			topic: 'orderConfirmation',
			id: 'ORDER_CONFIRMATION',
			data: { order: { orderId: 'string', orderLineItems: [{ quantity: 1 }] } },
		},
		{
			topic: 'accountDeletion',
			id: 'MARKETPLACE_ACCOUNT_DELETION',
			data: { username: 'string', userId: 'string', eiasToken: 'string' },
		},
	])("of $topic that is eBay's own test starts nothing, though its dates are true", async (one) => {
		const hook = await trigger({ topic: one.topic });
		await hook.activate();
		own().accountDeletion = { endpoint: hook.endpoint, verificationToken: 'pasted by hand' };
		const data = { createdDate: new Date().toISOString(), ...one.data };
		const { statuses } = await simulator.ebay.notify(one.id, data);
		expect(statuses).toEqual([204]);
		expect(hook.started).toEqual([]);
	});

	test('of a member who is called "string" is no test', async () => {
		const hook = await trigger({ topic: 'accountDeletion' });
		own().accountDeletion = { endpoint: hook.endpoint, verificationToken: 'pasted by hand' };
		const data = { username: 'string', userId: 'u1' };
		await simulator.ebay.notify('MARKETPLACE_ACCOUNT_DELETION', data);
		expect(hook.started).toHaveLength(1);
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

	test('over 1 MB is refused, before its signature is looked at', async () => {
		const hook = await trigger();
		const ofLength = (bytes: number) => `"${'x'.repeat(bytes - 2)}"`;
		const tooLarge = ofLength(1024 * 1024 + 1);
		expect(await post(hook, tooLarge, signatureOf(own(), tooLarge))).toBe(413);
		expect(simulator.calls).toEqual([]);
		const large = ofLength(1024 * 1024);
		expect(await post(hook, large, signatureOf(own(), large))).toBe(204);
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
		await hook.activate();
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
		const body = JSON.stringify({
			metadata: { topic: 'NEW_MESSAGE' },
			notification: { notificationId: 'n', data: message() },
		});
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

	test('with a name that eBay does not take for one is looked up once', async () => {
		const hook = await trigger();
		await hook.activate();
		const operation = 'ebay.getPublicKeyOne';
		simulator.faults.push({ operation, kind: 'status', status: 400, times: 9 });
		const header = changed(signatureOf(own(), '{}'), { kid: `no-name-${sellers}` });
		for (let i = 0; i < 3; i++) expect(await post(hook, '{}', header)).toBe(412);
		expect(operations().filter((name) => name === operation)).toHaveLength(1);
	});

	test('of strangers leaves a number in the log, and no word of theirs', async () => {
		const hook = await trigger();
		await hook.activate();
		const body = '{"words":"of a stranger"}';
		const headers = ['stranger', undefined, changed(signatureOf(own(), body), { kid: 'stranger' })];
		for (let i = 0; i < 12; i++) expect(await post(hook, body, headers[i % 3])).toBe(412);
		for (const line of hook.logged) {
			expect(line).toMatch(/^eBay notifications with a wrong or missing signature so far: \d+$/);
		}
		expect(hook.logged.length).toBeGreaterThan(0);
		expect(hook.logged.length).toBeLessThan(4);
		expect(hook.debugged.join()).not.toContain('stranger');
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

	test('takes what the test button showed, and its notifications come', async () => {
		const hook = await trigger({ topic: 'accountDeletion' });
		const shown = await hook.activate('manual').catch((error: Error) => error.message);
		const [, endpoint, verificationToken] = /endpoint (\S+) and verification token (\S+)/.exec(
			shown!,
		)!;
		await hook.activate();
		expect(
			await saveInPortal(own(), { endpoint: endpoint!, verificationToken: verificationToken! }),
		).toBe(true);
		const { statuses } = await simulator.ebay.notify('MARKETPLACE_ACCOUNT_DELETION', {
			username: 'gone',
		});
		expect(statuses).toEqual([204]);
		expect(hook.started).toHaveLength(1);
	});

	describe.each([
		['an App ID', { clientId: '' }],
		['a Cert ID', { clientSecret: ' ' }],
		[
			"either, as with an Auth'n'Auth token",
			{
				...{ clientId: '', clientSecret: '' },
				...{ authentication: 'authToken', authToken: 'AgAAAA**demo-auth-token' },
			},
		],
	])('is nothing for a credential without %s:', (_, credential) => {
		test.each(['trigger', 'manual'] as const)(
			'it could prove no notification true (%s)',
			async (mode) => {
				const hook = await trigger({ topic: 'accountDeletion' }, credential);
				await expect(hook.activate(mode)).rejects.toMatchObject({
					message:
						"Account Deletion needs 'Client ID' and 'Client Secret', and the credential lacks them",
					description:
						'Choose OAuth in the credential and paste App ID (Client ID) and Cert ID (Client Secret); RuName and the consent may stay empty.',
				});
			},
		);
	});

	test("is something for an Auth'n'Auth token whose credential has both as well", async () => {
		const token = { authentication: 'authToken', authToken: 'AgAAAA**demo-auth-token' };
		const hook = await trigger({ topic: 'accountDeletion' }, token);
		await hook.activate();
		own().accountDeletion = { endpoint: hook.endpoint, verificationToken: 'pasted by hand' };
		await simulator.ebay.notify('MARKETPLACE_ACCOUNT_DELETION', { username: 'gone' });
		expect(hook.started).toHaveLength(1);
	});

	test('needs no consent', async () => {
		const hook = await trigger({ topic: 'accountDeletion' }, { refreshToken: '' });
		await hook.activate();
		own().accountDeletion = { endpoint: hook.endpoint, verificationToken: 'pasted by hand' };
		await simulator.ebay.notify('MARKETPLACE_ACCOUNT_DELETION', { username: 'gone' });
		expect(hook.started).toHaveLength(1);
	});

	test('does not take another token', async () => {
		const { endpoint } = await trigger({ topic: 'accountDeletion' });
		const verificationToken = 'x'.repeat(64);
		expect(await saveInPortal(own(), { endpoint, verificationToken })).toBe(false);
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
