import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { Seen } from '../../../shared/send/lookUp';
import { sendMessage } from '../../../shared/send/sendMessage';
import { Refusal } from '../../../shared/outcome';
import { sendOptionsField, sendOptionsOf } from '../../../shared/send/sendOptions';
import { connectionOf, type Connection } from '../../api/connection';
import type { OrderRef } from '../../api/messages';
import { eligibility, NotEligibleError, requestReview } from '../../api/solicitations';
import { sellerCentralLink, shownOrder } from '../output';
import { orderOf } from '../parameters';

export const sends = true;
export const takenOnce = true;

export const fields: INodeProperties[] = [
	sendOptionsField(undefined, [
		{
			displayName: 'Skip if Not Eligible',
			name: 'skipIfNotEligible',
			type: 'boolean',
			default: true,
			description:
				'Whether to pass over orders that Amazon takes no review request for (already asked, or too early or too late after delivery), instead of failing',
		},
	]),
];

/** Asks the buyer for a product review and seller feedback; Amazon writes the text. */
export async function execute(context: IExecuteFunctions, itemIndex: number): Promise<IDataObject> {
	const connection = await connectionOf(context);
	const order = orderOf(context, itemIndex, connection);
	const options = sendOptionsOf(context, itemIndex, { skipIfNotEligible: true });

	let wasOffered = false;
	let looksGone = 0;
	try {
		return await sendMessage(context, itemIndex, {
			shown: shownOrder(order),
			identity: {
				marketplace: 'amazon',
				within: [order.orderId],
				same: ['reviewRequest', order.marketplaceId, order.orderId],
				whereToLook: `Look at the order in Seller Central (${sellerCentralLink(order) ?? 'Orders'})`,
			},
			async check() {
				const { eligible, requestId, refusal } = await eligibility(connection, order);
				// Where Amazon does not say, the request itself tells.
				if (eligible === false) throw refusal ?? new NotEligible(requestId);
				wasOffered = eligible === true;
			},
			validated: async () => ({}),
			send: async (_prepared, _key, { tooLate }) => await requestReview(connection, order, tooLate),
			lookUp: {
				where: 'the requests that Amazon has taken',
				likeness: [connection.account, 'reviewRequest', order.marketplaceId, order.orderId],
				tellsAbsence: true,
				async look({ leftMs, earlier }) {
					if (earlier) return await lookForEarlier(connection, order, leftMs);
					const seen = await lookFor(connection, order, wasOffered, leftMs);
					looksGone = seen.end === 'sent' ? looksGone + 1 : 0;
					return seen.end === 'sent' && looksGone < LOOKS_GONE
						? { end: 'open', evidence: GONE }
						: seen;
				},
			},
		});
	} catch (error) {
		if (options.skipIfNotEligible && error instanceof NotEligible) {
			return skipped(order, error.requestId);
		}
		// Amazon's list can lag behind: another item or a person may have asked in the meantime.
		if (options.skipIfNotEligible && error instanceof NotEligibleError) {
			const { requestId, marketplaceMessage } = error.details;
			return skipped(order, requestId, marketplaceMessage);
		}
		throw error as Error;
	}
}

/**
 * Amazon's list is empty at times for no reason and fills again: so often in a row, within some ten seconds,
 * it has to lack the request.
 * @see https://github.com/amzn/selling-partner-api-models/issues/187
 */
const LOOKS_GONE = 3;

const GONE =
	'Amazon did not offer any more to ask for a review of this order, which speaks for it; but its list is empty at times for no reason.';

/** A review can be asked for once an order: what was offered just before and is no longer was asked for. */
async function lookFor(
	connection: Connection,
	order: OrderRef,
	wasOffered: boolean,
	leftMs: number,
): Promise<Seen> {
	if (!wasOffered) {
		const evidence =
			'Amazon did not say before whether it could be asked for: so nothing can be told.';
		return { end: 'open', isLast: true, evidence };
	}
	const { eligible, refusal } = await eligibility(connection, order, Math.max(1000, leftMs / 2));
	if (eligible === false && !refusal) return { end: 'sent', foundBy: 'noLongerOffered' };
	const evidence = eligible
		? 'Amazon still offers to ask for a review of this order: that speaks against it, though its list can lag behind.'
		: 'Amazon does not say any more whether a review of this order can be asked for.';
	return { end: 'open', evidence };
}

/**
 * A request that an earlier execution began: Amazon takes one an order, so as long as it offers to ask, nobody has
 * asked. That it does not offer it has many reasons.
 */
async function lookForEarlier(
	connection: Connection,
	order: OrderRef,
	leftMs: number,
): Promise<Seen> {
	const { eligible, refusal } = await eligibility(connection, order, Math.max(1000, leftMs / 2));
	if (eligible) return { end: 'open', isAbsent: true };
	if (refusal) return { end: 'open', evidence: `${refusal.message.replace(/\.$/, '')}.` };
	return { end: 'open', evidence: eligible === false ? NOT_OFFERED : SILENT };
}

const NOT_OFFERED =
	'Amazon does not offer to ask for a review of this order now: it was asked for, or it is too early or too late, or the list is empty for no reason, as it is at times.';
const SILENT = 'Amazon does not say whether a review of this order can be asked for.';

class NotEligible extends Refusal {
	constructor(readonly requestId: string | undefined) {
		super(
			'Amazon does not allow a review request for this order now',
			'It was asked for already, or it is too early or too late (usually it can be asked for from 5 to 30 days after delivery). Turn on "Skip if Not Eligible" to pass over such orders.',
			'NotEligible',
		);
	}
}

/** With Amazon's own words: a wrong marketplace is refused like an order that is not eligible. */
const skipped = (
	order: OrderRef,
	requestId?: string,
	marketplaceMessage?: string,
): IDataObject => ({
	status: 'skipped',
	reason: 'notEligible',
	...shownOrder(order),
	marketplaceMessage,
	requestId,
});
