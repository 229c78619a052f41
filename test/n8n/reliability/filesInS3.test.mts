/**
 * Files that n8n keeps in S3. n8n itself does so with a licence alone, so that these run in its engine, with its own
 * client for S3, against a server that checks every signature.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import type { IBinaryKeyData } from 'n8n-workflow';

import { amazonWorld, messageForm as amazonForm, ORDER } from '../../engine/amazon.mts';
import { bytesOf } from '../../engine/bytes.mts';
import { ebayWorld, messageForm as ebayForm, pngBytes } from '../../engine/ebay.mts';
import { fileKeptIn, keepFilesIn, type Way } from '../../engine/keptFiles.mts';
import { magaluWorld, messageForm as magaluForm } from '../../engine/magalu.mts';
import { type Bucket, keepFilesInS3, storeOf } from '../../engine/s3.mts';
import { attached, type World } from '../../engine/world.mts';
import { node24 } from '../instance.mts';

/** Key and secret are the server's own. */
const bucket: Bucket = { port: 0, name: 'n8n-files', key: 'S3RVER', secret: 'S3RVER' };
const MB = 1024 * 1024;

let server: ChildProcess;

beforeAll(async () => {
	const folder = join(process.cwd(), '.cache/n8n-tests/s3');
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder, { recursive: true });
	server = spawn(node24, [join(process.cwd(), 'test/n8n/s3/server.cjs'), folder, bucket.name], {
		stdio: ['pipe', 'pipe', 'inherit'],
	});
	const [line] = (await once(server.stdout!, 'data')) as [Buffer];
	bucket.port = Number(line.toString());
	keepFilesInS3(bucket);
});
afterAll(async () => {
	await keepFilesIn('default');
	server.stdin!.end();
	await once(server, 'exit');
});

it('refuses who signs with another secret, so that what is read was signed', async () => {
	const stranger = storeOf({ ...bucket, secret: 'another secret' });
	await expect(stranger.put('a file', Buffer.from('bytes'))).rejects.toThrow(/signature/);
	await expect(storeOf(bucket).put('a file', Buffer.from('bytes'))).resolves.toBeDefined();
});

const amazon = {
	world: amazonWorld,
	form: (files: object) =>
		amazonForm(ORDER, 'confirmCustomizationDetails', { text: 'Look.', ...files }),
	start: '%PDF-1.4 ',
	name: 'letter.pdf',
	type: 'application/pdf',
	size: 10 * MB - 1,
};
const ebay = {
	world: ebayWorld,
	form: (files: object) => ebayForm({ ...files }),
	start: pngBytes,
	name: 'mug.png',
	type: 'image/png',
	size: 12 * MB,
};
const magalu = {
	...amazon,
	world: magaluWorld,
	form: (files: object) => magaluForm({ ...files }),
	size: 5 * MB - 1,
};

describe.each(Object.entries({ Amazon: amazon, eBay: ebay, Magalu: magalu }))(
	'%s',
	(_, { world: worldIn, form, start, name, type, size }) => {
		const world: World = worldIn();

		/** @returns whether the files came as they were */
		async function arrived(ways: Way[], each: number): Promise<boolean[]> {
			const sources = ways.map((way) => bytesOf(way, start, each));
			const binary: IBinaryKeyData = {};
			for (const [i, way] of ways.entries()) {
				binary[`f${i}`] = await fileKeptIn(way, sources[i], name, type);
			}
			const { items, error } = await world.run(form(attached(...Object.keys(binary))), {
				items: [{ json: {}, binary }],
			});
			expect(error).toBeUndefined();
			expect(items.map(({ json }) => json.status)).toEqual(['sent']);
			const got = world.simulator.received.flatMap(({ attachments }) => attachments);
			return sources.map((source, i) => source.equals(got[i].bytes));
		}

		it('gets the bytes of the largest file', async () => {
			expect(await arrived(['s3'], size)).toEqual([true]);
		});

		it('gets the bytes of files of which one is kept in S3 and one on the disk', async () => {
			expect(await arrived(['s3', 'filesystem'], 2 * MB)).toEqual([true, true]);
		});
	},
);
