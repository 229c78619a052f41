import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { attachmentsField } from '../../../shared/files/attachmentsField';
import { leavingBefore } from '../../../shared/http/leaving';
import { sendMessage } from '../../../shared/send/sendMessage';
import { Refusal } from '../../../shared/outcome';
import { sendOptionsField, sendOptionsOf } from '../../../shared/send/sendOptions';
import { proveCredential } from '../../api/account';
import { connectionOf } from '../../api/connection';
import { WHERE_TO_LOOK } from '../../api/errors';
import { contactRule, pictureLimits } from '../../api/limits';
import { replyToQuestion, type Reply } from '../../api/messages';
import {
	bodyField,
	itemIdField,
	pictureUrlsField,
	rareTradingOptions,
	recipientIdField,
	tradingOptions,
} from '../fields';
import { lookInSentFolder } from '../lookUp';
import { asMedia, labelsOf, samePictures, picturesOf, shownPictures, uploaded } from '../pictures';
import {
	bodyOfField,
	emailCopyOf,
	itemIdIn,
	neededText,
	standardOf,
	textOfField,
	tradingDefaults,
} from '../parameters';
import { shownAnswer } from '../output';

export const sends = true;

export const fields: INodeProperties[] = [
	{
		displayName: 'Parent Message ID',
		name: 'parentMessageId',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. 1234567890012',
		description: 'The question that is answered',
		hint: 'From "Get Many" or the eBay Question Trigger; an ID of the inbox will not do',
	},
	recipientIdField({ description: 'The eBay user ID of the member who asked' }),
	itemIdField({
		description: 'The number of the listing, or its address',
		hint: 'Needed only without a recipient',
	}),
	bodyField({ description: 'The answer: plain text without HTML, at most 2000 characters' }),
	{
		displayName: 'Display to Public',
		name: 'displayToPublic',
		type: 'boolean',
		default: false,
		description: 'Whether question and answer are shown on the listing',
	},
	attachmentsField(pictureLimits, undefined, 'Pictures for the member, each up to 12 MB'),
	pictureUrlsField,
	sendOptionsField(undefined, tradingOptions, rareTradingOptions),
];

/** Answers one question on an active listing. */
export async function execute(context: IExecuteFunctions, itemIndex: number): Promise<IDataObject> {
	const connection = await connectionOf(context);
	const options = sendOptionsOf(context, itemIndex, tradingDefaults as IDataObject);
	const standard = standardOf(options);
	const reply: Omit<Reply, 'media'> = {
		parentMessageId: neededText(context, itemIndex, 'parentMessageId', 'Parent Message ID'),
		recipientId: textOfField(context, itemIndex, 'recipientId', 'Recipient ID') || undefined,
		itemId: itemIdIn(textOfField(context, itemIndex, 'itemId', 'Item ID')),
		body: bodyOfField(context, itemIndex),
		displayToPublic: context.getNodeParameter('displayToPublic', itemIndex, false) === true,
		emailCopyToSender: emailCopyOf(options.emailCopyToSender),
	};
	if (reply.recipientId === undefined && reply.itemId === undefined) {
		throw new Refusal(
			"'Recipient ID' is empty",
			"Write the user ID of the member who asked, as the question gives it, or the listing's 'Item ID'.",
		);
	}
	const pictures = picturesOf(context, itemIndex, connection);

	const { parentMessageId, recipientId, itemId, body, displayToPublic } = reply;
	return await sendMessage(context, itemIndex, {
		shown: { recipientId, itemId, parentMessageId, marketplace: 'ebay' },
		contact: { written: { Body: body }, rule: contactRule },
		identity: {
			marketplace: 'ebay',
			within: [parentMessageId],
			same: async () => ['reply', parentMessageId, body, ...(await samePictures(pictures))],
			whereToLook: `${WHERE_TO_LOOK}, and at the question on the listing`,
		},
		async validated() {
			await proveCredential(context, connection);
			const attachments = shownPictures(pictures.files, pictures.hosted);
			return { body, displayToPublic, attachments };
		},
		prepare: async () => await uploaded(connection, pictures.files),
		async send(files, _, { tooLate }) {
			const media = [...files.map(asMedia), ...pictures.hosted];
			const leaving = leavingBefore(connection, tooLate);
			const answer = await replyToQuestion(leaving, { ...reply, media }, standard);
			return { attachments: shownPictures(files, pictures.hosted), ...shownAnswer(answer) };
		},
		lookUp: lookInSentFolder(
			connection,
			{ recipientId, itemId, text: body, media: labelsOf(pictures) },
			(files) => ({ attachments: shownPictures(files ?? pictures.files, pictures.hosted) }),
		),
	});
}
