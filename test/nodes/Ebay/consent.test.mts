import { NodeApiError, type INode } from 'n8n-workflow';

import { BUYER, ebayWorld, ITEM, messageForm } from '../../engine/ebay.mts';
import { openWindow, type Box, type Store } from '../../engine/credentialWindow.mts';
import { quickTime } from '../../engine/quickTime.mts';
import { demoUser } from '../../marketplaces/ebay/consent.mts';
import { demoRuName } from '../../marketplaces/ebay/index.mts';
import { consentAddressOf } from '../../../nodes/Ebay/api/consent.ts';

const world = ebayWorld();

let store: Store;
let sellers = 0;
/** The keyset of each test is its own: what one test connected is not remembered in the next. */
let clientId: string;

beforeEach(() => {
	store = {};
	clientId = `demo-client-${++sellers}`;
	world.node.credentials = store;
	world.simulator.ebay.state.clients.set(clientId, 'demo-secret');
	world.simulator.ebay.state.ruNames.set(demoRuName, { clientId });
});

const type = () => world.node.credentialTypes[0]!;

/** A window with everything but the consent. */
function newWindow(more: Record<string, string> = {}) {
	const { origin } = world.simulator;
	const window = openWindow(type(), store);
	window.write({
		environment: 'custom',
		clientId,
		clientSecret: 'demo-secret',
		ruName: demoRuName,
		apiUrl: `${origin}/ebay`,
		mediaUrl: `${origin}/ebay-media`,
		...more,
	});
	return window;
}

/** The address that a red box ends with. */
function addressIn(box: Box): string {
	const [address] = /https?:\/\/\S+$/.exec(box ?? '') ?? [];
	if (!address) throw new Error(`No address in: ${box}`);
	return address;
}

/** What a seller does on eBay's page. @returns what the browser's address line shows then */
async function agree(address: string): Promise<string> {
	const { name: user, password } = demoUser;
	const body = new URLSearchParams({ answer: 'agree', user, password });
	const answer = await fetch(address, { method: 'POST', body, redirect: 'manual' });
	expect(answer.status).toBe(302);
	return answer.headers.get('location')!;
}

const codeIn = (address: string) => /[?&]code=([^&]+)/.exec(address)![1]!;

const grants = () =>
	world.simulator.calls
		.filter(({ operation }) => operation === 'ebay.token')
		.map(({ body }) => new URLSearchParams(body.toString()).get('grant_type'));

const send = async () => await world.run(messageForm());

/** What follows has none of the memory of what was before. */
async function asInAnotherProcess(): Promise<void> {
	await jest.isolateModulesAsync(async () => {
		const { EbayApi } =
			(await import('../../../credentials/EbayApi.credentials.ts')) as typeof import('../../../credentials/EbayApi.credentials.ts');
		world.node.credentialTypes[0] = new EbayApi();
	});
}

/** A connected credential, and the window in which it was made. */
async function connected() {
	const window = newWindow();
	const landed = await agree(addressIn(await window.save()));
	window.write({ consentAddress: landed });
	expect(await window.save()).toBeUndefined();
	return { window, landed };
}

describe('a consent', () => {
	it('begins with a red box that ends with the whole address of eBay’s page', async () => {
		const box = await newWindow().save();
		expect(box).toMatch(
			/^One step is left: the seller has to agree on eBay's page\. Open the address/,
		);
		expect(box).toContain("paste it into 'Address After Consent', and save within five minutes");
		const page = await fetch(addressIn(box));
		expect(page.status).toBe(200);
		expect(await page.text()).toContain('commerce.message');
	});

	it('connects the seller: what the address line shows is pasted, saved, and used in a send', async () => {
		await connected();
		const { items } = await send();
		expect(items[0]!.json).toMatchObject({ status: 'sent', itemId: ITEM, recipientId: BUYER });
		expect(grants()).toEqual(['authorization_code']);
	});

	it('lasts: the access token is renewed with the refresh token that it brought', async () => {
		await connected();
		world.simulator.ebay.expireAccessTokens();
		Object.assign(store.ebayApi!, { accessTokenExpiresAt: '0' });
		expect((await send()).items[0]!.json.status).toBe('sent');
		expect(grants()).toEqual(['authorization_code', 'refresh_token']);
	});

	it('keeps with it when it ends: after 18 months', async () => {
		await connected();
		const days = (Date.parse(String(store.ebayApi!.consentEndsAt)) - Date.now()) / 86_400_000;
		expect(days).toBeCloseTo(547.5, 1);
	});

	it.each([
		['the code alone', (address: string) => codeIn(address)],
		['the code, decoded', (address: string) => decodeURIComponent(codeIn(address))],
		['the code, encoded twice', (address: string) => encodeURIComponent(codeIn(address))],
		['what stands behind the question mark', (address: string) => address.split('?')[1]!],
		['the address in quotes', (address: string) => ` "${address}"\n`],
		['the address, broken over lines', (address: string) => address.replace('%23', '\n%23 ')],
		['the address, decoded by the browser', (address: string) => decodeURIComponent(address)],
		[
			'the address with a mark at its end',
			(address: string) => `${address.split('&expires')[0]}#top`,
		],
		['the address as in a page’s source', (address: string) => address.replaceAll('&', '&amp;')],
	])('is taken as %s', async (_what, shape) => {
		const window = newWindow();
		const landed = await agree(addressIn(await window.save()));
		window.write({ consentAddress: shape(landed) });
		expect(await window.save()).toBeUndefined();
		expect((await send()).items[0]!.json.status).toBe('sent');
	});

	it('is asked for in a node, too, where nobody saved the credential after it', async () => {
		const window = newWindow();
		const landed = await agree(addressIn(await window.save()));
		Object.assign(store.ebayApi!, { consentAddress: landed });
		expect((await send()).items[0]!.json.status).toBe('sent');
		expect(store.ebayApi!.consentRefreshToken).toMatch(/^v\^1\.1#/);
	});

	it('that is missing is said by a node with the address, and nothing was sent', async () => {
		await newWindow().save();
		const { error, details } = await world.failure(messageForm());
		expect(error).toBe("One step is left: the seller has to agree on eBay's page");
		expect(details).toMatchObject({ outcome: 'notSent', retryable: false });
		expect(addressIn(String(details.description))).toContain('/oauth2/authorize?client_id=');
	});
});

describe('a connected credential', () => {
	const oneExchange = () =>
		expect(grants().filter((one) => one === 'authorization_code')).toHaveLength(1);

	it('stays connected when it is saved again in the window in which it was made', async () => {
		const { window } = await connected();
		expect(await window.save()).toBeUndefined();
		expect(await window.save()).toBeUndefined();
		expect((await send()).items[0]!.json.status).toBe('sent');
		oneExchange();
	});

	it('stays connected when that happens in another process, which remembers nothing', async () => {
		const { window } = await connected();
		await asInAnotherProcess();
		const again = openWindow(type(), store);
		expect(await window.save()).toBeUndefined();
		expect(await again.save()).toBeUndefined();
		expect((await send()).items[0]!.json.status).toBe('sent');
		oneExchange();
	});

	it('stays connected when it is opened and saved again, with another name or site', async () => {
		await connected();
		const window = openWindow(type(), store);
		window.write({ siteId: '77' });
		expect(await window.save()).toBeUndefined();
		expect((await send()).items[0]!.json.status).toBe('sent');
		oneExchange();
	});

	it('stays connected with a new client secret', async () => {
		const { window } = await connected();
		world.simulator.ebay.state.clients.set(clientId, 'new-secret');
		window.write({ clientSecret: 'new-secret' });
		expect(await window.save()).toBeUndefined();
		oneExchange();
	});

	it('exchanges the code once for two tests at the same time', async () => {
		const window = newWindow();
		window.write({ consentAddress: await agree(addressIn(await window.save())) });
		expect(await Promise.all([window.save(), window.save()])).toEqual([undefined, undefined]);
		oneExchange();
	});

	it('does not use for another client what the first one got', async () => {
		const { window } = await connected();
		world.simulator.ebay.state.clients.set('other-client', 'other-secret');
		world.simulator.ebay.state.ruNames.set('Other', { clientId: 'other-client' });
		window.write({ clientId: 'other-client', clientSecret: 'other-secret', ruName: 'Other' });
		const box = await window.save();
		expect(box).toMatch(/^eBay does not take the code in 'Address After Consent'/);
		expect(addressIn(box)).toMatch(/client_id=other-client&redirect_uri=Other&/);
	});

	it('is connected to another seller by another consent', async () => {
		const { window } = await connected();
		const first = store.ebayApi!.consentRefreshToken;
		window.write({ consentAddress: '' });
		window.write({ consentAddress: await agree(addressIn(await window.save())) });
		expect(await window.save()).toBeUndefined();
		expect(store.ebayApi!.consentRefreshToken).not.toBe(first);
	});

	it('says that the consent ended, and where the seller agrees again', async () => {
		const { window } = await connected();
		world.simulator.ebay.state.refreshTokens.clear();
		const box = await window.save();
		expect(box).toMatch(/^The seller's consent has ended/);
		expect(box).toContain("Empty 'Address After Consent'");
		await agree(addressIn(box));
	});

	it('goes on with a refresh token of one’s own once the address is emptied', async () => {
		const { window } = await connected();
		const { refreshTokens } = world.simulator.ebay.state;
		refreshTokens.set('v^1.1#own', { ...refreshTokens.values().next().value!, clientId });
		window.write({ consentAddress: '', refreshToken: ' "v%5E1.1%23own" ' });
		expect(await window.save()).toBeUndefined();
		expect((await send()).items[0]!.json.status).toBe('sent');
	});
});

describe('a code', () => {
	it('that ended after 299 seconds is said, with the address again', async () => {
		const window = newWindow();
		window.write({ consentAddress: await agree(addressIn(await window.save())) });
		world.simulator.clock.advance(299_000);
		const box = await window.save();
		expect(box).toMatch(
			/^eBay does not take the code in 'Address After Consent': it was used before, or has ended\./,
		);
		window.write({ consentAddress: await agree(addressIn(box)) });
		expect(await window.save()).toBeUndefined();
	});

	it('that was used by another n8n is said, with the address again', async () => {
		const { landed } = await connected();
		await asInAnotherProcess();
		delete store.ebayApi;
		const box = await newWindow({ consentAddress: landed }).save();
		expect(box).toMatch(
			/^eBay does not take the code in 'Address After Consent': it was used before/,
		);
		expect(addressIn(box)).toContain('/oauth2/authorize?');
	});

	it('is not given up for an answer that could not be given', async () => {
		const window = newWindow();
		window.write({ consentAddress: await agree(addressIn(await window.save())) });
		const backToNormal = quickTime();
		world.simulator.faults.push({ operation: 'ebay.token', kind: 'status', status: 503, times: 3 });
		expect(await window.save()).toMatch(/^eBay's login gave an answer that cannot be read/);
		backToNormal();
		expect(await window.save()).toBeUndefined();
	});

	it('without a refresh token in the answer is said', async () => {
		const window = newWindow();
		window.write({ consentAddress: await agree(addressIn(await window.save())) });
		const body = { access_token: 'v^1.1#x', expires_in: 7200 };
		world.simulator.faults.push({ operation: 'ebay.token', kind: 'status', status: 200, body });
		expect(await window.save()).toMatch(/^eBay gave no refresh token for the code\. Empty/);
	});
});

describe('scopes', () => {
	const withoutConversations = () => {
		const { state } = world.simulator.ebay;
		state.keysetScopes = state.keysetScopes.filter((scope) => !scope.endsWith('commerce.message'));
	};

	it.each([
		['the word', 'invalid_scope'],
		['what eBay shows', '{"error_id":"invalid_scope","http_status_code":400}'],
		['an address with it', 'https://www.example.com/?error=invalid_scope'],
	])(
		'that a keyset lacks are told by name after %s, and left out of the address',
		async (_what, told) => {
			withoutConversations();
			const window = newWindow();
			const first = addressIn(await window.save());
			expect(await (await fetch(first)).json()).toMatchObject({ error_id: 'invalid_scope' });

			window.write({ consentAddress: told });
			const box = await window.save();
			expect(box).toMatch(/^eBay did not give your keyset every scope/);
			expect(box).toContain('commerce.message (for the resource Conversation');
			window.write({ consentAddress: await agree(addressIn(box)) });
			expect(await window.save()).toBeUndefined();
			expect((await send()).items[0]!.json.status).toBe('sent');
		},
	);
});

describe('a refresh token of one’s own', () => {
	it('is tried by its exchange and one harmless call', async () => {
		const { refreshTokens } = world.simulator.ebay.state;
		refreshTokens.set('v^1.1#own', { ...refreshTokens.values().next().value!, clientId });
		expect(await newWindow({ ruName: '', refreshToken: 'v^1.1#own' }).save()).toBeUndefined();
		expect(grants()).toEqual(['refresh_token']);
		expect(world.calls()).toEqual(['ebay.GetUser']);
	});
});

describe('in the wrong field', () => {
	it.each([
		[
			'an Auth’n’Auth token',
			{ consentAddress: 'AgAAAA**AQAAAA' },
			/^'Address After Consent' holds an Auth'n'Auth token\. To use it, choose 'Auth Token'/,
		],
		[
			'an access token',
			{ consentAddress: 'v^1.1#i^1#p^3#t^H4sIAAAA' },
			/^'Address After Consent' holds an access token/,
		],
		[
			'the address of the page itself',
			{ consentAddress: 'https://auth.ebay.com/oauth2/authorize?client_id=x' },
			/before the seller agreed/,
		],
		[
			'an address without a code',
			{ consentAddress: 'https://www.example.com/' },
			/^'Address After Consent' holds no code/,
		],
		['something else', { consentAddress: 'hello' }, /^'Address After Consent' holds no code/],
		[
			'a refusal of the seller',
			{ consentAddress: 'https://x.example/?isAuthSuccessful=false&error=access_denied' },
			/^The seller did not agree/,
		],
		[
			'what eBay says of a wrong RuName',
			{ consentAddress: '{"error_id":"temporarily_unavailable"}' },
			/^eBay does not know this 'RuName'/,
		],
		[
			'what eBay says of a wrong client',
			{ consentAddress: '{"error_id":"unauthorized_client"}' },
			/^eBay does not know this 'Client ID'/,
		],
		['an address as RuName', { ruName: 'https://www.example.com' }, /^'RuName' holds an address/],
		['a code without a RuName', { ruName: '', consentAddress: 'v^1.1#x' }, /^'RuName' is empty/],
		['nothing at all', { ruName: '' }, /^The credential is not connected to eBay yet/],
		[
			'an Auth’n’Auth token as refresh token',
			{ refreshToken: '"AgAAAA**AQAAAA"' },
			/^'Refresh Token' holds an Auth'n'Auth token/,
		],
		[
			'the address as refresh token',
			{ refreshToken: 'https://x.example/?code=v%5E1.1%23x' },
			/^'Refresh Token' holds the address after a consent/,
		],
		[
			'a code as refresh token',
			{ refreshToken: 'v^1.1#i^1#f^0#t^Ul41XzIx' },
			/^'Refresh Token' holds something else.*code of a consent/,
		],
		[
			'an access token as refresh token',
			{ refreshToken: 'v^1.1#i^1#t^H4sIAAA' },
			/^'Refresh Token' holds something else.*access token/,
		],
		[
			'the Cert ID as client ID',
			{ clientId: 'PRD-0123456789ab', refreshToken: 'v^1.1#x' },
			/^eBay does not know this 'Client ID'.*looks like a Cert ID/,
		],
		[
			'an OAuth token as Auth Token',
			{ authentication: 'authToken', authToken: "'v^1.1#x'" },
			/^'Auth Token' holds an OAuth token/,
		],
		['no Auth Token', { authentication: 'authToken' }, /^The credential's 'Auth Token' is empty/],
		[
			'a wrong Auth Token',
			{ authentication: 'authToken', authToken: 'AgAAAA**wrong' },
			/^eBay does not accept the 'Auth Token'\..*User Tokens/,
		],
		[
			'a wrong Cert ID',
			{ clientSecret: 'wrong', refreshToken: 'v^1.1#x' },
			/^eBay does not know this 'Client ID' and 'Client Secret'\. Copy both again/,
		],
		[
			'a refresh token that ended',
			{ refreshToken: 'v^1.1#old' },
			/^eBay does not accept the 'Refresh Token'.*fill in 'RuName'/,
		],
		[
			'no address',
			{ apiUrl: 'nowhere' },
			/^The credential's 'API URL' is not an address\. Write one/,
		],
	])('%s is recognized', async (_what, written, box) => {
		expect(await newWindow(written as Record<string, string>).save()).toMatch(box);
	});
});

describe('a credential that was good', () => {
	it('is tried anew at every test, although its access token is still good', async () => {
		await connected();
		world.simulator.ebay.state.refreshTokens.clear();
		expect(await openWindow(type(), store).save()).toMatch(/^The seller's consent has ended/);
	});
});

describe('an Auth’n’Auth token', () => {
	beforeEach(() => {
		const { authTokens } = world.simulator.ebay.state;
		authTokens.set('AgAAAA**mine', authTokens.values().next().value!);
	});
	const window = () => newWindow({ authentication: 'authToken', authToken: '“AgAAAA**mine”' });

	it('is tried by GetUser when it is saved, and by no send', async () => {
		expect(await window().save()).toBeUndefined();
		expect(world.calls()[0]).toBe('ebay.GetUser');
		expect(world.simulator.calls.map(({ headers }) => headers['x-credential-test'])).toEqual([
			undefined,
			undefined,
		]);
		const before = world.calls().length;
		await send();
		await send();
		expect(world.calls().slice(before)).toEqual(Array(2).fill('ebay.AddMemberMessageAAQToPartner'));
	});

	it('that nobody can reach eBay with is said', async () => {
		const box = await newWindow({
			authentication: 'authToken',
			authToken: 'AgAAAA**mine',
			apiUrl: 'http://127.0.0.1:1',
		}).save();
		expect(box).toMatch(/^eBay could not be reached\. Check the internet connection/);
	});
});

describe('the address of the page', () => {
	it.each([
		[{}, 'https://auth.ebay.com/oauth2/authorize?client_id='],
		[{ environment: 'sandbox' }, 'https://auth.sandbox.ebay.com/oauth2/authorize?client_id='],
		[
			{ environment: 'custom', apiUrl: 'http://gate.example/e/' },
			'http://gate.example/e/oauth2/authorize?client_id=',
		],
	])('of %j begins with %s', (fields, begin) => {
		expect(consentAddressOf(fields)).toMatch(begin);
	});

	it('is shown whole, although n8n puts words of its own where it sees an error code', () => {
		const address = consentAddressOf({
			clientId: 'Shop-Econnreset-PRD-1',
			ruName: 'J_Doe-J-DeEpErm-a',
		});
		const shown = new NodeApiError({ name: 'x', type: 'x' } as INode, new Error(address) as never);
		expect(shown.message).toBe(address);
		const { searchParams } = new URL(address);
		expect(searchParams.get('client_id')).toBe('Shop-Econnreset-PRD-1');
		expect(searchParams.get('redirect_uri')).toBe('J_Doe-J-DeEpErm-a');
	});
});
