import type { INodeParameters } from 'n8n-workflow';

import { AmazonSellingPartnerApi } from '../../../credentials/AmazonSellingPartnerApi.credentials.ts';
import { AmazonOrderTrigger } from '../../../nodes/Amazon/AmazonOrderTrigger.node.ts';
import { forgetLanes } from '../../../nodes/shared/http/rateLimit.ts';
import { tellTime } from '../../engine/clock.mts';
import { amazonCredential, US } from '../../engine/amazon.mts';
import { pollerOf, type Poller } from '../../engine/poller.mts';
import type { AmazonOrder } from '../../marketplaces/amazon/state.mts';
import { startSimulator, type Simulator } from '../../marketplaces/simulator.mts';

/** One clock for the node and for Amazon; whoever sleeps moves it. */
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
const DE = 'A1PA6795UKMFR9';

let simulator: Simulator;
beforeAll(async () => {
	tellTime(() => mockNow);
	simulator = await startSimulator();
});
beforeEach(() => {
	simulator.reset();
	simulator.amazon.state.orders = [];
	forgetLanes();
});
afterEach(() => expect(simulator.defects).toEqual([]));
afterAll(async () => {
	await simulator.close();
});

function triggerOn(event: string, more: INodeParameters = {}): Poller {
	const test = {
		node: new AmazonOrderTrigger(),
		credentialTypes: [new AmazonSellingPartnerApi()],
		credentials: { amazonSellingPartnerApi: amazonCredential(simulator) },
	};
	return pollerOf(test, { event, marketplaceIds: [US], ...more });
}

function place(orderId: string, order: Partial<AmazonOrder> = {}): void {
	const createdTime = order.createdTime ?? at(mockNow);
	simulator.amazon.state.addOrders([
		{
			orderId,
			marketplaceId: US,
			lastUpdatedTime: createdTime,
			fulfillmentStatus: 'UNSHIPPED',
			...order,
			createdTime,
		},
	]);
}

function change(orderId: string, changed: Partial<AmazonOrder> = {}): void {
	const order = simulator.amazon.state.orders.find((one) => one.orderId === orderId);
	Object.assign(order!, { lastUpdatedTime: at(mockNow) }, changed);
}

const ASKED = { cancellation: { cancellationRequest: { requester: 'BUYER' } } };
const itemThat = (more: object) => ({
	...{ orderItemId: '1', quantityOrdered: 1, product: { asin: 'B0' } },
	...more,
});
const packageThatIs = (status: string) => ({
	packageReferenceId: '1',
	packageStatus: { status },
});

const at = (ms: number) => new Date(ms).toISOString();
const pass = (ms: number) => {
	mockNow += ms;
};

async function idsOf(poller: Poller): Promise<unknown[] | null> {
	const items = await poller.poll();
	return items && items.map(({ json }) => json.orderId);
}

/** Polls every five minutes. */
async function pollFor(poller: Poller, ms: number): Promise<unknown[]> {
	const ids: unknown[] = [];
	for (const end = mockNow + ms; mockNow < end;) {
		pass(5 * MINUTE);
		ids.push(...((await idsOf(poller)) ?? []));
	}
	return ids;
}

describe('a new order', () => {
	it('starts the workflow once', async () => {
		const trigger = triggerOn('orderCreated');
		await trigger.poll();
		pass(MINUTE);
		place('a');
		expect(await pollFor(trigger, 2 * HOUR)).toEqual(['a']);
	});

	it('comes with our names first and without personal data', async () => {
		const trigger = triggerOn('orderCreated');
		await trigger.poll();
		pass(1);
		place('a', { dataSets: { buyer: { buyerName: 'Ada' }, recipient: { name: 'Ada' } } });
		const placedAt = at(mockNow);
		pass(5 * MINUTE);
		const items = await trigger.poll();
		expect(items).toEqual([
			{
				json: {
					orderId: 'a',
					marketplaceId: US,
					createdTime: placedAt,
					lastUpdatedTime: placedAt,
					salesChannel: {
						channelName: 'AMAZON',
						marketplaceId: US,
						marketplaceName: 'Amazon.com',
					},
					orderItems: [],
				},
			},
		]);
		expect(Object.keys(items![0]!.json).slice(0, 2)).toEqual(['orderId', 'marketplaceId']);
	});

	it('comes with the data that was chosen', async () => {
		const trigger = triggerOn('orderCreated', { options: { includedData: ['BUYER'] } });
		await trigger.poll();
		pass(1);
		place('a', { dataSets: { buyer: { buyerName: 'Ada' }, recipient: { name: 'Ada' } } });
		pass(5 * MINUTE);
		const [item] = (await trigger.poll())!;
		expect(item!.json).toMatchObject({ buyer: { buyerName: 'Ada' } });
		expect(item!.json).not.toHaveProperty('recipient');
	});

	it('is not one from before the workflow was switched on', async () => {
		place('old', { createdTime: at(mockNow - MINUTE) });
		place('late', { createdTime: at(mockNow - HOUR), indexedAt: mockNow + 10 * MINUTE });
		const trigger = triggerOn('orderCreated');
		expect(await trigger.poll()).toBeNull();
		expect(await pollFor(trigger, 2 * HOUR)).toEqual([]);
	});

	it('is delivered once though it changes', async () => {
		const trigger = triggerOn('orderCreated');
		await trigger.poll();
		pass(1);
		place('a');
		expect(await pollFor(trigger, HOUR)).toEqual(['a']);
		change('a', { fulfillmentStatus: 'SHIPPED' });
		expect(await pollFor(trigger, HOUR)).toEqual([]);
	});

	it('is delivered when it comes into a state that the filter names', async () => {
		const filters = { fulfillmentStatuses: ['UNSHIPPED'] };
		const trigger = triggerOn('orderCreated', { filters });
		place('old', { createdTime: at(mockNow - DAY), fulfillmentStatus: 'PENDING' });
		await trigger.poll();
		pass(1);
		place('a', { fulfillmentStatus: 'PENDING' });
		expect(await pollFor(trigger, DAY)).toEqual([]);
		change('a', { fulfillmentStatus: 'UNSHIPPED' });
		change('old', { fulfillmentStatus: 'UNSHIPPED' });
		expect(await pollFor(trigger, HOUR)).toEqual(['a']);
	});

	it('is found hours late', async () => {
		const trigger = triggerOn('orderCreated');
		await trigger.poll();
		pass(1);
		place('late', { indexedAt: mockNow + 5 * HOUR });
		place('a');
		expect(await pollFor(trigger, HOUR)).toEqual(['a']);
		expect(await pollFor(trigger, 6 * HOUR)).toEqual(['late']);
	});

	it('comes from the marketplaces and the fulfillment that were chosen', async () => {
		const marketplaceIds = [US, 'A2EUQ1WTGCTBG2'];
		const filters = { fulfilledBy: ['AMAZON'] };
		const trigger = triggerOn('orderCreated', { marketplaceIds, filters });
		await trigger.poll();
		pass(1);
		place('a', { fulfilledBy: 'AMAZON', marketplaceId: 'A2EUQ1WTGCTBG2' });
		place('b');
		place('c', { fulfilledBy: 'AMAZON', marketplaceId: DE });
		pass(5 * MINUTE);
		const items = (await trigger.poll())!;
		expect(items.map(({ json }) => json.orderId)).toEqual(['a']);
		expect(items[0]!.json.fulfillment).toMatchObject({ fulfilledBy: 'AMAZON' });
	});

	it('comes from every marketplace where none was chosen', async () => {
		const trigger = triggerOn('orderCreated', { marketplaceIds: [] });
		await trigger.poll();
		pass(1);
		place('a', { marketplaceId: DE });
		expect(await pollFor(trigger, 10 * MINUTE)).toEqual(['a']);
	});
});

describe('a changed order', () => {
	it('starts the workflow once for each change', async () => {
		place('a', { createdTime: at(mockNow - DAY) });
		const trigger = triggerOn('orderUpdated');
		await trigger.poll();
		expect(await pollFor(trigger, HOUR)).toEqual([]);
		change('a');
		expect(await pollFor(trigger, HOUR)).toEqual(['a']);
		change('a');
		expect(await pollFor(trigger, HOUR)).toEqual(['a']);
	});
});

describe('a shipped order', () => {
	it('starts the workflow once, whatever happens to it later', async () => {
		const trigger = triggerOn('orderShipped');
		await trigger.poll();
		pass(1);
		place('a');
		expect(await pollFor(trigger, HOUR)).toEqual([]);
		change('a', { fulfillmentStatus: 'SHIPPED' });
		expect(await pollFor(trigger, HOUR)).toEqual(['a']);
		for (const days of [1, 30, 200]) {
			pass(days * DAY);
			change('a');
			place(`new ${days}`);
			expect(await pollFor(trigger, HOUR)).toEqual([]);
		}
	});

	it('is not one that was shipped before the workflow was switched on', async () => {
		for (const days of [1, 3, 13]) {
			const createdTime = at(mockNow - days * DAY);
			place(`old ${days}`, { createdTime, fulfillmentStatus: 'SHIPPED' });
		}
		const trigger = triggerOn('orderShipped');
		await trigger.poll();
		pass(HOUR);
		for (const days of [1, 3, 13]) change(`old ${days}`);
		expect(await pollFor(trigger, HOUR)).toEqual([]);
	});

	it('tells its state', async () => {
		const trigger = triggerOn('orderShipped');
		await trigger.poll();
		pass(1);
		place('a', { fulfillmentStatus: 'SHIPPED' });
		pass(5 * MINUTE);
		const [item] = (await trigger.poll())!;
		expect(item!.json.fulfillment).toMatchObject({ fulfillmentStatus: 'SHIPPED' });
	});
});

describe('what Amazon tells of packages', () => {
	const shippedOn = (...days: number[]) => ({
		packages: days.map((day, i) => ({
			packageReferenceId: `${i}`,
			shipTime: at(mockNow - day * DAY),
			packageStatus: { status: 'SHIPPED' },
		})),
	});

	it('ends that an old order which changes is taken for one that was just shipped', async () => {
		place('old', { createdTime: at(mockNow - 60 * DAY), dataSets: shippedOn(50) });
		const trigger = triggerOn('orderShipped');
		await trigger.poll();
		pass(HOUR);
		change('old', { fulfillmentStatus: 'SHIPPED' });
		place('a', { fulfillmentStatus: 'SHIPPED', dataSets: shippedOn(0) });
		expect(await pollFor(trigger, HOUR)).toEqual(['a']);
	});

	it('makes an order delivered with its last package, where the merchant ships', async () => {
		const trigger = triggerOn('orderDelivered');
		await trigger.poll();
		pass(1);
		const order = { fulfillmentStatus: 'SHIPPED', dataSets: shippedOn(1, 0) };
		place('a', order);
		place('of Amazon', { ...order, fulfilledBy: 'AMAZON' });
		const arrive = (index: number) => {
			const [packages] = [simulator.amazon.state.orders[0]!.dataSets!.packages as object[]];
			Object.assign(packages[index]!, { packageStatus: { status: 'DELIVERED' } });
			change('a');
		};
		arrive(0);
		expect(await pollFor(trigger, HOUR)).toEqual([]);
		arrive(1);
		expect(await pollFor(trigger, HOUR)).toEqual(['a']);
		change('a');
		expect(await pollFor(trigger, HOUR)).toEqual([]);
	});
});

it('a buyer who asks to cancel a second item starts the workflow again, a change does not', async () => {
	const trigger = triggerOn('cancellationRequested');
	await trigger.poll();
	pass(1);
	const asked = { cancellation: { cancellationRequest: { requester: 'BUYER' } } };
	const item = (orderItemId: string, more = {}) => ({
		orderItemId,
		quantityOrdered: 1,
		product: { asin: 'B0' },
		...more,
	});
	place('a', { orderItems: [item('1', asked), item('2')] });
	expect(await pollFor(trigger, HOUR)).toEqual(['a']);
	change('a');
	expect(await pollFor(trigger, HOUR)).toEqual([]);
	change('a', { orderItems: [item('1', asked), item('2', asked)] });
	expect(await pollFor(trigger, HOUR)).toEqual(['a']);
});

describe.each<[string, Partial<AmazonOrder>, Partial<AmazonOrder>]>([
	[
		'orderDelivered',
		{ fulfillmentStatus: 'SHIPPED', dataSets: { packages: [packageThatIs('IN_TRANSIT')] } },
		{ dataSets: { packages: [packageThatIs('DELIVERED')] } },
	],
	['cancellationRequested', { orderItems: [itemThat({})] }, { orderItems: [itemThat(ASKED)] }],
])('%s, where the order keeps its date', (event, before, after) => {
	const placed = (orderId: string, days: number, more: Partial<AmazonOrder> = before) =>
		place(orderId, { ...before, ...more, createdTime: at(mockNow - days * DAY) });
	const happen = (orderId: string) => {
		const order = simulator.amazon.state.orders.find((one) => one.orderId === orderId);
		Object.assign(order!, after);
	};

	it('starts the workflow once, also for what was placed before it was switched on', async () => {
		placed('a', 5);
		const trigger = triggerOn(event);
		await trigger.poll();
		pass(MINUTE);
		placed('b', 0);
		expect(await pollFor(trigger, 2 * HOUR)).toEqual([]);
		happen('a');
		happen('b');
		expect((await pollFor(trigger, 2 * HOUR)).sort()).toEqual(['a', 'b']);
		change('a');
		expect(await pollFor(trigger, DAY)).toEqual([]);
	});

	it('starts the workflow within the hour where it polls every minute, as n8n does by itself', async () => {
		placed('a', 5);
		const trigger = triggerOn(event);
		await trigger.poll();
		for (let i = 0; i < 24 * 60; i++) {
			pass(MINUTE);
			await trigger.poll();
		}
		happen('a');
		const came: unknown[] = [];
		for (let i = 0; i < 60; i++) {
			pass(MINUTE);
			came.push(...((await idsOf(trigger)) ?? []));
		}
		expect(came).toEqual(['a']);
	});

	it('starts none for what happened before it was switched on', async () => {
		for (const days of [0.01, 1, 13]) placed(`${days}`, days, after);
		const trigger = triggerOn(event);
		await trigger.poll();
		expect(await pollFor(trigger, 2 * HOUR)).toEqual([]);
	});
});

describe('a test in the editor', () => {
	it('shows the newest order and moves nothing', async () => {
		for (let i = 0; i < 250; i++) place(`o${i}`, { createdTime: at(mockNow - HOUR + i * 1000) });
		const trigger = triggerOn('orderCreated');
		pass(10 * MINUTE);
		expect((await trigger.poll('manual'))!.map(({ json }) => json.orderId)).toEqual(['o249']);
		expect(trigger.state()).toEqual({});
	});

	it.each([
		[
			'orderDelivered',
			{ fulfillmentStatus: 'SHIPPED' },
			{ packages: [{ packageReferenceId: '1', packageStatus: { status: 'DELIVERED' } }] },
		],
		['cancellationRequested', { fulfillmentStatus: 'UNSHIPPED' }, {}],
	])(
		'shows one that has come to %s, behind a page of those that have not',
		async (event, order, dataSets) => {
			const asked = {
				orderItemId: '1',
				quantityOrdered: 1,
				product: { asin: 'B0' },
				cancellation: { cancellationRequest: { requester: 'BUYER' } },
			};
			for (let i = 0; i < 150; i++)
				place(`o${i}`, { ...order, createdTime: at(mockNow - HOUR + i * 1000) });
			place('there', {
				...order,
				dataSets,
				...(event === 'cancellationRequested' ? { orderItems: [asked] } : {}),
				createdTime: at(mockNow - HOUR + 140_500),
			});
			pass(10 * MINUTE);
			const items = await triggerOn(event).poll('manual');
			expect(items!.map(({ json }) => json.orderId)).toEqual(['there']);
		},
	);

	it('finds an order of months ago', async () => {
		place('old', { createdTime: at(mockNow - 200 * DAY) });
		const items = await triggerOn('orderUpdated').poll('manual');
		expect(items!.map(({ json }) => json.orderId)).toEqual(['old']);
	});

	it('says that there is none', async () => {
		const filters = { fulfillmentStatuses: ['CANCELLED'] };
		await expect(triggerOn('orderCreated', { filters }).poll('manual')).rejects.toMatchObject({
			message: 'Amazon has no order that fits',
		});
	});

	it('says that the limit is used up', async () => {
		simulator.faults.push({ operation: 'amazon.searchOrders', kind: 'status', status: 429 });
		await expect(triggerOn('orderCreated').poll('manual')).rejects.toMatchObject({
			message: "Amazon's limit of requests is used up",
		});
	});
});
