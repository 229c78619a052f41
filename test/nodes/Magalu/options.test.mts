import { keepNotes } from '../../engine/engine.mts';
import { demoTickets } from '../../marketplaces/magalu/demo.mts';
import { attached, magaluWorld, messageForm, pdf, TICKET } from '../../engine/magalu.mts';

/** One clock for the node and for Magalu; whoever sleeps moves it. */
let mockNow = Date.parse('2026-11-20T12:00:00Z');
jest.mock('n8n-workflow', () => ({
	...jest.requireActual<object>('n8n-workflow'),
	sleep: async (ms: number) => {
		mockNow += ms;
		await new Promise(setImmediate);
	},
}));
beforeEach(() => void jest.spyOn(Date, 'now').mockImplementation(() => mockNow));

const world = magaluWorld();
const sent = () => world.simulator.received;

describe('the options', () => {
	it('let only check', async () => {
		const options = { validateOnly: true };
		const { items } = await world.run(messageForm({ ...attached('data'), code: 'erp-7', options }));
		expect(items[0]!.json).toEqual({
			status: 'validated',
			marketplace: 'magalu',
			ticketId: TICKET,
			code: 'erp-7',
			destination: 'customer',
			text: 'O pedido sai amanhã.',
			attachments: [{ fileName: 'nota.pdf', mimeType: 'application/pdf', size: 20 }],
		});
		expect(world.calls()).toEqual(['magalu.ticket']);
	});

	it.each([
		['that is closed', demoTickets.closed, /^The ticket is closed$/],
		['that is not there', crypto.randomUUID(), /^Magalu does not find what was asked for/],
	])('let only check, and fail for a ticket %s', async (_, ticketId, message) => {
		const options = { validateOnly: true };
		const { error } = await world.run(messageForm({ ticketId, options }));
		expect(error!.message).toMatch(message);
		expect(sent()).toEqual([]);
	});

	it('prevent the same message in a later execution, whatever its code', async () => {
		await keepNotes();
		const form = messageForm({ ...attached('data'), options: { preventDuplicates: true } });
		expect((await world.run(form)).items[0]!.json.status).toBe('sent');
		const { items } = await world.run(form);
		expect(items[0]!.json).toMatchObject({
			status: 'skipped',
			reason: 'alreadySent',
			marketplace: 'magalu',
			ticketId: TICKET,
		});
		expect(sent()).toHaveLength(1);
	});

	it('let another file of the same name through', async () => {
		await keepNotes();
		const form = messageForm({ ...attached('data'), options: { preventDuplicates: true } });
		await world.run(form);
		const other = { ...pdf, data: Buffer.from('%PDF-1.4 NOTA FISCAL').toString('base64') };
		const { items } = await world.run(form, { items: [{ json: {}, binary: { data: other } }] });
		expect(items[0]!.json.status).toBe('sent');
	});

	it('do not wait for the end if told so', async () => {
		const { items, hints } = await world.run(
			messageForm({ ...attached('data'), options: { waitForCompletion: false } }),
		);
		expect(items[0]!.json).toMatchObject({
			status: 'accepted',
			transactionStatus: null,
			transactionId: expect.any(String),
		});
		expect(world.calls()).toEqual(['magalu.send', 'gcs.put']);
		expect(hints).toEqual([]);
	});

	it('report what moderation made of the message', async () => {
		world.simulator.magalu.state.settings.moderationOf = () => 'new';
		const { items } = await world.run(messageForm({ options: { reportModeration: true } }));
		expect(items[0]!.json).toMatchObject({
			status: 'sent',
			moderation: 'waiting',
			moderationStatus: 'new',
		});
		expect(world.calls()).toEqual(['magalu.send', 'magalu.transaction', 'magalu.messages']);
	});

	it('report null where moderation stopped the message, which is then not listed', async () => {
		world.simulator.magalu.state.settings.moderationOf = () => 'rejected';
		const { items } = await world.run(messageForm({ options: { reportModeration: true } }));
		expect(items[0]!.json).toMatchObject({ status: 'sent', moderationStatus: null });
		expect(sent()).toEqual([]);
	});

	it('report null, with a hint, where the messages may not be read', async () => {
		const scopes = ['open:ticket-messages-seller:write', 'open:sac-transaction-seller:read'];
		world.connect({ scopes });
		const { items, hints } = await world.run(messageForm({ options: { reportModeration: true } }));
		expect(items[0]!.json).toMatchObject({ status: 'sent', moderationStatus: null });
		expect(hints.map(({ message }) => message).join()).toMatch(
			/moderation .* could not be read.*open:ticket-messages-seller:read/,
		);
	});
});
