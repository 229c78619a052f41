import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { type Attachment } from '../../../shared/files/attachments';
import { attachmentsField } from '../../../shared/files/attachmentsField';
import { leavingBefore } from '../../../shared/http/leaving';
import { wrongInUrl } from '../../../shared/http/url';
import { refuseGaps } from '../../../shared/run/expression';
import { sendMessage } from '../../../shared/send/sendMessage';
import { Refusal } from '../../../shared/outcome';
import {
	allowContactDataOption,
	sendOptionsField,
	sendOptionsOf,
} from '../../../shared/send/sendOptions';
import { refuseText } from '../../../shared/text';
import { proveCredential } from '../../api/account';
import { connectionOf, refuseWithoutOAuth, type Connection } from '../../api/connection';
import {
	postMessage,
	type ConversationMedia,
	type ConversationMessage,
	type SentMessage,
} from '../../api/conversations';
import { WHERE_TO_LOOK } from '../../api/errors';
import {
	contactRule,
	mediaTypes,
	messageLimits,
	pictureLimits,
	type MediaType,
} from '../../api/limits';
import type { HostedPicture } from '../../api/media';
import { bareName } from '../../api/members';
import { isUnknownConversation } from '../../api/restErrors';
import { emailCopyOption, itemIdField, recipientIdField } from '../fields';
import { lookInConversation } from '../lookUp';
import {
	filesOf,
	labelOf,
	labelsOf,
	nameIn,
	refuseTooMany,
	sameFiles,
	uploaded,
	shownPicture,
	type OwnPicture,
} from '../pictures';
import { cleanText, emailCopyOf, itemIdIn, textOfField, writtenText } from '../parameters';
import { conversationIdField, conversationIdOf } from './conversation';

export const sends = true;

export const fields: INodeProperties[] = [
	conversationIdField({
		description: 'The conversation to go on with',
		hint: 'Leave empty to write to the member named below',
	}),
	recipientIdField({
		description:
			'The eBay user ID of the other member. Used where no conversation is named, and where eBay no longer knows the named one.',
		hint: 'Needed only without a conversation',
	}),
	itemIdField({ description: 'The listing that it is about: its number or address' }),
	{
		displayName: 'Text',
		name: 'text',
		type: 'string',
		typeOptions: { rows: 5 },
		default: '',
		placeholder: 'e.g. Yes, it is still available.',
		description: `What the member reads: plain text without HTML, at most ${messageLimits.body} characters`,
	},
	attachmentsField(
		pictureLimits,
		undefined,
		'Pictures for the member (JPG, GIF, PNG, BMP, TIFF, AVIF, HEIC, WEBP), each up to 12 MB; they are uploaded to eBay first',
	),
	{
		displayName: 'Media URLs',
		name: 'mediaUrls',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true, sortable: true },
		placeholder: 'Add Media',
		default: {},
		description: `Files by their https address, which everybody can open. At most ${messageLimits.media} together with the attachments.`,
		options: [
			{
				displayName: 'Media',
				name: 'media',
				values: [
					{
						displayName: 'Name',
						name: 'name',
						type: 'string',
						default: '',
						placeholder: 'e.g. manual.pdf',
						description: 'What the member sees. Leave empty for the name in the address.',
					},
					{
						displayName: 'Type',
						name: 'type',
						type: 'options',
						default: 'IMAGE',
						options: [
							{ name: 'Document', value: 'DOC' },
							{ name: 'Image', value: 'IMAGE' },
							{ name: 'PDF', value: 'PDF' },
							{ name: 'Text', value: 'TXT' },
						],
					},
					{
						displayName: 'URL',
						name: 'url',
						type: 'string',
						default: '',
						placeholder: 'e.g. https://example.com/manual.pdf',
					},
				],
			},
		],
	},
	sendOptionsField(undefined, [allowContactDataOption, emailCopyOption]),
];

type Draft = Omit<ConversationMessage, 'media'>;

/** Writes to a member, in an open conversation or a new one. */
export async function execute(context: IExecuteFunctions, itemIndex: number): Promise<IDataObject> {
	const connection = await connectionOf(context);
	refuseWithoutOAuth(connection, 'Writing in conversations');
	const options = sendOptionsOf(context, itemIndex, {
		emailCopyToSender: 'default' as unknown,
	} as IDataObject);
	const draft: Draft = {
		conversationId: conversationIdOf(context, itemIndex),
		recipientId: textOfField(context, itemIndex, 'recipientId', 'Recipient ID') || undefined,
		itemId: itemIdIn(textOfField(context, itemIndex, 'itemId', 'Item ID')),
		text: writtenText(context, itemIndex, 'text', 'Text'),
		emailCopyToSender: emailCopyOf(options.emailCopyToSender),
	};
	const files = filesOf(context, itemIndex, connection);
	const rows = context.getNodeParameter('mediaUrls.media', itemIndex, []) as IDataObject[];
	const linked = rows.map((row, place) => {
		refuseGaps(context, itemIndex, `mediaUrls.media.${place}.name`, 'Name');
		return linkedMedia(row, connection);
	});
	refuseWrong(draft, files, linked);

	const { conversationId, recipientId, itemId, text } = draft;
	const place = placeOf(draft);
	return await sendMessage(context, itemIndex, {
		shown: { recipientId, itemId, conversationId, marketplace: 'ebay' },
		contact: { written: { Text: text }, rule: contactRule },
		identity: {
			marketplace: 'ebay',
			within: place.filter(Boolean),
			anotherOrder:
				conversationId === undefined && itemId
					? 'another order of the same member for the same item'
					: 'another order of the same member',
			same: async () => [
				...['conversation', ...place, text],
				...(await sameFiles(files)),
				...linked.map(({ mediaUrl, mediaName }) => `${mediaUrl} ${mediaName}`),
			],
			whereToLook: WHERE_TO_LOOK,
		},
		async validated() {
			await proveCredential(context, connection);
			return { text, attachments: shownMedia(files, linked) };
		},
		prepare: async () => await uploaded(connection, files),
		async send(pictures, _, { tooLate }) {
			const media = [...pictures.map(asConversationMedia), ...linked];
			const { answer, to } = await sendTo(leavingBefore(connection, tooLate), { ...draft, media });
			return {
				conversationId: to === 'member' ? undefined : conversationId,
				recipientId: answer.recipientId ?? recipientId,
				subject: answer.subject,
				messageId: answer.messageId,
				attachments: shownMedia(pictures, linked),
				ack: answer.warnings.length > 0 ? 'Warning' : 'Success',
				warnings: answer.warnings,
				timestamp: answer.createdAt ?? null,
			};
		},
		lookUp: lookInConversation(
			connection,
			conversationId,
			{
				recipientId,
				itemId,
				text,
				media: [...labelsOf({ files, hosted: [] }), ...linked.map(({ mediaName }) => mediaName)],
			},
			(pictures) => ({ attachments: shownMedia(pictures ?? files, linked) }),
		),
	});
}

/** Where a message stands: a conversation is known by its ID, whatever else the form says beside it. */
function placeOf({ conversationId, recipientId = '', itemId = '' }: Draft): string[] {
	return conversationId === undefined
		? ['', bareName(recipientId), itemId]
		: [conversationId, '', ''];
}

/** Where eBay no longer knows the conversation, the message goes to the member, if one is named. */
async function sendTo(
	connection: Connection,
	message: ConversationMessage,
): Promise<{ answer: SentMessage; to: 'conversation' | 'member' }> {
	try {
		return { answer: await postMessage(connection, message), to: 'conversation' };
	} catch (error) {
		const { conversationId, recipientId } = message;
		const mayWriteToMember = conversationId !== undefined && recipientId !== undefined;
		if (!mayWriteToMember || !isUnknownConversation(error)) throw error as Error;
		const toMember = { ...message, conversationId: undefined };
		return { answer: await postMessage(connection, toMember), to: 'member' };
	}
}

function refuseWrong(
	{ conversationId, recipientId, text }: Draft,
	files: Attachment[],
	linked: ConversationMedia[],
): void {
	if (conversationId === undefined && recipientId === undefined) {
		throw new Refusal(
			"Neither 'Conversation' nor 'Recipient ID' is filled in",
			'Choose the conversation to go on with, or write the eBay user ID of the member.',
		);
	}
	refuseTooMany(files.length + linked.length, 'Media URLs');
	const min = files.length + linked.length > 0 ? 0 : 1;
	const max = messageLimits.body;
	refuseText(text, { label: 'Text', marketplace: 'eBay', min, max, refuseHtml: true });
}

function linkedMedia(row: IDataObject, { custom }: Connection): ConversationMedia {
	const mediaUrl = cleanText(row.url, 'URL');
	const chosen = cleanText(row.type, 'Type') || 'IMAGE';
	const mediaType = mediaTypes.find((type) => type === chosen);
	if (wrongInUrl(mediaUrl, { custom, hosts: /./, otherwise: '' })) {
		throw new Refusal(
			"A 'URL' of 'Media URLs' is not an https address",
			'eBay takes files from addresses that begin with https:// and that everybody can open.',
		);
	}
	if (mediaType === undefined) {
		throw new Refusal(
			"A 'Type' of 'Media URLs' is not one of eBay's",
			`It is one of ${mediaTypes.join(', ')}.`,
		);
	}
	const name = cleanText(row.name, 'Name');
	return { mediaName: labelOf(name) || nameIn(mediaUrl), mediaType, mediaUrl };
}

const asConversationMedia = ({ fileName, url }: HostedPicture): ConversationMedia => ({
	mediaName: labelOf(fileName),
	mediaType: 'IMAGE' as MediaType,
	mediaUrl: url,
});

function shownMedia(pictures: readonly OwnPicture[], linked: ConversationMedia[]): IDataObject[] {
	return [
		...pictures.map(shownPicture),
		...linked.map(({ mediaName, mediaType, mediaUrl }) => ({
			fileName: mediaName,
			mimeType: null,
			size: null,
			type: mediaType,
			url: mediaUrl,
		})),
	];
}
