/** Pages that are too heavy for us to read, in the lists of Amazon and Magalu; eBay's stand with its other pages. */
import type { INodeParameters } from 'n8n-workflow';

import { amazonWorld, US } from '../engine/amazon.mts';
import { magaluWorld, TICKET } from '../engine/magalu.mts';

const amazon = amazonWorld();
const magalu = magaluWorld();

/** Over the 8 MB that are read of an answer. */
const heavy = { kind: 'status' as const, status: 200, body: 'x'.repeat(8.5 * 1024 * 1024) };

const limitsIn = (
	calls: Array<{ operation: string; rawUrl: string }>,
	operation: string,
	name: string,
) =>
	calls
		.filter((call) => call.operation === operation)
		.map(({ rawUrl }) => new URL(rawUrl, 'http://x').searchParams.get(name));

test('Amazon is asked for half as many orders', async () => {
	const orders = amazon.addOrders(4);
	amazon.simulator.faults.push({ operation: 'amazon.searchOrders', ...heavy });
	const { items } = await amazon.run({
		resource: 'order',
		operation: 'getMany',
		marketplaceIds: [US],
		returnAll: true,
	} as INodeParameters);
	const ids = items.map(({ json }) => json.orderId);
	expect(orders.every((order) => ids.includes(order))).toBe(true);
	const limits = limitsIn(amazon.simulator.calls, 'amazon.searchOrders', 'maxResultsPerPage');
	expect(limits.slice(0, 2)).toEqual(['100', '50']);
});

test.each([
	{ operation: 'magalu.orders', form: { resource: 'order', operation: 'getMany' } },
	{ operation: 'magalu.tickets', form: { resource: 'ticket', operation: 'getMany' } },
	{
		operation: 'magalu.messages',
		form: { resource: 'message', operation: 'getMany', ticketId: TICKET },
	},
])(
	'Magalu is asked for half as much by $operation, and nothing is missing',
	async ({ operation, form }) => {
		const all = await magalu.run({ ...form, returnAll: true });
		magalu.simulator.calls.length = 0;
		magalu.simulator.faults.push({ operation, ...heavy });
		const again = await magalu.run({ ...form, returnAll: true });
		expect(again.items.map(({ json }) => json)).toEqual(all.items.map(({ json }) => json));
		const [first, second] = limitsIn(magalu.simulator.calls, operation, '_limit').map(Number);
		expect(second).toBe(Math.ceil(first! / 2));
	},
);

test('what is too heavy on its own is said so', async () => {
	magalu.simulator.faults.push({ operation: 'magalu.orders', ...heavy, times: 20 });
	const { error } = await magalu.run({ resource: 'order', operation: 'getMany' });
	expect(error?.context.details).toMatchObject({ code: 'AnswerTooLarge' });
});
