import type { Answer, Exchange } from '../service.mts';
import { bearer, noResource } from './rest.mts';
import type { EbayState, UserLimit } from './state.mts';

const path = '/developer/analytics/v1_beta/user_rate_limit/';

/** Any of these will do (the document's `security`); the simulator's sellers have one of them. */
const scopes = [
	'sell.inventory',
	'sell.inventory.readonly',
	'sell.marketplace.insights.readonly',
	'commerce.catalog.readonly',
	'sell.marketing',
	'sell.marketing.readonly',
];

export const isAnalytics = (exchange: Exchange) =>
	exchange.path.startsWith('/developer/analytics/v1_beta/');

/** Name of the operation for log and faults. */
export function analyticsOperation(exchange: Exchange): string {
	return exchange.path === path ? 'ebay.userRateLimits' : 'ebay.unknown';
}

/**
 * The Analytics API's getUserRateLimits: what the seller may do, and how much of it is left.
 * Source: its OpenAPI document (developer_analytics v1_beta)
 */
export function analytics(exchange: Exchange, state: EbayState, now: number): Answer {
	if (exchange.method !== 'GET' || exchange.path !== path) return noResource();
	const access = bearer(exchange, state, now, ...scopes);
	if ('refusal' in access) return access.refusal;
	if (state.userLimits === undefined) return { status: 204 };

	const wanted = (name: 'api_context' | 'api_name', value: string) => {
		const asked = exchange.query.get(name);
		return asked === null || asked.toLowerCase() === value.toLowerCase();
	};
	const limits = state.userLimits.filter(
		({ apiContext, apiName }) => wanted('api_context', apiContext) && wanted('api_name', apiName),
	);
	const apis = new Map<string, UserLimit[]>();
	for (const limit of limits) {
		apis.set(limit.apiName, [...(apis.get(limit.apiName) ?? []), limit]);
	}
	const rateLimits = [...apis.values()].map((ofApi) => {
		const [{ apiContext, apiName, apiVersion }] = ofApi;
		return { apiContext, apiName, apiVersion, resources: ofApi.map(resource) };
	});
	return { status: 200, body: { rateLimits } };
}

function resource({ name, limit, count, reset, timeWindow }: UserLimit): object {
	const rate = {
		count,
		limit,
		remaining: Math.max(0, limit - count),
		reset: new Date(reset).toISOString(),
		timeWindow,
	};
	return { name, rates: [rate] };
}
