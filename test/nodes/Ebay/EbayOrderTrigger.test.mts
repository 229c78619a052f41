import type { INodeParameters } from 'n8n-workflow';

import { EbayApi } from '../../../credentials/EbayApi.credentials.ts';
import { EbayOrderTrigger } from '../../../nodes/Ebay/EbayOrderTrigger.node.ts';
import { forgetLanes } from '../../../nodes/shared/http/rateLimit.ts';
import { ebayCredential } from '../../engine/ebay.mts';
import { tellTime } from '../../engine/clock.mts';
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
	tellTime(() => mockNow);
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

async function pollFor(poller: Poller, ms: number, every = 5 * MINUTE): Promise<unknown[]> {
	const ids: unknown[] = [];
	for (const end = mockNow + ms; mockNow < end;) {
		pass(every);
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

	it('comes also where eBay finds a large page too heavy, and one is larger than can be read', async () => {
		const trigger = triggerOn('orderCreated');
		await trigger.poll();
		pass(1);
		for (let i = 0; i < 110; i++) place(`o${i}`);
		Object.assign(simulator.ebay.state, { heaviestPage: 60, rowBytes: 170_000 });
		pass(5 * MINUTE);
		simulator.calls.length = 0;
		const ids = await idsOf(trigger);
		expect(ids).toHaveLength(110);
		expect(new Set(ids).size).toBe(110);
		const sizes = simulator.calls.map(({ body }) => /<EntriesPerPage>(\d+)</.exec(`${body}`)?.[1]);
		expect([...new Set(sizes)]).toEqual(['100', '50', '25']);
	}, 120_000);

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

	it.each([
		['lineItem', ['T1']],
		['order', [null]],
	])('waits for line items that eBay does not show yet (%s)', async (output, ids) => {
		const trigger = triggerOn('orderCreated', { options: { output } });
		await trigger.poll();
		pass(1);
		place('a', { lineItems: [line('T1', { indexedAt: mockNow + 30 * MINUTE })] });
		const found: unknown[] = [];
		for (let i = 0; i < 12; i++) {
			pass(5 * MINUTE);
			found.push(...((await trigger.poll()) ?? []).map(({ json }) => json.transactionId));
		}
		expect(found).toEqual(ids);
	});

	it('is delivered when it comes into the status that the filter names', async () => {
		const trigger = triggerOn('orderCreated', { filters: { orderStatus: 'Completed' } });
		place('old', { createdAt: mockNow - DAY });
		await trigger.poll();
		pass(1);
		place('a');
		expect(await pollFor(trigger, DAY, 15 * MINUTE)).toEqual([]);
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

it.each<[string, () => Partial<Order>]>([
	['orderPaid', () => ({ status: 'Completed', paidAt: mockNow })],
	['orderShipped', () => ({ status: 'Completed', shippedAt: mockNow })],
	['orderCancelled', () => ({ status: 'Cancelled', cancelledAt: mockNow })],
])('%s starts the workflow, whatever status a stored filter names', async (event, coming) => {
	const trigger = triggerOn(event, { filters: { orderStatus: 'Active' } });
	place('a', { createdAt: mockNow - DAY });
	await trigger.poll();
	pass(1);
	change('a', coming());
	expect(await pollFor(trigger, HOUR)).toEqual(['a']);
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

describe('an order is known by its line items', () => {
	it.each(['lineItem', 'order'])('when it is paid and gets another ID (%s)', async (output) => {
		const trigger = triggerOn('orderCreated', { options: { output } });
		await trigger.poll();
		pass(1);
		const order = place('110-unpaid');
		expect(await pollFor(trigger, HOUR)).toEqual(['110-unpaid']);
		Object.assign(order, {
			orderId: '11-22-33',
			paidAt: mockNow,
			createdAt: mockNow,
			modifiedAt: mockNow,
		});
		Object.assign(order.lineItems[0]!, { createdAt: mockNow - HOUR });
		expect(await pollFor(trigger, 2 * HOUR)).toEqual([]);
	});

	it.each([
		['lineItem', 1],
		['order', 1],
	])('when two are combined, and a third sale joins them (%s)', async (output, news) => {
		const trigger = triggerOn('orderCreated', { options: { output } });
		await trigger.poll();
		pass(1);
		const createdAt = mockNow;
		for (const id of ['a', 'b']) place(id, { lineItems: [line(`T-${id}`, { createdAt })] });
		expect((await pollFor(trigger, HOUR)).sort()).toEqual(['a', 'b']);
		const lineItems = [line('T-a', { createdAt }), line('T-b', { createdAt })];
		simulator.ebay.state.orders = [];
		place('combined', { lineItems });
		expect(await pollFor(trigger, HOUR)).toEqual([]);
		lineItems.push(line('T-c', { createdAt: mockNow }));
		simulator.ebay.state.orders = [];
		place('with a third', { lineItems });
		expect(await pollFor(trigger, HOUR)).toHaveLength(news);
	});
});

describe('a line item', () => {
	it('is shipped when it is itself, not when the whole order is', async () => {
		const trigger = triggerOn('orderShipped');
		const whole = triggerOn('orderShipped', { options: { output: 'order' } });
		await trigger.poll();
		await whole.poll();
		pass(1);
		const order = place('a', { lineItems: [line('T1'), line('T2')] });
		const ship = (index: number) => {
			Object.assign(order.lineItems[index]!, { shippedAt: mockNow });
			change('a');
		};
		const shipped = async (poller: Poller) => {
			pass(5 * MINUTE);
			return ((await poller.poll()) ?? []).map(({ json }) => json.transactionId);
		};
		ship(0);
		expect(await shipped(trigger)).toEqual(['T1']);
		expect(await shipped(whole)).toEqual([]);
		pass(2 * DAY);
		ship(1);
		expect(await shipped(trigger)).toEqual(['T2']);
		expect(await shipped(whole)).toEqual(['T1']);
	});

	it('brings its own carrier and tracking number, or else those of the order', async () => {
		const trigger = triggerOn('orderCreated');
		await trigger.poll();
		pass(1);
		const lineItems = [line('T1', { tracking: [{ carrier: 'UPS', number: '1Z1' }] }), line('T2')];
		place('a', { lineItems, tracking: [{ carrier: 'USPS', number: '9400' }] });
		pass(5 * MINUTE);
		const items = (await trigger.poll())!;
		expect(items.map(({ json }) => [json.carrier, json.trackingNumber])).toEqual([
			['UPS', '1Z1'],
			['USPS', '9400'],
		]);
	});

	it('has arrived with its own packages, the order with the last of all', async () => {
		const trigger = triggerOn('orderDelivered');
		const whole = triggerOn('orderDelivered', { options: { output: 'order' } });
		await trigger.poll();
		await whole.poll();
		pass(1);
		const order = place('a', { lineItems: [line('T1'), line('T2')] });
		for (const one of order.lineItems) one.packages = [{}];
		const arrive = (index: number) => {
			order.lineItems[index]!.packages = [{ deliveredAt: mockNow }];
			change('a');
		};
		arrive(0);
		expect(await pollFor(trigger, 10 * MINUTE)).toEqual(['a']);
		expect(await pollFor(whole, 10 * MINUTE)).toEqual([]);
		arrive(1);
		expect(await pollFor(trigger, 10 * MINUTE)).toEqual(['a']);
		expect(await pollFor(whole, 10 * MINUTE)).toEqual(['a']);
		expect(await pollFor(trigger, DAY, 15 * MINUTE)).toEqual([]);
	});
});

it("never asks for the last two minutes of eBay's time", async () => {
	const trigger = triggerOn('orderCreated');
	await trigger.poll();
	simulator.calls.length = 0;
	for (let i = 0; i < 3; i++) {
		pass(5 * MINUTE);
		await trigger.poll();
	}
	const behind = simulator.calls
		.map(({ body, at }) => [/<CreateTimeTo>(.*?)</.exec(body.toString())?.[1], at] as const)
		.filter(([to]) => to !== undefined)
		.map(([to, at]) => at - Date.parse(to!));
	expect(behind).toHaveLength(3);
	expect(Math.min(...behind)).toBeGreaterThanOrEqual(2 * MINUTE);
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
		[
			"error 21919144, the seller's own limit,",
			() =>
				simulator.ebay.state.nextAnswers.push({
					call: 'GetOrders',
					errors: [{ code: '21919144' }],
				}),
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

	it.each([
		['HTTP 429', { status: 429 }],
		['error 518', { code: '518' }],
	])(
		'%s keeps polls away from eBay for its 100 seconds',
		async (_name, limit: { status?: number; code?: string }) => {
			const { status, code } = limit;
			const trigger = triggerOn('orderCreated');
			await trigger.poll();
			const asked = () => simulator.calls.filter(({ operation }) => operation === 'ebay.GetOrders');
			if (status) simulator.faults.push({ operation: 'ebay.GetOrders', kind: 'status', status });
			if (code) simulator.ebay.state.nextAnswers.push({ call: 'GetOrders', errors: [{ code }] });
			pass(5 * MINUTE);
			await trigger.poll();
			const before = asked().length;
			for (let seconds = 20; seconds < 100; seconds += 20) {
				pass(20_000);
				expect(await trigger.poll()).toBeNull();
			}
			expect(asked()).toHaveLength(before);
			pass(21_000);
			await trigger.poll();
			expect(asked().length).toBeGreaterThan(before);
		},
	);

	it('begins its list anew where eBay has no page any more at which the last poll left off', async () => {
		const trigger = triggerOn('orderCreated');
		await trigger.poll();
		pass(5 * MINUTE);
		const answer = (content: string) => ({
			...{ operation: 'ebay.GetOrders', kind: 'status' as const, status: 200 },
			body: `<GetOrdersResponse xmlns="urn:ebay:apis:eBLBaseComponents">${content}</GetOrdersResponse>`,
		});
		const list = (i: number) =>
			`<Ack>Success</Ack><HasMoreOrders>true</HasMoreOrders><OrderArray><Order><OrderID>${i}</OrderID></Order></OrderArray>`;
		for (let i = 1; i <= 20; i++) simulator.faults.push(answer(list(i)));
		const refusal =
			'<Ack>Failure</Ack><Errors><ShortMessage>Invalid page number.</ShortMessage><ErrorCode>340</ErrorCode><SeverityCode>Error</SeverityCode></Errors>';
		simulator.faults.push({ ...answer(refusal), times: 99, containing: '<PageNumber>21<' });
		await trigger.poll();
		place('a');
		expect(await pollFor(trigger, 15 * MINUTE)).toEqual(['a']);
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

it('says in its form what one item stands for, and how to write once for each order', () => {
	const { properties } = new EbayOrderTrigger().description;
	const notice = properties.find(({ name }) => name === 'itemNotice');

	expect(notice).toMatchObject({
		type: 'notice',
		displayName: expect.stringMatching(/one line item.*three items.*<b>Output<\/b>.*<b>Order<\/b>/),
	});
});
