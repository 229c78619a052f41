import type { IDataObject } from 'n8n-workflow';

import { pickFields, type PickedFields } from '../../shared/poll/pickFields';
import type { Json } from '../../shared/values';

/**
 * Which fields of an order are personal data, and which are not, at every depth of Orders API v2026-01-01. A
 * field that stands in neither list stays out: what Amazon adds one day waits until somebody has judged it.
 * @see https://developer-docs.amazon.com/sp-api/docs/orders-api-v2026-01-01-reference
 * @see https://developer-docs.amazon.com/sp-api/docs/access-orders-pii
 */

const money: PickedFields = { amount: true, currencyCode: true };
const timeWindow: PickedFields = { earliestDateTime: true, latestDateTime: true };
const measurement: PickedFields = { unit: true, value: true };

/** The seller's own, where a package leaves from. */
const shipFromAddress: PickedFields = {
	name: true,
	addressLine1: true,
	addressLine2: true,
	addressLine3: true,
	city: true,
	districtOrCounty: true,
	stateOrRegion: true,
	municipality: true,
	postalCode: true,
	countryCode: true,
};

const product: PickedFields = {
	asin: true,
	title: true,
	sellerSku: true,
	condition: { conditionType: true, conditionSubtype: true, conditionNote: true },
	price: { unitPrice: money, priceDesignation: true },
	serialNumbers: true,
};

const itemFulfillment: PickedFields = {
	quantityFulfilled: true,
	quantityUnfulfilled: true,
	picking: {
		substitutionPreference: {
			substitutionType: true,
			substitutionOptions: {
				asin: true,
				quantityOrdered: true,
				sellerSku: true,
				title: true,
				measurement,
			},
		},
	},
	packing: {
		giftOption: { giftWrapLevel: true },
		serialNumberRequirement: { requirementType: true },
	},
	shipping: {
		scheduledDeliveryWindow: timeWindow,
		shippingConstraints: {
			palletDelivery: true,
			cashOnDelivery: true,
			signatureConfirmation: true,
			recipientIdentityVerification: true,
			recipientAgeVerification: true,
		},
		internationalShipping: { iossNumber: true },
	},
};

const orderItem: PickedFields = {
	orderItemId: true,
	quantityOrdered: true,
	measurement,
	associatedOrderItems: { orderId: true, orderItemId: true, associationType: true },
	programs: true,
	product,
	proceeds: {
		proceedsTotal: money,
		breakdowns: {
			type: true,
			subtotal: money,
			detailedBreakdowns: { subtype: true, value: money },
		},
	},
	expense: {
		pointsCost: { pointsGranted: { pointsNumber: true, pointsMonetaryValue: money } },
	},
	promotion: { breakdowns: { promotionId: true } },
	cancellation: {
		cancellationRequest: { requester: true, cancelReason: true },
		cancellationExecution: { cancelledBy: true, cancelReason: true },
	},
	fulfillment: itemFulfillment,
	tax: {
		taxCalculationBreakdowns: { reportingScheme: true },
		taxCollections: { model: true, responsibleParty: true },
	},
};

/** Not personal: always given, where Amazon sends it. */
export const plainFields: PickedFields = {
	orderId: true,
	orderAliases: { aliasId: true, aliasType: true },
	createdTime: true,
	lastUpdatedTime: true,
	programs: true,
	associatedOrders: { orderId: true, associationType: true },
	salesChannel: { channelName: true, marketplaceId: true, marketplaceName: true },
	proceeds: {
		grandTotal: money,
		breakdowns: { type: true, status: true, subtotal: money },
	},
	// Of the payment, as an invoice has to name it; it comes only where the data set was chosen.
	payment: {
		paymentExecutions: {
			paymentMethod: true,
			paymentAmount: money,
			acquirerId: true,
			cardBrand: true,
			authorizationCode: true,
		},
	},
	fulfillment: {
		fulfillmentStatus: true,
		fulfilledBy: true,
		fulfillmentServiceLevel: true,
		shipByWindow: timeWindow,
		deliverByWindow: timeWindow,
		labelPrintingWindow: timeWindow,
	},
	orderItems: orderItem,
	packages: {
		packageReferenceId: true,
		createdTime: true,
		packageStatus: { status: true, detailedStatus: true },
		carrier: true,
		shipTime: true,
		shippingService: true,
		trackingNumber: true,
		shipFromAddress,
		packageItems: { orderItemId: true, quantity: true, transparencyCodes: true },
	},
	fulfillmentOrders: { fulfillmentOrderId: true },
};

/** Personal: given only where it was asked for, as a data set or as personal data in general. */
export const personalFields: PickedFields = {
	buyer: true,
	recipient: true,
	tax: true,
	orderItems: {
		product: { customization: { customizedUrl: true } },
		fulfillment: { packing: { giftOption: { giftMessage: true } } },
	},
};

/** Data sets that can be asked for, and where each stands in an order. */
export const dataSets: Readonly<Record<string, { field: string; name: string; personal?: true }>> =
	{
		BUYER: { field: 'buyer', name: 'Buyer', personal: true },
		CANCELLATION: { field: 'cancellation', name: 'Cancellation' },
		EXPENSE: { field: 'expense', name: 'Expense' },
		FULFILLMENT: { field: 'fulfillment', name: 'Fulfillment' },
		FULFILLMENT_ORDERS: { field: 'fulfillmentOrders', name: 'Fulfillment Orders' },
		PACKAGES: { field: 'packages', name: 'Packages' },
		PAYMENT: { field: 'payment', name: 'Payment' },
		PROCEEDS: { field: 'proceeds', name: 'Proceeds' },
		PROMOTION: { field: 'promotion', name: 'Promotion' },
		RECIPIENT: { field: 'recipient', name: 'Recipient', personal: true },
		TAX: { field: 'tax', name: 'Tax', personal: true },
	};

/** What a seller asked for. */
export interface AskedFor {
	/** Data sets that were chosen, by Amazon's names. */
	includedData: string[];
	/** Gift messages and links to what buyers had made, which come without being chosen. */
	personalData?: boolean;
}

/** @returns a copy of an order with nothing personal in it, at any depth, but what was asked for */
export function shownFields(order: Json, { includedData, personalData }: AskedFor): IDataObject {
	// A personal data set is asked for by its name, and so is one that Amazon may have added since.
	const chosen = includedData
		.filter((name) => !dataSets[name] || dataSets[name].personal)
		.map((name) => dataSets[name]?.field ?? camelCase(name))
		.filter((field) => order[field] !== undefined);
	const whole = Object.fromEntries(chosen.map((field) => [field, order[field]])) as IDataObject;
	const riding: PickedFields = personalData ? { orderItems: personalFields.orderItems! } : {};
	return { ...pickFields(order, merged(plainFields, riding)), ...whole };
}

function merged(one: PickedFields, other: PickedFields): PickedFields {
	const both = { ...one };
	for (const [field, inside] of Object.entries(other)) {
		const known = both[field];
		both[field] =
			inside === true || known === undefined || known === true ? inside : merged(known, inside);
	}
	return both;
}

/** `FULFILLMENT_ORDERS` stands in an order as `fulfillmentOrders`. */
const camelCase = (name: string) =>
	name.toLowerCase().replace(/_(.)/g, (_all, letter: string) => letter.toUpperCase());
