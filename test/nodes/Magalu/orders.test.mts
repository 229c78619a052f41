import type { INodeParameters } from 'n8n-workflow';

import { magaluWorld } from '../../engine/magalu.mts';

const world = magaluWorld();
const CODE = '1470000000000002';
const PERSONAL = /customer|recipient|Oliveira|document_number|email|phones|street/i;

const get = { resource: 'order', operation: 'get' };
const orders = () => world.simulator.magalu.state.orders;
const stored = () => orders().find(({ code }) => code === CODE)!;

const many = async (more: INodeParameters = {}) => {
	const { items, error } = await world.run({ resource: 'order', operation: 'getMany', ...more });
	expect(error).toBeUndefined();
	return items.map(({ json }) => json.orderId);
};
const queries = () =>
	world.simulator.calls
		.filter(({ operation }) => operation === 'magalu.orders')
		.map(({ rawUrl }) => Object.fromEntries(new URL(rawUrl, 'http://x').searchParams));

describe('one order', () => {
	it.each([
		['its ID', () => ({ orderId: stored().id })],
		['its number', () => ({ orderCode: CODE })],
		['its ID, where both are filled in', () => ({ orderId: stored().id, orderCode: '1' })],
	])('is found by %s', async (_what, named) => {
		const { items, error } = await world.run({ ...get, ...named() });
		expect(error).toBeUndefined();
		expect(items.map(({ json }) => json)).toMatchObject([
			{ orderId: stored().id, orderCode: CODE, status: stored().status },
		]);
		expect(world.calls()).toEqual(['magalu.order']);
	});

	it('tells that it was cancelled, and how far each delivery is, without personal data', async () => {
		stored().status = 'cancelled';
		stored().delivery.status = 'shipped';
		const { items } = await world.run({ ...get, orderCode: CODE });
		expect(items[0]!.json).toMatchObject({
			status: 'cancelled',
			deliveries: [{ status: 'shipped' }],
		});
		expect(JSON.stringify(items)).not.toMatch(PERSONAL);
	});

	it('has personal data where it is asked for', async () => {
		const options = { includePersonalData: true };
		const { items } = await world.run({ ...get, orderCode: CODE, options });
		expect(items[0]!.json).toHaveProperty('customer.name');
		expect(items[0]!.json).toHaveProperty('deliveries.0.shipping.recipient');
	});

	it('that Magalu does not find is said so, with what may be wrong', async () => {
		const { error } = await world.run({ ...get, orderCode: '99' });
		expect(error!.message).toBe('Magalu does not find the order 99');
		expect(error!.context.details).toMatchObject({
			outcome: 'notSent',
			httpStatus: 404,
			marketplaceMessage: "Order '99' not found.",
			description: expect.stringContaining('belongs to this store'),
		});
	});

	it.each([
		[{}, "'Order ID' and 'Order Code' are empty"],
		[{ orderCode: '../tickets' }, "'Order Code' is not an ID of Magalu"],
		[{ orderId: 'a/b' }, "'Order ID' is not an ID of Magalu"],
	])('named by %j is refused before anything is asked', async (named, says) => {
		const { error } = await world.run({ ...get, ...named });
		expect(error!.message).toBe(says);
		expect(world.calls()).toEqual([]);
	});
});

describe('many orders', () => {
	it('come newest purchase first, without personal data', async () => {
		const { items } = await world.run({ resource: 'order', operation: 'getMany', returnAll: true });
		const newestFirst = [...orders()].sort((a, b) => b.purchasedAt - a.purchasedAt);
		expect(items.map(({ json }) => json.orderId)).toEqual(newestFirst.map(({ id }) => id));
		expect(JSON.stringify(items)).not.toMatch(PERSONAL);
	});

	it('have personal data where it is asked for', async () => {
		const form = {
			resource: 'order',
			operation: 'getMany',
			options: { includePersonalData: true },
		};
		const { items } = await world.run(form);
		for (const { json } of items) expect(json).toHaveProperty('customer.name');
	});

	it('stop at the limit, and no more are asked for', async () => {
		expect(await many({ limit: 2 })).toHaveLength(2);
		expect(queries()).toEqual([{ _sort: 'purchased_at:desc', _limit: '2', _offset: '0' }]);
	});

	it('over several pages come whole, each once', async () => {
		for (let i = 0; i < 230; i++) world.simulator.magalu.addOrder();
		const ids = await many({ returnAll: true });
		expect(new Set(ids)).toEqual(new Set(orders().map(({ id }) => id)));
		expect(ids).toHaveLength(orders().length);
	});

	it('are asked for in UTC, by the names of Magalu', async () => {
		await many({
			filters: {
				status: ' approved ',
				updatedAfter: '2020-11-20T01:02:03-03:00',
				updatedBefore: '2026-11-21T00:00:00Z',
				purchasedAfter: '2020-11-20T01:02:03-03:00',
				purchasedBefore: '2026-11-21T00:00:00Z',
			},
		});
		expect(queries()[0]).toMatchObject({
			status: 'approved',
			updated_at__gte: '2020-11-20T04:02:03.000Z',
			updated_at__lte: '2026-11-21T00:00:00Z',
			purchased_at__gte: '2020-11-20T04:02:03.000Z',
			purchased_at__lte: '2026-11-21T00:00:00Z',
		});
	});

	it.each([
		[{ status: 'shipped' }, /has to be one of: new, approved, cancelled, finished/],
		[{ updatedAfter: 'soon' }, /^'Updated After' is not a date$/],
	])('are refused with %j', async (filters, says) => {
		const { error } = await world.run({ resource: 'order', operation: 'getMany', filters });
		expect(error!.message).toMatch(says);
	});
});
