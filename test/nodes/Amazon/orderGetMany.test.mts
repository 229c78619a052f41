import { amazonMessaging, US } from '../../engine/amazon.mts';
import { runNode, type RunResult } from '../../engine/engine.mts';
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

const getMany = async (more: Record<string, unknown>): Promise<RunResult> =>
	await runNode(amazonMessaging(simulator), {
		parameters: { resource: 'order', operation: 'getMany', marketplaceId: US, ...more } as never,
	});

const searches = () =>
	simulator.calls.filter(({ operation }) => operation === 'amazon.searchOrders');

test('lists the orders of the last thirty days under the names that a message wants', async () => {
	const { items, error } = await getMany({ returnAll: true });
	expect(error).toBeUndefined();
	expect(items.length).toBeGreaterThan(1);
	for (const { json } of items) {
		expect(Object.keys(json).slice(0, 2)).toEqual(['orderId', 'marketplaceId']);
		expect(json.marketplaceId).toBe(US);
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
	const now = Date.now();
	const orders = Array.from({ length: 130 }, (_, i) => ({
		orderId: `222-0000000-${String(i).padStart(7, '0')}`,
		marketplaceId: US,
		createdTime: new Date(now - 3_600_000 - i).toISOString(),
		lastUpdatedTime: new Date(now - 3_600_000).toISOString(),
		fulfillmentStatus: 'UNSHIPPED',
	}));
	simulator.amazon.addOrders!(orders);
	const { items } = await getMany({ returnAll: true });
	const ids = items.map(({ json }) => json.orderId);
	expect(ids).toEqual(expect.arrayContaining(orders.map(({ orderId }) => orderId)));
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

test("searches by change where 'Updated After' is given", async () => {
	await getMany({
		returnAll: true,
		filters: { updatedAfter: '2026-01-01T00:00:00-03:00', createdAfter: '2026-02-01' },
	});
	const query = new URL(searches()[0].rawUrl, 'http://x').searchParams;
	expect([query.get('lastUpdatedAfter'), query.get('createdAfter')]).toEqual([
		'2026-01-01T03:00:00.000Z',
		null,
	]);
});

test('has no name, address or e-mail of a buyer in its orders', async () => {
	const { items } = await getMany({ returnAll: true });
	expect(JSON.stringify(items)).not.toMatch(/recipient|"buyer"|buyerEmail/i);
});

test("refuses a marketplace of another region than the credential's", async () => {
	const { error } = await getMany({ marketplaceId: 'A1PA6795UKMFR9', returnAll: true });
	expect(error?.message).toContain("does not belong to the credential's region");
	expect(simulator.calls).toEqual([]);
});
