import { asLost } from '../../shared/http/errors';
import type { HttpResponse } from '../../shared/http/service';
import { MarketplaceError } from '../../shared/outcome';
import { isWord } from '../../shared/values';
import type { Connection } from './connection';
import { actionName, actionsIn, documentOf, requestIdOf } from './documents';
import { solicitationPlan } from './limits';
import type { OrderRef } from './messages';

/** Solicitations API v1. @see https://developer-docs.amazon.com/sp-api/docs/solicitations-api-use-case-guide */

/** The only solicitation there is: product review and seller feedback together. */
const SOLICITATION = 'productReviewAndSellerFeedback';

const pathOf = ({ orderId }: OrderRef) => `/solicitations/v1/orders/${encodeURIComponent(orderId)}`;

export interface Eligibility {
	/** Nothing where Amazon does not say. */
	eligible?: boolean;
	requestId?: string;
	/** Where Amazon did not answer with a list, but refused. */
	refusal?: NotEligibleError;
}

/** Amazon refused because the order is not, not yet or no longer eligible. */
export class NotEligibleError extends MarketplaceError {}

/**
 * @param timeout of a look that must not take long: of each of its two tries (milliseconds)
 * @returns whether Amazon lets the seller ask for a review of this order now: once, within some days after
 * delivery (5 to 30, usually)
 */
export async function eligibility(
	connection: Connection,
	order: OrderRef,
	timeout?: number,
): Promise<Eligibility> {
	const asked = connection.call(
		timeout === undefined ? 'read' : 'poll',
		'GET',
		pathOf(order),
		{ marketplaceIds: order.marketplaceId },
		solicitationPlan('getSolicitationActionsForOrder'),
		undefined,
		{ timeout },
	);
	return await asked.then(eligibilityIn, (error: unknown) => {
		const refusal = asNotEligible(error);
		if (!(refusal instanceof NotEligibleError)) throw error;
		return { eligible: false, requestId: refusal.details.requestId, refusal };
	});
}

function eligibilityIn(response: HttpResponse): Eligibility {
	const actions = actionsIn(documentOf(response));
	const offered = actions && [...actions.links, ...actions.embedded].map(actionName);
	return {
		eligible: offered?.some((name) => isWord(name, SOLICITATION)),
		requestId: requestIdOf(response),
	};
}

/**
 * Asks the buyer for a review. Amazon writes and translates the text.
 *
 * @param tooLate asked right before each try: why it must not leave any more
 * @throws NotEligibleError where the order is not eligible; MarketplaceError `notSent` on another refusal,
 * `unknown` on 5xx and lost connections
 */
export async function requestReview(
	connection: Connection,
	order: OrderRef,
	tooLate?: () => Error | undefined,
): Promise<{ requestId?: string }> {
	const asked = connection.call(
		'send',
		'POST',
		`${pathOf(order)}/solicitations/${SOLICITATION}`,
		{ marketplaceIds: order.marketplaceId },
		solicitationPlan('createProductReviewAndSellerFeedbackSolicitation'),
		undefined,
		{ tooLate },
	);
	const answer = await asked.catch((error: unknown) => {
		throw asLost(
			asNotEligible(error),
			'It is not known whether Amazon took the review request: the answer was lost',
			'Amazon takes only one for an order: if you run the item again, the buyer is still asked once.',
		);
	});
	return { requestId: requestIdOf(answer) };
}

/** Words about the time in which an order can be asked for. The sentences around them change, and so do their numbers. */
const OF_THE_TIME =
	/\b(date range|too (early|late|soon)|\d+ ?(to|and|-) ?\d+[ -]days?|already (been )?(requested|solicited|asked))\b/i;
/** Words of the same that may speak of something else, and those that say "not for this order". */
const NOT_NOW = /\b(outside|range|window|already|no longer)\b/i;
const NOT_THIS_ONE =
	/\b(ineligible|unavailable|(not|isn.t|cannot be) (yet |currently |now )?(available|eligible|allowed|requested|solicited)|template combination)\b/i;
const ABOUT_ACCESS = /\b(marketplaces?|marketplaceIds?|region|token|role|permission)\b/i;

function saysNotEligible(words: string): boolean {
	const isNot = NOT_NOW.test(words) || NOT_THIS_ONE.test(words);
	return OF_THE_TIME.test(words) || (isNot && !ABOUT_ACCESS.test(words));
}

const REFUSALS = [400, 403, 404, 409, 422];

function asNotEligible(error: unknown): unknown {
	if (!(error instanceof MarketplaceError)) return error;
	const { details } = error;
	const { httpStatus = 0, marketplaceMessage = '' } = details;
	const isRefusal = REFUSALS.includes(httpStatus);
	if (!isRefusal || !saysNotEligible(marketplaceMessage)) return error;
	return new NotEligibleError(
		`Amazon does not allow a review request for this order now: ${marketplaceMessage}`,
		{
			...details,
			retryable: false,
			description:
				'A review can be asked for once, within some days after delivery (5 to 30, usually). Turn on "Skip if Not Eligible" to pass over such orders.',
		},
	);
}
