import { forgetLanes } from '../../../nodes/shared/http/rateLimit.ts';
import { magaluWorld } from '../../engine/magalu.mts';

/** One clock for the node and for Magalu; whoever sleeps moves it. */
let mockNow = Date.parse('2026-11-20T12:00:00Z');
jest.mock('n8n-workflow', () => ({
	...jest.requireActual<object>('n8n-workflow'),
	sleep: async (ms: number) => {
		mockNow += ms;
		await new Promise(setImmediate);
	},
}));
beforeEach(() => void jest.spyOn(Date, 'now').mockImplementation(() => mockNow));
beforeEach(() => forgetLanes());

const world = magaluWorld();
const HOUR = 3_600_000;
const state = () => world.simulator.magalu.state;
const hour = (i: number) => new Date(mockNow + i * HOUR).toISOString();

const many = async (more: object = {}) => {
	const result = await world.run({ resource: 'ticket', operation: 'getMany', ...more });
	expect(result.error).toBeUndefined();
	return result.items.map(({ json }) => json.ticketId);
};

/** The last is due first; every third one has no date. */
const add = (count: number) => {
	state().tickets = [];
	const tickets = Array.from({ length: count }, (_, i) => {
		const createdAt = mockNow - (count - i) * 1000;
		const dueDate = i % 3 === 2 ? undefined : mockNow + (count - i) * HOUR;
		return world.simulator.magalu.addTicket({ createdAt, updatedAt: createdAt, dueDate });
	});
	const dated = tickets.filter(({ dueDate }) => dueDate !== undefined);
	const others = tickets.filter(({ dueDate }) => dueDate === undefined);
	return [...dated.reverse(), ...others.reverse()].map(({ id }) => id);
};

describe('tickets by their due date', () => {
	const options = { sort: 'dueDate' };

	it.each([1, 4, 150])('are those that are due first, with Limit %i', async (limit) => {
		const ids = add(330);
		expect(await many({ limit, options })).toEqual(ids.slice(0, limit));
	});

	it('ask for no page too many where the first has them all', async () => {
		add(330);
		await many({ limit: 5, options });
		expect(world.calls()).toEqual(['magalu.tickets']);
	});

	it('have those without a date at their end', async () => {
		const ids = add(12);
		expect(await many({ limit: 10, options })).toEqual(ids.slice(0, 10));
		expect(await many({ returnAll: true, options })).toEqual(ids);
	});

	it.each(['first', 'last'] as const)(
		'have those without a date at their end where Magalu lists them %s',
		async (place) => {
			state().settings.neverChanged = place;
			const ids = add(12);
			expect(await many({ limit: 3, options })).toEqual(ids.slice(0, 3));
		},
	);

	it('are no others than the filters leave', async () => {
		const ids = add(12);
		const filters = { dueAfter: hour(3), dueBefore: hour(7) };
		const [, first, second, third] = ids.slice(0, 8);
		expect(await many({ limit: 10, options, filters })).toEqual([first, second, third]);
		expect(await many({ returnAll: true, filters })).toHaveLength(3);
	});

	it('that changed at a time are those, and in order', async () => {
		const ids = add(9);
		const changed = state().tickets.find(({ id }) => id === ids[2])!;
		const other = state().tickets.find(({ id }) => id === ids[1])!;
		for (const one of [changed, other]) one.updatedAt = mockNow + 5000;
		const filters = { updatedAfter: new Date(mockNow + 1000).toISOString() };
		expect(await many({ limit: 5, options, filters })).toEqual([ids[1], ids[2]]);
	});
});

it.each([
	['type', { type: 'exchange' }],
	['reason', { reason: 'not_received' }],
])('tickets may be of one %s', async (_name, given) => {
	const { id } = world.simulator.magalu.addTicket(given as never);
	expect(await many({ filters: given })).toEqual([id]);
});
