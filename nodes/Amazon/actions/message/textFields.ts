import type { INodeProperties } from 'n8n-workflow';

import { messageTypes, otherText, type TextOfType } from '../../api/messageTypes';

const listed = messageTypes.map(({ messageType }) => messageType);

type Condition = NonNullable<NonNullable<INodeProperties['displayOptions']>['hide']>[string];

/** Hidden, not shown, by the type: where an expression gives it, n8n shows all that is shown by it. */
function textField({ max, example }: TextOfType, hiddenFor: Condition): INodeProperties {
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
	...messageTypes.flatMap(({ messageType, text }) =>
		text ? [textField(text, [{ _cnd: { not: messageType } }])] : [],
	),
	textField(otherText, listed),
];
