import type { IExecuteFunctions } from 'n8n-workflow';

import { Refusal } from '../../shared/outcome';
import { textIn } from '../../shared/text';
import { textOf } from '../../shared/values';
import { refuseForeignMarketplace, type Connection } from '../api/connection';
import type { Region } from '../api/hosts';
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
	const marketplaceId = textIn(context.getNodeParameter('marketplaceId', itemIndex), 'Marketplace');
	refuseNoMarketplace(marketplaceId, 'Marketplace', region);
	return marketplaceId;
}

function refuseNoMarketplace(marketplaceId: string, label: string, region: Region): void {
	if (!/^[A-Z0-9]{8,20}$/.test(marketplaceId)) {
		throw new Refusal(
			`'${label}' is not a marketplace`,
			'Choose one from the list. An expression must give an ID such as ATVPDKIKX0DER (United States).',
		);
	}
	refuseForeignMarketplace(marketplaceId, region);
}

/**
 * @returns the marketplaces of a list of orders; none for all of the credential's region. Workflows of
 * earlier versions name one, in a field that the form does not show any more.
 * @throws Refusal for what is none, and for one of another region than the credential's
 */
export function marketplacesIn(
	context: IExecuteFunctions,
	itemIndex: number,
	{ region }: Connection,
): string[] {
	const chosen = listIn(context, itemIndex, 'marketplaceIds');
	const ids = chosen.length > 0 ? chosen : listIn(context, itemIndex, 'marketplaceId');
	for (const id of ids) refuseNoMarketplace(id, 'Marketplaces', region);
	return ids;
}

/** @returns the words of a field with several, each once; an expression may give them as one text, with commas */
export function listIn(context: IExecuteFunctions, itemIndex: number, name: string): string[] {
	const value = context.getNodeParameter(name, itemIndex, []) as unknown;
	const words = (Array.isArray(value) ? value : [value])
		.flatMap((one) => (textOf(one) ?? '').split(','))
		.map((one) => one.trim());
	return [...new Set(words)].filter((one) => one !== '');
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
	return { orderId: orderIdIn(context, itemIndex), marketplaceId };
}

/** @throws Refusal for what is no order ID */
export function orderIdIn(context: IExecuteFunctions, itemIndex: number): string {
	const typed = textIn(context.getNodeParameter('orderId', itemIndex), 'Order ID');
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
			'It looks like 902-3159896-1390916: three groups of digits, without spaces or other characters. Seller Central shows it beside the order, and the Amazon Order Trigger gives it as orderId.',
		);
	}
	return typed;
}
