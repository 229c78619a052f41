/** Wherever n8n keeps an execution's files: in the item itself, on its disk, in its database, or some here and some there. */
import type { IBinaryKeyData, INodeParameters } from 'n8n-workflow';

import { amazonWorld, messageForm as amazonForm, ORDER } from '../engine/amazon.mts';
import { bytesOf } from '../engine/bytes.mts';
import { ebayWorld, messageForm as ebayForm, pngBytes } from '../engine/ebay.mts';
import { fileKeptIn, keepFilesIn, type Way } from '../engine/keptFiles.mts';
import { magaluWorld, messageForm as magaluForm } from '../engine/magalu.mts';
import { attached, type World } from '../engine/world.mts';

const MB = 1024 * 1024;

interface Marketplace {
	world: () => World;
	form: (attachments: INodeParameters) => INodeParameters;
	extension: string;
	mimeType: string;
	start: Buffer | string;
	/** Near the largest that the marketplace takes, of one file and of three together. */
	one: number;
	each: number;
}

const PDF = { extension: 'pdf', mimeType: 'application/pdf', start: '%PDF-1.4 ' };

const marketplaces: Record<string, Marketplace> = {
	Amazon: {
		world: amazonWorld,
		form: (files) => amazonForm(ORDER, 'confirmCustomizationDetails', { text: 'Look.', ...files }),
		...PDF,
		one: 10 * MB - 1,
		each: 3 * MB,
	},
	eBay: {
		world: ebayWorld,
		form: ebayForm,
		extension: 'png',
		mimeType: 'image/png',
		start: pngBytes,
		one: 12 * MB,
		each: 3 * MB,
	},
	Magalu: { world: magaluWorld, form: magaluForm, ...PDF, one: 5 * MB - 1, each: 2 * MB },
};

const ways: Way[] = ['default', 'filesystem', 'database'];

afterAll(async () => await keepFilesIn('default'));

describe.each(Object.entries(marketplaces))('%s', (_, { world: worldIn, form, ...file }) => {
	const world = worldIn();

	async function arrived(files: IBinaryKeyData): Promise<Buffer[]> {
		const names = Object.keys(files);
		const { items, error } = await world.run(form(attached(...names)), {
			items: [{ json: {}, binary: files }],
		});
		expect(error).toBeUndefined();
		expect(items.map(({ json }) => json.status)).toEqual(['sent']);
		return world.simulator.received.flatMap(({ attachments }) =>
			attachments.map(({ bytes }) => bytes),
		);
	}

	const kept = async (way: Way, bytes: Buffer) =>
		await fileKeptIn(way, bytes, `${way}.${file.extension}`, file.mimeType);

	it.each(ways)('gets the bytes of the largest file that is kept by %s', async (way) => {
		const bytes = bytesOf(way, file.start, file.one);
		const [got, ...others] = await arrived({ data: await kept(way, bytes) });
		expect(others).toEqual([]);
		expect(bytes.equals(got)).toBe(true);
	});

	it('gets the bytes of files of one message that are kept in different ways', async () => {
		const files: IBinaryKeyData = {};
		const sources = new Map<Way, Buffer>();
		for (const way of ways) {
			sources.set(way, bytesOf(way, file.start, file.each));
			files[way] = await kept(way, sources.get(way)!);
		}
		// What is stored from now on is kept in yet another way.
		await keepFilesIn('filesystem');
		const got = await arrived(files);
		expect(got.map((bytes, i) => bytes.equals(sources.get(ways[i])!))).toEqual([true, true, true]);
	});
});
