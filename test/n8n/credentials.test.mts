import type { Page } from 'playwright-core';

import { demoUser } from '../marketplaces/ebay/consent.mts';
import { demoTickets, demoUser as owner } from '../marketplaces/magalu/demo.mts';
import { demoRuName } from '../marketplaces/ebay/index.mts';
import { type Editor, openEditor } from './browser.mts';
import { newCredential } from './credentialWindow.mts';
import { demoCredentials } from './examples.mts';
import { inARow, ours } from './workflow.mts';
import { startWorld, type World } from './world.mts';
import {
	addClientAndEmployee,
	employee,
	exchangeElsewhere,
	rightFields,
	wrongConnections,
	wrongWays,
} from './wrongCredentials.mts';

/** A workflow that writes to a buyer of the demo. */
const thanks = (id: string) =>
	inARow('Thanks', [
		ours(
			'Thanks',
			'ebayMemberMessage',
			{
				itemId: '110000000001',
				recipientId: 'buyer_one',
				subject: 'Your mug',
				body: 'It left our house today.',
			},
			id,
		),
	]);

interface Tested {
	status: 'OK' | 'Error';
	message: string;
}

describe('the credentials in a real n8n', () => {
	let world: World;

	beforeAll(async () => {
		world = await startWorld('credentials');
	});

	afterAll(async () => await world?.stop());

	beforeEach(() => world.simulator.reset());

	/** What "Retry" in the credential's window does, with these fields changed. */
	async function test(type: string, changed: Record<string, string> = {}): Promise<Tested> {
		const { n8n, simulator } = world;
		const demo = demoCredentials(simulator.origin).find((one) => one.type === type)!;
		const credentials = { ...demo, data: { ...demo.data, ...changed } };
		return await n8n.api<Tested>('POST', '/credentials/test', { credentials });
	}

	const authToken = { authentication: 'authToken', authToken: 'AgAAAA**demo-auth-token' };

	it.each([
		['amazonSellingPartnerApi', {}],
		['ebayApi', {}],
		['ebayApi', authToken],
	])('%s is tested: %j is good', async (type, changed) => {
		expect(await test(type, changed)).toMatchObject({ status: 'OK' });
	});

	it.each([
		[
			'amazonSellingPartnerApi',
			{ clientSecret: 'wrong' },
			"Amazon does not know this 'Client ID' and 'Client Secret'. Copy both again from Seller Central",
		],
		[
			'amazonSellingPartnerApi',
			{ refreshToken: 'Atzr|revoked' },
			"Amazon does not accept the 'Refresh Token' (wrong, or access was revoked). In Seller Central open",
		],
		[
			'ebayApi',
			{ clientSecret: 'wrong' },
			"eBay does not know this 'Client ID' and 'Client Secret'. ",
		],
		[
			'ebayApi',
			{ refreshToken: 'v^1.1#revoked' },
			"eBay does not accept the 'Refresh Token' (wrong, ended, or access was revoked). ",
		],
		[
			'ebayApi',
			{ ...authToken, authToken: 'AgAAAA**wrong' },
			"eBay does not accept the 'Auth Token'. ",
		],
	])('%s is tested: %j is refused in our own words', async (type, changed, words) => {
		const { status, message } = await test(type, changed);

		expect({ status, message }).toEqual({
			status: 'Error',
			message: expect.stringContaining(words),
		});
	});

	it("Amazon's client secret is tested: that it has expired is said", async () => {
		world.simulator.faults.push({
			operation: 'lwa.token',
			kind: 'status',
			status: 401,
			body: { error: 'invalid_client', error_description: 'Client secret has expired' },
		});

		expect(await test('amazonSellingPartnerApi')).toEqual({
			status: 'Error',
			message: expect.stringMatching(
				/^Amazon says the 'Client Secret' has expired\. Secrets live 180/,
			),
		});
	});

	it('a changed refresh token counts at once, although the old access token is still good', async () => {
		const { n8n, simulator } = world;
		const workflow = inARow('Available types', [
			ours('Types', 'amazonMessaging', {
				operation: 'getAvailableTypes',
				orderId: '111-1111111-1111111',
			}),
		]);
		const id = await n8n.importWorkflow(workflow);
		expect(await n8n.runWorkflow(id)).toMatchObject({ status: 'success' });

		const [{ id: credential, ...amazon }] = demoCredentials(simulator.origin);
		amazon.data.refreshToken = 'Atzr|another-seller';
		await n8n.api('PATCH', `/credentials/${credential}`, amazon);
		const { status, error } = await n8n.runWorkflow(id);

		expect(status).toBe('error');
		expect(error?.message).toMatch(/^Amazon does not accept the 'Refresh Token'/);
	});

	describe("in n8n's own window, by clicking and typing", () => {
		let editor: Editor;

		beforeAll(async () => {
			editor = await openEditor(world.n8n);
		});

		afterAll(async () => await editor?.close());

		/** A new credential for the simulator, filled in as its demo has it. */
		async function filledIn(type: string, changed: Record<string, string> = {}) {
			const window = await newCredential(editor.page, world.n8n.origin, type);
			await window.choose('environment', 'Custom');
			await window.fill({ ...rightFields(type, world.simulator.origin), ...changed });
			return window;
		}

		/** What the seller does in another tab. @returns what its address line shows in the end */
		async function agree(box: string): Promise<string> {
			const [address] = /http:\S+$/.exec(box)!;
			const tab = await editor.page.context().newPage();
			await tab.goto(address);
			await tab.locator('#user').fill(demoUser.name);
			await tab.locator('#password').fill(demoUser.password);
			await tab.locator('#agree').click();
			await tab.getByText('successfully completed').waitFor();
			const shown = tab.url();
			await tab.close();
			return shown;
		}

		/** At Magalu. */
		async function signIn(popup: Page, { name, password } = owner): Promise<void> {
			await popup.locator('#user').fill(name);
			await popup.locator('#password').fill(password);
			await popup.locator('#authorize').click();
		}

		const exchangedCodes = () =>
			world.simulator.calls.filter(
				({ operation, body }) =>
					operation === 'ebay.token' && body.includes('grant_type=authorization_code'),
			);

		it("eBay is connected by the seller's consent, and stays so: saved again, renamed, and in an n8n that was started anew", async () => {
			const window = await filledIn('eBay API', { ruName: demoRuName });
			const box = await window.save();
			expect(box).toContain(
				"One step is left: the seller has to agree on eBay's page. Open the address",
			);

			await window.fill({ consentAddress: await agree(box) });
			expect(await window.save()).toBe('connected');
			await window.choose('siteId', 'Germany');
			expect(await window.save()).toBe('connected');
			await window.rename('My eBay shop');
			expect(await window.save()).toBe('connected');

			await world.restart();
			const workflow = await world.n8n.importWorkflow(thanks(window.id()));
			expect(await world.n8n.runWorkflow(workflow)).toMatchObject({ status: 'success' });
			// The window still holds what it held before.
			await window.choose('siteId', 'Italy');
			expect(await window.save()).toBe('connected');
			expect(await world.n8n.runWorkflow(workflow)).toMatchObject({ status: 'success' });
			expect(world.simulator.received).toHaveLength(2);
			expect(exchangedCodes()).toHaveLength(1);
			await window.close();
		}, 300_000);

		it('a code of eBay that was used elsewhere is said, with the address again, which connects', async () => {
			const { origin } = world.simulator;
			const window = await filledIn('eBay API', { ruName: demoRuName });
			const consentAddress = await agree(await window.save());
			const used = await exchangeElsewhere(
				origin,
				new URL(consentAddress).searchParams.get('code')!,
			);
			expect(used.status).toBe(200);

			await window.fill({ consentAddress });
			const box = await window.save();
			expect(box).toContain(
				"eBay does not take the code in 'Address After Consent': it was used before, or has ended. A code is good for five minutes and for one use",
			);
			await window.fill({ consentAddress: await agree(box) });
			expect(await window.save()).toBe('connected');
			await window.close();
		});

		it.each(Object.entries(wrongWays))(
			'%s: what a seller gets wrong is told in the red box, with what to do',
			async (type, ways) => {
				const right = rightFields(type, world.simulator.origin);
				const window = await filledIn(type);
				const told: string[] = [];
				for (const { fields } of ways) {
					await window.fill({ ...right, ...fields });
					told.push(await window.save());
				}
				expect(told).toEqual(ways.map(({ box }) => expect.stringMatching(box)));

				// With the right ones again, in quotes as people paste them.
				await window.fill({ ...right, clientId: ` "${right.clientId}" ` });
				expect(await window.save()).toBe('connected');
				await window.close();
			},
		);

		it('what a seller gets wrong with Magalu is told when he connects', async () => {
			const right = rightFields('Magalu OAuth2 API', world.simulator.origin);
			addClientAndEmployee(world.simulator);
			const window = await filledIn('Magalu OAuth2 API');
			const told: string[] = [await window.text()];
			for (const { fields } of wrongConnections) {
				await window.fill({ ...right, ...fields });
				const popup = await window.connect();
				const failed = popup.getByText(/Something went wrong|Failed to connect/);
				await popup.locator('#user').or(failed).waitFor();
				if (!(await failed.isVisible())) await signIn(popup);
				await failed.waitFor();
				told.push(`${await popup.locator('body').innerText()}\n${await window.text()}`);
				await popup.close();
			}
			expect(told).toEqual(
				[
					/Connect your account to use this credential/,
					...wrongConnections.map(({ told: words }) => words),
				].map((words) => expect.stringMatching(words)),
			);
		});

		/** Magalu's credential as it is before somebody connects it. @returns its ID */
		async function unconnected(name: string): Promise<string> {
			const { n8n, simulator } = world;
			const demo = demoCredentials(simulator.origin).find(
				({ type }) => type === 'magaluOAuth2Api',
			)!;
			const { oauthTokenData, ...data } = demo.data;
			return await n8n.importCredential({ ...demo, name, data });
		}

		it('Magalu connects an employee too, and the check of the account says what is wrong', async () => {
			addClientAndEmployee(world.simulator);
			const id = await unconnected('Connected by an employee');
			await editor.connect(id, async (popup) => await signIn(popup, employee));
			const check = { resource: 'account', operation: 'check' };
			const nodes = [ours('Check', 'magaluTicketMessage', check, id)];
			const workflow = await world.n8n.importWorkflow(inARow('Check', nodes));
			const { output } = await world.n8n.runWorkflow(workflow);

			const rows = output.Check![0]!.map(({ json }) => json);
			expect(rows.find((row) => row.check === 'Store')).toMatchObject({
				ok: false,
				message: 'The person who connected the credential is not an administrator of the store',
				advice: expect.stringContaining('When connecting, choose your store') as unknown,
			});
		});

		it("Magalu is connected through Magalu's consent, and a message is sent with it", async () => {
			const { n8n, simulator } = world;
			const id = await unconnected('My store');

			const said = await editor.connect(id, signIn);

			expect(said).toContain('Account connected');
			const answer = {
				ticketId: { __rl: true, mode: 'id', value: demoTickets.waitingSeller },
				text: 'O pedido sai amanhã.',
				ownerName: 'Ana',
				ownerCode: 'ana',
			};
			const workflow = await n8n.importWorkflow(
				inARow('Answer', [ours('Answer', 'magaluTicketMessage', answer, id)]),
			);

			expect(await n8n.runWorkflow(workflow)).toMatchObject({ status: 'success' });
			expect(simulator.received).toEqual([
				expect.objectContaining({
					reference: demoTickets.waitingSeller,
					text: 'O pedido sai amanhã.',
				}),
			]);
			// The token of the consent was used: none was asked for anew.
			expect(simulator.calls.filter(({ operation }) => operation === 'magalu.token')).toHaveLength(
				1,
			);
		});
	});
});
