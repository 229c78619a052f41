import { slidingWindow } from '../rateplan.mts';
import type { SlidingWindow } from '../rateplan.mts';
import type { Clock } from '../service.mts';
import type { TradingError } from './errors.mts';
import { notificationState, type NotificationState } from './notifications.mts';

const day = 86_400_000;
const hour = 3_600_000;

export const scopeBase = 'https://api.ebay.com/oauth/api_scope';
/** Everything that the demo seller consented to. */
export const allScopes = [
	scopeBase,
	`${scopeBase}/sell.inventory`,
	`${scopeBase}/commerce.message`,
	`${scopeBase}/sell.fulfillment.readonly`,
];

/** The redirect name of the demo's keyset. */
export const demoRuName = 'Demo_Seller-DemoSell-demo-abcdef';

/** Times are milliseconds since 1970. */
export interface Order {
	orderId: string;
	status: 'Active' | 'Cancelled' | 'Completed' | 'Inactive';
	seller: string;
	buyer: string;
	createdAt: number;
	modifiedAt: number;
	paidAt?: number;
	/** Marked as shipped by hand; otherwise the order is shipped when all of its line items are. */
	shippedAt?: number;
	/** Once it was cancelled: `CancelDetail`. */
	cancelledAt?: number;
	/** GetOrders shows the order only from then on: eBay's index runs behind. */
	indexedAt?: number;
	/** `ShippingDetails/ShipmentTrackingDetails` of the whole order. */
	tracking?: Tracking[];
	/** `ShippingServiceSelected/ShippingPackageInfo` of the whole order; no time where it is on its way. */
	packages?: Array<{ deliveredAt?: number }>;
	/** `MonetaryDetails/Refunds`: in US dollars, and when. */
	refunds?: Array<{ amount: number; at: number }>;
	lineItems: LineItem[];
}

export interface Tracking {
	carrier: string;
	number: string;
}

export interface LineItem {
	itemId: string;
	transactionId: string;
	title: string;
	quantity: number;
	/** In US dollars. */
	price: number;
	/** A line item may show up after its order. */
	indexedAt?: number;
	/** `CreatedDate`: it stays when lines are combined into another order. Left out: as the order. */
	createdAt?: number;
	/** Of this line alone; the order's own time comes when all of it is paid or shipped. */
	paidAt?: number;
	shippedAt?: number;
	tracking?: Tracking[];
	packages?: Array<{ deliveredAt?: number }>;
}

/** A listing. One without orders exists only here; the items of orders need no entry. */
export interface Item {
	itemId: string;
	title: string;
	seller: string;
	active: boolean;
}

/** A buyer's question on a listing: `MemberMessageExchange`. */
export interface Question {
	/** Empty: the exchange comes without one, as happens in production. */
	messageId: string;
	itemId: string;
	sender: string;
	recipient: string;
	subject: string;
	body: string;
	type: 'AskSellerQuestion' | 'ContactEbayMember';
	createdAt: number;
	modifiedAt: number;
	indexedAt?: number;
	replies: string[];
	displayToPublic: boolean;
}

export interface Conversation {
	conversationId: string;
	type: 'FROM_MEMBERS' | 'FROM_EBAY';
	status: 'ACTIVE' | 'ARCHIVE' | 'DELETE';
	seller: string;
	otherParty: string;
	itemId?: string;
	createdAt: number;
	/** Oldest first. */
	messages: ConversationMessage[];
	/** The list shows no `latestMessage`, as happens in production. */
	hidesLatest?: boolean;
}

export interface ConversationMessage {
	messageId: string;
	sender: string;
	recipient: string;
	subject: string;
	/** Left out: as happens in production. */
	body?: string;
	read: boolean;
	createdAt: number;
	/** Lists and the conversation show it from then on; left out: at once. */
	indexedAt?: number;
	media: Media[];
}

/** A message in the seller's folder of sent messages. */
export interface SentMessage {
	messageId: string;
	seller: string;
	recipient: string;
	itemId?: string;
	subject: string;
	text: string;
	/** Names of its files. */
	media: string[];
	at: number;
}

export interface Media {
	mediaName: string;
	mediaType: string;
	mediaUrl: string;
}

/** A picture on the simulated eBay Picture Services. */
export interface Picture {
	id: string;
	bytes: Buffer;
	mimeType: string;
	fileName: string;
	seller: string;
	expiresAt: number;
}

export interface Grant {
	clientId: string;
	seller: string;
	scopes: string[];
	expiresAt: number;
}

export interface AccessToken {
	/** Empty for the application itself. */
	seller: string;
	/** From client_credentials: of the application, not of a seller. */
	application?: true;
	scopes: string[];
	expiresAt: number;
}

/** An Auth'n'Auth token. In its last 7 days answers carry `HardExpirationWarning`. */
export interface AuthToken {
	seller: string;
	expiresAt: number;
	revokedBy?: 'user' | 'ebay';
}

/**
 * What the next request of a call gets. Its work is done where the answer is Success or Warning, unless
 * `done` says otherwise (`done: true` with an error: eBay did it and reported a failure).
 */
export interface NextAnswer {
	/** E.g. `GetOrders`; `*` fits every call. */
	call: string;
	errors?: TradingError[];
	/** Left out: Failure with a severe error, Warning with others, Success without. */
	ack?: 'Success' | 'Warning' | 'Failure' | 'PartialFailure' | 'CustomCode';
	done?: boolean;
	/** An ISO date. */
	hardExpirationWarning?: string;
	/** Default 1. */
	times?: number;
}

/** How often the seller may do something (`Resource` with one `Rate` of the Analytics API). */
export interface UserLimit {
	apiContext: string;
	apiName: string;
	apiVersion: string;
	/** A call of the Trading API, or a method. */
	name: string;
	limit: number;
	count: number;
	/** Seconds. */
	timeWindow: number;
	/** When it counts from nothing again. */
	reset: number;
}

export interface EbayState {
	/** Client id to client secret. */
	clients: Map<string, string>;
	refreshTokens: Map<string, Grant>;
	/** Redirect names and the address behind each; without one eBay shows a page of its own. */
	ruNames: Map<string, { clientId: string; acceptedUrl?: string }>;
	/** What eBay gave the keysets: one scope more and the whole consent is `invalid_scope`. */
	keysetScopes: string[];
	/** Single use. */
	authorizationCodes: Map<string, Grant & { redirectUri: string }>;
	accessTokens: Map<string, AccessToken>;
	authTokens: Map<string, AuthToken>;
	/** Lifetime of access tokens minted from now on. */
	accessTokenSeconds: number;
	orders: Order[];
	items: Item[];
	questions: Question[];
	/** By whatever way they were sent. */
	sentMessages: SentMessage[];
	/** How long until the folder shows a message. */
	sentShowsAfterMs: number;
	conversations: Conversation[];
	/** What GetUser tells of the seller: `SiteCodeType` and `UserStatusCodeType`. */
	registration: { site: string; status: string };
	/** What getUserRateLimits tells. Undefined: eBay counts nothing for the seller, and answers 204. */
	userLimits?: UserLimit[];
	/** Members who neither ordered, asked nor wrote. */
	otherMembers: Set<string>;
	/** By picture id. */
	pictures: Map<string, Picture>;
	/** What create_image_from_url finds on the web, by https URL. */
	webPictures: Map<string, Buffer>;
	nextAnswers: NextAnswer[];
	/** Errors that the next uploads of pictures get, e.g. 190202. */
	nextImageErrors: number[];
	/** How many of the next uploads are answered with `Location` alone. */
	locationOnly: number;
	/** Of AddMemberMessageAAQToPartner and AddMemberMessageRTQ, each for itself, per seller. */
	messageLimit: SlidingWindow;
	/** Of uploads to the Media API, per seller. */
	imageLimit: SlidingWindow;
	/** eBay does not say how its block looks. */
	blockAnswer: 'usageLimit' | 'http429';
	/** Messages that one buyer may get on one item; over it error 20957. Undefined: no cap. */
	volumeCap?: number;
	/** Counted by item and recipient. */
	sent: Map<string, number>;
	/** How the Message API tells a conversation that it does not know. */
	unknownConversation: 'asInProduction' | 'asDocumented';
	/** So many entries come on a page, however many were asked for. Undefined: as asked. */
	rowsPerPage?: number;
	/** A page of GetOrders or GetMemberMessages with more entries is answered with 219255. */
	heaviestPage?: number;
	/** Each order and question is longer by so many bytes. */
	rowBytes: number;
	notifications: NotificationState;
	/** Source of every id that the simulator makes up. */
	lastId: number;
}

/** What the demo starts with: one seller, a few orders, questions and conversations. */
export function demoState(clock: Clock): EbayState {
	const now = clock.now();
	const seller = 'demo_seller';
	const grant = { clientId: 'demo-client', seller, scopes: allScopes, expiresAt: now + 540 * day };
	return {
		clients: new Map([['demo-client', 'demo-secret']]),
		refreshTokens: new Map([['v^1.1#demo-refresh', grant]]),
		ruNames: new Map([[demoRuName, { clientId: 'demo-client' }]]),
		keysetScopes: [...allScopes],
		authorizationCodes: new Map(),
		accessTokens: new Map(),
		authTokens: new Map([['AgAAAA**demo-auth-token', { seller, expiresAt: now + 540 * day }]]),
		accessTokenSeconds: 7200,
		orders: demoOrders(now, seller),
		items: [{ itemId: '110000000009', title: 'Oak bookshelf', seller, active: true }],
		questions: demoQuestions(now, seller),
		conversations: demoConversations(now, seller),
		registration: { site: 'US', status: 'Confirmed' },
		userLimits: demoLimits(now),
		otherMembers: new Set(['curious_member']),
		pictures: new Map(),
		webPictures: new Map(),
		nextAnswers: [],
		nextImageErrors: [],
		locationOnly: 0,
		messageLimit: slidingWindow(clock, { calls: 75, windowMs: 60_000, blockMs: 100_000 }),
		imageLimit: slidingWindow(clock, { calls: 50, windowMs: 5_000, blockMs: 5_000 }),
		blockAnswer: 'usageLimit',
		sent: new Map(),
		sentMessages: [],
		sentShowsAfterMs: 0,
		unknownConversation: 'asInProduction',
		rowBytes: 0,
		notifications: notificationState(),
		lastId: 1000,
	};
}

/** A day's counts; the figures are second-hand, eBay tells each application its own. */
function demoLimits(now: number): UserLimit[] {
	const ofDay = { timeWindow: 86_400, reset: now + 9 * hour };
	const trading = { apiContext: 'tradingapi', apiName: 'TradingAPI', apiVersion: 'v1', ...ofDay };
	const commerce = { apiContext: 'commerce', apiVersion: 'v1', ...ofDay };
	return [
		{ ...trading, name: 'AddMemberMessageAAQToPartner', limit: 5000, count: 1860 },
		{ ...trading, name: 'GetOrders', limit: 5000, count: 1440 },
		// Nothing that the nodes call.
		{ ...trading, name: 'AddItem', limit: 5000, count: 4990 },
		{ ...commerce, apiName: 'Message', name: 'conversation', limit: 10_000, count: 24 },
	];
}

/** A number that was not used before, as text. */
export function nextId(state: EbayState): string {
	state.lastId += 1;
	return String(state.lastId);
}

/** The listing with that number, whether it has orders or not. */
export function findItem(state: EbayState, itemId: string): Item | undefined {
	const listed = state.items.find((item) => item.itemId === itemId);
	if (listed) return listed;
	for (const { seller, lineItems } of state.orders) {
		const sold = lineItems.find((line) => line.itemId === itemId);
		if (sold) return { itemId, title: sold.title, seller, active: true };
	}
	return undefined;
}

/** User ids are not case-sensitive. */
export function sameUser(one: string, other: string): boolean {
	return one.toLowerCase() === other.toLowerCase();
}

/** Whether anybody goes by that name. */
export function isMember(state: EbayState, user: string): boolean {
	const members = [
		...state.otherMembers,
		...state.orders.map((order) => order.buyer),
		...state.questions.map((question) => question.sender),
		...state.conversations.map((conversation) => conversation.otherParty),
	];
	return members.some((member) => sameUser(member, user));
}

function demoOrders(now: number, seller: string): Order[] {
	const mug = { itemId: '110000000001', title: 'Blue ceramic mug', quantity: 1, price: 14.5 };
	const lamp = { itemId: '110000000002', title: 'Desk lamp', quantity: 1, price: 39 };
	const bulbs = { itemId: '110000000003', title: 'Light bulbs, set of 4', quantity: 2, price: 9.9 };
	return [
		{
			orderId: '11-00001-00001',
			status: 'Completed',
			seller,
			buyer: 'buyer_one',
			createdAt: now - 2 * day,
			modifiedAt: now - 2 * day + hour,
			paidAt: now - 2 * day + hour,
			lineItems: [{ ...mug, transactionId: '900000001' }],
		},
		{
			orderId: '11-00001-00002',
			status: 'Completed',
			seller,
			buyer: 'buyer_two',
			createdAt: now - 5 * day,
			modifiedAt: now - 3 * day,
			paidAt: now - 5 * day + hour,
			shippedAt: now - 3 * day,
			packages: [{ deliveredAt: now - day }],
			lineItems: [
				{ ...lamp, transactionId: '900000002' },
				{ ...bulbs, transactionId: '900000003' },
			],
		},
		{
			orderId: '11-00001-00003',
			status: 'Active',
			seller,
			buyer: 'buyer_three',
			createdAt: now - 3 * hour,
			modifiedAt: now - 3 * hour,
			lineItems: [{ ...mug, transactionId: '900000004' }],
		},
		{
			orderId: '11-00001-00004',
			status: 'Completed',
			seller,
			buyer: 'buyer_of_spring',
			createdAt: now - 100 * day,
			modifiedAt: now - 99 * day,
			paidAt: now - 100 * day,
			shippedAt: now - 99 * day,
			lineItems: [
				{
					itemId: '110000000004',
					title: 'Garden chair',
					quantity: 1,
					price: 55,
					transactionId: '900000005',
				},
			],
		},
	];
}

function demoQuestions(now: number, seller: string): Question[] {
	return [
		{
			messageId: '700000001',
			itemId: '110000000009',
			sender: 'shopper_one',
			recipient: seller,
			subject: 'Is the shelf in stock?',
			body: 'Hello, how long is delivery & does the shelf come with screws?',
			type: 'AskSellerQuestion',
			createdAt: now - 6 * hour,
			modifiedAt: now - 6 * hour,
			replies: [],
			displayToPublic: false,
		},
		{
			messageId: '700000002',
			itemId: '110000000001',
			sender: 'shopper_two',
			recipient: seller,
			subject: 'Dishwasher?',
			body: 'May the mug go into the dishwasher?',
			type: 'AskSellerQuestion',
			createdAt: now - day,
			modifiedAt: now - day + hour,
			replies: ['Yes, it may.'],
			displayToPublic: true,
		},
	];
}

/** What eBay itself writes is a whole page. */
const ebayPage = `<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>Your monthly summary</title>
<style>td { padding: 4px }</style></head>
<body><table><tr><td>You sold 3 items.</td></tr></table>
<script>document.title = 'Summary'</script></body></html>`;

function demoConversations(now: number, seller: string): Conversation[] {
	return [
		{
			conversationId: '800000000001',
			type: 'FROM_MEMBERS',
			status: 'ACTIVE',
			seller,
			otherParty: 'buyer_one',
			itemId: '110000000001',
			createdAt: now - day,
			messages: [
				{
					messageId: '810000001',
					sender: 'buyer_one',
					recipient: seller,
					subject: 'Blue ceramic mug',
					body: 'When will my mug arrive?',
					read: false,
					createdAt: now - day,
					media: [],
				},
			],
		},
		{
			conversationId: '800000000002',
			type: 'FROM_MEMBERS',
			status: 'ACTIVE',
			seller,
			otherParty: 'buyer_two',
			itemId: '110000000002',
			createdAt: now - 4 * day,
			messages: [
				{
					messageId: '810000002',
					sender: 'buyer_two',
					recipient: seller,
					subject: 'Desk lamp',
					body: '<p>Thanks for the lamp!</p>',
					read: true,
					createdAt: now - 3 * day,
					media: [],
				},
			],
		},
		{
			conversationId: '800000000003',
			type: 'FROM_EBAY',
			status: 'ACTIVE',
			seller,
			otherParty: 'eBay',
			createdAt: now - 10 * day,
			messages: [
				{
					messageId: '810000003',
					sender: 'eBay',
					recipient: seller,
					subject: 'Your monthly summary',
					body: ebayPage,
					read: true,
					createdAt: now - 10 * day,
					media: [],
				},
			],
		},
	];
}
