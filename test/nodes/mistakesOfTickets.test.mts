/** What a seller reads where a Magalu ticket cannot be opened, whole: to be read aloud. */
import type { INodeParameters } from 'n8n-workflow';

import type { RunResult, ThrownByNode } from '../engine/engine.mts';
import { magaluWorld } from '../engine/magalu.mts';
import { allScopes } from '../marketplaces/magalu/state.mts';

const magalu = magaluWorld();

const ORDER = '1470000000000004';
/** An expression that finds nothing; n8n itself refuses a required field that is left empty. */
const NOTHING = '={{ "" }}';

const ticketForm = (orderId: string, more: INodeParameters = {}): INodeParameters => ({
	resource: 'ticket',
	operation: 'create',
	orderId,
	...more,
});
const about = (item: string, quantity: number) => ({ items: { item: [{ item, quantity }] } });

/** Magalu shows the order without some of what a ticket has to tell. */
async function withOrder(body: object): Promise<RunResult> {
	magalu.simulator.faults.push({ operation: 'magalu.order', kind: 'status', status: 200, body });
	return await magalu.run(ticketForm(ORDER));
}
const WITHOUT_IT = 'A ticket cannot be opened without that. Open it in the seller portal.';

interface Mistake {
	mistake: string;
	run: () => Promise<RunResult>;
	message: string;
	description: string;
}

const mistakes: Mistake[] = [
	{
		mistake: 'a ticket about an order that is not there',
		run: async () => await magalu.run(ticketForm('1470000000009999')),
		message: 'Magalu does not find the order 1470000000009999',
		description:
			'Check its ID or number, that it belongs to this store, and that the credential has the right environment (production or sandbox).',
	},
	{
		mistake: 'a ticket about no order',
		run: async () => await magalu.run(ticketForm(NOTHING)),
		message: "'Order ID' is empty",
		description:
			"It looks like 71b25f3a-0ae2-484f-868e-418b0c1d5991: the Magalu triggers and 'Get Many' of orders give it as orderId. If it comes from an expression, check that the item has that field.",
	},
	{
		mistake: 'a ticket with a reason that only customers have',
		run: async () => await magalu.run(ticketForm(ORDER, { reason: '={{ "not_received" }}' })),
		message: "'Reason' is not one that a seller can open a ticket with: not_received",
		description:
			'It is one of damaged_parts, freight_discrepancy, held_at_customs, missing_parts, price_discrepancy, shipped_but_lost, shipping_address_issues, shipping_delay, unavailability, none.',
	},
	{
		mistake: 'a ticket about an item of another order',
		run: async () => await magalu.run(ticketForm(ORDER, about('VASO-1', 1))),
		message: 'The order 1470000000000004 has no delivery with these items: VASO-1',
		description:
			'Check the IDs or SKUs. All items of a ticket are of one delivery. There is: bk7c21fdc2.',
	},
	{
		mistake: 'a ticket about more than was ordered',
		run: async () => await magalu.run(ticketForm(ORDER, about('bk7c21fdc2', 2))),
		message: "'Quantity' of bk7c21fdc2 is 2, and 1 were ordered",
		description: 'Write how many of it the ticket is about, or 0 for all.',
	},
	{
		mistake: 'a ticket about an order with two deliveries',
		run: async () => {
			const order = magalu.simulator.magalu.state.orders.at(-1)!;
			order.furtherDeliveries = [{ id: 'd-2', code: `${order.code}-2`, status: 'new' }];
			return await magalu.run(ticketForm(order.code));
		},
		message: 'The order 1470000000000004 has 2 deliveries, and a ticket is about one',
		description:
			"Write which one into the option 'Delivery': 1470000000000004-1, 1470000000000004-2.",
	},
	{
		mistake: 'a credential that may not open tickets',
		run: async () => {
			const scopes = allScopes.filter((scope) => scope !== 'open:tickets-seller:write');
			magalu.connect({ scopes });
			return await magalu.run(ticketForm(ORDER));
		},
		message: 'The credential lacks the scope open:tickets-seller:write',
		description:
			"This needs the scope open:tickets-seller:write. Add it to your app (idm client add-scope) and to 'Scope' of the credential. Open the credential in n8n and connect it again, as an administrator of the store. Renewing an old token adds no scope.",
	},
	{
		mistake: 'a ticket that Magalu takes and then does not open',
		run: async () => {
			magalu.simulator.magalu.state.settings.ticketOutcomeOf = () => 'failed';
			const { error, ...result } = await magalu.run(ticketForm(ORDER));
			const { id } = magalu.simulator.magalu.state.ticketTransactions[0]!;
			Object.assign(error!, { description: error!.description.replace(id, '71b2') });
			return { ...result, error };
		},
		message: "Magalu did not open the ticket: its transaction is 'failed'",
		description:
			'Magalu gives no reason (transaction 71b2). Check the order, its items, and that type and reason fit it, and run the item again.',
	},
	{
		mistake: 'a ticket of a type that only customers open',
		run: async () => await magalu.run(ticketForm(ORDER, { type: '={{ "exchange" }}' })),
		message: "'Type' is not one that a seller can open a ticket with: exchange",
		description: 'It is one of cancellation, payment, shipping.',
	},
	{
		mistake: 'a ticket with an item that nobody named',
		run: async () => await magalu.run(ticketForm(ORDER, about(NOTHING, 1))),
		message: "'Item' is empty",
		description:
			'Write its ID or SKU, or remove the entry: without any, the ticket is about all items.',
	},
	{
		mistake: 'a ticket about half of an item',
		run: async () => await magalu.run(ticketForm(ORDER, about('bk7c21fdc2', 0.5))),
		message: "'Quantity' of bk7c21fdc2 is not a whole number",
		description: 'Write how many of it the ticket is about, or 0 for all.',
	},
	{
		mistake: 'a ticket about a delivery of another order',
		run: async () => await magalu.run(ticketForm(ORDER, { options: { delivery: 'd-9' } })),
		message: 'The order 1470000000000004 has no delivery d-9',
		description: "Check 'Delivery'. There is: 1470000000000004-1.",
	},
	{
		mistake: 'a ticket about an item that is not in the delivery that was named',
		run: async () => {
			const options = { delivery: '1470000000000004-1' };
			return await magalu.run(ticketForm(ORDER, { ...about('VASO-1', 1), options }));
		},
		message: 'The delivery has no item VASO-1',
		description: 'Check its ID or SKU. There is: bk7c21fdc2.',
	},
	{
		mistake: 'an order of which Magalu tells no number',
		run: async () => await withOrder({ id: 'o-1', code: null }),
		message: 'Magalu does not tell its ID and number: order o-1',
		description: WITHOUT_IT,
	},
	{
		mistake: 'an order of which Magalu tells no delivery',
		run: async () => await withOrder({ id: 'o-1', code: '1', deliveries: [] }),
		message: 'Magalu does not tell its deliveries: order 1',
		description: WITHOUT_IT,
	},
	{
		mistake: 'an order whose delivery has no ID',
		run: async () => await withOrder({ id: 'o-1', code: '1', deliveries: [{ items: [] }] }),
		message: 'Magalu does not tell the ID of its delivery: order 1',
		description: WITHOUT_IT,
	},
	{
		mistake: 'an order of which Magalu does not tell the store',
		run: async () => await withOrder({ id: 'o-1', code: '1', deliveries: [{ id: 'd-1' }] }),
		message: 'Magalu does not tell your store: order 1',
		description:
			"A ticket cannot be opened without that. Write the store's ID into 'Tenant ID' of the credential.",
	},
	{
		mistake: 'an order without items',
		run: async () =>
			await withOrder({ id: 'o-1', code: '1', deliveries: [{ id: 'd-1', seller: { id: 's' } }] }),
		message: 'Magalu does not tell its items: order 1',
		description: WITHOUT_IT,
	},
	{
		mistake: 'an order with an item without a SKU',
		run: async () => {
			const items = [{ quantity: 1, info: { id: 'i-1' } }];
			const deliveries = [{ id: 'd-1', seller: { id: 's' }, items }];
			return await withOrder({ id: 'o-1', code: '1', deliveries });
		},
		message: 'Magalu does not tell ID, SKU and quantity of its items: order 1',
		description: WITHOUT_IT,
	},
];

test.each(mistakes)('$mistake', async ({ run, message, description }) => {
	const { error } = await run();
	const seen = error as ThrownByNode;

	expect({ message: seen.message, description: seen.description }).toEqual({
		message,
		description: `Nothing was sent. ${description}`,
	});
});
