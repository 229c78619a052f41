import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { Attachment } from '../../../shared/files/attachments';
import { refuseFileName } from '../../../shared/files/fileName';
import { dateIn } from '../../../shared/dates';
import { Refusal } from '../../../shared/outcome';
import { refuseGaps } from '../../../shared/run/expression';
import { refuseText, textIn } from '../../../shared/text';
import { isWord } from '../../../shared/values';
import { messageTypeOf, messageTypes, otherType, type MessageType } from '../../api/messageTypes';
import type { OfferedAction } from '../../api/messages';
import type { Upload } from '../../api/uploads';

/** A message as the form gives it, checked by itself. */
export interface Message {
	type: MessageType;
	/** What the output calls the type. */
	shownType: string;
	text?: string;
	coverageStartDate?: string;
	coverageEndDate?: string;
	/** Files that are at Amazon already. */
	uploaded: Upload[];
}

const TEXT = { label: 'Text', marketplace: 'Amazon' };

/** No type takes more code points, whatever Amazon's form for an order says. */
const longestText = Math.max(...messageTypes.map(({ text }) => text?.max ?? 0));

const noTextError = (type: string) =>
	new Refusal(
		`Amazon takes no text with a message of the type '${type}'`,
		"Empty 'Text', or choose another message type.",
	);

/** @throws Refusal that names the field */
export function messageOf(context: IExecuteFunctions, itemIndex: number): Message {
	const read = (name: string) => context.getNodeParameter(name, itemIndex, '');
	const chosen = textIn(read('messageType'), 'Message Type');
	const type =
		chosen === 'other'
			? otherOf(textIn(read('otherMessageType'), 'Other Message Type'))
			: typeOf(chosen);
	const text = textIn(read('text'), TEXT.label);
	refuseGaps(context, itemIndex, 'text', TEXT.label);
	if (type.text) {
		refuseText(text, {
			...TEXT,
			min: type.text.min,
			max: longestText,
			refuseHtml: true,
		});
	} else if (text !== '') {
		throw noTextError(type.label);
	}
	return {
		type,
		shownType: chosen === 'other' ? type.path : type.messageType,
		text: text || undefined,
		...(type.coverageDates ? datesOf(context, read) : {}),
		uploaded: uploadedOf(context, itemIndex),
	};
}

function typeOf(chosen: string): MessageType {
	const type = messageTypeOf(chosen);
	if (type) return type;
	throw new Refusal(
		`'Message Type' is not one that this node knows: ${chosen.slice(0, 40)}`,
		"Choose one from the list, or 'Other' and name the action that Amazon offers for the order.",
	);
}

function otherOf(name: string): MessageType {
	if (!/^[A-Za-z][A-Za-z0-9]{0,63}$/.test(name)) {
		throw new Refusal(
			"'Other Message Type' is not the name of an Amazon action",
			'Write it as "Get Available Types" gives it, for example negativeFeedbackRemoval: letters and digits only.',
		);
	}
	return otherType(name);
}

function datesOf(
	context: IExecuteFunctions,
	read: (name: string) => unknown,
): Pick<Message, 'coverageStartDate' | 'coverageEndDate'> {
	const zone = context.getTimezone();
	const start = dateIn(read('coverageStartDate'), 'Coverage Start Date', zone);
	const end = dateIn(read('coverageEndDate'), 'Coverage End Date', zone);
	if (start && end && Date.parse(end) < Date.parse(start)) {
		throw new Refusal(
			"'Coverage End Date' is before 'Coverage Start Date'",
			'Exchange them, or correct the one that is wrong.',
		);
	}
	return { coverageStartDate: start, coverageEndDate: end };
}

function uploadedOf(context: IExecuteFunctions, itemIndex: number): Upload[] {
	const rows = context.getNodeParameter(
		'options.uploadedAttachments.attachment',
		itemIndex,
		[],
	) as IDataObject[];
	return rows.map((row, place) => {
		const uploadDestinationId = textIn(row.uploadDestinationId, 'Upload Destination ID');
		const fileName = textIn(row.fileName, 'File Name');
		const path = `options.uploadedAttachments.attachment.${place}.fileName`;
		refuseGaps(context, itemIndex, path, 'File Name');
		if (uploadDestinationId === '' || fileName === '') {
			throw new Refusal(
				"An entry of 'Uploaded Attachments' is not complete",
				"Fill in 'Upload Destination ID' and 'File Name', or remove the entry.",
			);
		}
		refuseFileName(fileName);
		return { uploadDestinationId, fileName };
	});
}

/** @throws Refusal for too few or too many files, those included that are at Amazon already */
export function refuseFiles({ type, uploaded }: Message, files: Attachment[]): void {
	const count = files.length + uploaded.length;
	refuseCount(type, count, type.attachments?.max ?? 0);
	if (count < (type.attachments?.min ?? 0)) {
		throw new Refusal(
			`A message of the type '${type.label}' needs an attachment`,
			"Add the file under 'Attachments': the name of the binary field that holds it.",
		);
	}
}

function refuseCount(type: MessageType, count: number, max: number): void {
	if (count <= max) return;
	throw new Refusal(
		max === 0
			? `Amazon takes no attachments with a message of the type '${type.label}'`
			: `Amazon takes at most ${max} attachments with this message, and there are ${count}`,
		'Remove some, or choose another message type.',
	);
}

/**
 * @param actions nothing where Amazon does not say: the message itself will tell
 * @returns the action that allows the message now
 * @throws Refusal with the types that are allowed instead
 */
export function allowedNow(
	{ type, shownType }: Message,
	actions: OfferedAction[] | undefined,
): OfferedAction | undefined {
	if (!actions) return undefined;
	const action = actionFor({ type, shownType }, actions);
	if (action && !action.disabled) return action;

	const shown = (name: string) => messageTypeOf(name)?.label ?? name;
	// As it can be chosen in the form.
	const offered = (name: string) => messageTypeOf(name)?.label ?? `Other: ${name}`;
	const allowed = actions.filter(({ disabled }) => !disabled).map(({ name }) => offered(name));
	throw new Refusal(
		`Amazon does not allow the message type '${shown(shownType)}' for this order now${action?.disabledReason ? `: ${action.disabledReason}` : ''}`,
		allowed.length > 0
			? `Allowed at the moment: ${allowed.join(', ')}. It changes with shipping and delivery, and many types can be sent only once.`
			: 'Amazon allows no message at all for this order at the moment. It changes with shipping and delivery, and many types can be sent only once.',
		'TypeNotAllowed',
	);
}

function actionFor(
	{ type, shownType }: Pick<Message, 'type' | 'shownType'>,
	actions: OfferedAction[],
): OfferedAction | undefined {
	return actions.find(({ name }) => isWord(name, type.path, type.action ?? '', shownType));
}

/**
 * Amazon shows no sent message. What it offers after one whose answer was lost speaks for or against it.
 *
 * @param actions that Amazon offers now; nothing where it does not say
 */
export function evidenceIn(message: Message, actions: OfferedAction[] | undefined): string {
	if (!actions) return 'Amazon does not say which message types it offers for the order now.';
	const action = actionFor(message, actions);
	return action && !action.disabled
		? 'Amazon offered this message type for the order before, and still does: that speaks against it, but some types can be sent more than once, and the list can lag behind.'
		: 'Amazon offered this message type for the order before, and no longer does: most likely the buyer has the message.';
}

/**
 * Holds the message against the limits of Amazon's own form, which outrank the documentation's in what it names.
 *
 * @param action nothing where Amazon was not asked
 * @param hint told where the form asks for something that the documentation calls optional
 * @throws Refusal
 */
export function checkLimits(
	message: Message,
	files: Attachment[],
	action: OfferedAction | undefined,
	hint: (text: string) => void,
): void {
	const { type, text, uploaded, shownType } = message;
	const { schema } = action ?? {};
	// What the form does not name, it does not forbid.
	const textLimits = schema?.text ?? type.text;
	if (text !== undefined && textLimits) refuseText(text, { ...TEXT, ...textLimits });
	if (!schema) return;
	if (text === undefined && schema.text?.required) {
		throw new Refusal(`Amazon asks for a text with '${shownType}'`, "Write it into 'Text'.");
	}
	const count = files.length + uploaded.length;
	refuseCount(type, count, (schema.attachments ?? type.attachments)?.max ?? 0);
	if (schema.attachments?.required && count === 0) {
		hint(`Amazon's form for '${shownType}' also asks for an attachment`);
	}
}
