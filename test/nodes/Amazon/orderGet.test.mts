import { amazonWorld, ORDER, US } from '../../engine/amazon.mts';
import { waitsPass } from '../../engine/quickTime.mts';

const world = amazonWorld();
waitsPass();
const GIFT = '111-5555555-5555555';

const get = { resource: 'order', operation: 'get', orderId: ORDER };

const stored = (id = ORDER) =>
	world.simulator.amazon.state.orders.find(({ orderId }) => orderId === id)!;
const asked = () =>
	world.simulator.calls
		.filter(({ operation }) => operation === 'amazon.getOrder')
		.map(({ rawUrl }) => new URL(rawUrl, 'http://x').searchParams.get('includedData'));
const failure = async (parameters: object) => {
	const { error } = await world.run({ ...get, ...parameters });
	const { message, description, context } = error!;
	return { message, description, details: context.details };
};

it('gives an order under the names that a message wants', async () => {
	const { items, error } = await world.run(get);
	expect(error).toBeUndefined();
	expect(items).toHaveLength(1);
	expect(items[0]!.json).toMatchObject({
		orderId: ORDER,
		marketplaceId: US,
		fulfillment: { fulfillmentStatus: 'SHIPPED' },
	});
});

it('gives an item for each item that names an order', async () => {
	const items = [ORDER, GIFT].map((id) => ({ json: { id } }));
	const result = await world.run({ ...get, orderId: '={{ $json.id }}' }, { items });
	expect(result.items.map(({ json, pairedItem }) => [json.orderId, pairedItem])).toEqual([
		[ORDER, { item: 0 }],
		[GIFT, { item: 1 }],
	]);
});

it('tells that it was cancelled', async () => {
	stored().fulfillmentStatus = 'CANCELLED';
	const { items } = await world.run(get);
	expect(items[0]!.json).toMatchObject({ fulfillment: { fulfillmentStatus: 'CANCELLED' } });
});

it('tells that the buyer asked to cancel an item', async () => {
	const cancellation = { cancellationRequest: { requester: 'BUYER', cancelReason: 'Too late' } };
	const item = { orderItemId: '1', quantityOrdered: 1, product: { asin: 'B0' }, cancellation };
	stored().orderItems = [item];
	const { items } = await world.run(get);
	expect(items[0]!.json.orderItems).toEqual([item]);
});

it('finds an order that the search does not list', async () => {
	stored().indexedAt = Date.now() + 86_400_000;
	const search = { resource: 'order', operation: 'getMany', returnAll: true };
	const { items: listed } = await world.run(search);
	const { items } = await world.run(get);
	expect(listed.map(({ json }) => json.orderId)).not.toContain(ORDER);
	expect(items.map(({ json }) => json.orderId)).toEqual([ORDER]);
});

it('takes the address of the order in Seller Central', async () => {
	const orderId = `https://sellercentral.amazon.com/orders-v3/order/${ORDER}`;
	const { items } = await world.run({ ...get, orderId });
	expect(items[0]!.json.orderId).toBe(ORDER);
});

it('adds the data that was chosen', async () => {
	stored().dataSets = { packages: [{ packageReferenceId: '1', trackingNumber: 'JD0001' }] };
	const { items } = await world.run({ ...get, options: { includedData: ['PACKAGES'] } });
	expect(items[0]!.json).toMatchObject({ packages: [{ trackingNumber: 'JD0001' }] });
});

it('waits for nothing at thirty orders, which Amazon takes at once', async () => {
	const items = world.addOrders(30).map((id) => ({ json: { id } }));
	const { error } = await world.run({ ...get, orderId: '={{ $json.id }}' }, { items });
	expect(error).toBeUndefined();
	expect(world.calls()).toEqual(items.map(() => 'amazon.getOrder'));
});

describe('personal data', () => {
	it('does not come unasked, at any depth', async () => {
		const { items } = await world.run({ ...get, orderId: GIFT });
		const text = JSON.stringify(items);
		expect(text).toContain('giftWrapLevel');
		expect(text).not.toMatch(/recipient|"buyer"|buyerEmail|giftMessage|customizedUrl|Ada/i);
	});

	it('comes with gift messages and links to customizations where it is asked for', async () => {
		const options = { includePersonalData: true };
		const { items } = await world.run({ ...get, orderId: GIFT, options });
		const text = JSON.stringify(items);
		expect(text).toContain('Happy birthday, Ada');
		expect(text).toContain('of-the-buyer.zip');
	});

	it('comes as the data set that was chosen, and no other', async () => {
		const options = { includedData: ['BUYER'] };
		const { items } = await world.run({ ...get, orderId: GIFT, options });
		expect(items[0]!.json).toHaveProperty('buyer.buyerName', 'Ada Example');
		expect(JSON.stringify(items)).not.toMatch(/recipient|giftMessage|customizedUrl/);
	});
});

describe('a data set that Amazon refuses for a while', () => {
	it('and that nobody chose is left out, the others are not, and that is said once', async () => {
		world.simulator.amazon.state.refusedDataSets = ['CANCELLATION'];
		const { items, error, hints } = await world.run(get);
		expect(error).toBeUndefined();
		expect(items[0]!.json).toHaveProperty('fulfillment.fulfillmentStatus', 'SHIPPED');
		expect(hints.map(({ message }) => message)).toEqual([
			'Amazon refuses the data Cancellation at the moment: the orders come without it',
		]);
	});

	it('does not keep the order back where all of them are refused', async () => {
		world.simulator.amazon.state.refusedDataSets = ['CANCELLATION', 'FULFILLMENT'];
		const { items } = await world.run(get);
		expect(items[0]!.json.orderId).toBe(ORDER);
		expect(asked().at(-1)).toBeNull();
	});

	it('and that the seller chose is not dropped: Amazon is heard', async () => {
		world.simulator.amazon.state.refusedDataSets = ['PACKAGES'];
		const { error } = await world.run({ ...get, options: { includedData: ['PACKAGES'] } });
		expect(error?.message).toMatch(/The input you have submitted is not valid/);
		expect(asked().every((names) => names!.split(',').includes('PACKAGES'))).toBe(true);
	});
});

describe('an order', () => {
	it('that Amazon does not find is said so, and what may be wrong', async () => {
		const { message, description, details } = await failure({
			orderId: '111-9999999-9999999',
		});
		expect(message).toMatch(/^Amazon does not find this order/);
		expect(description).toMatch(/'Order ID' .* the credential's region/);
		expect(details).toMatchObject({ outcome: 'notSent', httpStatus: 404, retryable: false });
		expect(world.calls()).toEqual(['amazon.getOrder']);
	});

	it.each([
		['={{ "" }}', "'Order ID' is empty"],
		['../x', "'Order ID' is not an Amazon order ID"],
	])('called %s is refused before anything is asked', async (orderId, says) => {
		expect((await failure({ orderId })).message).toBe(says);
		expect(world.simulator.calls).toEqual([]);
	});

	it('is not taken from an answer that holds none', async () => {
		const operation = 'amazon.getOrder';
		const body = { orders: [] };
		world.simulator.faults.push({ operation, kind: 'status', status: 200, body, times: 9 });
		const { message, details } = await failure({});
		expect(message).toBe('Amazon gave an answer that cannot be read');
		expect(details).toMatchObject({ outcome: 'notSent', retryable: true });
	});

	it('is asked for again where Amazon does not answer', async () => {
		world.simulator.faults.push({ operation: 'amazon.getOrder', kind: 'lost', when: 'before' });
		const { items } = await world.run(get);
		expect(items[0]!.json.orderId).toBe(ORDER);
	});

	it('without a name in the answer has the one that was asked for', async () => {
		const operation = 'amazon.getOrder';
		const body = { order: { orderItems: [] } };
		world.simulator.faults.push({ operation, kind: 'status', status: 200, body });
		const { items } = await world.run(get);
		expect(items[0]!.json).toEqual({ orderId: ORDER, marketplaceId: null, orderItems: [] });
	});
});
