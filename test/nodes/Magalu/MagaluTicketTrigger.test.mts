import { PollContext } from 'n8n-core';
import type { INodeParameters } from 'n8n-workflow';

import { MagaluOAuth2Api } from '../../../credentials/MagaluOAuth2Api.credentials.ts';
import { MagaluTicketTrigger } from '../../../nodes/Magalu/MagaluTicketTrigger.node.ts';
import { forgetLanes } from '../../../nodes/shared/http/rateLimit.ts';
import { tellTime } from '../../engine/clock.mts';
import { pollerOf, type Poller, type Scheduler } from '../../engine/poller.mts';
import { magaluCredential } from '../../engine/magalu.mts';
import { newMessage } from '../../marketplaces/magalu/demo.mts';
import type { Ticket } from '../../marketplaces/magalu/state.mts';
import { startSimulator, type Simulator } from '../../marketplaces/simulator.mts';

/** One clock for the node and for Magalu; whoever sleeps moves it. */
let mockNow = Date.parse('2026-11-20T12:00:00Z');
jest.mock('n8n-workflow', () => ({
	...jest.requireActual<object>('n8n-workflow'),
	sleep: async (ms: number) => {
		mockNow += ms;
	},
}));

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

let simulator: Simulator;
beforeAll(async () => {
	tellTime(() => mockNow);
	simulator = await startSimulator();
});
beforeEach(() => {
	simulator.reset();
	simulator.magalu.state.settings.tokenLifetime = 1000 * 24 * 3600;
	forgetLanes();
});
afterEach(() => expect(simulator.defects).toEqual([]));
afterAll(async () => {
	await simulator.close();
	jest.restoreAllMocks();
});

function triggerOn(
	event: string,
	filters: INodeParameters = {},
	scheduler: Scheduler = 'memory',
	options: INodeParameters = {},
): Poller {
	const test = {
		node: new MagaluTicketTrigger(),
		credentialTypes: [new MagaluOAuth2Api()],
		credentials: { magaluOAuth2Api: magaluCredential(simulator) },
	};
	return pollerOf(test, { event, filters, options }, scheduler);
}

const { advance } = { advance: (ms: number) => void (mockNow += ms) };
const addTicket = (ticket: Partial<Ticket> = {}) => simulator.magalu.addTicket(ticket);
const say = (ticketId: string, type: 'customer' | 'seller' | 'channel', text: string) =>
	simulator.magalu.addMessage(ticketId, {
		text,
		sender: { id: 's', name: 'Maria Oliveira', type },
	});

async function valuesFor(poller: Poller, field: string, ms: number): Promise<unknown[]> {
	const values: unknown[] = [];
	for (const end = mockNow + ms; mockNow < end;) {
		advance(5 * MINUTE);
		values.push(...((await poller.poll()) ?? []).map(({ json }) => json[field]));
	}
	return values;
}

describe('a new ticket', () => {
	it('comes once, with our names first', async () => {
		const trigger = triggerOn('ticketCreated');
		expect(await trigger.poll()).toBeNull();
		advance(1);
		const ticket = addTicket();
		advance(MINUTE);
		const items = (await trigger.poll())!;
		expect(items).toHaveLength(1);
		expect(items[0]!.json).toMatchObject({
			ticketId: ticket.id,
			orderId: ticket.order.id,
			orderCode: ticket.order.code,
			status: 'waiting_seller',
			protocol: ticket.protocol,
		});
		expect(Object.keys(items[0]!.json).slice(0, 4)).toEqual([
			'ticketId',
			'orderId',
			'orderCode',
			'status',
		]);
		say(ticket.id, 'customer', 'Oi');
		expect(await valuesFor(trigger, 'ticketId', DAY)).toEqual([]);
	});

	it('comes where there was none before', async () => {
		simulator.magalu.state.tickets = [];
		const trigger = triggerOn('ticketCreated');
		await trigger.poll();
		advance(1);
		const { id } = addTicket();
		expect(await valuesFor(trigger, 'ticketId', HOUR)).toEqual([id]);
	});

	it('comes where it fits the filters, also later', async () => {
		const trigger = triggerOn('ticketCreated', { status: 'closed', type: 'payment' });
		await trigger.poll();
		advance(1);
		const payment = simulator.magalu.addTicket({ type: 'payment' });
		const shipping = simulator.magalu.addTicket({ type: 'shipping' });
		expect(await valuesFor(trigger, 'ticketId', HOUR)).toEqual([]);
		for (const ticket of [payment, shipping]) {
			Object.assign(ticket, { status: 'closed', updatedAt: mockNow });
		}
		expect(await valuesFor(trigger, 'ticketId', HOUR)).toEqual([payment.id]);
	});

	it('comes where it has a status that the form does not list', async () => {
		const trigger = triggerOn('ticketCreated', { status: 'reopened' });
		await trigger.poll();
		advance(1);
		addTicket();
		const { id } = simulator.magalu.addTicket({ status: 'reopened' });
		expect(await valuesFor(trigger, 'ticketId', HOUR)).toEqual([id]);
	});

	it('is one of 150 of the same moment, each once', async () => {
		const trigger = triggerOn('ticketCreated');
		await trigger.poll();
		advance(1);
		const ids = Array.from({ length: 150 }, () => addTicket().id);
		const found = await valuesFor(trigger, 'ticketId', HOUR);
		expect(found).toHaveLength(150);
		expect(new Set(found)).toEqual(new Set(ids));
	});
});

describe('of more tickets of one moment than Magalu lists at once, each comes once', () => {
	const count = 260;
	/** They came before the moment that is told of them, one after the other. */
	const before = (i: number) => mockNow - 30 * DAY + i * MINUTE;

	test.each([
		{
			when: 'where they were opened in it, and then changed',
			event: 'ticketCreated',
			of: (i: number) => ({ updatedAt: mockNow + 1000 * (i + 1) }),
		},
		{
			when: 'where they changed in it',
			event: 'ticketUpdated',
			of: (i: number) => ({ createdAt: before(i), updatedAt: mockNow }),
		},
		{
			when: 'where they are due in it',
			event: 'dueSoon',
			of: (i: number) => ({ createdAt: before(i), dueDate: mockNow + 24 * HOUR + 10 * MINUTE }),
		},
	])('$when', async ({ event, of }) => {
		const trigger = triggerOn(event);
		await trigger.poll();
		advance(MINUTE);
		const ids = Array.from({ length: count }, (_, i) => simulator.magalu.addTicket(of(i)).id);
		advance(count * 1000);
		const found = await valuesFor(trigger, 'ticketId', 20 * MINUTE);
		expect(found).toHaveLength(count);
		expect([...found].sort()).toEqual(ids.sort());
		const after = addTicket({ dueDate: mockNow + 24 * HOUR });
		expect(await valuesFor(trigger, 'ticketId', 20 * MINUTE)).toEqual([after.id]);
	});

	test.each(['first', 'last'] as const)(
		'where they were opened in it, and some never changed (%s in the list)',
		async (neverChanged) => {
			simulator.magalu.state.settings.neverChanged = neverChanged;
			const trigger = triggerOn('ticketCreated');
			await trigger.poll();
			advance(MINUTE);
			const ids = Array.from({ length: count }, (_, i) => {
				const updatedAt = i % 3 === 0 ? null : mockNow + 1000 * i;
				return simulator.magalu.addTicket({ updatedAt }).id;
			});
			advance(count * 1000);
			const found = await valuesFor(trigger, 'ticketId', 20 * MINUTE);
			expect(found).toHaveLength(count);
			expect([...found].sort()).toEqual(ids.sort());
		},
	);

	test('but for those that nothing tells apart: the log says so', async () => {
		const warn = jest.fn();
		const given = jest.spyOn(PollContext.prototype, 'logger', 'get');
		given.mockReturnValue({ warn, debug: () => undefined } as never);
		const trigger = triggerOn('ticketCreated');
		await trigger.poll();
		advance(MINUTE);
		for (let i = 0; i < count; i++) simulator.magalu.addTicket({ updatedAt: null });
		expect(await valuesFor(trigger, 'ticketId', 5 * MINUTE)).toHaveLength(200);
		given.mockRestore();
		expect(warn.mock.calls.map(([words]) => words)).toEqual([
			expect.stringMatching(/^Magalu lists at most 200 tickets of one moment .* there may be more/),
		]);
	});
});

it('behind a page of entries that are null there are others, and none is passed over', async () => {
	const trigger = triggerOn('ticketCreated');
	await trigger.poll();
	advance(MINUTE);
	const body = { meta: null, results: Array<null>(100).fill(null) };
	simulator.faults.push({ operation: 'magalu.tickets', kind: 'status', status: 200, body });
	const before = simulator.calls.length;
	expect(await trigger.poll()).toBeNull();
	expect(simulator.calls[before + 1]!.rawUrl).toContain('_offset=100');
});

it('a changed ticket starts the workflow once for each change', async () => {
	const trigger = triggerOn('ticketUpdated');
	const ticket = addTicket();
	await trigger.poll();
	for (let i = 0; i < 2; i++) {
		advance(MINUTE);
		Object.assign(ticket, { status: 'closed', updatedAt: mockNow });
		expect(await valuesFor(trigger, 'ticketId', 20 * MINUTE)).toEqual([ticket.id]);
	}
});

describe('a message', () => {
	it('of the customer starts the workflow once, without the name', async () => {
		const ticket = addTicket();
		say(ticket.id, 'customer', 'from before');
		const trigger = triggerOn('customerMessage');
		await trigger.poll();
		advance(MINUTE);
		const message = say(ticket.id, 'customer', 'Cadê?');
		advance(MINUTE);
		const items = (await trigger.poll())!;
		expect(items).toHaveLength(1);
		expect(items[0]!.json).toMatchObject({
			ticketId: ticket.id,
			messageId: message.id,
			text: 'Cadê?',
			message: { id: message.id, sender: { type: 'customer' } },
		});
		expect(JSON.stringify(items)).not.toContain('Maria');
		expect(await valuesFor(trigger, 'text', 2 * HOUR)).toEqual([]);
	});

	it('of our own or of Magalu never does', async () => {
		const ticket = addTicket();
		const trigger = triggerOn('customerMessage');
		await trigger.poll();
		advance(MINUTE);
		say(ticket.id, 'seller', 'Amanhã');
		say(ticket.id, 'channel', 'Mediação');
		expect(await valuesFor(trigger, 'text', HOUR)).toEqual([]);
	});

	it('starts the workflow however Magalu writes who wrote it, and keeps that spelling', async () => {
		const ticket = addTicket();
		const trigger = triggerOn('customerMessage');
		await trigger.poll();
		advance(MINUTE);
		say(ticket.id, 'customer', 'Cadê?');
		const created_at = new Date(mockNow).toISOString();
		const results = [
			{ id: 'm1', message: 'Cadê?', sender: { type: 'CUSTOMER' }, created_at },
			{ id: 'm2', message: 'Amanhã', sender: { type: 'SELLER' }, created_at },
		];
		const fault = { operation: 'magalu.messages', kind: 'status', status: 200 } as const;
		simulator.faults.push({ ...fault, body: { meta: {}, results } });
		advance(MINUTE);
		const items = (await trigger.poll())!;
		expect(items.map(({ json }) => json)).toMatchObject([
			{ text: 'Cadê?', message: { sender: { type: 'CUSTOMER' } } },
		]);
	});

	it('is one of two in a ticket that is years old', async () => {
		const ticket = simulator.magalu.addTicket({ createdAt: mockNow - 700 * DAY });
		const trigger = triggerOn('customerMessage');
		await trigger.poll();
		advance(MINUTE);
		say(ticket.id, 'customer', 'um');
		say(ticket.id, 'customer', 'dois');
		say(ticket.id, 'seller', 'três');
		expect((await valuesFor(trigger, 'text', HOUR)).sort()).toEqual(['dois', 'um']);
	});

	describe.each([
		{ scheduler: 'memory', most: 450 },
		{ scheduler: 'durable', most: 65 },
	] as const)('is one of many, with the scheduler in $scheduler', ({ scheduler, most }) => {
		const others = 30;

		it('comes with the first poll, which waits for its turns, or else the oldest come first', async () => {
			const tickets = Array.from({ length: most + others }, () => addTicket());
			const trigger = triggerOn('customerMessage', {}, scheduler);
			await trigger.poll();
			for (const { id } of tickets) {
				advance(1000);
				say(id, 'customer', id);
			}
			const ids = tickets.map(({ id }) => id);
			const begun = mockNow;
			const first = (await trigger.poll())!.map(({ json }) => json.text);
			expect(mockNow - begun).toBeLessThan(scheduler === 'durable' ? 19_000 : 160_000);
			expect(first.length).toBeGreaterThanOrEqual(most);
			expect(first).toEqual(ids.slice(0, first.length));
			expect(await valuesFor(trigger, 'text', 10 * MINUTE)).toEqual(ids.slice(first.length));
			expect(simulator.calls.map(({ status }) => status)).not.toContain(429);
		});

		it('lets messages that moderation lets through later come all the same', async () => {
			const trigger = triggerOn('customerMessage', {}, scheduler);
			await trigger.poll();
			advance(MINUTE);
			say(addTicket().id, 'customer', 'late').shownAt = mockNow + 20 * MINUTE;
			const texts: unknown[] = [];
			for (let polls = 0; polls < 8; polls++) {
				// As many as a poll reads at once.
				for (let i = 0; i < 20; i++) say(addTicket().id, 'customer', `${polls} ${i}`);
				advance(15 * MINUTE);
				texts.push(...((await trigger.poll()) ?? []).map(({ json }) => json.text));
			}
			expect(texts).toContain('late');
			expect(texts).toHaveLength(8 * 20 + 1);
		});
	});

	/** So many of a customer in one ticket between two polls. */
	const inOneTicket = async (count: number) => {
		const ticket = addTicket();
		const trigger = triggerOn('customerMessage');
		await trigger.poll();
		for (let i = 0; i < count; i++) {
			advance(100);
			say(ticket.id, 'customer', `${i}`);
		}
		return await valuesFor(trigger, 'text', HOUR);
	};

	it.each([150, 350])('is one of %i in a ticket', async (count) => {
		expect(await inOneTicket(count)).toEqual(Array.from({ length: count }, (_, i) => `${i}`));
	});

	it('is one of more in a ticket than Magalu lists from both ends: that some are missing is logged', async () => {
		const warn = jest.fn();
		const given = jest.spyOn(PollContext.prototype, 'logger', 'get');
		given.mockReturnValue({ warn, debug: () => undefined } as never);
		const texts = await inOneTicket(450);
		given.mockRestore();
		expect(texts).toHaveLength(400);
		expect(warn.mock.calls[0]).toEqual([
			expect.stringMatching(
				/^Magalu lists 200 messages from either end.*not read, and start no workflow$/,
			),
		]);
	});

	it('is not known where Magalu does not tell who wrote it: it may be our own, so it starts nothing, and the log says so', async () => {
		const warn = jest.fn();
		const given = jest.spyOn(PollContext.prototype, 'logger', 'get');
		given.mockReturnValue({ warn, debug: () => undefined } as never);
		const ticket = addTicket();
		const trigger = triggerOn('customerMessage');
		await trigger.poll();
		advance(MINUTE);
		say(ticket.id, 'customer', 'of a customer');
		const at = new Date(mockNow).toISOString();
		const message = (text: string, sender?: object) => ({
			...{ id: text, message: text, created_at: at, sender },
		});
		simulator.faults.push({
			...{ operation: 'magalu.messages', kind: 'status', status: 200 },
			body: {
				results: [message('of a customer', { type: 'customer' }), message('whose?', { name: 'X' })],
				meta: { page: { count: 2, limit: 100, offset: 0 } },
			},
		});
		advance(MINUTE);
		const texts = (await trigger.poll())!.map(({ json }) => json.text);
		given.mockRestore();
		expect(texts).toEqual(['of a customer']);
		expect(warn.mock.calls).toEqual([
			[expect.stringMatching(/^Magalu does not tell who wrote a message/)],
		]);
	});

	it('is not lost when its list fails, or the limit is used up', async () => {
		const ticket = addTicket();
		const trigger = triggerOn('customerMessage');
		await trigger.poll();
		advance(MINUTE);
		say(ticket.id, 'customer', 'Oi');
		const operation = 'magalu.messages';
		simulator.faults.push({ operation, kind: 'status', status: 500, times: 2 });
		advance(MINUTE);
		await expect(trigger.poll()).rejects.toMatchObject({ name: 'NodeApiError' });
		simulator.faults.push({ operation, kind: 'status', status: 429 });
		advance(MINUTE);
		expect(await trigger.poll()).toBeNull();
		expect(await valuesFor(trigger, 'text', HOUR)).toEqual(['Oi']);
	});
});

describe('a ticket that is due soon', () => {
	const dueIn = async (hoursBefore: number | undefined, hours: number) => {
		simulator.magalu.state.tickets = [];
		const trigger = triggerOn('dueSoon', {}, 'memory', hoursBefore ? { hoursBefore } : {});
		await trigger.poll();
		advance(MINUTE);
		const ticket = addTicket({ dueDate: mockNow + hours * HOUR });
		return { trigger, ticket };
	};

	it.each([
		[undefined, 24],
		[3, 3],
	])('starts the workflow the hours before it that were chosen (%s)', async (chosen, before) => {
		const { trigger, ticket } = await dueIn(chosen, before + 2);
		expect(await valuesFor(trigger, 'ticketId', HOUR + 50 * MINUTE)).toEqual([]);
		expect(await valuesFor(trigger, 'ticketId', 30 * MINUTE)).toEqual([ticket.id]);
	});

	it.each([3, -3])(
		"starts it by Magalu's clock, also where that is ahead of ours by %s hours",
		async (hours) => {
			simulator.clock.advance(hours * HOUR);
			const { trigger, ticket } = await dueIn(undefined, 26 + hours);
			expect(await valuesFor(trigger, 'ticketId', HOUR + 50 * MINUTE)).toEqual([]);
			expect(await valuesFor(trigger, 'ticketId', 30 * MINUTE)).toEqual([ticket.id]);
		},
	);

	it('is found among many that are due later', async () => {
		const { trigger, ticket } = await dueIn(undefined, 24);
		for (let i = 0; i < 250; i++) addTicket({ dueDate: mockNow + (200 + i) * HOUR });
		const before = simulator.calls.length;
		expect(await valuesFor(trigger, 'ticketId', 5 * MINUTE)).toEqual([ticket.id]);
		expect(simulator.calls.length - before).toBeLessThan(3);
	});

	it('starts it again for another date, and not for another change', async () => {
		const { trigger, ticket } = await dueIn(undefined, 24);
		expect(await valuesFor(trigger, 'ticketId', 30 * MINUTE)).toEqual([ticket.id]);
		Object.assign(ticket, { updatedAt: mockNow, status: 'waiting' });
		expect(await valuesFor(trigger, 'ticketId', 30 * MINUTE)).toEqual([]);
		Object.assign(ticket, { updatedAt: mockNow, dueDate: mockNow + 25 * HOUR });
		expect(await valuesFor(trigger, 'ticketId', 50 * MINUTE)).toEqual([]);
		expect(await valuesFor(trigger, 'ticketId', 30 * MINUTE)).toEqual([ticket.id]);
	});

	it('does not start it once it is closed', async () => {
		const { trigger, ticket } = await dueIn(undefined, 25);
		Object.assign(ticket, { updatedAt: mockNow, status: 'closed' });
		expect(await valuesFor(trigger, 'ticketId', 2 * HOUR)).toEqual([]);
	});

	it.each(['0', '721', 'some'])('is not looked for %s hours before', async (hoursBefore) => {
		await expect(triggerOn('dueSoon', {}, 'memory', { hoursBefore }).poll()).rejects.toMatchObject({
			message: "'Hours Before' is not a number from 1 to 720",
		});
	});
});

describe('a test in the editor', () => {
	it('shows the newest message of a customer', async () => {
		const ticket = addTicket();
		say(ticket.id, 'customer', 'newest');
		ticket.messages.push(
			newMessage(mockNow + 1, { sender: { id: 's', name: 'n', type: 'seller' } }),
		);
		const items = await triggerOn('customerMessage').poll('manual');
		expect(items!.map(({ json }) => json.text)).toEqual(['newest']);
	});

	describe('shows, where it starts on tickets that are due soon,', () => {
		const due = (inHours: number, status = 'waiting_seller') =>
			simulator.magalu.addTicket({ dueDate: mockNow + inHours * HOUR, status }).id;
		beforeEach(() => void (simulator.magalu.state.tickets = []));
		const shown = async () =>
			(await triggerOn('dueSoon').poll('manual'))!.map(({ json }) => json.ticketId);

		it('the open one that is due next', async () => {
			for (let i = 0; i < 120; i++) due(1, 'closed');
			due(-2);
			due(90);
			const next = due(5);
			due(30);
			expect(await shown()).toEqual([next]);
		});

		it('the one that was due last where none is', async () => {
			due(-50);
			const last = due(-2);
			expect(await shown()).toEqual([last]);
		});
	});

	it('shows the newest ticket', async () => {
		const { id } = addTicket();
		const items = await triggerOn('ticketUpdated').poll('manual');
		expect(items!.map(({ json }) => json.ticketId)).toEqual([id]);
	});

	it('says that there is none', async () => {
		simulator.magalu.state.tickets = [];
		await expect(triggerOn('customerMessage').poll('manual')).rejects.toMatchObject({
			message: 'Magalu has no message of a customer that fits',
		});
	});
});
