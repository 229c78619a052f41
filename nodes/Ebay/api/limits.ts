import type { ContactRule } from '../../shared/send/contactData';
import type { AttachmentLimits } from '../../shared/files/attachmentLimits';
import type { WindowLimit } from '../../shared/http/rateLimit';

/**
 * 75 calls in any 60 seconds a seller, then 100 seconds of nothing; for each of the two calls by itself.
 * @see https://developer.ebay.com/devzone/xml/docs/reference/ebay/AddMemberMessageAAQToPartner.html
 * @see https://developer.ebay.com/DevZone/xml/docs/Reference/ebay/AddMemberMessageRTQ.html
 */
export const memberMessagePlans: Record<'partner' | 'reply', WindowLimit> = {
	partner: {
		name: 'ebay.AddMemberMessageAAQToPartner',
		calls: 75,
		seconds: 60,
		blockSeconds: 100,
	},
	reply: { name: 'ebay.AddMemberMessageRTQ', calls: 75, seconds: 60, blockSeconds: 100 },
};

/**
 * eBay publishes no limit a minute for the other calls, so as many leave as there are. Where it says that
 * there were too many (HTTP 429, or code 518 in a 200), the way is closed as long as after too many messages.
 */
const untilToldOtherwise = (call: string): WindowLimit => ({
	name: `ebay.${call}`,
	calls: 10_000,
	seconds: 60,
	blockSeconds: memberMessagePlans.partner.blockSeconds,
});

/** The limit of each call of the Trading API. */
export const tradingPlans = {
	AddMemberMessageAAQToPartner: memberMessagePlans.partner,
	AddMemberMessageRTQ: memberMessagePlans.reply,
	GetMemberMessages: untilToldOtherwise('GetMemberMessages'),
	GetMyMessages: untilToldOtherwise('GetMyMessages'),
	GetOrders: untilToldOtherwise('GetOrders'),
	GetUser: untilToldOtherwise('GetUser'),
} as const satisfies Record<string, WindowLimit>;

/** The calls of this street. */
export type TradingCall = keyof typeof tradingPlans;

/**
 * eBay publishes no limit for messages in conversations, so as many leave as there are. What it tells by
 * its answers holds for all of them: after "too many requests" nothing leaves for a while.
 */
export const conversationPlan: WindowLimit = {
	name: 'ebay.sendMessage',
	calls: 10_000,
	seconds: 60,
	blockSeconds: 10,
};

/** The same for reading conversations. */
export const readConversationsPlan: WindowLimit = {
	...conversationPlan,
	name: 'ebay.readConversations',
};

/**
 * 50 uploads in 5 seconds a user.
 * @see https://developer.ebay.com/api-docs/commerce/media/resources/image/methods/createImageFromFile
 */
export const imagePlans: Record<'upload', WindowLimit> = {
	upload: { name: 'ebay.createImageFromFile', calls: 50, seconds: 5, blockSeconds: 5 },
};

/**
 * Lengths in code points. eBay states no unit for 2000; a code point is what its schema counts.
 * Trading gives no number for pictures: the Message API's 5 holds for both.
 * @see https://developer.ebay.com/devzone/xml/docs/reference/ebay/AddMemberMessageAAQToPartner.html
 * @see https://developer.ebay.com/api-docs/commerce/message/resources/conversation/methods/sendMessage
 */
export const messageLimits = { body: 2000, mediaUrl: 200, mediaName: 100, media: 5 } as const;

/**
 * What createImageFromFile takes.
 * @see https://developer.ebay.com/api-docs/commerce/media/resources/image/methods/createImageFromFile
 */
export const pictureLimits: AttachmentLimits = {
	marketplace: 'eBay',
	maxFiles: messageLimits.media,
	maxFileSize: 12 * 1024 * 1024,
	types: {
		avif: 'image/avif',
		bmp: 'image/bmp',
		gif: 'image/gif',
		heic: 'image/heic',
		jpeg: 'image/jpeg',
		jpg: 'image/jpeg',
		png: 'image/png',
		tif: 'image/tiff',
		tiff: 'image/tiff',
		webp: 'image/webp',
	},
	aliases: {
		'image/jpeg': 'jpg',
		'image/jpg': 'jpg',
		'image/pjpeg': 'jpg',
		'image/x-png': 'png',
		'image/x-bmp': 'bmp',
		'image/x-ms-bmp': 'bmp',
		'image/x-windows-bmp': 'bmp',
		'image/x-tiff': 'tiff',
		'image/heif': 'heic',
	},
	typeAdvice:
		'Only pictures can go into an eBay message. A PDF, Word or text file can go into a conversation by its address: resource Conversation, Media URLs.',
};

/** What the Message API calls the kinds of media, all but the picture only by address. */
export const mediaTypes = ['IMAGE', 'PDF', 'DOC', 'TXT'] as const;

export type MediaType = (typeof mediaTypes)[number];

/** Entries of a page that GetMemberMessages can give, the most first. */
export const QUESTION_PAGES = [200, 100, 50, 25] as const;

/** Entries of a page that are asked of the Message API, which gives up to 50, the most first. */
export const CONVERSATION_PAGES = [50, 25, 10, 5, 1] as const;

/** Entries of a page that are asked of GetOrders, which gives up to 100, the most first. */
export const ORDER_PAGES = [100, 50, 25, 5, 1] as const;

/** @see https://pages.ebay.com/help/policies/rfe-unwelcome-email-misuse.html */
export const contactRule: ContactRule = {
	marketplace: 'eBay',
	kinds: ['email', 'phone', 'socialLink'],
	words: "eBay's policy on member-to-member contact forbids it, and eBay may restrict the account.",
};
