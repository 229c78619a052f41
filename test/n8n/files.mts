import type { WorkflowFile } from './instance.mts';
import { inARow } from './workflow.mts';

/** A picture that a person can see: a green square. */
export const picture = Buffer.from(
	'iVBORw0KGgoAAAANSUhEUgAAAEAAAABACAIAAAAlC+aJAAAAT0lEQVR42u3PQQkAAAgEsEtkHUNZ2gi+hcEKLDX9WgQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQELgupWwEAVpH8LgAAAABJRU5ErkJggg==',
	'base64',
);

export const pdf = Buffer.from('%PDF-1.4\n%%EOF\n');

/** Brings an order and a file that n8n itself made, so that its bytes lie where n8n keeps files. */
export function bringing(
	name: string,
	order: Record<string, string>,
	file: { fileName: string; mimeType: string; bytes: Buffer },
): WorkflowFile {
	const { fileName, mimeType, bytes } = file;
	return inARow(name, [
		{
			id: 'order',
			name: 'Order',
			type: 'n8n-nodes-base.set',
			typeVersion: 3.4,
			position: [0, 0],
			parameters: {
				mode: 'raw',
				jsonOutput: JSON.stringify({ ...order, file: bytes.toString('base64') }),
			},
		},
		{
			id: 'file',
			name: 'File',
			type: 'n8n-nodes-base.convertToFile',
			typeVersion: 1.1,
			position: [0, 0],
			parameters: {
				operation: 'toBinary',
				sourceProperty: 'file',
				options: { fileName, mimeType },
			},
		},
	]);
}
