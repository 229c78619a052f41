import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import CryptoJS from 'crypto-js';
import fc from 'fast-check';

import { identityOf, withBytes } from '../../../../nodes/shared/files/attachmentBytes.ts';
import type { AttachmentLimits } from '../../../../nodes/shared/files/attachmentLimits.ts';
import type { Attachment } from '../../../../nodes/shared/files/attachments.ts';

const MB = 1024 * 1024;
const limits: AttachmentLimits = {
	marketplace: 'Acme',
	maxFiles: 9,
	types: { pdf: 'application/pdf' },
};

let held = 0;
let most = 0;
beforeEach(() => {
	held = most = 0;
});

/** A file that counts its bytes as long as somebody has them. */
function file(megabytes: number, name = 'a.pdf'): Attachment {
	const size = megabytes * MB;
	const load = async () => {
		held += size;
		most = Math.max(most, held);
		return Buffer.from('x');
	};
	return {
		fileName: name,
		mimeType: 'application/pdf',
		extension: 'pdf',
		size,
		load,
		open: load,
	};
}

/** Everybody else goes on as far as possible, so many times. */
async function others(turns: number): Promise<void> {
	for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate);
}

const use = (one: Attachment, turns: number) =>
	withBytes(one, limits, async () => {
		await others(turns);
		held -= one.size;
		return one.fileName;
	});

describe('bytes in flight', () => {
	test('are at most 24 MB, whatever asks at once, and everybody gets a turn', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.tuple(fc.integer({ min: 0, max: 24 }), fc.integer({ min: 0, max: 3 })), {
					maxLength: 25,
				}),
				async (jobs) => {
					held = most = 0;
					const done = await Promise.all(jobs.map(([size, turns]) => use(file(size), turns)));
					expect(done).toHaveLength(jobs.length);
					expect(most).toBeLessThanOrEqual(24 * MB);
					expect(held).toBe(0);
				},
			),
			{ numRuns: 40 },
		);
	});

	test('of a file over the bound are held alone', async () => {
		const order = await Promise.all([
			use(file(10), 5),
			use(file(40, 'big.pdf'), 5),
			use(file(10), 5),
		]);
		expect(order).toEqual(['a.pdf', 'big.pdf', 'a.pdf']);
		expect(most).toBe(40 * MB);
	});

	test('go in the order of asking: a small file does not overtake a large one', async () => {
		const loaded: string[] = [];
		const run = async (size: number, name: string, turns: number) => {
			const one = file(size, name);
			const { load } = one;
			const noted = async () => {
				loaded.push(name);
				return await load();
			};
			await use({ ...one, load: noted }, turns);
		};
		await Promise.all([run(20, 'first', 10), run(20, 'second', 0), run(1, 'third', 0)]);
		expect(loaded).toEqual(['first', 'second', 'third']);
	});

	test('are let go of when their use fails', async () => {
		const failing = Array.from(
			{ length: 10 },
			async () =>
				await withBytes(file(20), limits, async () => {
					held -= 20 * MB;
					throw new Error('no');
				}).catch((error: Error) => error.message),
		);
		expect(await Promise.all(failing)).toEqual(Array.from({ length: 10 }, () => 'no'));
		expect(await use(file(24), 0)).toBe('a.pdf');
	});

	test('are let go of when they cannot be loaded', async () => {
		const broken = { ...file(24), load: async () => await Promise.reject(new Error('gone')) };
		await expect(withBytes(broken, limits, async () => 1)).rejects.toThrow('gone');
		expect(await use(file(24), 0)).toBe('a.pdf');
	});

	test('of a file that nobody counted count as the largest that is allowed', async () => {
		const uncounted = (): Attachment => ({ ...file(0), load: async () => Buffer.from('x') });
		let now = 0;
		let top = 0;
		const one = async () =>
			await withBytes(uncounted(), { ...limits, maxTotalSize: 10 * MB }, async () => {
				top = Math.max(top, ++now);
				await others(1);
				now -= 1;
			});
		await Promise.all([one(), one(), one(), one(), one()]);
		expect(top).toBe(2);
	});
});

test('what a file is goes by its name and its bytes', async () => {
	const of = async (fileName: string, ...content: string[]) => {
		const open = async () => Readable.from(content.map((part) => Buffer.from(part)));
		return await identityOf({ ...file(0, fileName), open }, limits);
	};
	expect(await of('a.pdf', 'xy')).toBe(await of('a.pdf', 'x', 'y'));
	expect(await of('a.pdf', 'x')).not.toBe(await of('a.pdf', 'y'));
	expect(await of('a.pdf', 'x')).not.toBe(await of('b.pdf', 'x'));
});

test('the MD5 of any bytes is the one that another implementation finds', () => {
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
			const ours = createHash('md5').update(bytes).digest('base64');
			const words = CryptoJS.enc.Hex.parse(Buffer.from(bytes).toString('hex'));
			expect(ours).toBe(CryptoJS.enc.Base64.stringify(CryptoJS.MD5(words)));
		}),
	);
});
