import { type Editor, openEditor } from './browser.mts';
import type { WorkflowFile } from './instance.mts';
import { startWorld, type World } from './world.mts';

/** A PDF made by n8n itself, so that its bytes lie where n8n keeps files. */
const withInvoice: WorkflowFile = {
	name: 'Invoice for the buyer',
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
			id: 'order',
			name: 'Order',
			type: 'n8n-nodes-base.set',
			typeVersion: 3.4,
			position: [220, 0],
			parameters: {
				mode: 'raw',
				jsonOutput: JSON.stringify({
					orderId: '111-1111111-1111111',
					file: Buffer.from('%PDF-1.4\n%%EOF\n').toString('base64'),
				}),
			},
		},
		{
			id: 'invoice',
			name: 'Invoice',
			type: 'n8n-nodes-base.convertToFile',
			typeVersion: 1.1,
			position: [440, 0],
			parameters: {
				operation: 'toBinary',
				sourceProperty: 'file',
				options: { fileName: 'Rechnung "März".pdf', mimeType: 'application/pdf' },
			},
		},
	],
	connections: {
		Start: { main: [[{ node: 'Order', type: 'main', index: 0 }]] },
		Order: { main: [[{ node: 'Invoice', type: 'main', index: 0 }]] },
	},
};

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

	beforeEach(() => world.simulator.reset());

	it('runs a workflow that was put together by hand', async () => {
		await editor.newWorkflow('Made by hand');
		await editor.addNode('Manual Trigger');
		await editor.addNode('Edit Fields (Set)');
		await editor.closeNode();

		expect(await editor.executeWorkflow()).toContain('Workflow executed successfully');
	});

	it.each(['Amazon Messaging', 'eBay Member Message', 'Magalu Ticket Message'])(
		'finds %s in the panel by its name',
		async (name) => {
			await editor.newWorkflow(`Search for ${name}`);
			await editor.addNode('Manual Trigger');

			expect(await editor.search(name)).toContain(name);
		},
	);

	it("sends an invoice to an Amazon buyer from the node's own form", async () => {
		const id = await world.n8n.importWorkflow(withInvoice);
		await editor.openWorkflow(id);
		await editor.addNodeAfter('Invoice', 'Amazon Messaging', 'Send message');
		await editor.choose('messageType', 'Invoice');
		await editor.fill('orderId', "={{ $('Order').item.json.orderId }}");
		await editor.addEntry('attachments');
		await editor.screenshot('amazon-messaging');
		await editor.closeNode();

		expect(await editor.executeWorkflow()).toContain('Workflow executed successfully');
		expect(world.simulator.received).toEqual([
			expect.objectContaining({
				reference: '111-1111111-1111111',
				attachments: [
					expect.objectContaining({
						fileName: 'Rechnung "März".pdf',
						bytes: Buffer.from('%PDF-1.4\n%%EOF\n'),
					}),
				],
			}),
		]);
	});

	it('shows what Amazon refused in the output panel', async () => {
		const id = await world.n8n.importWorkflow(withInvoice);
		await editor.openWorkflow(id);
		await editor.addNodeAfter('Invoice', 'Amazon Messaging', 'Send message');
		await editor.choose('messageType', 'Invoice');
		await editor.fill('orderId', '000-0000000-0000000');
		await editor.addEntry('attachments');

		expect(await editor.executeStep()).toMatch(/order/i);
		expect(world.simulator.received).toEqual([]);
	});
});
