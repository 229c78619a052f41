import type { IExecuteFunctions } from 'n8n-workflow';

import { isExpression, keptOption } from '../run/expression';
import type { MessageIdentity } from './identity';
import type { SendOptions } from './sendOptions';

/** What a seller is told of a message that may be taken for another order's. */
export interface AnotherOrder {
	/** At once, whatever becomes of the message; nothing where its key is good. */
	atOnce?: string;
	/** Beside a message that was held back. */
	heldBack?: string;
}

/**
 * Where the marketplace's call names no order, 'Prevent Duplicates' tells the next one from this one by the
 * 'Duplicate Key' alone: one that is the same for every message holds the next order's back.
 *
 * @returns nothing in it where duplicates are not prevented, the message names its order, or an expression
 * makes the key
 */
export function anotherOrder(
	context: IExecuteFunctions,
	{ anotherOrder: other }: MessageIdentity,
	{ preventDuplicates, duplicateKey }: SendOptions,
): AnotherOrder {
	if (!preventDuplicates || !other) return {};
	if (duplicateKey === '') {
		return {
			heldBack: `If this is ${other}: without a 'Duplicate Key' it counts as the same message. Drag the order ID from the input onto 'Duplicate Key'.`,
		};
	}
	if (!isTyped(context)) return {};
	const said = `'Duplicate Key' is the fixed text '${duplicateKey.slice(0, 60)}', the same for every message: ${other} gets none. Drag the order ID from the input onto it.`;
	return { atOnce: said, heldBack: said };
}

function isTyped(context: IExecuteFunctions): boolean {
	const kept = keptOption(context, 'duplicateKey');
	return typeof kept === 'string' && !isExpression(kept);
}
