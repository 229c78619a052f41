import { randomUUID } from 'node:crypto';

import type { Answer, Exchange, Service } from '../service.mts';
import { edgeBlock, platformError } from './answers.mts';
import { postTicket } from './opening.mts';
import { getOrder, listDeliveries, listOrders } from './orders.mts';
import type { RateGroup, World } from './state.mts';
import {
	getAttachment,
	getMessage,
	getTicket,
	getTransaction,
	listMessages,
	listTickets,
	listTransactions,
	sendMessage,
} from './tickets.mts';
import { settle } from './transactions.mts';

interface Route {
	operation: string;
	method: string;
	/** `*` is one segment; the segments are handed over decoded. */
	path: string;
	scope: string;
	group: RateGroup;
	answer(world: World, exchange: Exchange, segments: string[]): Answer;
}

const tickets = '/seller/v0/tickets';
const messages = `${tickets}/*/messages`;
const attachment = `${messages}/*/attachments/*`;
const list = '/seller/v0/transactions';
const orders = '/seller/v1/orders';
const deliveries = '/seller/v1/deliveries';

const readTickets = {
	method: 'GET',
	scope: 'open:tickets-seller:read',
	group: 'supportReads',
} as const;
const readMessages = { ...readTickets, scope: 'open:ticket-messages-seller:read' };
const readTransactions = { ...readTickets, scope: 'open:sac-transaction-seller:read' };
const send = {
	method: 'POST',
	scope: 'open:ticket-messages-seller:write',
	group: 'supportWrites',
} as const;
const openTicket = { ...send, scope: 'open:tickets-seller:write' };
const readOrders = {
	method: 'GET',
	scope: 'open:order-order-seller:read',
	group: 'orders',
} as const;
const readDeliveries = { ...readOrders, scope: 'open:order-delivery-seller:read' };

const routes: Route[] = [
	{ operation: 'magalu.tickets', ...readTickets, path: tickets, answer: listTickets },
	{ operation: 'magalu.openTicket', ...openTicket, path: tickets, answer: postTicket },
	{ operation: 'magalu.ticket', ...readTickets, path: `${tickets}/*`, answer: getTicket },
	{ operation: 'magalu.messages', ...readMessages, path: messages, answer: listMessages },
	{ operation: 'magalu.message', ...readMessages, path: `${messages}/*`, answer: getMessage },
	{ operation: 'magalu.attachment', ...readMessages, path: attachment, answer: getAttachment },
	{ operation: 'magalu.send', ...send, path: messages, answer: sendMessage },
	{ operation: 'magalu.transactions', ...readTransactions, path: list, answer: listTransactions },
	{
		operation: 'magalu.transaction',
		...readTransactions,
		path: `${list}/*`,
		answer: getTransaction,
	},
	{ operation: 'magalu.orders', ...readOrders, path: orders, answer: listOrders },
	{ operation: 'magalu.order', ...readOrders, path: `${orders}/*`, answer: getOrder },
	{ operation: 'magalu.deliveries', ...readDeliveries, path: deliveries, answer: listDeliveries },
];

/** The seller API: tickets with their messages, transactions, orders and deliveries. */
export function sellerApi(world: World): Service {
	return {
		prefix: '/magalu',
		operationOf: (exchange) => routeOf(exchange)?.route.operation ?? 'magalu.unknown',
		answer(exchange) {
			settle(world);
			const answer = answerTo(world, exchange);
			return { ...answer, headers: { 'x-request-id': randomUUID(), ...answer.headers } };
		},
	};
}

function answerTo(world: World, exchange: Exchange): Answer {
	const { context, state } = world;
	if (state.settings.edgeBlocks > 0) {
		state.settings.edgeBlocks -= 1;
		return edgeBlock();
	}
	const found = routeOf(exchange);
	if (!found) return noRoute(exchange);
	const { route, segments } = found;

	const token = /^Bearer (\S+)$/.exec(exchange.headers['authorization'] ?? '')?.[1];
	if (token === undefined) return unauthorized('Jwt is missing');
	const grant = state.accessTokens.get(token);
	if (!grant) return unauthorized('Jwt verification fails');
	if (context.clock.now() >= grant.expiresAt) return unauthorized('Jwt is expired');

	const { tenantId } = grant;
	const tooMany = overLimit(world, tenantId ?? 'person', route.group);
	if (tooMany) return tooMany;
	if (tenantId === undefined) return forbidden('The token is not bound to a store.');
	const namedTenant = exchange.headers['x-tenant-id'];
	if (namedTenant !== undefined && namedTenant !== tenantId) {
		return forbidden('The token belongs to another tenant.');
	}
	if (!grant.admin) return forbidden('The user is not an ADMIN of the store.');
	if (!grant.scopes.includes(route.scope)) return forbidden(`Missing scope: ${route.scope}`);
	return route.answer(world, exchange, segments);
}

function routeOf({ method, path }: Exchange): { route: Route; segments: string[] } | undefined {
	for (const route of routes) {
		if (route.method !== method) continue;
		const segments = segmentsOf(route, path);
		if (segments) return { route, segments };
	}
	return undefined;
}

function segmentsOf(route: Route, path: string): string[] | undefined {
	const wanted = route.path.split('/');
	const given = path.split('/');
	const fits =
		wanted.length === given.length &&
		wanted.every((part, index) => (part === '*' ? given[index] !== '' : part === given[index]));
	if (!fits) return undefined;
	try {
		return given
			.filter((_part, index) => wanted[index] === '*')
			.map((part) => decodeURIComponent(part));
	} catch {
		return undefined;
	}
}

function noRoute({ path }: Exchange): Answer {
	const otherMethod = routes.some((route) => segmentsOf(route, path));
	if (otherMethod) return { status: 405, body: { detail: 'Method Not Allowed' } };
	return { status: 404, body: { detail: 'Not Found' } };
}

/** In a shape of its own, as integrators recorded it. */
function unauthorized(reason: string): Answer {
	return {
		status: 401,
		headers: { 'x-authorization-error': reason },
		body: {
			developerMessage: `The access token was refused: ${reason}`,
			userMessage: 'Você não tem autorização para acessar este recurso',
			errorCode: '401',
		},
	};
}

function forbidden(reason: string): Answer {
	return platformError(403, reason);
}

/** Counts the request, unless the seller is over the limit for the last minute. */
function overLimit(
	{ context, state }: World,
	tenant: string,
	group: RateGroup,
): Answer | undefined {
	const { perMinute, retryAfter } = state.settings;
	const now = context.clock.now();
	const key = `${tenant} ${group}`;
	const recent = (state.recentCalls.get(key) ?? []).filter((at) => at > now - 60_000);
	state.recentCalls.set(key, recent);
	if (recent.length >= perMinute[group]) {
		const headers: Record<string, string> =
			retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
		return platformError(429, 'Too many requests.', [], headers);
	}
	recent.push(now);
	return undefined;
}
