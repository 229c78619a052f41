import { demoTickets } from './demo.mts';
import { type StartedMagalu, startMagalu } from './startMagalu.mts';

interface Answered {
	status: number;
	headers: Headers;
	body: Record<string, unknown> & {
		results: Array<Record<string, unknown>>;
		meta: { page: Record<string, number>; links: Record<string, string | null> };
	};
}

let started: StartedMagalu;
let token: string;

beforeAll(async () => {
	started = await startMagalu();
	token = started.magalu.issueTokens().access_token;
});
afterEach(() => {
	started.clock.reset();
	started.magalu.reset();
});
afterAll(async () => {
	await started.close();
});

async function get(path: string, headers: Record<string, string> = {}): Promise<Answered> {
	const answer = await fetch(`${started.origin}/magalu${path}`, {
		headers: { authorization: `Bearer ${token}`, ...headers },
	});
	const body = (await answer.json()) as Answered['body'];
	return { status: answer.status, headers: answer.headers, body };
}

const idsIn = ({ body }: Answered) => body.results.map(({ id }) => id);

describe('every answer', () => {
	it('carries a request id', async () => {
		expect((await get('/seller/v0/tickets')).headers.get('x-request-id')).toMatch(
			/^[0-9a-f-]{36}$/,
		);
	});

	it('is 401 with the reason in a header where the token is missing', async () => {
		const answer = await get('/seller/v0/tickets', { authorization: '' });
		expect(answer.status).toBe(401);
		expect(Object.keys(answer.body)).toEqual(['developerMessage', 'userMessage', 'errorCode']);
		expect(answer.headers.get('x-authorization-error')).toBe('Jwt is missing');
	});

	it('is 401 for a token that nobody issued', async () => {
		expect((await get('/seller/v0/tickets', { authorization: 'Bearer x' })).status).toBe(401);
	});

	it.each([
		['/seller/v0/tickets', 'open:tickets-seller:read'],
		[`/seller/v0/tickets/${demoTickets.waiting}`, 'open:tickets-seller:read'],
		[`/seller/v0/tickets/${demoTickets.waiting}/messages`, 'open:ticket-messages-seller:read'],
		['/seller/v0/transactions/x', 'open:sac-transaction-seller:read'],
		['/seller/v1/orders', 'open:order-order-seller:read'],
		['/seller/v1/deliveries', 'open:order-delivery-seller:read'],
	])('of %s is 403 without the scope %s', async (path, scope) => {
		const scopes = started.magalu.issueTokens().scope.split(' ');
		const lacking = scopes.filter((name) => name !== scope);
		const { access_token } = started.magalu.issueTokens({ scopes: lacking });
		const answer = await get(path, { authorization: `Bearer ${access_token}` });
		expect(answer).toMatchObject({ status: 403, body: { slug: 'FORBIDDEN' } });
	});

	it('is 403 where another tenant is named', async () => {
		expect((await get('/seller/v0/tickets', { 'x-tenant-id': 'other' })).status).toBe(403);
	});

	it('is an HTML page where the edge blocks', async () => {
		started.magalu.state.settings.edgeBlocks = 1;
		const answer = await fetch(`${started.origin}/magalu/seller/v0/tickets`);
		expect(answer.status).toBe(403);
		expect(answer.headers.get('content-type')).toContain('text/html');
	});

	it('is 429 over the limit of a minute, and fine a minute later', async () => {
		started.magalu.state.settings.perMinute.supportReads = 2;
		await get('/seller/v0/tickets');
		await get('/seller/v0/tickets');
		const refused = await get('/seller/v0/tickets');
		expect(refused).toMatchObject({ status: 429, body: { slug: 'TOO_MANY_REQUESTS' } });
		started.clock.advance(60_000);
		expect((await get('/seller/v0/tickets')).status).toBe(200);
	});
});

describe('the list of tickets', () => {
	it('has 50 on a page', async () => {
		for (let count = 0; count < 60; count += 1) started.magalu.addTicket();
		const { body } = await get('/seller/v0/tickets');
		expect(body.meta.page).toEqual({ limit: 50, offset: 0, count: 50, max_limit: 100 });
		expect(body.meta.links).toEqual({
			previous: '?_offset=0&_limit=50',
			self: '?_offset=0&_limit=50',
			next: '?_offset=50&_limit=50',
		});
	});

	it.each(['_limit=101', '_limit=0', '_limit=x', '_offset=101', '_offset=-1', '_sort=name:asc'])(
		'refuses %s in the framework’s own words',
		async (query) => {
			const { status, body } = await get(`/seller/v0/tickets?${query}`);
			const name = query.split('=')[0];
			expect(status).toBe(422);
			expect(body['detail']).toEqual([
				{ loc: ['query', name], msg: expect.any(String), type: expect.any(String) },
			]);
		},
	);

	it('reads dates with one underscore, without a zone as UTC', async () => {
		const old = started.magalu.addTicket({ createdAt: Date.UTC(2020, 0, 1, 11, 59, 59) });
		const edge = started.magalu.addTicket({ createdAt: Date.UTC(2020, 0, 1, 12) });
		const query = 'updated_at_gte=2020-01-01T12:00:00&updated_at_lte=2020-01-02';
		const ids = idsIn(await get(`/seller/v0/tickets?${query}`));
		expect(ids).toEqual([edge.id]);
		expect(ids).not.toContain(old.id);
	});

	it('ignores dates with two underscores', async () => {
		const all = await get('/seller/v0/tickets');
		const filtered = await get('/seller/v0/tickets?updated_at__gte=2999-01-01T00:00:00');
		expect(idsIn(filtered)).toEqual(idsIn(all));
	});

	it('refuses what is no date', async () => {
		expect((await get('/seller/v0/tickets?updated_at_gte=yesterday')).status).toBe(422);
	});

	it('finds the tickets of an order by its number', async () => {
		const answer = await get('/seller/v0/tickets?order__code=1470000000000003');
		expect(idsIn(answer)).toEqual([demoTickets.closed]);
	});

	it('sorts both ways', async () => {
		const up = idsIn(await get('/seller/v0/tickets?_sort=updated_at:asc'));
		const down = idsIn(await get('/seller/v0/tickets?_sort=updated_at:desc'));
		expect(up[0]).toBe(demoTickets.closed);
		expect(down).toEqual([...up].reverse());
	});

	it.each([
		['last', 'asc', -1],
		['first', 'asc', 0],
		['last', 'desc', 0],
		['first', 'desc', -1],
	] as const)(
		'has tickets that never changed %s by change, as set: %s',
		async (place, order, at) => {
			started.magalu.state.settings.neverChanged = place;
			const { id } = started.magalu.addTicket({ updatedAt: null });
			expect(idsIn(await get(`/seller/v0/tickets?_sort=updated_at:${order}`)).at(at)).toBe(id);
		},
	);

	it('leaves out what never changed where it is filtered by change', async () => {
		const { id } = started.magalu.addTicket({ updatedAt: null });
		const { body } = await get(`/seller/v0/tickets/${id}`);
		expect(body).toMatchObject({ updated_at: null, audit_updated_at: expect.any(String) });
		const filtered = await get('/seller/v0/tickets?updated_at_gte=1970-01-01T00:00:00Z');
		expect(idsIn(filtered)).not.toContain(id);
	});

	it.each(['type=chat', 'reason=bored'])('refuses the unknown word in %s', async (query) => {
		const { status, body } = await get(`/seller/v0/tickets?${query}`);
		expect(status).toBe(422);
		expect(body['detail']).toMatchObject([{ loc: ['query', query.split('=')[0]] }]);
	});

	it('is filtered by type and reason', async () => {
		const { id } = started.magalu.addTicket({ type: 'exchange', reason: 'defective_product' });
		expect(idsIn(await get('/seller/v0/tickets?type=exchange'))).toEqual([id]);
		expect(idsIn(await get('/seller/v0/tickets?reason=defective_product'))).toEqual([id]);
	});

	it('writes dates without a zone', async () => {
		started.magalu.addTicket({ createdAt: Date.UTC(2020, 0, 1, 12, 0, 0, 250) });
		const { body } = await get('/seller/v0/tickets?created_at_lte=2020-01-02');
		expect(body.results[0]?.['created_at']).toBe('2020-01-01T12:00:00.250000');
	});

	it('shows a late ticket only from its moment on', async () => {
		const late = started.magalu.addTicket({ indexedAt: Date.now() + 60_000 });
		expect(idsIn(await get('/seller/v0/tickets'))).not.toContain(late.id);
		started.clock.advance(61_000);
		expect(idsIn(await get('/seller/v0/tickets'))).toContain(late.id);
	});
});

describe('a ticket', () => {
	it('is found by its id', async () => {
		const { body } = await get(`/seller/v0/tickets/${demoTickets.closed}`);
		expect(body).toMatchObject({ id: demoTickets.closed, status: 'closed', closed: true });
	});

	it('is 404 where nobody knows it', async () => {
		const path = '/seller/v0/tickets/00000000-0000-4000-8000-000000000000';
		expect(await get(path)).toMatchObject({ status: 404, body: { slug: 'NOT_FOUND' } });
	});

	it('is 422 where the id is none', async () => {
		expect((await get('/seller/v0/tickets/12')).status).toBe(422);
	});
});

describe('the messages of a ticket', () => {
	const path = `/seller/v0/tickets/${demoTickets.waitingSeller}/messages`;

	it('leave out what moderation rejected and what is private', async () => {
		const before = idsIn(await get(path));
		const rejected = started.magalu.addMessage(demoTickets.waitingSeller, {
			moderation: 'rejected',
		});
		started.magalu.addMessage(demoTickets.waitingSeller, { isPrivate: true });
		expect(idsIn(await get(path))).toEqual(before);
		expect((await get(`${path}/${rejected.id}`)).status).toBe(404);
	});

	it('come newest first where asked to', async () => {
		const { id } = started.magalu.addMessage(demoTickets.waitingSeller);
		expect(idsIn(await get(`${path}?_sort=created_at:desc`))[0]).toBe(id);
	});

	it('are filtered by attachment', async () => {
		const { body } = await get(`${path}?has_attachment=true`);
		expect(body.results).toHaveLength(1);
		expect(body.results[0]?.['attachments']).toMatchObject([
			{ provided_file_name: 'copo quebrado.png', file_type: 'image/png' },
		]);
	});

	it.each(['fileName', 'id'] as const)('give the bytes of a file by its %s', async (name) => {
		started.magalu.state.settings.attachmentsBy = name;
		const ticket = started.magalu.state.tickets.find(({ id }) => id === demoTickets.waitingSeller);
		const message = ticket?.messages.find(({ attachments }) => attachments.length > 0);
		const file = message?.attachments[0];
		const url = `${started.origin}/magalu${path}/${message?.id}/attachments/`;
		const headers = { authorization: `Bearer ${token}` };
		const other = name === 'id' ? 'fileName' : 'id';
		expect((await fetch(url + file?.[other], { headers })).status).toBe(404);
		const answer = await fetch(url + file?.[name], { headers });
		expect(answer.headers.get('content-type')).toBe('image/png');
		expect(Buffer.from(await answer.arrayBuffer())).toEqual(file?.bytes);
	});
});

describe('the list of orders', () => {
	it('has 20 on a page', async () => {
		for (let count = 0; count < 20; count += 1) started.magalu.addOrder();
		const { body } = await get('/seller/v1/orders');
		expect(body.meta.page).toEqual({ limit: 20, offset: 0, count: 20, max_limit: 100 });
	});

	it('reads dates with two underscores', async () => {
		const { id } = started.magalu.addOrder({ purchasedAt: Date.UTC(2020, 0, 1) });
		const answer = await get('/seller/v1/orders?updated_at__lte=2020-01-01T00:00:00Z');
		expect(idsIn(answer)).toEqual([id]);
	});

	it('ignores dates with one underscore', async () => {
		const { body } = await get('/seller/v1/orders?updated_at_gte=2999-01-01T00:00:00Z');
		expect(body.results).toHaveLength(4);
	});

	it.each(['status=shipped', '_offset=5001', '_sort=updated_at:asc'])(
		'refuses %s in the words of the platform',
		async (query) => {
			const answer = await get(`/seller/v1/orders?${query}`);
			expect(answer).toMatchObject({
				status: 422,
				body: { slug: 'UNPROCESSABLE_ENTITY', details: [{ location: 'query' }] },
			});
		},
	);

	it('has the customer’s personal data', async () => {
		const { body } = await get('/seller/v1/orders?code=1470000000000001');
		expect(body.results).toMatchObject([
			{ customer: { name: 'Maria Oliveira', document_number: '12345678909' } },
		]);
	});

	it('shows a late order only from its moment on', async () => {
		const late = started.magalu.addOrder({ indexedAt: Date.now() + 60_000 });
		expect(idsIn(await get('/seller/v1/orders'))).not.toContain(late.id);
		started.clock.advance(61_000);
		expect(idsIn(await get('/seller/v1/orders'))).toContain(late.id);
	});

	it('gives one order by its id or its number', async () => {
		const byCode = await get('/seller/v1/orders/1470000000000002');
		const byId = await get(`/seller/v1/orders/${String(byCode.body['id'])}`);
		expect(byId.body).toEqual(byCode.body);
	});
});

it('lists deliveries by their status', async () => {
	const { body } = await get('/seller/v1/deliveries?status=delivered');
	expect(body.results).toMatchObject([
		{ status: 'delivered', order: { code: '1470000000000001' } },
	]);
});

it('takes orders from outside, but none with a field that nobody knows', () => {
	const { magalu } = started;
	magalu.addOrders([{ code: '77', status: 'approved' }]);
	expect(magalu.state.orders.at(-1)).toMatchObject({ code: '77', status: 'approved' });
	expect(() => magalu.addOrders([{ number: '78' }])).toThrow('An order has no number');
});
