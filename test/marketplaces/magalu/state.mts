import type { Context } from '../service.mts';

/** Everything that the simulated Magalu knows. Tests and the demo may change any of it at any time. */
export interface MagaluState {
	settings: Settings;
	clients: Client[];
	users: User[];
	/** By token. */
	accessTokens: Map<string, Grant & { expiresAt: number }>;
	/** By token. `used` tokens stay, so that a second use is told from an unknown token. */
	refreshTokens: Map<string, Grant & { used: boolean }>;
	/** By authorization code. */
	codes: Map<string, Grant & { redirectUri: string; expiresAt: number; used: boolean }>;
	/** Why the login page last refused an application: the page itself does not say. */
	lastLoginProblem?: string;
	tickets: Ticket[];
	orders: Order[];
	/** Of messages. */
	transactions: MessageTransaction[];
	/** Of tickets that the seller opens. */
	ticketTransactions: TicketTransaction[];
	/** Those that have not ended yet. */
	openTransactions: Set<Transaction>;
	/** Messages that moderation has not decided on yet. */
	inModeration: Set<InModeration>;
	/** What waits for its file or has it, by path in the storage. */
	files: Map<string, { transaction: Transaction; file: PostedFile }>;
	/** Other bytes put to a link that already had its file. Has to stay empty. */
	doublePuts: Array<{ transactionId: string; attachmentId: string; fileName: string; at: number }>;
	/** Times of the requests of the last minute, by seller and group of operations. */
	recentCalls: Map<string, number[]>;
}

export interface Settings {
	/** Seconds that an access token lives. */
	tokenLifetime: number;
	/** Requests a minute and seller; over it the API answers 429. */
	perMinute: Record<RateGroup, number>;
	/** Seconds in `Retry-After` of a 429; left out unless set, as nothing says that Magalu sends it. */
	retryAfter?: number;
	/** So many of the next requests to the seller API get the HTML 403 of the edge in front of it. */
	edgeBlocks: number;
	/** From the POST, or from the last file, to the end of a transaction. */
	completeAfterMs: number;
	/** How a transaction ends once all is there; `never` leaves it processing. */
	outcomeOf(message: PostedMessage): 'completed' | 'failed' | 'cancelled' | 'never';
	/** The same for a ticket that the seller opens. */
	ticketOutcomeOf(ticket: PostedTicket): 'completed' | 'failed' | 'cancelled' | 'never';
	/** The last place of a list of orders at which a page may begin. */
	lastOrderOffset: number;
	/** What comes of a ticket for an order that is not there: 404, or a transaction that fails. */
	missingOrders: 'refused' | 'failed';
	/** So long after the POST, asking for its transaction answers 404. */
	transactionHiddenMs: number;
	/** What moderation makes of a completed message; rejected ones never reach anybody. */
	moderationOf(message: PostedMessage): Moderation;
	/** So long after a message was created; until then it is `new`, and its reader does not see it. */
	moderatedAfterMs: number;
	/** The rules that a rejected message broke. */
	blockRulesOf(message: PostedMessage): string[];
	/** Rejected messages are listed, as the specification has them, or not, as Magalu's questions and answers say. */
	rejectedListed: boolean;
	/** From the POST to the last file; later the message is cancelled. */
	uploadDeadlineMs: number;
	/** Seconds that a signed link is good for. */
	linkLifetime: number;
	/** The content type that links are signed for: the declared `file_type`, or always this one. */
	signedContentType: 'declared' | (string & {});
	/** A link names the content type that it is signed for, as the specification has it and the guide has not. */
	linksNameContentType: boolean;
	/** What comes of a second PUT to a link: it replaces the first, or is refused with 412. */
	secondPut: 'replaces' | 'refused';
	maxAttachments: number;
	/** What a download calls the file by: its name in the storage (specification) or its id (guide). */
	attachmentsBy: 'fileName' | 'id';
	/** Transactions with `content_id` and `content_type` (specification), or with `trigger_endpoint` (guide). */
	transactionsAs: 'specified' | 'guided';
	/** Where tickets that never changed stand in a list by change, the oldest first. */
	neverChanged: 'last' | 'first';
	/** The 202 lists the attachments last first, so that only names tell which link is whose. */
	linksReversed: boolean;
	/** The 202 of a message without files has `data: null`. */
	nullDataWithoutFiles: boolean;
	/** The order list ignores the filter `code`, as one integrator saw. */
	orderCodeFilterIgnored: boolean;
}

export type RateGroup = 'supportReads' | 'supportWrites' | 'orders';
export type Moderation = 'not-moderated' | 'approved' | 'rejected' | 'new';

export interface Client {
	id: string;
	secret: string;
	/** Without any: an n8n on this machine. */
	redirectUris: string[];
	/** All that it may ask for. */
	scopes: string[];
	/** What every token of it has, asked for or not. */
	defaultScopes: string[];
}

export interface User {
	name: string;
	password: string;
	/** Only an ADMIN of the store gets past 403. */
	admin: boolean;
	tenantId: string;
}

/** What a person allowed an application. */
export interface Grant {
	clientId: string;
	scopes: string[];
	/** Undefined: the consent was for the person only, not for a store. */
	tenantId?: string;
	admin: boolean;
}

/** `AllTicketType` of the specification. */
export type TicketType =
	| 'shipping'
	| 'cancellation'
	| 'payment'
	| 'general'
	| 'exchange'
	| 'product_question'
	| 'feedback'
	| 'shipping_notification';

export interface Ticket {
	id: string;
	/** Of the seller's own; a ticket that the seller opens has none. */
	code: string | null;
	type: TicketType;
	/** Free text; `open` where nobody has changed it. */
	status: string;
	reason: string | null;
	protocol: string;
	dueDate?: number;
	origin: string;
	createdAt: number;
	/** The specification has it nullable: a ticket that never changed. */
	updatedAt: number | null;
	/** Lists show it from here on (default: at once). */
	indexedAt?: number;
	order: { id: string; code: string; deliveryId: string; items: OrderItem[] };
	messages: Message[];
}

export interface Message {
	id: string;
	text: string;
	code: string | null;
	sender: {
		id: string;
		name: string;
		type: 'customer' | 'seller' | 'channel';
		owner?: { code: string; name: string };
	};
	moderation: Moderation;
	/** The rules that it broke. */
	blockRules?: string[];
	/** Moderation lets it through then (default: at once); its ticket does not change by that. */
	shownAt?: number;
	/** Private messages are never returned. */
	isPrivate: boolean;
	destination: string;
	attachments: StoredFile[];
	createdAt: number;
	updatedAt: number;
}

export interface StoredFile {
	id: string;
	/** The name in the storage: the id and the extension. */
	fileName: string;
	providedFileName: string;
	fileType: string;
	/** Path in the storage; made of its name where a test names none. */
	filePath?: string;
	bytes: Buffer;
}

export interface OrderItem {
	id: string;
	sku: string;
	externalSku: string;
	name: string;
	description: string;
	image: string;
	quantity: number;
	/** In cents. */
	price: number;
}

export interface Order {
	id: string;
	code: string;
	status: 'new' | 'approved' | 'cancelled' | 'finished';
	purchasedAt: number;
	createdAt: number;
	approvedAt?: number;
	updatedAt: number;
	/** Lists show it from here on (default: at once). */
	indexedAt?: number;
	customer: { name: string; documentNumber: string; email: string; phone: string };
	delivery: Delivery;
	/** The other parcels of the order. */
	furtherDeliveries?: Delivery[];
	items: OrderItem[];
}

export interface Delivery {
	id: string;
	code: string;
	/** `new`, `approved`, `invoiced`, `shipped`, `delivered`, `cancelled`, `frozen`. */
	status: string;
	/** Left out: as the order; null: nobody tells it. */
	updatedAt?: number | null;
}

/** The body of a POST, checked. */
export interface PostedMessage {
	ticketId: string;
	code: string | null;
	message: string;
	owner: { code: string; name: string };
	destination: string;
	attachments: PostedFile[];
}

export interface PostedFile {
	id: string;
	fileName: string;
	fileExtension: string;
	fileType: string;
	/** Path in the storage. */
	filePath: string;
	signedContentType: string;
	upload?: { bytes: Buffer; at: number };
}

/** The body of a POST that opens a ticket, checked (`CreateTicketSeller` of the specification). */
export interface PostedTicket {
	type: 'shipping' | 'cancellation' | 'payment';
	reason?: string | null;
	order: {
		id: string;
		code: string;
		delivery: {
			id: string;
			seller: { id: string; name?: string | null };
			items: Array<{
				id: string;
				sku: string;
				quantity: number;
				name?: string | null;
				description?: string | null;
				external_sku?: string | null;
				image?: string | null;
			}>;
		};
	};
}

interface AnyTransaction {
	id: string;
	status: 'pending' | 'processing' | 'completed' | 'failed' | 'cancelled';
	createdAt: number;
	updatedAt: number;
	createdBy: string;
	events: Array<{
		event: 'info' | 'failure' | 'transition' | 'delay';
		message: string;
		data: object;
		status: string;
		at: number;
	}>;
}

export interface MessageTransaction extends AnyTransaction {
	message: PostedMessage;
	/** Of the message that came of it. */
	messageId?: string;
}

export interface TicketTransaction extends AnyTransaction {
	ticket: PostedTicket;
	/** Its order, delivery and items are there. */
	fits: boolean;
	/** Of the ticket that came of it. */
	ticketId?: string;
}

export type Transaction = MessageTransaction | TicketTransaction;

/** A message that was created, and what moderation will make of it. */
export interface InModeration {
	transaction: MessageTransaction;
	message: Message;
	/** When it decides. */
	at: number;
}

/** What every part of the simulated Magalu is given. */
export interface World {
	context: Context;
	state: MagaluState;
}

/** The scopes of the seller API that have to do with tickets and orders. */
export const allScopes = [
	'open:tickets-seller:read',
	'open:tickets-seller:write',
	'open:ticket-messages-seller:read',
	'open:ticket-messages-seller:write',
	'open:sac-transaction-seller:read',
	'open:order-order-seller:read',
	'open:order-delivery-seller:read',
];

export const channel = { id: '9fe0d853-732b-4e4a-a0b0-cff988ed043d', alias: 'magazineluiza' };
export const seller = { id: '5d8a3c0e-94c7-4b52-b1f0-61c2ab90e734', name: 'Loja Demonstração' };

/** The settings that the simulated Magalu starts with: those of the real one, where they are known. */
export function defaultSettings(): Settings {
	return {
		tokenLifetime: 7200,
		perMinute: { supportReads: 200, supportWrites: Infinity, orders: 850 },
		edgeBlocks: 0,
		completeAfterMs: 500,
		outcomeOf: () => 'completed',
		ticketOutcomeOf: () => 'completed',
		lastOrderOffset: 5000,
		missingOrders: 'refused',
		transactionHiddenMs: 0,
		moderationOf: () => 'approved',
		moderatedAfterMs: 0,
		blockRulesOf: () => ['Dados sensíveis'],
		rejectedListed: false,
		uploadDeadlineMs: 15 * 60_000,
		linkLifetime: 3600,
		signedContentType: 'declared',
		linksNameContentType: true,
		secondPut: 'replaces',
		maxAttachments: 5,
		attachmentsBy: 'fileName',
		transactionsAs: 'specified',
		neverChanged: 'last',
		linksReversed: false,
		nullDataWithoutFiles: false,
		orderCodeFilterIgnored: false,
	};
}
