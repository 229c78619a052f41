/** Lists of which eBay gives only a part (`PartialFailure`): one entry in error must not hold up all others. */
import { PollContext } from 'n8n-core';

import { EbayApi } from '../../../credentials/EbayApi.credentials.ts';
import { EbayOrderTrigger } from '../../../nodes/Ebay/EbayOrderTrigger.node.ts';
import { tradingApi } from '../../../nodes/Ebay/api/errors.ts';
import { answer } from '../../engine/answer.mts';
import { ebayCredential, ebayWorld } from '../../engine/ebay.mts';
import { pollerOf } from '../../engine/poller.mts';
import { quickTime, type QuickTime } from '../../engine/quickTime.mts';

const world = ebayWorld();
let asUsual: QuickTime;
const MINUTE = 60_000;

const ERRORS =
	'<Errors><LongMessage>The order is in error.</LongMessage><ErrorCode>4711</ErrorCode><SeverityCode>Error</SeverityCode></Errors>';

const document = (call: string, content: string, ack = 'PartialFailure') =>
	`<${call}Response><Timestamp>${now()}</Timestamp><Ack>${ack}</Ack>${content}</${call}Response>`;

const order = (id: string) =>
	`<Order><OrderID>${id}</OrderID><CreatedTime>${now()}</CreatedTime><BuyerUserID>b</BuyerUserID><TransactionArray><Transaction><TransactionID>1</TransactionID><OrderLineItemID>1-${id}</OrderLineItemID><Item><ItemID>1</ItemID></Item></Transaction></TransactionArray></Order>`;

const serve = (content: string, times = 1) =>
	world.simulator.faults.push({
		...{ operation: 'ebay.GetOrders', kind: 'status', status: 200, times },
		body: document('GetOrders', content),
	});

let warn: jest.Mock;
beforeEach(() => {
	warn = jest.fn();
	asUsual = quickTime();
});
afterEach(() => {
	asUsual();
	jest.restoreAllMocks();
});

const now = () => new Date(Date.now()).toISOString();

const said = () => warn.mock.calls.map(([words]) => words as unknown);
const SAID =
	'eBay: GetOrders gave only a part of its list (error 4711). What came is used; the rest is missing until eBay gives it.';

test.each([
	['GetOrders', '<OrderArray><Order><OrderID>1</OrderID></Order></OrderArray>', 'done'],
	['GetOrders', '<OrderArray/>', 'failing'],
	['GetOrders', '<OrderArray><Order/></OrderArray>', 'failing'],
	['GetOrders', '', 'failing'],
	[
		'GetMemberMessages',
		'<MemberMessage><MemberMessageExchange><Question/></MemberMessageExchange></MemberMessage>',
		'done',
	],
	['GetMemberMessages', '', 'failing'],
	['GetMyMessages', '<Messages><Message><MessageID>1</MessageID></Message></Messages>', 'done'],
	['GetMyMessages', '<Messages/>', 'failing'],
	['GetUser', '<User><UserID>u</UserID></User>', 'failing'],
	[
		'AddMemberMessageAAQToPartner',
		'<OrderArray><Order><OrderID>1</OrderID></Order></OrderArray>',
		'failing',
	],
])('%s with %j is %s', (call, content, kind) => {
	const { kindOf } = tradingApi(call);
	expect(kindOf(answer(200, document(call, ERRORS + content)))).toBe(kind);
	expect(kindOf(answer(500, document(call, ERRORS + content)))).toBe('failing');
	expect(kindOf(answer(200, document(call, content, 'CustomCode')))).toBe('failing');
});

test.each([
	['beside the list', (orders: string) => `${ERRORS}<OrderArray>${orders}</OrderArray>`],
	['within the list', (orders: string) => `<OrderArray>${ERRORS}${orders}</OrderArray>`],
])('orders come where the error stands %s, and the log names it, once a poll', async (_, list) => {
	jest
		.spyOn(PollContext.prototype, 'logger', 'get')
		.mockReturnValue({ warn, debug: () => undefined } as never);
	const credentials = { ebayApi: ebayCredential(world.simulator) };
	const node = new EbayOrderTrigger();
	const test = { node, credentialTypes: [new EbayApi()], credentials };
	const poller = pollerOf(test, { event: 'orderCreated', options: { output: 'order' } });
	world.simulator.ebay.state.orders = [];
	await poller.poll();
	asUsual.skip(5 * MINUTE);
	const orders = order('a') + order('b');
	asUsual.skip(5 * MINUTE);
	serve(list(orders), 9);
	const items = await poller.poll();
	expect(items?.map(({ json }) => json.orderId)).toEqual(['a', 'b']);
	expect(said()).toEqual([SAID]);
});

test('orders of a list come in the action, too, which says what is missing', async () => {
	serve(`${ERRORS}<OrderArray>${order('a')}</OrderArray>`);
	const form = { resource: 'order', operation: 'getMany', returnAll: true };
	const { items, hints } = await world.run(form);
	expect(items.map(({ json }) => json.orderId)).toEqual(['a']);
	expect(hints.map(({ message }) => message)).toContain(SAID);
});
