import type { Context, Exchange, Marketplace, Service } from '../service.mts';
import { authorizePath, consent, done, donePath } from './consent.mts';
import { analytics, analyticsOperation, isAnalytics } from './analytics.mts';
import { conversations, messageOperation, writeInConversation } from './conversations.mts';
import { fulfillment, fulfillmentOperation, isFulfillment } from './fulfillment.mts';
import { media, mediaOperation } from './media.mts';
import { newQuestion } from './memberMessages.mts';
import {
	notificationOperation,
	notifications,
	notify,
	type Delivery,
	type NotifyOptions,
} from './notifications.mts';
import { token } from './oauth.mts';
import { newOrder, partOfOrder } from './orders.mts';
import { eps } from './pictures.mts';
import { noResource } from './rest.mts';
import { demoState, nextId } from './state.mts';
import type { EbayState, Order, Question } from './state.mts';
import { trading, tradingOperation } from './trading.mts';

export type { EbayState, NextAnswer, Order, Question } from './state.mts';
export { allScopes, demoRuName, scopeBase } from './state.mts';

const tradingPath = '/ws/api.dll';
const isNotification = ({ path }: Exchange) => path.startsWith('/commerce/notification/v1/');
const tokenPath = '/identity/v1/oauth2/token';

/** The simulated eBay: its APIs, and what tests and the demo may read and change. */
export interface Ebay extends Marketplace {
	state: EbayState;
	/** An order that just came in (status Active, unpaid); returns it, to be changed further. */
	addOrder(order?: Partial<Order>): Order;
	/** The same for a list from outside; throws where an entry is no (part of an) `Order`. */
	addOrders(orders: unknown[]): void;
	/** A question that a member just asked on a listing. */
	addQuestion(question: Partial<Question> & { itemId: string }): Question;
	/** Tells whoever is subscribed what happened, as eBay's Notification API does. */
	notify(topicId: string, data: object, options?: NotifyOptions): Promise<Delivery>;
	/** Every access token that is out expires now; Trading then says so under HTTP 200. */
	expireAccessTokens(): void;
	/** Multiplies the times of the rate limits: 0.01 turns the block of 100 s into one of 1 s. */
	scaleLimits(factor: number): void;
	reset(): void;
}

/**
 * Trading gateway, OAuth and Message API under `/ebay` (stands for https://api.ebay.com), Media API under
 * `/ebay-media` (stands for https://apim.ebay.com), pictures under `/eps`.
 */
export function ebayServices(context: Context): Ebay {
	const state = demoState(context.clock);
	const api: Service = {
		prefix: '/ebay',
		operationOf(exchange: Exchange) {
			if (exchange.path === tradingPath) return tradingOperation(exchange);
			if (exchange.path === tokenPath) return 'ebay.token';
			if (exchange.path === authorizePath) return 'ebay.consent';
			if (exchange.path === donePath) return 'ebay.consented';
			if (isAnalytics(exchange)) return analyticsOperation(exchange);
			if (isFulfillment(exchange)) return fulfillmentOperation(exchange);
			return isNotification(exchange)
				? notificationOperation(exchange)
				: messageOperation(exchange);
		},
		answer(exchange: Exchange) {
			if (exchange.path === tradingPath) return trading(exchange, state, context);
			if (exchange.path === tokenPath) return token(exchange, state, context.clock.now());
			if (exchange.path === authorizePath) return consent(exchange, state, context.clock.now());
			if (exchange.path === donePath) return done(exchange);
			if (isAnalytics(exchange)) return analytics(exchange, state, context.clock.now());
			if (isFulfillment(exchange)) return fulfillment(exchange, state, context.clock.now());
			if (isNotification(exchange)) return notifications(exchange, state, context);
			if (exchange.path.startsWith('/commerce/message/v1/')) {
				return conversations(exchange, state, context);
			}
			return noResource();
		},
	};
	const pictures: Service = {
		prefix: '/ebay-media',
		operationOf: mediaOperation,
		answer: (exchange) => media(exchange, state, context),
	};
	const hosted: Service = {
		prefix: '/eps',
		operationOf: () => 'eps.get',
		answer: (exchange) => eps(exchange, state, context),
	};
	function addOrder(order?: Partial<Order>): Order {
		const added = newOrder(context.clock.now(), nextId(state), order);
		state.orders.push(added);
		return added;
	}
	return {
		services: [api, pictures, hosted],
		state,
		addOrder,
		addOrders(orders) {
			for (const order of orders.map(partOfOrder)) addOrder(order);
		},
		addQuestion(question) {
			const added = newQuestion(context.clock.now(), nextId(state), question);
			state.questions.push(added);
			return added;
		},
		async writeAsBuyer({ from, text, itemId }) {
			const { conversation, message } = writeInConversation(state, context.clock.now(), {
				from,
				text,
				itemId,
			});
			return await notify(state, context.clock, 'NEW_MESSAGE', {
				messageId: message.messageId,
				conversationId: conversation.conversationId,
				conversationType: conversation.type,
				messageBody: text,
				messageMedia: [],
				senderUserName: from,
				recipientUserName: conversation.seller,
				createdDate: new Date(message.createdAt).toISOString(),
				readStatus: false,
				subject: message.subject,
			});
		},
		notify: async (topicId, data, options) =>
			await notify(state, context.clock, topicId, data, options),
		expireAccessTokens() {
			for (const issued of state.accessTokens.values()) issued.expiresAt = context.clock.now();
		},
		scaleLimits(factor) {
			for (const limit of [state.messageLimit, state.imageLimit]) {
				const { calls, windowMs, blockMs } = limit.plan;
				limit.plan = { calls, windowMs: windowMs * factor, blockMs: blockMs * factor };
			}
		},
		reset() {
			const unset = { volumeCap: undefined, rowsPerPage: undefined, heaviestPage: undefined };
			Object.assign(state, unset, demoState(context.clock));
		},
	};
}
