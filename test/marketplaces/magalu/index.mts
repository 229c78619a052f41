/**
 * Magalu: ID Magalu under `/id-magalu`, the seller API under `/magalu`, and the Google Cloud Storage
 * that its signed links lead to under `/gcs`.
 */
import type { Context, Service } from '../service.mts';
import {
	demoClient,
	demoOrders,
	demoRefreshToken,
	demoTenant,
	demoTicketList,
	demoUser,
	newMessage,
	newOrder,
	newTicket,
} from './demo.mts';
import { idMagalu } from './idMagalu.mts';
import { sellerApi } from './seller.mts';
import {
	allScopes,
	defaultSettings,
	type MagaluState,
	type Message,
	type Order,
	type Ticket,
	type World,
} from './state.mts';
import { cloudStorage } from './storage.mts';
import { issueTokens, type TokenAnswer, type TokenWishes } from './tokens.mts';
import { settle } from './transactions.mts';

export interface Magalu {
	services: Service[];
	/** Tests and the demo may change all of it, `state.settings` above all. */
	state: MagaluState;
	/** Tokens without a login, in the shape that n8n stores: all scopes of the demo store by default. */
	issueTokens(wishes?: TokenWishes): TokenAnswer;
	addTicket(given?: Partial<Ticket>): Ticket;
	/** A message of the customer, unless `given` names another sender: the seller's turn. */
	addMessage(ticketId: string, given?: Partial<Message>): Message;
	addOrder(given?: Partial<Order>): Order;
	/** The same for orders from outside; times are in milliseconds. Throws where a field is unknown. */
	addOrders(given: unknown[]): void;
	/** Ends what is due by now, without waiting for a request. */
	settle(): void;
	/** The demo state and the default settings again. Tokens stay good: nobody is logged out. */
	reset(): void;
}

export function magaluServices(context: Context): Magalu {
	const state = demoState(context);
	const world: World = { context, state };
	const now = () => context.clock.now();

	const magalu: Magalu = {
		services: [idMagalu(world), sellerApi(world), cloudStorage(world)],
		state,
		issueTokens: (wishes) => issueTokens(world, wishes),
		addTicket(given) {
			const ticket = newTicket(now(), given);
			state.tickets.push(ticket);
			return ticket;
		},
		addMessage(ticketId, given) {
			const ticket = state.tickets.find(({ id }) => id === ticketId);
			if (!ticket) throw new Error(`No ticket ${ticketId}`);
			const message = newMessage(now(), given);
			ticket.messages.push(message);
			ticket.updatedAt = Math.max(ticket.updatedAt ?? 0, message.createdAt);
			if (message.sender.type !== 'seller') ticket.status = 'waiting_seller';
			return message;
		},
		addOrder(given) {
			const order = newOrder(now(), given);
			state.orders.push(order);
			return order;
		},
		addOrders(given) {
			const known = [...Object.keys(newOrder(now())), 'furtherDeliveries', 'indexedAt'];
			const orders = given.map((order) => {
				if (typeof order !== 'object' || order === null) throw new Error('An order is an object');
				const unknown = Object.keys(order).filter((name) => !known.includes(name));
				if (unknown.length > 0) throw new Error(`An order has no ${unknown.join(', ')}`);
				return order;
			});
			for (const order of orders) magalu.addOrder(order);
		},
		settle: () => settle(world),
		reset() {
			const { accessTokens, refreshTokens } = state;
			const fresh = demoState(context);
			const demoToken = fresh.refreshTokens;
			Object.assign(state, fresh, {
				accessTokens,
				refreshTokens: new Map([...refreshTokens, ...demoToken]),
			});
		},
	};
	return magalu;
}

function demoState({ clock }: Context): MagaluState {
	const now = clock.now();
	const orders = demoOrders(now);
	const grant = {
		clientId: demoClient.id,
		scopes: allScopes,
		tenantId: demoTenant,
		admin: true,
		used: false,
	};
	return {
		settings: defaultSettings(),
		clients: [structuredClone(demoClient)],
		users: [structuredClone(demoUser)],
		accessTokens: new Map(),
		refreshTokens: new Map([[demoRefreshToken, grant]]),
		codes: new Map(),
		lastLoginProblem: undefined,
		tickets: demoTicketList(now, orders),
		orders,
		transactions: [],
		ticketTransactions: [],
		openTransactions: new Set(),
		inModeration: new Set(),
		files: new Map(),
		doublePuts: [],
		recentCalls: new Map(),
	};
}
