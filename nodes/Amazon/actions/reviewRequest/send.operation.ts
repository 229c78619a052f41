import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { sentOnce } from '../../../shared/duplicates';
import { Refusal } from '../../../shared/outcome';
import { sendOptionsField, sendOptionsOf } from '../../../shared/sendOptions';
import { connectionOf } from '../../sellingPartner/connection';
import type { OrderRef } from '../../sellingPartner/messaging';
import { eligibility, requestReview, saysNotEligible } from '../../sellingPartner/solicitations';
import { orderOf, sellerCentralLink, shownOrder } from '../order';

export const sends = true;

export const fields: INodeProperties[] = [
	sendOptionsField({ show: { resource: ['reviewRequest'], operation: ['send'] } }, [
		{
			displayName: 'Skip if Not Eligible',
			name: 'skipIfNotEligible',
			type: 'boolean',
			default: true,
			description:
				'Whether to pass over orders that Amazon takes no review request for (already asked, or not 5 to 30 days after delivery), instead of failing',
		},
	]),
];

const NOT_ELIGIBLE = 'Amazon does not allow a review request for this order now';

/** Asks the buyer for a product review and seller feedback; Amazon writes the text. */
export async function execute(this: IExecuteFunctions, itemIndex: number): Promise<IDataObject> {
	const connection = await connectionOf(this);
	const order = orderOf(this, itemIndex, connection);
	const options = sendOptionsOf(this, itemIndex, { skipIfNotEligible: true });

	const { eligible, requestId } = await eligibility(connection, order);
	if (!eligible) {
		if (options.skipIfNotEligible) return skipped(order, requestId);
		throw new Refusal(
			NOT_ELIGIBLE,
			'It was asked for already, or it is not 5 to 30 days after delivery. Turn on "Skip if Not Eligible" to pass over such orders.',
			'NotEligible',
		);
	}
	if (options.validateOnly) return { status: 'validated', ...shownOrder(order) };

	const about = {
		marketplace: 'amazon' as const,
		same: ['reviewRequest', order.marketplaceId, order.orderId],
		whereToLook: `Look at the order in Seller Central (${sellerCentralLink(order) ?? 'Orders'})`,
	};
	const asking = sentOnce.call(this, about, options, shownOrder(order), async (mayLeave) => {
		await mayLeave();
		return { status: 'sent', ...shownOrder(order), ...(await requestReview(connection, order)) };
	});
	return await asking.catch((error: unknown) => {
		// Amazon's list can lag behind: another item or a person may have asked in the meantime.
		if (!options.skipIfNotEligible || !saysNotEligible(error)) throw error;
		return skipped(order, error.details.requestId);
	});
}

const skipped = (order: OrderRef, requestId?: string): IDataObject => ({
	status: 'skipped',
	reason: 'notEligible',
	...shownOrder(order),
	requestId,
});
