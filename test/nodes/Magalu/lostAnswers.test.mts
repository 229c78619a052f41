import { lookingFor } from '../../../nodes/Magalu/api/limits.ts';
import { keepNotes } from '../../engine/engine.mts';
import { attached, magaluWorld, messageForm, TICKET } from '../../engine/magalu.mts';
import type { Fault } from '../../marketplaces/service.mts';

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
const posts = () => world.calls().filter((operation) => operation === 'magalu.send');
const looks = () => world.calls().filter((operation) => operation === 'magalu.messages');

beforeEach(() => void jest.replaceProperty(lookingFor, 'waitsMs', [2000, 5000, 10_000, 20_000]));

const lost: Array<[string, Omit<Fault, 'operation'>]> = [
	['the connection breaks', { kind: 'lost' }],
	['Magalu fails', { kind: 'status', status: 500 }],
	['the gateway gives up', { kind: 'status', status: 504, body: '<html>Gateway timeout</html>' }],
	['it cannot be read', { kind: 'garbage' }],
	['it leads elsewhere', { kind: 'status', status: 303, headers: { location: '/x' } }],
];

describe('a message whose answer is lost', () => {
	it.each([...lost, ['it is cut off', { kind: 'cutOff' }] as [string, Omit<Fault, 'operation'>]])(
		'is sent where it is found in its ticket: %s',
		async (_, fault) => {
			world.simulator.faults.push({ operation: 'magalu.send', when: 'after', ...fault });
			const { items, error } = await world.run(messageForm());
			expect(error).toBeUndefined();
			expect(items[0]!.json).toMatchObject({
				status: 'sent',
				ticketId: TICKET,
				transactionId: null,
				code: expect.stringMatching(/^n8n-/),
			});
			expect(posts()).toHaveLength(1);
			expect(world.simulator.received).toHaveLength(1);
		},
	);

	it.each(lost)('is unknown where it is not found: %s', async (_, fault) => {
		world.simulator.faults.push({ operation: 'magalu.send', when: 'before', ...fault });
		const { error } = await world.run(messageForm());
		expect(error!.context.details).toMatchObject({
			outcome: 'unknown',
			retryable: false,
			marketplace: 'magalu',
		});
		expect(error!.description).toContain('seller portal');
		expect(posts()).toHaveLength(1);
		expect(looks()).toHaveLength(4);
	});

	it('is waited for until it shows in its ticket', async () => {
		world.simulator.magalu.state.settings.completeAfterMs = 12_000;
		world.simulator.faults.push({ operation: 'magalu.send', kind: 'lost', when: 'after' });
		const { items } = await world.run(messageForm());
		expect(items[0]!.json.status).toBe('sent');
		expect(looks()).toHaveLength(3);
	});

	it('is not waited for longer than the option allows', async () => {
		world.simulator.faults.push({ operation: 'magalu.send', kind: 'lost' });
		const { error } = await world.run(messageForm({ options: { timeout: 8 } }));
		expect(error!.context.details!.outcome).toBe('unknown');
		expect(looks()).toHaveLength(2);
	});

	it('tells what moderation made of it, if asked', async () => {
		world.simulator.faults.push({ operation: 'magalu.send', kind: 'lost', when: 'after' });
		const { items } = await world.run(messageForm({ options: { reportModeration: true } }));
		expect(items[0]!.json).toMatchObject({ status: 'sent', moderationStatus: 'approved' });
	});

	it('is not taken for an older one with the same code', async () => {
		await world.run(messageForm({ code: 'erp-1' }));
		mockNow += 60_000;
		world.simulator.faults.push({ operation: 'magalu.send', kind: 'lost', when: 'before' });
		const { error } = await world.run(messageForm({ code: 'erp-1' }));
		expect(error!.context.details!.outcome).toBe('unknown');
	});

	it('is unknown where the messages may not be read', async () => {
		world.connect({ scopes: ['open:ticket-messages-seller:write'] });
		world.simulator.faults.push({ operation: 'magalu.send', kind: 'lost', when: 'after' });
		const { error } = await world.run(messageForm());
		expect(error!.context.details!.outcome).toBe('unknown');
		expect(error!.message).toContain('not known');
		expect(looks()).toHaveLength(1);
	});

	it('is unknown with files too, and none of them is uploaded', async () => {
		world.simulator.faults.push({ operation: 'magalu.send', kind: 'lost', when: 'after' });
		const { error } = await world.run(messageForm(attached('data')));
		expect(error!.context.details!.outcome).toBe('unknown');
		expect(world.calls()).not.toContain('gcs.put');
	});

	it('stays in doubt for later executions', async () => {
		await keepNotes();
		world.simulator.faults.push({ operation: 'magalu.send', kind: 'lost' });
		const form = messageForm({ options: { preventDuplicates: true } });
		await world.run(form);
		const { error } = await world.run(form);
		expect(error!.context.details).toMatchObject({ outcome: 'unknown', code: 'InDoubt' });
		expect(posts()).toHaveLength(1);
	});
});

describe('a message that was refused for now', () => {
	it('is sent again after a 429: nothing was processed', async () => {
		world.simulator.faults.push({
			operation: 'magalu.send',
			kind: 'status',
			status: 429,
			times: 2,
		});
		const { items } = await world.run(messageForm());
		expect(items[0]!.json.status).toBe('sent');
		expect(posts()).toHaveLength(3);
		expect(world.simulator.received).toHaveLength(1);
	});

	it('is not sent where Magalu cannot be reached', async () => {
		world.node.credentials.magaluOAuth2Api!.apiUrl = 'http://127.0.0.1:1/magalu';
		const { error } = await world.run(messageForm());
		expect(error!.context.details).toMatchObject({
			outcome: 'notSent',
			retryable: true,
			code: 'ECONNREFUSED',
		});
	});
});
