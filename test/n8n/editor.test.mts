import type { Locator } from 'playwright-core';

import { demoTickets } from '../marketplaces/magalu/demo.mts';
import { accountChecks, crippleEbay, crippleMagalu } from './accounts.mts';
import { type Editor, openEditor } from './browser.mts';
import { demoCopy, demoCredentials, examples } from './examples.mts';
import { bringing, pdf, picture } from './files.mts';
import { lostAnswers } from './lostAnswers.mts';
import { outputTables } from './outputTables.mts';
import { startWorld, type World } from './world.mts';

describe('the editor', () => {
	let world: World;
	let editor: Editor;

	beforeAll(async () => {
		world = await startWorld('editor');
		editor = await openEditor(world.n8n);
	});

	afterAll(async () => {
		await editor?.close();
		await world?.stop();
	});

	beforeEach(async () => {
		world.simulator.reset();
		await editor.page.setViewportSize({ width: 1440, height: 900 });
	});

	it('runs a workflow that was put together by hand', async () => {
		await editor.newWorkflow('Made by hand');
		await editor.addNode('Manual Trigger');
		await editor.addNode('Edit Fields (Set)');
		await editor.closeNode();

		expect(await editor.executeWorkflow()).toContain('Workflow executed successfully');
	});

	const [amazon, ebay, magalu] = [
		'Amazon Messaging',
		'eBay Member Message',
		'Magalu Ticket Message',
	];

	/** What n8n's list of actions says of every send. */
	const byAPerson = '(a person reads it, cannot be undone)';

	describe('finds in the panel', () => {
		beforeAll(async () => {
			await editor.newWorkflow('Search');
			await editor.addNode('Manual Trigger');
		});

		it.each([
			[amazon, [amazon]],
			[ebay, [ebay]],
			[magalu, [magalu]],
			['buyer message', [amazon, ebay, magalu]],
			['ask for review', [amazon]],
			['order message', [amazon, ebay, magalu]],
			['sac', [magalu]],
			['warranty', [amazon]],
			['nota fiscal', [magalu]],
		])('for "%s": %j', async (words, names) => {
			expect(await editor.search(words)).toEqual(expect.arrayContaining(names));
		});
	});

	const warranty = bringing(
		'Warranty for the buyer',
		{ orderId: '111-1111111-1111111' },
		{ fileName: 'warranty.pdf', mimeType: 'application/pdf', bytes: pdf },
	);

	it("sends a warranty to an Amazon buyer from the node's own form", async () => {
		await editor.page.setViewportSize({ width: 1440, height: 980 });
		await editor.openWorkflow(await world.n8n.importWorkflow(warranty));
		await editor.addNodeAfter('File', amazon, `Send message ${byAPerson}`);
		await editor.fill('orderId', "={{ $('Order').item.json.orderId }}");
		await editor.addEntry('attachments');

		expect(await editor.executeStep()).toMatch(/\bsent\b/);
		await editor.nodePicture('amazon-message');
		expect(world.simulator.received).toEqual([
			expect.objectContaining({
				reference: '111-1111111-1111111',
				attachments: [expect.objectContaining({ fileName: 'warranty.pdf', bytes: pdf })],
			}),
		]);
	});

	it("sends a picture to an eBay buyer from the node's own form", async () => {
		const thanks =
			'Thank you for buying "Blue ceramic mug". We are packing it now; the picture shows how it will come to you.';
		const workflow = bringing(
			'Picture for the buyer',
			{ itemId: '110000000001', recipientId: 'buyer_one' },
			{ fileName: 'your-parcel.png', mimeType: 'image/png', bytes: picture },
		);
		await editor.page.setViewportSize({ width: 1440, height: 1180 });
		await editor.openWorkflow(await world.n8n.importWorkflow(workflow));
		await editor.addNodeAfter('File', ebay, `Send message ${byAPerson}`);
		await editor.fill('itemId', "={{ $('Order').item.json.itemId }}");
		await editor.fill('recipientId', "={{ $('Order').item.json.recipientId }}");
		await editor.fill('subject', 'Thank you for your order');
		await editor.fill('body', thanks);
		await editor.addEntry('attachments');

		expect(await editor.executeStep()).toMatch(/\bsent\b/);
		await editor.nodePicture('ebay-message');
		expect(world.simulator.received).toEqual([
			expect.objectContaining({
				reference: '110000000001',
				recipient: 'buyer_one',
				subject: 'Thank you for your order',
				text: thanks,
				attachments: [expect.objectContaining({ bytes: picture })],
			}),
		]);
	});

	it("answers a Magalu ticket, found by its order number, from the node's own form", async () => {
		const text = 'Olá! Segue a nota fiscal do seu pedido. Qualquer dúvida, estamos à disposição.';
		const workflow = bringing(
			'Invoice for a ticket',
			{},
			{ fileName: 'invoice.pdf', mimeType: 'application/pdf', bytes: pdf },
		);
		await editor.page.setViewportSize({ width: 1440, height: 1180 });
		await editor.openWorkflow(await world.n8n.importWorkflow(workflow));
		await editor.addNodeAfter('File', magalu, `Send message ${byAPerson}`);
		const found = await editor.chooseFound('ticketId', '1470000000000001');
		await editor.fill('text', text);
		await editor.fill('ownerName', 'Ana');
		await editor.fill('ownerCode', 'ana');
		await editor.addEntry('attachments');

		expect(await editor.executeStep()).toMatch(/\bsent\b/);
		await editor.nodePicture('magalu-ticket-message');
		expect(found).toEqual([expect.stringMatching(/^Order 1470000000000001, [a-z ]+, answer by /)]);
		expect(world.simulator.received).toEqual([
			expect.objectContaining({
				reference: demoTickets.waitingSeller,
				text,
				attachments: [expect.objectContaining({ fileName: 'invoice.pdf', bytes: pdf })],
			}),
		]);
	});

	it('goes on with an eBay conversation, found by who wrote', async () => {
		await editor.newWorkflow('Conversation');
		await editor.addNode('Manual Trigger');
		await editor.addNodeAfter(
			'When clicking ‘Execute workflow’',
			ebay,
			`Send message in conversation ${byAPerson}`,
		);
		const found = await editor.chooseFound('conversationId', 'buyer_one');
		await editor.fill('text', 'It arrives tomorrow.');

		expect(await editor.executeStep()).toMatch(/\bsent\b/);
		expect(found).toEqual(['buyer_one, item 110000000001: When will my mug arrive?']);
		expect(world.simulator.received).toEqual([
			expect.objectContaining({ recipient: 'buyer_one', text: 'It arrives tomorrow.' }),
		]);
	});

	it('has a text box with its limit as soon as the type of an Amazon message takes a text', async () => {
		await editor.openWorkflow(await world.n8n.importWorkflow(warranty));
		await editor.addNodeAfter('File', amazon, `Send message ${byAPerson}`);
		const atFirst = await editor.labels();
		await editor.choose('messageType', 'Digital Access Key (Text and Files)');
		const labels = await editor.labels();

		expect(atFirst).not.toContain('Text');
		expect(labels.filter((label) => label === 'Text')).toHaveLength(1);
		await editor.page.getByText('At most 400 characters', { exact: true }).waitFor();
	});

	it('shows what Amazon refused in the output panel, and what to do', async () => {
		await editor.openWorkflow(await world.n8n.importWorkflow(warranty));
		await editor.addNodeAfter('File', amazon, `Send message ${byAPerson}`);
		await editor.choose('messageType', 'Invoice (Files)');
		await editor.fill('orderId', '000-0000000-0000000');
		await editor.addEntry('attachments');
		const shown = await editor.executeStep();

		expect(shown).toContain('Amazon does not find this order');
		expect(shown).toContain('Order ID');
		expect(world.simulator.received).toEqual([]);
	});

	lostAnswers(
		() => world,
		() => editor,
	);

	outputTables(
		() => world,
		() => editor,
	);

	describe('checks an account', () => {
		beforeAll(async () => {
			const { n8n, simulator } = world;
			const [{ id, ...credential }] = demoCredentials(simulator.origin);
			// The demo's ends soon.
			credential.data.lwaCredentialsExpireOn = '2999-12-31';
			await n8n.api('PATCH', `/credentials/${id}`, credential);
			await editor.openWorkflow(await n8n.importWorkflow(accountChecks));
		});

		/** Executes the check and shows what it says as a table. */
		async function check(name: string): Promise<Locator> {
			await editor.openNode(name);
			await editor.executeStep();
			const panel = editor.page.getByTestId('output-panel');
			await panel.getByText('Table', { exact: true }).click();
			const table = panel.locator('table');
			await table.waitFor();
			return table;
		}

		/** How far a table is from the edges of the panel that it is in, in pixels: less than 0 is beyond. */
		const roomAround = async (table: Locator) =>
			await table.evaluate((element) => {
				const panel = element.closest('[class*="dataDisplay"]')!;
				const { right, bottom } = panel.getBoundingClientRect();
				const drawn = element.getBoundingClientRect();
				return { right: right - drawn.right, bottom: bottom - drawn.bottom };
			});

		it.each([amazon, ebay, magalu])(
			"that is healthy, as a table that fits on a laptop's screen: %s",
			async (name) => {
				const table = await check(name);
				const shown = await table.innerText();
				const room = await roomAround(table);
				await editor.closeNode();

				expect(shown).not.toMatch(/\bfalse\b/);
				expect(room.right).toBeGreaterThanOrEqual(0);
				expect(room.bottom).toBeGreaterThanOrEqual(0);
			},
		);

		it.each([
			[ebay, crippleEbay, 'Your consent does not cover conversations', 'scope commerce.message'],
			[
				magalu,
				crippleMagalu,
				'lacks the scope open:order-order-seller:read',
				'idm client add-scope',
			],
		])('that is crippled, and says what to do: %s', async (name, cripple, message, advice) => {
			await editor.page.setViewportSize({ width: 1920, height: 1080 });
			const heal = cripple(world.simulator);
			const table = await check(name);
			await table.getByText(message).first().waitFor();
			const shown = await table.innerText();
			const room = await roomAround(table);
			await editor.closeNode();
			heal();

			expect(shown).toContain(advice);
			expect(room.right).toBeGreaterThanOrEqual(0);
		});

		it(`that is crippled, and says what to do: ${amazon}`, async () => {
			await editor.page.setViewportSize({ width: 1920, height: 1080 });
			const { state } = world.simulator.amazon;
			state.sellers[0].withoutRole = ['amazon.actions', 'amazon.createUpload'];
			await editor.newWorkflow('Check of a crippled account');
			await editor.addNode('Manual Trigger');
			await editor.addNodeAfter('When clicking ‘Execute workflow’', amazon, 'Check account');
			const shown = await editor.executeStep();
			await editor.page.getByTestId('output-panel').getByText('Table', { exact: true }).click();
			await editor.tablePicture('account-check');

			expect(shown).toContain('The app may not send messages');
			expect(shown).toContain('add the role Buyer Communication');
		});
	});

	it.each(examples())(
		'draws $file for the README, large enough to be read',
		async ({ file, workflow }) => {
			const id = await world.n8n.importWorkflow(workflow);
			const name = file.replace('.json', '');
			const small = `workflows/small/${name}`;
			const size = await editor.canvasPicture(id, `workflows/${name}`, small);

			const notes = workflow.nodes.filter(({ type }) => type.endsWith('stickyNote'));
			expect(await editor.page.getByTestId('sticky').count()).toBe(notes.length);
			// Notes are set in 14 px: a person reads them as the workflow opens.
			expect(size).toBeGreaterThanOrEqual(0.8);
		},
	);

	it("draws the simulator's page for the README", async () => {
		const text = 'Podem enviar a nota fiscal?';
		world.simulator.magalu.addMessage(demoTickets.waitingSeller, { text });
		const sends = examples().filter(({ file }) => /^[1-3]-/.test(file));
		for (const { workflow } of sends) {
			const { status, error } = await world.n8n.runWorkflow(
				await world.n8n.importWorkflow(demoCopy(workflow, '')),
			);
			expect({ status, error }).toEqual({ status: 'success', error: undefined });
		}
		const mails = ['mailbox-amazon', 'mailbox-ebay', 'mailbox-magalu'];
		await editor.pagePicture(world.simulator.origin, 'simulator', 1200, mails);

		expect(world.simulator.received).toHaveLength(3);
	});
});
