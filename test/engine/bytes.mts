import { createHash } from 'node:crypto';

/** Bytes that begin like a file of the kind, and are the same for the same name. */
export function bytesOf(name: string, start: Buffer | string, size: number): Buffer {
	const block = createHash('shake256', { outputLength: 65_536 }).update(name).digest();
	return Buffer.concat([Buffer.from(start as string), Buffer.alloc(size, block)]).subarray(0, size);
}
