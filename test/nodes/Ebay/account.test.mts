import { checked, expectShort, saying } from '../../engine/account.mts';
import { advice } from '../../engine/answer.mts';
import { ebayWorld } from '../../engine/ebay.mts';
import { allScopes, demoRuName, scopeBase } from '../../marketplaces/ebay/index.mts';
import { consentOf } from '../../../nodes/Ebay/api/credential.ts';

const world = ebayWorld();
const state = () => world.simulator.ebay.state;
const DAY = 86_400_000;

const all = [
	'Login',
	'Seller account',
	'Site',
	'Orders',
	'Conversations',
	'Pictures',
	'Order notifications',
	'Calls left',
	"Token's end",
	'Clock',
];

/** The seller did not consent to this. */
function withoutScope(scope: string): void {
	const scopes = allScopes.filter((one) => one !== `${scopeBase}/${scope}`);
	for (const [token, grant] of state().refreshTokens) {
		state().refreshTokens.set(token, { ...grant, scopes });
	}
}

const row = async (check: string) => (await checked(world)).get(check)!;

describe('a healthy account with OAuth', () => {
	test('passes every check that eBay answers, each in a row', async () => {
		const rows = await checked(world);

		expect([...rows.keys()]).toEqual(all);
		expect(saying(rows, true)).toEqual(all.filter((check) => check !== "Token's end"));
		expect(rows.get("Token's end")).toMatchObject({
			ok: null,
			message: 'eBay does not tell it of a pasted refresh token',
			advice: expect.stringContaining('18 months') as unknown,
		});
	});

	test('is told in a few words', async () => {
		expectShort(await checked(world));
	});

	test('is asked six things that change nothing', async () => {
		await checked(world);

		expect(world.calls()).toEqual([
			'ebay.GetUser',
			'ebay.GetOrders',
			'ebay.conversations',
			'ebay.imageGet',
			'ebay.fulfillmentOrders',
			'ebay.userRateLimits',
		]);
		expect(world.simulator.received).toEqual([]);
		expect(state().pictures.size).toBe(0);
		expect(state().conversations.filter(({ messages }) => !messages[0]!.read)).toHaveLength(1);
	});

	test('tells whose it is', async () => {
		expect(await row('Seller account')).toMatchObject({
			message: 'The token is of demo_seller',
		});
	});
});

describe('an account that was connected by a consent', () => {
	/** As n8n keeps it once the credential was saved. */
	function connected(consentEndsAt: string): void {
		const credential = world.node.credentials.ebayApi!;
		const consentRefreshToken = String(credential.refreshToken);
		const consentAddress = 'v^1.1#i^1#f^0#t^Ul41XzE';
		world.credential({ refreshToken: '', ruName: demoRuName, consentAddress });
		const consentAccount = consentOf(credential);
		world.credential({ consentRefreshToken, consentAccount, consentEndsAt });
	}

	test('tells when the consent ends, to the day', async () => {
		const endsAt = new Date(Date.now() + 400.5 * DAY).toISOString();
		connected(endsAt);
		const rows = await checked(world);
		expect(rows.get('Login')).toMatchObject({ ok: true });
		expect(rows.get("Token's end")).toMatchObject({
			ok: true,
			message: `Good until ${endsAt.slice(0, 10)}`,
		});
	});

	test('says in time where the seller agrees again', async () => {
		connected(new Date(Date.now() + 10.5 * DAY).toISOString());
		expect(await row("Token's end")).toMatchObject({
			message: expect.stringContaining("The seller's consent ends in 10 days") as unknown,
			advice: expect.stringContaining("empty 'Address After Consent'") as unknown,
		});
	});
});

describe("a healthy account with an Auth'n'Auth token", () => {
	beforeEach(() => world.useAuthToken());

	test('passes what such a token is good for, and has no fault', async () => {
		const rows = await checked(world);

		expect(saying(rows, false)).toEqual([]);
		expect(saying(rows, null)).toEqual([
			'Conversations',
			'Pictures',
			'Order notifications',
			'Calls left',
		]);
		expect(rows.get('Conversations')!.advice).toContain('choose OAuth');
	});

	test('is asked two things', async () => {
		await checked(world);
		expect(world.calls()).toEqual(['ebay.GetUser', 'ebay.GetOrders']);
	});

	test("tells the token's end in its last seven days, with what to do", async () => {
		const expiresAt = Date.now() + 5.5 * DAY;
		for (const token of state().authTokens.values()) token.expiresAt = expiresAt;

		expect(await row("Token's end")).toMatchObject({
			ok: true,
			message: `The token ends in 5 days, on ${new Date(expiresAt).toISOString().slice(0, 10)}`,
			advice: expect.stringContaining('User Tokens') as unknown,
			details: { daysLeft: 5 },
		});
	});

	test('says of a token that lives longer that eBay does not tell its end yet', async () => {
		expect(await row("Token's end")).toMatchObject({ ok: true, advice });
	});
});

describe('a consent without a scope', () => {
	test.each([
		['Conversations', 'commerce.message', 'conversations'],
		['Pictures', 'sell.inventory', 'the upload of pictures'],
		['Order notifications', 'sell.fulfillment.readonly', 'notifications of orders'],
	])('%s is told which', async (check, scope, what) => {
		withoutScope(scope);
		const rows = await checked(world);

		expect(saying(rows, false)).toEqual([check]);
		expect(rows.get(check)).toMatchObject({
			message: `Your consent does not cover ${what}`,
			advice: expect.stringContaining(`lacks the scope ${scope}`) as unknown,
			code: '1100',
		});
	});

	test('for pictures cannot be told the calls left either', async () => {
		withoutScope('sell.inventory');
		expect(await row('Calls left')).toMatchObject({ ok: null, advice });
	});
});

describe('the calls left', () => {
	const [trading] = [{ apiContext: 'tradingapi', apiName: 'TradingAPI', apiVersion: 'v1' }];
	const reset = Date.parse('2030-01-02T08:00:00Z');
	const left = (...counts: Array<[name: string, count: number]>) =>
		(state().userLimits = counts.map(([name, count]) => ({
			...trading,
			name,
			count,
			limit: 5000,
			timeWindow: 86_400,
			reset,
		})));

	test('are those of the call that has the fewest, with when they come back', async () => {
		left(['GetOrders', 1000], ['AddMemberMessageAAQToPartner', 3000], ['AddItem', 5000]);

		expect(await row('Calls left')).toMatchObject({
			ok: true,
			message: '2000 of 5000 are left until 2030-01-02 08:00 UTC',
			advice: 'Nothing to do.',
		});
	});

	test('of none at all are a fault', async () => {
		left(['GetOrders', 5000]);
		expect(await row('Calls left')).toMatchObject({
			ok: false,
			advice: expect.stringContaining('Application Growth Check') as unknown,
		});
	});

	test('of a few are told by name, with what to do', async () => {
		left(['GetOrders', 4800], ['AddMemberMessageAAQToPartner', 3000]);
		expect(await row('Calls left')).toMatchObject({
			ok: true,
			message: '200 of 5000 calls of GetOrders are left until 2030-01-02 08:00 UTC',
			advice,
			details: { call: 'GetOrders', left: 200, of: 5000 },
		});
	});

	test.each([
		['names no limit', () => (state().userLimits = undefined)],
		['names those of calls that the nodes do not make', () => left(['AddItem', 5000])],
	])('cannot be told where eBay %s', async (_what, change) => {
		change();
		expect(await row('Calls left')).toMatchObject({
			ok: null,
			message: 'eBay names no limit for your calls',
		});
	});
});

describe('the site', () => {
	test('that is not where the seller is registered is told, with which to choose', async () => {
		state().registration.site = 'Germany';
		expect(await row('Site')).toMatchObject({
			ok: false,
			message: 'You are registered in Germany, and the credential says United States',
			advice: "Choose Germany as the credential's 'Site'.",
		});
	});

	test('is right where it is the one of the registration', async () => {
		state().registration.site = 'UK';
		world.credential({ siteId: '3' });
		expect(await row('Site')).toMatchObject({ ok: true });
	});

	test('is no fault where no credential can have it', async () => {
		state().registration.site = 'China';
		expect(await row('Site')).toMatchObject({ ok: null, message: 'You are registered at China' });
	});
});

describe('the seller', () => {
	test('who is suspended is told so', async () => {
		state().registration.status = 'Suspended';
		expect(await row('Seller account')).toMatchObject({
			ok: false,
			message: 'eBay says that the account of demo_seller is: Suspended',
			advice,
		});
	});

	test('of whom eBay says something that nobody knows is told what', async () => {
		state().registration.status = 'InMaintenance';
		expect(await row('Seller account')).toMatchObject({ ok: null, advice });
	});
});

describe('a login that fails', () => {
	test('with a refresh token that has ended is told once', async () => {
		world.credential({ refreshToken: 'v^1.1#ended' });
		const rows = await checked(world);

		expect(saying(rows, false)).toEqual(['Login']);
		expect(rows.get('Login')).toMatchObject({ code: 'invalid_grant', advice });
		expect(world.calls()).toEqual([]);
	});

	test("with an Auth'n'Auth token that was taken back is told once", async () => {
		world.useAuthToken();
		for (const token of state().authTokens.values()) token.revokedBy = 'user';
		const rows = await checked(world);

		expect(saying(rows, false)).toEqual(['Login']);
		expect(rows.get('Login')).toMatchObject({ code: '16110', advice });
	});

	test("with an Auth'n'Auth token that is empty is told, too", async () => {
		world.credential({ authentication: 'authToken', authToken: '' });
		expect(await row('Login')).toMatchObject({
			ok: false,
			message: "The credential's 'Auth Token' is empty",
		});
	});
});

describe('one check that fails', () => {
	test('leaves the others to be made', async () => {
		world.simulator.faults.push({ operation: 'ebay.GetOrders', kind: 'status', status: 403 });
		const rows = await checked(world);

		expect(saying(rows, false)).toEqual(['Orders']);
		expect(rows.get('Calls left')).toMatchObject({ ok: true });
	});

	test('because eBay says "too fast" tells nothing', async () => {
		world.simulator.faults.push({ operation: 'ebay.imageGet', kind: 'status', status: 429 });
		expect(await row('Pictures')).toMatchObject({ ok: null, advice });
	});
});

test("a clock that is behind eBay's is told, with how far", async () => {
	world.simulator.clock.advance(10 * 60_000);
	expect(await row('Clock')).toMatchObject({
		ok: false,
		message: "The clock of your n8n is 10 minutes behind eBay's",
	});
});
