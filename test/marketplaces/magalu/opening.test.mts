import { demoOrders } from './demo.mts';
import { type StartedMagalu, startMagalu } from './startMagalu.mts';
import { seller, type Order } from './state.mts';

let started: StartedMagalu;
let authorization: string;

beforeAll(async () => {
	started = await startMagalu();
	authorization = `Bearer ${started.magalu.issueTokens().access_token}`;
});
afterEach(() => {
	started.clock.reset();
	started.magalu.reset();
	started.magalu.state.settings.completeAfterMs = 0;
	started.received.length = 0;
});
afterAll(async () => {
	await started.close();
});

const settings = () => started.magalu.state.settings;
const known = () => started.magalu.state.orders.find(({ status }) => status === 'approved')!;

/** A ticket about the whole of an order. */
function ticketFor({ id, code, delivery, items }: Order = known()) {
	return {
		type: 'shipping',
		reason: 'shipping_delay' as unknown,
		order: {
			id,
			code,
			delivery: {
				id: delivery.id,
				seller: { id: seller.id },
				items: items.map((item) => ({ id: item.id, sku: item.sku, quantity: item.quantity })),
			},
		},
	};
}

async function post(body: unknown, token = authorization) {
	const answer = await fetch(`${started.origin}/magalu/seller/v0/tickets`, {
		method: 'POST',
		headers: { authorization: token, 'content-type': 'application/json' },
		body: typeof body === 'string' ? body : JSON.stringify(body),
	});
	return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

async function get(path: string) {
	const answer = await fetch(`${started.origin}/magalu/seller/v0${path}`, {
		headers: { authorization },
	});
	return (await answer.json()) as Record<string, unknown>;
}

/** The transaction of a ticket that was taken. */
async function transactionOf(body: unknown = ticketFor()) {
	const { transaction_id } = (await post(body)).body;
	return await get(`/transactions/${String(transaction_id)}`);
}

describe('a ticket that the seller opens', () => {
	it('is accepted with a transaction', async () => {
		const { status, body } = await post(ticketFor());
		expect(status).toBe(202);
		expect(body['links']).toEqual([
			{ path: `/seller/v0/transactions/${String(body['transaction_id'])}` },
		]);
	});

	it('is there once its transaction has completed', async () => {
		const { status, content_type, content_id } = await transactionOf();
		expect([status, content_type]).toEqual(['completed', 'ticket']);
		expect(await get(`/tickets/${String(content_id)}`)).toMatchObject({
			type: 'shipping',
			reason: 'shipping_delay',
			status: 'open',
			origin: 'seller',
			code: null,
			updated_at: null,
			order: { id: known().id, code: known().code },
		});
	});

	it('is one more for each time that it is posted', async () => {
		await post(ticketFor());
		await post(ticketFor());
		expect(started.received.map(({ type, reference }) => [type, reference])).toEqual([
			['ticket', known().code],
			['ticket', known().code],
		]);
	});

	it('needs no reason', async () => {
		expect((await post({ ...ticketFor(), reason: null })).status).toBe(202);
		expect((await post({ ...ticketFor(), reason: undefined })).status).toBe(202);
	});

	it('is not there while its transaction is open', async () => {
		settings().completeAfterMs = 100_000;
		expect((await transactionOf())['status']).toBe('pending');
		const { results } = await get(`/tickets?order__code=${known().code}&status=open`);
		expect(results).toEqual([]);
	});

	it.each(['failed', 'cancelled'] as const)('is not there where it ends %s', async (end) => {
		settings().ticketOutcomeOf = () => end;
		expect((await transactionOf())['status']).toBe(end);
		expect(started.received).toEqual([]);
	});

	it('is told by the guide’s transaction in an event', async () => {
		settings().transactionsAs = 'guided';
		const { trigger_endpoint, events } = await transactionOf();
		expect(trigger_endpoint).toBe('seller/v0/tickets');
		expect(events).toContainEqual(
			expect.objectContaining({ message: 'Ticket creation successful', status: 'completed' }),
		);
	});

	it('stands in the list of transactions', async () => {
		const { id } = await transactionOf();
		const { results } = await get(
			'/transactions?created_at_gte=2020-01-01&created_at_lte=2999-01-01',
		);
		expect(results).toMatchObject([{ id, code: null }]);
	});

	it('wants its own scope', async () => {
		const scopes = ['open:tickets-seller:read', 'open:ticket-messages-seller:write'];
		const token = `Bearer ${started.magalu.issueTokens({ scopes }).access_token}`;
		const { status, body } = await post(ticketFor(), token);
		expect(status).toBe(403);
		expect(body['message']).toBe('Missing scope: open:tickets-seller:write');
	});

	type Change = (ticket: ReturnType<typeof ticketFor>) => object;
	const inDelivery = (ticket: ReturnType<typeof ticketFor>, more: object) => ({
		...ticket,
		order: { ...ticket.order, delivery: { ...ticket.order.delivery, ...more } },
	});
	const inItem = (ticket: ReturnType<typeof ticketFor>, more: object) =>
		inDelivery(ticket, { items: [{ ...ticket.order.delivery.items[0], ...more }] });

	it.each<[string, Change, Array<string | number>]>([
		['no type', (one) => ({ ...one, type: undefined }), ['type']],
		['a type of customers', (one) => ({ ...one, type: 'exchange' }), ['type']],
		['a reason of customers', (one) => ({ ...one, reason: 'not_received' }), ['reason']],
		['an empty reason', (one) => ({ ...one, reason: '' }), ['reason']],
		['a code', (one) => ({ ...one, code: 'erp-1' }), ['code']],
		['a channel', (one) => ({ ...one, channel: { id: '1' } }), ['channel']],
		['no order', (one) => ({ ...one, order: undefined }), ['order']],
		[
			'no number of the order',
			(one) => ({ ...one, order: { ...one.order, code: undefined } }),
			['order', 'code'],
		],
		[
			'no delivery',
			(one) => ({ ...one, order: { ...one.order, delivery: null } }),
			['order', 'delivery'],
		],
		['no store', (one) => inDelivery(one, { seller: undefined }), ['order', 'delivery', 'seller']],
		[
			'a customer',
			(one) => inDelivery(one, { recipient: { name: 'Maria' } }),
			['order', 'delivery', 'recipient'],
		],
		['no items', (one) => inDelivery(one, { items: [] }), ['order', 'delivery', 'items']],
		[
			'an item without sku',
			(one) => inItem(one, { sku: undefined }),
			['order', 'delivery', 'items', 0, 'sku'],
		],
		[
			'none of an item',
			(one) => inItem(one, { quantity: 0 }),
			['order', 'delivery', 'items', 0, 'quantity'],
		],
		[
			'half an item',
			(one) => inItem(one, { quantity: 0.5 }),
			['order', 'delivery', 'items', 0, 'quantity'],
		],
		[
			'an item’s price',
			(one) => inItem(one, { price: 7990 }),
			['order', 'delivery', 'items', 0, 'price'],
		],
		[
			'an item’s name that is no text',
			(one) => inItem(one, { name: 7 }),
			['order', 'delivery', 'items', 0, 'name'],
		],
	])('is refused with %s', async (_case, change, field) => {
		const { status, body } = await post(change(ticketFor()));
		expect(status).toBe(422);
		expect(body).toMatchObject({ detail: [{ loc: ['body', ...field] }] });
		expect(started.magalu.state.ticketTransactions).toEqual([]);
	});

	it('is 400 where the body is no JSON', async () => {
		expect((await post('{"type": ')).status).toBe(400);
	});

	const stranger = demoOrders(0)[0]!;
	const mismatches: Array<[string, Change]> = [
		['an order that is not there', () => ticketFor({ ...stranger, id: 'x', code: '1' })],
		['an order of another number', (one) => ({ ...one, order: { ...one.order, code: '1' } })],
		['a delivery of another order', (one) => inDelivery(one, { id: stranger.delivery.id })],
		['another store', (one) => inDelivery(one, { seller: { id: 'x' } })],
		['an item of another order', (one) => inItem(one, { id: 'x' })],
		['more of an item than was ordered', (one) => inItem(one, { quantity: 2 })],
	];

	it.each(mismatches)('is 404 with %s', async (_case, change) => {
		expect((await post(change(ticketFor()))).status).toBe(404);
		expect(started.received).toEqual([]);
	});

	it.each(mismatches)('fails with %s where it is set so', async (_case, change) => {
		settings().missingOrders = 'failed';
		expect((await transactionOf(change(ticketFor())))['status']).toBe('failed');
		expect(started.received).toEqual([]);
	});
});
