import { amazonClient, DE, ORDER, US } from './amazon/client.mts';
import type { AmazonOrder } from './amazon/state.mts';
import { startSimulator, type Simulator } from './simulator.mts';

let simulator: Simulator;
let amazon: ReturnType<typeof amazonClient>;

/** The clock stands here at the beginning of every test. */
const NOW = Date.parse('2026-11-20T12:00:00Z');
const iso = (minutesAgo: number) => new Date(NOW - minutesAgo * 60_000).toISOString();

beforeAll(async () => {
	simulator = await startSimulator({ now: () => NOW });
	amazon = amazonClient(simulator);
});
beforeEach(() => {
	simulator.amazon.state.plans.set('*', { rate: 1000, burst: 1000 });
	simulator.amazon.state.orders = [];
});
afterEach(() => simulator.reset());
afterAll(async () => {
	await simulator.close();
});

function add(orderId: string, minutesAgo: number, change: Partial<AmazonOrder> = {}) {
	simulator.amazon.state.addOrders([
		{
			orderId,
			marketplaceId: US,
			createdTime: iso(minutesAgo),
			lastUpdatedTime: iso(minutesAgo),
			fulfillmentStatus: 'UNSHIPPED',
			...change,
		},
	]);
}

const search = async (parameters: Record<string, string>) =>
	await amazon.get(`/orders/2026-01-01/orders?${new URLSearchParams(parameters).toString()}`);

async function idsOf(parameters: Record<string, string>): Promise<string[]> {
	const { data } = await search(parameters);
	return (data.orders as Array<{ orderId: string }>).map(({ orderId }) => orderId);
}

describe('searchOrders', () => {
	it('answers without a wrapper, with the required fields alone', async () => {
		add('a', 60, { dataSets: { buyer: { buyerName: 'Ada' } } });
		const { data } = await search({ createdAfter: iso(90) });
		expect(data).toEqual({
			orders: [
				{
					orderId: 'a',
					createdTime: iso(60),
					lastUpdatedTime: iso(60),
					salesChannel: {
						channelName: 'AMAZON',
						marketplaceId: US,
						marketplaceName: 'Amazon.com',
					},
					orderItems: [],
				},
			],
			createdBefore: iso(2),
		});
	});

	it('adds the data sets that are asked for', async () => {
		add('a', 60, { dataSets: { buyer: { buyerName: 'Ada' } }, fulfillmentStatus: 'SHIPPED' });
		const { data } = await search({ createdAfter: iso(90), includedData: 'FULFILLMENT,BUYER' });
		expect(data.orders[0]).toMatchObject({
			fulfillment: { fulfillmentStatus: 'SHIPPED', fulfilledBy: 'MERCHANT' },
			buyer: { buyerName: 'Ada' },
		});
	});

	it('adds the data sets of an item, a gift message with that of fulfillment', async () => {
		const giftOption = { giftMessage: 'Happy birthday' };
		const product = { asin: 'B0', customization: { customizedUrl: 'https://example.com/x.zip' } };
		add('a', 60, {
			orderItems: [{ product, proceeds: {}, fulfillment: { packing: { giftOption } } }],
		});
		const itemsWith = async (includedData: string) =>
			(await search({ createdAfter: iso(90), includedData })).data.orders[0].orderItems as object[];
		expect(await itemsWith('PACKAGES')).toEqual([{ product }]);
		expect(await itemsWith('FULFILLMENT')).toEqual([
			{ product, fulfillment: { packing: { giftOption } } },
		]);
	});

	it('can refuse a data set for a while', async () => {
		simulator.amazon.state.refusedDataSets = ['FULFILLMENT'];
		const parameters = { createdAfter: iso(60), includedData: 'PACKAGES,FULFILLMENT' };
		const { status, data } = await search(parameters);
		expect([status, data.errors[0].code]).toEqual([400, 'InvalidInput']);
		expect((await search({ ...parameters, includedData: 'PACKAGES' })).status).toBe(200);
	});

	it('includes both bounds', async () => {
		for (const minutes of [61, 60, 45, 30, 29]) add(String(minutes), minutes);
		expect(await idsOf({ createdAfter: iso(60), createdBefore: iso(30) })).toEqual([
			'60',
			'45',
			'30',
		]);
	});

	it('goes by the update where that is asked for', async () => {
		add('a', 600, { lastUpdatedTime: iso(10) });
		add('b', 600);
		const { data } = await search({ lastUpdatedAfter: iso(60) });
		expect(data.orders).toHaveLength(1);
		expect(data).toMatchObject({ lastUpdatedBefore: iso(2) });
	});

	it('leaves out the last two minutes', async () => {
		add('a', 1);
		expect(await idsOf({ createdAfter: iso(60) })).toEqual([]);
		simulator.clock.advance(60_000);
		expect(await idsOf({ createdAfter: iso(60) })).toEqual(['a']);
	});

	it('leaves out an order that the index does not know yet', async () => {
		add('late', 30, { indexedAt: NOW + 60_000 });
		expect(await idsOf({ createdAfter: iso(60) })).toEqual([]);
		simulator.clock.advance(60_000);
		expect(await idsOf({ createdAfter: iso(60) })).toEqual(['late']);
	});

	it("leaves out another seller's orders", async () => {
		add('theirs', 30, { seller: 'Atzr|other' });
		expect(await idsOf({ createdAfter: iso(60) })).toEqual([]);
	});

	it.each([
		[{ marketplaceIds: DE }, ['german']],
		[{ marketplaceIds: `${US},${DE}` }, ['german', 'fba', 'new']],
		[{ fulfillmentStatuses: 'SHIPPED,CANCELLED' }, ['german', 'fba']],
		[{ fulfilledBy: 'AMAZON' }, ['fba']],
	])('filters by %j', async (filter, ids) => {
		add('german', 50, { marketplaceId: DE, fulfillmentStatus: 'SHIPPED' });
		add('fba', 40, { fulfilledBy: 'AMAZON', fulfillmentStatus: 'SHIPPED' });
		add('new', 30);
		expect(await idsOf({ createdAfter: iso(60), ...filter } as Record<string, string>)).toEqual(
			ids,
		);
	});

	it.each([
		['neither After', {}],
		['both After', { createdAfter: iso(60), lastUpdatedAfter: iso(60) }],
		['the Before of the other pair', { createdAfter: iso(60), lastUpdatedBefore: iso(30) }],
		['a Before of less than two minutes ago', { createdAfter: iso(60), createdBefore: iso(1) }],
		['a Before before the After', { createdAfter: iso(60), createdBefore: iso(61) }],
		['an After in the future', { createdAfter: iso(-1) }],
		['a date that is none', { createdAfter: 'yesterday' }],
		['a date with an offset', { createdAfter: '2026-11-20T08:00:00-03:00' }],
		['a page of 0', { createdAfter: iso(60), maxResultsPerPage: '0' }],
		['a page of 101', { createdAfter: iso(60), maxResultsPerPage: '101' }],
		['an unknown status', { createdAfter: iso(60), fulfillmentStatuses: 'Shipped' }],
		['an unknown data set', { createdAfter: iso(60), includedData: 'ALL' }],
		['an unknown marketplace', { createdAfter: iso(60), marketplaceIds: 'US' }],
		['an indexed list', { createdAfter: iso(60), 'marketplaceIds[0]': US }],
		['an unknown token', { createdAfter: iso(60), paginationToken: 'x' }],
	])('refuses %s', async (_what, parameters) => {
		expect((await search(parameters as Record<string, string>)).status).toBe(400);
	});

	it('refuses a marketplace of another region', async () => {
		const answer = await search({ createdAfter: iso(60), marketplaceIds: 'A1VC38T7YXB528' });
		expect(answer.status).toBe(403);
	});

	describe('in pages', () => {
		const parameters = { createdAfter: iso(60), maxResultsPerPage: '2' };

		beforeEach(() => {
			for (const minutes of [50, 40, 30, 20, 10]) add(String(minutes), minutes);
		});

		it('gives every order once, and no token on the last page', async () => {
			const pages: string[][] = [];
			let paginationToken: string | undefined;
			do {
				const token = paginationToken ? { paginationToken } : undefined;
				const { data } = await search({ ...parameters, ...token });
				pages.push((data.orders as AmazonOrder[]).map(({ orderId }) => orderId));
				paginationToken = data.pagination?.nextToken as string | undefined;
			} while (paginationToken);
			expect(pages).toEqual([['50', '40'], ['30', '20'], ['10']]);
		});

		const nextToken = async () => (await search(parameters)).data.pagination.nextToken as string;

		it('lets the page size change', async () => {
			const changed = { maxResultsPerPage: '100' };
			const ids = await idsOf({ ...parameters, ...changed, paginationToken: await nextToken() });
			expect(ids).toEqual(['30', '20', '10']);
		});

		it('keeps the end of the time span while time goes on', async () => {
			const paginationToken = await nextToken();
			simulator.clock.advance(600_000);
			add('newcomer', 5);
			const { data } = await search({ ...parameters, maxResultsPerPage: '100', paginationToken });
			expect(data.createdBefore).toBe(iso(2));
			expect(data.orders).toHaveLength(3);
		});

		it.each([
			['another filter', { fulfilledBy: 'MERCHANT' }],
			['another time', { createdAfter: iso(61) }],
			['another data set', { includedData: 'FULFILLMENT' }],
		])('refuses a token with %s', async (_what, change) => {
			const paginationToken = await nextToken();
			const answer = await search({ ...parameters, ...change, paginationToken } as Record<
				string,
				string
			>);
			expect(answer.status).toBe(400);
		});

		it('refuses a token after a day', async () => {
			const paginationToken = await nextToken();
			simulator.clock.advance(24 * 3_600_000);
			expect((await search({ ...parameters, paginationToken })).status).toBe(400);
		});
	});

	it('allows 20 calls at once, then one in 179 seconds', async () => {
		simulator.amazon.state.plans.reset();
		for (let i = 0; i < 20; i++) expect((await search({ createdAfter: iso(60) })).status).toBe(200);
		expect((await search({ createdAfter: iso(60) })).status).toBe(429);
		simulator.clock.advance(179_000);
		const answer = await search({ createdAfter: iso(60) });
		expect([answer.status, answer.headers['x-amzn-ratelimit-limit']]).toEqual([200, '0.0056']);
	});
});

describe('an app without a restricted role', () => {
	beforeEach(() => add('a', 60, { dataSets: { buyer: { buyerName: 'Ada' } } }));

	const both = async () => [
		await search({ createdAfter: iso(90), includedData: 'BUYER,FULFILLMENT' }),
		await amazon.get('/orders/2026-01-01/orders/a?includedData=BUYER,FULFILLMENT'),
	];

	it('gets orders without what is personal', async () => {
		simulator.amazon.state.sellers[0].personalData = 'leftOut';
		const [list, one] = await both();

		for (const order of [list.data.orders[0], one.data.order] as object[]) {
			expect(order).not.toHaveProperty('buyer');
			expect(order).toHaveProperty('fulfillment');
		}
	});

	it('or is refused', async () => {
		simulator.amazon.state.sellers[0].personalData = 'refused';
		expect((await both()).map(({ status }) => status)).toEqual([403, 403]);
	});

	it('is not refused what is not personal', async () => {
		simulator.amazon.state.sellers[0].personalData = 'refused';
		const { status } = await search({ createdAfter: iso(90), includedData: 'FULFILLMENT' });
		expect(status).toBe(200);
	});
});

describe('getOrder', () => {
	it('gives the order with the data sets that are asked for', async () => {
		add(ORDER, 60);
		const { data } = await amazon.get(
			`/orders/2026-01-01/orders/${ORDER}?includedData=FULFILLMENT`,
		);
		expect(data.order).toMatchObject({
			orderId: ORDER,
			salesChannel: { marketplaceId: US },
			fulfillment: { fulfillmentStatus: 'UNSHIPPED' },
		});
	});

	it('finds an order that no search lists yet', async () => {
		add(ORDER, 60, { indexedAt: NOW + 60_000 });
		expect((await amazon.get(`/orders/2026-01-01/orders/${ORDER}`)).status).toBe(200);
	});

	it('refuses a data set that is not known, and one that is out of order', async () => {
		add(ORDER, 60);
		simulator.amazon.state.refusedDataSets = ['PACKAGES'];
		const statuses = await Promise.all(
			['ALL', 'PACKAGES', 'FULFILLMENT'].map(async (name) => {
				const path = `/orders/2026-01-01/orders/${ORDER}?includedData=${name}`;
				return (await amazon.get(path)).status;
			}),
		);
		expect(statuses).toEqual([400, 400, 200]);
	});

	it('is 404 for an order that the seller has not', async () => {
		add(ORDER, 60, { seller: 'Atzr|other' });
		expect((await amazon.get(`/orders/2026-01-01/orders/${ORDER}`)).status).toBe(404);
	});
});
