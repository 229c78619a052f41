import type { ICredentialDataDecryptedObject, IHttpRequestOptions } from 'n8n-workflow';

import { amazonWorld, messageForm, ORDER } from '../../engine/amazon.mts';
import { openWindow } from '../../engine/credentialWindow.mts';
import { quickTime, type QuickTime } from '../../engine/quickTime.mts';
import { AmazonSellingPartnerApi } from '../../../credentials/AmazonSellingPartnerApi.credentials.ts';
import { apiHosts, tokenUrl } from '../../../nodes/Amazon/api/hosts.ts';
import { accountOf, tokenUrlOf } from '../../../nodes/Amazon/api/login.ts';
import { marketplaces } from '../../../nodes/Amazon/api/marketplaces.ts';
import { amazonMarketplaces } from '../../marketplaces/amazon/marketplaces.mts';

const amazon = amazonWorld();
const state = () => amazon.simulator.amazon.state;
const credential = () => amazon.node.credentials.amazonSellingPartnerApi;
const exchanges = () => amazon.simulator.calls.filter(({ operation }) => operation === 'lwa.token');
const attributes = { resource: 'buyer', operation: 'getAttributes', orderId: ORDER };
const text = messageForm(ORDER, 'confirmOrderDetails', {
	text: 'Hi',
	options: { checkAvailability: false },
});

describe('the token exchange', () => {
	test('is a form, with every value encoded', async () => {
		state().sellers[0].refreshToken = credential().refreshToken = `Atzr|a+b/c=&d ${Date.now()}`;
		await amazon.run(attributes);
		const [{ headers, body }] = exchanges();
		expect(headers['content-type']).toBe('application/x-www-form-urlencoded;charset=UTF-8');
		expect(Object.fromEntries(new URLSearchParams(body.toString()))).toEqual({
			grant_type: 'refresh_token',
			refresh_token: credential().refreshToken,
			client_id: 'amzn1.application-oa2-client.demo',
			client_secret: 'amzn1.oa2-cs.v1.demo',
		});
		expect(headers).not.toHaveProperty('x-amz-access-token');
	});

	test('forgives spaces around what was pasted', async () => {
		for (const field of ['clientId', 'clientSecret', 'refreshToken', 'tokenUrl', 'apiUrl']) {
			credential()[field] = ` ${String(credential()[field])}\n`;
		}
		const { error } = await amazon.run(attributes);
		expect(error).toBeUndefined();
	});

	test('happens once for many items and executions at once', async () => {
		amazon.withoutLimits();
		const items = Array.from({ length: 20 }, () => ({ json: {} }));
		await Promise.all([1, 2, 3].map(async () => await amazon.run(attributes, { items })));
		expect(exchanges()).toHaveLength(1);
	});

	test('is kept by n8n for later executions', async () => {
		await amazon.run(attributes);
		await amazon.run(attributes);
		expect(exchanges()).toHaveLength(1);
		expect(Number(credential().accessTokenExpiresAt)).toBeGreaterThan(Date.now() + 3500_000);
	});

	test.each([
		[
			'a wrong secret',
			() => (credential().clientSecret = 'wrong'),
			/does not know this 'Client ID' and 'Client Secret'/,
			'invalid_client',
			401,
		],
		[
			'a wrong client',
			() => (credential().clientId = 'wrong'),
			/does not know this 'Client ID'/,
			'invalid_client',
			401,
		],
		[
			'a revoked authorization',
			() => (state().sellers[0].revoked = true),
			/does not accept the 'Refresh Token'/,
			'invalid_grant',
			400,
		],
		[
			'a refresh token of another app',
			() => (state().sellers[0].clientId = 'other'),
			/belongs to another app/,
			'unauthorized_client',
			400,
		],
		[
			'a missing refresh token',
			() => (credential().refreshToken = ' '),
			/a field of the credential is missing/,
			'invalid_request',
			400,
		],
	])('tells %s', async (_what, spoil, message, code, httpStatus) => {
		spoil();
		const { error } = await amazon.run(text);
		expect(error).toMatchObject({
			name: 'NodeApiError',
			context: { details: { outcome: 'notSent', retryable: false, code, httpStatus } },
		});
		expect(error?.message).toMatch(message);
		expect(error?.description).toMatch(/^Nothing was sent\. ./);
		expect(amazon.calls()).toEqual([]);
	});

	test('tells an expired secret, where Amazon says so', async () => {
		amazon.simulator.faults.push({
			operation: 'lwa.token',
			kind: 'status',
			status: 401,
			body: {
				error: 'invalid_client',
				error_description: 'The client secret has expired',
				request_id: 'r-1',
			},
		});
		const { error } = await amazon.run(text);
		expect(error?.message).toBe("Amazon says the 'Client Secret' has expired");
		expect(error?.context.details).toMatchObject({ requestId: 'r-1' });
	});

	test('tells an expired secret, where a token was still good', async () => {
		await amazon.run(attributes);
		state().clients[0].secretExpired = true;
		const { error } = await amazon.run(text);
		expect(error?.message).toBe("Amazon says the 'Client Secret' has expired");
	});

	test.each([
		[429, 'slow_down', /gives no access token at the moment/, true],
		[400, 'unsupported_grant_type', /refused to give an access token/, false],
	])('that fails with %i is explained', async (status, error, message, retryable) => {
		amazon.simulator.faults.push({
			operation: 'lwa.token',
			kind: 'status',
			status,
			body: { error },
		});
		const result = await amazon.run(text);
		expect(result.error?.message).toMatch(message);
		expect(result.error?.context.details).toMatchObject({ outcome: 'notSent', retryable });
	});

	describe('in trouble', () => {
		let backToNormal: QuickTime;
		beforeEach(() => {
			backToNormal = quickTime();
		});
		afterEach(() => backToNormal());

		test.each([
			['a 503', { kind: 'status', status: 503, body: { error: 'server_error' } }],
			['a lost connection', { kind: 'lost' }],
		] as const)('survives %s', async (_what, fault) => {
			amazon.simulator.faults.push({ operation: 'lwa.token', ...fault, times: 2 });
			const { items } = await amazon.run(text);
			expect(items[0].json.status).toBe('sent');
			expect(exchanges()).toHaveLength(3);
		});

		test.each([
			[
				'a 503',
				{ kind: 'status', status: 503, body: { error: 'server_error' } },
				/no access token at the moment/,
			],
			['a lost connection', { kind: 'lost' }, /login could not be reached/],
			[
				'a page',
				{ kind: 'status', status: 502, body: '<html>' },
				/login gave an answer that cannot be read/,
			],
		] as const)('gives up after three times %s', async (_what, fault, message) => {
			amazon.simulator.faults.push({ operation: 'lwa.token', ...fault, times: 99 });
			const { error } = await amazon.run(text);
			expect(error?.message).toMatch(message);
			expect(error?.context.details).toMatchObject({ outcome: 'notSent', retryable: true });
			expect(exchanges()).toHaveLength(3);
		});
	});

	test('without an address is refused', async () => {
		credential().tokenUrl = '';
		const { error } = await amazon.run(text);
		expect(error?.message).toBe("The credential's 'Token URL' is not an address");
		expect(error?.context.details).toMatchObject({ outcome: 'notSent', retryable: false });
	});

	test('that gives no life span counts as an hour', async () => {
		amazon.simulator.faults.push({
			operation: 'lwa.token',
			kind: 'status',
			status: 200,
			body: { access_token: 'Atza|x' },
		});
		amazon.simulator.faults.push({
			operation: 'amazon.attributes',
			kind: 'status',
			status: 200,
			body: {},
		});
		await amazon.run(attributes);
		expect(Number(credential().accessTokenExpiresAt) - Date.now()).toBeGreaterThan(3_500_000);
	});
});

describe('the access token', () => {
	let backToNormal: QuickTime;
	beforeEach(() => {
		backToNormal = quickTime();
	});
	afterEach(() => backToNormal());

	test('that lives two seconds works, and is renewed before a request would fail', async () => {
		state().tokenLifetime = 2;
		for (let i = 0; i < 3; i++) {
			const { error } = await amazon.run(attributes);
			expect(error).toBeUndefined();
			backToNormal.skip(2500);
		}
		expect(exchanges()).toHaveLength(3);
		const attempts = amazon.simulator.calls.filter(
			({ operation }) => operation === 'amazon.attributes',
		);
		expect(attempts.map(({ status }) => status)).toEqual([200, 200, 200]);
	});

	test('is fetched once, and then no item waits for the answer of another', async () => {
		backToNormal();
		amazon.withoutLimits();
		amazon.simulator.faults.push({ operation: 'amazon.attributes', kind: 'delay', ms: 600 });
		const orders = amazon.addOrders(4);
		const { error } = await amazon.run(
			{ ...attributes, orderId: '={{ $json.order }}' },
			{ items: orders.map((order) => ({ json: { order } })) },
		);
		expect(error).toBeUndefined();
		expect(exchanges()).toHaveLength(1);
		const came = amazon.simulator.calls.filter(
			({ operation }) => operation === 'amazon.attributes',
		);
		expect(came).toHaveLength(4);
		expect(Math.max(...came.map(({ at }) => at)) - came[0].at).toBeLessThan(500);
	});

	test('that Amazon forgot early is renewed once for all items', async () => {
		amazon.withoutLimits();
		await amazon.run(attributes);
		state().tokens.clear();
		backToNormal.skip(15_000);
		const items = Array.from({ length: 10 }, () => ({ json: {} }));
		const { error } = await amazon.run(attributes, { items });
		expect(error).toBeUndefined();
		expect(exchanges()).toHaveLength(2);
	});
});

describe('the credential', () => {
	const type = new AmazonSellingPartnerApi();

	test('knows the hosts of every environment and region', () => {
		expect(apiHosts.production.eu).toBe('https://sellingpartnerapi-eu.amazon.com');
		expect(apiHosts.sandbox.fe).toBe('https://sandbox.sellingpartnerapi-fe.amazon.com');
		expect(tokenUrlOf({ environment: 'sandbox', tokenUrl: 'https://x.example' })).toBe(tokenUrl);
	});

	test.each([
		['production', 'eu', 'https://sellingpartnerapi-eu.amazon.com/messaging/'],
		['sandbox', 'fe', 'https://sandbox.sellingpartnerapi-fe.amazon.com/messaging/'],
	])('of %s in %s calls %s', async (environment, region, url) => {
		const asked: string[] = [];
		const { node } = amazon.node;
		const { execute } = node;
		amazon.node.node = Object.assign(Object.create(node), {
			async execute(this: ThisParameterType<NonNullable<typeof execute>>) {
				this.helpers.httpRequestWithAuthentication = async (
					_type,
					options: IHttpRequestOptions,
				) => {
					asked.push(options.url);
					return { statusCode: 200, headers: {}, body: Buffer.from('{}') };
				};
				return await execute!.call(this);
			},
		}) as typeof node;
		Object.assign(credential(), { environment, region });
		const marketplaceId = region === 'eu' ? 'A1PA6795UKMFR9' : 'A1VC38T7YXB528';
		await amazon.run({ ...attributes, marketplaceId });
		expect(asked).toEqual([expect.stringContaining(url)]);
	});

	test('sends the token to the API only, never to the login', async () => {
		const seller = {
			environment: 'production',
			clientId: 'id',
			clientSecret: 'secret',
			refreshToken: 'Atzr|x',
		};
		const credentials = {
			...seller,
			accessToken: 'Atza|x',
			accessTokenAccount: accountOf(seller),
			accessTokenExpiresAt: Date.now() + 1e6,
		};
		const authenticate = type.authenticate as (
			credentials: ICredentialDataDecryptedObject,
			request: IHttpRequestOptions,
		) => Promise<IHttpRequestOptions>;
		await expect(authenticate(credentials, { url: tokenUrl })).rejects.toMatchObject({
			response: { status: 401 },
		});
		expect(await authenticate(credentials, { url: `${apiHosts.production.na}/x` })).toMatchObject({
			headers: { 'x-amz-access-token': 'Atza|x' },
		});
		await expect(
			authenticate({ ...credentials, accessTokenExpiresAt: 1 }, { url: 'x' }),
		).rejects.toMatchObject({
			response: { status: 401 },
		});
	});

	describe('when it is saved', () => {
		const save = async (written: Record<string, string> = {}) => {
			const window = openWindow(type, {});
			const { accessToken, accessTokenAccount, accessTokenExpiresAt, ...fields } = credential();
			window.write({ ...(fields as Record<string, string>), ...written });
			return await window.save();
		};

		test('is tried, whether or not quotes and spaces stand around the values', async () => {
			expect(await save()).toBeUndefined();
			const { clientId, clientSecret, refreshToken } = credential();
			const inQuotes = (value: unknown) => ` "${String(value)}"\n`;
			const quoted = {
				clientId: inQuotes(clientId),
				clientSecret: inQuotes(clientSecret),
				refreshToken: inQuotes(encodeURIComponent(String(refreshToken))),
			};
			expect(await save(quoted)).toBeUndefined();
		});

		test.each([
			[
				'a wrong secret',
				{ clientSecret: 'wrong' },
				/^Amazon does not know this 'Client ID' and 'Client Secret'\. Copy both again from Seller Central, Develop Apps/,
			],
			[
				"the app's ID as client ID",
				{ clientId: 'amzn1.sp.solution.0123' },
				/^Amazon does not know this .*holds the app's ID .*Copy both again/,
			],
			[
				'the secret as client ID',
				{ clientId: 'amzn1.oa2-cs.v1.0123' },
				/^Amazon does not know this .*holds a client secret.*Copy both again/,
			],
			[
				'a refresh token that was revoked',
				{ refreshToken: 'Atzr|revoked' },
				/^Amazon does not accept the 'Refresh Token'.*press Authorize for your app/,
			],
			[
				'an access token as refresh token',
				{ refreshToken: 'Atza|x' },
				/^Amazon does not accept the 'Refresh Token'.*holds an access token.*press Authorize/,
			],
			[
				'an address that is none',
				{ tokenUrl: 'nowhere' },
				/^The credential's 'Token URL' is not an address\. Write one that begins with/,
			],
		])('with %s shows what is wrong and what to do', async (_what, written, box) => {
			expect(await save(written as Record<string, string>)).toMatch(box);
		});

		test('can be opened again: n8n 1 asks of every hidden value how it begins', async () => {
			await amazon.run(attributes);
			const store = { amazonSellingPartnerApi: credential() };
			expect(await openWindow(type, store).save()).toBeUndefined();
		});

		test('is tried anew, although its access token is still good', async () => {
			await amazon.run(attributes);
			const store = { amazonSellingPartnerApi: credential() };
			state().sellers[0].revoked = true;
			expect(await openWindow(type, store).save()).toMatch(
				/^Amazon does not accept .*press Authorize/,
			);
		});
	});

	test('hides its secrets and lets n8n keep the access token', () => {
		const secret = type.properties.filter(({ typeOptions }) => typeOptions?.password);
		expect(secret.map(({ name }) => name)).toEqual([
			'clientSecret',
			'refreshToken',
			'accessToken',
			'accessTokenExpiresAt',
			'accessTokenAccount',
		]);
		expect(secret[2]).toMatchObject({ type: 'hidden', typeOptions: { expirable: true } });
	});
});

test('the marketplaces of the form are those of Amazon', () => {
	const ids = (list: ReadonlyArray<{ id: string }>) => list.map(({ id }) => id).sort();
	expect(ids(marketplaces)).toEqual(ids(amazonMarketplaces));
});
