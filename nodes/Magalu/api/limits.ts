import type { ContactRule } from '../../shared/send/contactData';
import { DAY_MS } from '../../shared/dates';
import type { AttachmentLimits } from '../../shared/files/attachmentLimits';
import type { BucketLimit } from '../../shared/http/rateLimit';

/** Magalu's limits, each with where it comes from; forms, checks and tests read them here. */

/** Code points of a message: the specification's `maxLength`. */
export const TEXT_MAX = 3000;

/** Code points of `code`. Magalu names no limit; this one is ours, to be on the safe side. */
export const CODE_MAX = 80;

/** Who a message may be for. `channel` is Magalu's own mediation. */
export const destinations = [
	{ value: 'channel', name: 'Channel', description: 'Magalu itself, which mediates in the ticket' },
	{ value: 'customer', name: 'Customer', description: 'The buyer' },
	{ value: 'seller', name: 'Seller', description: 'Your own team' },
] as const;

/**
 * The specification of the ticket API: one to five files (`CreateMessage.attachments`), each below
 * 5,242,880 bytes (`Attachment.file_size`; the link itself would take one byte more), of six extensions.
 * Of the types that Magalu lists, `image/vnd.ms-photo` has no extension; `image/jpe`, `image/jpg` and
 * `image/pdf` are no real ones: they are taken in and sent as what they stand for.
 * @see https://developers.magalu.com/docs/plataforma-do-seller-sac/post_messages.en
 */
export const attachmentLimits: AttachmentLimits = {
	marketplace: 'Magalu',
	maxFiles: 5,
	maxFileSize: 5_242_879,
	types: {
		gif: 'image/gif',
		jpe: 'image/jpeg',
		jpeg: 'image/jpeg',
		jpg: 'image/jpeg',
		pdf: 'application/pdf',
		png: 'image/png',
	},
	aliases: { 'image/jpe': 'jpg', 'image/jpeg': 'jpg', 'image/jpg': 'jpg', 'image/pdf': 'pdf' },
	typeAdvice: 'Turn other pictures into JPG or PNG, and documents into PDF.',
};

/**
 * How files are put to their links (milliseconds). A message whose files are not all there 15 minutes after
 * it was posted is never created; no upload begins in the last half a minute of them. Google Cloud Storage
 * takes the same object at most once a second.
 * @see https://docs.cloud.google.com/storage/docs/retry-strategy
 */
export const uploading = {
	deadlineMs: 15 * 60_000,
	spareMs: 30_000,
	/** A slow line takes long for 5 MB. */
	timeoutMs: 5 * 60_000,
	firstWaitMs: 2000,
	longestWaitMs: 30_000,
	/** Magalu gives up a message that lacks a file so long after its time, at the latest. */
	graceMs: 60_000,
};

/**
 * Content types that a signed link is tried with after its own and the declared one, if its signature does
 * not match: a link that names none may be signed for another, and a refused upload leaves nothing behind.
 */
export const OTHER_CONTENT_TYPES = [
	'application/octet-stream',
	'application/x-www-form-urlencoded',
] as const;

/**
 * How a transaction is followed (milliseconds). Magalu names no interval; its own example takes 16 s.
 * Right after the message was posted its transaction may not be found yet: that is borne so long.
 */
export const following = { firstMs: 2000, growth: 1.6, longestMs: 15_000, hiddenMs: 10_000 };

/** What Magalu names no transaction of is looked for after these waits (milliseconds). */
export const lookingFor = { waitsMs: [2000, 5000, 10_000, 20_000], newest: 20 };

/** Transactions of a message in doubt are looked for among those of the last days (milliseconds). */
export const settling = { lookBackMs: 3 * DAY_MS };

/** Pages of tickets and messages: at most 100 rows from at most row 100 on; a greater offset is a 422. */
export const supportPages = { size: 100, lastOffset: 100 };

/** Pages of orders: at most 100 rows from at most row 5000 on. */
export const orderPages = { size: 100, lastOffset: 5000 };

/**
 * 200 readings a minute and seller: in no minute there may be more, so what leaves at once is taken off the rate.
 * @see https://developers.magalu.com/docs/development-guide/rate-limit
 */
export const supportReads = perMinute('magalu.support.read', 200, 20);

/** Not documented: kept modest, and slowed down by the first 429. */
export const supportWrites: BucketLimit = { name: 'magalu.support.write', rate: 3, burst: 5 };

/** 850 a minute and seller. */
export const orderReads = perMinute('magalu.orders', 850, 50);

function perMinute(name: string, calls: number, burst: number): BucketLimit {
	return { name, rate: (calls - burst) / 60, burst };
}

/** How far a ticket may be, as far as known: the specification has any text there, `open` by default. */
export const ticketStatuses = [
	{ value: 'closed', name: 'Closed', description: 'Nobody can write in it any more' },
	{ value: 'open', name: 'Open', description: 'Nobody has answered yet' },
	{ value: 'waiting', name: 'Waiting', description: 'It is not your turn' },
	{ value: 'waiting_seller', name: 'Waiting Seller', description: 'It is your turn' },
] as const;

/** How far an order may be. @see https://developers.magalu.com/docs/apis/sandbox/orders/deliveries */
export const orderStatuses = [
	{
		value: 'approved',
		name: 'Approved',
		description: 'Its payment is approved; also what has been shipped or delivered since',
	},
	{ value: 'cancelled', name: 'Cancelled' },
	{ value: 'finished', name: 'Finished' },
	{ value: 'new', name: 'New', description: 'Its payment is not approved yet' },
] as const;

/** What a ticket may be about (`AllTicketType` of the specification). */
export const ticketTypes = [
	{ value: 'cancellation', name: 'Cancellation' },
	{ value: 'exchange', name: 'Exchange' },
	{ value: 'feedback', name: 'Feedback' },
	{ value: 'general', name: 'General' },
	{ value: 'payment', name: 'Payment' },
	{ value: 'product_question', name: 'Product Question' },
	{ value: 'shipping', name: 'Shipping' },
	{ value: 'shipping_notification', name: 'Shipping Notification' },
] as const;

/** Why a ticket may have been opened (`AllTicketCancellationReason`). */
export const ticketReasons = [
	{ value: 'better_price', name: 'Better Price' },
	{ value: 'change_of_mind', name: 'Change of Mind' },
	{ value: 'chargeback', name: 'Chargeback' },
	{ value: 'customer_error', name: 'Customer Error' },
	{ value: 'damaged_parts', name: 'Damaged Parts' },
	{ value: 'defective_product', name: 'Defective Product' },
	{ value: 'delivery_delay', name: 'Delivery Delay' },
	{ value: 'duplicated_order', name: 'Duplicated Order' },
	{ value: 'freight_discrepancy', name: 'Freight Discrepancy' },
	{ value: 'held_at_customs', name: 'Held at Customs' },
	{ value: 'incorrect_product', name: 'Incorrect Product' },
	{ value: 'missing_damaged_parts', name: 'Missing Damaged Parts' },
	{ value: 'missing_parts', name: 'Missing Parts' },
	{ value: 'not_received', name: 'Not Received' },
	{ value: 'payment_issue', name: 'Payment Issue' },
	{ value: 'price_discrepancy', name: 'Price Discrepancy' },
	{ value: 'quality_concern', name: 'Quality Concern' },
	{ value: 'shipped_but_lost', name: 'Shipped but Lost' },
	{ value: 'shipping_address_issues', name: 'Shipping Address Issues' },
	{ value: 'shipping_delay', name: 'Shipping Delay' },
	{ value: 'unavailability', name: 'Unavailability' },
	{ value: 'unexpected_circumstances', name: 'Unexpected Circumstances' },
] as const;

/** What a seller may open a ticket about (`TicketTypeSeller`). */
export const sellerTicketTypes = [
	{ value: 'cancellation', name: 'Cancellation' },
	{ value: 'payment', name: 'Payment' },
	{ value: 'shipping', name: 'Shipping' },
] as const;

/** Why a seller may open one (`TicketCancellationReasonSeller`); none is a reason, too. */
export const sellerTicketReasons = [
	{ value: 'damaged_parts', name: 'Damaged Parts' },
	{ value: 'freight_discrepancy', name: 'Freight Discrepancy' },
	{ value: 'held_at_customs', name: 'Held at Customs' },
	{ value: 'missing_parts', name: 'Missing Parts' },
	{ value: 'price_discrepancy', name: 'Price Discrepancy' },
	{ value: 'shipped_but_lost', name: 'Shipped but Lost' },
	{ value: 'shipping_address_issues', name: 'Shipping Address Issues' },
	{ value: 'shipping_delay', name: 'Shipping Delay' },
	{ value: 'unavailability', name: 'Unavailability' },
] as const;

/**
 * How moderation is waited for (milliseconds). Magalu names no time. A message that is not listed for so long
 * was stopped, or is not to be read.
 */
export const moderating = { firstMs: 2000, growth: 1.6, longestMs: 15_000, missingMs: 30_000 };
/** What Magalu's moderation stops, as its help for sellers tells. */
export const contactRule: ContactRule = {
	marketplace: 'Magalu',
	kinds: ['email', 'phone', 'brazilianPhone', 'cpf', 'pixKey'],
	words: "Magalu's moderation stops such messages, and the customer never sees them.",
};
