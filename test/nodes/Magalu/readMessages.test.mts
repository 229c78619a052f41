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

	it('comes out with its ID for a name where its message cannot be read', async () => {
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
