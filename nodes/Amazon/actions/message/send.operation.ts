import type {
	IDataObject,
	IExecuteFunctions,
	INodeProperties,
	INodePropertyOptions,
} from 'n8n-workflow';

import { identityOf } from '../../../shared/files/attachmentBytes';
import { refuseSizes } from '../../../shared/files/attachmentLimits';
import { attachmentsOf, type Attachment } from '../../../shared/files/attachments';
import { attachmentsField } from '../../../shared/files/attachmentsField';
import { settleAll } from '../../../shared/settleAll';
import { CANNOT_LOOK } from '../../../shared/send/inDoubt';
import { sendMessage } from '../../../shared/send/sendMessage';
import {
	allowContactDataOption,
	sendOptionsField,
	sendOptionsOf,
} from '../../../shared/send/sendOptions';
import { executionOf } from '../../../shared/run/execution';
import { connectionOf, type Connection } from '../../api/connection';
import { attachmentLimits, contactRule } from '../../api/limits';
import { messageTypes, type MessageType } from '../../api/messageTypes';
import { offeredActions, postMessage, type MessageBody, type OrderRef } from '../../api/messages';
import { upload, type Upload } from '../../api/uploads';
import { sellerCentralLink } from '../output';
import { orderOf } from '../parameters';
import {
	allowedNow,
	checkLimits,
	evidenceIn,
	messageOf,
	refuseFiles,
	type Message,
} from './message';
import { textFields } from './textFields';

const typesWith = (part: 'attachments' | 'coverageDates') =>
	messageTypes.filter((type) => type[part]).map(({ messageType }) => messageType);
/** The likeliest first; what is not named follows as the table has it. */
const LIKELIEST = [
	'unexpectedProblem',
	'confirmOrderDetails',
	'confirmDeliveryDetails',
	'invoice',
	'warranty',
];
const rankOf = ({ messageType }: MessageType) =>
	(LIKELIEST.indexOf(messageType) + LIKELIEST.length + 1) % (LIKELIEST.length + 1);
const byUse = [...messageTypes].sort((one, other) => rankOf(one) - rankOf(other));

function takenBy({ text, attachments }: Pick<MessageType, 'text' | 'attachments'>): string {
	if (!attachments) return 'Text';
	return text ? 'Text and Files' : 'Files';
}

const withoutText = byUse.filter(({ text }) => !text);

const typeOptions: INodePropertyOptions[] = [
	...byUse.map(({ messageType, label, purpose, ...parts }) => ({
		name: `${label} (${takenBy(parts)})`,
		value: messageType,
		description: parts.text
			? `${purpose}. At most ${parts.text.max} characters.`
			: `${purpose}. No text.`,
	})),
	{
		name: 'Other (Text, Files or Both)',
		value: 'other',
		description: 'A type that Amazon offers for the order and that is not listed here',
	},
];

export const sends = true;

export const fields: INodeProperties[] = [
	{
		displayName: 'Message Type',
		name: 'messageType',
		type: 'options',
		required: true,
		default: 'warranty',
		description:
			'What the message is for. Amazon decides for each order which types are allowed at the moment.',
		hint: '"Get Available Types" tells what Amazon allows for an order',
		options: typeOptions,
	},
	{
		displayName: 'Other Message Type',
		name: 'otherMessageType',
		// Not required: n8n would ask for it as well where the type is an expression.
		type: 'string',
		default: '',
		placeholder: 'e.g. negativeFeedbackRemoval',
		description: 'The name of the action as "Get Available Types" gives it',
		displayOptions: { show: { messageType: ['other'] } },
	},
	{
		displayName: `This type takes files and no text. To write something, choose a type that says so, for example ${byUse[0]!.label} or ${byUse[1]!.label}.`,
		name: 'noTextNotice',
		type: 'notice',
		default: '',
		displayOptions: {
			show: { messageType: withoutText.map(({ messageType }) => messageType) },
		},
	},
	...textFields,
	attachmentsField(
		attachmentLimits,
		{ show: { messageType: [...typesWith('attachments'), 'other'] } },
		'Files for the buyer: PDF, Word, text or pictures, together under 10 MB',
	),
	{
		displayName: 'Coverage Start Date',
		name: 'coverageStartDate',
		type: 'dateTime',
		default: '',
		description: "When the warranty begins. Without a time zone, the workflow's counts.",
		displayOptions: { show: { messageType: typesWith('coverageDates') } },
	},
	{
		displayName: 'Coverage End Date',
		name: 'coverageEndDate',
		type: 'dateTime',
		default: '',
		description: "When the warranty ends. Without a time zone, the workflow's counts.",
		displayOptions: { show: { messageType: typesWith('coverageDates') } },
	},
	sendOptionsField(
		undefined,
		[
			allowContactDataOption,
			{
				displayName: 'Check Availability',
				name: 'checkAvailability',
				type: 'boolean',
				default: true,
				description:
					'Whether to ask Amazon first which message types it allows for the order now. One call more for each order.',
			},
		],
		[
			{
				displayName: 'Uploaded Attachments (Rarely Needed)',
				name: 'uploadedAttachments',
				type: 'fixedCollection',
				typeOptions: { multipleValues: true },
				placeholder: 'Add Uploaded Attachment',
				default: {},
				description: 'Files that were uploaded to Amazon before, for this order and message type',
				options: [
					{
						displayName: 'Attachment',
						name: 'attachment',
						values: [
							{
								displayName: 'Upload Destination ID',
								name: 'uploadDestinationId',
								type: 'string',
								default: '',
								required: true,
							},
							{
								displayName: 'File Name',
								name: 'fileName',
								type: 'string',
								default: '',
								required: true,
								placeholder: 'e.g. warranty.pdf',
								description: 'What the buyer sees',
							},
						],
					},
				],
			},
		],
	),
];

/** Sends one message to the buyer of one order, with its attachments. */
export async function execute(context: IExecuteFunctions, itemIndex: number): Promise<IDataObject> {
	const connection = await connectionOf(context);
	const order = orderOf(context, itemIndex, connection);
	const options = sendOptionsOf(context, itemIndex, { checkAvailability: true });
	const message = messageOf(context, itemIndex);
	const files = attachmentsOf(context, itemIndex, attachmentLimits);
	refuseFiles(message, files);

	const execution = executionOf(context);
	const ask = async () => await offeredActions(connection, order);
	const shown = {
		orderId: order.orderId,
		messageType: message.shownType,
		marketplaceId: order.marketplaceId,
		marketplace: 'amazon',
	};
	let wasOffered = false;
	return await sendMessage(context, itemIndex, {
		shown,
		contact: { written: { Text: message.text }, rule: contactRule },
		identity: {
			marketplace: 'amazon',
			within: [order.orderId],
			same: async () => [
				// In this order since the first version: notes are known by it.
				...['amazon', order.orderId, order.marketplaceId, message.shownType],
				partsOf(message),
				message.uploaded,
				...(await settleAll(files, async (file) => await identityOf(file, attachmentLimits))),
			],
			whereToLook: `Look at the order's buyer messages in Seller Central (${sellerCentralLink(order) ?? 'Orders'})`,
		},
		async check() {
			const key = `amazon actions ${order.marketplaceId} ${order.orderId}`;
			const action = options.checkAvailability
				? allowedNow(message, await execution.askOnce(key, ask))
				: undefined;
			checkLimits(message, files, action, execution.hint);
			wasOffered = action !== undefined;
		},
		validated: async () => ({
			text: message.text ?? null,
			attachments: [...files.map(shownFile), ...message.uploaded.map(shownUpload)],
		}),
		prepare: async () => [
			...(await uploaded(connection, order, message, files)),
			...message.uploaded,
		],
		async send(uploads) {
			const { requestId } = await postMessage(connection, order, message.type.path, {
				...partsOf(message),
				...(uploads.length > 0 ? { attachments: uploads.map(named) } : {}),
			});
			return { attachments: uploads.map(shownUpload), requestId };
		},
		lookUp: options.checkAvailability
			? {
					where: "Amazon's list of message types",
					async look({ leftMs, earlier }) {
						if (earlier) return { end: 'open', evidence: CANNOT_LOOK };
						if (!wasOffered) return { end: 'open', isLast: true, evidence: '' };
						const actions = await offeredActions(connection, order, Math.max(1000, leftMs / 2));
						return { end: 'open', isLast: true, evidence: evidenceIn(message, actions) };
					},
				}
			: undefined,
	});
}

async function uploaded(
	connection: Connection,
	order: OrderRef,
	{ type }: Message,
	files: Attachment[],
): Promise<Upload[]> {
	const uploads = await settleAll(
		files,
		async (file) => await upload(connection, order, type.path, file),
	);
	// n8n may not have counted them before.
	refuseSizes(uploads, attachmentLimits);
	return uploads;
}

/** The parts of the body that are there, under Amazon's names. */
function partsOf({ text, coverageStartDate, coverageEndDate }: Message): MessageBody {
	return {
		...(text ? { text } : {}),
		...(coverageStartDate ? { coverageStartDate } : {}),
		...(coverageEndDate ? { coverageEndDate } : {}),
	};
}

const named = ({ uploadDestinationId, fileName }: Upload) => ({ uploadDestinationId, fileName });
const shownFile = ({ fileName, mimeType, size }: Attachment): IDataObject => ({
	fileName,
	mimeType,
	size,
});
const shownUpload = ({ fileName, mimeType, size, uploadDestinationId }: Upload): IDataObject => ({
	fileName,
	mimeType: mimeType ?? null,
	size: size ?? null,
	uploadDestinationId,
});
