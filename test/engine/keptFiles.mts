/** The ways in which n8n keeps an execution's files, one at a time. */
import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';

import { Container } from '@n8n/di';
import { BinaryDataConfig, BinaryDataService, type BinaryData } from 'n8n-core';
import type { IBinaryData } from 'n8n-workflow';

import { storedFileOf } from './engine.mts';
import { newFolder } from './folders.mts';

/** As `N8N_DEFAULT_BINARY_DATA_MODE` names them; `default` keeps a file in the item itself. */
export type Way = 'default' | 'filesystem' | 'database' | 's3';

let inDatabase: WholeFiles | undefined;

/** Files that are stored from now on are kept in this way; those that are there stay where they are. */
export async function keepFilesIn(way: Way): Promise<void> {
	const service = Container.get(BinaryDataService);
	Container.get(BinaryDataConfig).mode = way;
	await service.init();
	if (way === 'database') service.setManager(way, (inDatabase ??= new WholeFiles()));
}

/** A file as an item carries it where n8n keeps files in this way. */
export async function fileKeptIn(
	way: Way,
	bytes: Buffer,
	fileName: string,
	mimeType: string,
): Promise<IBinaryData> {
	await keepFilesIn(way);
	return await storedFileOf(bytes, fileName, mimeType);
}

/**
 * n8n's own way into the database, without the database: a file is read whole, a new copy each time, and its
 * stream is that copy in one piece.
 */
class WholeFiles implements BinaryData.Manager {
	private readonly folder = join(newFolder(), 'database');

	private readonly facts = new Map<string, BinaryData.Metadata>();

	async init(): Promise<void> {
		mkdirSync(this.folder, { recursive: true });
	}

	async store(
		_: BinaryData.FileLocation,
		content: Buffer | Readable,
		metadata: BinaryData.PreWriteMetadata,
	): Promise<BinaryData.WriteResult> {
		await this.init();
		const fileId = randomUUID();
		const bytes = Buffer.isBuffer(content) ? content : Buffer.concat(await content.toArray());
		await writeFile(this.getPath(fileId), bytes);
		this.facts.set(fileId, { ...metadata, fileSize: bytes.length });
		return { fileId, fileSize: bytes.length };
	}

	getPath(fileId: string): string {
		return join(this.folder, fileId);
	}

	async getAsBuffer(fileId: string): Promise<Buffer> {
		return await readFile(this.getPath(fileId));
	}

	async getAsStream(fileId: string): Promise<Readable> {
		return Readable.from(await this.getAsBuffer(fileId));
	}

	async getMetadata(fileId: string): Promise<BinaryData.Metadata> {
		return this.facts.get(fileId)!;
	}

	async copyByFileId(): Promise<never> {
		throw new Error('not used by our nodes');
	}

	async copyByFilePath(): Promise<never> {
		throw new Error('not used by our nodes');
	}

	async rename(): Promise<never> {
		throw new Error('not used by our nodes');
	}
}
