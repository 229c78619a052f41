import { execFileSync } from 'node:child_process';

import type { IDataObject } from 'n8n-workflow';

import { listOrders, orderNames } from '../../../nodes/Magalu/api/orders.ts';
import { isoOf } from '../../../nodes/Magalu/api/pages.ts';
import { utcMsOf } from '../../../nodes/shared/dates.ts';
import { connectionOf } from '../../../nodes/Magalu/api/connection.ts';
import { searchTickets } from '../../../nodes/Magalu/actions/lists.ts';
import { forgetLanes } from '../../../nodes/shared/http/rateLimit.ts';
import { loadOptionsOf } from '../../engine/engine.mts';
import { magaluWorld, TICKET } from '../../engine/magalu.mts';
import { demoTickets } from '../../marketplaces/magalu/demo.mts';

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

type Json = Record<string, unknown>;

/** Every field of a ticket that the specification names (`TicketToSeller`), with where it stands. */
const specified = [
	...['id', 'code', 'type', 'status', 'closed', 'reason', 'protocol', 'due_date', 'origin'],
	...['created_at', 'updated_at', 'audit_created_at', 'audit_updated_at'],
	...['channel.id', 'order.id', 'order.code', 'order.delivery.id'],
	...['order.delivery.seller.id', 'order.delivery.seller.name'],
	...['id', 'sku', 'external_sku', 'name', 'description', 'image', 'quantity'].map(
		(name) => `order.delivery.items.${name}`,
	),
];

/** The ways to all fields of an object that hold no other. */
function namesIn(value: unknown, way: string[] = []): string[] {
	if (Array.isArray(value)) return value.flatMap((one) => namesIn(one, way));
	if (typeof value !== 'object' || value === null) return [way.join('.')];
	return Object.entries(value).flatMap(([name, one]) => namesIn(one, [...way, name]));
}
const HOUR = 3_600_000;
const state = () => world.simulator.magalu.state;
const queries = (operation: string) =>
	world.simulator.calls
		.filter((call) => call.operation === operation)
		.map(({ rawUrl }) => Object.fromEntries(new URL(rawUrl, 'http://x').searchParams));

beforeEach(() => forgetLanes());

/** A ticket as the simulator shows it, for answers of a test's own. */
function plainTicket(): Json {
	return {
		id: TICKET,
		code: null,
		type: 'shipping',
		status: 'open',
		closed: false,
		created_at: '2026-11-01T00:00:00',
		updated_at: '2026-11-02T00:00:00',
		origin: 'customer',
		channel: { id: 'c-1' },
		order: {
			id: 'o-1',
			code: '1',
			delivery: { id: 'd-1', seller: { id: 's-1' }, items: [{ id: 'i-1', sku: 's', quantity: 1 }] },
		},
	};
}

describe('a ticket', () => {
	it('is Magalu’s object beside our names', async () => {
		const { items } = await world.run({ resource: 'ticket', operation: 'get', ticketId: TICKET });
		const ticket = state().tickets.find(({ id }) => id === TICKET)!;
		expect(items[0]!.json).toMatchObject({
			ticketId: TICKET,
			orderId: ticket.order.id,
			orderCode: '1470000000000001',
			createdAt: new Date(ticket.createdAt).toISOString(),
			dueAt: new Date(ticket.dueDate!).toISOString(),
			id: TICKET,
			status: 'waiting_seller',
			protocol: ticket.protocol,
			created_at: new Date(ticket.createdAt).toISOString().slice(0, 19),
			order: { code: '1470000000000001' },
		});
	});

	it('may have an ID of another kind: Magalu says whether it knows it', async () => {
		const ticketId = 'no-such_ticket';
		const { error } = await world.run({ resource: 'ticket', operation: 'get', ticketId });
		expect(error).toMatchObject({ name: 'NodeApiError', httpCode: '422' });
	});

	it('has every field that the specification names, at every depth', async () => {
		const { items } = await world.run({ resource: 'ticket', operation: 'get', ticketId: TICKET });
		const shown = items[0]!.json as Record<string, unknown>;
		expect(namesIn(shown)).toEqual(expect.arrayContaining(specified));
	});

	const strange = { customer: { name: 'Maria' }, name: 'Maria', email: 'maria@example.com' };
	const withStrangeFields = () => {
		const { id, ...rest } = plainTicket();
		const order = rest.order as Json;
		const delivery = order.delivery as Json;
		return {
			...strange,
			id,
			...rest,
			order: {
				...strange,
				...order,
				delivery: {
					...strange,
					...delivery,
					recipient: { address: 'Rua 1' },
					items: [{ ...strange, ...(delivery.items as Json[])[0], name: 'Copo' }],
				},
			},
		};
	};
	const ofMaria = /Maria|maria@|Rua 1/;

	it('tells nothing personal at any depth, whatever Magalu adds', async () => {
		const body = withStrangeFields();
		world.simulator.faults.push({ operation: 'magalu.ticket', kind: 'status', status: 200, body });
		const { items } = await world.run({ resource: 'ticket', operation: 'get', ticketId: TICKET });
		expect(JSON.stringify(items[0]!.json)).not.toMatch(ofMaria);
		expect(items[0]!.json).toMatchObject({ order: { delivery: { items: [{ name: 'Copo' }] } } });
	});

	it('among many tells nothing personal either, unless asked to', async () => {
		const body = { meta: null, results: [withStrangeFields()] };
		const operation = 'magalu.tickets';
		world.simulator.faults.push({ operation, kind: 'status', status: 200, body, times: 9 });
		const form = { resource: 'ticket', operation: 'getMany', limit: 1 };
		const { items } = await world.run(form);
		expect(JSON.stringify(items[0]!.json)).not.toMatch(ofMaria);
		const asked = await world.run({ ...form, options: { includePersonalData: true } });
		expect(JSON.stringify(asked.items[0]!.json)).toMatch(ofMaria);
	});

	it('that never changed has no date of a change', async () => {
		const { id } = world.simulator.magalu.addTicket({ updatedAt: null });
		const { items } = await world.run({ resource: 'ticket', operation: 'get', ticketId: id });
		expect(items[0]!.json).toMatchObject({ updatedAt: null, updated_at: null });
	});

	it('without a due date has none', async () => {
		const ticketId = demoTickets.closed;
		const { items } = await world.run({ resource: 'ticket', operation: 'get', ticketId });
		expect(items[0]!.json).toMatchObject({ dueAt: null, due_date: null, closed: true });
	});
});

describe('many tickets', () => {
	const many = async (more: object = {}) => {
		const result = await world.run({ resource: 'ticket', operation: 'getMany', ...more });
		expect(result.error).toBeUndefined();
		return { ...result, ids: result.items.map(({ json }) => json.ticketId) };
	};
	const add = (count: number, updatedAt: (i: number) => number) => {
		state().tickets = [];
		return Array.from(
			{ length: count },
			(_, i) =>
				world.simulator.magalu.addTicket({
					createdAt: updatedAt(i) - 90 * 24 * HOUR,
					updatedAt: updatedAt(i),
				}).id,
		);
	};

	it('come newest change first, as many as the limit says', async () => {
		const ids = add(5, (i) => mockNow - i * HOUR);
		expect((await many({ limit: 3 })).ids).toEqual(ids.slice(0, 3));
		expect(world.calls()).toHaveLength(2);
	});

	describe.each(['first', 'last'] as const)('that never changed and are listed %s', (place) => {
		/** Every third one never changed. */
		const mixed = (count: number) => {
			state().settings.neverChanged = place;
			state().tickets = [];
			return Array.from({ length: count }, (_, i) => {
				const at = mockNow - (i + 1) * 1000;
				return world.simulator.magalu.addTicket(
					i % 3 === 0
						? { createdAt: at, updatedAt: null }
						: { createdAt: at - 500 * HOUR, updatedAt: at },
				).id;
			});
		};

		it.each([1, 4, 50, 150])('come where they belong, with Limit %i', async (limit) => {
			const ids = mixed(230);
			expect((await many({ limit })).ids).toEqual(ids.slice(0, limit));
		});

		it('come with all others', async () => {
			const ids = mixed(430);
			expect((await many({ returnAll: true })).ids).toEqual(ids);
		});

		it.each([{ limit: 20 }, { returnAll: true }])(
			'come by the date of their creation where a change is asked for: %j',
			async (size) => {
				const ids = mixed(10);
				const filters = {
					updatedAfter: new Date(mockNow - 8000).toISOString(),
					updatedBefore: new Date(mockNow - 3000).toISOString(),
				};
				expect((await many({ ...size, filters })).ids).toEqual(ids.slice(2, 8));
			},
		);

		it('come where they were created after a date', async () => {
			const ids = mixed(10);
			const filters = { createdAfter: new Date(mockNow - 5000).toISOString() };
			expect((await many({ limit: 20, filters })).ids).toEqual([ids[0], ids[3]]);
		});
	});

	it('with more rows than asked for are as many as the limit says', async () => {
		add(5, (i) => mockNow - i * HOUR);
		const results = Array.from({ length: 120 }, (_, i) => ({
			...plainTicket(),
			id: `t-${i}`,
			updated_at: new Date(mockNow - i * 1000).toISOString(),
		}));
		const operation = 'magalu.tickets';
		const body = { meta: null, results };
		world.simulator.faults.push({ operation, kind: 'status', status: 200, body, times: 99 });
		expect((await many({ limit: 5 })).ids).toEqual(results.slice(0, 5).map(({ id }) => id));
		expect((await many({ limit: 110 })).ids).toHaveLength(110);
		const sizes = queries(operation).map(({ _limit }) => Number(_limit));
		expect(Math.min(...sizes)).toBeGreaterThanOrEqual(1);
		expect(Math.max(...sizes)).toBeLessThanOrEqual(100);
	});

	it.each<[string, (i: number) => object]>([
		['ever the same page', () => ({})],
		['without an ID', (i) => ({ id: undefined, code: `${i % 100}` })],
		['without a date', () => ({ updated_at: null, created_at: null })],
	])('end in the end: %s', async (_, more) => {
		const results = Array.from({ length: 100 }, (_, i) => ({
			...plainTicket(),
			id: `t-${i}`,
			...more(i),
		}));
		const operation = 'magalu.tickets';
		const body = { meta: { links: { next: '?_offset=100' } }, results };
		world.simulator.faults.push({ operation, kind: 'status', status: 200, body, times: 999 });
		const { items } = await many({ returnAll: true });
		expect(items).toHaveLength(100);
		expect(world.calls().length).toBeLessThan(10);
	});

	it('come past the greatest offset, no ticket twice', async () => {
		const ids = add(450, (i) => mockNow - i * 1000);
		const { ids: read, items } = await many({ returnAll: true });
		expect(read).toEqual(ids);
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual(ids.map(() => ({ item: 0 })));
		expect(queries('magalu.tickets').every(({ _offset }) => Number(_offset) <= 100)).toBe(true);
	});

	it('come past the greatest offset with a limit as well', async () => {
		const ids = add(450, (i) => mockNow - i * 1000);
		expect((await many({ limit: 320 })).ids).toEqual(ids.slice(0, 320));
	});

	it('come whole where many were changed in the same second', async () => {
		const ids = add(260, (i) => mockNow - Math.floor(i / 90) * 1000);
		const { ids: read } = await many({ returnAll: true });
		expect(new Set(read)).toEqual(new Set(ids));
		expect(read).toHaveLength(260);
	});

	it('of one and the same moment come as far as Magalu lists them, with a hint', async () => {
		add(250, () => mockNow);
		const { ids: read, hints } = await many({ returnAll: true });
		expect(read).toHaveLength(200);
		expect(hints[0]!.message).toMatch(/at most 200 tickets of one moment/);
	});

	it('come once, with their newest state, where they change while they are read', async () => {
		const ids = add(150, (i) => mockNow - i * 1000);
		const oldest = state().tickets.at(-1)!;
		const reading = many({ returnAll: true });
		while (world.simulator.calls[0]?.status !== 200) await new Promise(setImmediate);
		oldest.updatedAt = mockNow + 1000;
		oldest.status = 'closed';
		const { ids: read } = await reading;
		expect(new Set(read)).toEqual(new Set(ids));
		expect(read).toHaveLength(150);
	});

	it('come where Magalu serves smaller pages than it was asked for', async () => {
		const rows = [{ id: 'a', updated_at: '2026-01-01T00:00:00' }];
		const body = { meta: { page: { limit: 1 } }, results: rows };
		world.simulator.faults.push({ operation: 'magalu.tickets', kind: 'status', status: 200, body });
		const last = { meta: {}, results: [{ id: 'b', updated_at: '2025-01-01T00:00:00' }] };
		world.simulator.faults.push({
			operation: 'magalu.tickets',
			kind: 'status',
			status: 200,
			body: last,
		});
		expect((await many({ limit: 10 })).ids).toEqual(['a', 'b']);
	});

	it.each<[string, IDataObject, IDataObject]>([
		['status', { status: ' waiting ' }, { status: 'waiting' }],
		['orderCode', { orderCode: '1470000000000002' }, { order__code: '1470000000000002' }],
		['protocol', { protocol: '123' }, { protocol: '123' }],
		['code', { code: ' erp-1 ' }, { code: 'erp-1' }],
		['type', { type: 'shipping_notification' }, { type: 'shipping_notification' }],
		['reason', { reason: 'not_received' }, { reason: 'not_received' }],
		[
			'createdAfter',
			{ createdAfter: '2026-11-20T01:02:03Z' },
			{ created_at_gte: '2026-11-20T01:02:03Z' },
		],
		['dueAfter', { dueAfter: '2026-11-20T01:02:03Z' }, { due_date_gte: '2026-11-20T01:02:03Z' }],
		[
			'dueBefore',
			{ dueBefore: '2026-11-20T01:02:03-03:00' },
			{ due_date_lte: '2026-11-20T04:02:03.000Z' },
		],
	])('can be filtered by %s', async (_, filters, query) => {
		await many({ filters });
		const [byChange, byCreation] = queries('magalu.tickets');
		expect(byChange).toMatchObject({
			...query,
			_sort: 'updated_at:desc',
			_limit: '50',
			_offset: '0',
		});
		expect(byCreation).toMatchObject({ ...query, _sort: 'created_at:asc', _offset: '0' });
	});

	it.each<[IDataObject, IDataObject, IDataObject]>([
		[
			{ updatedAfter: '2026-11-20T01:02:03-03:00' },
			{ updated_at_gte: '2026-11-20T04:02:03.000Z' },
			{ created_at_gte: '2026-11-20T04:02:03.000Z' },
		],
		[
			{ updatedBefore: '2026-11-20T01:02:03Z' },
			{ updated_at_lte: '2026-11-20T01:02:03Z' },
			{ created_at_lte: '2026-11-20T01:02:03Z' },
		],
	])(
		'can be filtered by their change, which for some is their creation: %j',
		async (filters, byChange, byCreation) => {
			await many({ filters });
			expect(queries('magalu.tickets')[0]).toMatchObject(byChange);
			expect(queries('magalu.tickets')[1]).toMatchObject(byCreation);
			expect(queries('magalu.tickets')[1]).not.toHaveProperty(Object.keys(byChange)[0]!);
		},
	);

	it('with a word that Magalu does not know fail with Magalu’s words', async () => {
		const filters = { type: '={{ "chat" }}' };
		const { error } = await world.run({ resource: 'ticket', operation: 'getMany', filters });
		expect(error!.message).toContain('shipping_notification');
	});

	it('say in their queries all dates in UTC with a Z', async () => {
		add(450, (i) => mockNow - i * 1000);
		await many({ returnAll: true, filters: { updatedAfter: '2020-01-01' } });
		await many({ limit: 320 });
		const dates = queries('magalu.tickets').flatMap((query) =>
			Object.entries(query).filter(([name]) => /_(gte|lte)$/.test(name)),
		);
		expect(dates.length).toBeGreaterThan(5);
		for (const [, date] of dates) expect(date).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
	});

	it('read a date without a zone in the zone of the workflow', async () => {
		await world.run(
			{
				resource: 'ticket',
				operation: 'getMany',
				filters: { updatedAfter: '2026-11-20T01:02:03' },
			},
			{ workflowSettings: { timezone: 'America/Sao_Paulo' } },
		);
		expect(queries('magalu.tickets')[0]!.updated_at_gte).toBe('2026-11-20T04:02:03.000Z');
	});

	it('are none where nothing fits', async () => {
		expect((await many({ filters: { status: 'lost' } })).ids).toEqual([]);
	});

	it('are refused where the limit is none', async () => {
		const form = { resource: 'ticket', operation: 'getMany', limit: '={{ "few" }}' };
		expect((await world.run(form)).error!.message).toBe("'Limit' is not a number from 1 up");
	});
});

describe('the list of tickets in the editor', () => {
	const list = async (filter?: string, token?: string) =>
		await searchTickets.call(loadOptionsOf(world.node, {}), filter, token);

	/** Two that wait for the seller and two that nobody has answered, which are due in turn; the last one never. */
	const four = () => {
		state().tickets = [];
		const inHours = (hours: number) => ({ dueDate: mockNow + hours * HOUR });
		const { addTicket } = world.simulator.magalu;
		return [
			addTicket({ status: 'open', updatedAt: null, ...inHours(1) }),
			addTicket(inHours(2)),
			addTicket({ status: 'open', updatedAt: null, ...inHours(3) }),
			addTicket({ dueDate: undefined }),
		].map(({ id }) => id);
	};
	const ids = async (token?: string) => (await list('', token)).results.map(({ value }) => value);

	/** Two are asked for at once, so in no order. */
	const statusesAsked = () =>
		queries('magalu.tickets')
			.map(({ status }) => status)
			.sort();

	it('shows those that wait for the seller or were never answered, the most urgent first', async () => {
		const shown = four();
		expect(await ids()).toEqual(shown);
	});

	it.each(['waiting', 'closed'])('shows none that is %s', async (status) => {
		const shown = four();
		world.simulator.magalu.addTicket({ status });
		expect(await ids()).toEqual(shown);
	});

	it('asks once for each of the two statuses, as the filter takes one', async () => {
		four();
		await list();
		expect(statusesAsked()).toEqual(['open', 'waiting_seller']);
	});

	it('says of a ticket which order it is about, by when to answer, and whose turn it is', async () => {
		const { results } = await list();
		expect(results.find(({ value }) => value === TICKET)!.name).toMatch(
			/^Order 1470000000000001, quality concern, answer by \d+ [A-Z][a-z]+ \d{4} \d\d:\d\d UTC, waits for you, \d+$/,
		);
	});

	it('is narrowed down by what is typed', async () => {
		const { results } = await list('QUALITY');
		expect(results.map(({ value }) => value)).toEqual([demoTickets.waitingSeller]);
	});

	it('finds tickets of any status by an order number or a protocol', async () => {
		const { results } = await list('1470000000000003');
		expect(results.map(({ value }) => value)).toEqual([demoTickets.closed]);
		const { protocol } = state().tickets[0]!;
		expect((await list(protocol)).results.map(({ value }) => value)).toEqual([TICKET]);
	});

	it('finds what is typed on later pages as well', async () => {
		for (let i = 0; i < 140; i++) world.simulator.magalu.addTicket();
		const { id } = world.simulator.magalu.addTicket({
			reason: 'held_at_customs',
			dueDate: mockNow * 2,
		});
		const { results, paginationToken } = await list('customs');
		expect(results.map(({ value }) => value)).toEqual([id]);
		expect(paginationToken).toBeUndefined();
	});

	it('shows a ticket once where a number is its order and its protocol', async () => {
		world.simulator.magalu.addTicket({
			protocol: '777777777777',
			order: { ...state().tickets[0]!.order, code: '777777777777' },
		});
		expect((await list('777777777777')).results).toHaveLength(1);
	});

	it.each([30, 70])('goes on after as many tickets as came: %i', async (count) => {
		const results = Array.from({ length: count }, (_, i) => ({ id: `t-${i}`, protocol: `p${i}` }));
		const body = { meta: { page: { limit: Math.min(count, 50) } }, results };
		const operation = 'magalu.tickets';
		world.simulator.faults.push({ operation, kind: 'status', status: 200, body, times: 2 });
		const { paginationToken } = await list();
		await list('', paginationToken as string);
		expect(queries(operation).slice(2)).toMatchObject(Array(2).fill({ _offset: String(count) }));
	});

	it('leaves out a ticket without an ID: nobody could choose it', async () => {
		const body = { meta: null, results: [{ protocol: '1' }, { id: 't-2', protocol: '2' }] };
		const operation = 'magalu.tickets';
		world.simulator.faults.push({ operation, kind: 'status', status: 200, body, times: 2 });
		expect(await list()).toEqual({ results: [{ name: '2', value: 't-2' }] });
	});

	it('goes on page by page, as far as Magalu lists', async () => {
		state().tickets = [];
		for (let i = 0; i < 170; i++) world.simulator.magalu.addTicket();
		const shown = new Set<unknown>();
		let token: string | undefined;
		do {
			const { results, paginationToken } = await list('', token);
			for (const { value } of results) shown.add(value);
			token = paginationToken as string | undefined;
		} while (token !== undefined);
		expect(shown.size).toBe(150);
	});

	it('does not ask again for the status whose tickets have all been shown', async () => {
		for (let i = 0; i < 70; i++) world.simulator.magalu.addTicket();
		const { paginationToken } = await list();
		await list('', paginationToken as string);
		expect(statusesAsked()).toEqual(['open', 'waiting_seller', 'waiting_seller']);
	});
});

describe('orders', () => {
	it('are read page by page', async () => {
		const connection = await connectionOf(loadOptionsOf(world.node, {}));
		const page = await listOrders(connection, {
			status: 'approved',
			updatedFrom: '2020-01-01T00:00:00Z',
			limit: 10,
			offset: 0,
			sort: 'purchased_at:asc',
		});
		expect(page.full).toBe(false);
		expect(page.rows.map(orderNames)).toEqual([
			{ orderId: expect.any(String), orderCode: '1470000000000002' },
		]);
		expect(queries('magalu.orders')[0]).toEqual({
			status: 'approved',
			updated_at__gte: '2020-01-01T00:00:00Z',
			_sort: 'purchased_at:asc',
			_limit: '10',
			_offset: '0',
		});
	});

	it('without a name have none', () => {
		expect(orderNames({})).toEqual({ orderId: null, orderCode: null });
	});
});

describe('a date of the ticket API', () => {
	it.each([
		['2024-11-08T14:15:25.416590', '2024-11-08T14:15:25.416Z'],
		['2024-08-07T13:42:45', '2024-08-07T13:42:45.000Z'],
		['2024-08-07T13:42:45-03:00', '2024-08-07T16:42:45.000Z'],
	])('%s is %s', (written, meant) => expect(isoOf(written)).toBe(meant));

	it('means UTC wherever n8n runs', () => {
		const pages = "import('./nodes/Magalu/api/pages.ts')";
		const script = `${pages}.then((it) => console.log(it.default.isoOf('2024-08-07T13:42:45')))`;
		const env = { ...process.env, TZ: 'America/Sao_Paulo' };
		const said = execFileSync(process.execPath, ['--import', 'tsx', '-e', script], { env });
		expect(String(said).trim()).toBe('2024-08-07T13:42:45.000Z');
	});

	it('that is none is nothing', () => {
		expect(utcMsOf('soon')).toBeUndefined();
		expect(isoOf(null)).toBeNull();
	});
});
