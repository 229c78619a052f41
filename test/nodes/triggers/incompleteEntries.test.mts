/** Entries that lack what tells them apart or when they happened: each starts the workflow, and once. */
import type { INodeType } from 'n8n-workflow';

import { AmazonSellingPartnerApi } from '../../../credentials/AmazonSellingPartnerApi.credentials.ts';
import { EbayApi } from '../../../credentials/EbayApi.credentials.ts';
import { MagaluOAuth2Api } from '../../../credentials/MagaluOAuth2Api.credentials.ts';
import { AmazonOrderTrigger } from '../../../nodes/Amazon/AmazonOrderTrigger.node.ts';
import { EbayMessageTrigger } from '../../../nodes/Ebay/EbayMessageTrigger.node.ts';
import { EbayOrderTrigger } from '../../../nodes/Ebay/EbayOrderTrigger.node.ts';
import { EbayQuestionTrigger } from '../../../nodes/Ebay/EbayQuestionTrigger.node.ts';
import { MagaluOrderTrigger } from '../../../nodes/Magalu/MagaluOrderTrigger.node.ts';
import { MagaluTicketTrigger } from '../../../nodes/Magalu/MagaluTicketTrigger.node.ts';
import { forgetLanes } from '../../../nodes/shared/http/rateLimit.ts';
import { tellTime } from '../../engine/clock.mts';
import { amazonCredential } from '../../engine/amazon.mts';
import { ebayCredential } from '../../engine/ebay.mts';
import { magaluCredential } from '../../engine/magalu.mts';
import { pollerOf } from '../../engine/poller.mts';
import { startSimulator, type Simulator } from '../../marketplaces/simulator.mts';

let mockNow = Date.parse('2026-11-20T12:00:00Z');
jest.mock('n8n-workflow', () => ({
	...jest.requireActual<object>('n8n-workflow'),
	sleep: async (ms: number) => {
		mockNow += ms;
	},
}));

const MINUTE = 60_000;
let simulator: Simulator;
beforeAll(async () => {
	tellTime(() => mockNow);
	simulator = await startSimulator();
});
beforeEach(() => {
	simulator.reset();
	simulator.magalu.state.settings.tokenLifetime = 1000 * 24 * 3600;
	forgetLanes();
});
afterAll(async () => {
	await simulator.close();
});

interface Row {
	name: string;
	node(): INodeType;
	operation: string;
}

const two = (entry: (one: string) => object) => ['one', 'another'].map(entry);
const magaluPage = (results: object[]) => ({ meta: null, results });

interface WithoutId extends Row {
	/** A page with two entries of that time, which differ in the rest. */
	body(time: string): object | string;
}

const withoutId: WithoutId[] = [
	{
		name: 'orders of Amazon',
		node: () => new AmazonOrderTrigger(),
		operation: 'amazon.searchOrders',
		body: (time) => ({
			orders: two((title) => ({
				createdTime: time,
				lastUpdatedTime: time,
				orderItems: [{ product: { title } }],
			})),
			lastUpdatedBefore: time,
			createdBefore: time,
		}),
	},
	{
		name: 'line items of eBay orders',
		node: () => new EbayOrderTrigger(),
		operation: 'ebay.GetOrders',
		body: (time) =>
			`<GetOrdersResponse xmlns="urn:ebay:apis:eBLBaseComponents"><Timestamp>${time}</Timestamp><Ack>Success</Ack><HasMoreOrders>false</HasMoreOrders><OrderArray>${[
				'one',
				'another',
			]
				.map(
					(title) =>
						`<Order><CreatedTime>${time}</CreatedTime><TransactionArray><Transaction><CreatedDate>${time}</CreatedDate><Item><Title>${title}</Title></Item></Transaction></TransactionArray></Order>`,
				)
				.join('')}</OrderArray></GetOrdersResponse>`,
	},
	{
		name: 'orders of Magalu',
		node: () => new MagaluOrderTrigger(),
		operation: 'magalu.orders',
		body: (time) =>
			magaluPage(two((total) => ({ purchased_at: time, updated_at: time, amounts: { total } }))),
	},
	{
		name: 'tickets of Magalu',
		node: () => new MagaluTicketTrigger(),
		operation: 'magalu.tickets',
		body: (time) =>
			magaluPage(two((protocol) => ({ created_at: time, updated_at: time, protocol }))),
	},
	{
		name: 'conversations at eBay',
		node: () => new EbayMessageTrigger(),
		operation: 'ebay.conversations',
		body: (time) => ({
			conversations: two((messageBody) => ({
				conversationType: 'FROM_MEMBERS',
				latestMessage: {
					messageBody,
					createdDate: time,
					senderUsername: 'buyer',
					recipientUsername: 'demo_seller',
				},
			})),
			total: 2,
		}),
	},
];

function testOf({ node, operation }: Row) {
	const [type, credential] = operation.startsWith('amazon')
		? [new AmazonSellingPartnerApi(), amazonCredential(simulator)]
		: operation.startsWith('ebay')
			? [new EbayApi(), ebayCredential(simulator)]
			: [new MagaluOAuth2Api(), magaluCredential(simulator)];
	return {
		node: node(),
		credentialTypes: [type],
		credentials: { [type.name]: credential as never },
	};
}

it.each(withoutId)('$name without an ID are not one', async (row) => {
	const poller = pollerOf(testOf(row), {});
	await poller.poll();
	mockNow += 10 * MINUTE;
	const body = row.body(new Date(mockNow - 5 * MINUTE).toISOString());
	const { operation } = row;
	simulator.faults.push({ operation, kind: 'status', status: 200, body, times: 9 });
	expect(await poller.poll()).toHaveLength(2);
	mockNow += 10 * MINUTE;
	expect(await poller.poll()).toBeNull();
	expect(
		simulator.calls
			.map(({ rawUrl }) => rawUrl)
			.filter((url) => /\/\/|\/conversation\/\?/.test(url)),
	).toEqual([]);
});

interface WithoutDate extends Row {
	/** A page with these entries, none of which tells a time; at this time by the marketplace's clock. */
	body(ids: string[], time: string): object | string;
}

const xml = (call: string, time: string, inside: string) =>
	`<${call}Response xmlns="urn:ebay:apis:eBLBaseComponents"><Timestamp>${time}</Timestamp><Ack>Success</Ack>${inside}</${call}Response>`;

const withoutDate: WithoutDate[] = [
	{
		name: 'an order of Amazon',
		node: () => new AmazonOrderTrigger(),
		operation: 'amazon.searchOrders',
		body: (ids, time) => ({
			orders: ids.map((orderId) => ({ orderId, createdTime: null })),
			createdBefore: time,
		}),
	},
	{
		name: 'an order of eBay',
		node: () => new EbayOrderTrigger(),
		operation: 'ebay.GetOrders',
		body: (ids, time) =>
			xml(
				'GetOrders',
				time,
				`<OrderArray>${ids.map((id) => `<Order><OrderID>${id}</OrderID><TransactionArray><Transaction><OrderLineItemID>${id}</OrderLineItemID></Transaction></TransactionArray></Order>`).join('')}</OrderArray>`,
			),
	},
	{
		name: 'a question at eBay',
		node: () => new EbayQuestionTrigger(),
		operation: 'ebay.GetMemberMessages',
		body: (ids, time) =>
			xml(
				'GetMemberMessages',
				time,
				`<MemberMessage>${ids.map((id) => `<MemberMessageExchange><Question><MessageID>${id}</MessageID></Question></MemberMessageExchange>`).join('')}</MemberMessage>`,
			),
	},
	{
		name: 'an order of Magalu',
		node: () => new MagaluOrderTrigger(),
		operation: 'magalu.orders',
		body: (ids) => ({ meta: null, results: ids.map((id) => ({ id, purchased_at: 'soon' })) }),
	},
	{
		name: 'a ticket of Magalu',
		node: () => new MagaluTicketTrigger(),
		operation: 'magalu.tickets',
		body: (ids) => ({ meta: null, results: ids.map((id) => ({ id, created_at: null })) }),
	},
];

it.each(withoutDate)('$name without a date is new where it was not there before', async (row) => {
	const poller = pollerOf(testOf(row), {});
	const { operation, body } = row;
	const found = async (...ids: string[]) => {
		mockNow += 20 * MINUTE;
		simulator.faults.length = 0;
		const text = body(ids, new Date(mockNow).toISOString());
		simulator.faults.push({ operation, kind: 'status', status: 200, body: text, times: 99 });
		return ((await poller.poll()) ?? []).length;
	};
	expect(await found('old')).toBe(0);
	expect(await found('old')).toBe(0);
	expect(await found('old', 'new')).toBe(1);
	for (let i = 0; i < 5; i++) expect(await found('old', 'new')).toBe(0);
	poller.switchOff();
	expect(await found('old', 'new')).toBe(0);
	expect(await found('old', 'new', 'newer')).toBe(1);
});
