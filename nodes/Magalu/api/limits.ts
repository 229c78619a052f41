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

/** A message whose files are not all uploaded so long after it was posted is never created (milliseconds). */
export const UPLOAD_DEADLINE_MS = 15 * 60_000;

/**
 * Content types that a signed link is tried with after the declared one, if its signature does not
 * match: what is signed is not documented, and a refused upload leaves nothing behind.
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

/** After a lost answer to a message, its ticket is looked at after these waits (milliseconds). */
export const lookingFor = { waitsMs: [2000, 5000, 10_000, 20_000], newest: 20 };

/** Pages of tickets and messages: at most 100 rows from at most row 100 on; a greater offset is a 422. */
export const supportPages = { size: 100, lastOffset: 100 };

/** Pages of orders: at most 100 rows from at most row 5000 on. */
export const orderPages = { size: 100, lastOffset: 5000 };

/** 200 readings a minute and seller. @see https://developers.magalu.com/docs/development-guide/rate-limit */
export const supportReads: BucketLimit = { name: 'magalu.support.read', rate: 200 / 60, burst: 20 };

/** Not documented: kept modest, and slowed down by the first 429. */
export const supportWrites: BucketLimit = { name: 'magalu.support.write', rate: 3, burst: 5 };

/** 850 a minute and seller. */
export const orderReads: BucketLimit = { name: 'magalu.orders', rate: 850 / 60, burst: 50 };
