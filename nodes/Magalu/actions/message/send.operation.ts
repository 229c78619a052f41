import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { settleAll } from '../../../shared/settleAll';
import { identityOf } from '../../../shared/files/attachmentBytes';
import { attachmentsOf, type Attachment } from '../../../shared/files/attachments';
import { attachmentsField } from '../../../shared/files/attachmentsField';
import { sendMessage } from '../../../shared/send/sendMessage';
import { Refusal } from '../../../shared/outcome';
import {
	allowContactDataOption,
	sendOptionsField,
	sendOptionsOf,
} from '../../../shared/send/sendOptions';
import { executionOf } from '../../../shared/run/execution';
import { textOf } from '../../../shared/values';
import { rememberAttempt, settle } from '../../api/attempts';
import { connectionOf, type Connection } from '../../api/connection';
import { WHERE_TO_LOOK } from '../../api/errors';
import { attachmentLimits, contactRule, destinations } from '../../api/limits';
import { lookUpMessage } from '../../api/lookUp';
import { getTicket, isOpen } from '../../api/tickets';
import { readOf } from '../../api/transactions';
import { ticketField } from '../fields';
import { ticketIdOf } from '../parameters';
import { timeoutOf, timeoutOption, waitingDefaults, waitingOptions } from '../waiting';
import { deliver, notCreatedError } from './deliver';
import { distinct, messageOf, withLastingCode } from './message';
import { moderated, moderationDefaults } from './moderation';

export const sends = true;

export const fields: INodeProperties[] = [
	ticketField,
	{
		displayName: 'Text',
		name: 'text',
		type: 'string',
		typeOptions: { rows: 5 },
		required: true,
		default: '',
		placeholder: 'e.g. O seu pedido sai amanhã.',
		description:
			'What the customer reads, at most 3000 characters. Moderation stops e-mail addresses, phone numbers, CPF numbers and Pix keys.',
	},
	{
		displayName: 'Your Name',
		name: 'ownerName',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. Ana Souza',
		description: 'Who answers: the name of a person, or of your team',
	},
	{
		displayName: 'Your Staff Code',
		name: 'ownerCode',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. ana.souza',
		description: 'What your own system knows the person by: a number or a short name',
	},
	attachmentsField(
		attachmentLimits,
		undefined,
		'Files that go with the message: JPG, PNG, GIF or PDF, each below 5 MB',
	),
	{
		displayName: 'Destination',
		name: 'destination',
		type: 'options',
		default: 'customer',
		description: 'Who the message is for',
		options: [...destinations],
	},
	{
		displayName: 'Code',
		name: 'code',
		type: 'string',
		default: '',
		placeholder: 'e.g. erp-1001',
		description:
			'Your own reference, by which the message is found later. Magalu does not use it to tell duplicates.',
		hint: 'Leave empty to have one made',
	},
	sendOptionsField(undefined, [
		allowContactDataOption,
		timeoutOption(
			'moderationTimeout',
			'Moderation Timeout (Seconds)',
			"For 'Wait for Moderation': how long to wait. Then it is output as waiting.",
		),
		{
			displayName: 'Report Moderation',
			name: 'reportModeration',
			type: 'boolean',
			default: true,
			description:
				"Whether to look the message up after it was created and output what Magalu's moderation made of it. One call more for each message.",
		},
		...waitingOptions('the message', 'right after the upload of its files'),
		{
			displayName: 'Wait for Moderation',
			name: 'waitForModeration',
			type: 'boolean',
			default: true,
			description:
				"Whether to wait, after the message was created, until Magalu's moderation has decided, and to output what it decided",
		},
	]),
];

/** Answers in a ticket, with files, and follows the message until Magalu has created it. */
export async function execute(context: IExecuteFunctions, itemIndex: number): Promise<IDataObject> {
	const connection = await connectionOf(context);
	const execution = executionOf(context);
	const ticketId = ticketIdOf(context, itemIndex);
	const options = sendOptionsOf(context, itemIndex, {
		...waitingDefaults,
		...moderationDefaults,
	});
	const message = messageOf(context, itemIndex);
	const files = distinct(attachmentsOf(context, itemIndex, attachmentLimits));
	await refuseUnread(files);

	const { code, destination, givenCode, text } = message;
	// What leaves: its code may be another in the end.
	let leaving = message;
	const output = await sendMessage(context, itemIndex, {
		// Without the code: that of a message that was sent before was another.
		shown: { ticketId, destination, marketplace: 'magalu' },
		contact: { written: { Text: text }, rule: contactRule },
		identity: {
			marketplace: 'magalu',
			within: [ticketId],
			same: async () => [
				ticketId,
				destination,
				text,
				...(await settleAll(files, async (file) => await identityOf(file, attachmentLimits))),
			],
			whereToLook: WHERE_TO_LOOK,
			settled: async (key: string) =>
				await settle(connection, {
					key,
					ticketId,
					// The code of a key is in no other message.
					message: { ...withLastingCode(message, key), codeIsUnique: givenCode === '' },
					isTold: givenCode === '' || options.duplicateKey === '',
					timeoutMs: options.waitForCompletion ? timeoutOf(options.timeout) : 0,
				}),
		},
		async validated() {
			await refuseClosed(connection, ticketId);
			return { code, text, attachments: files.map(shownFile) };
		},
		async send(_, key, { tooLate }) {
			leaving = withLastingCode(message, key);
			const sent = await deliver(connection, {
				ticketId,
				message: leaving,
				files,
				options,
				tooLate,
				taken: (transactionId) => rememberAttempt(key, transactionId),
				hint: execution.hint,
			});
			if (sent.status === 'sent') rememberAttempt(key, undefined);
			return sent;
		},
		lookUp: lookUpMessage(connection, {
			ticketId,
			// The code of a key is in no other message.
			known: (key) => ({
				...(key === undefined ? leaving : withLastingCode(message, key)),
				codeIsUnique: givenCode === '',
			}),
			isOnlyAttempt: () => leaving.codeIsUnique,
			hasFiles: files.length > 0,
			errorOf: (transaction) =>
				notCreatedError({ transactionId: textOf(transaction.id) }, readOf(transaction), []),
		}),
	});
	return { ...output, ...(await moderated(connection, message, output, options, execution.hint)) };
}

/** @throws Refusal, and MarketplaceError where credential or ticket are wrong */
async function refuseClosed(connection: Connection, ticketId: string): Promise<void> {
	if (isOpen(await getTicket(connection, ticketId))) return;
	throw new Refusal('The ticket is closed', 'Magalu takes no message for it any more.');
}

/** Once the message is posted it is too late to find a file empty: what n8n did not count is counted now. */
async function refuseUnread(files: Attachment[]): Promise<void> {
	for (const file of files) if (file.size === 0) await identityOf(file, attachmentLimits);
}

const shownFile = ({ fileName, mimeType, size }: Attachment): IDataObject => ({
	fileName,
	mimeType,
	size,
});
