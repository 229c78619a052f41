import { randomUUID } from 'node:crypto';

import type { Answer, Exchange } from '../service.mts';
import { platformError, type Problem, unprocessable } from './answers.mts';
import { inBody, isObject, jsonIn, notIn, wrongFields } from './bodies.mts';
import { sellerTicketReasons, sellerTicketTypes } from './limits.mts';
import {
	type Order,
	type PostedTicket,
	seller,
	type TicketTransaction,
	type World,
} from './state.mts';
import { note, settle, settleLater } from './transactions.mts';

/** `POST …/tickets`: takes a ticket of the seller, answers 202 with its transaction. */
export function postTicket(world: World, exchange: Exchange): Answer {
	const read = jsonIn(exchange);
	if ('refusal' in read) return read.refusal;
	const problems = wrongInTicket(read.content);
	if (problems.length > 0) return unprocessable(problems);

	const posted = read.content as PostedTicket;
	const problem = wrongWithOrder(world, posted);
	const { missingOrders } = world.state.settings;
	if (problem !== undefined && missingOrders === 'refused') return platformError(404, problem);

	const transaction = open(world, posted, problem === undefined);
	settle(world);
	settleLater(world);
	return { status: 202, body: accepted(world, transaction) };
}

/** A ticket has no `code` of the seller's: the specification has none in `CreateTicketSeller`. */
function wrongInTicket(content: unknown): Problem[] {
	if (!isObject(content)) return [inBody([], 'value is not a valid dict', 'type_error.dict')];
	const problems = wrongFields(content, [], ['type'], ['order', 'reason']);
	const { type, reason, order } = content;
	if (typeof type === 'string' && !sellerTicketTypes.includes(type)) {
		problems.push(inBody(['type'], notIn(sellerTicketTypes), 'type_error.enum'));
	}
	const isReason = typeof reason === 'string' && sellerTicketReasons.includes(reason);
	if (reason !== undefined && reason !== null && !isReason) {
		problems.push(inBody(['reason'], notIn(sellerTicketReasons), 'type_error.enum'));
	}
	return [...problems, ...wrongInOrder(order)];
}

function wrongInOrder(order: unknown): Problem[] {
	const way = ['order'];
	if (!isObject(order)) return [missingOrNoDict(order, way)];
	const problems = wrongFields(order, way, ['id', 'code'], ['delivery']);
	const { delivery } = order;
	const at = [...way, 'delivery'];
	if (!isObject(delivery)) return [...problems, missingOrNoDict(delivery, at)];
	problems.push(...wrongFields(delivery, at, ['id'], ['seller', 'items']));

	const store = delivery['seller'];
	problems.push(
		...(isObject(store)
			? [
					...wrongFields(store, [...at, 'seller'], ['id'], ['name']),
					...wrongOptionals(store, [...at, 'seller'], ['name']),
				]
			: [missingOrNoDict(store, [...at, 'seller'])]),
	);
	const { items } = delivery;
	if (!Array.isArray(items)) return [...problems, missingOrNoDict(items, [...at, 'items'])];
	if (items.length === 0) {
		const least = 'ensure this value has at least 1 items';
		problems.push(inBody([...at, 'items'], least, 'value_error.list.min_items'));
	}
	return [...problems, ...items.flatMap((item, i) => wrongInItem(item, [...at, 'items', i]))];
}

const optionalOfItem = ['name', 'description', 'external_sku', 'image'];

function wrongInItem(item: unknown, way: Array<string | number>): Problem[] {
	if (!isObject(item)) return [missingOrNoDict(item, way)];
	const problems = [
		...wrongFields(item, way, ['id', 'sku'], ['quantity', ...optionalOfItem]),
		...wrongOptionals(item, way, optionalOfItem),
	];
	const quantity = item['quantity'];
	if (!Number.isInteger(quantity)) {
		problems.push(
			inBody([...way, 'quantity'], 'value is not a valid integer', 'type_error.integer'),
		);
	} else if (Number(quantity) <= 0) {
		const message = 'ensure this value is greater than 0';
		problems.push(inBody([...way, 'quantity'], message, 'value_error.number.not_gt'));
	}
	return problems;
}

function wrongOptionals(
	content: Record<string, unknown>,
	way: Array<string | number>,
	names: string[],
): Problem[] {
	return names
		.filter((name) => ![undefined, null].includes(content[name] as null))
		.filter((name) => typeof content[name] !== 'string')
		.map((name) => inBody([...way, name], 'str type expected', 'type_error.str'));
}

function missingOrNoDict(value: unknown, way: Array<string | number>): Problem {
	return value === undefined || value === null
		? inBody(way, 'field required', 'value_error.missing')
		: inBody(way, 'value is not a valid dict', 'type_error.dict');
}

/**
 * The order, its delivery and its items have to be there and belong together. No document says how Magalu
 * refuses an order that is not: at once, or by its transaction.
 */
function wrongWithOrder({ state }: World, { order: named }: PostedTicket): string | undefined {
	const missing = `Order '${named.code}' não encontrado.`;
	const order = state.orders.find(({ id, code }) => id === named.id && code === named.code);
	if (!order) return missing;
	const { delivery } = named;
	if (!deliveriesOf(order).includes(delivery.id))
		return `Delivery '${delivery.id}' não encontrada.`;
	if (delivery.seller.id !== seller.id) return missing;
	const wrong = delivery.items.find(
		({ id, sku, quantity }) =>
			!order.items.some((item) => item.id === id && item.sku === sku && item.quantity >= quantity),
	);
	return wrong && `Item '${wrong.id}' não encontrado.`;
}

const deliveriesOf = ({ delivery, furtherDeliveries = [] }: Order) =>
	[delivery, ...furtherDeliveries].map(({ id }) => id);

function open(world: World, posted: PostedTicket, fits: boolean): TicketTransaction {
	const { context, state } = world;
	const now = context.clock.now();
	const transaction: TicketTransaction = {
		id: randomUUID(),
		ticket: posted,
		fits,
		status: 'pending',
		createdAt: now,
		updatedAt: now,
		createdBy: seller.id,
		events: [],
	};
	note(transaction, 'info', 'Ticket received', now);
	state.ticketTransactions.push(transaction);
	state.openTransactions.add(transaction);
	return transaction;
}

function accepted({ state }: World, transaction: TicketTransaction): object {
	const { nullDataWithoutFiles } = state.settings;
	return {
		transaction_id: transaction.id,
		data: nullDataWithoutFiles
			? null
			: { ...transaction.ticket, code: null, created_by: transaction.createdBy },
		links: [{ path: `/seller/v0/transactions/${transaction.id}` }],
	};
}
