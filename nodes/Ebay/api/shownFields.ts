import type { IDataObject } from 'n8n-workflow';

import { pickFields, type PickedFields } from '../../shared/poll/pickFields';
import { isRecord } from '../../shared/values';

/**
 * Which fields of eBay's objects tell no name, address, e-mail, phone or document number, at every depth. A
 * field that is not here stays out: what eBay adds one day waits until somebody has judged it. User IDs
 * stay, since a message is written to them; so do carriers and tracking numbers.
 */

const tracking: PickedFields = {
	ShipmentTrackingDetails: { ShippingCarrierUsed: true, ShipmentTrackingNumber: true },
};

const shippingPackage: PickedFields = {
	ActualDeliveryTime: true,
	EstimatedDeliveryTimeMax: true,
	EstimatedDeliveryTimeMin: true,
	HandleByTime: true,
	ScheduledDeliveryTimeMax: true,
	ScheduledDeliveryTimeMin: true,
	ShippingTrackingEvent: true,
};

const transaction: PickedFields = {
	TransactionID: true,
	OrderLineItemID: true,
	CreatedDate: true,
	PaidTime: true,
	ShippedTime: true,
	ShippingDetails: tracking,
	ShippingServiceSelected: { ShippingService: true, ShippingPackageInfo: shippingPackage },
	Item: { ItemID: true, Title: true, SKU: true, Site: true, ConditionID: true },
	Variation: {
		SKU: true,
		VariationTitle: true,
		VariationSpecifics: { NameValueList: { Name: true, Value: true } },
	},
	QuantityPurchased: true,
	TransactionPrice: true,
	TransactionSiteID: true,
	Status: { PaymentHoldStatus: true, InquiryStatus: true, ReturnStatus: true },
};

/**
 * Of the Trading API's `Order`.
 * @see https://developer.ebay.com/devzone/xml/docs/reference/ebay/GetOrders.html
 */
export const orderFields: PickedFields = {
	OrderID: true,
	ExtendedOrderID: true,
	OrderStatus: true,
	CancelStatus: true,
	CancelDetail: {
		CancelCompleteDate: true,
		CancelIntiationDate: true,
		CancelIntiator: true,
		CancelReason: true,
	},
	AdjustmentAmount: true,
	AmountPaid: true,
	AmountSaved: true,
	CheckoutStatus: {
		eBayPaymentStatus: true,
		LastModifiedTime: true,
		PaymentMethod: true,
		Status: true,
	},
	CreatedTime: true,
	PaidTime: true,
	ShippedTime: true,
	PaymentMethods: true,
	MonetaryDetails: {
		Refunds: {
			Refund: {
				FeeOrCreditAmount: true,
				RefundAmount: true,
				RefundStatus: true,
				RefundTime: true,
				RefundType: true,
			},
		},
	},
	ShippingDetails: tracking,
	ShippingServiceSelected: {
		ShippingService: true,
		ShippingServiceCost: true,
		ShippingServicePriority: true,
		ShippingPackageInfo: shippingPackage,
	},
	Subtotal: true,
	Total: true,
	BuyerUserID: true,
	SellerUserID: true,
	TransactionArray: { Transaction: transaction },
};

const messageMedia: PickedFields = { MediaName: true, MediaURL: true };

/** Of a `MemberMessageExchange`: all but the e-mail address of who asked. */
export const questionFields: PickedFields = {
	Item: { ItemID: true, Title: true },
	Question: {
		MessageType: true,
		QuestionType: true,
		DisplayToPublic: true,
		SenderID: true,
		RecipientID: true,
		Subject: true,
		Body: true,
		MessageID: true,
		MessageMedia: messageMedia,
	},
	Response: true,
	MessageStatus: true,
	CreationDate: true,
	LastModifiedDate: true,
	MessageMedia: messageMedia,
};

/** Of the Message API's `MessageDetail`. */
export const messageFields: PickedFields = {
	messageId: true,
	messageBody: true,
	messageMedia: { mediaName: true, mediaType: true, mediaUrl: true },
	createdDate: true,
	readStatus: true,
	recipientUsername: true,
	senderUsername: true,
	subject: true,
};

/** Of its `ConversationDetail`, and the messages where they were read. */
export const conversationFields: PickedFields = {
	conversationId: true,
	conversationStatus: true,
	conversationTitle: true,
	conversationType: true,
	createdDate: true,
	latestMessage: messageFields,
	messages: messageFields,
	referenceId: true,
	referenceType: true,
	unreadCount: true,
};

/** @returns a copy with the shown fields alone, at every depth */
export function shownFieldsOf(value: unknown, fields: PickedFields): IDataObject {
	return pickFields(value, fields, plainOf);
}

/** A text, a list of texts, or a text with the currency that stands beside it; an object is none of these. */
function plainOf(leaf: unknown): unknown {
	if (Array.isArray(leaf)) return leaf.map(plainOf).filter((one) => one !== undefined);
	if (!isRecord(leaf)) return leaf;
	const { value, currencyID } = leaf;
	if (value === undefined || isRecord(value) || Array.isArray(value)) return undefined;
	return currencyID === undefined ? value : { value, currencyID };
}
