import type { INodeProperties } from 'n8n-workflow';

import type { AttachmentLimits } from './attachmentLimits';

/** The `attachments` field, the same in every node. */
export function attachmentsField(
	limits: AttachmentLimits,
	displayOptions: INodeProperties['displayOptions'],
	description: string,
): INodeProperties {
	return {
		displayName: 'Attachments',
		name: 'attachments',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true, sortable: true },
		placeholder: 'Add Attachment',
		default: {},
		description: `${description}. At most ${limits.maxFiles}.`,
		displayOptions,
		options: [
			{
				displayName: 'File',
				name: 'file',
				values: [
					{
						displayName: 'Input Binary Field',
						name: 'binaryPropertyName',
						type: 'string',
						default: 'data',
						placeholder: 'e.g. data',
						description:
							'The binary object, the name of the binary field, or several names separated by commas',
						hint: 'The name of the input binary field containing the file to be sent',
					},
					{
						displayName: 'File Name',
						name: 'fileName',
						type: 'string',
						default: '',
						placeholder: limits.types.pdf ? 'e.g. warranty.pdf' : 'e.g. parcel.jpg',
						description: "What the buyer sees. Leave empty for the file's own name.",
					},
				],
			},
		],
	};
}
