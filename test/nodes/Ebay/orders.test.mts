import { ebayWorld } from '../../engine/ebay.mts';
import { waitsPass } from '../../engine/quickTime.mts';

const world = ebayWorld();
waitsPass();
const DAY = 86_400_000;
const ORDER = '11-00001-00002';

const get = { resource: 'order', operation: 'get', orderId: ORDER };
const getMany = { resource: 'order', operation: 'getMany', returnAll: true };

const asIso = (at: number) => new Date(at).toISOString();
const idsIn = (items: Array<{ json: object }>) =>
	items.map(({ json }) => (json as { orderId: string }).orderId);

describe('one order', () => {
	it('gives an item for each line item, with the names that a message takes', async () => {
		const { items } = await world.run(get);
		expect(items).toHaveLength(2);
		expect(items[0]!.json).toMatchObject({
			orderId: ORDER,
			itemId: '110000000002',
			transactionId: '900000002',
			recipientId: 'buyer_two',
			title: 'Desk lamp',
			OrderStatus: 'Completed',
		});
	});

	it('gives one item where the whole order is wanted', async () => {
		const { items } = await world.run({ ...get, options: { output: 'order' } });
		expect(idsIn(items)).toEqual([ORDER]);
	});

	it('tells carrier and number of its parcel', async () => {
		const order = world.simulator.ebay.state.orders.find(({ orderId }) => orderId === ORDER)!;
		order.tracking = [{ carrier: 'DHL', number: 'JD0001' }];
		const { items } = await world.run(get);
		expect(items[0]!.json).toMatchObject({ carrier: 'DHL', trackingNumber: 'JD0001' });
	});

	it('has personal data only where it is asked for', async () => {
		const without = await world.run(get);
		const personal = await world.run({ ...get, options: { includePersonalData: true } });
		expect(JSON.stringify(without.items)).not.toContain('ShippingAddress');
		expect(JSON.stringify(personal.items)).toContain('ShippingAddress');
	});

	it('tells that it was cancelled', async () => {
		const order = world.simulator.ebay.state.orders.find(({ orderId }) => orderId === ORDER)!;
		Object.assign(order, { status: 'Cancelled', cancelledAt: Date.now() });
		const { items } = await world.run(get);
		expect(items[0]!.json).toMatchObject({ OrderStatus: 'Cancelled' });
	});

	it('that eBay does not find is said to have another number, perhaps', async () => {
		const { error, details } = await world.failure({ ...get, orderId: '99-99999-99999' });
		expect(error).toBe('eBay does not find the order 99-99999-99999');
		expect(details).toMatchObject({
			code: 'OrderNotFound',
			description: expect.stringContaining('The number of an order changes when it is paid'),
		});
	});

	it('needs a number', async () => {
		const { error } = await world.failure({ ...get, orderId: ' ' });
		expect(error).toBe("'Order ID' is empty");
	});

	it('is read with an Auth’n’Auth token as well', async () => {
		world.useAuthToken();
		const { items } = await world.run(get);
		expect(items).toHaveLength(2);
	});
});

describe('many orders', () => {
	it('come newest first, those of the last 30 days', async () => {
		const { items } = await world.run({ ...getMany, options: { output: 'order' } });
		expect(idsIn(items)).toEqual(['11-00001-00003', '11-00001-00001', ORDER]);
	});

	it('stop at the limit, which counts items', async () => {
		const { items } = await world.run({ ...getMany, returnAll: false, limit: 2 });
		expect(items).toHaveLength(2);
	});

	it('may be only those of a status', async () => {
		const filters = { orderStatus: 'Active' };
		const { items } = await world.run({ ...getMany, filters });
		expect(idsIn(items)).toEqual(['11-00001-00003']);
	});

	it('by their last change are read in spans that eBay takes, each once', async () => {
		const now = Date.now();
		for (const days of [1, 29, 31, 59, 61, 85]) {
			const at = now - days * DAY;
			world.simulator.ebay.addOrder({
				orderId: `by-change-${days}`,
				createdAt: at,
				modifiedAt: at,
			});
		}
		const filters = { lastUpdatedAfter: asIso(now - 120 * DAY) };
		const { items } = await world.run({ ...getMany, filters, options: { output: 'order' } });
		const ids = idsIn(items).filter((id) => id.startsWith('by-change'));
		expect(ids).toEqual([1, 29, 31, 59, 61, 85].map((days) => `by-change-${days}`));
		expect(world.calls()).toEqual(['ebay.GetOrders', 'ebay.GetOrders', 'ebay.GetOrders']);
	});

	it('over several pages come whole', async () => {
		for (let i = 0; i < 230; i++) world.simulator.ebay.addOrder({ orderId: `page-${i}` });
		const { items } = await world.run({ ...getMany, options: { output: 'order' } });
		expect(new Set(idsIn(items)).size).toBe(233);
	});

	it('by a day are asked for in UTC', async () => {
		const filters = { createdAfter: '2026-11-20T10:00:00+02:00' };
		await world.run({ ...getMany, filters });
		expect(world.document('ebay.GetOrders')).toContain('2026-11-20T08:00:00.000Z');
	});

	it.each([
		{
			filters: { createdAfter: '2026-11-20', lastUpdatedBefore: '2026-11-21' },
			says: 'eBay lists orders by when they were placed or by when they changed, not by both',
		},
		{
			filters: { createdAfter: '2026-11-21', createdBefore: '2026-11-20' },
			says: "'Created After' is not before 'Created Before'",
		},
		{
			filters: { lastUpdatedAfter: '2026-11-21', lastUpdatedBefore: '2026-11-20' },
			says: "'Last Updated After' is not before 'Last Updated Before'",
		},
		{ filters: { orderStatus: 'Lost' }, says: "'Order Status' is not one of eBay's" },
		{ filters: { createdAfter: 'soon' }, says: "'Created After' is not a date" },
	])('are refused with $filters', async ({ filters, says }) => {
		const { error } = await world.failure({ ...getMany, filters });
		expect(error).toBe(says);
		expect(world.calls()).toEqual([]);
	});
});

describe('a conversation', () => {
	const update = {
		resource: 'conversation',
		operation: 'update',
		conversationId: '800000000001',
	};
	const conversation = () =>
		world.simulator.ebay.state.conversations.find(
			({ conversationId }) => conversationId === '800000000001',
		)!;

	it.each([
		['markRead', { read: true, status: 'ACTIVE' }],
		['markUnread', { read: false, status: 'ACTIVE' }],
		['archive', { read: false, status: 'ARCHIVE' }],
	])('after %s is so', async (change, { read, status }) => {
		const { items } = await world.run({ ...update, change });
		expect(items[0]!.json).toEqual({ conversationId: '800000000001', change });
		expect(conversation()).toMatchObject({ status, messages: [{ read }] });
	});

	it('comes out of the archive again', async () => {
		conversation().status = 'ARCHIVE';
		await world.run({ ...update, change: 'unarchive' });
		expect(conversation().status).toBe('ACTIVE');
	});

	it('can be changed again where the answer was lost: nothing reaches the member', async () => {
		world.simulator.faults.push({
			operation: 'ebay.updateConversation',
			kind: 'lost',
			when: 'after',
		});
		const { items } = await world.run({ ...update, change: 'archive' });
		expect(items).toHaveLength(1);
		expect(world.simulator.received).toEqual([]);
	});

	it('that eBay does not know is said so', async () => {
		const { error } = await world.failure({ ...update, conversationId: '899999999999' });
		expect(error).toBe("eBay does not find the 'Conversation'");
	});

	it('takes no change that eBay does not know', async () => {
		const { error } = await world.failure({ ...update, change: 'delete' });
		expect(error).toBe("'Change' is not one that eBay knows");
	});

	it('needs a conversation', async () => {
		const { error } = await world.failure({ ...update, conversationId: '={{ "" }}' });
		expect(error).toBe("'Conversation' is empty");
	});
});
