import type { INodeProperties } from 'n8n-workflow';

import { messageTypes, otherType } from '../../api/messageTypes';

/** What a seller writes with a type, so that an empty box says what belongs into it. */
const EXAMPLES: Readonly<Record<string, string>> = {
	confirmCustomizationDetails: 'We engrave "For Anna, 24 May". Is every letter right?',
	confirmDeliveryDetails: 'The driver comes on Tuesday between 9 and 12. Is somebody at home?',
	confirmOrderDetails: 'You ordered one left shoe and two right ones. Is that what you want?',
	confirmServiceDetails: 'Our fitter can come on Friday at 10. Does that suit you?',
	digitalAccessKey: 'Your key is ABCD-EFGH-IJKL. Enter it under Help, Register.',
	unexpectedProblem: 'Your parcel was damaged on its way; a new one leaves today.',
};

const withText = messageTypes.filter(({ text }) => text);
const listed = messageTypes.map(({ messageType }) => messageType);

type Condition = NonNullable<NonNullable<INodeProperties['displayOptions']>['hide']>[string];

/** Hidden, not shown, by the type: where an expression gives it, n8n shows all that is shown by it. */
function textField(max: number, example: string, hiddenFor: Condition): INodeProperties {
	return {
		displayName: 'Text',
		name: 'text',
		type: 'string',
		typeOptions: { rows: 5 },
		default: '',
		placeholder: `e.g. ${example}`,
		hint: `At most ${max} characters`,
		description:
			"What the buyer reads, in the buyer's language. Plain text: no HTML, no e-mail addresses, no phone numbers, and only links that the message needs.",
		displayOptions: { hide: { messageType: hiddenFor } },
	};
}

/** The box of each type that takes a text, with an example and its limit; what it holds is stored as `text`. The last is for all others. */
export const textFields: INodeProperties[] = [
	...withText.map(({ messageType, text }) =>
		textField(text!.max, EXAMPLES[messageType]!, [{ _cnd: { not: messageType } }]),
	),
	textField(otherType('').text!.max, EXAMPLES.unexpectedProblem!, listed),
];
