/**
 * Orders API 2026-01-01: `searchOrders` and `getOrder`.
 * Source: models/orders-api-model/orders_2026-01-01.json in github.com/amzn/selling-partner-api-models
 */
import { randomBytes } from 'node:crypto';

import type { Answer, Context } from '../service.mts';
import { denied, invalid, notFound } from './errors.mts';
import { amazonMarketplaces } from './marketplaces.mts';
import { WRONG_REGION, type Route, type SpRequest } from './spApi.mts';
import type { AmazonOrder, AmazonState } from './state.mts';

const STATUSES = [
	'PENDING_AVAILABILITY',
	'PENDING',
	'UNSHIPPED',
	'PARTIALLY_SHIPPED',
	'SHIPPED',
	'CANCELLED',
	'UNFULFILLABLE',
];

/** Data sets that stand at the order itself, by what they are called in the answer. */
const DATA_SETS: Record<string, string> = {
	BUYER: 'buyer',
	RECIPIENT: 'recipient',
	PROCEEDS: 'proceeds',
	EXPENSE: 'expense',
	PROMOTION: 'promotion',
	CANCELLATION: 'cancellation',
	FULFILLMENT: 'fulfillment',
	PACKAGES: 'packages',
	TAX: 'tax',
	PAYMENT: 'payment',
	FULFILLMENT_ORDERS: 'fulfillmentOrders',
};

/** Data sets that stand at the items of an order as well, or there alone. */
const ITEM_DATA_SETS = [
	'PROCEEDS',
	'EXPENSE',
	'PROMOTION',
	'CANCELLATION',
	'FULFILLMENT',
	'TAX',
].map((name) => ({ name, field: DATA_SETS[name] }));

const TIMES = ['createdAfter', 'createdBefore', 'lastUpdatedAfter', 'lastUpdatedBefore'] as const;
const MINUTE = 60_000;
const TOKEN_LIFETIME = 24 * 60 * MINUTE;

/** The rest of a result that did not fit on the page. */
interface Rest {
	orderIds: string[];
	/** Rows on the pages before. */
	shown: number;
	/** The parameters that have to stay as they were. */
	unchanged: string;
	before: number;
	expiresAt: number;
}

export function orderRoutes(state: AmazonState, context: Context): Route[] {
	const rests = new Map<string, Rest>();
	return [
		{
			operation: 'amazon.searchOrders',
			method: 'GET',
			path: /^\/orders\/2026-01-01\/orders$/,
			query: [
				...TIMES,
				'fulfillmentStatuses',
				'fulfilledBy',
				'maxResultsPerPage',
				'paginationToken',
				'includedData',
			],
			answer: (request) => searchOrders(request, state, context, rests),
		},
		{
			operation: 'amazon.getOrder',
			method: 'GET',
			path: /^\/orders\/2026-01-01\/orders\/([^/]+)$/,
			query: ['includedData'],
			answer(request) {
				const wrong = wrongList(request, 'includedData', Object.keys(DATA_SETS));
				if (wrong) return invalid(wrong);
				const { includedData, refusal } = allowedData(request);
				if (refusal) return refusal;
				if (includedData.some((name) => state.refusedDataSets.includes(name))) {
					return invalid(NOT_VALID);
				}
				// Also one that no search lists (amzn/selling-partner-api-models issue 3945).
				const order = ordersOf(request, state).find(({ orderId }) => orderId === request.parts[0]);
				if (!order) return notFound(`The order ${request.parts[0]} was not found.`);
				return { status: 200, body: { order: shown(order, includedData) } };
			},
		},
	];
}

/** As amzn/selling-partner-api-sdk issue 717 has it. */
const WRONG_TOKEN =
	'The paginationToken you have submitted is not valid. All parameters must match the original request except maxResultsPerPage.';
/** As amzn/selling-partner-api-models issue 5365 has it. */
const NOT_VALID =
	'The input you have submitted is not valid. Please check your input and try again.';

/** Data sets that want a restricted role (developer-docs.amazon.com/sp-api/docs/access-orders-pii). */
const PERSONAL = ['BUYER', 'RECIPIENT', 'TAX'];

/** What was asked for, as far as the app may have it; Amazon does not say which way it keeps the rest back. */
function allowedData(request: SpRequest): { includedData: string[]; refusal?: Answer } {
	const asked = listOf(request, 'includedData');
	const { personalData } = request.seller;
	const kept = personalData ? asked.filter((name) => !PERSONAL.includes(name)) : asked;
	const isRefused = personalData === 'refused' && kept.length < asked.length;
	return { includedData: kept, ...(isRefused ? { refusal: denied() } : {}) };
}

function searchOrders(
	request: SpRequest,
	state: AmazonState,
	context: Context,
	rests: Map<string, Rest>,
): Answer {
	const { query } = request.exchange;
	const now = context.clock.now();
	const token = query.get('paginationToken');
	const rest = token === null ? undefined : rests.get(token);
	const wrong = wrongTimes(query, now) ?? wrongFilters(request);
	if (wrong) return invalid(wrong);
	const marketplaceIds = listOf(request, 'marketplaceIds');
	if (!marketplaceIds.every((id) => request.seller.marketplaceIds.includes(id))) {
		return denied(WRONG_REGION);
	}
	const unchanged = unchangedPart(request);
	if (token !== null && (!rest || rest.unchanged !== unchanged || now >= rest.expiresAt)) {
		return invalid(WRONG_TOKEN);
	}

	const { includedData, refusal } = allowedData(request);
	if (refusal) return refusal;
	if (includedData.some((name) => state.refusedDataSets.includes(name))) {
		return invalid(NOT_VALID);
	}

	const byCreation = query.has('createdAfter');
	const given = query.get(byCreation ? 'createdBefore' : 'lastUpdatedBefore');
	const before = rest?.before ?? (given === null ? now - 2 * MINUTE : Date.parse(given));
	const known = ordersOf(request, state).filter(({ indexedAt = 0 }) => indexedAt <= now);
	const found = () => matching(request, known, before).map(({ orderId }) => orderId);
	const orderIds = rest && !state.pagesShift ? rest.orderIds : found().slice(rest?.shown ?? 0);
	const size = Number(query.get('maxResultsPerPage') ?? 100);
	const ofPage = orderIds.slice(0, size);
	const wanted = new Set(ofPage);
	const byId = new Map<string, AmazonOrder>();
	for (const order of known) if (wanted.has(order.orderId)) byId.set(order.orderId, order);
	const page = ofPage.flatMap((orderId) => byId.get(orderId) ?? []);
	const body: Record<string, unknown> = {
		orders: page.map((order) => shown(order, includedData)),
		[byCreation ? 'createdBefore' : 'lastUpdatedBefore']: new Date(before).toISOString(),
	};
	if (orderIds.length > size) {
		const nextToken = randomBytes(24).toString('base64');
		const expiresAt = now + TOKEN_LIFETIME;
		const shown = (rest?.shown ?? 0) + size;
		rests.set(nextToken, { orderIds: orderIds.slice(size), shown, unchanged, before, expiresAt });
		body.pagination = { nextToken };
	}
	return { status: 200, body };
}

/** Exactly one of the two *After*; its own *Before* at least two minutes old and not earlier. */
function wrongTimes(query: URLSearchParams, now: number): string | undefined {
	const byCreation = query.has('createdAfter');
	if (byCreation === query.has('lastUpdatedAfter')) {
		return 'Exactly one of createdAfter and lastUpdatedAfter must be provided';
	}
	if (query.has(byCreation ? 'lastUpdatedBefore' : 'createdBefore')) {
		return 'createdAfter goes with createdBefore, lastUpdatedAfter with lastUpdatedBefore';
	}
	const unreadable = TIMES.find((name) => query.has(name) && !isTime(query.get(name) ?? ''));
	if (unreadable) return `${unreadable}: The date must be in ISO 8601 format`;

	const after = Date.parse(query.get(byCreation ? 'createdAfter' : 'lastUpdatedAfter') ?? '');
	if (after > now) return 'The date must not be in the future';
	const before = query.get(byCreation ? 'createdBefore' : 'lastUpdatedBefore');
	if (before === null) return undefined;
	if (Date.parse(before) > now - 2 * MINUTE) {
		return 'The date must be at least two minutes before the time of the request';
	}
	return Date.parse(before) < after ? 'The end must not be before the beginning' : undefined;
}

/** In UTC: what has an offset is not always taken (amzn/selling-partner-api-docs issue 3324). */
function isTime(text: string): boolean {
	const iso = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?Z)?$/;
	return iso.test(text) && !Number.isNaN(Date.parse(text));
}

function wrongFilters(request: SpRequest): string | undefined {
	const marketplaceIds = amazonMarketplaces.map(({ id }) => id);
	const size = request.exchange.query.get('maxResultsPerPage') ?? '100';
	if (!/^\d+$/.test(size) || Number(size) < 1 || Number(size) > 100) {
		return 'maxResultsPerPage: The value must be between 1 and 100';
	}
	if (listOf(request, 'marketplaceIds').length > 50) return 'marketplaceIds: At most 50';
	return (
		wrongList(request, 'marketplaceIds', marketplaceIds) ??
		wrongList(request, 'fulfillmentStatuses', STATUSES) ??
		wrongList(request, 'fulfilledBy', ['MERCHANT', 'AMAZON']) ??
		wrongList(request, 'includedData', Object.keys(DATA_SETS))
	);
}

function wrongList(request: SpRequest, name: string, known: string[]): string | undefined {
	const unknown = listOf(request, name).find((value) => !known.includes(value));
	return unknown === undefined ? undefined : `${name}: Invalid value: ${unknown}`;
}

/** Values are joined by commas, or the parameter is repeated. */
function listOf({ exchange }: SpRequest, name: string): string[] {
	return exchange.query.getAll(name).flatMap((value) => value.split(','));
}

function unchangedPart({ exchange }: SpRequest): string {
	const free = ['paginationToken', 'maxResultsPerPage'];
	return [...exchange.query]
		.filter(([name]) => !free.includes(name))
		.map((pair) => pair.join('='))
		.sort()
		.join('&');
}

/** The seller's orders, also those that the index does not show yet. */
function ordersOf({ account }: SpRequest, state: AmazonState): AmazonOrder[] {
	const demo = state.sellers[0]?.refreshToken;
	return state.orders.filter(({ seller = demo }) => seller === account);
}

/** Read before: a test asks for the same thousands of orders a thousand times. */
const times = new Map<string, number>();

function timeOf(text: string): number {
	const time = times.get(text) ?? Date.parse(text);
	times.set(text, time);
	return time;
}

/** All bounds are inclusive; the oldest comes first. */
function matching(request: SpRequest, orders: AmazonOrder[], before: number): AmazonOrder[] {
	const { query } = request.exchange;
	const field = query.has('createdAfter') ? 'createdTime' : 'lastUpdatedTime';
	const after = Date.parse(query.get('createdAfter') ?? query.get('lastUpdatedAfter') ?? '');
	const fits = (name: string) => {
		const wanted = listOf(request, name);
		return (value: string) => wanted.length === 0 || wanted.includes(value);
	};
	const [inMarketplace, hasStatus, isFulfilledBy] = [
		fits('marketplaceIds'),
		fits('fulfillmentStatuses'),
		fits('fulfilledBy'),
	];
	return orders
		.map((order) => ({ order, at: timeOf(order[field]) }))
		.filter(
			({ order, at }) =>
				at >= after &&
				at <= before &&
				inMarketplace(order.marketplaceId) &&
				hasStatus(order.fulfillmentStatus) &&
				isFulfilledBy(order.fulfilledBy ?? 'MERCHANT'),
		)
		.sort((one, other) => one.at - other.at)
		.map(({ order }) => order);
}

function shown(order: AmazonOrder, includedData: string[]): object {
	const { marketplaceId, fulfillmentStatus, fulfilledBy = 'MERCHANT', deliverByWindow } = order;
	const dataSets: Record<string, object> = {
		...order.dataSets,
		fulfillment: { fulfillmentStatus, fulfilledBy, deliverByWindow },
	};
	const included = includedData
		// Packages are told of orders that the merchant ships, and of no others.
		.filter((name) => name !== 'PACKAGES' || fulfilledBy === 'MERCHANT')
		.map((name) => DATA_SETS[name])
		.filter((field) => field in dataSets)
		.map((field) => [field, dataSets[field]]);
	return {
		orderId: order.orderId,
		createdTime: order.createdTime,
		lastUpdatedTime: order.lastUpdatedTime,
		salesChannel: {
			channelName: 'AMAZON',
			marketplaceId,
			marketplaceName: amazonMarketplaces.find(({ id }) => id === marketplaceId)?.name,
		},
		orderItems: (order.orderItems ?? []).map((item) => shownItem(item, includedData)),
		...Object.fromEntries(included),
	};
}

/**
 * An item without the data sets that were not asked for. A gift message stands in that of fulfillment, a link to a
 * customization is always there; both come without a restricted token.
 */
function shownItem(item: object, includedData: string[]): object {
	const left = ITEM_DATA_SETS.filter(({ name }) => !includedData.includes(name)).map(
		({ field }) => field,
	);
	return Object.fromEntries(Object.entries(item).filter(([field]) => !left.includes(field)));
}
