import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';

import { fileOf, keepFilesOnDisk, storedFileOf } from '../../engine/engine.mts';
import { attached, magaluWorld, messageForm, pdf, TICKET } from '../../engine/magalu.mts';

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

afterEach(() => expect(world.calls()).toEqual([]));

const withFile = (data: object): INodeExecutionData[] => [
	{ json: {}, binary: { data: { ...pdf, ...data } } },
];

describe('refuses before anything leaves', () => {
	it.each<[string, INodeParameters, string, RegExp]>([
		['no text', { text: '={{ "" }}' }, "'Text' is empty", /expression/],
		['a text of blanks', { text: ' \n ' }, "'Text' is empty", /expression/],
		[
			'3001 letters',
			{ text: 'a'.repeat(3001) },
			"'Text' is too long for Magalu: 3001 characters, and at most 3000 are allowed",
			/Shorten it by 1/,
		],
		['no owner name', { ownerName: ' ' }, "'Your Name' is empty", /who answers/],
		['no owner code', { ownerCode: '={{ "" }}' }, "'Your Staff Code' is empty", /who answers/],
		[
			'an unknown destination',
			{ destination: 'buyer' },
			"'Destination' is not one that Magalu knows: buyer",
			/channel, customer, seller/,
		],
		[
			'a code of 81 characters',
			{ code: 'c'.repeat(81) },
			"'Code' is too long for Magalu: 81 characters, and at most 80 are allowed",
			/leave it empty/,
		],
		['no ticket', { ticketId: '={{ "" }}' }, "'Ticket' is empty", /Choose a ticket/],
		[
			'an expression that gives no ticket',
			{ ticketId: { __rl: true, mode: 'id', value: '={{ $json.nothing }}' } },
			"'Ticket' is empty",
			/Choose a ticket/,
		],
		[
			'an order number for a ticket',
			{ ticketId: '1470000000000001' },
			"'Ticket' is not the ID of a ticket",
			/order number/,
		],
		[
			'a way out of the path',
			{ ticketId: `../orders/${TICKET}` },
			"'Ticket' is not the ID of a ticket",
			/looks like/,
		],
		[
			'an address with several IDs and no ticket among them',
			{ ticketId: `https://seller.example/a/${TICKET}/b/7e2b4f10-3c55-4b1e-9d0a-2f8f1c4e0001` },
			"'Ticket' is not the ID of a ticket",
			/looks like/,
		],
		[
			'an address without an ID',
			{ ticketId: 'https://seller.example/tickets' },
			"'Ticket' is not the ID of a ticket",
			/looks like/,
		],
	])('%s', async (_, parameters, message, advice) => {
		const { error } = await world.run(messageForm(parameters));
		expect(error).toMatchObject({ name: 'NodeOperationError', message });
		expect(error!.description).toMatch(advice);
		expect(error!.context).toMatchObject({
			itemIndex: 0,
			details: { outcome: 'notSent', retryable: false },
		});
	});

	it.each<[string, object, RegExp]>([
		[
			'webp',
			{ fileName: 'foto.webp', mimeType: 'image/webp' },
			/does not take the file 'foto.webp'/,
		],
		[
			'docx',
			{ fileName: 'nota.docx', mimeType: 'application/msword' },
			/does not take the file 'nota.docx'/,
		],
		['mp4', { fileName: 'filme.mp4', mimeType: 'video/mp4' }, /does not take the file 'filme.mp4'/],
		[
			'a type that its name hides',
			{ fileName: 'nota.pdf', mimeType: 'text/html' },
			/does not take/,
		],
		['one byte too many', { bytes: 5_242_880 }, /too large for Magalu/],
		[
			'a picture of Windows by its name',
			{ fileName: 'foto.jxr', mimeType: 'application/octet-stream' },
			/does not take the file 'foto.jxr'/,
		],
		[
			'a picture of Windows by its type',
			{ fileName: 'foto.wdp', mimeType: 'image/vnd.ms-photo' },
			/does not take the file 'foto.wdp'/,
		],
		['an empty file', { bytes: 0, data: '' }, /'nota.pdf' is empty/],
		['a slash in its name', { fileName: 'a/nota.pdf' }, /character that is not allowed/],
	])('a file: %s', async (_, file, message) => {
		const { error } = await world.run(messageForm(attached('data')), { items: withFile(file) });
		expect(error).toMatchObject({
			name: 'NodeOperationError',
			message: expect.stringMatching(message),
		});
	});

	it('a file that is a byte too large says so in bytes', async () => {
		const { error } = await world.run(messageForm(attached('data')), {
			items: withFile({ bytes: 5_242_880 }),
		});
		expect(error!.description).toContain(
			'It has 5,242,880 bytes; at most 5,242,879 bytes are allowed.',
		);
	});

	it('six files', async () => {
		const { error } = await world.run(messageForm(attached(...Array<string>(6).fill('data'))));
		expect(error!.message).toBe('Magalu takes at most 5 attachments, and there are 6');
	});

	it('a field without a file', async () => {
		const { error } = await world.run(messageForm(attached('invoice')));
		expect(error!.message).toContain("no file in the binary field 'invoice'");
		expect(error!.description).toContain('data, photo');
	});

	it('a stored file that turns out to be empty, though nobody counted its bytes', async () => {
		await keepFilesOnDisk();
		const { bytes, ...data } = await storedFileOf('', 'nota.pdf', 'application/pdf');
		expect(bytes).toBe(0);
		const { error } = await world.run(messageForm(attached('data')), {
			items: [{ json: {}, binary: { data } }],
		});
		expect(error).toMatchObject({
			name: 'NodeOperationError',
			message: "The file 'nota.pdf' is empty",
		});
	});

	it('a stored file that is too large, though nobody counted its bytes', async () => {
		await keepFilesOnDisk();
		const large = Buffer.alloc(5_242_880);
		const { bytes, ...data } = await storedFileOf(large, 'nota.pdf', 'application/pdf');
		expect(bytes).toBe(5_242_880);
		const { error } = await world.run(messageForm(attached('data')), {
			items: [{ json: {}, binary: { data } }],
		});
		expect(error!.message).toMatch(/too large for Magalu/);
	});

	it.each([
		['messageId', 'Message ID'],
		['attachmentId', 'Attachment ID'],
	])('a download without %s', async (name, label) => {
		const { error } = await world.run({
			resource: 'message',
			operation: 'downloadAttachment',
			ticketId: TICKET,
			messageId: 'm-1',
			attachmentId: 'a-1',
			[name]: '={{ "" }}',
		});
		expect(error!.message).toBe(`'${label}' is empty`);
	});

	it('a transaction whose ID would leave the path', async () => {
		const { error } = await world.run({
			resource: 'transaction',
			operation: 'get',
			transactionId: '../tickets',
		});
		expect(error!.message).toBe("'Transaction ID' is not an ID of Magalu");
	});

	it('a filter that is no date', async () => {
		const { error } = await world.run({
			resource: 'ticket',
			operation: 'getMany',
			filters: { updatedAfter: 'yesterdayish' },
		});
		expect(error!.message).toBe("'Updated After' is not a date");
	});

	it('a credential whose gateway has no address', async () => {
		world.node.credentials.magaluOAuth2Api!.apiUrl = 'gateway';
		const { error } = await world.run(messageForm());
		expect(error!.message).toBe("The credential's 'API URL' is not an address");
	});
});

it('becomes an error item that says so, in the shape of the error output', async () => {
	const items = [{ json: {}, binary: { data: fileOf('x', 'foto.webp', 'image/webp') } }];
	const { errors } = await world.run(messageForm(attached('data')), {
		items,
		settings: { onError: 'continueErrorOutput' },
	});
	expect(errors[0]!.json).toMatchObject({
		error: expect.stringContaining('foto.webp'),
		details: {
			outcome: 'notSent',
			marketplace: 'magalu',
			description: expect.stringContaining('JPG'),
		},
	});
});
