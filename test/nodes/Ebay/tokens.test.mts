import { attached, ebayWorld, messageForm } from '../../engine/ebay.mts';
import { waitsPass } from '../../engine/quickTime.mts';

const world = ebayWorld();
waitsPass();
const CALL = 'ebay.AddMemberMessageAAQToPartner';
const DAY = 86_400_000;
const exchanges = () =>
	world.simulator.calls.filter(({ operation }) => operation === 'ebay.token').length;

describe('an access token', () => {
	it('is fetched once for many items and kept for later executions', async () => {
		const items = Array.from({ length: 10 }, () => ({ json: {} }));
		await world.run(messageForm(), { items });
		await world.run(messageForm());
		expect(exchanges()).toBe(1);
		expect(world.node.credentials.ebayApi!.accessToken).toMatch(/^v\^1\.1#i/);
	});

	it('is fetched with the client in the header and the refresh token in the form', async () => {
		await world.run(messageForm());
		const [{ headers, body }] = world.simulator.calls;
		const client = Buffer.from('demo-client:demo-secret').toString('base64');
		expect(headers.authorization).toBe(`Basic ${client}`);
		expect(Object.fromEntries(new URLSearchParams(body.toString()))).toEqual({
			grant_type: 'refresh_token',
			refresh_token: world.node.credentials.ebayApi!.refreshToken,
		});
	});

	it('goes to the XML gateway in its own header and to the REST APIs as Bearer', async () => {
		await world.run(messageForm(attached('data')));
		const [, image, send] = world.simulator.calls;
		const { accessToken } = world.node.credentials.ebayApi!;
		expect(image!.headers.authorization).toBe(`Bearer ${String(accessToken)}`);
		expect(image!.headers['x-ebay-api-iaf-token']).toBeUndefined();
		expect(send!.headers['x-ebay-api-iaf-token']).toBe(accessToken);
		expect(send!.headers.authorization).toBeUndefined();
	});

	it('is replaced ahead of its end', async () => {
		world.simulator.ebay.state.accessTokenSeconds = 2;
		await world.run(messageForm());
		const now = Date.now();
		const clock = jest.spyOn(Date, 'now').mockImplementation(() => now + 20_000);
		const { items } = await world.run(messageForm());
		clock.mockRestore();
		expect(items[0]!.json.status).toBe('sent');
		expect(exchanges()).toBe(2);
		expect(world.calls()).toEqual([CALL, CALL]);
	});

	it('that eBay ends early is replaced, and the message is sent once', async () => {
		await world.run(messageForm());
		world.simulator.ebay.expireAccessTokens();
		const { items } = await world.run(messageForm());
		expect(items[0]!.json.status).toBe('sent');
		expect(exchanges()).toBe(2);
		expect(world.calls()).toEqual([CALL, CALL, CALL]);
		expect(world.simulator.received).toHaveLength(2);
	});

	it.each(['21917053', '21916984', '931', '932'])(
		'that eBay refuses with %s is replaced once, not again and again',
		async (code) => {
			const call = 'AddMemberMessageAAQToPartner';
			world.simulator.ebay.state.nextAnswers.push({ call, errors: [{ code }], times: 9 });
			const { error, details } = await world.failure(messageForm());
			expect(error).toBe('eBay does not accept the access token');
			expect(details).toMatchObject({ outcome: 'notSent', retryable: false, code });
			expect(world.calls()).toEqual([CALL, CALL]);
		},
	);

	it('that ends early is replaced for pictures, too', async () => {
		await world.run(messageForm());
		world.simulator.ebay.expireAccessTokens();
		const { items } = await world.run(messageForm(attached('data')));
		expect(items[0]!.json.status).toBe('sent');
		expect(world.simulator.received[1]!.attachments).toHaveLength(1);
	});

	it('without the scope of pictures says which one is missing', async () => {
		const { refreshTokens } = world.simulator.ebay.state;
		const name = world.node.credentials.ebayApi!.refreshToken as string;
		const scopes = ['https://api.ebay.com/oauth/api_scope'];
		refreshTokens.set(name, { ...refreshTokens.get(name)!, scopes });
		const { error, details } = await world.failure(messageForm(attached('data')));
		expect(error).toBe("The seller's consent does not cover this");
		expect(details).toMatchObject({ outcome: 'notSent', code: '1100', httpStatus: 403 });
		expect(details.description).toContain('sell.inventory');
	});

	it('says to all of eBay’s APIs who asks', async () => {
		await world.run(messageForm(attached('data')));
		await world.run({ resource: 'conversation', operation: 'getMany' });
		const agents = world.simulator.calls.map(({ headers }) => headers['user-agent']);
		expect(agents).toHaveLength(4);
		for (const agent of agents) expect(agent).toMatch(/^n8n-nodes-marketplace-messages\b/);
	});

	it.each([
		['whole', (token: string) => encodeURIComponent(token)],
		[
			'in lower case',
			(token: string) => encodeURIComponent(token).replace(/%../g, (one) => one.toLowerCase()),
		],
		['with spaces around it', (token: string) => ` ${encodeURIComponent(token)}\n`],
	])('is fetched with a refresh token that a browser percent-encoded, %s', async (_how, encode) => {
		const token = String(world.node.credentials.ebayApi!.refreshToken);
		world.credential({ refreshToken: encode(token) });
		const { items } = await world.run(messageForm());
		expect(items[0]!.json.status).toBe('sent');
		const [{ body }] = world.simulator.calls;
		expect(new URLSearchParams(body.toString()).get('refresh_token')).toBe(token);
	});

	it('that is refused tells nothing of the refresh token, however eBay repeats it', async () => {
		const token = String(world.node.credentials.ebayApi!.refreshToken);
		world.credential({ refreshToken: encodeURIComponent(token) });
		const body = { errors: [{ errorId: 7, message: `What is ${token}?` }] };
		world.simulator.faults.push({ operation: 'ebay.token', kind: 'status', status: 400, body });
		const { error, details } = await world.failure(messageForm());
		expect(error).toBe('eBay refused to give an access token: What is …?');
		expect(details.marketplaceMessage).toBe('What is …?');
	});

	it('is fetched with a refresh token that holds a percent sign of its own', async () => {
		const { refreshTokens } = world.simulator.ebay.state;
		const plain = String(world.node.credentials.ebayApi!.refreshToken);
		refreshTokens.set(`${plain}%zz`, refreshTokens.get(plain)!);
		world.credential({ refreshToken: `${plain}%zz` });
		expect((await world.run(messageForm())).items[0]!.json.status).toBe('sent');
	});

	it.each([
		[
			401,
			{
				errors: [
					{ errorId: 1003, message: 'invalid_client', longMessage: 'Client authentication failed' },
				],
			},
			/does not know this 'Client ID'/,
			'Client authentication failed',
			'1003',
		],
		[
			400,
			{ errors: [{ errorId: 7, message: 'invalid_grant', longMessage: 'The token is invalid' }] },
			/does not accept the 'Refresh Token'/,
			'The token is invalid',
			'7',
		],
		[
			400,
			{ errors: [{ errorId: 8, message: 'The moon is wrong.' }] },
			/refused to give an access token: The moon is wrong\./,
			'The moon is wrong.',
			'8',
		],
		[
			403,
			{ message: 'The moon is wrong.' },
			/refused to give an access token: The moon is wrong\./,
			'The moon is wrong.',
			undefined,
		],
	])(
		'that is refused with HTTP %s and a list of errors keeps eBay’s words',
		async (status, body, message, words, code) => {
			world.simulator.faults.push({ operation: 'ebay.token', kind: 'status', status, body });
			const { error, details } = await world.failure(messageForm());
			expect(error).toMatch(message);
			expect(details).toMatchObject({
				outcome: 'notSent',
				httpStatus: status,
				marketplaceMessage: words,
			});
			expect(details.code).toBe(code);
		},
	);

	it.each([
		[
			'a wrong secret',
			{ clientSecret: 'wrong' },
			/does not know this 'Client ID'/,
			'invalid_client',
		],
		['a wrong refresh token', { refreshToken: 'v^1.1#old' }, /'Refresh Token'/, 'invalid_grant'],
	])('is not given for %s: nothing was sent', async (_what, credential, message, code) => {
		world.credential(credential);
		const { error, details } = await world.failure(messageForm());
		expect(error).toMatch(message);
		expect(details).toMatchObject({ outcome: 'notSent', retryable: false, code });
		expect(world.calls()).toEqual([]);
	});

	it.each([
		[429, { error: 'too_many' }, /no access token at the moment/, true],
		[400, { error: 'invalid_scope' }, /refuses the scopes/, false],
		[403, { error: 'something' }, /refused to give an access token/, false],
		[
			503,
			{ errors: [{ errorId: 2001, message: 'Later.' }] },
			/no access token at the moment/,
			true,
		],
	])('that is refused with HTTP %s says so', async (status, body, message, retryable) => {
		world.simulator.faults.push({
			operation: 'ebay.token',
			kind: 'status',
			status,
			body,
			times: 9,
		});
		const { error, details } = await world.failure(messageForm());
		expect(error).toMatch(message);
		expect(details).toMatchObject({ outcome: 'notSent', retryable, httpStatus: status });
	});
});

describe('an Auth’n’Auth token', () => {
	beforeEach(() => world.useAuthToken());

	it('stands in the document, and no token in the headers', async () => {
		const { items } = await world.run(messageForm());
		expect(items[0]!.json).toMatchObject({ status: 'sent' });
		expect(items[0]!.json).not.toHaveProperty('tokenExpiresAt');
		const [{ headers }] = world.simulator.calls;
		expect(headers['x-ebay-api-iaf-token'] ?? headers.authorization).toBeUndefined();
		expect(world.document(CALL)).toMatch(
			/Request xmlns="[^"]+"><RequesterCredentials><eBayAuthToken>AgAAAA/,
		);
		expect(exchanges()).toBe(0);
	});

	it('that ends soon is told in the output and as a hint, once', async () => {
		const { authTokens } = world.simulator.ebay.state;
		const name = world.node.credentials.ebayApi!.authToken as string;
		const expiresAt = Date.now() + 3 * DAY;
		authTokens.set(name, { ...authTokens.get(name)!, expiresAt });
		const items = [{ json: {} }, { json: {} }];
		const result = await world.run(messageForm(), { items });
		const tokenExpiresAt = new Date(expiresAt).toISOString();
		expect(result.items.map(({ json }) => json.tokenExpiresAt)).toEqual([
			tokenExpiresAt,
			tokenExpiresAt,
		]);
		expect(result.hints.filter(({ message }) => message.includes(tokenExpiresAt))).toHaveLength(1);
	});

	it.each([
		['ended', { expiresAt: 0 }, '932', /does not accept the 'Auth Token'/],
		[
			'was taken back by the seller',
			{ revokedBy: 'user' as const },
			'16110',
			/took back the access/,
		],
		['was taken back by eBay', { revokedBy: 'ebay' as const }, '17470', /eBay took back the token/],
	])('that %s is refused once, with what to do', async (_what, change, code, message) => {
		const { authTokens } = world.simulator.ebay.state;
		const name = world.node.credentials.ebayApi!.authToken as string;
		authTokens.set(name, { ...authTokens.get(name)!, ...change });
		const { error, details } = await world.failure(messageForm());
		expect(error).toMatch(message);
		expect(details).toMatchObject({ outcome: 'notSent', retryable: false, code });
		expect(details.description).toMatch(/make a new one/i);
		expect(world.calls()).toEqual([CALL]);
	});

	it('is not repeated where eBay repeats it', async () => {
		const name = world.node.credentials.ebayApi!.authToken as string;
		const call = 'AddMemberMessageAAQToPartner';
		const errors = [{ code: '931', long: `The token ${name} is not valid.` }];
		world.simulator.ebay.state.nextAnswers.push({ call, errors });
		const { details } = await world.failure(messageForm());
		expect(details.marketplaceMessage).toBe('The token … is not valid.');
	});

	it('sends pictures that eBay hosts', async () => {
		const { pictures } = world.simulator.ebay.state;
		pictures.set('pic1', {
			id: 'pic1',
			bytes: Buffer.from('x'),
			mimeType: 'image/png',
			fileName: 'a.png',
			seller: 'demo_seller',
			expiresAt: Date.now() + DAY,
		});
		const url = `${world.simulator.origin}/eps/00/s/MTYwMFgxNjAw/z/pic1/$_1.JPG`;
		const form = messageForm({ pictureUrls: { picture: [{ url, name: 'Crack' }] } });
		const { items } = await world.run(form);
		expect(items[0]!.json.status).toBe('sent');
		expect(world.simulator.received[0]!.attachments).toMatchObject([{ fileName: 'Crack' }]);
	});
});
