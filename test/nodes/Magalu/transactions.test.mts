import { following } from '../../../nodes/Magalu/api/limits.ts';
import { magaluWorld, messageForm, TICKET } from '../../engine/magalu.mts';

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
const settings = () => world.simulator.magalu.state.settings;
const polls = () => world.calls().filter((operation) => operation === 'magalu.transaction');
const form = (options = {}) => messageForm({ options });

// The real waits: the clock is ours.
beforeEach(() => {
	jest.replaceProperty(following, 'firstMs', 2000);
	jest.replaceProperty(following, 'longestMs', 15_000);
});

describe('the transaction of a message', () => {
	it('is followed with growing waits, up to 15 seconds', async () => {
		settings().completeAfterMs = 60_000;
		const { items } = await world.run(form());
		expect(items[0]!.json).toMatchObject({ status: 'sent', transactionStatus: 'completed' });
		const looks = world.simulator.calls
			.filter(({ operation }) => operation === 'magalu.transaction')
			.map(({ at }) => at);
		const waits = looks.slice(1).map((at, i) => Math.round((at - looks[i]!) / 1000));
		expect(waits.slice(0, 4)).toEqual([3, 5, 8, 13]);
		expect(Math.max(...waits)).toBe(15);
	});

	it('is believed where it names its status and no ID', async () => {
		const body = { status: 'completed', events: [] };
		world.simulator.faults.push({
			operation: 'magalu.transaction',
			kind: 'status',
			status: 200,
			body,
		});
		const { items } = await world.run(form());
		expect(items[0]!.json).toMatchObject({ status: 'sent', transactionStatus: 'completed' });
		expect(polls()).toHaveLength(1);
	});

	it('is looked at few times until the time runs out: then the message is accepted', async () => {
		settings().outcomeOf = () => 'never';
		const before = mockNow;
		const { items, hints } = await world.run(form());
		expect(items[0]!.json).toMatchObject({
			status: 'accepted',
			transactionStatus: 'processing',
			transactionId: expect.any(String),
		});
		expect(mockNow - before).toBeGreaterThanOrEqual(120_000);
		expect(mockNow - before).toBeLessThan(125_000);
		expect(polls().length).toBeLessThanOrEqual(12);
		expect(hints[0]!.message).toMatch(/time ran out.*"Get" of transactions/);
	});

	it.each([
		['as the option says', 7, 7],
		['five minutes at most', 9999, 300],
		['the default where the option is none', 'soon', 120],
		['not at all with 0', 0, 0],
	])('is waited for %s', async (_, timeout, seconds) => {
		settings().outcomeOf = () => 'never';
		const before = mockNow;
		const { items } = await world.run(form({ timeout }));
		expect(items[0]!.json.status).toBe('accepted');
		expect(mockNow - before).toBeGreaterThanOrEqual(seconds * 1000);
		expect(mockNow - before).toBeLessThan(seconds * 1000 + 5000);
	});

	it.each(['failed', 'cancelled'] as const)(
		'that is %s says that nothing was sent',
		async (end) => {
			settings().outcomeOf = () => end;
			const { error } = await world.run(form());
			expect(error).toMatchObject({ name: 'NodeApiError' });
			expect(error!.message).toContain(`'${end}'`);
			expect(error!.description).toContain(world.simulator.magalu.state.transactions[0]!.id);
			expect(error!.context.details).toMatchObject({
				outcome: 'notSent',
				code: end,
				marketplace: 'magalu',
				requestId: expect.any(String),
			});
			expect(world.simulator.received).toEqual([]);
		},
	);

	it.each<[string, object, string]>([
		['in capitals', { id: 't-1', status: 'FAILED' }, 'failed'],
		['as Americans spell it', { id: 't-1', status: 'canceled' }, 'cancelled'],
		[
			'by its last event alone',
			{
				id: 't-1',
				events: [
					{ event: 'info', message: '', status: 'pending' },
					{ event: 'failure', message: '', status: 'failed' },
				],
			},
			'failed',
		],
	])('that failed is understood %s', async (_, body) => {
		const operation = 'magalu.transaction';
		world.simulator.faults.push({ operation, kind: 'status', status: 200, body });
		const { error } = await world.run(form());
		expect(error!.context.details).toMatchObject({ outcome: 'notSent' });
	});

	it.each(['specified', 'guided'] as const)('is read in the shape that is %s', async (shape) => {
		settings().transactionsAs = shape;
		const { items } = await world.run(form());
		expect(items[0]!.json).toMatchObject({ status: 'sent', transactionStatus: 'completed' });
	});

	it('tells the ID of the message that came of it', async () => {
		const { items } = await world.run(form());
		const { messageId } = world.simulator.magalu.state.transactions[0]!;
		expect(items[0]!.json.messageId).toBe(messageId);
	});

	it.each<[string, object]>([
		['of something else', { content_type: 'ticket', content_id: 'x-1' }],
		['of nothing', { content_type: 'ticket_message', content_id: null }],
		['that does not say of what', { content_id: 'x-1' }],
	])('tells no ID of a message with an ID %s', async (_, more) => {
		const body = { id: 't-1', status: 'completed', ...more };
		const operation = 'magalu.transaction';
		world.simulator.faults.push({ operation, kind: 'status', status: 200, body });
		const { items } = await world.run(form());
		expect(items[0]!.json.status).toBe('sent');
		expect(items[0]!.json).not.toHaveProperty('messageId');
	});

	it('that failed passes on what Magalu says about it', async () => {
		const body = {
			id: 't-1',
			status: 'failed',
			events: [
				{ event: 'info', message: 'Message received' },
				{ event: 'failure', message: 'Ticket closed' },
				{ event: 'failure', message: '' },
			],
		};
		world.simulator.faults.push({
			operation: 'magalu.transaction',
			kind: 'status',
			status: 200,
			body,
		});
		const { error } = await world.run(form());
		expect(error!.context.details!.marketplaceMessage).toBe('Ticket closed');
	});

	it('may be hidden for the first seconds', async () => {
		settings().transactionHiddenMs = 6000;
		const { items } = await world.run(form());
		expect(items[0]!.json).toMatchObject({ status: 'sent', transactionStatus: 'completed' });
		expect(polls().length).toBe(3);
	});

	it('that stays hidden leaves the message accepted, with a hint', async () => {
		settings().transactionHiddenMs = 1e9;
		const { items, hints, error } = await world.run(form());
		expect(error).toBeUndefined();
		expect(items[0]!.json).toMatchObject({ status: 'accepted', transactionStatus: null });
		expect(hints[0]!.message).toMatch(/does not find/);
	});

	it('that may not be read leaves the message accepted, with the scope in a hint', async () => {
		world.connect({ scopes: ['open:ticket-messages-seller:write'] });
		const { items, hints, error } = await world.run(form());
		expect(error).toBeUndefined();
		expect(items[0]!.json).toMatchObject({ status: 'accepted', transactionStatus: null });
		expect(hints[0]!.message).toContain('open:sac-transaction-seller:read');
		expect(polls()).toHaveLength(1);
		expect(world.simulator.received).toHaveLength(1);
	});

	it.each([
		['fails', { kind: 'status' as const, status: 503 }],
		['is lost', { kind: 'lost' as const }],
		['cannot be read', { kind: 'garbage' as const }],
	])('is asked for again after its wait where an answer %s', async (_, fault) => {
		world.simulator.faults.push({ operation: 'magalu.transaction', times: 2, ...fault });
		const { items } = await world.run(form());
		expect(items[0]!.json.status).toBe('sent');
		expect(polls()).toHaveLength(3);
	});

	it('never heard of leaves the message accepted', async () => {
		world.simulator.faults.push({
			operation: 'magalu.transaction',
			kind: 'status',
			status: 500,
			times: 99,
		});
		const { items, error } = await world.run(form());
		expect(error).toBeUndefined();
		expect(items[0]!.json).toMatchObject({ status: 'accepted', transactionStatus: null });
		expect(world.simulator.received).toHaveLength(1);
	});

	it('of a status that nobody knows is waited for, and shown as it is', async () => {
		const body = { id: 't-1', status: 'postponed' };
		world.simulator.faults.push({
			operation: 'magalu.transaction',
			kind: 'status',
			status: 200,
			body,
			times: 99,
		});
		const { items } = await world.run(form());
		expect(items[0]!.json).toMatchObject({ status: 'accepted', transactionStatus: 'postponed' });
	});
});

describe('a workflow that is stopped while a message is followed', () => {
	it('does not call the message unsent', async () => {
		settings().outcomeOf = () => 'never';
		let cancel = () => {};
		const running = world.run(form(), {
			onStart: (_, stop) => {
				cancel = stop;
			},
		});
		while (polls().length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
		cancel();
		const { run } = await running;
		expect(JSON.stringify(run.data.resultData)).not.toContain('notSent');
		expect(world.calls().filter((operation) => operation === 'magalu.send')).toHaveLength(1);
	});
});

it('is not in doubt where the workflow is stopped before it leaves', async () => {
	// No answer comes before the stop, however slow the machine is.
	world.simulator.faults.push({ operation: 'magalu.send', kind: 'delay', ms: 600_000 });
	let cancel = () => {};
	const running = world.run(form(), {
		items: Array.from({ length: 3 }, () => ({ json: {} })),
		settings: { onError: 'continueRegularOutput' },
		onStart: (_, stop) => {
			cancel = stop;
		},
	});
	while (world.calls().length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
	cancel();
	const { error } = await running;
	expect(error!.description).toContain(
		`Failed, nothing sent: ticket ${TICKET} (items 1-2). Not known whether sent: ticket ${TICKET} (item 0).`,
	);
	expect(world.calls()).toEqual(['magalu.send']);
});

it('can be read by its ID later', async () => {
	await world.run(form({ waitForCompletion: false }));
	const { id } = world.simulator.magalu.state.transactions[0]!;
	const { items } = await world.run({
		resource: 'transaction',
		operation: 'get',
		transactionId: id,
	});
	expect(items[0]!.json).toMatchObject({
		transactionId: id,
		transactionStatus: 'completed',
		createdAt: expect.stringMatching(/Z$/),
		id,
		status: 'completed',
		operation: 'create',
		events: expect.any(Array),
	});
});

describe('a transaction that is read by its ID', () => {
	const strange = { seller_document: '123.456.789-09', customer: { name: 'Maria' } };
	const read = async (options = {}) => {
		const body = {
			...{ id: 't-1', code: 'erp-1', operation: 'create', status: 'completed' },
			...{ content_type: 'ticket_message', content_id: 'm-1', trigger_endpoint: '/x' },
			...strange,
			events: [{ event: 'info', message: 'ok', data: { ticket_id: 'k', ...strange } }],
		};
		const operation = 'magalu.transaction';
		world.simulator.faults.push({ operation, kind: 'status', status: 200, body });
		const form = { resource: 'transaction', operation: 'get', transactionId: 't-1', options };
		const { items } = await world.run(form);
		return items[0]!.json;
	};

	it('holds what Magalu documents and nothing else', async () => {
		const shown = await read();
		expect(JSON.stringify(shown)).not.toMatch(/Maria|123\.456/);
		expect(shown).toMatchObject({
			...{ transactionId: 't-1', code: 'erp-1', operation: 'create', status: 'completed' },
			...{ content_type: 'ticket_message', content_id: 'm-1', trigger_endpoint: '/x' },
			events: [{ event: 'info', message: 'ok', data: { ticket_id: 'k' } }],
		});
	});

	it('holds everything where that is asked for', async () => {
		expect(await read({ includePersonalData: true })).toMatchObject(strange);
	});
});
