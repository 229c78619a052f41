import { amazonClient, ORDER, US } from './amazon/client.mts';
import { startSimulator, type Simulator } from './simulator.mts';

let simulator: Simulator;
let amazon: ReturnType<typeof amazonClient>;

beforeAll(async () => {
	simulator = await startSimulator();
	amazon = amazonClient(simulator);
});
beforeEach(() => simulator.amazon.state.plans.set('*', { rate: 1000, burst: 1000 }));
afterEach(() => simulator.reset());
afterAll(async () => {
	await simulator.close();
});

function refusalOf({
	status,
	data,
}: {
	status: number;
	data: { errors: Array<{ message: string }> };
}) {
	return [status, data.errors[0].message];
}

describe('solicitations', () => {
	const RIPE = '111-4444444-4444444';
	const path = (order: string) => `/solicitations/v1/orders/${order}`;
	const offered = async (order: string) => {
		const { data } = await amazon.get(`${path(order)}?marketplaceIds=${US}`);
		return (data._links.actions as Array<{ name: string }>).map(({ name }) => name);
	};
	const solicit = async (order: string, query = `?marketplaceIds=${US}`) =>
		await amazon.post(`${path(order)}/solicitations/productReviewAndSellerFeedback${query}`);

	it('is offered within the window, taken once, and then no longer', async () => {
		expect(await offered(RIPE)).toEqual(['productReviewAndSellerFeedback']);
		expect((await solicit(RIPE)).status).toBe(201);
		expect(simulator.received[0]).toMatchObject({
			reference: RIPE,
			type: 'productReviewAndSellerFeedback',
		});
		expect(await offered(RIPE)).toEqual([]);
		expect(refusalOf(await solicit(RIPE))).toEqual([
			403,
			'The requested solicitation is not available for this amazonOrderId.',
		]);
	});

	it('is refused outside the window', async () => {
		expect(await offered(ORDER)).toEqual([]);
		const [status, message] = refusalOf(await solicit(ORDER));
		expect([status, message]).toEqual([403, expect.stringContaining('outside the 5-30 day range')]);
	});

	it('opens 5 days after the earliest delivery, and ends 30 days after the latest', async () => {
		simulator.clock.advance(40 * 86_400_000);
		expect(await offered(RIPE)).toEqual([]);
		simulator.clock.advance(-21 * 86_400_000);
		expect(await offered(RIPE)).toEqual(['productReviewAndSellerFeedback']);
		simulator.clock.advance(-27 * 86_400_000);
		expect(await offered(RIPE)).toEqual([]);
	});

	it('can tell the days in other numbers', async () => {
		const words = 'You can only request a review 4-30 days after delivery.';
		simulator.amazon.state.orders[0].outsideWindowWords = words;
		expect(refusalOf(await solicit(ORDER))).toEqual([403, words]);
	});

	it('can refuse its list in the words of a message', async () => {
		const order = simulator.amazon.state.orders.find(({ orderId }) => orderId === RIPE)!;
		order.solicitationActionsRefused = true;
		expect(refusalOf(await amazon.get(`${path(RIPE)}?marketplaceIds=${US}`))).toEqual([
			403,
			'Invalid amazonOrderId and template combination.',
		]);
	});

	it('wants a marketplace', async () => {
		expect(refusalOf(await solicit(RIPE, ''))).toEqual([
			400,
			'Missing or invalid request parameters: [marketplaceIds]',
		]);
	});
});
