import type { INodeParameters } from 'n8n-workflow';

import { EbayApi } from '../../../credentials/EbayApi.credentials.ts';
import { EbayOrderTrigger } from '../../../nodes/Ebay/EbayOrderTrigger.node.ts';
import { forgetLanes } from '../../../nodes/shared/http/rateLimit.ts';
import { ebayCredential } from '../../engine/ebay.mts';
import { pollerOf, type Poller } from '../../engine/poller.mts';
import { seeded } from '../../engine/seeded.mts';
import type { LineItem } from '../../marketplaces/ebay/state.mts';
import type { Fault } from '../../marketplaces/service.mts';
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

const pass = (ms: number) => {
	mockNow += ms;
};

const faults: Array<Partial<Fault> & Pick<Fault, 'kind'>> = [
	{ kind: 'status', status: 429 },
	{ kind: 'status', status: 500, times: 2 },
	{ kind: 'lost', times: 2 },
	{ kind: 'cutOff' },
];

it('delivers each line item of 500 orders once over a day, with faults and restarts', async () => {
	const random = seeded(3);
	const trigger = triggerOn('orderCreated');
	await trigger.poll();
	const begun = mockNow;
	const coming = Array.from({ length: 500 }, (_, i) => {
		const at = i < 250 ? begun + 6 * HOUR : begun + MINUTE + random.below(DAY);
		const late = random.chance(0.1) ? random.below(4 * HOUR) : 0;
		const lineItems = Array.from({ length: 1 + random.below(2) }, (_unused, n) =>
			line(`${i}-${n}`, random.chance(0.1) ? { indexedAt: at + random.below(HOUR) } : {}),
		);
		return { at, order: { orderId: `o${i}`, createdAt: at, indexedAt: at + late, lineItems } };
	}).sort((one, other) => one.at - other.at);
	const wanted = coming.flatMap(({ order }) =>
		order.lineItems.map(({ transactionId }) => transactionId),
	);
	const delivered: unknown[] = [];
	let largest = 0;
	while (mockNow < begun + DAY + 6 * HOUR) {
		pass(5 * MINUTE);
		while (coming.length > 0 && coming[0].at <= mockNow)
			simulator.ebay.addOrder(coming.shift()!.order);
		if (random.chance(0.1)) {
			simulator.faults.push({
				operation: 'ebay.GetOrders',
				...faults[random.below(faults.length)],
			});
		}
		if (random.chance(0.03)) trigger.restart();
		const items = await trigger.poll().catch(() => null);
		delivered.push(...(items ?? []).map(({ json }) => json.transactionId));
		largest = Math.max(largest, JSON.stringify(trigger.state()).length);
	}
	expect(new Set(delivered).size).toBe(delivered.length);
	expect(new Set(delivered)).toEqual(new Set(wanted));
	expect(largest).toBeLessThan(30_000);
}, 240_000);
