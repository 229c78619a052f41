import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { sendMessage } from '../../../shared/send/sendMessage';
import { Refusal } from '../../../shared/outcome';
import { sendOptionsField, sendOptionsOf } from '../../../shared/send/sendOptions';
import { connectionOf } from '../../api/connection';
import type { OrderRef } from '../../api/messages';
import { eligibility, NotEligibleError, requestReview } from '../../api/solicitations';
import { sellerCentralLink, shownOrder } from '../output';
import { orderOf } from '../parameters';

export const sends = true;

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

	try {
		return await sendMessage(context, itemIndex, {
			shown: shownOrder(order),
			identity: {
				marketplace: 'amazon',
				same: ['reviewRequest', order.marketplaceId, order.orderId],
				whereToLook: `Look at the order in Seller Central (${sellerCentralLink(order) ?? 'Orders'})`,
			},
			async check() {
				const { eligible, requestId, refusal } = await eligibility(connection, order);
				// Where Amazon does not say, the request itself tells.
				if (eligible === false) throw refusal ?? new NotEligible(requestId);
			},
			validated: async () => ({}),
			send: async () => await requestReview(connection, order),
		});
	} catch (error) {
		if (options.skipIfNotEligible && error instanceof NotEligible) {
			return skipped(order, error.requestId);
		}
		// Amazon's list can lag behind: another item or a person may have asked in the meantime.
		if (options.skipIfNotEligible && error instanceof NotEligibleError) {
			return skipped(order, error.details.requestId);
		}
		throw error as Error;
	}
}

class NotEligible extends Refusal {
	constructor(readonly requestId: string | undefined) {
		super(
			'Amazon does not allow a review request for this order now',
			'It was asked for already, or it is too early or too late (usually it can be asked for from 5 to 30 days after delivery). Turn on "Skip if Not Eligible" to pass over such orders.',
			'NotEligible',
		);
	}
}

const skipped = (order: OrderRef, requestId?: string): IDataObject => ({
	status: 'skipped',
	reason: 'notEligible',
	...shownOrder(order),
	requestId,
});
