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

const at = (ms: number) => new Date(ms).toISOString();
const pass = (ms: number) => {
	mockNow += ms;
};
const searches = () =>
	simulator.calls.filter(({ operation }) => operation === 'amazon.searchOrders');

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

describe('limits', () => {
	it('a 429 ends the poll quietly and loses nothing', async () => {
		const trigger = triggerOn('orderCreated');
		await trigger.poll();
		pass(1);
		place('a');
		pass(5 * MINUTE);
		simulator.faults.push({ operation: 'amazon.searchOrders', kind: 'status', status: 429 });
		expect(await trigger.poll()).toBeNull();
		pass(5 * MINUTE);
		expect(await idsOf(trigger)).toEqual(['a']);
	});

	it('a 429 at the activation does not move the beginning', async () => {
		const trigger = triggerOn('orderCreated');
		place('old', { createdTime: at(mockNow - MINUTE) });
		simulator.faults.push({ operation: 'amazon.searchOrders', kind: 'status', status: 429 });
		expect(await trigger.poll()).toBeNull();
		pass(MINUTE);
		place('a');
		expect(await pollFor(trigger, 20 * MINUTE)).toEqual(['a']);
	});

	it('a poll every minute never gets a 429', async () => {
		const trigger = triggerOn('orderCreated');
		await trigger.poll();
		const delivered: unknown[] = [];
		for (let minute = 0; minute < 180; minute++) {
			if (minute % 10 === 0) place(`o${minute}`, { createdTime: at(mockNow + 1) });
			pass(MINUTE);
			delivered.push(...((await idsOf(trigger)) ?? []));
		}
		delivered.push(...(await pollFor(trigger, HOUR)));
		expect(delivered).toHaveLength(18);
		expect(searches().filter(({ status }) => status === 429)).toEqual([]);
	});

	it('reads a backlog over several polls, each order once', async () => {
		simulator.amazon.state.plans.set('*', { rate: 1000, burst: 1000 });
		const trigger = triggerOn('orderCreated');
		await trigger.poll();
		for (let i = 0; i < 1500; i++) place(`o${i}`, { createdTime: at(mockNow + i) });
		pass(10 * MINUTE);
		const before = searches().length;
		expect(await idsOf(trigger)).toHaveLength(1000);
		expect(searches().length - before).toBe(10);
		pass(MINUTE);
		const rest = (await idsOf(trigger))!;
		expect(new Set(rest).size).toBe(500);
		expect(await pollFor(trigger, HOUR)).toEqual([]);
	});

	describe('where pages hold no order and lead on', () => {
		/** So many of them, and then what is on the last one. */
		const emptyPages = (count: number, last: object) => {
			const fault = { operation: 'amazon.searchOrders', kind: 'status' as const, status: 200 };
			const token = (i: number) => `t${1000 + i}`;
			const page = (i: number) => ({
				...fault,
				...(i > 0 ? { containing: `paginationToken=${token(i)}` } : { times: 1 }),
				body:
					i < count
						? { orders: [], createdBefore: at(mockNow), pagination: { nextToken: token(i + 1) } }
						: { createdBefore: at(mockNow), ...last },
			});
			const pages = Array.from({ length: count + 1 }, (_, i) => page(i));
			simulator.faults.push(...pages.slice(1), pages[0]!);
		};

		it('reads on to the order behind them, however many they are', async () => {
			const trigger = triggerOn('orderCreated');
			await trigger.poll();
			pass(5 * MINUTE);
			const createdTime = at(mockNow - MINUTE);
			emptyPages(19, { orders: [{ orderId: 'a', createdTime, lastUpdatedTime: createdTime }] });
			expect(await pollFor(trigger, 15 * MINUTE)).toEqual(['a']);
		});

		it('ends each poll, and begins anew once Amazon forgets the place', async () => {
			const trigger = triggerOn('orderCreated');
			await trigger.poll();
			pass(5 * MINUTE);
			emptyPages(500, { orders: [] });
			const before = searches().length;
			await trigger.poll();
			expect(searches().length - before).toBe(10);
			simulator.faults.length = 0;
			place('a');
			expect(await pollFor(trigger, 15 * MINUTE)).toEqual(['a']);
		});
	});

	it('begins again where Amazon forgot the place in a backlog', async () => {
		simulator.amazon.state.plans.set('*', { rate: 1000, burst: 1000 });
		const trigger = triggerOn('orderCreated');
		await trigger.poll();
		for (let i = 0; i < 1200; i++) place(`o${i}`, { createdTime: at(mockNow + i) });
		pass(10 * MINUTE);
		const delivered = (await idsOf(trigger))!;
		pass(25 * HOUR);
		delivered.push(...(await pollFor(trigger, 2 * HOUR)));
		expect(delivered).toHaveLength(1200);
		expect(new Set(delivered).size).toBe(1200);
	});
});

describe('what goes wrong', () => {
	it('fails the poll visibly, and the next one delivers', async () => {
		const trigger = triggerOn('orderCreated');
		await trigger.poll();
		pass(1);
		place('a');
		pass(5 * MINUTE);
		simulator.faults.push({
			operation: 'amazon.searchOrders',
			kind: 'status',
			status: 500,
			times: 2,
		});
		await expect(trigger.poll()).rejects.toMatchObject({
			name: 'NodeApiError',
			message: 'Amazon has a problem of its own',
			description: expect.stringContaining('Nothing is lost'),
		});
		pass(5 * MINUTE);
		expect(await idsOf(trigger)).toEqual(['a']);
	});

	it('delivers nothing of a poll that failed on its second page, and all of it later', async () => {
		const trigger = triggerOn('orderCreated');
		await trigger.poll();
		for (let i = 0; i < 150; i++) place(`o${i}`, { createdTime: at(mockNow + 1 + i) });
		pass(5 * MINUTE);
		simulator.faults.push({ operation: 'amazon.searchOrders', kind: 'lost', skip: 1, times: 2 });
		await expect(trigger.poll()).rejects.toMatchObject({ message: 'Amazon did not answer' });
		pass(5 * MINUTE);
		expect(await idsOf(trigger)).toHaveLength(150);
	});

	it('a wrong secret fails the activation', async () => {
		simulator.amazon.state.clients[0]!.clientSecret = 'another';
		await expect(triggerOn('orderCreated').poll()).rejects.toMatchObject({ name: 'NodeApiError' });
	});

	it("a marketplace of another region is refused in the seller's words", async () => {
		const trigger = triggerOn('orderCreated', { marketplaceIds: [DE] });
		await expect(trigger.poll()).rejects.toMatchObject({
			name: 'NodeOperationError',
			message: expect.stringContaining("does not belong to the credential's region"),
		});
	});

	it('a restart repeats nothing and loses nothing', async () => {
		const trigger = triggerOn('orderCreated');
		await trigger.poll();
		pass(1);
		place('a');
		expect(await pollFor(trigger, HOUR)).toEqual(['a']);
		pass(HOUR);
		place('b');
		trigger.restart();
		expect(await pollFor(trigger, HOUR)).toEqual(['b']);
		trigger.restart();
		expect(await pollFor(trigger, HOUR)).toEqual([]);
	});

	it('polls that overlap deliver an order once', async () => {
		const trigger = triggerOn('orderCreated');
		await trigger.poll();
		pass(1);
		place('a');
		pass(5 * MINUTE);
		const both = await Promise.all([idsOf(trigger), idsOf(trigger)]);
		expect(both.flatMap((ids) => ids ?? [])).toEqual(['a']);
	});

	it('a workflow that is switched on again after days starts from then', async () => {
		const trigger = triggerOn('orderCreated');
		await trigger.poll();
		pass(1);
		place('a');
		expect(await pollFor(trigger, HOUR)).toEqual(['a']);
		pass(3 * DAY);
		place('meanwhile', { createdTime: at(mockNow - DAY) });
		trigger.switchOff();
		expect(await pollFor(trigger, HOUR)).toEqual([]);
		place('b');
		expect(await pollFor(trigger, HOUR)).toEqual(['b']);
	});
});
