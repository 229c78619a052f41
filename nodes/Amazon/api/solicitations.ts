import { MarketplaceError } from '../../shared/outcome';
import type { BucketLimit } from '../../shared/http/rateLimit';
import { actionName, actionsIn, documentOf } from './answers';
import type { Connection } from './connection';
import { requestIdOf, type OrderRef } from './messaging';

/** Solicitations API v1. @see https://developer-docs.amazon.com/sp-api/docs/solicitations-api-use-case-guide */

/** The only solicitation there is: product review and seller feedback together. */
const SOLICITATION = 'productReviewAndSellerFeedback';

/** 1 a second, burst 5, for each operation. */
const plan = (operation: string): BucketLimit => ({
	name: `amazon.solicitations.${operation}`,
	rate: 1,
	burst: 5,
});

const pathOf = ({ orderId }: OrderRef) => `/solicitations/v1/orders/${encodeURIComponent(orderId)}`;

/**
 * @returns whether Amazon lets the seller ask for a review of this order now: once, from 5 to 30 days
 * after delivery
 */
export async function eligibility(
	connection: Connection,
	order: OrderRef,
): Promise<{ eligible: boolean; requestId?: string }> {
	const answer = await connection.call(
		'read',
		'GET',
		pathOf(order),
		{ marketplaceIds: order.marketplaceId },
		plan('getSolicitationActionsForOrder'),
	);
	const { links, embedded } = actionsIn(documentOf(answer));
	const eligible = [...links, ...embedded].some((one) => actionName(one) === SOLICITATION);
	return { eligible, requestId: requestIdOf(answer) };
}

/**
 * Asks the buyer for a review. Amazon writes and translates the text.
 * @throws MarketplaceError `notSent` on a refusal, `unknown` on 5xx and lost connections
 */
export async function requestReview(
	connection: Connection,
	order: OrderRef,
): Promise<{ requestId?: string }> {
	const answer = await connection.call(
		'send',
		'POST',
		`${pathOf(order)}/solicitations/${SOLICITATION}`,
		{ marketplaceIds: order.marketplaceId },
		plan('createProductReviewAndSellerFeedbackSolicitation'),
	);
	return { requestId: requestIdOf(answer) };
}

/** Whether Amazon refused a review request because the order is not, or no longer, eligible. */
export function saysNotEligible(error: unknown): error is MarketplaceError {
	return (
		error instanceof MarketplaceError &&
		error.details.httpStatus === 403 &&
		/solicitation is not available|outside the 5-30 day range/i.test(
			error.details.marketplaceMessage ?? '',
		)
	);
}
