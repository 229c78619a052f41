import { connect, tokenUrl, basic, start, type Client } from './client.mts';
import { scopeBase } from './index.mts';
import { textAt } from './xml.mts';

let client: Client;

beforeEach(async () => {
	client = await connect();
});

const limitsUrl = '/ebay/developer/analytics/v1_beta/user_rate_limit/';
const ordersUrl = '/ebay/sell/fulfillment/v1/order';

/** A GET with a token that has these scopes alone; without any: all of the seller's. */
async function get(url: string, ...scopes: string[]) {
	if (scopes.length === 0)
		return await client.send('GET', url, { authorization: `Bearer ${client.token}` });
	const scope = encodeURIComponent(scopes.map((one) => `${scopeBase}/${one}`).join(' '));
	const minted = await client.send(
		'POST',
		tokenUrl,
		{ authorization: basic, 'content-type': 'application/x-www-form-urlencoded' },
		`grant_type=refresh_token&refresh_token=v%5E1.1%23demo-refresh&scope=${scope}`,
	);
	const token = (minted.body as { access_token: string }).access_token;
	return await client.send('GET', url, { authorization: `Bearer ${token}` });
}

describe('getUserRateLimits', () => {
	it('tells of each call how often it may be made, and how often it still may', async () => {
		const { status, body } = await get(limitsUrl);
		expect(status).toBe(200);
		expect((body as { rateLimits: unknown[] }).rateLimits[0]).toEqual({
			apiContext: 'tradingapi',
			apiName: 'TradingAPI',
			apiVersion: 'v1',
			resources: expect.arrayContaining([
				{
					name: 'AddMemberMessageAAQToPartner',
					rates: [
						{
							count: 1860,
							limit: 5000,
							remaining: 3140,
							reset: new Date(start + 9 * 3_600_000).toISOString(),
							timeWindow: 86_400,
						},
					],
				},
			]) as unknown,
		});
	});

	it('tells of one API where one is asked for', async () => {
		const { body } = await get(`${limitsUrl}?api_name=message`);
		const names = (body as { rateLimits: Array<{ apiName: string }> }).rateLimits;
		expect(names.map(({ apiName }) => apiName)).toEqual(['Message']);
	});

	it('has nothing to tell of a seller whose calls are not counted', async () => {
		client.ebay.state.userLimits = undefined;
		expect(await get(limitsUrl)).toEqual({ status: 204 });
	});

	it('wants a scope of selling', async () => {
		expect((await get(limitsUrl, 'commerce.message')).status).toBe(403);
		expect((await get(limitsUrl, 'sell.inventory')).status).toBe(200);
	});

	it('has nothing to tell without the slash at its end', async () => {
		expect((await get(limitsUrl.slice(0, -1))).status).toBe(404);
	});
});

describe("the Fulfillment API's getOrders", () => {
	it('gives the orders of the last 90 days, the newest first, in pages', async () => {
		const { status, body } = await get(`${ordersUrl}?limit=1&offset=1`);
		expect({ status, body }).toMatchObject({
			status: 200,
			body: {
				total: 3,
				limit: 1,
				offset: 1,
				orders: [
					{
						orderId: '11-00001-00001',
						orderPaymentStatus: 'PAID',
						buyer: { username: 'buyer_one' },
						lineItems: [{ legacyItemId: '110000000001', title: 'Blue ceramic mug', quantity: 1 }],
					},
				],
			},
		});
	});

	it('wants one of its two scopes', async () => {
		expect((await get(ordersUrl, 'sell.inventory')).status).toBe(403);
		expect((await get(ordersUrl, 'sell.fulfillment.readonly')).status).toBe(200);
	});

	it.each(['limit=0', 'limit=201', 'limit=ten', 'offset=-1', 'colour=red'])(
		'refuses %s',
		async (query) => {
			expect((await get(`${ordersUrl}?${query}`)).status).toBe(400);
		},
	);
});

describe('GetUser', () => {
	it('tells where the seller is registered, and how the account is', async () => {
		client.ebay.state.registration = { site: 'Germany', status: 'Suspended' };
		const { root } = await client.call('GetUser', '');
		expect([textAt(root, 'User', 'Site'), textAt(root, 'User', 'Status')]).toEqual([
			'Germany',
			'Suspended',
		]);
	});
});
