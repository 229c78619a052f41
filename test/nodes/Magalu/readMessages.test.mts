import { forgetLanes } from '../../../nodes/shared/http/rateLimit.ts';
import { keepFilesOnDisk } from '../../engine/engine.mts';
import { magaluWorld, TICKET } from '../../engine/magalu.mts';

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

type Json = Record<string, unknown>;

const world = magaluWorld();
const HOUR = 3_600_000;
const state = () => world.simulator.magalu.state;

beforeEach(() => forgetLanes());

describe('the messages of a ticket', () => {
	const many = async (more: object = {}) => {
		const form = { resource: 'message', operation: 'getMany', ticketId: TICKET, ...more };
		const result = await world.run(form);
		expect(result.error).toBeUndefined();
		return { ...result, texts: result.items.map(({ json }) => json.message) };
	};
	const add = (count: number) => {
		const ticket = state().tickets.find(({ id }) => id === TICKET)!;
		ticket.messages = [];
		for (let i = 0; i < count; i++) {
			world.simulator.magalu.addMessage(TICKET, {
				text: `${i}`,
				createdAt: mockNow - (count - i) * 1000,
			});
		}
	};

	it('are Magalu’s objects beside our names, newest first', async () => {
		const { items } = await many();
		const [newest] = items;
		expect(newest!.json).toMatchObject({
			ticketId: TICKET,
			messageId: newest!.json.id,
			createdAt: new Date(mockNow - 5 * HOUR).toISOString(),
			message: 'O copo chegou quebrado, veja a foto.',
			sender: { type: 'customer' },
			attachments: [{ provided_file_name: 'copo quebrado.png' }],
		});
		expect(items).toHaveLength(2);
	});

	it.each([
		['new', 'waiting'],
		['not-moderated', 'waiting'],
		['approved', 'approved'],
	] as const)(
		'say in plain words what moderation made of them: %s is %s',
		async (moderation, decision) => {
			add(0);
			world.simulator.magalu.addMessage(TICKET, { moderation });
			const { items } = await many();
			expect(items[0]!.json).toMatchObject({
				moderationDecision: decision,
				moderationRules: [],
				moderation: { status: moderation },
			});
		},
	);

	it('say which rules they broke where moderation rejected them and they are listed', async () => {
		add(0);
		state().settings.rejectedListed = true;
		const blockRules = ['Dados sensíveis', 'Termos proibidos'];
		world.simulator.magalu.addMessage(TICKET, { moderation: 'rejected', blockRules });
		const { items } = await many();
		expect(items[0]!.json).toMatchObject({
			moderationDecision: 'rejected',
			moderationRules: blockRules,
		});
	});

	it.each([
		['nothing', null, null, []],
		['a word of tomorrow', { status: 'a word of tomorrow' }, 'waiting', []],
		['rules that are no list', { status: 'rejected', block_rules: 'Pix' }, 'rejected', []],
		['rules that are no texts', { status: 'new', block_rules: [{}, 'Pix'] }, 'waiting', ['Pix']],
	])('bear it that moderation says %s', async (_case, moderation, decision, rules) => {
		const results = [{ id: 'm-1', message: 'Oi', moderation }];
		const body = { meta: null, results };
		const operation = 'magalu.messages';
		world.simulator.faults.push({ operation, kind: 'status', status: 200, body });
		const { items } = await many({ limit: 1 });
		expect(items[0]!.json).toMatchObject({
			moderationDecision: decision,
			moderationRules: rules,
		});
	});

	const strange = { email: 'maria@example.com', phone: '11 91234-5678' };
	const answeringWithStrangeFields = async () => {
		const { items } = await many({ options: { includePersonalData: true } });
		const [{ ticketId, messageId, createdAt, ...plain }] = items.map(({ json }) => json) as [Json];
		expect([ticketId, messageId, createdAt]).not.toContain(undefined);
		const results = [{ ...plain, ...strange, moderation: { ...strange, status: 'approved' } }];
		const body = { meta: null, results };
		const operation = 'magalu.messages';
		world.simulator.faults.push({ operation, kind: 'status', status: 200, body, times: 9 });
	};
	const writer = /Maria|maria@|91234|"owner"/;

	it('tell nothing of who wrote them but the kind, whatever Magalu adds', async () => {
		await answeringWithStrangeFields();
		const { items } = await many();
		expect(JSON.stringify(items)).not.toMatch(writer);
		expect(items[0]!.json).toMatchObject({ moderation: { status: 'approved' } });
		expect(items[0]!.json.sender).toEqual({ type: 'customer' });
	});

	it('tell who wrote them where that is asked for, and still no key to a file', async () => {
		await answeringWithStrangeFields();
		const { items } = await many({ options: { includePersonalData: true } });
		expect(items[0]!.json).toMatchObject({ ...strange, sender: { name: expect.any(String) } });
		expect(JSON.stringify(items)).not.toMatch(/signed_link|Signature/);
	});

	it('show of their files what tells them, and no link that is a key to them', async () => {
		const { items } = await many();
		const [file] = items[0]!.json.attachments as object[];
		expect(file).toEqual({
			id: '4a8f7c11-0f0e-4b57-8d35-1c6a4f4f0b01',
			file_name: '4a8f7c11-0f0e-4b57-8d35-1c6a4f4f0b01.png',
			provided_file_name: 'copo quebrado.png',
			file_extension: 'png',
			file_path: expect.any(String),
			file_type: 'image/png',
			file_size: expect.any(Number),
			uploaded_at: null,
		});
	});

	it('come up to the limit', async () => {
		add(150);
		expect((await many({ limit: 120 })).texts).toEqual(
			Array.from({ length: 120 }, (_, i) => String(149 - i)),
		);
	});

	it.each([200, 330, 400])('come all, up to %i, from both ends', async (count) => {
		add(count);
		const { texts, hints } = await many({ returnAll: true });
		expect(texts).toEqual(Array.from({ length: count }, (_, i) => String(count - 1 - i)));
		expect(hints.length).toBe(count === 400 ? 1 : 0);
	});

	it('beyond that lack the middle, with a hint', async () => {
		add(450);
		const { texts, hints } = await many({ returnAll: true });
		expect(texts).toHaveLength(400);
		expect(hints[0]!.message).toContain(TICKET);
	});
});

describe('pages that are not as they were asked for', () => {
	const many = async (more: object) =>
		await world.run({ resource: 'message', operation: 'getMany', ticketId: TICKET, ...more });
	const answering = (results: unknown, meta: object | null = null) =>
		world.simulator.faults.push({
			operation: 'magalu.messages',
			kind: 'status',
			status: 200,
			body: { meta, results },
			times: 999,
		});
	const rows = (count: number) =>
		Array.from({ length: count }, (_, i) => ({ id: `m-${i}`, message: `${i}` }));
	const limits = () =>
		world.simulator.calls.map(({ rawUrl }) =>
			Number(new URL(rawUrl, 'http://x').searchParams.get('_limit')),
		);

	it.each([1, 5, 99, 100, 101, 250])(
		'with more rows than asked for: Limit %i gives just so many',
		async (limit) => {
			answering(rows(300));
			const { items } = await many({ limit });
			expect(items.map(({ json }) => json.messageId)).toEqual(rows(limit).map(({ id }) => id));
			expect(Math.min(...limits())).toBeGreaterThanOrEqual(1);
			expect(Math.max(...limits())).toBeLessThanOrEqual(100);
		},
	);

	it.each<[string, unknown, object | null]>([
		['ever the same rows', rows(100), null],
		['ever the same row, and a next page', rows(1), { links: { next: '?_offset=1&_limit=1' } }],
		['ever nothing, and a next page', [], { links: { next: '?_offset=1&_limit=1' } }],
		['pages of no size', rows(3), { page: { limit: 0 } }],
		['pages of a size below nothing', rows(3), { page: { limit: -5 } }],
	])('end in the end: %s', async (_, results, meta) => {
		answering(results, meta);
		const { items, error } = await many({ returnAll: true });
		expect(error).toBeUndefined();
		expect(items).toHaveLength((results as unknown[]).length);
		expect(world.calls().length).toBeLessThanOrEqual(6);
		expect(Math.min(...limits())).toBeGreaterThanOrEqual(1);
	});

	it('with fewer rows than asked for, and word of a next page, go on', async () => {
		const ticket = state().tickets.find(({ id }) => id === TICKET)!;
		ticket.messages = [];
		for (let i = 0; i < 7; i++) world.simulator.magalu.addMessage(TICKET, { text: `${i}` });
		const next = { links: { next: '?_offset=2&_limit=2' }, page: { limit: 100 } };
		world.simulator.faults.push({
			operation: 'magalu.messages',
			kind: 'status',
			status: 200,
			body: { meta: next, results: rows(2) },
		});
		const { items } = await many({ returnAll: true });
		expect(items).toHaveLength(2 + 5);
		expect(world.simulator.calls[1]!.rawUrl).toContain('_offset=2');
	});

	it('with rows that have no ID keep them apart by what is in them', async () => {
		answering([{ message: 'a' }, { message: 'b' }, { id: null, message: 'c' }, { message: 'a' }]);
		const { items } = await many({});
		expect(items.map(({ json }) => json.message)).toEqual(['a', 'b', 'c']);
		expect(items[0]!.json.messageId).toBeNull();
	});

	it.each<[string, number, object | string]>([
		['results that are null', 200, { meta: null, results: null }],
		['results that are missing', 200, { meta: { page: { count: 0 } } }],
		['204', 204, ''],
	])('without rows are empty: %s', async (_, status, body) => {
		world.simulator.faults.push({ operation: 'magalu.messages', kind: 'status', status, body });
		const { items, error } = await many({});
		expect(error).toBeUndefined();
		expect(items).toEqual([]);
	});
});

describe('an attachment', () => {
	const form = (more: object = {}) => {
		const message = state().tickets.find(({ id }) => id === TICKET)!.messages[1]!;
		return {
			resource: 'message',
			operation: 'downloadAttachment',
			ticketId: TICKET,
			messageId: message.id,
			attachmentId: message.attachments[0]!.id,
			binaryPropertyName: 'photo',
			...more,
		};
	};

	it('comes out as a file under the name that its sender gave it', async () => {
		const { items, error } = await world.run(form());
		expect(error).toBeUndefined();
		const file = state().tickets[0]!.messages[1]!.attachments[0]!;
		expect(items[0]!.json).toEqual({
			ticketId: TICKET,
			messageId: form().messageId,
			attachmentId: file.id,
			fileName: 'copo quebrado.png',
			mimeType: 'image/png',
			size: file.bytes.length,
		});
		expect(items[0]!.binary!.photo).toMatchObject({
			fileName: 'copo quebrado.png',
			mimeType: 'image/png',
		});
		expect(items[0]!.pairedItem).toEqual({ item: 0 });
		const read = Buffer.from(items[0]!.binary!.photo!.data, 'base64');
		expect(read.equals(file.bytes) || items[0]!.binary!.photo!.id !== undefined).toBe(true);
	});

	it('comes out into storage on disk as well', async () => {
		await keepFilesOnDisk();
		const { items } = await world.run(form({ binaryPropertyName: '={{ "" }}' }));
		expect(items[0]!.binary!.data!.id).toMatch(/^filesystem/);
	});

	it.each<['fileName' | 'id', 'fileName' | 'id' | 'providedFileName']>([
		['fileName', 'id'],
		['fileName', 'fileName'],
		['fileName', 'providedFileName'],
		['id', 'id'],
		['id', 'fileName'],
		['id', 'providedFileName'],
	])('that Magalu knows by %s may be asked for by %s', async (by, name) => {
		state().settings.attachmentsBy = by;
		const file = state().tickets[0]!.messages[1]!.attachments[0]!;
		const { items, error } = await world.run(form({ attachmentId: file[name] }));
		expect(error).toBeUndefined();
		expect(items[0]!.json).toMatchObject({
			attachmentId: file[name],
			fileName: 'copo quebrado.png',
			size: file.bytes.length,
		});
	});

	it('may be called anything that is a file name', async () => {
		const file = state().tickets[0]!.messages[1]!.attachments[0]!;
		file.fileName = 'nota "fiscal" nº 7 é ação 100% #1?.pdf';
		const { items, error } = await world.run(form({ attachmentId: file.fileName }));
		expect(error).toBeUndefined();
		expect(items[0]!.json.size).toBe(file.bytes.length);
	});

	it.each(['..', '.', '../../orders', 'a/b', 'a\\b', 'a\nb', ' '])(
		'is not called %j',
		async (attachmentId) => {
			const { error } = await world.run(form({ attachmentId }));
			expect(error).toMatchObject({ name: 'NodeOperationError' });
			expect(error!.message).toMatch(/^'Attachment ID' is (empty|not the ID or name of a file)$/);
			expect(world.calls()).toEqual([]);
		},
	);

	it('is asked for by another name only where it is not found by the first', async () => {
		world.simulator.faults.push({ operation: 'magalu.attachment', kind: 'status', status: 403 });
		const { error } = await world.run(form());
		expect(error!.context.details!.httpStatus).toBe(403);
		expect(world.calls().filter((call) => call === 'magalu.attachment')).toHaveLength(1);
	});

	it('is asked for by its other name where Magalu says that the first is no ID', async () => {
		state().settings.attachmentsBy = 'id';
		world.simulator.faults.push({ operation: 'magalu.attachment', kind: 'status', status: 422 });
		const file = state().tickets[0]!.messages[1]!.attachments[0]!;
		const { items, error } = await world.run(form({ attachmentId: file.fileName }));
		expect(error).toBeUndefined();
		expect(items[0]!.json.size).toBe(file.bytes.length);
	});

	it('comes out with its ID for a name where its message cannot be read', async () => {
		state().settings.attachmentsBy = 'id';
		world.simulator.faults.push({ operation: 'magalu.message', kind: 'status', status: 404 });
		const { items } = await world.run(form());
		expect(items[0]!.json).toMatchObject({ fileName: form().attachmentId, mimeType: 'image/png' });
	});

	it('that is not there says so', async () => {
		const { error } = await world.run(form({ attachmentId: 'nothing' }));
		expect(error!.context.details).toMatchObject({ httpStatus: 404, outcome: 'notSent' });
		expect(error!.message).toContain('não encontrado');
	});
});
