import type { IDataObject, INodeType } from 'n8n-workflow';

import { EbayApi } from '../../../credentials/EbayApi.credentials.ts';
import { EbayOrderTrigger } from '../../../nodes/Ebay/EbayOrderTrigger.node.ts';
import { EbayQuestionTrigger } from '../../../nodes/Ebay/EbayQuestionTrigger.node.ts';
import {
	conversationFields,
	messageFields,
	orderFields,
	questionFields,
	shownFieldsOf,
} from '../../../nodes/Ebay/api/shownFields.ts';
import { readXml } from '../../../nodes/Ebay/api/xml.ts';
import { ebayWorld, ITEM } from '../../engine/ebay.mts';
import { pollerOf } from '../../engine/poller.mts';
import { connect } from '../../marketplaces/ebay/client.mts';

const world = ebayWorld();

/** Everything that the simulator tells of a person who is not the seller. */
const PERSONAL = /Robin|Harbour|555 0100|62701|example\.com|123\.456|ring twice|EIAS|nY\+|birthday/;

/** Fields of eBay's that somebody has judged to be personal, or of no use to a workflow, with what is in them. */
const left: Record<string, readonly string[]> = {
	Order: [
		'SellerEmail',
		'ShippingAddress',
		'BuyerCheckoutMessage',
		'BuyerTaxIdentifier',
		'EIASToken',
		'MultiLegShippingDetails',
	],
	'Order.MonetaryDetails': ['Payments'],
	'Order.MonetaryDetails.Refunds.Refund': ['RefundTo'],
	'Order.TransactionArray.Transaction': ['Buyer', 'Gift', 'GiftSummary'],
	'MemberMessageExchange.Question': ['SenderEmail'],
	ConversationDetail: [],
	MessageDetail: [],
};

type Node = Record<string, unknown>;
const isNode = (value: unknown): value is Node =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** Paths of all fields, those of lists without a number, whatever is left out not entered. */
function pathsIn(value: unknown, at: string, names: string[] = []): string[] {
	if (Array.isArray(value)) value.forEach((one) => pathsIn(one, at, names));
	if (!isNode(value)) return names;
	for (const [name, inside] of Object.entries(value)) {
		if (left[at]?.includes(name)) continue;
		const path = `${at}.${name}`;
		if (isNode(inside) && !('value' in inside)) pathsIn(inside, path, names);
		else if (Array.isArray(inside) && inside.some(isNode)) pathsIn(inside, path, names);
		else names.push(path);
	}
	return [...new Set(names)];
}

/** What the simulator answers with, which holds whatever eBay would tell. */
async function answered(call: string, inner: string, ...path: string[]): Promise<unknown> {
	const client = await connect();
	const [order] = client.ebay.state.orders;
	const tracking = [{ carrier: 'DHL', number: 'JD1' }];
	const packages = [{ deliveredAt: client.clock.time }];
	const refunds = [{ amount: 5, at: client.clock.time }];
	Object.assign(order!, { tracking, packages, refunds, cancelledAt: client.clock.time });
	Object.assign(order!.lineItems[0]!, { tracking, packages, shippedAt: 1, paidAt: 1 });
	const { xml } = await client.call(call, inner);
	return path.reduce<unknown>((at, name) => (at as Node)[name], readXml(xml)!.content);
}

const orders = async () =>
	await answered(
		'GetOrders',
		'<OrderIDArray><OrderID>11-00001-00001</OrderID></OrderIDArray>',
		'OrderArray',
		'Order',
	);
const questions = async () =>
	await answered(
		'GetMemberMessages',
		'<ItemID>110000000001</ItemID><MailMessageType>All</MailMessageType>',
		'MemberMessage',
		'MemberMessageExchange',
	);

describe('every field that eBay tells is judged: shown, or left out by name', () => {
	it.each([
		['an order', orders, 'Order', orderFields],
		['a question', questions, 'MemberMessageExchange', questionFields],
	])('of %s', async (_what, ask, name, fields) => {
		const [told] = (await ask()) as Node[];
		expect(pathsIn(shownFieldsOf(told, fields), name).sort()).toEqual(pathsIn(told, name).sort());
	});

	/** The fields of eBay's OpenAPI document of the Message API 1.0.0. */
	it.each([
		[
			'ConversationDetail',
			conversationFields,
			[
				'conversationId',
				'conversationStatus',
				'conversationTitle',
				'conversationType',
				'createdDate',
				'latestMessage',
				'referenceId',
				'referenceType',
				'unreadCount',
			],
		],
		[
			'MessageDetail',
			messageFields,
			[
				'createdDate',
				'messageBody',
				'messageId',
				'messageMedia',
				'readStatus',
				'recipientUsername',
				'senderUsername',
				'subject',
			],
		],
	])('of a %s', (name, fields, documented) => {
		const shown = Object.keys(fields).filter((field) => field !== 'messages');
		expect([...shown, ...left[name]!].sort()).toEqual(documented);
	});
});

/** The same answer with a field more in every object. */
function withNews<T>(value: T): T;
function withNews(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(withNews);
	if (!isNode(value)) return value;
	const inside = Object.entries(value).map(([name, one]) => [name, withNews(one)] as const);
	return { ...Object.fromEntries(inside), newField: { name: 'Robin News' }, newText: 'Robin News' };
}

/** The same answer with an object in the place of every text. */
function withObjects(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(withObjects);
	if (!isNode(value)) return { street: '12 Harbour Lane', value: { name: 'Robin' } };
	const inside = Object.entries(value).map(([name, one]) => [name, withObjects(one)] as const);
	return Object.fromEntries(inside);
}

describe('what eBay adds one day stays out', () => {
	it.each([
		['an order', orders, orderFields],
		['a question', questions, questionFields],
	])('of %s, at any depth', async (_what, ask, fields) => {
		const [told] = (await ask()) as Node[];
		const before = shownFieldsOf(told, fields);
		expect(JSON.stringify(before)).not.toMatch(PERSONAL);
		expect(shownFieldsOf(withNews(told), fields)).toEqual(before);
		expect(JSON.stringify(shownFieldsOf(withObjects(told), fields))).not.toMatch(PERSONAL);
	});

	it.each([
		['getMany', 'ebay.conversations', {}],
		['get', 'ebay.conversation', { conversationId: '800000000001' }],
	])('of conversations (%s), at any depth', async (operation, name, more) => {
		const [media] = [[{ mediaName: 'a', mediaType: 'PDF', mediaUrl: 'https://a.example/a.pdf' }]];
		world.simulator.ebay.state.conversations[0]!.messages[0]!.media = media!;
		const form = { resource: 'conversation', operation, ...more };
		const { items } = await world.run(form);
		const said = world.simulator.calls.find((call) => call.operation === name)!;
		const { state } = world.simulator.ebay;
		const body = withNews(await bodyOf(said.rawUrl, [...state.accessTokens.keys()][0]!));
		world.simulator.faults.push({ operation: name, kind: 'status', status: 200, body });
		expect((await world.run(form)).items).toEqual(items);
	});
});

async function bodyOf(url: string, token: string): Promise<object> {
	const headers = {
		authorization: `Bearer ${token}`,
		'user-agent': 'n8n-nodes-marketplace-messages/test',
	};
	return (await (await fetch(`${world.simulator.origin}${url}`, { headers })).json()) as object;
}

describe('no personal data comes out unasked', () => {
	const poller = (node: INodeType, parameters: IDataObject) =>
		pollerOf(
			{ node, credentialTypes: [new EbayApi()], credentials: world.node.credentials },
			parameters as never,
		);

	it.each([
		['a line item', {}],
		['an order', { options: { output: 'order' } }],
	])('of %s', async (_what, more) => {
		const order = world.simulator.ebay.addOrder();
		order.lineItems[0]!.tracking = [{ carrier: 'DHL', number: 'JD0001' }];
		const trigger = poller(new EbayOrderTrigger(), { event: 'orderCreated', ...more });
		const items = (await trigger.poll('manual'))!;
		expect(JSON.stringify(items)).not.toMatch(PERSONAL);
		expect(items[0]!.json).toMatchObject({
			recipientId: 'buyer_one',
			carrier: 'DHL',
			trackingNumber: 'JD0001',
		});
	});

	it('of a question', async () => {
		world.simulator.ebay.addQuestion({ itemId: ITEM });
		const trigger = poller(new EbayQuestionTrigger(), {});
		const read = await world.run({ resource: 'question', operation: 'getMany' });
		const items = [...(await trigger.poll('manual'))!, ...read.items];
		expect(JSON.stringify(items)).not.toMatch(PERSONAL);
		expect(items[0]!.json).toMatchObject({ recipientId: 'shopper_one', itemId: ITEM });
	});
});
