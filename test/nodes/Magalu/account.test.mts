import { checked, expectShort, saying } from '../../engine/account.mts';
import { advice } from '../../engine/answer.mts';
import { magaluWorld } from '../../engine/magalu.mts';
import { allScopes } from '../../marketplaces/magalu/state.mts';

const world = magaluWorld();
const credential = () => world.node.credentials.magaluOAuth2Api!;

const all = [
	'Login',
	'Store',
	'Tickets',
	'Messages',
	'Transactions',
	'Orders',
	'Deliveries',
	'Scopes',
	'Clock',
];

const without = (...scopes: string[]) =>
	world.connect({ scopes: allScopes.filter((scope) => !scopes.includes(scope)) });

const row = async (check: string) => (await checked(world)).get(check)!;

describe('a healthy store', () => {
	test('passes every check, each in a row', async () => {
		const rows = await checked(world);

		expect([...rows.keys()]).toEqual(all);
		expect(saying(rows, true)).toEqual(all);
	});

	test('is told in a few words', async () => {
		expectShort(await checked(world));
	});

	test('is asked five things, for one row each, and nothing is written', async () => {
		await checked(world);

		expect(world.calls()).toEqual([
			'magalu.tickets',
			'magalu.messages',
			'magalu.transaction',
			'magalu.orders',
			'magalu.deliveries',
		]);
		expect(world.simulator.calls.map(({ method }) => method)).toEqual(Array(5).fill('GET'));
		expect(world.simulator.received).toEqual([]);
	});
});

describe('a consent without a scope', () => {
	test.each([
		['Tickets', 'open:tickets-seller:read'],
		['Messages', 'open:ticket-messages-seller:read'],
		['Transactions', 'open:sac-transaction-seller:read'],
		['Orders', 'open:order-order-seller:read'],
		['Deliveries', 'open:order-delivery-seller:read'],
	])('%s is told which', async (check, scope) => {
		without(scope);
		const rows = await checked(world);

		expect(rows.get(check)).toMatchObject({
			ok: false,
			message: `The credential lacks the scope ${scope}`,
			advice: expect.stringContaining('idm client add-scope') as unknown,
		});
		expect(rows.get('Scopes')).toMatchObject({ ok: false, details: { missing: [scope] } });
		expect(rows.get('Store')).toMatchObject({ ok: true });
		expect(rows.get('Login')).toMatchObject({ ok: true });
	});

	test('for writing, which no reading can try, is told by what was granted', async () => {
		without('open:ticket-messages-seller:write');
		const rows = await checked(world);

		expect(saying(rows, false)).toEqual(['Scopes']);
		expect(rows.get('Scopes')).toMatchObject({
			message: 'Missing: open:ticket-messages-seller:write',
			advice,
		});
	});

	test('of which Magalu told nothing is not known', async () => {
		delete (credential().oauthTokenData as Record<string, unknown>).scope;
		expect(await row('Scopes')).toMatchObject({ ok: null, advice });
	});
});

describe('the store', () => {
	test('that somebody connected who is no administrator opens nothing', async () => {
		world.connect({ admin: false });
		const rows = await checked(world);

		expect(rows.get('Login')).toMatchObject({ ok: true });
		expect(rows.get('Store')).toMatchObject({
			ok: false,
			message: 'The person who connected the credential is not an administrator of the store',
			advice: expect.stringContaining('choose your store') as unknown,
		});
	});

	test('of a person, who chose none when connecting, is told', async () => {
		world.connect({ tenantId: null });
		expect(await row('Store')).toMatchObject({ ok: false, advice });
	});

	test('of another tenant is told with its ID', async () => {
		credential().tenantId = 'another';
		expect(await row('Store')).toMatchObject({ ok: false, details: { tenantId: 'another' } });
	});

	test('cannot be told where the network lets nothing through', async () => {
		world.simulator.magalu.state.settings.edgeBlocks = 99;
		const rows = await checked(world);

		expect(rows.get('Store')).toMatchObject({ ok: null });
		expect(saying(rows, false)).toEqual([]);
	});
});

test('a store without tickets cannot try to read messages', async () => {
	world.simulator.magalu.state.tickets = [];
	expect(await row('Messages')).toMatchObject({
		ok: null,
		message: 'It can only be tried with a ticket, and there is none',
		advice,
	});
});

describe('a login that fails', () => {
	test('because nobody connected the credential is told once', async () => {
		delete credential().oauthTokenData;
		const rows = await checked(world);

		expect(rows.get('Login')).toMatchObject({
			ok: false,
			message: 'The credential is not connected to Magalu',
			advice,
		});
		expect(saying(rows, false)).toEqual(['Login']);
	});

	test('because the refresh token was used by somebody else is told once', async () => {
		const { accessTokens, refreshTokens } = world.simulator.magalu.state;
		accessTokens.clear();
		for (const grant of refreshTokens.values()) grant.used = true;
		const rows = await checked(world);

		expect(rows.get('Login')).toMatchObject({ ok: false, code: 'invalid_grant', advice });
		expect(saying(rows, false)).toEqual(['Login']);
	});

	test('is none where the access token had only ended', async () => {
		world.simulator.magalu.state.accessTokens.clear();
		expect(saying(await checked(world), true)).toEqual(all);
	});
});

test("a clock that is ahead of Magalu's is told, with how far", async () => {
	world.simulator.clock.advance(-2 * 60_000);
	expect(await row('Clock')).toMatchObject({
		ok: false,
		message: "The clock of your n8n is 2 minutes ahead of Magalu's",
	});
});
