/** The page's buttons, pressed; and what they say of n8n, held against the nodes in n8n's engine. */
import type { INodeParameters, INodeType } from 'n8n-workflow';

import { AmazonSellingPartnerApi } from '../../credentials/AmazonSellingPartnerApi.credentials.ts';
import { EbayApi } from '../../credentials/EbayApi.credentials.ts';
import { MagaluOAuth2Api } from '../../credentials/MagaluOAuth2Api.credentials.ts';
import { AmazonOrderTrigger } from '../../nodes/Amazon/AmazonOrderTrigger.node.ts';
import { EbayMessageTrigger } from '../../nodes/Ebay/EbayMessageTrigger.node.ts';
import { EbayOrderTrigger } from '../../nodes/Ebay/EbayOrderTrigger.node.ts';
import { EbayQuestionTrigger } from '../../nodes/Ebay/EbayQuestionTrigger.node.ts';
import { MagaluOrderTrigger } from '../../nodes/Magalu/MagaluOrderTrigger.node.ts';
import { MagaluTicketTrigger } from '../../nodes/Magalu/MagaluTicketTrigger.node.ts';
import { forgetLanes } from '../../nodes/shared/http/rateLimit.ts';
import * as amazon from '../engine/amazon.mts';
import * as ebay from '../engine/ebay.mts';
import { runNode, type NodeUnderTest, type RunResult } from '../engine/engine.mts';
import * as magalu from '../engine/magalu.mts';
import { pollerOf } from '../engine/poller.mts';
import type { Told } from './page/trials.mts';
import { startSimulator, type Simulator } from './simulator.mts';

/** One clock for nodes and marketplaces; whoever sleeps moves it. */
let mockNow = Date.parse('2026-11-20T12:00:00Z');
jest.mock('n8n-workflow', () => ({
	...jest.requireActual<object>('n8n-workflow'),
	sleep: async (ms: number) => {
		mockNow += ms;
		await new Promise(setImmediate);
	},
}));

let simulator: Simulator;
beforeAll(async () => {
	jest.spyOn(Date, 'now').mockImplementation(() => mockNow);
	simulator = await startSimulator();
});
beforeEach(() => {
	mockNow += 3_600_000;
	simulator.reset();
	simulator.magalu.state.settings.completeAfterMs = 0;
	forgetLanes();
});
afterEach(() => expect(simulator.defects).toEqual([]));
afterAll(async () => {
	await simulator.close();
	jest.restoreAllMocks();
});

async function answerTo(body: object): Promise<Response> {
	return await fetch(`${simulator.origin}/control/try`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify(body),
	});
}

/** Presses a button of the page. */
async function press(marketplace: string, trial: string, fields = {}): Promise<Told> {
	const answer = await answerTo({ marketplace, trial, ...fields });
	expect(answer.status).toBe(200);
	return (await answer.json()) as Told;
}

/** "Fetch Test Event" of a trigger. */
async function fetched(node: INodeType, parameters: INodeParameters) {
	const test: NodeUnderTest = {
		node,
		credentialTypes: [new AmazonSellingPartnerApi(), new EbayApi(), new MagaluOAuth2Api()],
		credentials: {
			amazonSellingPartnerApi: amazon.amazonCredential(simulator),
			ebayApi: ebay.ebayCredential(simulator),
			magaluOAuth2Api: magalu.magaluCredential(simulator),
		},
	};
	const items = await pollerOf(test, parameters).poll('manual');
	return items?.[0]?.json ?? {};
}

const senders: Record<string, () => Promise<RunResult>> = {
	amazon: async () =>
		await runNode(amazon.amazonMessaging(simulator), {
			parameters: amazon.messageForm(amazon.ORDER, 'unexpectedProblem', { text: 'A delay' }),
			items: [{ json: {} }],
		}),
	ebay: async () =>
		await runNode(ebay.ebayMemberMessage(simulator), {
			parameters: ebay.messageForm(),
			items: [{ json: {} }],
		}),
	magalu: async () =>
		await runNode(magalu.magaluTicketMessage(simulator), {
			parameters: magalu.messageForm(),
			items: [{ json: {} }],
		}),
};
const marketplaces = Object.keys(senders);

describe('what hurts a sender', () => {
	it.each(marketplaces)('%s: "too fast" is waited for, and one message arrives', async (name) => {
		const begin = mockNow;
		await press(name, 'tooFast');
		const { items } = await senders[name]!();

		expect(items[0]?.json.status).toBe('sent');
		expect(simulator.received).toHaveLength(1);
		expect(mockNow).toBeGreaterThan(begin);
	});

	it.each(marketplaces)(
		'%s: a token that ended is renewed, and one message arrives',
		async (name) => {
			await senders[name]!();
			simulator.received.length = 0;
			await press(name, 'endToken');
			const { items, error } = await senders[name]!();

			expect(error).toBeUndefined();
			expect(items[0]?.json.status).toBe('sent');
			expect(simulator.received).toHaveLength(1);
		},
	);

	it('amazon: a lost answer stops the node, which says that it is not known', async () => {
		await press('amazon', 'loseAnswer');
		const { error } = await senders.amazon!();

		expect(error?.context.details).toMatchObject({ outcome: 'unknown' });
		expect(simulator.received).toHaveLength(1);
	});

	it.each(['ebay', 'magalu'])('%s: after a lost answer nothing is sent again', async (name) => {
		await press(name, 'loseAnswer');
		const { items, error } = await senders[name]!();
		const said = [items[0]?.json.status, error?.context.details?.outcome];

		expect([
			['sent', undefined],
			[undefined, 'unknown'],
		]).toContainEqual(said);
		expect(simulator.received).toHaveLength(1);
	});

	it('comes once, however often the button was pressed', async () => {
		await press('magalu', 'tooFast');
		await press('magalu', 'loseAnswer');
		await press('magalu', 'loseAnswer');

		expect(simulator.faults).toMatchObject([{ kind: 'lost', when: 'after' }]);
	});
});

describe('what comes to a seller', () => {
	const orders: Array<[string, INodeType, Record<string, string>]> = [
		[
			'amazon',
			new AmazonOrderTrigger(),
			{ created: 'orderCreated', shipped: 'orderShipped', delivered: 'orderDelivered' },
		],
		[
			'ebay',
			new EbayOrderTrigger(),
			{
				created: 'orderCreated',
				paid: 'orderPaid',
				shipped: 'orderShipped',
				delivered: 'orderDelivered',
			},
		],
		[
			'magalu',
			new MagaluOrderTrigger(),
			{
				created: 'orderCreated',
				paid: 'orderApproved',
				shipped: 'orderShipped',
				delivered: 'orderDelivered',
			},
		],
	];
	const stages = orders.flatMap(([name, node, events]) =>
		Object.entries(events).map(([stage, event]) => ({ name, stage, event, node })),
	);

	it.each(stages)('$name: $event brings the order that is $stage', async (at) => {
		const { name, stage, event, node } = at;
		const { happened } = await press(name, stage);
		mockNow += 3 * 60_000;
		const marketplaceIds = name === 'amazon' ? { marketplaceIds: [amazon.US] } : {};
		const { orderCode, orderId } = await fetched(node, { event, ...marketplaceIds });

		expect(happened).toContain(String(orderCode ?? orderId));
	});

	it.each(['amazon', 'ebay', 'magalu'])('%s: the next step is of the same order', async (name) => {
		const steps = [];
		for (const stage of ['created', 'paid', 'shipped', 'delivered']) {
			steps.push((await press(name, stage)).happened);
		}
		const orderOf = (words: string) => /^Order (\S+)/.exec(words)?.[1];

		expect(new Set(steps.map(orderOf)).size).toBe(1);
	});

	it('leaves the orders of the demo as they are', async () => {
		const before = structuredClone(simulator.ebay.state.orders);
		await press('ebay', 'delivered');

		expect(simulator.ebay.state.orders.slice(0, before.length)).toEqual(before);
	});

	it('ebay: a message of a buyer is what the eBay Message Trigger brings', async () => {
		await press('ebay', 'buyerWrites', { from: 'buyer_two', text: 'Where is it?', itemId: '' });

		expect(await fetched(new EbayMessageTrigger(), {})).toMatchObject({ text: 'Where is it?' });
	});

	it('ebay: a question is what the eBay Question Trigger brings', async () => {
		const question = { from: 'shopper_one', text: 'In red, too?', itemId: '110000000001' };
		await press('ebay', 'shopperAsks', question);

		expect(await fetched(new EbayQuestionTrigger(), {})).toMatchObject({ body: 'In red, too?' });
	});

	it('magalu: a message of a customer is what the Magalu Ticket Trigger brings', async () => {
		await press('magalu', 'customerWrites', { ticketId: magalu.TICKET, text: 'E agora?' });

		expect(await fetched(new MagaluTicketTrigger(), { event: 'customerMessage' })).toMatchObject({
			ticketId: magalu.TICKET,
			text: 'E agora?',
		});
	});

	it('says that no workflow is told at once where none is', async () => {
		const { look } = await press('ebay', 'buyerWrites', { from: 'buyer_one', text: 'Hello' });

		expect(look).toContain('there is none now');
	});

	it('ebay: tells who is subscribed to orders at once', async () => {
		const notify = jest.spyOn(simulator.ebay, 'notify');
		notify.mockResolvedValueOnce({ notificationId: 'n1', statuses: [204] });
		const { happened, look } = await press('ebay', 'created');
		const [topic, data] = notify.mock.calls[0]!;
		notify.mockRestore();

		expect(topic).toBe('ORDER_CONFIRMATION');
		expect(happened).toContain((data as { order: { orderId: string } }).order.orderId);
		expect(look).toMatch(/^eBay told n8n at once\./);
	});

	it.each([
		{ marketplace: 'bazaar', trial: 'created' },
		{ marketplace: 'ebay', trial: 'explode' },
		{ marketplace: 'ebay', trial: 'buyerWrites', from: '', text: 'x' },
		{ marketplace: 'magalu', trial: 'customerWrites', ticketId: 'none', text: 'x' },
		{ marketplace: 'magalu', trial: 'customerWrites', ticketId: magalu.TICKET, text: ' ' },
	])('refuses %j with words', async (body) => {
		const answer = await answerTo(body);

		expect(answer.status).toBe(400);
		expect(await answer.json()).toEqual({ error: expect.stringMatching(/\w/) });
	});
});
