import { keepFilesOnDisk, storedFileOf } from '../../engine/engine.mts';
import { attached, magaluWorld, messageForm, pdf, png } from '../../engine/magalu.mts';

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

	it('may have up to 5,242,879 bytes', async () => {
		const big = { ...pdf, data: Buffer.alloc(5_242_879).toString('base64'), bytes: 5_242_879 };
		const { items } = await world.run(messageForm(attached('data')), {
			items: [{ json: {}, binary: { data: big } }],
		});
		expect(items[0]!.json.status).toBe('sent');
		expect(sent()[0]!.attachments[0]!.bytes).toHaveLength(5_242_879);
	});

	it('may be five', async () => {
		const { items } = await world.run(messageForm(attached(...Array<string>(5).fill('photo'))));
		expect(items[0]!.json.attachments).toHaveLength(5);
		expect(sent()[0]!.attachments).toHaveLength(5);
	});

	it.each([[[]], [[{ binaryPropertyName: '={{ "" }}', fileName: '' }]]])(
		'that are none leave no list in the message: %j',
		async (rows) => {
			await world.run(messageForm(attached(...rows)));
			expect(bodies()[0]).not.toHaveProperty('attachments');
			expect(sent()).toHaveLength(1);
		},
	);

	it.each(['png', 'jpe', 'jpeg', 'jpg', 'gif', 'pdf'])('may end in .%s', async (extension) => {
		const mimeType = extension === 'pdf' ? 'application/pdf' : 'application/octet-stream';
		const data = { ...pdf, fileName: `a.${extension}`, mimeType };
		const { error } = await world.run(messageForm(attached('data')), {
			items: [{ json: {}, binary: { data } }],
		});
		expect(error).toBeUndefined();
		expect(sent()[0]!.attachments[0]!.fileName).toBe(`a.${extension}`);
	});

	it.each([
		['photo.jfif', 'image/jpeg', 'photo.jpg'],
		['photo.jpe', 'image/jpe', 'photo.jpe'],
		['Screenshot 2024.01.05', 'image/png', 'Screenshot 2024.01.05.png'],
		['$_57.JPG?set_id=8800', 'image/jpeg', /^\$_57.*\.jpg$/i],
		['nota', 'application/pdf; charset=binary', 'nota.pdf'],
		['nota.bin', 'image/pdf', 'nota.bin.pdf'],
	])('are what they are declared as, whatever they are called: %s', async (name, mimeType, as) => {
		const data = { ...pdf, fileName: name, mimeType };
		const { error } = await world.run(messageForm(attached('data')), {
			items: [{ json: {}, binary: { data } }],
		});
		expect(error).toBeUndefined();
		const [file] = sent()[0]!.attachments;
		if (typeof as === 'string') expect(file!.fileName).toBe(as);
		else expect(file!.fileName).toMatch(as);
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
