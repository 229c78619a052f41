import { idsOf } from './marketplaces.mts';
import type { AmazonOrder, LwaClient, OfferedAction, Seller } from './state.mts';

export const demoClient: LwaClient = {
	clientId: 'amzn1.application-oa2-client.demo',
	clientSecret: 'amzn1.oa2-cs.v1.demo',
};

export const demoSeller: Seller = {
	refreshToken: 'Atzr|demo',
	clientId: demoClient.clientId,
	marketplaceIds: idsOf('US', 'CA', 'MX', 'BR', 'DE', 'GB', 'FR', 'IT', 'ES'),
};

const [US] = idsOf('US');
const [DE] = idsOf('DE');
const DAY = 86_400_000;

const feedbackUpdate: OfferedAction = {
	name: 'updateFeedback',
	title: 'Ask the buyer to update the feedback',
	hidden: true,
	once: true,
	withoutPost: true,
};

/** A handful of orders in different states, dated from `now`. */
export function demoOrders(now: number): AmazonOrder[] {
	return [
		{
			// Everything is allowed.
			...demoOrder(US, '111-1111111-1111111', now - 2 * DAY, 'SHIPPED'),
			actions: [
				// Lists begin with it, as recorded from Brazil; nobody can send it.
				feedbackUpdate,
				'confirmCustomizationDetails',
				'confirmDeliveryDetails',
				'confirmOrderDetails',
				'confirmServiceDetails',
				'digitalAccessKey',
				'legalDisclosure',
				'sendInvoice',
				'unexpectedProblem',
				'warranty',
				{ name: 'negativeFeedbackRemoval', once: true, hidden: true },
			],
		},
		{
			// Just shipped.
			...demoOrder(US, '111-2222222-2222222', now - 3 * DAY, 'SHIPPED'),
			actions: ['legalDisclosure', 'unexpectedProblem'],
		},
		{
			// Nothing is allowed now.
			...demoOrder(US, '111-3333333-3333333', now - DAY / 2, 'PENDING'),
			actions: [],
		},
		{
			// A review may be asked for: delivered between 12 and 10 days ago.
			...withPackage(demoOrder(US, '111-4444444-4444444', now - 16 * DAY, 'SHIPPED')),
			actions: [feedbackUpdate, 'warranty'],
		},
		{
			// A customised product, as a gift: the order's own schema wants a picture.
			...demoOrder(US, '111-5555555-5555555', now - DAY, 'UNSHIPPED'),
			orderItems: [customizedGift],
			actions: [
				{ name: 'confirmCustomizationDetails', attachmentsRequired: true },
				'confirmOrderDetails',
			],
		},
		{
			...demoOrder(DE, '302-1111111-1111111', now - 2 * DAY, 'SHIPPED'),
			locale: 'de-DE',
			actions: ['legalDisclosure', 'sendInvoice', 'unexpectedProblem', 'warranty'],
		},
	];
}

/** In a package that was delivered. */
function withPackage(shipped: AmazonOrder): AmazonOrder {
	const packages = [
		{
			packageReferenceId: '1',
			createdTime: shipped.createdTime,
			packageStatus: { status: 'DELIVERED', detailedStatus: 'DELIVERED' },
			carrier: 'UPS',
			shipTime: shipped.lastUpdatedTime,
			shippingService: 'UPS Ground',
			trackingNumber: '1Z0000000000000004',
		},
	];
	return { ...shipped, dataSets: { ...shipped.dataSets, packages } };
}

/** With a buyer's own words in it, and a link to what the buyer made. */
const customizedGift = {
	orderItemId: '555555501',
	quantityOrdered: 1,
	product: {
		asin: 'B000DEMO02',
		title: 'Engraved pen',
		sellerSku: 'PEN-1',
		customization: { customizedUrl: 'https://zme-caps.amazon.com/t/demo/of-the-buyer.zip' },
	},
	fulfillment: {
		quantityFulfilled: 0,
		quantityUnfulfilled: 1,
		packing: {
			giftOption: { giftMessage: 'Happy birthday, Ada! Yours, Grace', giftWrapLevel: 'CLASSIC' },
		},
	},
};

export function demoOrder(
	marketplaceId: string,
	orderId: string,
	created: number,
	fulfillmentStatus: string,
): AmazonOrder {
	const iso = (at: number) => new Date(at).toISOString();
	return {
		orderId,
		marketplaceId,
		createdTime: iso(created),
		lastUpdatedTime: iso(created + DAY / 4),
		fulfillmentStatus,
		fulfilledBy: 'MERCHANT',
		deliverByWindow: {
			earliestDateTime: iso(created + 4 * DAY),
			latestDateTime: iso(created + 6 * DAY),
		},
		orderItems: [
			{
				orderItemId: `${orderId.slice(-7)}01`,
				quantityOrdered: 1,
				product: { asin: 'B000DEMO01', title: 'Walnut desk lamp', sellerSku: 'LAMP-1' },
			},
		],
		dataSets: {
			buyer: { buyerName: 'Ada Example', buyerEmail: 'demo@marketplace.example' },
			recipient: { deliveryAddress: { name: 'Ada Example', city: 'Springfield' } },
			proceeds: {
				grandTotal: { amount: '49.90', currencyCode: marketplaceId === DE ? 'EUR' : 'USD' },
			},
		},
	};
}
