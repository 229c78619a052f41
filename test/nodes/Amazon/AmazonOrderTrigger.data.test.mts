/** What an order brings along from the trigger: nothing personal unasked, and no data that it cannot do without. */
import type { INodeParameters } from 'n8n-workflow';

import { AmazonSellingPartnerApi } from '../../../credentials/AmazonSellingPartnerApi.credentials.ts';
import { AmazonOrderTrigger } from '../../../nodes/Amazon/AmazonOrderTrigger.node.ts';
import { forgetLanes } from '../../../nodes/shared/http/rateLimit.ts';
import { tellTime } from '../../engine/clock.mts';
import { amazonCredential, US } from '../../engine/amazon.mts';
import { pollerOf, type Poller } from '../../engine/poller.mts';
import type { AmazonOrder } from '../../marketplaces/amazon/state.mts';
import { startSimulator, type Simulator } from '../../marketplaces/simulator.mts';
// The engine above wants its environment before this is loaded.
import { PollContext } from 'n8n-core';

/** One clock for the node and for Amazon; whoever sleeps moves it. */
let mockNow = Date.parse('2026-11-20T12:00:00Z');
jest.mock('n8n-workflow', () => ({
	...jest.requireActual<object>('n8n-workflow'),
	sleep: async (ms: number) => {
		mockNow += ms;
	},
}));

const MINUTE = 60_000;
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
	jest.restoreAllMocks();
});

function triggerOn(more: INodeParameters = {}): Poller {
	const test = {
		node: new AmazonOrderTrigger(),
		credentialTypes: [new AmazonSellingPartnerApi()],
		credentials: { amazonSellingPartnerApi: amazonCredential(simulator) },
	};
	return pollerOf(test, { event: 'orderCreated', marketplaceIds: [US], ...more });
}

function place(orderId: string, order: Partial<AmazonOrder> = {}): void {
	const createdTime = new Date(mockNow).toISOString();
	simulator.amazon.state.addOrders([
		{
			orderId,
			marketplaceId: US,
			createdTime,
			lastUpdatedTime: createdTime,
			fulfillmentStatus: 'UNSHIPPED',
			...order,
		},
	]);
}

/** Switches a trigger on, and gives the items of what is placed then. */
async function itemsOf(trigger: Poller, placeAll: () => void) {
	await trigger.poll();
	mockNow += 1;
	placeAll();
	mockNow += 5 * MINUTE;
	return ((await trigger.poll()) ?? []).map(({ json }) => json);
}

const queries = () =>
	simulator.calls
		.filter(({ operation }) => operation === 'amazon.searchOrders')
		.map(({ rawUrl }) => new URL(rawUrl, 'http://x').searchParams);

describe('personal data in the items of an order', () => {
	const gift = {
		orderItemId: '1',
		quantityOrdered: 1,
		product: { asin: 'B0', customization: { customizedUrl: 'https://example.com/ada.zip' } },
		fulfillment: {
			quantityFulfilled: 0,
			packing: { giftOption: { giftMessage: 'Happy birthday, Ada', giftWrapLevel: 'CLASSIC' } },
		},
	};
	const itemsWith = async (options: INodeParameters) => {
		const [order] = await itemsOf(triggerOn({ options }), () =>
			place('a', { orderItems: [gift], dataSets: { buyer: { buyerName: 'Ada' } } }),
		);
		return order;
	};

	it('does not come unasked', async () => {
		const order = await itemsWith({ includedData: ['FULFILLMENT'] });
		expect(order.orderItems).toEqual([
			{
				orderItemId: '1',
				quantityOrdered: 1,
				product: { asin: 'B0' },
				fulfillment: {
					quantityFulfilled: 0,
					packing: { giftOption: { giftWrapLevel: 'CLASSIC' } },
				},
			},
		]);
		expect(JSON.stringify(order)).not.toMatch(/Ada/i);
	});

	it('comes where it is asked for', async () => {
		const order = await itemsWith({ includedData: ['FULFILLMENT'], includePersonalData: true });
		expect(order.orderItems).toEqual([gift]);
		expect(order).not.toHaveProperty('buyer');
	});
});

describe('a data set that Amazon refuses for a while', () => {
	const filters = { fulfillmentStatuses: ['UNSHIPPED'] };
	const refuse = () => (simulator.amazon.state.refusedDataSets = ['FULFILLMENT']);
	const refuseOnce = (message: string) =>
		void simulator.faults.push({
			operation: 'amazon.searchOrders',
			kind: 'status',
			status: 400,
			body: { errors: [{ code: 'InvalidInput', message, details: '' }] },
		});

	it('and that nobody chose keeps no order back', async () => {
		refuse();
		const orders = await itemsOf(triggerOn({ filters }), () => {
			place('a');
			place('b', { fulfillmentStatus: 'PENDING' });
		});
		expect(orders.map(({ orderId }) => orderId)).toEqual(['a']);
		expect(orders[0]).not.toHaveProperty('fulfillment');
	});

	it('is left out on the pages that follow, too', async () => {
		refuse();
		const orders = await itemsOf(triggerOn({ filters }), () => {
			for (let i = 0; i < 130; i++) place(`many-${i}`);
		});
		expect(new Set(orders.map(({ orderId }) => orderId)).size).toBe(130);
		const paged = queries().filter((query) => query.has('paginationToken'));
		expect(paged.map((query) => query.get('includedData'))).toEqual([null]);
	});

	it('comes back ten minutes after', async () => {
		refuse();
		const trigger = triggerOn({ filters });
		await itemsOf(trigger, () => place('a'));
		simulator.amazon.state.refusedDataSets = [];
		place('b');
		mockNow += 10 * MINUTE;
		const [{ json }] = (await trigger.poll())!;
		expect(json).toMatchObject({ orderId: 'b', fulfillment: { fulfillmentStatus: 'UNSHIPPED' } });
	});

	it('keeps no order back for long, also where Amazon gives a search in three minutes and no more', async () => {
		refuse();
		const trigger = triggerOn({ filters });
		await trigger.poll();
		const late: number[] = [];
		for (let minute = 1; minute <= 240; minute++) {
			mockNow += MINUTE;
			if (minute % 30 === 1) place(`order-${minute}`);
			for (const { json } of (await trigger.poll()) ?? []) {
				late.push(minute - Number(String(json.orderId).slice(6)));
			}
		}
		expect(late).toHaveLength(8);
		expect(Math.max(...late)).toBeLessThanOrEqual(15);
	}, 60_000);

	describe('of two that nobody chose', () => {
		const shipped = { event: 'orderShipped' };
		const placeShipped = () => {
			const packages = [{ packageReferenceId: '1', packageStatus: { status: 'IN_TRANSIT' } }];
			const fulfillment = { fulfillmentStatus: 'SHIPPED' };
			place('a', { ...fulfillment, dataSets: { fulfillment, packages } });
		};

		it.each([
			['FULFILLMENT', 'packages', ['FULFILLMENT,PACKAGES', 'PACKAGES']],
			['PACKAGES', 'fulfillment', ['FULFILLMENT,PACKAGES', 'PACKAGES', 'FULFILLMENT']],
		])('is left out without the other: %s', async (refused, other, expected) => {
			const trigger = triggerOn(shipped);
			await trigger.poll();
			const before = queries().length;
			simulator.amazon.state.refusedDataSets = [refused];
			mockNow += 1;
			placeShipped();
			mockNow += 5 * MINUTE;
			const [{ json }] = (await trigger.poll())!;
			expect(json).toHaveProperty(other);
			const asked = queries()
				.slice(before)
				.map((query) => query.get('includedData'));
			expect(asked.slice(0, expected.length)).toEqual(expected);
			// What was learned holds for the rest of the poll.
			expect(new Set(asked.slice(expected.length - 1)).size).toBe(1);
		});

		it('is left out at once where the words of the refusal name it', async () => {
			const trigger = triggerOn(shipped);
			await trigger.poll();
			const before = queries().length;
			const message = 'The value PACKAGES of includedData is not supported at the moment.';
			refuseOnce(message);
			mockNow += 1;
			placeShipped();
			mockNow += 5 * MINUTE;
			await trigger.poll();
			const asked = queries()
				.slice(before)
				.map((query) => query.get('includedData'));
			expect(asked.slice(0, 2)).toEqual(['FULFILLMENT,PACKAGES', 'FULFILLMENT']);
		});

		it('none is left out where the words name another parameter: Amazon is heard', async () => {
			const trigger = triggerOn(shipped);
			await trigger.poll();
			const before = queries().length;
			refuseOnce('The value of fulfillmentStatuses is not valid.');
			mockNow += 5 * MINUTE;
			await expect(trigger.poll()).rejects.toMatchObject({
				message: expect.stringContaining('fulfillmentStatuses is not valid'),
			});
			expect(queries()).toHaveLength(before + 1);
		});
	});

	it('is said once a poll, however many pages it has', async () => {
		const warn = jest.fn();
		const logger = { warn, debug: () => undefined };
		const given = jest.spyOn(PollContext.prototype, 'logger', 'get');
		given.mockReturnValue(logger as never);
		await itemsOf(triggerOn({ filters }), () => {
			refuse();
			for (let i = 0; i < 230; i++) place(`many-${i}`);
		});
		given.mockRestore();
		expect(warn.mock.calls.map(([words]) => words)).toEqual([
			'Amazon refuses the data Fulfillment at the moment: the orders come without it',
		]);
	});

	it('and that the seller chose is not dropped: the poll tells what Amazon says, and nothing is lost', async () => {
		const trigger = triggerOn({ filters, options: { includedData: ['FULFILLMENT'] } });
		await trigger.poll();
		mockNow += 1;
		place('a');
		mockNow += 5 * MINUTE;
		refuse();
		await expect(trigger.poll()).rejects.toMatchObject({
			message: expect.stringContaining('The input you have submitted is not valid'),
		});
		simulator.amazon.state.refusedDataSets = [];
		mockNow += 5 * MINUTE;
		const [{ json }] = (await trigger.poll())!;
		expect(json).toMatchObject({ orderId: 'a', fulfillment: { fulfillmentStatus: 'UNSHIPPED' } });
	});
});

it('an answer without a list of orders is not taken for "none": nothing is lost', async () => {
	const trigger = triggerOn();
	await trigger.poll();
	mockNow += 1;
	place('a');
	mockNow += 5 * MINUTE;
	simulator.faults.push({
		operation: 'amazon.searchOrders',
		kind: 'status',
		status: 200,
		body: {},
	});
	await expect(trigger.poll()).rejects.toMatchObject({
		message: 'Amazon gave an answer that cannot be read',
	});
	mockNow += 5 * MINUTE;
	expect((await trigger.poll())!.map(({ json }) => json.orderId)).toEqual(['a']);
});

it('a list of orders that is null is one without orders', async () => {
	const trigger = triggerOn();
	await trigger.poll();
	mockNow += 1;
	place('a');
	const body = { orders: null, createdBefore: new Date(mockNow - MINUTE).toISOString() };
	const fault = { operation: 'amazon.searchOrders', kind: 'status', status: 200 } as const;
	simulator.faults.push({ ...fault, body });
	mockNow += 5 * MINUTE;
	expect(await trigger.poll()).toBeNull();
	mockNow += 5 * MINUTE;
	expect((await trigger.poll())!.map(({ json }) => json.orderId)).toEqual(['a']);
});

it('a page that leads to itself ends the reading', async () => {
	const trigger = triggerOn();
	await trigger.poll();
	simulator.faults.push({
		operation: 'amazon.searchOrders',
		kind: 'status',
		status: 200,
		times: 9,
		body: { orders: [], pagination: { nextToken: 'same' } },
	});
	mockNow += 5 * MINUTE;
	const before = queries().length;
	expect(await trigger.poll()).toBeNull();
	expect(queries().length - before).toBe(2);
});
