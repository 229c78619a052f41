import { createHash } from 'node:crypto';

import { emptyFileError, refuseSizes, type AttachmentLimits } from './attachmentLimits';
import type { Attachment } from './attachments';
import { whileHolding } from './heldBytes';

/** Loads a file under the bound on bytes in flight, uses it, and lets go of it. */
export async function withBytes<T>(
	file: Attachment,
	limits: AttachmentLimits,
	use: (bytes: Buffer) => Promise<T>,
): Promise<T> {
	return await holding(file, limits, async () => {
		const bytes = await file.load();
		refuseSize(file, limits, bytes.length);
		return await use(bytes);
	});
}

/**
 * Reads a file through under the bound on bytes in flight, and uses it from the beginning as often as needed.
 *
 * @param use is given the digest and the size in bytes
 */
export async function withDigest<T>(
	file: Attachment,
	limits: AttachmentLimits,
	algorithm: 'md5' | 'sha256',
	use: (digest: Buffer, size: number) => Promise<T>,
): Promise<T> {
	return await holding(file, limits, async () => {
		const content = await file.open();
		const hash = createHash(algorithm);
		let size = 0;
		for await (const part of Buffer.isBuffer(content) ? [content] : content) {
			hash.update(part as Buffer);
			size += (part as Buffer).length;
		}
		refuseSize(file, limits, size);
		return await use(hash.digest(), size);
	});
}

async function holding<T>(
	{ size }: Attachment,
	{ maxFileSize, maxTotalSize }: AttachmentLimits,
	use: () => Promise<T>,
): Promise<T> {
	return await whileHolding(size || (maxFileSize ?? maxTotalSize ?? 0), use);
}

/** What n8n counted may be wrong, or nothing. */
function refuseSize(file: Attachment, limits: AttachmentLimits, size: number): void {
	if (size === 0) throw emptyFileError(file.fileName);
	refuseSizes([{ ...file, size }], limits);
}

/** @returns what tells a file from another: its name and a digest of its bytes */
export async function identityOf(file: Attachment, limits: AttachmentLimits): Promise<string> {
	const hex = async (digest: Buffer) => digest.toString('hex');
	return `${file.fileName} ${await withDigest(file, limits, 'sha256', hex)}`;
}
