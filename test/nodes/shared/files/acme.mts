/** An imaginary marketplace that takes files, and an item's files as an operation asks for them. */
import type { IBinaryData, IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { AttachmentLimits } from '../../../../nodes/shared/files/attachmentLimits.ts';
import { attachmentsOf, type Attachment } from '../../../../nodes/shared/files/attachments.ts';
import { Refusal } from '../../../../nodes/shared/outcome.ts';

export const MB = 1024 * 1024;

export const acme: AttachmentLimits = {
	marketplace: 'Acme',
	maxFiles: 3,
	maxFileSize: 2 * MB,
	maxTotalSize: 3 * MB,
	types: { txt: 'text/plain', pdf: 'application/pdf', jpg: 'image/jpeg', jpeg: 'image/jpeg' },
	aliases: { 'application/x-pdf': 'pdf' },
	typeAdvice: 'Convert it first.',
};

/** A file that is kept in the item itself; `bytes` are as many as it says it has. */
export function kept(fileName: string | undefined, more: Partial<IBinaryData> = {}): IBinaryData {
	return { data: 'YWJj', mimeType: 'application/pdf', fileName, bytes: 3, ...more };
}

export interface Item {
	binary?: Record<string, IBinaryData>;
	/** The rows of the field `attachments`. */
	rows: IDataObject[];
}

/** n8n's functions, as far as files go, for the second item of two. */
export function contextOf({ binary, rows }: Item): IExecuteFunctions {
	const find = (index: number, field: string | IBinaryData) => {
		const file = typeof field === 'string' && index === 1 ? binary?.[field] : field;
		if (typeof file !== 'object') throw new Error('n8n finds no such file');
		return file;
	};
	return {
		getNode: () => ({ parameters: {} }),
		getNodeParameter: (name: string, index: number) =>
			name === 'attachments.file' && index === 1 ? rows : undefined,
		getInputData: () => [{ json: {} }, { json: {}, binary }],
		helpers: {
			assertBinaryData: find,
			getBinaryDataBuffer: async (index: number, field: string | IBinaryData) =>
				Buffer.from(find(index, field).data, 'base64'),
			getBinaryStream: async (id: string) => [Buffer.from(`stream of ${id}`)],
		},
	} as unknown as IExecuteFunctions;
}

export function filesOf(item: Item, limits: AttachmentLimits = acme): Attachment[] {
	return attachmentsOf(contextOf(item), 1, limits);
}

/** What a refusal says: its message, and the way out. */
export function refusalOf(work: () => unknown): { message: string; description: string } {
	try {
		work();
	} catch (error) {
		if (!(error instanceof Refusal)) throw error;
		return { message: error.message, description: error.description };
	}
	throw new Error('nothing was refused');
}
