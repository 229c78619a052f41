import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { Refusal } from '../outcome';
import { isExpression, keptOption, refuseGaps } from '../run/expression';
import { textIn } from '../text';

/** What an execution does about a message that an earlier one began and never confirmed. */
export type WhenInDoubt = 'stop' | 'lookUp' | 'send' | 'treatAsSent';

/** The options that every send has. */
export interface SendOptions extends IDataObject {
	validateOnly: boolean;
	preventDuplicates: boolean;
	duplicateKey: string;
	whenInDoubt: WhenInDoubt;
	lookUpAfterLoss: boolean;
	allowContactData: boolean;
}

/**
 * Beside 'Prevent Duplicates', or where an expression says whether it is on. By its place in the collection:
 * for one by its path from the form's top n8n hides and drops the field when the node runs.
 */
const besidePreventDuplicates: INodeProperties['displayOptions'] = {
	show: { preventDuplicates: [true] },
};

/** Of sends with a text of the seller's own. */
export const allowContactDataOption: INodeProperties = {
	displayName: 'Allow Contact Data',
	name: 'allowContactData',
	type: 'boolean',
	default: true,
	description:
		"Whether to send a text that holds an e-mail address, a phone number or the like, although the marketplace's rules forbid it. The item tells it in its warnings.",
};

/**
 * The `options` collection of a send: the node's own options and the ones that every send has. A switch that
 * is off where it is absent comes switched on when it is added: that is what it is added for.
 *
 * @param rare options that hardly anybody needs, each with a label that says so: they stand at the end
 */
export function sendOptionsField(
	displayOptions: INodeProperties['displayOptions'],
	own: INodeProperties[],
	rare: INodeProperties[] = [],
): INodeProperties {
	const common: INodeProperties[] = [
		{
			displayName: 'Duplicate Key',
			name: 'duplicateKey',
			type: 'string',
			default: '',
			placeholder: 'Drag the order ID here',
			displayOptions: besidePreventDuplicates,
			description:
				"What counts as the same message for 'Prevent Duplicates', within the same order, item or ticket. With the order ID whoever orders the same again is written to again. Leave empty to compare message type and content.",
		},
		{
			displayName: 'Look Up After Loss',
			name: 'lookUpAfterLoss',
			type: 'boolean',
			default: true,
			description:
				'Whether to ask the marketplace, for at most 30 seconds, whether a message is there whose answer was lost. Nothing is sent again.',
		},
		{
			displayName: 'Prevent Duplicates',
			name: 'preventDuplicates',
			type: 'boolean',
			default: true,
			description:
				'Whether to never send the same message twice, also in later executions. What was sent while this was off is not known.',
		},
		{
			displayName: 'Validate Only',
			name: 'validateOnly',
			type: 'boolean',
			default: true,
			description:
				'Whether to only check the fields, and ask the marketplace what can be asked without sending. Nothing is uploaded or sent.',
		},
		{
			displayName: 'When in Doubt',
			name: 'whenInDoubt',
			type: 'options',
			default: 'stop',
			displayOptions: besidePreventDuplicates,
			description:
				"For 'Prevent Duplicates': what to do with a message that an earlier execution began to send and never confirmed, for example because n8n was stopped",
			options: [
				{
					name: 'Look It Up',
					value: 'lookUp',
					description:
						'Ask the marketplace, where it shows its messages: what is there counts as sent, and what surely never left is sent, half an hour after it was begun. Everything else stops.',
				},
				{
					name: 'Send Again',
					value: 'send',
					description: 'The buyer may get it twice',
				},
				{
					name: 'Stop and Say So',
					value: 'stop',
					description: 'A person looks whether it arrived',
				},
				{
					name: 'Treat as Sent',
					value: 'treatAsSent',
					description: 'The buyer may not get it at all',
				},
			],
		},
	];
	return {
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions,
		options: [...[...own, ...common].sort(byLabel), ...rare.sort(byLabel)],
	};
}

const byLabel = (one: INodeProperties, other: INodeProperties) =>
	one.displayName.localeCompare(other.displayName);

/**
 * @returns the options of an item; what was not added is as here, whatever it comes with when it is added
 * @throws Refusal for a 'Duplicate Key' that is to count, where its expression gives nothing, or no text
 */
export function sendOptionsOf<Own extends IDataObject>(
	context: IExecuteFunctions,
	itemIndex: number,
	defaults: Own,
): SendOptions & Own {
	const options: SendOptions & Own = {
		validateOnly: false,
		preventDuplicates: false,
		duplicateKey: '',
		whenInDoubt: 'stop',
		lookUpAfterLoss: true,
		allowContactData: false,
		...defaults,
		...(context.getNodeParameter('options', itemIndex, {}) as Partial<SendOptions & Own>),
	};
	const { preventDuplicates, duplicateKey } = options;
	return {
		...options,
		duplicateKey: preventDuplicates ? keyIn(context, itemIndex, duplicateKey) : '',
	};
}

/** Compared by its content instead, a message that reads otherwise each time would go out twice. */
function keyIn(context: IExecuteFunctions, itemIndex: number, given: unknown): string {
	const key = textIn(given, 'Duplicate Key');
	refuseGaps(context, itemIndex, 'options.duplicateKey', 'Duplicate Key');
	if (key === '' && isExpression(keptOption(context, 'duplicateKey'))) {
		throw new Refusal(
			"The expression in 'Duplicate Key' gives nothing",
			'Check that the item has what it reads, for example the order ID. To compare the whole message instead, clear the field.',
		);
	}
	return key;
}
