import { demoClient, demoRefreshToken } from './demo.mts';
import { type StartedMagalu, startMagalu } from './startMagalu.mts';

let started: StartedMagalu;

beforeAll(async () => {
	started = await startMagalu();
});
afterEach(() => {
	started.clock.reset();
	started.magalu.reset();
});
afterAll(async () => {
	await started.close();
});

const callback = 'http://localhost:5678/rest/oauth2-credential/callback';
const asked = {
	client_id: demoClient.id,
	redirect_uri: callback,
	response_type: 'code',
	choose_tenants: 'true',
	scope: 'open:tickets-seller:read open:order-order-seller:read',
	state: 'abc/def+1',
};

function login(query: Record<string, string>, form?: Record<string, string>) {
	return fetch(`${started.origin}/id-magalu/login?${new URLSearchParams(query)}`, {
		method: form ? 'POST' : 'GET',
		body: form ? new URLSearchParams(form) : undefined,
		redirect: 'manual',
	});
}

async function codeFor(query: Record<string, string>): Promise<string> {
	const answer = await login(query, { user: 'loja', password: 'demo' });
	return new URL(answer.headers.get('location') ?? '').searchParams.get('code') ?? '';
}

async function token(fields: Record<string, string>, headers: Record<string, string> = {}) {
	const answer = await fetch(`${started.origin}/id-magalu/oauth/token`, {
		method: 'POST',
		headers,
		body: new URLSearchParams(fields),
	});
	return { status: answer.status, body: (await answer.json()) as Record<string, string | number> };
}

const own = { client_id: demoClient.id, client_secret: demoClient.secret };
const exchangeOf = (code: string) =>
	token({ ...own, grant_type: 'authorization_code', redirect_uri: callback, code });
const refreshWith = (refresh_token: string) =>
	token({ ...own, grant_type: 'refresh_token', refresh_token });

function tickets(accessToken: string | number | undefined) {
	return fetch(`${started.origin}/magalu/seller/v0/tickets`, {
		headers: { authorization: `Bearer ${accessToken}` },
	});
}

describe('the login page', () => {
	it('shows a form with a button to authorize', async () => {
		const answer = await login(asked);
		expect(answer.status).toBe(200);
		expect(await answer.text()).toContain('id="authorize"');
	});

	it('leads back with a code and the state after the consent', async () => {
		const answer = await login(asked, { user: 'loja', password: 'demo' });
		const target = new URL(answer.headers.get('location') ?? '');
		expect(answer.status).toBe(302);
		expect(target.origin + target.pathname).toBe(callback);
		expect(target.searchParams.get('state')).toBe(asked.state);
		expect(target.searchParams.get('code')).not.toBe('');
	});

	it('stays where it is after a wrong password', async () => {
		const answer = await login(asked, { user: 'loja', password: 'wrong' });
		expect(answer.status).toBe(401);
		expect(answer.headers.get('location')).toBeNull();
	});

	it.each([
		['an unknown client', { client_id: 'someone' }],
		['an address that is not registered', { redirect_uri: 'https://example.com/callback' }],
		['another response type', { response_type: 'token' }],
		['one scope that the client lacks', { scope: `${asked.scope} offline_access` }],
	])('refuses %s with a page that does not say why', async (_case, change) => {
		const answer = await login({ ...asked, ...change });
		expect(answer.status).toBe(400);
		expect(await answer.text()).toContain('Something went wrong');
	});

	it('takes the address that a client was registered with, and no other', async () => {
		const redirect_uri = 'https://n8n.example.com/rest/oauth2-credential/callback';
		const { clients } = started.magalu.state;
		clients.push({ ...clients[0]!, id: 'registered', redirectUris: [redirect_uri] });
		const registered = { ...asked, client_id: 'registered' };
		expect((await login({ ...registered, redirect_uri })).status).toBe(200);
		expect((await login(registered)).status).toBe(400);
	});
});

describe('the token endpoint', () => {
	it('gives tokens for a code', async () => {
		const { status, body } = await exchangeOf(await codeFor(asked));
		expect(status).toBe(200);
		expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 7200, scope: asked.scope });
		expect((await tickets(body['access_token'])).status).toBe(200);
	});

	it('takes the code as JSON too', async () => {
		const answer = await fetch(`${started.origin}/id-magalu/oauth/token`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({
				...own,
				grant_type: 'authorization_code',
				redirect_uri: callback,
				code: await codeFor(asked),
			}),
		});
		expect(answer.status).toBe(200);
	});

	it('takes a code once', async () => {
		const code = await codeFor(asked);
		await exchangeOf(code);
		expect(await exchangeOf(code)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
	});

	it('takes a code for ten minutes', async () => {
		const code = await codeFor(asked);
		started.clock.advance(10 * 60_000);
		expect(await exchangeOf(code)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
	});

	it('takes a code only with the address that it was sent to', async () => {
		const code = await codeFor(asked);
		const redirect_uri = callback.replace('localhost', '127.0.0.1');
		const answer = await token({ ...own, grant_type: 'authorization_code', redirect_uri, code });
		expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
	});

	it('gives a new refresh token with each refresh', async () => {
		const first = await refreshWith(demoRefreshToken);
		const second = await refreshWith(String(first.body['refresh_token']));
		expect(second.status).toBe(200);
		expect(second.body['refresh_token']).not.toBe(first.body['refresh_token']);
	});

	it('takes a refresh token once', async () => {
		await refreshWith(demoRefreshToken);
		const again = await refreshWith(demoRefreshToken);
		expect(again).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
	});

	it('grants no new scope with a refresh', async () => {
		const { refresh_token } = started.magalu.issueTokens({
			scopes: ['open:order-order-seller:read'],
		});
		const { body } = await refreshWith(refresh_token);
		expect((await tickets(body['access_token'])).status).toBe(403);
	});

	it('knows no client that names itself in the header', async () => {
		const basic = Buffer.from(`${demoClient.id}:${demoClient.secret}`).toString('base64');
		const answer = await token(
			{ grant_type: 'refresh_token', refresh_token: demoRefreshToken },
			{ authorization: `Basic ${basic}` },
		);
		expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
	});

	it('refuses a wrong secret', async () => {
		const answer = await token({ ...own, client_secret: 'wrong', grant_type: 'refresh_token' });
		expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
	});

	it('refuses other grants', async () => {
		const answer = await token({ ...own, grant_type: 'client_credentials' });
		expect(answer).toMatchObject({ status: 400, body: { error: 'unsupported_grant_type' } });
	});
});

describe('a token', () => {
	it('is of no use at the store without choose_tenants=true', async () => {
		const { body } = await exchangeOf(await codeFor({ ...asked, choose_tenants: 'false' }));
		expect((await tickets(body['access_token'])).status).toBe(403);
	});

	it('is of no use where the user is no ADMIN', async () => {
		const { access_token } = started.magalu.issueTokens({ admin: false });
		expect((await tickets(access_token)).status).toBe(403);
	});

	it('ends after its lifetime, and the answer says so', async () => {
		const { access_token } = started.magalu.issueTokens({ lifetime: 2 });
		started.clock.advance(2000);
		const answer = await tickets(access_token);
		expect(answer.status).toBe(401);
		expect(answer.headers.get('x-authorization-error')).toBe('Jwt is expired');
	});
});
