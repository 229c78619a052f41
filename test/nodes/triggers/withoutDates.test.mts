/** Entries that tell no time are not lost: what was not there at the activation starts the workflow, and once. */
import type { ICredentialType, IDataObject, INodeType } from 'n8n-workflow';

import { AmazonSellingPartnerApi } from '../../../credentials/AmazonSellingPartnerApi.credentials.ts';
import { EbayApi } from '../../../credentials/EbayApi.credentials.ts';
import { MagaluOAuth2Api } from '../../../credentials/MagaluOAuth2Api.credentials.ts';
import { AmazonOrderTrigger } from '../../../nodes/Amazon/AmazonOrderTrigger.node.ts';
import { EbayOrderTrigger } from '../../../nodes/Ebay/EbayOrderTrigger.node.ts';
import { EbayQuestionTrigger } from '../../../nodes/Ebay/EbayQuestionTrigger.node.ts';
import { MagaluOrderTrigger } from '../../../nodes/Magalu/MagaluOrderTrigger.node.ts';
import { MagaluTicketTrigger } from '../../../nodes/Magalu/MagaluTicketTrigger.node.ts';
import { forgetLanes } from '../../../nodes/shared/http/rateLimit.ts';
import { amazonCredential } from '../../engine/amazon.mts';
import { tellTime } from '../../engine/clock.mts';
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
	type: ICredentialType;
	credential(simulator: Simulator): IDataObject;
	operation: string;
	/** A page with these entries, none of which tells a time; at this time by the marketplace's clock. */
	body(ids: string[], time: string): object | string;
}

const xml = (call: string, time: string, inside: string) =>
	`<${call}Response xmlns="urn:ebay:apis:eBLBaseComponents"><Timestamp>${time}</Timestamp><Ack>Success</Ack>${inside}</${call}Response>`;

const rows: Row[] = [
	{
		name: 'an order of Amazon',
		node: () => new AmazonOrderTrigger(),
		type: new AmazonSellingPartnerApi(),
		credential: amazonCredential,
		operation: 'amazon.searchOrders',
		body: (ids, time) => ({
			orders: ids.map((orderId) => ({ orderId, createdTime: null })),
			createdBefore: time,
		}),
	},
	{
		name: 'an order of eBay',
		node: () => new EbayOrderTrigger(),
		type: new EbayApi(),
		credential: ebayCredential,
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
		type: new EbayApi(),
		credential: ebayCredential,
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
		type: new MagaluOAuth2Api(),
		credential: magaluCredential,
		operation: 'magalu.orders',
		body: (ids) => ({ meta: null, results: ids.map((id) => ({ id, purchased_at: 'soon' })) }),
	},
	{
		name: 'a ticket of Magalu',
		node: () => new MagaluTicketTrigger(),
		type: new MagaluOAuth2Api(),
		credential: magaluCredential,
		operation: 'magalu.tickets',
		body: (ids) => ({ meta: null, results: ids.map((id) => ({ id, created_at: null })) }),
	},
];

it.each(rows)('$name', async ({ node, type, credential, operation, body }) => {
	const poller = pollerOf(
		{
			node: node(),
			credentialTypes: [type],
			credentials: { [type.name]: credential(simulator) as never },
		},
		{},
	);
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
