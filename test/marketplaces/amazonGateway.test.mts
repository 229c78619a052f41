import { amazonClient, DE, http, ORDER, US } from './amazon/client.mts';
import { startSimulator, type Simulator } from './simulator.mts';

let simulator: Simulator;
let amazon: ReturnType<typeof amazonClient>;

beforeAll(async () => {
	simulator = await startSimulator();
	amazon = amazonClient(simulator);
});
afterEach(() => simulator.reset());
afterAll(async () => {
	await simulator.close();
});

const ACTIONS = `/messaging/v1/orders/${ORDER}?marketplaceIds=${US}`;

describe('Login with Amazon', () => {
	it('gives a token that lives an hour, and the same refresh token', async () => {
		const { status, data } = await amazon.token();
		expect(status).toBe(200);
		expect(data).toEqual({
			access_token: expect.stringMatching(/^Atza\|/) as string,
			refresh_token: 'Atzr|demo',
			token_type: 'bearer',
			expires_in: 3600,
		});
	});

	it('gives another token each time', async () => {
		const [one, other] = [await amazon.token(), await amazon.token()];
		expect(one.data.access_token).not.toBe(other.data.access_token);
	});

	it('takes JSON as well', async () => {
		const answer = await http.post(`${simulator.origin}/lwa/auth/o2/token`, {
			grant_type: 'refresh_token',
			refresh_token: 'Atzr|demo',
			client_id: 'amzn1.application-oa2-client.demo',
			client_secret: 'amzn1.oa2-cs.v1.demo',
		});
		expect(answer.status).toBe(200);
	});

	it.each([
		['a wrong secret', { client_secret: 'wrong' }, 401, 'invalid_client'],
		['an unknown client', { client_id: 'wrong' }, 401, 'invalid_client'],
		['a wrong refresh token', { refresh_token: 'Atzr|wrong' }, 400, 'invalid_grant'],
		['a missing refresh token', { refresh_token: undefined }, 400, 'invalid_request'],
		['a missing client', { client_id: undefined }, 400, 'invalid_request'],
		['a code', { grant_type: 'authorization_code', code: 'x' }, 400, 'invalid_grant'],
		['an unknown grant', { grant_type: 'password' }, 400, 'unsupported_grant_type'],
	])('refuses %s', async (_what, change, status, error) => {
		const answer = await amazon.token(change);
		expect([answer.status, answer.data.error]).toEqual([status, error]);
	});

	it('refuses an expired secret', async () => {
		simulator.amazon.state.clients[0].secretExpired = true;
		const answer = await amazon.token();
		expect([answer.status, answer.data.error]).toEqual([401, 'invalid_client']);
	});

	it('refuses a refresh token that the seller took back', async () => {
		simulator.amazon.state.sellers[0].revoked = true;
		const answer = await amazon.token();
		expect([answer.status, answer.data.error]).toEqual([400, 'invalid_grant']);
	});

	it('refuses the refresh token of another client', async () => {
		simulator.amazon.state.clients.push({ clientId: 'other', clientSecret: 'secret' });
		const answer = await amazon.token({ client_id: 'other', client_secret: 'secret' });
		expect([answer.status, answer.data.error]).toEqual([400, 'unauthorized_client']);
	});

	it('refuses a body that is neither a form nor JSON', async () => {
		const answer = await fetch(`${simulator.origin}/lwa/auth/o2/token`, {
			method: 'POST',
			body: 'a=b',
		});
		expect(answer.status).toBe(400);
	});
});

describe('the gateway', () => {
	async function detailsOf(change: Record<string, string>) {
		const { status, data } = await amazon.get(ACTIONS, change);
		return [status, data.errors[0].details];
	}

	it('refuses a request without a token', async () => {
		const { 'user-agent': agent } = await amazon.headers();
		const answer = await http.get(`${simulator.origin}/amazon${ACTIONS}`, {
			headers: { 'user-agent': agent, authorization: 'Bearer Atza|x' },
		});
		expect(answer.status).toBe(403);
		expect(answer.data.errors[0].details).toBe('Access token is missing in the request header.');
	});

	it('refuses a token that it did not issue', async () => {
		expect(await detailsOf({ 'x-amz-access-token': 'Atza|forged' })).toEqual([
			403,
			'The access token you provided is revoked, malformed or invalid.',
		]);
	});

	it('refuses a token when its lifetime is over, and not before', async () => {
		simulator.amazon.state.tokenLifetime = 2;
		const headers = await amazon.headers();
		simulator.clock.advance(1500);
		expect((await amazon.get(ACTIONS, headers)).status).toBe(200);
		simulator.clock.advance(500);
		expect(await detailsOf(headers)).toEqual([403, 'The access token you provided has expired.']);
	});

	it('refuses a token whose secret has expired', async () => {
		const headers = await amazon.headers();
		simulator.amazon.state.clients[0].secretExpired = true;
		expect(await detailsOf(headers)).toEqual([
			403,
			'The LWA secret token you provided has expired.',
		]);
	});

	it('refuses a marketplace of another region', async () => {
		const answer = await amazon.get(`/messaging/v1/orders/${ORDER}?marketplaceIds=A1VC38T7YXB528`);
		expect(answer.status).toBe(403);
		expect(answer.data.errors[0].details).toMatch(/not valid for region/);
	});

	it('refuses an operation without its role, with empty details', async () => {
		simulator.amazon.state.sellers[0].withoutRole = ['amazon.actions'];
		expect(await detailsOf({})).toEqual([403, '']);
	});

	it('refuses everything in another region than the seller’s, with empty details', async () => {
		simulator.amazon.state.region = ['A1VC38T7YXB528'];
		expect(await detailsOf({})).toEqual([403, '']);
	});

	it('lets a seller in who sells in the region', async () => {
		simulator.amazon.state.region = [US];
		expect((await amazon.get(ACTIONS)).status).toBe(200);
	});

	it('tells where the seller sells', async () => {
		simulator.amazon.state.sellers[0].marketplaceIds = [US];
		const { status, data } = await amazon.get('/sellers/v1/marketplaceParticipations');
		expect(status).toBe(200);
		expect(data.payload).toEqual([
			{
				marketplace: expect.objectContaining({ id: US, countryCode: 'US' }) as unknown,
				participation: { isParticipating: true, hasSuspendedListings: false },
				storeName: 'Demo store',
			},
		]);
	});

	it('refuses an unknown path like a missing role', async () => {
		const answer = await amazon.get('/messaging/v2/orders');
		expect([answer.status, answer.data.errors[0].details]).toEqual([403, '']);
	});

	it.each([
		['no marketplace', ''],
		['two marketplaces, joined', `?marketplaceIds=${US},${DE}`],
		['two marketplaces, repeated', `?marketplaceIds=${US}&marketplaceIds=${DE}`],
		['a marketplace with an index', `?marketplaceIds[0]=${US}`],
	])('refuses %s', async (_what, query) => {
		const answer = await amazon.get(`/messaging/v1/orders/${ORDER}${query}`);
		expect([answer.status, answer.data.errors[0].code]).toEqual([400, 'InvalidInput']);
	});

	it.each([
		['no name', ''],
		['no attributes', 'axios/1.0'],
		['no language', 'App/1.0 (Platform=n8n)'],
		['more than 500 characters', `App/1.0 (Language=TypeScript/5; Platform=${'x'.repeat(500)})`],
	])('refuses a user agent with %s', async (_what, agent) => {
		expect((await amazon.get(ACTIONS, { 'user-agent': agent })).status).toBe(400);
	});

	it.each([
		['application/json', 406],
		['application/hal+json', 200],
		['application/hal+json, application/json', 200],
		['application/*', 200],
	])('answers %s with %i where the model offers HAL alone', async (accept, status) => {
		expect((await amazon.get(ACTIONS, { accept })).status).toBe(status);
	});

	it('takes a user agent with escaped signs', async () => {
		const agent = 'My \\/ app/1.0 \\(beta (Language=TypeScript/5; Platform=n8n)';
		expect((await amazon.get(ACTIONS, { 'user-agent': agent })).status).toBe(200);
	});

	it('refuses a GET with a body', async () => {
		const url = `${simulator.origin}/amazon${ACTIONS}`;
		const answer = await http.request({ url, data: '{}', headers: await amazon.headers() });
		expect(answer.status).toBe(400);
	});

	it('refuses a body that is not declared as JSON', async () => {
		const answer = await amazon.post(
			`/messaging/v1/orders/${ORDER}/messages/confirmOrderDetails?marketplaceIds=${US}`,
			'{"text":"x"}',
			{ 'content-type': 'text/plain' },
		);
		expect(answer.status).toBe(415);
	});

	it.each(['{', '[]', 'null', '"text"'])('refuses the body %s', async (body) => {
		expect((await amazon.send('confirmOrderDetails', body)).status).toBe(400);
	});

	it('numbers every answer, and names the rate on some', async () => {
		const good = await amazon.get(ACTIONS);
		const refused = await amazon.get(ACTIONS, { 'x-amz-access-token': 'x' });
		expect(good.headers['x-amzn-requestid']).toMatch(/^[0-9a-f-]{36}$/);
		expect(good.headers['x-amzn-ratelimit-limit']).toBe('1.0');
		expect(refused.headers['x-amzn-requestid']).toMatch(/^[0-9a-f-]{36}$/);
		expect(refused.headers).not.toHaveProperty('x-amzn-ratelimit-limit');
	});

	it('answers 429 beyond the burst, without the rate, and 200 after the refill', async () => {
		for (let i = 0; i < 5; i++) expect((await amazon.get(ACTIONS)).status).toBe(200);
		const answer = await amazon.get(ACTIONS);
		expect([answer.status, answer.data.errors[0].code]).toEqual([429, 'QuotaExceeded']);
		expect(answer.headers).not.toHaveProperty('x-amzn-ratelimit-limit');
		simulator.clock.advance(1000);
		expect((await amazon.get(ACTIONS)).status).toBe(200);
	});

	it('counts every message type for itself', async () => {
		simulator.amazon.state.plans.set('amazon.send', { rate: 1, burst: 1 });
		const body = { text: 'A question' };
		const one = await amazon.send('confirmOrderDetails', body);
		const again = await amazon.send('confirmOrderDetails', body);
		const other = await amazon.send('confirmDeliveryDetails', body);
		expect([one.status, again.status, other.status]).toEqual([201, 429, 201]);
	});

	it('names the marketplaces where the seller sells', async () => {
		const answer = await amazon.get('/sellers/v1/marketplaceParticipations');
		expect(answer.data.payload).toHaveLength(9);
		expect(answer.data.payload[0]).toMatchObject({
			marketplace: { id: US, countryCode: 'US', defaultCurrencyCode: 'USD' },
			participation: { isParticipating: true },
		});
	});
});
