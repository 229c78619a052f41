/**
 * Solicitations API v1: one request for a review and feedback an order.
 * Source: models/solicitations-api-model; developer-docs.amazon.com/sp-api/docs/set-up-the-solicitations-api
 */
import type { Answer, Context } from '../service.mts';
import { notFound, unavailable } from './errors.mts';
import { actionsDocument } from './hal.mts';
import type { Route, SpRequest } from './spApi.mts';
import type { AmazonOrder, AmazonState } from './state.mts';

const NAME = 'productReviewAndSellerFeedback';
const NOT_AVAILABLE = 'The requested solicitation is not available for this amazonOrderId.';
/** Seen at the list of solicitations, too, though it is the sentence of a message. */
const NO_COMBINATION = 'Invalid amazonOrderId and template combination.';
/** The numbers in it differ from time to time. */
const OUTSIDE_WINDOW =
	"You can't use this feature to request a review outside the 5-30 day range after the order delivery date.";
const DAY = 86_400_000;

export function solicitationRoutes(state: AmazonState, context: Context): Route[] {
	const common = {
		oneMarketplace: 'Missing or invalid request parameters: [marketplaceIds]',
		hal: true,
	};
	return [
		{
			...common,
			operation: 'amazon.solicitationActions',
			method: 'GET',
			path: /^\/solicitations\/v1\/orders\/([^/]+)$/,
			answer(request) {
				const order = orderOf(request, state);
				if ('status' in order) return order;
				if (order.solicitationActionsRefused) return unavailable(NO_COMBINATION);
				const offers = whyNot(order, state, context) ? [] : [{ ...offer }];
				const path = `/solicitations/v1/orders/${order.orderId}`;
				return { status: 200, body: actionsDocument(path, 'solicitations', offers, order) };
			},
		},
		{
			...common,
			operation: 'amazon.solicit',
			method: 'POST',
			path: /^\/solicitations\/v1\/orders\/([^/]+)\/solicitations\/productReviewAndSellerFeedback$/,
			answer(request) {
				const order = orderOf(request, state);
				if ('status' in order) return order;
				const refused = whyNot(order, state, context);
				if (refused) return unavailable(refused);
				state.sent.add(`${order.orderId} ${NAME}`);
				context.deliver({
					marketplace: 'amazon',
					type: NAME,
					reference: order.orderId,
					attachments: [],
					fields: { marketplaceId: order.marketplaceId },
					at: context.clock.now(),
				});
				return { status: 201, body: {} };
			},
		},
	];
}

const offer = {
	segment: NAME,
	action: NAME,
	title: 'Request a review',
	description: 'Ask the buyer for a product review and seller feedback.',
	once: true,
};

function orderOf({ parts, account, marketplaceId }: SpRequest, state: AmazonState) {
	const order = state.orders.find(({ orderId }) => orderId === parts[0]);
	if (!order) return notFound(`The order ${parts[0]} was not found.`) satisfies Answer;
	const owner = order.seller ?? state.sellers[0]?.refreshToken;
	const isTheirs = owner === account && order.marketplaceId === marketplaceId;
	return isTheirs ? order : (unavailable(NOT_AVAILABLE) satisfies Answer);
}

/** From 5 days after the earliest to 30 days after the latest delivery date, shipped, and once. */
function whyNot(order: AmazonOrder, state: AmazonState, { clock }: Context): string | undefined {
	const { neverSolicitable, fulfillmentStatus, deliverByWindow } = order;
	const wasSent = state.sent.has(`${order.orderId} ${NAME}`);
	if (neverSolicitable || wasSent || fulfillmentStatus !== 'SHIPPED' || !deliverByWindow) {
		return NOT_AVAILABLE;
	}
	const from = Date.parse(deliverByWindow.earliestDateTime) + 5 * DAY;
	const to = Date.parse(deliverByWindow.latestDateTime) + 30 * DAY;
	const now = clock.now();
	return now >= from && now <= to ? undefined : (order.outsideWindowWords ?? OUTSIDE_WINDOW);
}
