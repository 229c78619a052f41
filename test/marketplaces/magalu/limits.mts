/** Limits of the ticket API, as its specification and the guide have them. */

/** Bytes that a link takes (`max_size`, and the range that it is signed for, both inclusive). */
export const maxFileSize = 5_242_880;
export const lengthRange = `0,${maxFileSize}`;

export const maxMessageLength = 3000;

export const destinations = ['customer', 'channel', 'seller'];

/** Types that a file may be declared as. No extension that is taken belongs to `image/vnd.ms-photo`. */
export const fileTypes: Readonly<Record<string, string[]>> = {
	'image/png': ['png'],
	'image/jpe': ['jpe', 'jpg', 'jpeg'],
	'image/jpeg': ['jpe', 'jpg', 'jpeg'],
	'image/jpg': ['jpe', 'jpg', 'jpeg'],
	'image/gif': ['gif'],
	'image/vnd.ms-photo': [],
	'image/pdf': ['pdf'],
	'application/pdf': ['pdf'],
};

export const fileExtensions = ['png', 'jpe', 'jpeg', 'jpg', 'gif', 'pdf'];

/** What a ticket may be about. */
export const ticketTypes = [
	'shipping',
	'cancellation',
	'payment',
	'general',
	'exchange',
	'product_question',
	'feedback',
	'shipping_notification',
];

/** Why a ticket may have been opened. */
export const ticketReasons = [
	'price_discrepancy',
	'incorrect_product',
	'duplicated_order',
	'payment_issue',
	'unavailability',
	'chargeback',
	'shipping_delay',
	'delivery_delay',
	'damaged_parts',
	'missing_parts',
	'defective_product',
	'shipped_but_lost',
	'held_at_customs',
	'better_price',
	'freight_discrepancy',
	'not_received',
	'shipping_address_issues',
	'quality_concern',
	'change_of_mind',
	'customer_error',
	'unexpected_circumstances',
	'missing_damaged_parts',
];

/** What a seller may open a ticket about. */
export const sellerTicketTypes = ['shipping', 'cancellation', 'payment'];

/** Why a seller may open one; no document says which reason goes with which type. */
export const sellerTicketReasons = [
	'missing_parts',
	'damaged_parts',
	'price_discrepancy',
	'freight_discrepancy',
	'shipping_address_issues',
	'shipped_but_lost',
	'held_at_customs',
	'shipping_delay',
	'unavailability',
];
