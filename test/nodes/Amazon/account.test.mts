import { CHECK, checked, expectShort, saying } from '../../engine/account.mts';
import { amazonWorld, ORDER, US } from '../../engine/amazon.mts';
import { advice } from '../../engine/answer.mts';
import { quickTime } from '../../engine/quickTime.mts';
import { idsOf } from '../../marketplaces/amazon/marketplaces.mts';

const world = amazonWorld();
const state = () => world.simulator.amazon.state;
const seller = () => state().sellers[0]!;
const credential = () => world.node.credentials.amazonSellingPartnerApi!;
const DAY = 86_400_000;

const all = [
	'Login',
	'Marketplaces',
	'Region',
	'Orders',
	'Messages',
	'Attachments',
	'Review requests',
	'Personal data',
	'Clock',
	'Client secret',
];

/** The day so many days from today, as a seller writes it. */
const dayIn = (days: number) => new Date(Date.now() + days * DAY).toISOString().slice(0, 10);

const endsIn = (days: number) => (credential().lwaCredentialsExpireOn = dayIn(days));

describe('a healthy account', () => {
	beforeEach(() => endsIn(100));

	test('passes every check, each in a row', async () => {
		const rows = await checked(world);

		expect([...rows.keys()]).toEqual(all);
		expect(saying(rows, true)).toEqual(all);
		for (const row of rows.values()) {
			expect(Object.keys(row)).toEqual(['check', 'ok', 'message', 'advice', 'details']);
			expect(row.advice).toBe('Nothing to do.');
		}
	});

	test('is told in a few words', async () => {
		seller().marketplaceIds = [US, ...idsOf('CA')];
		expectShort(await checked(world));
	});

	test('is asked six things, and nothing is sent', async () => {
		await checked(world);

		expect(world.calls()).toEqual([
			'amazon.participations',
			'amazon.searchOrders',
			'amazon.actions',
			'amazon.createUpload',
			'amazon.solicitationActions',
			'amazon.getOrder',
		]);
		expect(world.simulator.received).toEqual([]);
		expect([...state().uploads.values()].filter(({ bytes }) => bytes)).toEqual([]);
	});

	test('is checked once, however many items come in', async () => {
		const { items } = await world.run(CHECK, { items: [{ json: {} }, { json: {} }] });

		expect(items).toHaveLength(2 * all.length);
		expect(items.at(-1)!.pairedItem).toEqual({ item: 1 });
		expect(world.calls()).toHaveLength(6);
	});

	test("shows nothing of the buyer's", async () => {
		const rows = await checked(world);
		expect(JSON.stringify([...rows.values()])).not.toMatch(/Ada|marketplace\.example/);
	});

	test('names the marketplaces as a buyer types them', async () => {
		seller().marketplaceIds = [US, ...idsOf('CA')];
		const { message } = (await checked(world)).get('Marketplaces')!;

		expect(message).toBe('You sell on amazon.com, .ca');
	});
});

describe('an app without a role', () => {
	test.each([
		['Orders', 'amazon.searchOrders', 'The app may not read orders', 'Buyer Communication'],
		['Messages', 'amazon.actions', 'The app may not send messages', 'Buyer Communication'],
		['Attachments', 'amazon.createUpload', 'The app may not send files', 'Product Listing'],
		[
			'Review requests',
			'amazon.solicitationActions',
			'The app may not ask for reviews',
			'Buyer Solicitation',
		],
	])('for %s is told which', async (check, operation, message, role) => {
		seller().withoutRole = [operation];
		const row = (await checked(world)).get(check)!;

		expect(row).toMatchObject({ ok: false, message, code: 'Unauthorized' });
		expect(row.advice).toContain(`add the role ${role}`);
	});

	test('passes the other checks', async () => {
		seller().withoutRole = ['amazon.actions'];
		expect(saying(await checked(world), false)).toEqual(['Messages']);
	});

	test('for marketplaces has no fault: messages need none', async () => {
		seller().withoutRole = ['amazon.participations'];
		const rows = await checked(world);

		expect(rows.get('Marketplaces')).toMatchObject({ ok: null, advice });
		expect(rows.get('Region')).toMatchObject({ ok: true });
		expect(saying(rows, false)).toEqual([]);
	});

	test.each(['leftOut', 'refused'] as const)(
		'for personal data has no fault, whether they are %s',
		async (personalData) => {
			seller().personalData = personalData;
			expect((await checked(world)).get('Personal data')).toMatchObject({
				ok: null,
				message: "Buyers' names and addresses do not come with orders",
			});
		},
	);

	test('whose order takes no message now has the role for it all the same', async () => {
		state().orders = state().orders.filter(({ orderId }) => orderId === ORDER);
		state().orders[0]!.actionsRefused = true;
		state().orders[0]!.solicitationActionsRefused = true;
		const rows = await checked(world);

		expect(rows.get('Messages')).toMatchObject({ ok: true });
		expect(rows.get('Review requests')).toMatchObject({ ok: true });
	});
});

describe('a shop without orders', () => {
	test('cannot try roles, and hears how to', async () => {
		state().orders = [];
		const rows = await checked(world);

		expect(rows.get('Orders')).toMatchObject({
			ok: true,
			message: 'Orders can be read: none in the last 30 days',
		});
		for (const check of ['Messages', 'Attachments', 'Review requests', 'Personal data']) {
			expect(rows.get(check)).toMatchObject({
				ok: null,
				message: 'It can only be tried with an order, and there is none',
				advice: expect.stringContaining('"Get Available Types"') as unknown,
			});
		}
	});

	test('whose orders cannot be read is sent to that check', async () => {
		seller().withoutRole = ['amazon.searchOrders'];
		const rows = await checked(world);

		expect(rows.get('Messages')).toMatchObject({
			ok: null,
			message: 'It can only be tried with an order, and orders cannot be read',
		});
	});
});

describe('the region', () => {
	test('is wrong where the seller sells in another one', async () => {
		seller().marketplaceIds = idsOf('DE', 'FR');
		state().orders = [];
		const row = (await checked(world)).get('Region')!;

		expect(row).toMatchObject({
			ok: false,
			message: 'You sell in France, Germany, and the credential says North America',
			advice: "Choose Europe, Middle East, Africa and India as the credential's 'Region'.",
		});
	});

	test('cannot be told where everything is denied, and is what to look at first', async () => {
		state().region = idsOf('JP');
		const rows = await checked(world);

		expect(rows.get('Region')).toMatchObject({
			ok: null,
			message: 'Nothing tells whether you sell in North America',
			advice: expect.stringContaining('In the wrong region Amazon denies everything') as unknown,
		});
		expect(rows.get('Orders')!.advice).toContain("look at 'Region' first");
	});

	test('a seller without any marketplace is told so', async () => {
		seller().marketplaceIds = [];
		state().orders = [];
		expect((await checked(world)).get('Marketplaces')).toMatchObject({
			ok: false,
			message: 'Amazon lists no marketplace in which you sell',
		});
	});
});

describe('a login that fails', () => {
	test.each([
		['a wrong secret', () => (credential().clientSecret = 'wrong'), 'invalid_client'],
		['access that was revoked', () => (seller().revoked = true), 'invalid_grant'],
	])('with %s is told once, with what to do', async (_what, spoil, code) => {
		spoil();
		const rows = await checked(world);

		expect(rows.get('Login')).toMatchObject({ ok: false, code, advice });
		expect(saying(rows, false)).toEqual(['Login']);
		expect(rows.get('Orders')).toMatchObject({
			ok: null,
			message: 'Not looked at: the login comes first',
		});
		expect(world.calls()).toEqual([]);
	});

	test('is noticed though an access token is still good', async () => {
		await checked(world);
		state().clients[0]!.secretExpired = true;
		expect((await checked(world)).get('Login')).toMatchObject({ ok: false });
	});

	test('because nobody answers is no fault of the credential', async () => {
		world.simulator.faults.push({ operation: 'lwa.token', kind: 'status', status: 503, times: 9 });
		const backToNormal = quickTime();
		const rows = await checked(world);
		backToNormal();

		expect(rows.get('Login')).toMatchObject({ ok: null, advice });
	});

	test('because an address is none is told like that', async () => {
		credential().apiUrl = 'gateway.example.com';
		expect((await checked(world)).get('Login')).toMatchObject({
			ok: false,
			message: "The credential's 'API URL' is not an address",
		});
	});

	test('leaves the end of the secret to be told', async () => {
		endsIn(-3);
		credential().clientSecret = 'wrong';
		expect((await checked(world)).get('Client secret')).toMatchObject({ ok: false });
	});
});

describe('what cannot be told at the moment', () => {
	test('a limit that is used up is no fault', async () => {
		state().plans.set('amazon.participations', { rate: 0.001, burst: 0 });
		const rows = await checked(world);

		expect(rows.get('Marketplaces')).toMatchObject({ ok: null, code: 'QuotaExceeded', advice });
		expect(saying(rows, false)).toEqual([]);
	});
});

describe('the clock', () => {
	test.each([
		['ahead', -3, '3 minutes ahead of'],
		['behind', 4, '4 minutes behind'],
	])('that is %s is told, with how far', async (_word, minutes, words) => {
		world.simulator.clock.advance(minutes * 60_000);
		expect((await checked(world)).get('Clock')).toMatchObject({
			ok: false,
			message: `The clock of your n8n is ${words} Amazon's`,
			advice: expect.stringContaining('NTP') as unknown,
		});
	});

	test('may be some seconds off', async () => {
		world.simulator.clock.advance(30_000);
		expect((await checked(world)).get('Clock')).toMatchObject({ ok: true });
	});
});

describe("the client secret's end", () => {
	const secret = async () => (await checked(world)).get('Client secret')!;

	test('is not known where nobody wrote it down', async () => {
		expect(await secret()).toMatchObject({
			ok: null,
			message: 'It is not known when the client secret ends',
			advice: expect.stringContaining("'Client Secret Expires On'") as unknown,
		});
	});

	test('within 30 days is told with what to do', async () => {
		endsIn(13);
		expect(await secret()).toMatchObject({
			ok: true,
			message: `The client secret ends in 12 days, on ${dayIn(13)}`,
			advice: expect.stringContaining('rotate') as unknown,
			details: { endsOn: dayIn(13), daysLeft: 12 },
		});
	});

	test('in the past fails', async () => {
		endsIn(-1);
		expect(await secret()).toMatchObject({
			ok: false,
			message: `The client secret ended on ${dayIn(-1)}`,
			details: { daysLeft: 0 },
		});
	});

	test('that is no date is told by the name of its field', async () => {
		credential().lwaCredentialsExpireOn = 'in spring';
		expect(await secret()).toMatchObject({
			ok: false,
			message: "'Client Secret Expires On' is not a date",
		});
	});

	test('is read by nothing else', async () => {
		credential().lwaCredentialsExpireOn = 'in spring';
		const { error } = await world.run({ resource: 'order', operation: 'getMany' });
		expect(error).toBeUndefined();
	});
});
