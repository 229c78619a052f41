import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { WholeItems } from '../../../shared/run/operation';
import { textIn } from '../../../shared/text';
import { connectionOf } from '../../api/connection';
import { downloadAttachment } from '../../api/downloads';
import { idField, ticketField } from '../fields';
import { fileNameOf, idOf, ticketIdOf } from '../parameters';

export const fields: INodeProperties[] = [
	ticketField,
	idField('Message ID', 'messageId', 'What "Get Many" of messages gives as messageId'),
	idField(
		'Attachment ID',
		'attachmentId',
		"What one of the message's attachments has for its ID, or for its file name",
	),
	{
		displayName: 'Put Output File in Field',
		name: 'binaryPropertyName',
		type: 'string',
		required: true,
		default: 'data',
		placeholder: 'e.g. data',
		hint: 'The name of the output binary field to put the file in',
	},
];

/** A file of a message, under the name that its sender gave it. */
export async function execute(context: IExecuteFunctions, itemIndex: number): Promise<WholeItems> {
	const connection = await connectionOf(context);
	const ticketId = ticketIdOf(context, itemIndex);
	const messageId = idOf(context, itemIndex, 'messageId', 'Message ID');
	const attachmentId = fileNameOf(context, itemIndex, 'attachmentId', 'Attachment ID');
	const named = context.getNodeParameter('binaryPropertyName', itemIndex, 'data');
	const field = textIn(named, 'Put Output File in Field') || 'data';

	const file = await downloadAttachment(connection, ticketId, messageId, attachmentId);
	const { bytes, fileName, mimeType } = file;
	const binary = await context.helpers.prepareBinaryData(bytes, fileName, mimeType);
	const json = { fileName, mimeType, size: bytes.length, attachmentId, messageId, ticketId };
	return new WholeItems([{ json, binary: { [field]: binary } }]);
}
