import { basic, connect, origin, start, tokenUrl, type Client } from './client.mts';
import { demoUser } from './consent.mts';
import { allScopes, demoRuName, scopeBase } from './state.mts';

let client: Client;
beforeEach(async () => {
	client = await connect();
});

const wanted = {
	client_id: 'demo-client',
	redirect_uri: demoRuName,
	response_type: 'code',
	scope: allScopes.join(' '),
};

const address = (changed: Record<string, string> = {}) =>
	`/ebay/oauth2/authorize?${new URLSearchParams({ ...wanted, ...changed }).toString()}`;

const show = async (changed?: Record<string, string>) => await client.send('GET', address(changed));

const answer = async (form: Record<string, string>, changed?: Record<string, string>) =>
	await client.send(
		'POST',
		address(changed),
		{ 'content-type': 'application/x-www-form-urlencoded' },
		new URLSearchParams(form).toString(),
	);

const agree = { answer: 'agree', user: demoUser.name, password: demoUser.password };

/** Where the browser is sent. */
const target = ({ headers }: { headers?: Record<string, string> }) => new URL(headers!.location);

async function codeOf(changed?: Record<string, string>): Promise<string> {
	return target(await answer(agree, changed)).searchParams.get('code')!;
}

async function exchange(code: string, changed: Record<string, string> = {}, authorization = basic) {
	const form = { grant_type: 'authorization_code', code, redirect_uri: demoRuName, ...changed };
	const headers = { authorization, 'content-type': 'application/x-www-form-urlencoded' };
	return await client.send('POST', tokenUrl, headers, new URLSearchParams(form).toString());
}

describe('the consent page', () => {
	it('shows who asks for what', async () => {
		const { status, body } = await show();
		expect(status).toBe(200);
		expect(body).toContain('demo-client');
		for (const scope of allScopes) expect(body).toContain(`<li>${scope}</li>`);
	});

	it('sends the browser on with a code, percent-encoded, and its life of 299 seconds', async () => {
		const answered = await answer(agree, { state: 'x y' });
		expect(answered.status).toBe(302);
		expect(answered.headers!.location).toMatch(/[?&]code=v%5E1\.1%23i%5E1%23/);
		const { searchParams } = target(answered);
		expect(searchParams.get('expires_in')).toBe('299');
		expect(searchParams.get('state')).toBe('x y');
	});

	it('sends it to the address behind the RuName, where there is one', async () => {
		const acceptedUrl = 'https://shop.example/thanks?from=ebay';
		client.ebay.state.ruNames.set(demoRuName, { clientId: 'demo-client', acceptedUrl });
		const { href } = target(await answer(agree));
		expect(href.startsWith(`${acceptedUrl}&`)).toBe(true);
	});

	it('sends it to a page of eBay’s own otherwise, which can be opened', async () => {
		const { href } = target(await answer(agree));
		const { status, body } = await client.send('GET', href.slice(origin.length));
		expect(status).toBe(200);
		expect(body).toContain('successfully completed');
	});

	it('gives no code to somebody who declines', async () => {
		const { searchParams } = target(await answer({ answer: 'decline' }));
		expect(searchParams.get('code')).toBeNull();
		expect(searchParams.get('isAuthSuccessful')).toBe('false');
	});

	it('asks again after a wrong password', async () => {
		const { status, body } = await answer({ ...agree, password: 'wrong' });
		expect(status).toBe(401);
		expect(body).toContain('role="alert"');
	});

	it.each([
		['an unknown client', { client_id: 'other' }, 400, 'unauthorized_client'],
		['another RuName', { redirect_uri: 'Other-RuName' }, 500, 'temporarily_unavailable'],
		['an address as RuName', { redirect_uri: origin }, 500, 'temporarily_unavailable'],
		['another response type', { response_type: 'token' }, 400, 'unsupported_response_type'],
		['no scope', { scope: '' }, 400, 'invalid_scope'],
		[
			'a scope that does not exist',
			{ scope: `${scopeBase}/sell.everything` },
			400,
			'invalid_scope',
		],
		['a scope by its short name', { scope: 'commerce.message' }, 400, 'invalid_scope'],
	])('refuses %s', async (_what, changed, status, error_id) => {
		expect(await show(changed)).toMatchObject({ status, body: { error_id } });
	});

	it('refuses the whole consent for one scope that the keyset was not given', async () => {
		client.ebay.state.keysetScopes = allScopes.filter((scope) => !scope.endsWith('.message'));
		expect(await show()).toMatchObject({ status: 400, body: { error_id: 'invalid_scope' } });
		expect(await show({ scope: scopeBase })).toMatchObject({ status: 200 });
	});
});

describe('a code', () => {
	it('brings a refresh token for 18 months, with the scopes that were consented to', async () => {
		const { status, body } = await exchange(await codeOf({ scope: scopeBase }));
		expect(status).toBe(200);
		expect(body).toMatchObject({ refresh_token_expires_in: 47_304_000, expires_in: 7200 });
		const { refresh_token } = body as { refresh_token: string };
		expect(client.ebay.state.refreshTokens.get(refresh_token)!.scopes).toEqual([scopeBase]);
	});

	const refused = { status: 400, body: { error: 'invalid_grant' } };

	it('is refused the second time', async () => {
		const code = await codeOf();
		await exchange(code);
		expect(await exchange(code)).toMatchObject(refused);
	});

	it.each([
		[298, 200],
		[299, 400],
	])('after %d seconds is answered with HTTP %d', async (seconds, status) => {
		const code = await codeOf();
		client.clock.time = start + seconds * 1000;
		expect(await exchange(code)).toMatchObject({ status });
	});

	it('is refused with another RuName', async () => {
		expect(await exchange(await codeOf(), { redirect_uri: 'Other' })).toMatchObject(refused);
	});

	it('is refused to another client', async () => {
		client.ebay.state.clients.set('other', 'secret');
		const other = `Basic ${Buffer.from('other:secret').toString('base64')}`;
		expect(await exchange(await codeOf(), {}, other)).toMatchObject(refused);
	});

	it('is refused as it stood in the address, percent-encoded', async () => {
		expect(await exchange(encodeURIComponent(await codeOf()))).toMatchObject(refused);
	});
});
