import { demoTickets } from '../marketplaces/magalu/demo.mts';
import { type Editor, openEditor } from './browser.mts';
import { demoCredentials } from './examples.mts';
import { startWorld, type World } from './world.mts';

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
		const workflow = {
			name: 'Available types',
			nodes: [
				{
					id: 'start',
					name: 'Start',
					type: 'n8n-nodes-base.manualTrigger',
					typeVersion: 1,
					position: [0, 0] as [number, number],
					parameters: {},
				},
				{
					id: 'types',
					name: 'Types',
					type: 'n8n-nodes-marketplace-messages.amazonMessaging',
					typeVersion: 1,
					position: [220, 0] as [number, number],
					parameters: { operation: 'getAvailableTypes', orderId: '111-1111111-1111111' },
					credentials: { amazonSellingPartnerApi: { id: '', name: '' } },
				},
			],
			connections: { Start: { main: [[{ node: 'Types', type: 'main', index: 0 }]] } },
		};
		const id = await n8n.importWorkflow(workflow);
		expect(await n8n.runWorkflow(id)).toMatchObject({ status: 'success' });

		const [{ id: credential, ...amazon }] = demoCredentials(simulator.origin);
		amazon.data.refreshToken = 'Atzr|another-seller';
		await n8n.api('PATCH', `/credentials/${credential}`, amazon);
		const { status, error } = await n8n.runWorkflow(id);

		expect(status).toBe('error');
		expect(error?.message).toMatch(/^Amazon does not accept the 'Refresh Token'/);
	});

	describe('Magalu', () => {
		let editor: Editor;

		beforeAll(async () => {
			editor = await openEditor(world.n8n);
		});

		afterAll(async () => await editor?.close());

		it("is connected through Magalu's consent, and a message is sent with it", async () => {
			const { n8n, simulator } = world;
			const demo = demoCredentials(simulator.origin).find(
				({ type }) => type === 'magaluOAuth2Api',
			)!;
			const { oauthTokenData, ...data } = demo.data;
			const id = await n8n.importCredential({ ...demo, name: 'My store', data });

			const said = await editor.connect(id, async (popup) => {
				await popup.locator('#user').fill('loja');
				await popup.locator('#password').fill('demo');
				await popup.locator('#authorize').click();
			});

			expect(said).toContain('Account connected');
			const workflow = await n8n.importWorkflow({
				name: 'Answer',
				nodes: [
					{
						id: 'start',
						name: 'Start',
						type: 'n8n-nodes-base.manualTrigger',
						typeVersion: 1,
						position: [0, 0],
						parameters: {},
					},
					{
						id: 'answer',
						name: 'Answer',
						type: 'n8n-nodes-marketplace-messages.magaluTicketMessage',
						typeVersion: 1,
						position: [220, 0],
						parameters: {
							ticketId: { __rl: true, mode: 'id', value: demoTickets.waitingSeller },
							text: 'O pedido sai amanhã.',
							ownerName: 'Ana',
							ownerCode: 'ana',
						},
						credentials: { magaluOAuth2Api: { id, name: 'My store' } },
					},
				],
				connections: { Start: { main: [[{ node: 'Answer', type: 'main', index: 0 }]] } },
			});

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
