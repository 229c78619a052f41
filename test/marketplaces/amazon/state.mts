import { ratePlans, type RatePlans } from '../rateplan.mts';
import type { Clock } from '../service.mts';
import { demoClient, demoOrders, demoSeller } from './demo.mts';
import { documentedPlans } from './plans.mts';

/** An application, as Login with Amazon knows it. */
export interface LwaClient {
	clientId: string;
	clientSecret: string;
	/** The 180 days are over: LWA answers 401, and SP-API refuses tokens that are still in use. */
	secretExpired?: boolean;
}

/** A seller's authorisation of one application. Its refresh token is the account that rates count by. */
export interface Seller {
	refreshToken: string;
	clientId: string;
	/** One region's marketplaces (the demo's seller spans two: one origin stands for all regions here). */
	marketplaceIds: string[];
	/** The seller took the authorisation back: no new tokens, and issued ones die. */
	revoked?: boolean;
	/** Operations that the application has no role for (`amazon.participations` …): 403, empty details. */
	withoutRole?: string[];
	/** No restricted role: data sets of buyers (`BUYER`, `RECIPIENT`, `TAX`) are left out, or refused with a 403. */
	personalData?: 'leftOut' | 'refused';
}

/** A message type that an order offers now, and how it departs from the usual. */
export interface OfferedAction {
	/** The action's name: a POST segment, or `sendInvoice`, or any name that the models don't have. */
	name: string;
	/** Overrides, as the order's own schema may have them. */
	title?: string;
	description?: string;
	textMaxLength?: number;
	attachmentsRequired?: boolean;
	hidden?: boolean;
	/** The properties of its form, where they are others than those of the POST. */
	formProperties?: Record<string, object>;
	/** May be sent once; then it is no longer offered. */
	once?: boolean;
	disabledReason?: string;
	/** A name that is offered but that no POST exists for (`updateFeedback`). */
	withoutPost?: boolean;
}

export interface AmazonOrder {
	orderId: string;
	marketplaceId: string;
	/** Refresh token of its seller; the demo's where left out. */
	seller?: string;
	/** ISO 8601. */
	createdTime: string;
	lastUpdatedTime: string;
	fulfillmentStatus: string;
	fulfilledBy?: 'MERCHANT' | 'AMAZON';
	deliverByWindow?: { earliestDateTime: string; latestDateTime: string };
	orderItems?: object[];
	/** Data sets by their field name (`buyer`, `recipient`, `proceeds` …), given where asked for. */
	dataSets?: Record<string, object>;
	/** Milliseconds: `searchOrders` does not know the order before. */
	indexedAt?: number;

	locale?: string;
	actions?: Array<string | OfferedAction>;
	/** `getMessagingActionsForOrder` is itself refused. */
	actionsRefused?: boolean;
	/** Answer without `_embedded`, as the sandbox does. */
	withoutEmbedded?: boolean;
	/** `_links.self` as an array. */
	selfAsArray?: boolean;
	/** The list of solicitations stays empty whatever the dates say. */
	neverSolicitable?: boolean;
	/** `getSolicitationActionsForOrder` is itself refused. */
	solicitationActionsRefused?: boolean;
	/** The words in which Amazon refuses a solicitation whose time is not now. */
	outsideWindowWords?: string;
}

export interface AccessToken {
	seller: Seller;
	expiresAt: number;
}

export interface Upload {
	id: string;
	account: string;
	orderId: string;
	segment: string;
	/** Once the PUT succeeded. */
	bytes?: Buffer;
}

/** What Amazon knows; tests read and change it freely. */
export interface AmazonState {
	clients: LwaClient[];
	sellers: Seller[];
	orders: AmazonOrder[];
	/** Seconds that a new access token lives. */
	tokenLifetime: number;
	tokens: Map<string, AccessToken>;
	uploads: Map<string, Upload>;
	/**
	 * What an upload destination tells of the headers it is signed with: the digest, as recorded; digest and
	 * encryption, as years ago; the encryption alone; or `headers: null`.
	 */
	uploadHeaders: 'recorded' | 'encrypted' | 'withoutMd5' | 'null';
	/** The marketplaces of the region that the address stands for; undefined: of all. Sellers of none get 403s. */
	region?: string[];
	/** Data sets that `searchOrders` refuses, as the Far East did for twelve hours. */
	refusedDataSets: string[];
	/** A token stands for a place in the list, instead of the list as it was: no document says which. */
	pagesShift: boolean;
	/** `orderId segment` of messages and solicitations that were sent. */
	sent: Set<string>;
	plans: RatePlans;
	addOrders(orders: AmazonOrder[]): void;
	reset(): void;
}

export function amazonState(clock: Clock): AmazonState {
	const state: AmazonState = {
		clients: [],
		sellers: [],
		orders: [],
		tokenLifetime: 3600,
		tokens: new Map(),
		uploads: new Map(),
		uploadHeaders: 'recorded',
		refusedDataSets: [],
		pagesShift: false,
		sent: new Set(),
		plans: ratePlans(clock, documentedPlans),
		addOrders(orders) {
			for (const order of orders) {
				if (!isOrder(order)) throw new Error(`Not an order: ${JSON.stringify(order)}`);
				state.orders = state.orders.filter(({ orderId }) => orderId !== order.orderId);
				state.orders.push(order);
			}
		},
		reset() {
			state.clients = [{ ...demoClient }];
			state.sellers = [structuredClone(demoSeller)];
			state.orders = demoOrders(clock.now());
			state.tokenLifetime = 3600;
			state.tokens.clear();
			state.uploads.clear();
			state.uploadHeaders = 'recorded';
			state.refusedDataSets = [];
			state.region = undefined;
			state.pagesShift = false;
			state.sent.clear();
			state.plans.reset();
		},
	};
	state.reset();
	return state;
}

function isOrder(order: Partial<AmazonOrder>): boolean {
	const { orderId, marketplaceId, createdTime, lastUpdatedTime, fulfillmentStatus } = order;
	const texts = [orderId, marketplaceId, fulfillmentStatus];
	const times = [createdTime, lastUpdatedTime];
	return (
		texts.every((text) => typeof text === 'string' && text !== '') &&
		times.every((time) => !Number.isNaN(Date.parse(time ?? '')))
	);
}
