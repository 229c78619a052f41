import type { IDataObject, INode } from 'n8n-workflow';

import { MagaluOAuth2Api } from '../../../credentials/MagaluOAuth2Api.credentials.ts';
import { connectionOf } from '../../../nodes/Magalu/api/connection.ts';
import { scopes } from '../../../nodes/Magalu/api/login.ts';
import { supportReads } from '../../../nodes/Magalu/api/limits.ts';
import type { Caller } from '../../../nodes/shared/http/request.ts';
import { Credentials } from '../../engine/credentials.mts';
import { magaluWorld, messageForm } from '../../engine/magalu.mts';

/** One clock for the node and for Magalu; whoever sleeps moves it. */
let mockNow = Date.parse('2026-11-20T12:00:00Z');
jest.mock('n8n-workflow', () => ({
	...jest.requireActual<object>('n8n-workflow'),
	sleep: async (ms: number) => {
		mockNow += ms;
		await new Promise(setImmediate);
	},
}));
beforeEach(() => void jest.spyOn(Date, 'now').mockImplementation(() => mockNow));

const world = magaluWorld();
const HOUR = 3_600_000;
const kept = () => world.node.credentials.magaluOAuth2Api!.oauthTokenData as IDataObject;
const exchanges = () =>
	world.simulator.calls.filter(({ operation }) => operation === 'magalu.token');
const statuses = (operation: string) =>
	world.simulator.calls.filter((call) => call.operation === operation).map(({ status }) => status);

describe('a spent access token', () => {
	beforeEach(() => {
		mockNow += 3 * HOUR;
	});

	it('is renewed once, and the message leaves once', async () => {
		const { items } = await world.run(messageForm());
		expect(items[0]!.json.status).toBe('sent');
		expect(statuses('magalu.send')).toEqual([401, 202]);
		expect(exchanges()).toHaveLength(1);
		expect(world.simulator.received).toHaveLength(1);
	});

	it('is exchanged with client ID and secret in the body', async () => {
		await world.run(messageForm());
		const [exchange] = exchanges();
		const fields = Object.fromEntries(new URLSearchParams(exchange!.body.toString()));
		expect(fields).toMatchObject({
			grant_type: 'refresh_token',
			client_id: world.node.credentials.magaluOAuth2Api!.clientId,
			client_secret: 'demo-magalu-secret',
		});
		expect(exchange!.headers).not.toHaveProperty('authorization');
	});

	it('leaves the newest refresh token in the credential', async () => {
		const first = kept().refresh_token;
		await world.run(messageForm());
		const second = kept().refresh_token;
		expect(second).not.toBe(first);
		expect(world.simulator.magalu.state.refreshTokens.get(String(first))!.used).toBe(true);
		expect(world.simulator.magalu.state.refreshTokens.get(String(second))!.used).toBe(false);

		mockNow += 3 * HOUR;
		const { items } = await world.run(messageForm());
		expect(items[0]!.json.status).toBe('sent');
		expect(kept().refresh_token).not.toBe(second);
	});

	it('is renewed once for many items: the refresh token is good for one use', async () => {
		const items = Array.from({ length: 10 }, () => ({ json: {} }));
		const result = await world.run(messageForm(), { items });
		expect(result.items.map(({ json }) => json.status)).toEqual(Array(10).fill('sent'));
		expect(exchanges()).toHaveLength(1);
		expect(statuses('magalu.send').filter((status) => status === 401)).toHaveLength(1);
		expect(world.simulator.received).toHaveLength(10);
	});

	it('is renewed once where it ends amid the items', async () => {
		world.connect({ lifetime: 2 });
		world.simulator.magalu.state.settings.completeAfterMs = 3000;
		const items = Array.from({ length: 8 }, () => ({ json: {} }));
		const result = await world.run(messageForm(), { items });
		expect(result.items.map(({ json }) => json.status)).toEqual(Array(8).fill('sent'));
		expect(exchanges()).toHaveLength(1);
		expect(world.simulator.received).toHaveLength(8);
	});

	it.each([2, 1])('that lives %i seconds still works', async (lifetime) => {
		world.simulator.magalu.state.settings.tokenLifetime = lifetime;
		world.connect({ lifetime });
		for (let i = 0; i < 3; i++) {
			const { items } = await world.run(messageForm());
			expect(items[0]!.json.status).toBe('sent');
			mockNow += 1500;
		}
		expect(world.simulator.received).toHaveLength(3);
	});
});

describe('an access that is not renewed', () => {
	const failure = async () => {
		mockNow += 3 * HOUR;
		const { error } = await world.run(messageForm());
		expect(world.simulator.received).toEqual([]);
		return { ...error!.context.details, message: error!.message };
	};

	it('because the refresh token was used already says to connect again', async () => {
		for (const grant of world.simulator.magalu.state.refreshTokens.values()) grant.used = true;
		expect(await failure()).toMatchObject({
			outcome: 'notSent',
			retryable: false,
			code: 'invalid_grant',
			marketplace: 'magalu',
			message: "Magalu does not renew the credential's access any more",
			description: expect.stringMatching(
				/^Nothing was sent. Open the credential in n8n and connect it again/,
			),
		});
		expect(exchanges()).toHaveLength(1);
	});

	it('because the client is unknown says which fields to check', async () => {
		world.node.credentials.magaluOAuth2Api!.clientSecret = 'another';
		expect(await failure()).toMatchObject({
			outcome: 'notSent',
			code: 'invalid_client',
			description: expect.stringContaining("'Client Secret'"),
		});
	});

	it.each([
		['fails', { kind: 'status' as const, status: 500 }, 500],
		['gives no JSON', { kind: 'garbage' as const, status: 200 }, undefined],
		['gives a page', { kind: 'status' as const, status: 403, body: '<html>No</html>' }, undefined],
		['breaks the connection', { kind: 'lost' as const }, undefined],
	])('because the login %s is no lost message', async (_, fault, httpStatus) => {
		world.simulator.faults.push({ operation: 'magalu.token', times: 9, ...fault });
		expect(await failure()).toMatchObject({
			outcome: 'notSent',
			retryable: true,
			message: "Magalu's login gave no new access token",
			...(httpStatus ? { httpStatus } : {}),
		});
		expect(statuses('magalu.send')).toEqual([401]);
	});

	it('because the login cannot be reached is no lost message', async () => {
		world.node.credentials.magaluOAuth2Api!.tokenUrl = 'http://127.0.0.1:1/oauth/token';
		expect(await failure()).toMatchObject({ outcome: 'notSent', code: 'ECONNREFUSED' });
	});

	it.each([
		['was never connected', () => undefined],
		['holds no access token', () => ({})],
	])('because the credential %s says to connect it', async (_, tokens) => {
		Object.assign(world.node.credentials.magaluOAuth2Api!, { oauthTokenData: tokens() });
		expect(await failure()).toMatchObject({
			outcome: 'notSent',
			retryable: false,
			message: 'The credential is not connected to Magalu',
		});
	});

	it('because there is no refresh token says to connect it again', async () => {
		delete kept().refresh_token;
		expect(await failure()).toMatchObject({
			outcome: 'notSent',
			message: 'The credential is not connected to Magalu',
		});
	});

	it('because the new token is refused as well is no lost message', async () => {
		world.simulator.faults.push({
			operation: 'magalu.send',
			kind: 'status',
			status: 401,
			times: 9,
			headers: { 'x-authorization-error': 'Jwt is missing' },
		});
		expect(await failure()).toMatchObject({
			outcome: 'notSent',
			httpStatus: 401,
			marketplaceMessage: 'Jwt is missing',
			message: 'Magalu does not accept the access token: Jwt is missing',
		});
		expect(statuses('magalu.send')).toEqual([401, 401]);
	});
});

describe('the first request of an execution', () => {
	const requestOf = async (
		ask: (url: string) => Promise<object>,
		credentials: object = { environment: 'production' },
	) => {
		const caller = {
			getCredentials: async () => ({ ...credentials }),
			getNode: () => ({}) as INode,
			logger: { debug: () => {} },
			helpers: {
				httpRequestWithAuthentication: async (_type: string, { url }: { url: string }) =>
					await ask(url),
			},
		} as unknown as Caller;
		const connection = await connectionOf(caller);
		return async (path: string) =>
			await connection.call({
				policy: 'read',
				method: 'GET',
				path,
				scope: scopes.readTickets,
				plan: supportReads,
			});
	};
	const good = { statusCode: 200, headers: {}, body: '{}' };

	it('goes alone, on hosts without a lock too', async () => {
		const begun: string[] = [];
		let end = () => {};
		const gone = new Promise<void>((resolve) => (end = resolve));
		const request = await requestOf(async (url) => {
			begun.push(new URL(url).pathname);
			if (begun.length === 1) await gone;
			return good;
		});
		const all = ['/1', '/2', '/3'].map(async (path) => await request(path));
		// The first has left; the others have had the time to follow it.
		while (begun.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
		await new Promise((resolve) => setTimeout(resolve, 50));
		expect(begun).toEqual(['/1']);
		end();
		await Promise.all(all);
		expect(begun.sort()).toEqual(['/1', '/2', '/3']);
	});

	it('lets the others go even if it fails', async () => {
		const request = await requestOf(async (url) =>
			url.endsWith('/1') ? { ...good, statusCode: 404 } : good,
		);
		const first = request('/1');
		const second = request('/2');
		await expect(first).rejects.toThrow('does not find');
		await expect(second).resolves.toMatchObject({ status: 200 });
	});

	it.each([
		['production', 'https://api.magalu.com/x'],
		['sandbox', 'https://api-sandbox.magalu.com/x'],
	])('goes to the %s of Magalu', async (environment, wanted) => {
		const asked: string[] = [];
		const request = await requestOf(
			async (url) => {
				asked.push(url);
				return good;
			},
			{ environment, apiUrl: 'http://elsewhere.example' },
		);
		await request('/x');
		expect(asked).toEqual([wanted]);
	});
});

describe('the credential', () => {
	const type = new MagaluOAuth2Api();
	const decrypted = async (data: IDataObject) => {
		const credentials = new Credentials([type], { magaluOAuth2Api: data as never });
		return await credentials.getDecrypted(null, { id: '1', name: '1' }, 'magaluOAuth2Api');
	};

	it('asks for the store, with the documented scopes, and sends its secret in the body', async () => {
		expect(type.extends).toEqual(['oAuth2Api']);
		expect(await decrypted({})).toMatchObject({
			environment: 'production',
			grantType: 'authorizationCode',
			authQueryParameters: 'choose_tenants=true',
			authentication: 'body',
			tenantId: '',
			scope:
				'open:tickets-seller:read open:tickets-seller:write open:ticket-messages-seller:read open:ticket-messages-seller:write open:sac-transaction-seller:read open:order-order-seller:read open:order-delivery-seller:read',
		});
	});

	it('lets the scopes be edited', () => {
		expect(type.properties.find(({ name }) => name === 'scope')!.type).toBe('string');
	});

	it.each(['production', 'sandbox'])('connects at ID Magalu in %s', async (environment) => {
		const data = { environment, loginUrl: 'http://evil.example', tokenUrl: 'http://evil.example' };
		expect(await decrypted(data)).toMatchObject({
			authUrl: 'https://id.magalu.com/login',
			accessTokenUrl: 'https://id.magalu.com/oauth/token',
		});
	});

	it('connects where a gateway of the user says', async () => {
		const { loginUrl, tokenUrl } = world.node.credentials.magaluOAuth2Api!;
		expect(await decrypted(world.node.credentials.magaluOAuth2Api as IDataObject)).toMatchObject({
			authUrl: loginUrl,
			accessTokenUrl: tokenUrl,
		});
	});
});
