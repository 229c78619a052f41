import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { forgetLanes } from '../../../nodes/shared/http/rateLimit.ts';
import { looking } from '../../../nodes/shared/send/lookUp.ts';
import { magaluWorld, messageForm } from '../../engine/magalu.mts';
import { demoOrders, demoTenant } from '../../marketplaces/magalu/demo.mts';
import { allScopes, seller, type Order } from '../../marketplaces/magalu/state.mts';

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
beforeEach(() => forgetLanes());

const world = magaluWorld();
const state = () => world.simulator.magalu.state;
const settings = () => state().settings;

let order: Order;
beforeEach(() => {
	order = world.simulator.magalu.addOrder({ status: 'approved' });
});

const form = (more: INodeParameters = {}): INodeParameters => ({
	resource: 'ticket',
	operation: 'create',
	orderId: order.id,
	...more,
});
const create = async (more: INodeParameters = {}) => await world.run(form(more));
const created = async (more: INodeParameters = {}) => {
	const { items, error, hints } = await create(more);
	expect(error).toBeUndefined();
	return { ...items[0]!.json, hints } as IDataObject & { hints: Array<{ message: string }> };
};
const opened = () => state().ticketTransactions.map(({ ticket }) => ticket);
const posts = () => world.calls().filter((one) => one === 'magalu.openTicket').length;
const detailsOf = (error: { context: { details?: object } } | undefined) => error?.context.details;

describe('a ticket that is opened', () => {
	it('is told with its ID and its order', async () => {
		const output = await created();
		const [ticket] = state().tickets.slice(-1);
		expect(output).toMatchObject({
			status: 'sent',
			marketplace: 'magalu',
			ticketId: ticket!.id,
			orderId: order.id,
			orderCode: order.code,
			ticketType: 'shipping',
			ticketReason: 'shipping_delay',
			transactionId: state().ticketTransactions[0]!.id,
			transactionStatus: 'completed',
			requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
			sentAt: expect.stringMatching(/Z$/),
		});
	});

	it('leads into a message', async () => {
		const { ticketId } = await created();
		const { items } = await world.run(messageForm({ ticketId: ticketId as string }));
		expect(items[0]!.json.status).toBe('sent');
		expect(world.simulator.received.map(({ type }) => type)).toEqual(['ticket', 'ticketMessage']);
	});

	it('is about all of the order, and tells Magalu nothing else of it', async () => {
		await created();
		const [item] = order.items;
		expect(opened()).toEqual([
			{
				type: 'shipping',
				reason: 'shipping_delay',
				order: {
					id: order.id,
					code: order.code,
					delivery: {
						id: order.delivery.id,
						seller: { id: seller.id },
						items: [
							{
								id: item!.id,
								sku: item!.sku,
								external_sku: item!.externalSku,
								name: item!.name,
								quantity: 1,
							},
						],
					},
				},
			},
		]);
	});

	it('may name its order by the number', async () => {
		expect(await created({ orderId: order.code })).toMatchObject({ orderId: order.id });
	});

	it.each(['cancellation', 'payment', 'shipping'])('may be about %s', async (type) => {
		await created({ type });
		expect(opened()[0]!.type).toBe(type);
	});

	it('needs no reason', async () => {
		expect(await created({ reason: 'none' })).toMatchObject({ ticketReason: null });
		expect(opened()[0]).not.toHaveProperty('reason');
	});

	it('has the store of the credential where the order does not tell it', async () => {
		world.node.credentials.magaluOAuth2Api!.tenantId = demoTenant;
		const asked = await world.run({ resource: 'order', operation: 'get', orderId: order.id });
		const { orderId, orderCode, ...plain } = asked.items[0]!.json;
		expect([orderId, orderCode]).toEqual([order.id, order.code]);
		const [delivery] = plain.deliveries as IDataObject[];
		delete delivery!.seller;
		const body = { ...plain, deliveries: [delivery!] };
		world.simulator.faults.push({ operation: 'magalu.order', kind: 'status', status: 200, body });
		settings().missingOrders = 'failed';
		await create();
		expect(opened()[0]!.order.delivery.seller).toEqual({ id: demoTenant });
	});

	it.each([
		['in its transaction', 'specified'],
		['in an event of its transaction', 'guided'],
	] as const)('has its ID %s', async (_where, shape) => {
		settings().transactionsAs = shape;
		expect((await created()).ticketId).toBe(state().tickets.at(-1)!.id);
	});

	it('is found where its transaction does not tell its ID', async () => {
		const body = { id: 't-1', status: 'completed', events: [] };
		const operation = 'magalu.transaction';
		world.simulator.faults.push({ operation, kind: 'status', status: 200, body, times: 9 });
		expect((await created()).ticketId).toBe(state().tickets.at(-1)!.id);
	});

	it('is found where Magalu names no transaction', async () => {
		const fault = { operation: 'magalu.openTicket', kind: 'status', when: 'after' } as const;
		world.simulator.faults.push({ ...fault, status: 202, body: { data: null } });
		expect(await created()).toMatchObject({
			status: 'sent',
			ticketId: state().tickets.at(-1)!.id,
			transactionId: null,
		});
	});

	it('is told to be there though its ID is not to be found', async () => {
		const operation = 'magalu.transaction';
		const body = { id: 't-1', status: 'completed', events: [] };
		world.simulator.faults.push({ operation, kind: 'status', status: 200, body, times: 9 });
		settings().ticketOutcomeOf = () => 'never';
		const { status, ticketId, hints } = await created();
		expect([status, ticketId]).toEqual(['sent', null]);
		expect(hints.map(({ message }) => message).join()).toMatch(/did not tell its ID/);
	});

	it('may be the answer itself', async () => {
		const fault = { operation: 'magalu.openTicket', kind: 'status', when: 'after' } as const;
		world.simulator.faults.push({ ...fault, status: 201, body: { id: 'ticket-9' } });
		expect(await created()).toMatchObject({ status: 'sent', ticketId: 'ticket-9' });
	});
});

describe('items', () => {
	const item = (one: string, quantity = 0) => ({ items: { item: [{ item: one, quantity }] } });
	beforeEach(() => {
		const second = { id: 'i-2', sku: 'sku-2', externalSku: 'own-2', quantity: 3 };
		order.items.push({ ...order.items[0]!, ...second });
	});

	it.each(['i-2', 'sku-2', 'own-2'])('are named by ID or SKU: %s', async (name) => {
		await created(item(name));
		expect(opened()[0]!.order.delivery.items).toMatchObject([{ id: 'i-2', quantity: 3 }]);
	});

	it('may be fewer than were ordered', async () => {
		await created(item('sku-2', 2));
		expect(opened()[0]!.order.delivery.items).toMatchObject([{ sku: 'sku-2', quantity: 2 }]);
	});

	it('are all where none is named', async () => {
		await created();
		expect(opened()[0]!.order.delivery.items).toHaveLength(2);
	});

	it.each([
		['that are none of the order', item('x'), /no delivery with these items: x/, /bk7c.*sku-2/],
		['of which more are wanted', item('sku-2', 4), /4, and 3 were ordered/, /0 for all/],
		['with half a quantity', item('sku-2', 0.5), /not a whole number/, /0 for all/],
		['without a name', item(' '), /'Item' is empty/, /about all items/],
	])('%s are refused before anything leaves', async (_case, more, message, description) => {
		const { error } = await create(more);
		expect(error!.message).toMatch(message);
		expect(error!.description).toMatch(description);
		expect(posts()).toBe(0);
	});
});

describe('an order with two deliveries', () => {
	beforeEach(() => {
		order.furtherDeliveries = [{ id: 'd-2', code: `${order.code}-2`, status: 'approved' }];
	});

	it('wants one of them named', async () => {
		const { error } = await create();
		expect(error!.message).toBe(
			`The order ${order.code} has 2 deliveries, and a ticket is about one`,
		);
		expect(error!.description).toContain(`${order.code}-1, ${order.code}-2`);
	});

	it.each(['d-2', 'code'])('is told by the ID or code of one: %s', async (by) => {
		await created({ options: { delivery: by === 'code' ? `${order.code}-2` : by } });
		expect(opened()[0]!.order.delivery.id).toBe('d-2');
	});

	it('has none that is called otherwise', async () => {
		const { error } = await create({ options: { delivery: 'd-3' } });
		expect(error!.message).toBe(`The order ${order.code} has no delivery d-3`);
	});
});

describe('what cannot be opened', () => {
	it.each([
		['a type of customers', { type: '={{ "exchange" }}' }, /'Type' is not one .*: exchange/],
		['a reason of customers', { reason: '={{ "not_received" }}' }, /'Reason' .*: not_received/],
	])('has %s', async (_case, more, message) => {
		const { error } = await create(more);
		expect(error).toMatchObject({ message: expect.stringMatching(message) });
		expect(world.calls()).toEqual([]);
	});

	it('has an order that Magalu does not find', async () => {
		const { error } = await create({ orderId: '1470000000009999' });
		expect(error!.message).toBe('Magalu does not find the order 1470000000009999');
		expect(error!.description).toMatch(/^Nothing was sent\./);
	});

	it.each([
		['its deliveries', { deliveries: [] }],
		['your store', { deliveries: [{ id: 'd-1', items: [{ quantity: 1 }] }] }],
		['its items', { deliveries: [{ id: 'd-1', seller: { id: 's' } }] }],
		['its ID and number', { code: null }],
	])('has an order of which Magalu does not tell %s', async (what, more) => {
		const body = { id: 'o-1', code: '1', ...more };
		world.simulator.faults.push({ operation: 'magalu.order', kind: 'status', status: 200, body });
		const { error } = await create();
		expect(error!.message).toMatch(new RegExp(`^Magalu does not tell ${what}: order `));
		expect(posts()).toBe(0);
	});

	it.each(['failed', 'cancelled'] as const)('ends %s, and surely is not there', async (end) => {
		settings().ticketOutcomeOf = () => end;
		const { error } = await create();
		expect(error!.message).toBe(`Magalu did not open the ticket: its transaction is '${end}'`);
		expect(detailsOf(error)).toMatchObject({ outcome: 'notSent', retryable: true, code: end });
	});

	it('lacks the scope, and the words say so', async () => {
		world.connect({ scopes: allScopes.filter((one) => one !== 'open:tickets-seller:write') });
		const { error } = await create();
		expect(error!.message).toBe('The credential lacks the scope open:tickets-seller:write');
		expect(detailsOf(error)).toMatchObject({ outcome: 'notSent' });
	});
});

describe('the end of a ticket', () => {
	it('is not waited for longer than the time-out says', async () => {
		settings().ticketOutcomeOf = () => 'never';
		const { status, ticketId, hints } = await created({ options: { timeout: 30 } });
		expect([status, ticketId]).toEqual(['accepted', null]);
		expect(hints[0]!.message).toMatch(/time ran out.*"Get" of transactions/);
	});

	it('is not waited for at all where that is switched off', async () => {
		const output = await created({ options: { waitForCompletion: false, useOpenTicket: false } });
		expect(output).toMatchObject({ status: 'accepted', ticketId: null, transactionStatus: null });
		expect(world.calls()).toEqual(['magalu.order', 'magalu.openTicket']);
	});

	it('is told later by its transaction', async () => {
		const { transactionId } = await created({ options: { waitForCompletion: false } });
		const asked = { resource: 'transaction', operation: 'get', transactionId } as INodeParameters;
		const { items } = await world.run(asked);
		expect(items[0]!.json).toMatchObject({
			ticketId: state().tickets.at(-1)!.id,
			messageId: null,
			transactionStatus: 'completed',
		});
	});

	it('is not known to somebody who may not read it', async () => {
		const scope = 'open:sac-transaction-seller:read';
		world.connect({ scopes: allScopes.filter((one) => one !== scope) });
		const { status, hints } = await created();
		expect(status).toBe('accepted');
		expect(hints[0]!.message).toContain(scope);
	});
});

describe('an open ticket of the order', () => {
	const another = { id: 'o-9', code: '9', deliveryId: 'd-9' };
	const known = (more: object = {}) =>
		world.simulator.magalu.addTicket({
			type: 'shipping',
			order: {
				id: order.id,
				code: order.code,
				deliveryId: order.delivery.id,
				items: order.items,
			},
			...more,
		});

	it('is told instead of opening a second', async () => {
		const { id } = known();
		expect(await created()).toMatchObject({
			status: 'skipped',
			reason: 'ticketIsOpen',
			ticketId: id,
			orderId: order.id,
		});
		expect(posts()).toBe(0);
	});

	it.each([
		['of another type', { type: 'payment' }],
		['that is closed', { status: 'closed' }],
		['of another order', { order: { ...another, items: demoOrders(0)[0]!.items } }],
	])('is none %s', async (_case, more) => {
		known(more);
		expect(await created()).toMatchObject({ status: 'sent' });
	});

	it('may stand beside another', async () => {
		known();
		expect(await created({ options: { useOpenTicket: false } })).toMatchObject({ status: 'sent' });
	});

	it('is seen by the items of one run', async () => {
		const run = await world.run(form(), { items: Array.from({ length: 5 }, () => ({ json: {} })) });
		const [{ ticketId }] = run.items.map(({ json }) => json) as [IDataObject];
		expect(run.items.map(({ json }) => json.status).sort()).toEqual(
			['sent', ...Array.from({ length: 4 }, () => 'skipped')].sort(),
		);
		expect(new Set(run.items.map(({ json }) => json.ticketId))).toEqual(new Set([ticketId]));
		expect(posts()).toBe(1);
	});
});

describe('validating a ticket', () => {
	it('opens none, and says what it would be about', async () => {
		const output = await created({ options: { validateOnly: true } });
		expect(output).toMatchObject({
			status: 'validated',
			orderCode: order.code,
			openTicketId: null,
			items: [{ sku: order.items[0]!.sku, quantity: 1 }],
		});
		expect(posts()).toBe(0);
	});

	it('names the open ticket that there is', async () => {
		const { ticketId } = await created();
		const output = await created({ options: { validateOnly: true } });
		expect(output).toMatchObject({ status: 'validated', openTicketId: ticketId });
	});
});

describe.each([
	['is lost', { kind: 'lost', when: 'after' }],
	['is lost before Magalu took it', { kind: 'lost', when: 'before' }],
	['is an error of Magalu’s own', { kind: 'status', status: 502, body: 'Bad Gateway' }],
	['cannot be read', { kind: 'garbage' }],
] as const)('a ticket whose answer %s', (_case, fault) => {
	it('is posted once only', async () => {
		world.simulator.faults.push({ operation: 'magalu.openTicket', ...fault });
		await create();
		expect(posts()).toBe(1);
	});
});

describe('a ticket whose answer was lost', () => {
	beforeEach(() => {
		const operation = 'magalu.openTicket';
		world.simulator.faults.push({ operation, kind: 'lost', when: 'after' });
	});

	it('is found among the order’s tickets', async () => {
		expect(await created()).toMatchObject({
			status: 'sent',
			foundBy: 'orderTickets',
			ticketId: state().tickets.at(-1)!.id,
			orderCode: order.code,
		});
		expect(posts()).toBe(1);
	});

	it('is found once it shows', async () => {
		jest.replaceProperty(looking, 'waitsMs', [1000, 3000, 7000, 12_000]);
		settings().completeAfterMs = 9000;
		expect(await created()).toMatchObject({ status: 'sent', foundBy: 'orderTickets' });
	});

	it.each([
		['another reason', { reason: 'unavailability' }],
		['another origin', { origin: 'customer' }],
		['another time', { createdAt: mockNow - 3_600_000 }],
	])('is not taken for one of %s', async (_case, more) => {
		settings().ticketOutcomeOf = () => 'never';
		const { id, code, delivery, items } = order;
		world.simulator.magalu.addTicket({
			...{ origin: 'seller', status: 'closed', createdAt: mockNow },
			order: { id, code, deliveryId: delivery.id, items },
			...more,
		});
		const { error } = await create();
		expect(detailsOf(error)).toMatchObject({ outcome: 'unknown' });
		expect(error!.description).toMatch(/It was not in the order's tickets at 2026/);
	});

	it('is not known where two are alike', async () => {
		const { id, code, delivery, items } = order;
		world.simulator.magalu.addTicket({
			...{ origin: 'seller', status: 'closed', createdAt: mockNow },
			order: { id, code, deliveryId: delivery.id, items },
		});
		const { error } = await create();
		expect(detailsOf(error)).toMatchObject({ outcome: 'unknown' });
		expect(error!.description).toContain('several tickets');
	});
});

it('a ticket whose answer was lost before Magalu took it is not known to be there', async () => {
	world.simulator.faults.push({ operation: 'magalu.openTicket', kind: 'lost' });
	const { error } = await create();
	expect(error!.message).toBe(
		'It is not known whether Magalu opened the ticket: the answer was lost',
	);
	expect(detailsOf(error)).toMatchObject({ outcome: 'unknown', retryable: false });
});

describe.each([
	['an hour ahead of', 3_600_000],
	['an hour behind', -3_600_000],
])("a ticket, with n8n's clock %s Magalu's", (_clock, ahead) => {
	beforeEach(() => world.simulator.clock.advance(-ahead));
	const lose = (when: 'before' | 'after') =>
		void world.simulator.faults.push({ operation: 'magalu.openTicket', kind: 'lost', when });

	it('whose answer was lost is found', async () => {
		lose('after');
		expect(await created()).toMatchObject({ status: 'sent', foundBy: 'orderTickets' });
	});

	it('whose answer was lost is not taken for an older one', async () => {
		await created({ options: { useOpenTicket: false } });
		mockNow += 120_000;
		lose('before');
		const { error } = await create({ options: { useOpenTicket: false } });
		expect(detailsOf(error)).toMatchObject({ outcome: 'unknown' });
	});

	it('of which Magalu names no transaction is found', async () => {
		const fault = { operation: 'magalu.openTicket', kind: 'status', when: 'after' } as const;
		world.simulator.faults.push({ ...fault, status: 202, body: { data: null } });
		expect((await created()).ticketId).toBe(state().tickets.at(-1)!.id);
	});
});
