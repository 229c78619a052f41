/** Words of the marketplaces that decide something, in a spelling that no document has. */
import { isMessage as isMessageType, messageTypeOf } from '../../nodes/Amazon/api/messageTypes.ts';
import { events as amazonEvents } from '../../nodes/Amazon/triggers/orderFeed.ts';
import { tradingApi } from '../../nodes/Ebay/api/errors.ts';
import { restApi } from '../../nodes/Ebay/api/restErrors.ts';
import { hasMore } from '../../nodes/Ebay/api/tradingAnswer.ts';
import { events as ebayEvents } from '../../nodes/Ebay/triggers/orderEvents.ts';
import { isMessage } from '../../nodes/Magalu/api/messages.ts';
import { decisionIn } from '../../nodes/Magalu/api/moderation.ts';
import { isTicket } from '../../nodes/Magalu/api/openTicket.ts';
import { isOpen } from '../../nodes/Magalu/api/tickets.ts';
import { endIn, readOf } from '../../nodes/Magalu/api/transactions.ts';
import { events as magaluEvents } from '../../nodes/Magalu/triggers/orderFeed.ts';
import type { HttpResponse } from '../../nodes/shared/http/service.ts';
import { isWord, plainWord } from '../../nodes/shared/values.ts';

const TIME = '2026-11-20T12:00:00Z';
const at = Date.parse(TIME);

describe('a word from outside', () => {
	test.each([
		['PARTIALLY_SHIPPED', 'PartiallyShipped'],
		['PARTIALLY_SHIPPED', ' Partially shipped\n'],
		['PARTIALLY_SHIPPED', 'partially-shipped'],
		['cancelled', 'Canceled'],
		['CancelComplete', 'CANCEL_COMPLETE'],
	])('is %s where it is written %j', (word, said) => {
		expect(isWord(said, 'else', word)).toBe(true);
	});

	test.each([undefined, null, '', '_', {}, [], true, 'shippe', 'unshipped', 'shipped!'])(
		'is not shipped where it is %j',
		(said) => {
			expect(isWord(said, 'shipped')).toBe(false);
			expect(isWord(said, '')).toBe(false);
		},
	);

	test('that is not there is as good as any other that is not there', () => {
		expect([undefined, null, {}, ''].map(plainWord)).toEqual(['', '', '', '']);
	});
});

describe.each([
	['as documented', (word: string) => word],
	['in capitals', (word: string) => word.toUpperCase()],
	['in small letters', (word: string) => word.toLowerCase()],
	['as a title', (word: string) => word[0]!.toUpperCase() + word.slice(1).toLowerCase()],
	['without an underscore', (word: string) => word.replaceAll('_', '')],
])('a word %s', (_, spelt) => {
	test('of an Amazon package tells that it arrived, and that another was cancelled', () => {
		const order = (...words: string[]) => ({
			orderId: 'a',
			packages: words.map((word) => ({ packageStatus: { status: spelt(word) } })),
		});
		const { keysOf } = amazonEvents.orderDelivered!;
		expect(keysOf!(order('DELIVERED', 'CANCELLED'))).toEqual(['a']);
		expect(keysOf!(order('DELIVERED', 'IN_TRANSIT'))).toEqual([]);
	});

	test('of an Amazon action names the message type, or none', () => {
		expect(messageTypeOf(spelt('sendInvoice'))?.messageType).toBe('invoice');
		expect(isMessageType(spelt('updateFeedback'), false)).toBe(false);
		expect(isMessageType(spelt('warranty'), true)).toBe(true);
	});

	test.each(['CancelComplete', 'CancelClosedWithRefund'])(
		'of an eBay order tells that it was cancelled (%s)',
		(word) => {
			const cancelled = (order: object) =>
				ebayEvents.orderCancelled!.at({
					order: {
						orderId: 'a',
						recipientId: '',
						createdTime: TIME,
						lines: [],
						order: { ...order },
					},
					lines: [],
				});
			expect(cancelled({ OrderStatus: spelt('Cancelled') })).toBe(at);
			expect(cancelled({ CancelStatus: spelt(word) })).toBe(at);
			expect(cancelled({ CancelStatus: spelt('CancelRequested') })).toBeUndefined();
		},
	);

	test('of an eBay answer tells what became of the call, and how bad it was', () => {
		const kindOf = (ack: string, fault = '') =>
			tradingApi('GetUser').kindOf(
				answer(`<GetUserResponse><Ack>${spelt(ack)}</Ack>${fault}</GetUserResponse>`),
			);
		const errors = (severity: string, code: string, classification: string) =>
			`<Errors><ErrorCode>${code}</ErrorCode><SeverityCode>${spelt(severity)}</SeverityCode><ErrorClassification>${spelt(classification)}</ErrorClassification></Errors>`;
		expect(kindOf('Success')).toBe('done');
		expect(kindOf('Warning')).toBe('done');
		expect(kindOf('Failure')).toBe('refused');
		expect(kindOf('PartialFailure')).toBe('failing');
		expect(kindOf('Failure', errors('Error', '1', 'SystemError'))).toBe('again');
		expect(
			kindOf(
				'Failure',
				errors('Warning', '10007', 'SystemError') + errors('Error', '1', 'RequestError'),
			),
		).toBe('refused');
	});

	test('of an eBay page tells that the list goes on', () => {
		expect(hasMore({ HasMoreOrders: spelt('true') }, 'HasMoreOrders', 1, 5)).toBe(true);
		expect(hasMore({ HasMoreOrders: spelt('false') }, 'HasMoreOrders', 1, 5)).toBe(false);
	});

	test('of an error in eBay’s REST tells that eBay itself fails', () => {
		const errors = [{ errorId: 1, category: spelt('APPLICATION') }];
		expect(restApi().kindOf(answer(JSON.stringify({ errors })))).toBe('failing');
	});

	test('of a Magalu order tells what happened to it', () => {
		const { orderApproved, orderShipped, orderDelivered, orderCancelled } = magaluEvents;
		const order = (status: string, ...deliveries: string[]) => ({
			status: spelt(status),
			updated_at: TIME,
			deliveries: deliveries.map((one) => ({ status: spelt(one), updated_at: TIME })),
		});
		expect(orderApproved!(order('approved'))).toBe(at);
		expect(orderApproved!(order('new'))).toBeUndefined();
		expect(orderCancelled!(order('cancelled'))).toBe(at);
		expect(orderShipped!(order('approved', 'shipped', 'delivered', 'cancelled'))).toBe(at);
		expect(orderShipped!(order('approved', 'shipped', 'invoiced'))).toBeUndefined();
		expect(orderDelivered!(order('finished', 'shipped'))).toBe(at);
	});

	test('of a Magalu ticket tells that it takes no message, and that it is the one wanted', () => {
		expect(isOpen({ status: spelt('closed') })).toBe(false);
		expect(isOpen({ status: spelt('waiting_seller') })).toBe(true);
		const order = { id: 'o', code: 'c', delivery: { id: 'd', seller: { id: 's' }, items: [] } };
		const body = { type: 'shipping', reason: 'shipping_delay', order };
		const row = { origin: spelt('seller'), reason: spelt('shipping_delay'), order };
		expect(isTicket(row, body)).toBe(true);
		expect(isTicket(row, { ...body, reason: undefined })).toBe(false);
		expect(isTicket({ ...row, reason: null }, { ...body, reason: undefined })).toBe(true);
		expect(isTicket({ ...row, origin: spelt('customer') }, body)).toBe(false);
	});

	test('of a Magalu message tells whom it is for, and what moderation decided', () => {
		const known = { code: 'c', codeIsUnique: false, text: 'x', destination: 'customer' };
		const row = (destination: string) => ({ code: 'c', message: 'x', destination });
		expect(isMessage(row(spelt('customer')), known)).toBe(true);
		expect(isMessage(row(spelt('channel')), known)).toBe(false);
		expect(decisionIn({ moderation: { status: spelt('approved') } })).toBe('approved');
		expect(decisionIn({ moderation: { status: spelt('rejected') } })).toBe('rejected');
		expect(decisionIn({ moderation: { status: spelt('new') } })).toBe('waiting');
	});

	test('of a Magalu transaction tells how it ended, and which sentence says why', () => {
		expect(endIn({ status: spelt('completed') })).toBe('completed');
		expect(endIn({ status: spelt('cancelled') })).toBe('failed');
		expect(endIn({ status: spelt('processing') })).toBe('open');
		const events = [{ event: spelt('failure'), message: 'because' }];
		expect(readOf({ status: spelt('failed'), events })).toMatchObject({
			state: 'failed',
			status: spelt('failed'),
			said: 'because',
		});
	});
});

function answer(text: string): HttpResponse {
	return { status: 200, headers: {}, bytes: Buffer.from(text), text };
}
