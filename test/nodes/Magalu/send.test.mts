import { keepFilesOnDisk, keepNotes, storedFileOf } from '../../engine/engine.mts';
import { attached, magaluWorld, messageForm, pdf, png, TICKET } from '../../engine/magalu.mts';

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

	it('is accepted, with a hint, where Magalu names no transaction at all', async () => {
		world.simulator.faults.push({
			operation: 'magalu.send',
			kind: 'status',
			status: 202,
			body: {},
		});
		const { items, hints } = await world.run(messageForm());
		expect(items[0]!.json).toMatchObject({ status: 'accepted', transactionId: null });
		expect(hints[0]!.message).toMatch(/no transaction ID/);
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

describe('the files of a message', () => {
	it('arrive, in order and with their bytes', async () => {
		const { items, error } = await world.run(messageForm(attached('data', 'photo')));
		expect(error).toBeUndefined();
		const [first, second] = world.simulator.magalu.state.transactions[0]!.message.attachments;
		expect(items[0]!.json.attachments).toEqual([
			{ id: first!.id, fileName: 'nota.pdf', mimeType: 'application/pdf', size: 20 },
			{ id: second!.id, fileName: 'foto.png', mimeType: 'image/png', size: 9 },
		]);
		expect(sent()[0]!.attachments.map(({ bytes }) => bytes.toString())).toEqual([
			'%PDF-1.4 nota fiscal',
			'a picture',
		]);
	});

	it('are announced as Magalu wants them: extension without a dot, type from the extension', async () => {
		const items = [
			{
				json: {},
				binary: {
					data: { ...pdf, mimeType: 'image/pdf' },
					photo: { ...png, fileName: 'FOTO.JPG', mimeType: 'image/jpg' },
				},
			},
		];
		await world.run(messageForm(attached('data, photo')), { items });
		expect(bodies()[0]!.attachments).toEqual([
			{ file_name: 'nota.pdf', file_extension: 'pdf', file_type: 'application/pdf' },
			{ file_name: 'FOTO.JPG', file_extension: 'jpg', file_type: 'image/jpeg' },
		]);
		expect(sent()).toHaveLength(1);
	});

	it('go to their links with the signed headers, the real length and no token', async () => {
		await world.run(messageForm(attached('data')));
		const put = world.simulator.calls.find(({ operation }) => operation === 'gcs.put')!;
		expect(put.headers).toMatchObject({
			'content-type': 'application/pdf',
			'x-goog-content-length-range': '0,5242880',
			'content-length': '20',
		});
		expect(put.headers).not.toHaveProperty('authorization');
		expect(put.headers).not.toHaveProperty('cookie');
	});

	it('come each to its own link, whatever the order of the links', async () => {
		world.simulator.magalu.state.settings.linksReversed = true;
		const { items } = await world.run(messageForm(attached('data', 'photo')));
		expect(
			sent()[0]!.attachments.map(({ fileName, bytes }) => [fileName, bytes.toString()]),
		).toEqual([
			['nota.pdf', '%PDF-1.4 nota fiscal'],
			['foto.png', 'a picture'],
		]);
		const [first] = world.simulator.magalu.state.transactions[0]!.message.attachments;
		expect(items[0]!.json.attachments).toMatchObject([{ id: first!.id }, {}]);
	});

	it('get names that tell them apart', async () => {
		const binary = { a: png, b: { ...png, fileName: 'foto-1.png' }, c: png, d: png };
		const { items } = await world.run(messageForm(attached('a', 'b', 'c', 'd')), {
			items: [{ json: {}, binary }],
		});
		const names = ['foto.png', 'foto-1.png', 'foto-2.png', 'foto-3.png'];
		expect(items[0]!.json.attachments).toMatchObject(names.map((fileName) => ({ fileName })));
		expect(sent()[0]!.attachments.map(({ fileName }) => fileName)).toEqual(names);
	});

	it('keep quotes and letters of any language in their names', async () => {
		const fileName = 'nota "fiscal" nº 7 é ação.pdf';
		await world.run(messageForm(attached({ binaryPropertyName: 'data', fileName })));
		expect(sent()[0]!.attachments[0]!.fileName).toBe(fileName);
	});

	it('may have exactly 5,242,880 bytes', async () => {
		const big = { ...pdf, data: Buffer.alloc(5_242_880).toString('base64'), bytes: 5_242_880 };
		const { items } = await world.run(messageForm(attached('data')), {
			items: [{ json: {}, binary: { data: big } }],
		});
		expect(items[0]!.json.status).toBe('sent');
		expect(sent()[0]!.attachments[0]!.bytes).toHaveLength(5_242_880);
	});

	it('may be ten', async () => {
		const { items } = await world.run(messageForm(attached(...Array<string>(10).fill('photo'))));
		expect(items[0]!.json.attachments).toHaveLength(10);
		expect(sent()[0]!.attachments).toHaveLength(10);
	});

	it('come out of storage on disk as well', async () => {
		await keepFilesOnDisk();
		const data = await storedFileOf('%PDF stored', 'nota.pdf', 'application/pdf');
		const { items } = await world.run(messageForm(attached('data')), {
			items: [{ json: {}, binary: { data } }],
		});
		expect(items[0]!.json.attachments).toMatchObject([{ fileName: 'nota.pdf', size: 11 }]);
		expect(sent()[0]!.attachments[0]!.bytes.toString()).toBe('%PDF stored');
	});

	it('come out of storage where n8n did not count their bytes', async () => {
		await keepFilesOnDisk();
		const { bytes, ...data } = await storedFileOf('%PDF stored', 'nota.pdf', 'application/pdf');
		expect(bytes).toBe(11);
		const { items } = await world.run(messageForm(attached('data')), {
			items: [{ json: {}, binary: { data } }],
		});
		expect(items[0]!.json.attachments).toMatchObject([{ size: 11 }]);
	});
});

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
		expect(world.calls()).toEqual([]);
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
		expect(items[0]!.json).toMatchObject({ status: 'sent', moderationStatus: 'new' });
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

describe('what moderation would stop', () => {
	it.each([
		['an e-mail address', 'Escreva para ana@example.com'],
		['a CPF', 'CPF 123.456.789-09'],
		['a phone number', 'Ligue (16) 99123-4567'],
		['a Pix key', 'Devolvemos por Pix'],
	])('is sent, but %s is hinted at', async (what, text) => {
		const { items, hints } = await world.run(messageForm({ text }));
		expect(items[0]!.json.status).toBe('sent');
		expect(hints.map(({ message }) => message).join()).toContain(what);
	});

	it('is nothing in an ordinary text with an order number', async () => {
		const { hints } = await world.run(messageForm({ text: 'Pedido 1470000000000001 sai amanhã' }));
		expect(hints).toEqual([]);
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
		expect(error!.message).toBe("'Text' is empty");
		expect(error!.context.itemIndex).toBe(1);
		expect(error!.description).toContain('Done: item 0.');
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
