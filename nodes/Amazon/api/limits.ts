import type { ContactRule } from '../../shared/send/contactData';
import type { AttachmentLimits } from '../../shared/files/attachmentLimits';
import type { BucketLimit } from '../../shared/http/rateLimit';

/**
 * How many requests Amazon takes of a seller and an app, for each operation by itself.
 * @see https://developer-docs.amazon.com/sp-api/docs/usage-plans-and-rate-limits
 */

/** Every operation of the Messaging API has a plan of its own, and all are alike: 1 a second, burst 5. */
export const messagingPlan = (operation: string): BucketLimit => ({
	name: `amazon.messaging.${operation}`,
	rate: 1,
	burst: 5,
});

/** The same for each operation of the Solicitations API. */
export const solicitationPlan = (operation: string): BucketLimit => ({
	name: `amazon.solicitations.${operation}`,
	rate: 1,
	burst: 5,
});

/** Of the Uploads API: 10 a second, burst 10. */
export const uploadPlan: BucketLimit = {
	name: 'amazon.uploads.createUploadDestinationForResource',
	rate: 10,
	burst: 10,
};

/** Of the Orders API: one search in about three minutes, and twenty at once after a long rest. */
export const searchPlan: BucketLimit = {
	name: 'amazon.orders.searchOrders',
	rate: 0.0056,
	burst: 20,
};

/** Of the Orders API: one order by its ID. */
export const orderPlan: BucketLimit = {
	name: 'amazon.orders.getOrder',
	rate: 0.5,
	burst: 30,
};

/** Of the Sellers API: one in about a minute, and fifteen at once after a long rest. */
export const participationsPlan: BucketLimit = {
	name: 'amazon.sellers.getMarketplaceParticipations',
	rate: 0.016,
	burst: 15,
};

/** Orders on a page, the most that Amazon gives. */
export const ORDERS_PER_PAGE = 100;

/** The end of a search that names none: two minutes before now. */
export const BEHIND_MS = 2 * 60_000;

/**
 * Attachments of buyer messages: text, PDF, Word, .jpg .gif .png, under 10 MB together.
 * @see https://developer-docs.amazon.com/sp-api/docs/messaging-api-v1-use-case-guide
 */
export const attachmentLimits: AttachmentLimits = {
	marketplace: 'Amazon',
	maxFiles: 5,
	maxTotalSize: 10 * 1024 * 1024 - 1,
	types: {
		doc: 'application/msword',
		docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
		gif: 'image/gif',
		jpeg: 'image/jpeg',
		jpg: 'image/jpeg',
		pdf: 'application/pdf',
		png: 'image/png',
		txt: 'text/plain',
	},
	aliases: {
		'image/jpeg': 'jpg',
		'image/jpg': 'jpg',
		'image/pjpeg': 'jpg',
		'application/x-pdf': 'pdf',
	},
};

/**
 * No e-mail addresses: Messaging API. No phone numbers: Communication Guidelines, as sellers quote them. Links
 * may stand there where the message needs them.
 * @see https://developer-docs.amazon.com/sp-api/docs/messaging-api-v1-reference
 */
export const contactRule: ContactRule = {
	marketplace: 'Amazon',
	kinds: ['email', 'phone'],
	words:
		"Amazon's Communication Guidelines forbid it, and Amazon may take away the right to write to buyers.",
};
