import { connect, start } from './client.mts';
import type { Client } from './client.mts';
import { child, textAt } from './xml.mts';

const day = 86_400_000;
const minute = 60_000;
let client: Client;

beforeEach(async () => {
	client = await connect();
});

const iso = (time: number) => new Date(time).toISOString();
const created = (from: number, to: number) =>
	`<CreateTimeFrom>${iso(from)}</CreateTimeFrom><CreateTimeTo>${iso(to)}</CreateTimeTo>`;
const modified = (from: number, to: number) =>
	`<ModTimeFrom>${iso(from)}</ModTimeFrom><ModTimeTo>${iso(to)}</ModTimeTo>`;
const ascending = '<SortingOrder>Ascending</SortingOrder>';
const page = (entries: number, number: number) =>
	`<Pagination><EntriesPerPage>${entries}</EntriesPerPage><PageNumber>${number}</PageNumber></Pagination>`;

async function getOrders(inner: string) {
	const answer = await client.call('GetOrders', inner);
	const orders = child(answer.root, 'OrderArray')?.children ?? [];
	return { ...answer, orders, ids: orders.map((order) => textAt(order, 'OrderID')?.slice(-1)) };
}

describe('GetOrders', () => {
	it('finds orders by the time of their creation', async () => {
		const { ids } = await getOrders(created(start - 10 * day, start) + ascending);
		expect(ids).toEqual(['2', '1', '3']);
	});

	it('finds orders by the time of their last change', async () => {
		const { ids } = await getOrders(modified(start - 3 * day, start - day) + ascending);
		expect(ids).toEqual(['2', '1']);
	});

	it('finds orders of the last days', async () => {
		expect((await getOrders('<NumberOfDays>1</NumberOfDays>')).ids).toEqual(['3']);
	});

	it('finds orders by number, without a date', async () => {
		const ids = '<OrderIDArray><OrderID>11-00001-00002</OrderID></OrderIDArray>';
		expect((await getOrders(ids)).ids).toEqual(['2']);
	});

	it('shows the newest first unless told otherwise', async () => {
		expect((await getOrders(created(start - 10 * day, start))).ids).toEqual(['3', '1', '2']);
	});

	it('keeps to the status that is asked for', async () => {
		const status = '<OrderStatus>Completed</OrderStatus>';
		const { ids } = await getOrders(created(start - 10 * day, start) + status + ascending);
		expect(ids).toEqual(['2', '1']);
	});

	it('forgets orders after 90 days', async () => {
		const ids = '<OrderIDArray><OrderID>11-00001-00004</OrderID></OrderIDArray>';
		expect((await getOrders(ids)).ids).toEqual([]);
	});

	it('pages through the orders and says when there are more', async () => {
		const first = await getOrders(created(start - 10 * day, start) + page(2, 1) + ascending);
		expect(first.ids).toEqual(['2', '1']);
		expect(textAt(first.root, 'HasMoreOrders')).toBe('true');
		expect(textAt(first.root, 'PaginationResult', 'TotalNumberOfEntries')).toBe('3');
		const second = await getOrders(created(start - 10 * day, start) + page(2, 2) + ascending);
		expect(second.ids).toEqual(['3']);
		expect(textAt(second.root, 'HasMoreOrders')).toBe('false');
	});

	it('shows an order late when its index runs behind', async () => {
		client.ebay.addOrder({ orderId: 'late-9', indexedAt: start + 5 * minute });
		const query = created(start - minute, start + minute);
		expect((await getOrders(query)).ids).toEqual([]);
		client.clock.time += 5 * minute;
		expect((await getOrders(query)).ids).toEqual(['9']);
	});

	it('gives every line item, and one that is late later', async () => {
		const [order] = client.ebay.state.orders.filter(({ buyer }) => buyer === 'buyer_two');
		order.lineItems[1].indexedAt = start + minute;
		const ids = '<OrderIDArray><OrderID>11-00001-00002</OrderID></OrderIDArray>';
		const items = async () =>
			child((await getOrders(ids)).orders[0], 'TransactionArray')?.children.map((line) =>
				textAt(line, 'Item', 'ItemID'),
			);
		expect(await items()).toEqual(['110000000002']);
		client.clock.time += minute;
		expect(await items()).toEqual(['110000000002', '110000000003']);
	});

	it('carries the times and the personal data of the buyer', async () => {
		const { orders } = await getOrders(
			'<OrderIDArray><OrderID>11-00001-00002</OrderID></OrderIDArray>',
		);
		const [order] = orders;
		expect(textAt(order, 'BuyerUserID')).toBe('buyer_two');
		expect(textAt(order, 'PaidTime')).toBe('2026-11-15T13:00:00.000Z');
		expect(textAt(order, 'ShippedTime')).toBe('2026-11-17T12:00:00.000Z');
		expect(textAt(order, 'CheckoutStatus', 'LastModifiedTime')).toBe('2026-11-17T12:00:00.000Z');
		expect(textAt(order, 'ShippingAddress', 'Street1')).toBe('12 Harbour Lane');
		expect(textAt(order, 'TransactionArray', 'Transaction', 'Buyer', 'Email')).toContain('@');
	});

	it('tells carrier and number of the order and of each line item', async () => {
		const [order] = client.ebay.state.orders.filter(({ buyer }) => buyer === 'buyer_two');
		order.tracking = [{ carrier: 'DHL', number: 'JD0001' }];
		order.lineItems[1].tracking = [{ carrier: 'UPS', number: '1Z2' }];
		const { orders } = await getOrders(
			'<OrderIDArray><OrderID>11-00001-00002</OrderID></OrderIDArray>',
		);
		const [lamp, bulbs] = child(orders[0], 'TransactionArray')!.children;
		const numbers = [orders[0], lamp, bulbs].map((one) =>
			textAt(one, 'ShippingDetails', 'ShipmentTrackingDetails', 'ShipmentTrackingNumber'),
		);
		expect(numbers).toEqual(['JD0001', undefined, '1Z2']);
	});

	it('is shipped when all of its line items are', async () => {
		const [order] = client.ebay.state.orders.filter(({ buyer }) => buyer === 'buyer_two');
		delete order.shippedAt;
		order.lineItems[0].shippedAt = start - day;
		const times = async () => {
			const { orders } = await getOrders(
				'<OrderIDArray><OrderID>11-00001-00002</OrderID></OrderIDArray>',
			);
			const lines = child(orders[0], 'TransactionArray')!.children;
			return [orders[0], ...lines].map((one) => textAt(one, 'ShippedTime'));
		};
		expect(await times()).toEqual([undefined, iso(start - day), undefined]);
		order.lineItems[1].shippedAt = start;
		expect(await times()).toEqual([iso(start), iso(start - day), iso(start)]);
	});

	it('refuses a page that is too heavy as 219255', async () => {
		client.ebay.state.heaviestPage = 2;
		const query = created(start - 10 * day, start) + ascending;
		expect((await getOrders(query)).codes).toEqual(['219255']);
		expect(
			(await getOrders(created(start - 10 * day, start) + page(2, 1) + ascending)).ids,
		).toEqual(['2', '1']);
	});

	it('leaves out the times of what did not happen yet', async () => {
		const { orders } = await getOrders('<NumberOfDays>1</NumberOfDays>');
		expect(textAt(orders[0], 'PaidTime')).toBeUndefined();
		expect(textAt(orders[0], 'ShippedTime')).toBeUndefined();
	});

	it.each([
		['no date at all', ''],
		['only one end of the range', `<ModTimeFrom>${iso(start)}</ModTimeFrom>`],
		['91 days of creation', created(start - 91 * day, start)],
		['31 days of change', modified(start - 31 * day, start)],
		['a range backwards', created(start, start - day)],
		['both kinds of range', created(start - day, start) + modified(start - day, start)],
		['31 days as a number', '<NumberOfDays>31</NumberOfDays>'],
		['a time without a zone', '<CreateTimeFrom>2026-11-20T00:00:00</CreateTimeFrom>'],
		['101 orders a page', created(start - day, start) + page(101, 1)],
		['page 0', created(start - day, start) + page(10, 0)],
		['elements out of order', page(10, 1) + created(start - day, start)],
		['the status of another API', created(start - day, start) + '<OrderStatus>PAID</OrderStatus>'],
	])('refuses %s', async (_, inner) => {
		const { ack, codes } = await getOrders(inner);
		expect(ack).toBe('Failure');
		expect(codes[0]).toBe('37');
	});
});

it('orders from outside must be orders', () => {
	client.ebay.addOrders([{ buyer: 'buyer_nine' }]);
	expect(client.ebay.state.orders.at(-1)).toMatchObject({ buyer: 'buyer_nine', createdAt: start });
	expect(() => client.ebay.addOrders([{ customer: 'x' }])).toThrow('customer');
});
