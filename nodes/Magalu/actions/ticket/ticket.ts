import type { IExecuteFunctions } from 'n8n-workflow';

import { Refusal } from '../../../shared/outcome';
import { textIn } from '../../../shared/text';
import { recordOf, recordsOf, textOf, type Json } from '../../../shared/values';
import type { Connection } from '../../api/connection';
import { sellerTicketReasons, sellerTicketTypes } from '../../api/limits';
import type { TicketBody, TicketItem } from '../../api/openTicket';

/** What the form says of a ticket, checked by itself. */
export interface Wishes {
	type: string;
	reason?: string;
	/** Empty: all that the delivery has. */
	items: WishedItem[];
	/** Empty: the only one that fits. */
	delivery: string;
}

interface WishedItem {
	/** Its ID or one of its SKUs. */
	name: string;
	/** 0: all of it. */
	quantity: number;
}

/** What stands for a reason that is none. */
export const NO_REASON = 'none';

/** @throws Refusal that names the field */
export function wishesOf(context: IExecuteFunctions, itemIndex: number): Wishes {
	const read = (name: string) => context.getNodeParameter(name, itemIndex, '') as unknown;
	const reason = oneOf(read('reason') || NO_REASON, 'Reason', [
		...sellerTicketReasons.map(({ value }) => value),
		NO_REASON,
	]);
	return {
		type: oneOf(
			read('type') || 'shipping',
			'Type',
			sellerTicketTypes.map(({ value }) => value),
		),
		reason: reason === NO_REASON ? undefined : reason,
		items: recordsOf(recordOf(read('items')).item).map(wishedItem),
		delivery: textIn(context.getNodeParameter('options.delivery', itemIndex, ''), 'Delivery'),
	};
}

function oneOf(chosen: unknown, label: string, allowed: string[]): string {
	const word = textIn(chosen, label);
	if (allowed.includes(word)) return word;
	throw new Refusal(
		`'${label}' is not one that a seller can open a ticket with: ${word.slice(0, 40)}`,
		`It is one of ${allowed.join(', ')}.`,
	);
}

function wishedItem({ item, quantity }: Json): WishedItem {
	const name = textIn(item, 'Item');
	const count = Number(quantity ?? 0);
	if (name === '') {
		throw new Refusal(
			"'Item' is empty",
			'Write its ID or SKU, or remove the entry: without any, the ticket is about all items.',
		);
	}
	if (!Number.isInteger(count) || count < 0) {
		throw new Refusal(
			`'Quantity' of ${name} is not a whole number`,
			'Write how many of it the ticket is about, or 0 for all.',
		);
	}
	return { name, quantity: count };
}

/**
 * A ticket about an order: Magalu wants its delivery and its items told, which the order has.
 *
 * @param order as Magalu shows it
 * @throws Refusal where the form and the order do not fit together, or the order lacks what Magalu wants
 */
export function ticketOf(connection: Connection, order: Json, wishes: Wishes): TicketBody {
	const [id, code] = [textOf(order.id), textOf(order.code)];
	if (id === undefined || code === undefined) throw incomplete(code ?? id, 'its ID and number');

	const delivery = deliveryOf(order, code, wishes);
	const deliveryId = textOf(delivery.id);
	if (deliveryId === undefined) throw incomplete(code, 'the ID of its delivery');
	const seller = textOf(recordOf(delivery.seller).id) ?? connection.tenantId;
	if (seller === undefined) {
		throw incomplete(
			code,
			'your store',
			" Write the store's ID into 'Tenant ID' of the credential.",
		);
	}
	return {
		type: wishes.type,
		reason: wishes.reason,
		order: {
			id,
			code,
			delivery: { id: deliveryId, seller: { id: seller }, items: itemsOf(delivery, code, wishes) },
		},
	};
}

/** A ticket is about one delivery: the one that is named, or that has the items, or the only one. */
function deliveryOf(order: Json, code: string, { delivery: named, items }: Wishes): Json {
	const deliveries = recordsOf(order.deliveries);
	const fitting = deliveries.filter((one) =>
		named === ''
			? items.every(({ name }) => recordsOf(one.items).some((item) => isNamed(item, name)))
			: [textOf(one.id), textOf(one.code)].includes(named),
	);
	if (fitting.length === 1) return fitting[0]!;
	const known = deliveries.map((one) => textOf(one.code) ?? textOf(one.id)).join(', ');
	if (deliveries.length === 0) throw incomplete(code, 'its deliveries');
	if (fitting.length > 1) {
		throw new Refusal(
			`The order ${code} has ${deliveries.length} deliveries, and a ticket is about one`,
			`Write which one into the option 'Delivery': ${known}.`,
		);
	}
	throw named === ''
		? new Refusal(
				`The order ${code} has no delivery with these items: ${items.map(({ name }) => name).join(', ')}`,
				`Check the IDs or SKUs. All items of a ticket are of one delivery. ${itemsKnown(deliveries)}`,
			)
		: new Refusal(
				`The order ${code} has no delivery ${named}`,
				`Check 'Delivery'. There is: ${known}.`,
			);
}

function itemsOf(delivery: Json, code: string, { items }: Wishes): TicketItem[] {
	const all = recordsOf(delivery.items);
	if (items.length === 0) {
		if (all.length === 0) throw incomplete(code, 'its items');
		return all.map((item) => itemOf(item, code, 0));
	}
	return items.map(({ name, quantity }) => {
		const item = all.find((one) => isNamed(one, name));
		if (item) return itemOf(item, code, quantity);
		throw new Refusal(
			`The delivery has no item ${name}`,
			`Check its ID or SKU. ${itemsKnown([delivery])}`,
		);
	});
}

function itemOf(item: Json, code: string, wanted: number): TicketItem {
	const info = { ...item, ...recordOf(item.info) };
	const [id, sku] = [textOf(info.id), textOf(info.sku)];
	const ordered = Number(item.quantity);
	const isComplete = id !== undefined && sku !== undefined && ordered > 0;
	if (!isComplete) throw incomplete(code, 'ID, SKU and quantity of its items');
	if (wanted > ordered) {
		throw new Refusal(
			`'Quantity' of ${sku} is ${wanted}, and ${ordered} were ordered`,
			'Write how many of it the ticket is about, or 0 for all.',
		);
	}
	const more = { name: textOf(info.name), external_sku: textOf(info.external_sku) };
	return { id, sku, quantity: wanted === 0 ? ordered : wanted, ...more };
}

function isNamed(item: Json, name: string): boolean {
	const { id, sku, external_sku } = { ...item, ...recordOf(item.info) };
	return [id, sku, external_sku].some((one) => textOf(one) === name);
}

function itemsKnown(deliveries: Json[]): string {
	const skus = deliveries
		.flatMap(({ items }) => recordsOf(items))
		.map((item) => textOf({ ...item, ...recordOf(item.info) }.sku));
	return `There is: ${skus.filter(Boolean).join(', ')}.`;
}

function incomplete(code: string | undefined, what: string, advice = ''): Refusal {
	return new Refusal(
		`Magalu does not tell ${what}: order ${code ?? 'without a number'}`,
		`A ticket cannot be opened without that.${advice || ' Open it in the seller portal.'}`,
	);
}
