import type { INodeParameters } from 'n8n-workflow';

import { EbayApi } from '../../../credentials/EbayApi.credentials.ts';
import { EbayOrderTrigger } from '../../../nodes/Ebay/EbayOrderTrigger.node.ts';
import { forgetLanes } from '../../../nodes/shared/http/rateLimit.ts';
import { ebayCredential } from '../../engine/ebay.mts';
import { pollerOf, type Poller } from '../../engine/poller.mts';
import type { LineItem, Order } from '../../marketplaces/ebay/state.mts';
import { startSimulator, type Simulator } from '../../marketplaces/simulator.mts';

/** One clock for the node and for eBay; whoever sleeps moves it. */
let mockNow = Date.parse('2026-11-20T12:00:00Z');
jest.mock('n8n-workflow', () => ({
	...jest.requireActual<object>('n8n-workflow'),
	sleep: async (ms: number) => {
		mockNow += ms;
	},
}));

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

let simulator: Simulator;
beforeAll(async () => {
	jest.spyOn(Date, 'now').mockImplementation(() => mockNow);
	simulator = await startSimulator();
});
beforeEach(() => {
	simulator.reset();
	simulator.ebay.state.orders = [];
	forgetLanes();
});
afterEach(() => expect(simulator.defects).toEqual([]));
afterAll(async () => {
	await simulator.close();
	jest.restoreAllMocks();
});

function triggerOn(event: string, more: INodeParameters = {}): Poller {
	const test = {
		node: new EbayOrderTrigger(),
		credentialTypes: [new EbayApi()],
		credentials: { ebayApi: ebayCredential(simulator) },
	};
	return pollerOf(test, { event, ...more });
}

const line = (transactionId: string, more: Partial<LineItem> = {}): LineItem => ({
	itemId: '110000000001',
	transactionId,
	title: 'Blue mug',
	quantity: 1,
	price: 5,
	...more,
});

const place = (orderId: string, order: Partial<Order> = {}): Order =>
	simulator.ebay.addOrder({ orderId, lineItems: [line(`T-${orderId}`)], ...order });

function change(orderId: string, changed: Partial<Order> = {}): void {
	const order = simulator.ebay.state.orders.find((one) => one.orderId === orderId);
	Object.assign(order!, { modifiedAt: simulator.clock.now() }, changed);
}

const pass = (ms: number) => {
	mockNow += ms;
};

async function idsOf(poller: Poller): Promise<unknown[] | null> {
	const items = await poller.poll();
	return items && items.map(({ json }) => json.orderId);
}

async function pollFor(poller: Poller, ms: number): Promise<unknown[]> {
	const ids: unknown[] = [];
	for (const end = mockNow + ms; mockNow < end;) {
		pass(5 * MINUTE);
		ids.push(...((await idsOf(poller)) ?? []));
	}
	return ids;
}

describe('a new order', () => {
	it('gives an item for each line item, with our names first and without personal data', async () => {
		const trigger = triggerOn('orderCreated');
		await trigger.poll();
		pass(1);
		const lineItems = [
			line('T1'),
			line('T2', { itemId: '110000000002', title: 'Red & white mug' }),
		];
		place('a', { lineItems, paidAt: mockNow });
		pass(5 * MINUTE);
		const items = (await trigger.poll())!;
		expect(items).toHaveLength(2);
		expect(items[1]!.json).toMatchObject({
			orderId: 'a',
			itemId: '110000000002',
			transactionId: 'T2',
			recipientId: 'buyer_one',
			title: 'Red & white mug',
			OrderID: 'a',
			OrderStatus: 'Active',
			BuyerUserID: 'buyer_one',
		});
		expect(Object.keys(items[0]!.json).slice(0, 5)).toEqual([
			'orderId',
			'itemId',
			'transactionId',
			'recipientId',
			'title',
		]);
		expect(JSON.stringify(items)).not.toMatch(
			/Robin|Harbour|555|example\.com|123\.456|ring twice|EIAS/,
		);
	});

	it('gives one item for an order, with personal data where that was chosen', async () => {
		const options = { output: 'order', includePersonalData: true };
		const trigger = triggerOn('orderCreated', { options });
		await trigger.poll();
		pass(1);
		place('a', { lineItems: [line('T1'), line('T2')] });
		pass(5 * MINUTE);
		const items = (await trigger.poll())!;
		expect(items).toHaveLength(1);
		expect(items[0]!.json).toMatchObject({
			orderId: 'a',
			transactionId: 'T1',
			ShippingAddress: { Name: 'Robin buyer_one' },
		});
	});

	it('is not one from before the workflow was switched on', async () => {
		place('old', { createdAt: mockNow - MINUTE });
		place('late', { createdAt: mockNow - HOUR, indexedAt: mockNow + 10 * MINUTE });
		const trigger = triggerOn('orderCreated');
		expect(await trigger.poll()).toBeNull();
		expect(await pollFor(trigger, 2 * HOUR)).toEqual([]);
	});

	it('is read two minutes behind eBay’s clock, when all of its line items are there', async () => {
		const trigger = triggerOn('orderCreated');
		await trigger.poll();
		pass(1);
		place('a');
		pass(119_000);
		expect(await idsOf(trigger)).toBeNull();
		pass(2000);
		expect(await idsOf(trigger)).toEqual(['a']);
	});

	it('brings a line item that eBay shows later', async () => {
		const trigger = triggerOn('orderCreated');
		await trigger.poll();
		pass(1);
		place('a', { lineItems: [line('T1'), line('T2', { indexedAt: mockNow + HOUR })] });
		expect(await pollFor(trigger, 30 * MINUTE)).toEqual(['a']);
		expect(await pollFor(trigger, HOUR)).toEqual(['a']);
		expect(await pollFor(trigger, 3 * HOUR)).toEqual([]);
	});

	it('is delivered when it comes into the status that the filter names', async () => {
		const trigger = triggerOn('orderCreated', { filters: { orderStatus: 'Completed' } });
		place('old', { createdAt: mockNow - DAY });
		await trigger.poll();
		pass(1);
		place('a');
		expect(await pollFor(trigger, DAY)).toEqual([]);
		for (const id of ['a', 'old']) change(id, { status: 'Completed' });
		expect(await pollFor(trigger, HOUR)).toEqual(['a']);
	});

	it('is found by the clock of eBay, however wrong ours is', async () => {
		simulator.clock.advance(3 * DAY);
		const trigger = triggerOn('orderCreated');
		await trigger.poll();
		simulator.clock.advance(1);
		place('a');
		simulator.clock.advance(5 * MINUTE);
		expect(await idsOf(trigger)).toEqual(['a']);
		simulator.clock.advance(-4 * DAY);
		expect(await idsOf(trigger)).toBeNull();
	});
});

describe('a changed order', () => {
	it('starts the workflow once for each change', async () => {
		place('a', { createdAt: mockNow - DAY });
		const trigger = triggerOn('orderUpdated');
		await trigger.poll();
		for (let i = 0; i < 2; i++) {
			change('a');
			expect(await pollFor(trigger, HOUR)).toEqual(['a']);
		}
	});
});

describe.each([
	['orderPaid', 'paidAt'],
	['orderShipped', 'shippedAt'],
] as const)('%s', (event, field) => {
	it('starts the workflow once an order, whatever happens to it later', async () => {
		const trigger = triggerOn(event);
		await trigger.poll();
		pass(1);
		place('a');
		expect(await pollFor(trigger, HOUR)).toEqual([]);
		change('a', { [field]: mockNow });
		expect(await pollFor(trigger, HOUR)).toEqual(['a']);
		for (const days of [1, 30, 50]) {
			pass(days * DAY);
			change('a');
			expect(await pollFor(trigger, HOUR)).toEqual([]);
		}
	});

	it('leaves out what was so before the workflow was switched on', async () => {
		for (const days of [1, 10, 40]) {
			place(`${days}`, { createdAt: mockNow - 50 * DAY, [field]: mockNow - days * DAY });
		}
		const trigger = triggerOn(event);
		await trigger.poll();
		for (const days of [1, 10, 40]) change(`${days}`);
		expect(await pollFor(trigger, HOUR)).toEqual([]);
	});
});

it('takes a shipment that the seller dated back', async () => {
	const trigger = triggerOn('orderShipped');
	place('a');
	await trigger.poll();
	pass(HOUR);
	change('a', { shippedAt: mockNow - 3 * HOUR });
	expect(await pollFor(trigger, HOUR)).toEqual(['a']);
});

describe('a test in the editor', () => {
	it('shows the newest order and moves nothing', async () => {
		for (let i = 0; i < 150; i++) place(`o${i}`, { createdAt: mockNow - DAY + i * 1000 });
		const trigger = triggerOn('orderCreated');
		expect((await trigger.poll('manual'))!.map(({ json }) => json.orderId)).toEqual(['o149']);
		expect(trigger.state()).toEqual({});
	});

	it('says that there is none', async () => {
		place('a');
		await expect(triggerOn('orderShipped').poll('manual')).rejects.toMatchObject({
			message: 'eBay has no order that fits',
		});
	});
});

describe('what goes wrong', () => {
	it.each([
		[
			'HTTP 429',
			() => simulator.faults.push({ operation: 'ebay.GetOrders', kind: 'status', status: 429 }),
		],
		[
			'error 518',
			() => simulator.ebay.state.nextAnswers.push({ call: 'GetOrders', errors: [{ code: '518' }] }),
		],
	])('%s ends the poll quietly and loses nothing', async (_name, limit) => {
		const trigger = triggerOn('orderCreated');
		await trigger.poll();
		pass(1);
		place('a');
		pass(5 * MINUTE);
		limit();
		expect(await trigger.poll()).toBeNull();
		pass(5 * MINUTE);
		expect(await idsOf(trigger)).toEqual(['a']);
	});

	it('fails the poll visibly, and the next one delivers', async () => {
		const trigger = triggerOn('orderCreated');
		await trigger.poll();
		pass(1);
		place('a');
		pass(5 * MINUTE);
		simulator.faults.push({ operation: 'ebay.GetOrders', kind: 'status', status: 500, times: 2 });
		await expect(trigger.poll()).rejects.toMatchObject({
			name: 'NodeApiError',
			description: expect.stringContaining('Nothing is lost'),
		});
		pass(5 * MINUTE);
		expect(await idsOf(trigger)).toEqual(['a']);
	});
});
