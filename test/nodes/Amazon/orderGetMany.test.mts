import type { IDataObject } from 'n8n-workflow';

import { amazonMessaging, US } from '../../engine/amazon.mts';
import { runNode, type RunResult } from '../../engine/engine.mts';
import { waitsPass } from '../../engine/quickTime.mts';
import { startSimulator, type Simulator } from '../../marketplaces/simulator.mts';
import { forgetLanes } from '../../../nodes/shared/http/rateLimit.ts';

let simulator: Simulator;

beforeAll(async () => {
	simulator = await startSimulator();
});
afterAll(async () => await simulator.close());
beforeEach(() => {
	simulator.reset();
	forgetLanes();
});

const getMany = async (
	more: Record<string, unknown>,
	workflowSettings?: IDataObject,
): Promise<RunResult> =>
	await runNode(amazonMessaging(simulator), {
		parameters: { resource: 'order', operation: 'getMany', marketplaceIds: [US], ...more } as never,
		workflowSettings,
	});

function addOrders(howMany: number): string[] {
	const now = Date.now();
	const orders = Array.from({ length: howMany }, (_, i) => ({
		orderId: `222-0000000-${String(i).padStart(7, '0')}`,
		marketplaceId: US,
		createdTime: new Date(now - 3_600_000 - i).toISOString(),
		lastUpdatedTime: new Date(now - 3_600_000).toISOString(),
		fulfillmentStatus: 'UNSHIPPED',
	}));
	simulator.amazon.addOrders!(orders);
	return orders.map(({ orderId }) => orderId);
}

const searches = () =>
	simulator.calls.filter(({ operation }) => operation === 'amazon.searchOrders');

test('lists the orders of the last thirty days under the names that a message wants', async () => {
	const { items, error } = await getMany({ returnAll: true });
	expect(error).toBeUndefined();
	expect(items.length).toBeGreaterThan(1);
	for (const { json } of items) {
		expect(json).toMatchObject({ orderId: expect.any(String), marketplaceId: US });
	}
});

test('gives no more than the limit, and asks Amazon for no more', async () => {
	const { items } = await getMany({ returnAll: false, limit: 2 });
	expect(items).toHaveLength(2);
	expect(
		searches().map(({ rawUrl }) =>
			new URL(rawUrl, 'http://x').searchParams.get('maxResultsPerPage'),
		),
	).toEqual(['2']);
});

test('reads every page where all are wanted', async () => {
	const added = addOrders(130);
	const { items } = await getMany({ returnAll: true });
	const ids = items.map(({ json }) => json.orderId);
	expect(ids).toEqual(expect.arrayContaining(added));
	expect(new Set(ids).size).toBe(ids.length);
});

test('keeps to the states that were chosen', async () => {
	const { items } = await getMany({
		returnAll: true,
		filters: { fulfillmentStatuses: ['SHIPPED'] },
	});
	const states = items.map(
		({ json }) => (json.fulfillment as { fulfillmentStatus: string }).fulfillmentStatus,
	);
	expect(new Set(states)).toEqual(new Set(['SHIPPED']));
});

const queries = () => searches().map(({ rawUrl }) => new URL(rawUrl, 'http://x').searchParams);
const firstQuery = () => Object.fromEntries(queries()[0]!);

test.each([
	[
		'when orders were placed',
		{ createdAfter: '2026-01-01T00:00:00-03:00', createdBefore: '2026-01-31T00:00:00-03:00' },
		{ createdAfter: '2026-01-01T03:00:00.000Z', createdBefore: '2026-01-31T03:00:00.000Z' },
	],
	[
		'when orders changed',
		{
			lastUpdatedAfter: '2026-01-01T00:00:00-03:00',
			lastUpdatedBefore: '2026-01-31T00:00:00-03:00',
		},
		{
			lastUpdatedAfter: '2026-01-01T03:00:00.000Z',
			lastUpdatedBefore: '2026-01-31T03:00:00.000Z',
		},
	],
	[
		'the thirty days before an end without a beginning',
		{ lastUpdatedBefore: '2026-01-31T00:00:00Z' },
		{
			lastUpdatedAfter: '2026-01-01T00:00:00.000Z',
			lastUpdatedBefore: '2026-01-31T00:00:00.000Z',
		},
	],
])('searches by %s', async (_what, filters, asked) => {
	const { error } = await getMany({ filters });
	expect(error).toBeUndefined();
	const times = Object.entries(firstQuery()).filter(([name]) => /After|Before/.test(name));
	expect(Object.fromEntries(times)).toEqual(asked);
});

test('names no end that Amazon does not take yet: it ends there by itself', async () => {
	const createdBefore = new Date(Date.now() - 60_000).toISOString();
	const { items, error } = await getMany({ filters: { createdBefore } });
	expect(error).toBeUndefined();
	expect(items.length).toBeGreaterThan(1);
	expect(firstQuery()).not.toHaveProperty('createdBefore');
});

test('keeps to who ships the order', async () => {
	simulator.amazon.state.orders[0]!.fulfilledBy = 'AMAZON';
	const { items } = await getMany({ filters: { fulfilledBy: ['AMAZON'] } });
	expect(items.map(({ json }) => json.orderId)).toEqual([
		simulator.amazon.state.orders[0]!.orderId,
	]);
});

test.each([
	['several', [US, 'A2EUQ1WTGCTBG2'], `${US},A2EUQ1WTGCTBG2`],
	['one as text', US, US],
	['several as one text', `={{ '${US}, A2EUQ1WTGCTBG2' }}`, `${US},A2EUQ1WTGCTBG2`],
	["none, which is all of the credential's region", [], undefined],
])('takes marketplaces: %s', async (_what, marketplaceIds, asked) => {
	const { error } = await getMany({ marketplaceIds });
	expect(error).toBeUndefined();
	expect(firstQuery().marketplaceIds).toBe(asked);
});

test('names the marketplace that each order was placed in', async () => {
	simulator.amazon.state.orders[1]!.marketplaceId = 'A2EUQ1WTGCTBG2';
	const { items } = await getMany({ marketplaceIds: [] });
	const placed = new Map(items.map(({ json }) => [json.orderId, json.marketplaceId]));
	const [one, other] = simulator.amazon.state.orders;
	expect([placed.get(one!.orderId), placed.get(other!.orderId)]).toEqual([US, 'A2EUQ1WTGCTBG2']);
});

describe('a workflow of an earlier version', () => {
	test('keeps its one marketplace', async () => {
		const { error } = await getMany({ marketplaceIds: undefined, marketplaceId: US });
		expect(error).toBeUndefined();
		expect(firstQuery().marketplaceIds).toBe(US);
	});

	test("keeps its 'Updated After', which wins over 'Created After'", async () => {
		const filters = { updatedAfter: '2026-01-01T00:00:00-03:00', createdAfter: '2026-02-01' };
		const { error } = await getMany({ filters });
		expect(error).toBeUndefined();
		expect(firstQuery()).toMatchObject({ lastUpdatedAfter: '2026-01-01T03:00:00.000Z' });
		expect(firstQuery()).not.toHaveProperty('createdAfter');
	});
});

test.each([
	[
		{ createdAfter: '2026-11-20', lastUpdatedBefore: '2026-11-21' },
		'Amazon lists orders by when they were placed or by when they changed, not by both',
	],
	[
		{ createdAfter: '2026-11-21', createdBefore: '2026-11-20' },
		"'Created After' is not before 'Created Before'",
	],
	[
		{ lastUpdatedAfter: '2026-11-21', lastUpdatedBefore: '2026-11-20' },
		"'Last Updated After' is not before 'Last Updated Before'",
	],
	[{ createdBefore: 'soon' }, "'Created Before' is not a date"],
])('refuses %j before anything is asked', async (filters, says) => {
	const { error } = await getMany({ filters });
	expect(error?.message).toBe(says);
	expect(simulator.calls).toEqual([]);
});

test('passes on a state that is not known, so that Amazon is heard', async () => {
	const { error } = await getMany({ filters: { fulfillmentStatuses: ['LOST'] } });
	expect(error?.message).toContain('fulfillmentStatuses: Invalid value: LOST');
});

test.each([
	['2026-11-01', 'America/Sao_Paulo', '2026-11-01T03:00:00.000Z'],
	['2026-11-01T10:00', 'Europe/Berlin', '2026-11-01T09:00:00.000Z'],
	['2026-11-01T10:00+0530', 'UTC', '2026-11-01T04:30:00.000Z'],
	['2026-11-01T10:00:00-03:00', 'UTC', '2026-11-01T13:00:00.000Z'],
])('asks in UTC: %s in %s is %s', async (createdAfter, timezone, asked) => {
	const { error } = await getMany({ filters: { createdAfter } }, { timezone });
	expect(error).toBeUndefined();
	expect(queries().map((query) => query.get('createdAfter'))).toEqual([asked]);
});

describe('personal data', () => {
	const gift = '111-5555555-5555555';
	const giftOf = async (more: Record<string, unknown> = {}) => {
		const { items } = await getMany({ returnAll: true, ...more });
		return items.find(({ json }) => json.orderId === gift)!.json;
	};

	test('does not come unasked, at any depth', async () => {
		const { items } = await getMany({ returnAll: true });
		const text = JSON.stringify(items);
		expect(text).toContain('giftWrapLevel');
		expect(text).not.toMatch(/recipient|"buyer"|buyerEmail|giftMessage|customizedUrl|Ada/i);
	});

	test('comes with gift messages and links to customizations where it is asked for', async () => {
		const json = await giftOf({ options: { includePersonalData: true } });
		expect(JSON.stringify(json)).toMatch(/Happy birthday, Ada.*|of-the-buyer.zip/);
		expect(json).not.toHaveProperty('buyer');
	});

	test('comes as the data set that was chosen, and no other', async () => {
		const json = await giftOf({ options: { includedData: ['BUYER'] } });
		expect(json.buyer).toEqual({
			buyerName: 'Ada Example',
			buyerEmail: 'demo@marketplace.example',
		});
		expect(JSON.stringify(json)).not.toMatch(/recipient|giftMessage|customizedUrl/);
	});
});

describe('a data set that Amazon refuses for a while', () => {
	beforeEach(() => (simulator.amazon.state.refusedDataSets = ['FULFILLMENT']));

	test('and that nobody chose is left out, and that is said once', async () => {
		const { items, error, hints } = await getMany({ returnAll: true });
		expect(error).toBeUndefined();
		expect(items.length).toBeGreaterThan(1);
		expect(items[0].json).not.toHaveProperty('fulfillment');
		expect(queries().map((query) => query.get('includedData'))).toEqual(['FULFILLMENT', null]);
		expect(hints.map(({ message }) => message)).toEqual([
			'Amazon refuses the data Fulfillment at the moment: the orders come without it',
		]);
	});

	test('leaves the others that were chosen in', async () => {
		const { items } = await getMany({ options: { includedData: ['PROCEEDS'] } });
		expect(items[0].json).toHaveProperty('proceeds');
		expect(queries().map((query) => query.get('includedData'))).toEqual([
			'PROCEEDS,FULFILLMENT',
			'PROCEEDS',
		]);
	});

	test('and that the seller chose is not dropped: Amazon is heard', async () => {
		const { error } = await getMany({ options: { includedData: ['FULFILLMENT'] } });
		expect(error?.message).toMatch(/The input you have submitted is not valid/);
		expect(searches()).toHaveLength(1);
	});

	test('with a filter on its state still lists what fits', async () => {
		const { items } = await getMany({ filters: { fulfillmentStatuses: ['PENDING'] } });
		expect(items.map(({ json }) => json.orderId)).toEqual(['111-3333333-3333333']);
	});

	test('is not asked for again by the pages that follow', async () => {
		addOrders(130);
		const { items } = await getMany({ returnAll: true });
		expect(items.length).toBeGreaterThan(130);
		expect(
			queries().map((query) => [query.get('includedData'), query.has('paginationToken')]),
		).toEqual([
			['FULFILLMENT', false],
			[null, false],
			[null, true],
		]);
	});

	test('in the middle of the pages begins them again without it', async () => {
		simulator.amazon.state.refusedDataSets = [];
		addOrders(130);
		simulator.faults.push({
			operation: 'amazon.searchOrders',
			kind: 'status',
			status: 400,
			skip: 1,
			body: { errors: [{ code: 'InvalidInput', message: 'The input is not valid.' }] },
		});
		const { items, error } = await getMany({ returnAll: true });
		expect(error).toBeUndefined();
		const ids = items.map(({ json }) => json.orderId);
		expect(new Set(ids).size).toBe(ids.length);
		expect(ids.length).toBeGreaterThan(130);
		expect(items.some(({ json }) => 'fulfillment' in json)).toBe(false);
	});
});

test('a request that is wrong for another reason fails after one more try', async () => {
	simulator.faults.push({
		operation: 'amazon.searchOrders',
		kind: 'status',
		status: 400,
		times: 9,
		body: { errors: [{ code: 'InvalidInput', message: 'Not this one' }] },
	});
	const { error } = await getMany({});
	expect(error?.message).toContain('Not this one');
	expect(searches()).toHaveLength(2);
});

describe('pages', () => {
	/** One page of an answer of our own. */
	const page = (ids: string[], nextToken?: string, times = 1) =>
		simulator.faults.push({
			operation: 'amazon.searchOrders',
			kind: 'status',
			status: 200,
			times,
			body: {
				orders: ids.map((orderId) => ({ orderId, orderItems: [] })),
				...(nextToken ? { pagination: { nextToken } } : {}),
			},
		});
	const idsOf = ({ items }: RunResult) => items.map(({ json }) => json.orderId);

	test('of more rows than were asked for give no more than the limit', async () => {
		page(['a', 'b', 'c', 'd', 'e'], 'next');
		expect(idsOf(await getMany({ limit: 2 }))).toEqual(['a', 'b']);
		expect(searches()).toHaveLength(1);
	});

	test('of fewer rows than were asked for are read until the limit', async () => {
		page(['a'], 'one');
		page([], 'two');
		page(['b', 'c'], 'three');
		expect(idsOf(await getMany({ limit: 3 }))).toEqual(['a', 'b', 'c']);
	});

	test('change nothing but the token', async () => {
		page(['a'], 'one');
		page(['b'], 'two');
		page(['c']);
		await getMany({ limit: 3, filters: { fulfillmentStatuses: ['SHIPPED'] } });
		const [first, ...others] = queries().map((query) => {
			query.delete('paginationToken');
			return query.toString();
		});
		expect(others).toEqual([first, first]);
	});

	test('that bring an order twice give it once', async () => {
		page(['a', 'b'], 'one');
		page(['b', 'c']);
		expect(idsOf(await getMany({ limit: 5 }))).toEqual(['a', 'b', 'c']);
	});

	test('that begin again after many are read to their end', async () => {
		const ids = ['a', 'b', 'c', 'd', 'e'];
		for (const id of ids.slice(0, 4)) page([id], `after-${id}`);
		simulator.faults.push({
			operation: 'amazon.searchOrders',
			kind: 'status',
			status: 400,
			body: { errors: [{ code: 'InvalidInput', message: 'The input is not valid.' }] },
		});
		for (const id of ids.slice(0, 4)) page([id], `after-${id}`);
		page(['e']);
		expect(idsOf(await getMany({ returnAll: true }))).toEqual(ids);
	});

	test('with orders that have no number give each of them', async () => {
		const orders = [
			{ createdTime: '2026-11-01T00:00:00Z' },
			{ createdTime: '2026-11-02T00:00:00Z' },
		];
		simulator.faults.push({
			operation: 'amazon.searchOrders',
			kind: 'status',
			status: 200,
			body: { orders: [...orders, orders[0]] },
		});
		const { items } = await getMany({ returnAll: true });
		expect(items.map(({ json }) => json)).toMatchObject(orders);
	});

	test('whose token leads to itself end', async () => {
		page(['a'], 'same', 99);
		expect(idsOf(await getMany({ returnAll: true }))).toEqual(['a']);
		expect(searches()).toHaveLength(2);
	});

	test('whose tokens lead in a circle end, and that is said', async () => {
		for (let i = 0; i < 30; i++) page(['a', 'b'], `token-${i % 3}`);
		const result = await getMany({ returnAll: true });
		expect(idsOf(result)).toEqual(['a', 'b']);
		expect(searches().length).toBeLessThan(8);
		expect(result.hints[0].message).toMatch(/list .* does not end/);
	});

	describe('that are empty and lead on', () => {
		waitsPass();

		test('end where they stay empty, and that is said', async () => {
			for (let i = 0; i < 30; i++) page([], `token-${i}`);
			const result = await getMany({ returnAll: true });
			expect(idsOf(result)).toEqual([]);
			expect(searches()).toHaveLength(20);
			expect(result.hints[0].message).toMatch(/list .* does not end/);
		});

		test('end sooner where they lead in a circle', async () => {
			for (let i = 0; i < 30; i++) page([], `token-${i % 2}`);
			const result = await getMany({ returnAll: true });
			expect(searches()).toHaveLength(5);
			expect(result.hints[0].message).toMatch(/list .* does not end/);
		});

		test('are read over to what stands behind them', async () => {
			for (let i = 0; i < 19; i++) page([], `token-${i}`);
			page(['a']);
			const result = await getMany({ returnAll: true });
			expect(idsOf(result)).toEqual(['a']);
			expect(JSON.stringify(result.hints)).not.toMatch(/does not end/);
		});
	});
});

test("refuses a marketplace of another region than the credential's", async () => {
	const { error } = await getMany({ marketplaceIds: [US, 'A1PA6795UKMFR9'], returnAll: true });
	expect(error?.message).toContain("does not belong to the credential's region");
	expect(simulator.calls).toEqual([]);
});

test('refuses what is no marketplace', async () => {
	const { error } = await getMany({ marketplaceIds: ['US'] });
	expect(error?.message).toBe("'Marketplaces' is not a marketplace");
	expect(simulator.calls).toEqual([]);
});
