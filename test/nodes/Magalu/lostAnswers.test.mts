import type { INodeParameters } from 'n8n-workflow';

import { looking } from '../../../nodes/shared/send/lookUp.ts';
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

const MINUTE = 60_000;
const world = magaluWorld();
const posts = () => world.calls().filter((operation) => operation === 'magalu.send');
const looks = () => world.calls().filter((operation) => operation === 'magalu.messages');
const transactions = () => world.calls().filter((one) => one === 'magalu.transactions');
const state = () => world.simulator.magalu.state;

beforeEach(() => void jest.replaceProperty(looking, 'waitsMs', [1000, 3000, 7000, 12_000]));

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
				foundBy: 'transaction',
				ticketId: TICKET,
				transactionId: state().transactions[0]!.id,
				transactionStatus: 'completed',
				messageId: state().transactions[0]!.messageId,
				code: expect.stringMatching(/^n8n-/),
			});
			expect(posts()).toHaveLength(1);
			expect(looks()).toHaveLength(0);
			expect(world.simulator.received).toHaveLength(1);
		},
	);

	it.each([
		['may not be read', { status: 403 }],
		['are not there', { status: 404 }],
		['fail', { status: 500 }],
	])('is found in its ticket where the transactions %s', async (_case, fault) => {
		const operation = 'magalu.transactions';
		world.simulator.faults.push({ operation, kind: 'status', times: 99, ...fault });
		world.simulator.faults.push({ operation: 'magalu.send', kind: 'lost', when: 'after' });
		const { items } = await world.run(messageForm());
		expect(items[0]!.json).toMatchObject({
			status: 'sent',
			foundBy: 'ticket',
			messageId: state().transactions[0]!.messageId,
		});
		expect(posts()).toHaveLength(1);
	});

	it('is found where the list of transactions is too heavy at once', async () => {
		const heavy = { kind: 'status' as const, status: 200, body: 'x'.repeat(8.5 * 1024 * 1024) };
		world.simulator.faults.push({ operation: 'magalu.transactions', ...heavy });
		world.simulator.faults.push({ operation: 'magalu.send', kind: 'lost', when: 'after' });
		const { items } = await world.run(messageForm());
		expect(items[0]!.json).toMatchObject({ status: 'sent', foundBy: 'transaction' });
		expect(transactions()).toHaveLength(2);
	});

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
		expect(error!.description).toMatch(
			/It was not in Magalu's transactions and the ticket at 2026/,
		);
		expect([looks().length, transactions().length]).toEqual([4, 4]);
	});

	it('is waited for until it shows in its ticket', async () => {
		state().settings.completeAfterMs = 10_000;
		world.simulator.faults.push({ operation: 'magalu.send', kind: 'lost', when: 'after' });
		const { items } = await world.run(messageForm());
		expect(items[0]!.json.status).toBe('sent');
		expect(transactions()).toHaveLength(3);
	});

	it.each(['failed', 'cancelled'] as const)('is surely not sent where it has %s', async (end) => {
		state().settings.outcomeOf = () => end;
		world.simulator.faults.push({ operation: 'magalu.send', kind: 'lost', when: 'after' });
		const { error } = await world.run(messageForm());
		expect(error!.message).toBe(`Magalu did not create the message: its transaction is '${end}'`);
		expect(error!.context.details).toMatchObject({ outcome: 'notSent', code: end });
		expect(posts()).toHaveLength(1);
	});

	it('is not looked for where that is switched off', async () => {
		world.simulator.faults.push({ operation: 'magalu.send', kind: 'lost' });
		const { error } = await world.run(messageForm({ options: { lookUpAfterLoss: false } }));
		expect(error!.context.details!.outcome).toBe('unknown');
		expect(world.calls()).toEqual(['magalu.send']);
	});

	it('of a code of the seller’s own is found by its text too', async () => {
		world.simulator.faults.push({ operation: 'magalu.send', kind: 'lost', when: 'after' });
		const { items } = await world.run(messageForm({ code: 'erp-7' }));
		expect(items[0]!.json).toMatchObject({ status: 'sent', foundBy: 'ticket', code: 'erp-7' });
		expect(transactions()).toHaveLength(0);
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
		expect(error!.description).toMatch(/Nobody could see whether it is in .*messages-seller:read/);
		expect([looks().length, transactions().length]).toEqual([1, 1]);
	});

	describe('with files', () => {
		const run = async () => {
			world.simulator.faults.push({ operation: 'magalu.send', kind: 'lost', when: 'after' });
			const { error } = await world.run(messageForm(attached('data')));
			expect(world.calls()).not.toContain('gcs.put');
			// It cannot be listed before its files are there.
			expect(looks()).toHaveLength(0);
			return error!;
		};

		it('is unknown, and its transaction says that Magalu has it', async () => {
			const { description, context } = await run();
			expect(context.details!.outcome).toBe('unknown');
			expect(description).toContain(state().transactions[0]!.id);
			expect(description).toMatch(/files were not uploaded.*drops such a message after 15 minutes/);
			expect(transactions()).toHaveLength(1);
		});

		it('is surely not sent once its transaction was given up', async () => {
			state().settings.uploadDeadlineMs = 500;
			const { message, context } = await run();
			expect(message).toMatch(/did not create the message: its transaction is 'cancelled'/);
			expect(context.details!.outcome).toBe('notSent');
		});

		it('is unknown where Magalu created it without them', async () => {
			Object.defineProperty(state().settings, 'uploadDeadlineMs', {
				get() {
					for (const one of state().transactions) one.status = 'completed';
					return Infinity;
				},
			});
			const { context, description } = await run();
			expect(context.details!.outcome).toBe('unknown');
			expect(description).toContain('the customer may have the text without them');
		});
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

describe.each([
	['two minutes ahead of', 2 * MINUTE],
	['an hour ahead of', 60 * MINUTE],
	['two minutes behind', -2 * MINUTE],
	['an hour behind', -60 * MINUTE],
])("a message whose answer is lost, with n8n's clock %s Magalu's", (_clock, ahead) => {
	beforeEach(() => {
		world.simulator.clock.advance(-ahead);
		// What another test sent is no twin any more.
		mockNow += 10 * MINUTE;
	});
	const lose = (when: 'before' | 'after') =>
		void world.simulator.faults.push({ operation: 'magalu.send', kind: 'lost', when });
	const outcome = async (form: INodeParameters) => {
		const { items, error } = await world.run(form);
		return items[0]?.json.status ?? error!.context.details!.outcome;
	};
	const once = () => messageForm({ options: { preventDuplicates: true } });
	const byCode = messageForm({ code: 'erp-1' });

	it('is found where it is there', async () => {
		lose('after');
		expect(await outcome(messageForm())).toBe('sent');
	});

	it('is surely not sent where its transaction has failed', async () => {
		state().settings.outcomeOf = () => 'failed';
		lose('after');
		expect(await outcome(messageForm())).toBe('notSent');
	});

	it('is surely not sent where its transaction has failed, also with a code that lasts', async () => {
		await keepNotes();
		state().settings.outcomeOf = () => 'failed';
		lose('after');
		expect(await outcome(once())).toBe('notSent');
	});

	it('is not taken for an earlier attempt with the same code that failed', async () => {
		await keepNotes();
		state().settings.outcomeOf = () => 'failed';
		expect(await outcome(once())).toBe('notSent');
		mockNow += 10_000;
		lose('before');
		expect(await outcome(once())).toBe('unknown');
	});

	it('with a code of the seller’s own is found where it is there', async () => {
		lose('after');
		expect(await outcome(byCode)).toBe('sent');
	});

	it('is not taken for an older one with the same code of the seller’s own', async () => {
		await world.run(byCode);
		mockNow += 90_000;
		lose('before');
		expect(await outcome(byCode)).toBe('unknown');
	});

	it('is known by its own code where Magalu’s parts have clocks of their own', async () => {
		lose('after');
		const later = new Date(mockNow - ahead + 2 * MINUTE).toUTCString();
		const body = {
			get results() {
				return state().transactions.map(({ id, createdAt, message: { code } }) => ({
					...{ id, code, status: 'completed', created_at: new Date(createdAt).toISOString() },
				}));
			},
		};
		const fault = { operation: 'magalu.transactions', kind: 'status', status: 200 } as const;
		world.simulator.faults.push({ ...fault, times: 9, headers: { date: later }, body });
		const { items } = await world.run(messageForm());
		expect(items[0]!.json.foundBy).toBe('transaction');
	});

	it('that Magalu takes without a word is found by its code in its ticket', async () => {
		const fault = { operation: 'magalu.send', kind: 'status', when: 'after' } as const;
		world.simulator.faults.push({ ...fault, status: 204, body: '' });
		expect(await outcome(byCode)).toBe('sent');
	});
});

it('a message with a code of the seller’s own is unknown where two alike are there', async () => {
	world.simulator.faults.push({ operation: 'magalu.send', kind: 'lost', when: 'after' });
	const running = world.run(messageForm({ code: 'erp-2' }));
	while (posts().length === 0) await new Promise(setImmediate);
	world.simulator.magalu.addMessage(TICKET, {
		...{ code: 'erp-2', text: 'O pedido sai amanhã.', destination: 'customer' },
		createdAt: mockNow,
	});
	const { error } = await running;
	expect(error!.context.details!.outcome).toBe('unknown');
	expect(error!.description).toContain('The ticket has several messages like it');
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
