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
import { bareName } from '../../api/members';
import { sendToPartner, type PartnerMessage } from '../../api/messages';
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
	neededItemId,
	neededText,
	present,
	standardOf,
	textOfField,
	tradingDefaults,
	writtenText,
} from '../parameters';
import { shownAnswer } from '../output';

/** @see https://developer.ebay.com/devzone/xml/docs/reference/ebay/types/QuestionTypeCodeType.html */
const questionTypes = [
	{ name: 'Customized Subject', value: 'CustomizedSubject', description: 'Shows your own subject' },
	{ name: 'General', value: 'General', description: 'About the item' },
	{
		name: 'Multiple Item Shipping',
		value: 'MultipleItemShipping',
		description: 'About shipping several items together',
	},
	{ name: 'Payment', value: 'Payment', description: 'About paying for the item' },
	{ name: 'Shipping', value: 'Shipping', description: 'About shipping the item' },
];

export const sends = true;

export const fields: INodeProperties[] = [
	itemIdField({
		required: true,
		description:
			'The number of the listing that was ordered, or its address. Not the order ID and not the transaction ID.',
	}),
	recipientIdField({
		required: true,
		description: "The buyer's eBay user ID, as the order gives it",
		hint: 'eBay takes messages to the buyer of an order, up to 90 days after it',
	}),
	{
		displayName: 'Question Type',
		name: 'questionType',
		type: 'options',
		default: 'General',
		description: 'What the message is about',
		options: questionTypes,
	},
	{
		displayName: 'Subject',
		name: 'subject',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. About your order',
		description:
			"Buyers see it where 'Question Type' is 'Customized Subject'; with the others eBay may write a subject of its own, so say all that matters in the body",
	},
	bodyField(),
	attachmentsField(
		pictureLimits,
		undefined,
		'Pictures for the buyer (JPG, GIF, PNG, BMP, TIFF, AVIF, HEIC, WEBP), each up to 12 MB; they are uploaded to eBay first',
	),
	pictureUrlsField,
	sendOptionsField(undefined, tradingOptions, rareTradingOptions),
];

/** Sends one message to the buyer of one order, with its pictures. */
export async function execute(context: IExecuteFunctions, itemIndex: number): Promise<IDataObject> {
	const connection = await connectionOf(context);
	const options = sendOptionsOf(context, itemIndex, tradingDefaults as IDataObject);
	const standard = standardOf(options);
	const message: Omit<PartnerMessage, 'media'> = {
		itemId: neededItemId(context, itemIndex),
		recipientId: neededText(context, itemIndex, 'recipientId', 'Recipient ID'),
		questionType: questionTypeOf(
			textOfField(context, itemIndex, 'questionType', 'Question Type') || 'General',
		),
		subject: present(writtenText(context, itemIndex, 'subject', 'Subject'), 'Subject'),
		body: bodyOfField(context, itemIndex),
		emailCopyToSender: emailCopyOf(options.emailCopyToSender),
	};
	const pictures = picturesOf(context, itemIndex, connection);

	const { itemId, recipientId, questionType, subject, body } = message;
	return await sendMessage(context, itemIndex, {
		shown: { recipientId, subject, itemId, marketplace: 'ebay' },
		contact: { written: { Subject: subject, Body: body }, rule: contactRule },
		identity: {
			marketplace: 'ebay',
			within: [itemId, bareName(recipientId)],
			anotherOrder: 'another order of the same buyer for the same item',
			same: async () => [
				...['partner', itemId, bareName(recipientId), questionType, subject, body],
				...(await samePictures(pictures)),
			],
			whereToLook: WHERE_TO_LOOK,
		},
		async validated() {
			await proveCredential(context, connection);
			connection.hint('eBay tells only when a message is sent whether the buyer ordered the item');
			return { questionType, body, attachments: shownPictures(pictures.files, pictures.hosted) };
		},
		prepare: async () => await uploaded(connection, pictures.files),
		async send(files, _, { tooLate }) {
			const media = [...files.map(asMedia), ...pictures.hosted];
			const leaving = leavingBefore(connection, tooLate);
			const answer = await sendToPartner(leaving, { ...message, media }, standard);
			return { attachments: shownPictures(files, pictures.hosted), ...shownAnswer(answer) };
		},
		lookUp: lookInSentFolder(
			connection,
			{ recipientId, itemId, text: body, media: labelsOf(pictures) },
			(files) => ({ attachments: shownPictures(files ?? pictures.files, pictures.hosted) }),
		),
	});
}

function questionTypeOf(chosen: string): string {
	if (questionTypes.some(({ value }) => value === chosen)) return chosen;
	throw new Refusal(
		"'Question Type' is not one of eBay's",
		`Choose one from the list: ${questionTypes.map(({ value }) => value).join(', ')}.`,
	);
}
