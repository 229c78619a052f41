import { isWord } from '../../shared/values';

/** What a type's text may be. */
export interface TextOfType {
	/** Code points. */
	min: number;
	max: number;
	/** What a seller writes with the type, so that an empty box says what belongs into it. */
	example: string;
}

const DAMAGED = 'Your parcel was damaged on its way; a new one leaves today.';

/** A message type as Amazon's API knows it. */
export interface MessageType {
	/** The value of the form's `messageType`. */
	messageType: string;
	/** As the form shows it. */
	label: string;
	/** What it is for and when Amazon allows it, in one line. */
	purpose: string;
	/** Last part of the POST's path, and of the resource that attachments are uploaded for. */
	path: string;
	/** The name in the list of an order's actions, where it differs from the path. */
	action?: string;
	/** Nothing where the type takes no text. */
	text?: TextOfType;
	/** Nothing where the type takes no files. */
	attachments?: { min: number; max: number };
	coverageDates?: true;
}

/**
 * The nine types of Messaging v1.
 *
 * Limits are those of the official model; for `legalDisclosure` it states no minimum of files, and says in
 * words that the message contains documents, so one is asked for.
 * @see https://developer-docs.amazon.com/sp-api/docs/messaging-api-v1-reference
 */
export const messageTypes: readonly MessageType[] = [
	{
		messageType: 'confirmCustomizationDetails',
		label: 'Confirm Customization Details',
		purpose:
			'Asks the buyer to check engraving, names or pictures of a customized item; before shipping',
		path: 'confirmCustomizationDetails',
		text: { min: 1, max: 800, example: 'We engrave "For Anna, 24 May". Is every letter right?' },
		attachments: { min: 0, max: 5 },
	},
	{
		messageType: 'confirmDeliveryDetails',
		label: 'Confirm Delivery Details',
		purpose: 'Arranges a delivery with the buyer; before the delivery',
		path: 'confirmDeliveryDetails',
		text: {
			min: 1,
			max: 2000,
			example: 'The driver comes on Tuesday between 9 and 12. Is somebody at home?',
		},
	},
	{
		messageType: 'confirmOrderDetails',
		label: 'Confirm Order Details',
		purpose: 'Asks something about the order before it is shipped',
		path: 'confirmOrderDetails',
		text: {
			min: 1,
			max: 2000,
			example: 'You ordered one left shoe and two right ones. Is that what you want?',
		},
	},
	{
		messageType: 'confirmServiceDetails',
		label: 'Confirm Service Details',
		purpose: 'Arranges a Home Services appointment; for service orders only',
		path: 'confirmServiceDetails',
		text: {
			min: 1,
			max: 2000,
			example: 'Our fitter can come on Friday at 10. Does that suit you?',
		},
	},
	{
		messageType: 'digitalAccessKey',
		label: 'Digital Access Key',
		purpose: 'Sends a key that the buyer needs to use a digital item; after the purchase',
		path: 'digitalAccessKey',
		text: {
			min: 1,
			max: 400,
			example: 'Your key is ABCD-EFGH-IJKL. Enter it under Help, Register.',
		},
		attachments: { min: 0, max: 5 },
	},
	{
		messageType: 'invoice',
		label: 'Invoice',
		purpose: 'Sends the invoice; usually once an order, after shipping',
		path: 'invoice',
		action: 'sendInvoice',
		attachments: { min: 1, max: 5 },
	},
	{
		messageType: 'legalDisclosure',
		label: 'Legal Disclosure',
		purpose: 'Sends documents that the law demands; reaches buyers who opted out of messages, too',
		path: 'legalDisclosure',
		attachments: { min: 1, max: 5 },
	},
	{
		messageType: 'unexpectedProblem',
		label: 'Unexpected Problem',
		purpose:
			'Tells of a problem with a shipped order; reaches buyers who opted out of messages, too',
		path: 'unexpectedProblem',
		text: { min: 1, max: 2000, example: DAMAGED },
	},
	{
		messageType: 'warranty',
		label: 'Warranty',
		purpose: 'Sends warranty documents; usually once an order, after shipping',
		path: 'warranty',
		attachments: { min: 1, max: 5 },
		coverageDates: true,
	},
];

/**
 * @param name a `messageType`, a path, or the name of an action
 * @returns nothing for a type that is not in the table
 */
export function messageTypeOf(name: string): MessageType | undefined {
	return messageTypes.find(({ messageType, path, action = '' }) =>
		isWord(name, messageType, path, action),
	);
}

/** Types that Amazon's model had for years: their POST may still be there. */
const formerTypes = ['negativeFeedbackRemoval', 'amazonMotors'];
/** Names that Amazon lists beside the types, and that no message can be sent by. */
const notMessages = ['attributes', 'updateFeedback'];

/**
 * @param hidden Amazon hides it from sellers
 * @returns whether a message can be sent by the name of an action: a hidden one needs to be known for it
 */
export function isMessage(action: string, hidden: boolean): boolean {
	if (isWord(action, ...notMessages)) return false;
	return !hidden || messageTypeOf(action) !== undefined || isWord(action, ...formerTypes);
}

/** The text of a type that is not in the table. */
export const otherText: TextOfType = { min: 0, max: 2000, example: DAMAGED };

/** A type that Amazon offers for an order and the table does not know: everything may be in it. */
export function otherType(action: string): MessageType {
	return (
		messageTypeOf(action) ?? {
			messageType: 'other',
			label: 'Other',
			purpose: '',
			path: action,
			text: otherText,
			attachments: { min: 0, max: 5 },
		}
	);
}
