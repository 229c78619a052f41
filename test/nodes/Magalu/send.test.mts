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
const sent = () => world.simulator.received;
const bodies = () =>
	world.simulator.calls
		.filter(({ operation }) => operation === 'magalu.send')
		.map(({ body }) => JSON.parse(body.toString()) as Record<string, unknown>);

describe('a message without files', () => {
	it('is sent, followed to its end and reported in full', async () => {
		const { items, error } = await world.run(messageForm({ code: 'erp-7' }));
		expect(error).toBeUndefined();
		expect(items).toHaveLength(1);
		expect(items[0]!.json).toEqual({
			status: 'sent',
			marketplace: 'magalu',
			ticketId: TICKET,
			transactionId: world.simulator.magalu.state.transactions[0]!.id,
			transactionStatus: 'completed',
			messageId: world.simulator.magalu.state.transactions[0]!.messageId,
			code: 'erp-7',
			destination: 'customer',
			attachments: [],
			requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
			sentAt: '2026-11-20T12:00:00.000Z',
		});
		expect(items[0]!.pairedItem).toEqual({ item: 0 });
		expect(sent()).toMatchObject([
			{
				text: 'O pedido sai amanhã.',
				fields: { code: 'erp-7', ownerCode: 'ana', ownerName: 'Ana' },
			},
		]);
		expect(world.calls()).toEqual(['magalu.send', 'magalu.transaction']);
	});

	it('goes out with the body of the documentation and nothing else', async () => {
		await world.run(messageForm({ code: 'erp-7', destination: 'channel' }));
		expect(bodies()).toEqual([
			{
				code: 'erp-7',
				message: 'O pedido sai amanhã.',
				owner: { code: 'ana', name: 'Ana' },
				destination: 'channel',
			},
		]);
	});

	it('gets a code of its own where none is given', async () => {
		const { items } = await world.run(messageForm(), { items: [{ json: {} }, { json: {} }] });
		const codes = items.map(({ json }) => json.code);
		expect(codes).toEqual([
			expect.stringMatching(/^n8n-[0-9a-f]{24}$/),
			expect.stringMatching(/^n8n-[0-9a-f]{24}$/),
		]);
		expect(new Set(codes).size).toBe(2);
		expect(
			bodies()
				.map(({ code }) => code)
				.sort(),
		).toEqual([...codes].sort());
	});

	it.each(['customer', 'channel', 'seller'])('may be for the %s', async (destination) => {
		const { items } = await world.run(messageForm({ destination }));
		expect(items[0]!.json).toMatchObject({ status: 'sent', destination });
		expect(sent()[0]!.fields.destination).toBe(destination);
	});

	it('keeps HTML and line breaks as they are written', async () => {
		await world.run(messageForm({ text: '<b>Olá</b>,\nobrigado & até já' }));
		expect(sent()[0]!.text).toBe('<b>Olá</b>,\nobrigado & até já');
	});

	it('may have 3000 letters, an emoji counted as one', async () => {
		const { items } = await world.run(messageForm({ text: '😀'.repeat(3000) }));
		expect(items[0]!.json.status).toBe('sent');
	});

	it('is sent where Magalu answers without data', async () => {
		world.simulator.magalu.state.settings.nullDataWithoutFiles = true;
		const { items } = await world.run(messageForm());
		expect(items[0]!.json).toMatchObject({ status: 'sent', attachments: [] });
	});

	it('is sent where Magalu creates it at once and answers with the message', async () => {
		const body = { id: 'm-1', message: 'Oi', moderation: { status: 'new' } };
		world.simulator.faults.push({ operation: 'magalu.send', kind: 'status', status: 201, body });
		const { items } = await world.run(messageForm());
		expect(items[0]!.json).toMatchObject({ status: 'sent', transactionId: null });
		expect(world.calls()).toEqual(['magalu.send']);
	});

	it('takes the transaction from the links where its ID is missing', async () => {
		const body = { data: null, links: [{ path: '/seller/v0/transactions/t-9' }] };
		world.simulator.faults.push({ operation: 'magalu.send', kind: 'status', status: 202, body });
		const { items } = await world.run(messageForm({ options: { waitForCompletion: false } }));
		expect(items[0]!.json).toMatchObject({ status: 'accepted', transactionId: 't-9' });
	});

	it.each<[string, number, object | string]>([
		['202 and an empty object', 202, {}],
		['202 and nothing', 202, ''],
		['201 and nothing', 201, ''],
		['204', 204, ''],
	])(
		'is looked for by its code where Magalu takes it and names no transaction: %s',
		async (_, status, body) => {
			world.simulator.faults.push({
				operation: 'magalu.send',
				kind: 'status',
				when: 'after',
				status,
				body,
			});
			const { items, error } = await world.run(messageForm());
			expect(error).toBeUndefined();
			expect(items[0]!.json).toMatchObject({ status: 'sent', transactionId: null });
			expect(items[0]!.json.messageId).toBe(
				world.simulator.magalu.state.transactions[0]!.messageId,
			);
			expect(sent()).toHaveLength(1);
			expect(world.calls()).toEqual(['magalu.send', 'magalu.messages']);
		},
	);

	it('is accepted, with a hint, where Magalu names no transaction and the message is not to be found', async () => {
		world.simulator.faults.push({ operation: 'magalu.send', kind: 'status', status: 204 });
		const { items, hints } = await world.run(messageForm());
		expect(items[0]!.json).toMatchObject({ status: 'accepted', transactionId: null });
		expect(hints[0]!.message).toMatch(/no transaction ID/);
	});

	it('does not stop the workflow where Magalu takes it without a word', async () => {
		world.simulator.faults.push({
			operation: 'magalu.send',
			kind: 'status',
			when: 'after',
			status: 202,
			body: '',
			times: 9,
		});
		const items = Array.from({ length: 5 }, () => ({ json: {} }));
		const result = await world.run(messageForm(), { items });
		expect(result.items.map(({ json }) => json.status)).toEqual(Array(5).fill('sent'));
	});
});

describe('the ticket', () => {
	const ids: Array<[string, string | { __rl: true; mode: string; value: string }]> = [
		['a plain text', TICKET],
		['a text in capitals', TICKET.toUpperCase()],
		['an entry of the list', { __rl: true, mode: 'list', value: TICKET }],
		['an ID', { __rl: true, mode: 'id', value: ` ${TICKET} ` }],
		[
			'an address',
			{ __rl: true, mode: 'url', value: `https://seller.example/tickets/${TICKET}?x=1` },
		],
		['a pasted address', `https://seller.example/atendimento/${TICKET}`],
		[
			'an address with several IDs',
			`https://seller.example/orders/7e2b4f10-3c55-4b1e-9d0a-2f8f1c4e0001/tickets/${TICKET}`,
		],
	];
	it.each(ids)('may be %s', async (_, ticketId) => {
		const { items, error } = await world.run(messageForm({ ticketId }));
		expect(error).toBeUndefined();
		expect(items[0]!.json.ticketId).toBe(TICKET);
		expect(sent()).toHaveLength(1);
	});

	it('may come from an expression', async () => {
		const items = [{ json: { ticketId: TICKET } }];
		const result = await world.run(messageForm({ ticketId: '={{ $json.ticketId }}' }), { items });
		expect(result.items[0]!.json.status).toBe('sent');
	});
});

describe('several items', () => {
	it('come out in input order, each with its item', async () => {
		const items = Array.from({ length: 12 }, (_, i) => ({ json: { text: `Mensagem ${i}` } }));
		const result = await world.run(
			messageForm({ text: '={{ $json.text }}', code: '={{ $itemIndex }}' }),
			{
				items,
			},
		);
		expect(result.items.map(({ json }) => json.code)).toEqual(items.map((_, i) => String(i)));
		expect(result.items.map(({ pairedItem }) => pairedItem)).toEqual(
			items.map((_, item) => ({ item })),
		);
		expect(
			sent()
				.map(({ text }) => text)
				.sort(),
		).toEqual(items.map(({ json }) => json.text).sort());
	});

	it('go on after a failed one, which becomes an error item', async () => {
		const unknown = '0c1d9a64-52d4-4c39-8f0b-000000000000';
		const items = [{ json: { id: unknown } }, { json: { id: TICKET } }];
		const result = await world.run(messageForm({ ticketId: '={{ $json.id }}' }), {
			items,
			settings: { onError: 'continueErrorOutput' },
		});
		expect(result.items.map(({ json }) => json.status)).toEqual(['sent']);
		expect(result.errors[0]!.json).toMatchObject({
			error: expect.stringContaining('não encontrado'),
			details: {
				outcome: 'notSent',
				retryable: false,
				code: 'NOT_FOUND',
				httpStatus: 404,
				requestId: expect.any(String),
				marketplace: 'magalu',
				marketplaceMessage: `Ticket '${unknown}' não encontrado.`,
			},
		});
		expect(result.errors[0]!.json.details).toHaveProperty('description');
	});

	it('are told of one by one where the workflow stops', async () => {
		const items = [{ json: { text: 'Oi' } }, { json: { text: '' } }];
		const { error } = await world.run(messageForm({ text: '={{ $json.text }}' }), { items });
		expect(error!.name).toBe('NodeOperationError');
		expect(error!.message).toBe(`Ticket ${TICKET}: 'Text' is empty`);
		expect(error!.context.itemIndex).toBe(1);
		expect(error!.description).toContain(`Sent: ticket ${TICKET} (item 0).`);
	});

	it('do not go out twice with "Retry On Fail"', async () => {
		const items = [{ json: { text: 'Oi' } }, { json: { text: '' } }];
		await world.run(messageForm({ text: '={{ $json.text }}' }), {
			items,
			settings: { retryOnFail: true, maxTries: 3, waitBetweenTries: 0 },
		});
		expect(sent()).toHaveLength(1);
	});
});

it('says who it is, and the tenant only if the credential names one', async () => {
	await world.run(messageForm());
	world.node.credentials.magaluOAuth2Api!.tenantId = ' 1b6f0a52-7f5c-4d38-9a0e-3c1d20c5f7aa ';
	await world.run(messageForm());
	const posts = world.simulator.calls.filter(({ operation }) => operation === 'magalu.send');
	expect(posts.map(({ headers }) => headers['x-tenant-id'])).toEqual([
		undefined,
		'1b6f0a52-7f5c-4d38-9a0e-3c1d20c5f7aa',
	]);
	expect(posts[0]!.headers['user-agent']).toMatch(/^n8n-nodes-marketplace-messages\//);
});
