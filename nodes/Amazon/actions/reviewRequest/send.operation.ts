import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { sentOnce } from '../../../shared/send/preventDuplicates';
import { Refusal } from '../../../shared/outcome';
import { sendOptionsField, sendOptionsOf } from '../../../shared/send/sendOptions';
import { connectionOf } from '../../api/connection';
import type { OrderRef } from '../../api/messaging';
import { eligibility, requestReview, saysNotEligible } from '../../api/solicitations';
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

/** Asks the buyer for a product review and seller feedback; Amazon writes the text. */
export async function execute(context: IExecuteFunctions, itemIndex: number): Promise<IDataObject> {
	const connection = await connectionOf(context);
	const order = orderOf(context, itemIndex, connection);
	const options = sendOptionsOf(context, itemIndex, { skipIfNotEligible: true });

	const about = {
		marketplace: 'amazon' as const,
		same: ['reviewRequest', order.marketplaceId, order.orderId],
		whereToLook: `Look at the order in Seller Central (${sellerCentralLink(order) ?? 'Orders'})`,
	};
	const check = async () => {
		const { eligible, requestId } = await eligibility(connection, order);
		if (!eligible) throw new NotEligible(requestId);
	};
	const ask = async (mayLeave: () => Promise<void>) => {
		await check();
		await mayLeave();
		return { status: 'sent', ...shownOrder(order), ...(await requestReview(connection, order)) };
	};
	const asking: Promise<IDataObject> = options.validateOnly
		? check().then(() => ({ status: 'validated', ...shownOrder(order) }))
		: sentOnce.call(context, about, options, shownOrder(order), ask);

	return await asking.catch((error: unknown) => {
		if (!options.skipIfNotEligible) throw error;
		if (error instanceof NotEligible) return skipped(order, error.requestId);
		// Amazon's list can lag behind: another item or a person may have asked in the meantime.
		if (saysNotEligible(error)) return skipped(order, error.details.requestId);
		throw error;
	});
}

class NotEligible extends Refusal {
	constructor(readonly requestId: string | undefined) {
		super(
			'Amazon does not allow a review request for this order now',
			'It was asked for already, or it is not 5 to 30 days after delivery. Turn on "Skip if Not Eligible" to pass over such orders.',
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
