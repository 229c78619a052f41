import type { IExecuteFunctions } from 'n8n-workflow';

import { Refusal } from '../../shared/outcome';
import { refuseForeignMarketplace, type Connection } from '../api/connection';
import type { OrderRef } from '../api/messages';

const ORDER_ID = /\d{3}-\d{7}-\d{7}/g;

/**
 * @returns the marketplace of an item
 * @throws Refusal for what is none, and for one of another region than the credential's
 */
export function marketplaceIn(
	context: IExecuteFunctions,
	itemIndex: number,
	{ region }: Connection,
): string {
	const marketplaceId = String(context.getNodeParameter('marketplaceId', itemIndex) ?? '').trim();
	if (!/^[A-Z0-9]{8,20}$/.test(marketplaceId)) {
		throw new Refusal(
			"'Marketplace' is not a marketplace",
			'Choose one from the list. An expression must give an ID such as ATVPDKIKX0DER (United States).',
		);
	}
	refuseForeignMarketplace(marketplaceId, region);
	return marketplaceId;
}

/**
 * @returns the order of an item, checked: nothing in it can change the path of a request
 * @throws Refusal that names the field
 */
export function orderOf(
	context: IExecuteFunctions,
	itemIndex: number,
	connection: Connection,
): OrderRef {
	const marketplaceId = marketplaceIn(context, itemIndex, connection);
	const typed = String(context.getNodeParameter('orderId', itemIndex) ?? '').trim();
	return { orderId: orderIdIn(typed), marketplaceId };
}

function orderIdIn(typed: string): string {
	if (/^https?:\/\/\S+$/i.test(typed)) {
		const found = new Set(typed.match(ORDER_ID));
		if (found.size === 1) return [...found][0]!;
	}
	if (typed === '') {
		throw new Refusal(
			"'Order ID' is empty",
			'Write the Amazon order ID. If it comes from an expression, check that the item has that field.',
		);
	}
	if (!/^[A-Za-z0-9_-]{1,64}$/.test(typed)) {
		throw new Refusal(
			"'Order ID' is not an Amazon order ID",
			'It looks like 902-3159896-1390916: three groups of digits, without spaces or other characters.',
		);
	}
	return typed;
}
