import type { NotifyOptions } from '../marketplaces/ebay/notifications.mts';
import { andThenWaits, durableScheduler, startedBy, startsOf, until } from './triggers.mts';
import { startWorld, type World } from './world.mts';

let world: World;

beforeAll(async () => {
	world = await startWorld('triggers');
});

afterAll(async () => await world?.stop());

const newOrders = startedBy('magaluOrderTrigger', 'magaluOAuth2Api', { event: 'orderCreated' });

const newMessages = startedBy('ebayNotificationTrigger', 'ebayApi', {
	topic: 'newMessage',
	alertEmail: 'shop@example.com',
});

/** Works some seconds on each order, longer than eBay waits for its answer. */
const slowOrders = andThenWaits(
	startedBy('ebayNotificationTrigger', 'ebayApi', {
		topic: 'orderConfirmation',
		alertEmail: 'shop@example.com',
	}),
	5,
);

async function activeOne(workflow: typeof newOrders): Promise<string> {
	const id = await world.n8n.importWorkflow(workflow);
	await world.n8n.activate(id);
	return id;
}

/** So many more readings of Magalu's list of orders have begun: what came before was looked at. */
async function polled(times: number): Promise<void> {
	const { calls } = world.simulator;
	const count = () => calls.filter(({ operation }) => operation === 'magalu.orders').length;
	const wanted = count() + times;
	await until(`${times} polls`, () => count() >= wanted);
}

const codesOf = async (workflow: string) =>
	(await startsOf(world.n8n, workflow)).map(({ json }) => json.orderCode);

/** An order comes in, and the workflow has been polled long enough to hand it over twice. */
async function ordered(workflow: string, code: string): Promise<void> {
	world.simulator.magalu.addOrder({ code });
	await until(`order ${code}`, async () => (await codesOf(workflow)).includes(code));
	await polled(2);
}

const notifications = () => world.simulator.ebay.state.notifications;

const written = (messageId: string, options?: NotifyOptions) =>
	world.simulator.ebay.notify(
		'NEW_MESSAGE',
		{ messageId, conversationId: '800000000001', senderUserName: 'buyer_one', messageBody: 'Hi' },
		options,
	);

const messagesOf = async (workflow: string) =>
	(await startsOf(world.n8n, workflow)).map(({ json }) => json.messageId);

/** A message after which there is nothing more to come: what was sent before it has started or never will. */
async function andThen(workflow: string, messageId: string): Promise<void> {
	await written(messageId);
	await until(`message ${messageId}`, async () => (await messagesOf(workflow)).includes(messageId));
}

describe('in a real n8n', () => {
	let orders: string;
	let messages: string;

	beforeAll(async () => {
		orders = await activeOne(newOrders);
		messages = await activeOne(newMessages);
	});

	it('a trigger that polls hands over an order once, and none from before it was switched on', async () => {
		await ordered(orders, '2000000000000001');

		expect(await codesOf(orders)).toEqual(['2000000000000001']);
	});

	it('what came while its workflow was off is handed over once, and nothing twice', async () => {
		await world.n8n.deactivate(orders);
		world.simulator.magalu.addOrder({ code: '2000000000000002' });
		await world.n8n.activate(orders);
		await ordered(orders, '2000000000000003');

		expect(await codesOf(orders)).toEqual([
			'2000000000000001',
			'2000000000000002',
			'2000000000000003',
		]);
	});

	it('eBay is told where to call, and its question to the address is answered', () => {
		expect(notifications().destinations).toMatchObject([
			{ status: 'ENABLED', deliveryConfig: { endpoint: expect.stringContaining('/webhook/') } },
		]);
		expect(notifications().subscriptions).toMatchObject([{ topicId: 'NEW_MESSAGE' }]);
	});

	it('a notification is answered with 204 and starts its workflow once, however often it comes', async () => {
		const { notificationId, statuses } = await written('1');
		const again = await written('1', { notificationId });
		await andThen(messages, '2');

		expect([statuses, again.statuses]).toEqual([[204], [204]]);
		expect(await messagesOf(messages)).toEqual(['1', '2']);
	});

	it('a forged notification is answered with 412 and starts nothing', async () => {
		const { statuses } = await written('forged', {
			signature: () =>
				Buffer.from(
					JSON.stringify({
						alg: 'ecdsa',
						kid: notifications().kid,
						signature: Buffer.from('no').toString('base64'),
						digest: 'SHA1',
					}),
				).toString('base64'),
		});
		await andThen(messages, '3');

		expect(statuses).toEqual([412, 412, 412]);
		expect(await messagesOf(messages)).toEqual(['1', '2', '3']);
	});

	it('eBay has its answer while the workflow still runs', async () => {
		const id = await activeOne(slowOrders);
		const { statuses } = await world.simulator.ebay.notify('ORDER_CONFIRMATION', {
			order: { orderId: '11-00001-00001', orderLineItems: [] },
		});
		const ended = async () =>
			(await world.n8n.executions(id)).filter(({ status }) => status === 'success').length;
		const endedByThen = await ended();
		await until('the workflow ended', async () => (await ended()) === 1);
		await world.n8n.deactivate(id);

		expect({ statuses, endedByThen }).toEqual({ statuses: [204], endedByThen: 0 });
	});

	it('what the page says of a buyer who writes starts it as well', async () => {
		const response = await fetch(`${world.simulator.origin}/control/buyer-message`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ marketplace: 'ebay', from: 'buyer_two', text: 'Is it blue?' }),
		});
		const { told } = (await response.json()) as { told: { statuses: number[] } };
		await andThen(messages, '4');

		expect(told.statuses).toEqual([204]);
		expect(
			(await startsOf(world.n8n, messages)).map(({ json: { recipientId, text } }) => [
				recipientId,
				text,
			]),
		).toContainEqual(['buyer_two', 'Is it blue?']);
	});

	describe('after a restart of n8n', () => {
		let before: { codes: unknown[]; messages: unknown[]; setUp: unknown };
		let known: { notificationId: string };

		beforeAll(async () => {
			known = await written('5');
			await until('message 5', async () => (await messagesOf(messages)).includes('5'));
			const { destinations, subscriptions } = notifications();
			before = {
				codes: await codesOf(orders),
				messages: await messagesOf(messages),
				setUp: structuredClone({ destinations, subscriptions }),
			};
			await world.n8n.stop();
			world.simulator.magalu.addOrder({ code: '2000000000000004' });
			await world.restart();
			const [{ deliveryConfig }] = notifications().destinations;
			// n8n answers 404 until its workflows are switched on again.
			await until('n8n listens', async () => (await fetch(deliveryConfig.endpoint)).status === 400);
		});

		it('what came meanwhile is handed over once, and nothing twice', async () => {
			await ordered(orders, '2000000000000005');

			expect(await codesOf(orders)).toEqual([
				...before.codes,
				'2000000000000004',
				'2000000000000005',
			]);
		});

		it('eBay calls as before, and what came before starts nothing', async () => {
			await written('5', known);
			await andThen(messages, '6');

			const { destinations, subscriptions } = notifications();
			expect({ destinations, subscriptions }).toEqual(before.setUp);
			expect(await messagesOf(messages)).toEqual([...before.messages, '6']);
		});

		it('switched off, eBay has neither destination nor subscription left', async () => {
			await world.n8n.deactivate(messages);

			expect(notifications()).toMatchObject({ destinations: [], subscriptions: [] });
		});
	});

	describe("with n8n's durable scheduler", () => {
		let durable: string;

		beforeAll(async () => {
			await world.n8n.deactivate(orders);
			await world.restart(durableScheduler);
			durable = await activeOne(newOrders);
		});

		it('an order is handed over once, and none from before', async () => {
			await ordered(durable, '3000000000000001');

			expect(await codesOf(durable)).toEqual(['3000000000000001']);
		});

		it('what came while the workflow was off is handed over once, and nothing twice', async () => {
			await world.n8n.deactivate(durable);
			world.simulator.magalu.addOrder({ code: '3000000000000002' });
			await world.n8n.activate(durable);
			await ordered(durable, '3000000000000003');

			expect(await codesOf(durable)).toEqual([
				'3000000000000001',
				'3000000000000002',
				'3000000000000003',
			]);
		});

		it('the notification trigger is set up as without it', async () => {
			await world.n8n.activate(messages);
			await andThen(messages, '7');
			await world.n8n.deactivate(messages);

			expect(notifications()).toMatchObject({ destinations: [], subscriptions: [] });
		});
	});
});
