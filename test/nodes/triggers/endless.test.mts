/** A list that brings the same page again and again, whatever is asked for: what is new still starts the workflow. */
import { forgetLanes } from '../../../nodes/shared/http/rateLimit.ts';
import { tellTime } from '../../engine/clock.mts';
import { pollerOf } from '../../engine/poller.mts';
import { startSimulator, type Simulator } from '../../marketplaces/simulator.mts';
import { amazonRows } from './amazonRows.mts';
import { emptied, MINUTE, type TriggerRow } from './behaviours.mts';
import { ebayRows } from './ebayRows.mts';
import { magaluRows } from './magaluRows.mts';

let mockNow = Date.parse('2026-11-20T12:00:00Z');
jest.mock('n8n-workflow', () => ({
	...jest.requireActual<object>('n8n-workflow'),
	sleep: async (ms: number) => {
		mockNow += ms;
	},
}));

let simulator: Simulator;
beforeAll(async () => {
	tellTime(() => mockNow);
	simulator = await startSimulator();
});
afterAll(async () => {
	await simulator.close();
});

interface Endless {
	row: TriggerRow;
	/** A page with entries of that time, and word of a next one: of its name, where it has one. */
	page(time: string, next?: string): object | string;
	/** What the requests for pages behind the first one hold, and where those lead. */
	behindFirst(time: string): Array<[containing: string, next?: string]>;
}

const numbers = (from: number, to: number) =>
	Array.from({ length: to - from + 1 }, (_, i) => from + i);
const trading = (call: string, content: string) =>
	`<${call}Response xmlns="urn:ebay:apis:eBLBaseComponents"><Ack>Success</Ack>${content}</${call}Response>`;
const secondPages = () => numbers(2, 200).map((page): [string] => [`<PageNumber>${page}<`]);
const magaluPage = (entry: (id: string) => object) => ({
	meta: null,
	results: numbers(1, 100).map((i) => entry(`00000000-0000-4000-8000-${100_000_000_000 + i}`)),
});
const rowOf = (rows: TriggerRow[], name: string) => rows.find((row) => row.name === name)!;

const lists: Endless[] = [
	{
		row: rowOf(amazonRows, 'orderCreated'),
		page: (time, nextToken = 'one') => ({
			orders: [{ orderId: '111-0000000-0000001', createdTime: time, lastUpdatedTime: time }],
			createdBefore: time,
			pagination: { nextToken },
		}),
		behindFirst: () => [
			['paginationToken=one', 'two'],
			['paginationToken=two', 'one'],
		],
	},
	{
		row: rowOf(ebayRows, 'orderCreated as order'),
		page: (time) =>
			trading(
				'GetOrders',
				`<HasMoreOrders>true</HasMoreOrders><OrderArray><Order><OrderID>1</OrderID><CreatedTime>${time}</CreatedTime></Order></OrderArray>`,
			),
		behindFirst: secondPages,
	},
	{
		row: rowOf(ebayRows, 'questions'),
		page: (time) =>
			trading(
				'GetMemberMessages',
				`<MemberMessage><MemberMessageExchange><Question><MessageID>1</MessageID></Question><CreationDate>${time}</CreationDate></MemberMessageExchange></MemberMessage><HasMoreItems>true</HasMoreItems>`,
			),
		behindFirst: secondPages,
	},
	{
		row: rowOf(ebayRows, 'messages of members'),
		page: (time) => ({
			conversations: [
				// Of a conversation without an ID nothing more is asked for.
				{ latestMessage: { messageId: '1', createdDate: time, senderUsername: 'demo_seller' } },
			],
			next: 'https://api.ebay.com/commerce/message/v1/conversation?offset=5000',
			total: 1_000_000,
		}),
		behindFirst: () => [['offset=5']],
	},
	{
		row: rowOf(magaluRows, 'orderCreated'),
		page: (time) => magaluPage((id) => ({ id, purchased_at: time, updated_at: time })),
		behindFirst: () => numbers(1, 9).map((digit) => [`_offset=${digit}`]),
	},
	{
		row: rowOf(magaluRows, 'ticketCreated'),
		page: (time) => magaluPage((id) => ({ id, created_at: time, updated_at: time })),
		behindFirst: (time) => [[`created_at_gte=${encodeURIComponent(time.slice(0, 19))}`]],
	},
];

test.each(lists)('$row.operation', async ({ row, page, behindFirst }) => {
	simulator.reset();
	emptied(simulator);
	forgetLanes();
	const credentialType = row.credentialType();
	const poller = pollerOf(
		{
			node: row.node(),
			credentialTypes: [credentialType],
			credentials: { [credentialType.name]: row.credential(simulator) as never },
		},
		row.parameters,
	);
	const got: unknown[] = [];
	const polls = async (times: number) => {
		for (let i = 0; i < times; i++) {
			mockNow += 5 * MINUTE;
			got.push(...((await poller.poll()) ?? []).map(({ json }) => row.idIn(json)));
		}
	};
	await polls(2);
	const time = new Date(mockNow - MINUTE).toISOString();
	const fault = { operation: row.operation, kind: 'status' as const, status: 200, times: 1000 };
	const behind = () =>
		behindFirst(time).map(([containing, next]) => ({
			...fault,
			containing,
			body: page(time, next),
		}));
	simulator.faults.push(...behind(), { ...fault, body: page(time) });
	await polls(3);

	simulator.faults.length = 0;
	simulator.faults.push(...behind());
	got.length = 0;
	row.happen(simulator, 'new');
	await polls(6);
	expect(got).toEqual(['new']);
});
