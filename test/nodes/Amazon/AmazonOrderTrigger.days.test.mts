import { AmazonSellingPartnerApi } from '../../../credentials/AmazonSellingPartnerApi.credentials.ts';
import { AmazonOrderTrigger } from '../../../nodes/Amazon/AmazonOrderTrigger.node.ts';
import { forgetLanes } from '../../../nodes/shared/http/rateLimit.ts';
import { tellTime } from '../../engine/clock.mts';
import { amazonCredential, US } from '../../engine/amazon.mts';
import { pollerOf } from '../../engine/poller.mts';
import { seeded } from '../../engine/seeded.mts';
import type { AmazonOrder } from '../../marketplaces/amazon/state.mts';
import type { Fault } from '../../marketplaces/service.mts';
import { startSimulator, type Simulator } from '../../marketplaces/simulator.mts';

/** One clock for the node and for Amazon; whoever sleeps moves it. */
let mockNow = Date.parse('2026-11-02T00:00:00Z');
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
afterAll(async () => {
	await simulator.close();
});

const faults: Array<Partial<Fault> & Pick<Fault, 'kind'>> = [
	{ kind: 'status', status: 429 },
	{ kind: 'status', status: 500, times: 2 },
	{ kind: 'status', status: 503 },
	{ kind: 'lost', times: 2 },
	{ kind: 'lost', when: 'after' },
	{ kind: 'cutOff' },
	{ kind: 'garbage', times: 2 },
];

interface Coming {
	at: number;
	orders: AmazonOrder[];
}

/** Single orders, handfuls in one second, and bursts of 500; a tenth is shown late, some hours late. */
function daysOfASeller(count: number, from: number, ms: number, seed: number): Coming[] {
	const random = seeded(seed);
	const coming: Coming[] = [];
	for (let made = 0; made < count;) {
		const at = from + 2 * MINUTE + random.below(ms);
		const kind = random.next();
		const size = Math.min(count - made, kind < 0.002 ? 500 : kind < 0.1 ? 2 + random.below(9) : 1);
		const orders = Array.from({ length: size }, (_, i): AmazonOrder => {
			const placed = at - (at % 1000) - (random.chance(0.3) ? random.below(90) * 1000 : 0);
			const late = random.chance(0.1)
				? random.below(random.chance(0.1) ? 5 * HOUR : 20 * MINUTE)
				: 0;
			return {
				orderId: `${seed}-${made + i}`,
				marketplaceId: US,
				createdTime: new Date(placed).toISOString(),
				lastUpdatedTime: new Date(placed).toISOString(),
				fulfillmentStatus: random.chance(0.5) ? 'SHIPPED' : 'UNSHIPPED',
				indexedAt: at + late,
			};
		});
		made += size;
		coming.push({ at, orders });
	}
	return coming.sort((one, other) => one.at - other.at);
}

describe.each([
	['orderUpdated', 2_000, DAY],
	['orderShipped', 3_000, DAY],
])('days of polling on %s', (event, count, ms) => {
	it(`delivers each of ${count} orders once and none from before, with faults and restarts`, async () => {
		simulator.reset();
		forgetLanes();
		const random = seeded(count);
		const begun = mockNow;
		const { state } = simulator.amazon;
		const before = daysOfASeller(300, begun - DAY, DAY - 5 * MINUTE, 7).flatMap(
			({ orders }) => orders,
		);
		state.orders = before.map((order) => ({ ...order, indexedAt: 0 }));

		const node = new AmazonOrderTrigger();
		const credentialTypes = [new AmazonSellingPartnerApi()];
		const credentials = { amazonSellingPartnerApi: amazonCredential(simulator) };
		const trigger = pollerOf(
			{ node, credentialTypes, credentials },
			{ event, marketplaceIds: [US] },
		);
		expect(await trigger.poll()).toBeNull();

		const coming = daysOfASeller(count, begun, ms, 1);
		const wanted = coming
			.flatMap(({ orders }) => orders)
			.filter(
				({ fulfillmentStatus }) => event !== 'orderShipped' || fulfillmentStatus === 'SHIPPED',
			)
			.map(({ orderId }) => orderId);
		const delivered: unknown[] = [];
		let failed = 0;
		let largest = 0;

		for (const end = begun + ms + 12 * HOUR; mockNow < end;) {
			mockNow += 5 * MINUTE;
			while (coming.length > 0 && coming[0].at <= mockNow)
				state.orders.push(...coming.shift()!.orders);
			if (random.chance(0.06)) {
				const fault = faults[random.below(faults.length)];
				simulator.faults.push({
					operation: 'amazon.searchOrders',
					skip: random.below(3),
					...fault,
				});
			}
			if (random.chance(0.02)) trigger.restart();
			const polls = random.chance(0.05) ? [trigger.poll(), trigger.poll()] : [trigger.poll()];
			for (const poll of await Promise.allSettled(polls)) {
				if (poll.status === 'rejected') failed += 1;
				else delivered.push(...(poll.value ?? []).map(({ json }) => json.orderId));
			}
			largest = Math.max(largest, JSON.stringify(trigger.state()).length);
		}

		expect(new Set(delivered).size).toBe(delivered.length);
		expect(new Set(delivered)).toEqual(new Set(wanted));
		expect(failed).toBeGreaterThan(0);
		expect(largest).toBeLessThan(event === 'orderShipped' ? 30_000 : 90_000);
		expect(simulator.defects).toEqual([]);
	}, 240_000);
});
