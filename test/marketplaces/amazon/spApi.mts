/**
 * The gateway before the Selling Partner API: who calls, may they, do they call too often, is it a
 * request at all. What an operation itself checks stands with the operation.
 * Source: developer-docs.amazon.com/sp-api/docs (connecting, user agent, usage plans, common errors)
 */
import { randomUUID } from 'node:crypto';

import type { Answer, Clock, Exchange, Service } from '../service.mts';
import { denied, invalid, quotaExceeded, refusal } from './errors.mts';
import type { AmazonState, Seller } from './state.mts';

/** A request that passed the gateway. */
export interface SpRequest {
	exchange: Exchange;
	seller: Seller;
	/** The refresh token: rates and uploads go by it. */
	account: string;
	/** Variable parts of the path, decoded. */
	parts: string[];
	/** Empty where the operation takes no single marketplace. */
	marketplaceId: string;
	/** The JSON object that was sent; undefined where the operation takes no body. */
	body?: Record<string, unknown>;
}

export interface Route {
	operation: string;
	method: 'GET' | 'POST';
	/** Matched against the raw path. */
	path: RegExp;
	/** Query parameters beside `marketplaceIds`. */
	query?: string[];
	/** Message of the 400 where not exactly one marketplace is given. Absent: the route takes care itself. */
	oneMarketplace?: string;
	takesJson?: boolean;
	/** Answers as `application/hal+json`. */
	hal?: boolean;
	answer(request: SpRequest): Answer;
}

export function spApiService(routes: Route[], state: AmazonState, clock: Clock): Service {
	const routeOf = ({ method, path }: Exchange) =>
		routes.find((route) => route.method === method && route.path.test(path));

	function answer(exchange: Exchange): Answer {
		const route = routeOf(exchange);
		const seller = sellerOf(exchange, state, clock);
		if (!('refreshToken' in seller)) return seller;
		if (!route || seller.withoutRole?.includes(route.operation)) return denied();
		if (!sellsHere(seller, state)) return denied();

		const parts = (route.path.exec(exchange.path) ?? []).slice(1).map(decoded);
		if (!state.plans.take(route.operation, bucketOf(route, seller, parts))) return quotaExceeded();

		const request: SpRequest = {
			exchange,
			seller,
			account: seller.refreshToken,
			parts,
			marketplaceId: exchange.query.get('marketplaceIds') ?? '',
		};
		const refused = wrongWith(request, route);
		if (refused) return refused;
		const given = route.answer(request);
		return route.hal ? { headers: { 'content-type': 'application/hal+json' }, ...given } : given;
	}

	return {
		prefix: '/amazon',
		operationOf: (exchange) => routeOf(exchange)?.operation ?? 'amazon.unknown',
		answer(exchange) {
			const given = answer(exchange);
			const headers: Record<string, string> = { ...given.headers };
			headers['x-amzn-RequestId'] = randomUUID();
			const plan = state.plans.of(routeOf(exchange)?.operation ?? '');
			if (plan && [200, 201, 400, 404].includes(given.status)) {
				headers['x-amzn-RateLimit-Limit'] = Number.isInteger(plan.rate)
					? plan.rate.toFixed(1)
					: String(plan.rate);
			}
			return { ...given, headers };
		},
	};
}

/** In another region than the seller's everything is denied, and nothing says why. */
function sellsHere({ marketplaceIds }: Seller, { region }: AmazonState): boolean {
	return region === undefined || marketplaceIds.some((id) => region.includes(id));
}

/** Each of the nine sends is an operation of its own, so its bucket goes by the message type as well. */
function bucketOf({ operation }: Route, { refreshToken }: Seller, parts: string[]): string {
	return operation === 'amazon.send' ? `${refreshToken} ${parts[1]}` : refreshToken;
}

/** The seller that the access token stands for, or the 403 that says what is wrong with the token. */
function sellerOf({ headers }: Exchange, state: AmazonState, clock: Clock): Seller | Answer {
	const sent = headers['x-amz-access-token'];
	if (!sent) return denied('Access token is missing in the request header.');
	const token = state.tokens.get(sent);
	if (!token || token.seller.revoked) {
		return denied('The access token you provided is revoked, malformed or invalid.');
	}
	if (clock.now() >= token.expiresAt) return denied('The access token you provided has expired.');
	const client = state.clients.find(({ clientId }) => clientId === token.seller.clientId);
	if (client?.secretExpired) return denied('The LWA secret token you provided has expired.');
	return token.seller;
}

function wrongWith(request: SpRequest, route: Route): Answer | undefined {
	const { exchange, seller, marketplaceId } = request;
	const wrongAgent = wrongUserAgent(exchange.headers['user-agent'] ?? '');
	if (wrongAgent) return invalid(wrongAgent);
	if (!accepts(exchange, route)) {
		return refusal(
			406,
			'NotAcceptable',
			'The operation answers in another format than is accepted.',
		);
	}
	if (
		route.method === 'GET' &&
		(exchange.body.length > 0 || 'content-length' in exchange.headers)
	) {
		return refusal(400, 'BadRequest', 'A GET request must not have a body or a Content-Length.');
	}

	const known = ['marketplaceIds', ...(route.query ?? [])];
	const unknown = [...exchange.query.keys()].find((name) => !known.includes(name));
	if (unknown) return invalid(`Unknown query parameter: ${unknown}`);
	if (route.oneMarketplace) {
		const given = exchange.query.getAll('marketplaceIds');
		if (given.length !== 1 || !/^\w+$/.test(marketplaceId)) return invalid(route.oneMarketplace);
		if (!seller.marketplaceIds.includes(marketplaceId)) return denied(WRONG_REGION);
	}
	return route.takesJson ? readJson(request) : mustBeEmpty(exchange);
}

/** The model offers one format an operation. A request that names none takes any (RFC 9110, 12.5.1). */
function accepts({ headers }: Exchange, { hal }: Route): boolean {
	const format = hal ? 'application/hal+json' : 'application/json';
	const accepted = (headers.accept ?? '*/*').split(',').map((one) => one.split(';')[0].trim());
	return accepted.some((one) => [format, 'application/*', '*/*'].includes(one.toLowerCase()));
}

export const WRONG_REGION = 'The marketplaces you provided are not valid for region.';

/** Puts the parsed body into the request. */
function readJson(request: SpRequest): Answer | undefined {
	const { headers, body } = request.exchange;
	if (!/^application\/json\b/i.test(headers['content-type'] ?? '')) {
		return refusal(
			415,
			'UnsupportedMediaType',
			'The content type of the request is not supported.',
		);
	}
	try {
		const parsed: unknown = JSON.parse(body.toString('utf8'));
		if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) {
			request.body = parsed as Record<string, unknown>;
			return undefined;
		}
	} catch {
		// Answered below, like a body that is JSON but no object.
	}
	return invalid('The request body is not a valid JSON object.');
}

function mustBeEmpty({ body }: Exchange): Answer | undefined {
	return body.length > 0 ? invalid('The operation takes no request body.') : undefined;
}

/**
 * `AppName/Version (Language=…; …)`, at most 500 characters, backslash before the signs that would
 * otherwise end a part. Source: developer-docs.amazon.com/sp-api/docs/include-a-user-agent-header-in-all-requests
 */
function wrongUserAgent(agent: string): string | undefined {
	if (agent.length > 500) return 'The user-agent header is longer than 500 characters.';
	const [, attributes] =
		/^(?:[^\\/(]|\\.)+\/(?:[^\\/(]|\\.)+ \(((?:[^\\)]|\\.)+)\)$/.exec(agent) ?? [];
	if (attributes === undefined) return 'The user-agent header is not AppName/Version (attributes).';
	const language = /(?:^|; ?)Language=(?:[^\\;=)]|\\.)+/.test(attributes);
	return language ? undefined : 'The user-agent header has no Language attribute.';
}

function decoded(part: string): string {
	try {
		return decodeURIComponent(part);
	} catch {
		return part;
	}
}
