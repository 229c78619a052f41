import { platformError } from '../magalu/answers.mts';
import type { Order } from '../magalu/state.mts';
import { painTrials, whereItCanTell } from './hurts.mts';
import { atTrigger, stageTrials, type Stage } from './stages.mts';
import type { Trials } from './trials.mts';
import { inWords } from './words.mts';
import type { World } from './world.mts';

const trigger = 'Magalu Order Trigger';

/** An order stays approved while its delivery is on its way; it is finished after that. */
function bring(order: Order, stage: Stage, now: number): void {
	order.updatedAt = now;
	order.delivery.updatedAt = now;
	if (stage === 'paid') Object.assign(order, { status: 'approved', approvedAt: now });
	if (stage === 'delivered') order.status = 'finished';
	order.delivery.status = stage === 'paid' ? 'approved' : stage;
}

/** Tickets that a customer may go on with. */
function tickets({ magalu }: World): Array<[string, string]> {
	return magalu.state.tickets
		.filter(({ status }) => status !== 'closed')
		.slice(0, 12)
		.map(({ id, order, reason, type }) => [id, `Order ${order.code}: ${inWords(reason ?? type)}`]);
}

export const magaluTrials: Trials = {
	hurts: painTrials({
		title: 'Magalu',
		operations: ['magalu.send', 'magalu.openTicket'],
		tooFast: platformError(429, 'Too many requests.'),
		endTokens({ magalu, clock }) {
			for (const token of magalu.state.accessTokens.values()) token.expiresAt = clock.now();
		},
		afterLoss: whereItCanTell,
	}),
	comes: [
		{
			id: 'customerWrites',
			label: 'A customer writes',
			fields: (world) => [
				{
					name: 'ticketId',
					label: 'Ticket',
					value: tickets(world)[0]?.[0] ?? '',
					options: tickets(world),
				},
				{ name: 'text', label: 'Message', value: 'Podem enviar a nota fiscal?', long: true },
			],
			run({ magalu }, { ticketId = '', text = '' }) {
				if (!text.trim()) throw new Error('Fill in every field.');
				magalu.addMessage(ticketId, { text });
				return {
					happened: 'The customer wrote in the ticket: it waits for you now.',
					look: atTrigger('Magalu Ticket Trigger', 'Customer Message'),
				};
			},
		},
		...stageTrials<Order>({
			all: ({ magalu }) => magalu.state.orders,
			add: ({ magalu }) => magalu.addOrder(),
			bring: (order, stage, clock) => bring(order, stage, clock.now()),
			nameOf: ({ code, items }) => `Order ${code} (${items.map(({ name }) => name).join(', ')})`,
			lookAt: (stage) =>
				atTrigger(
					trigger,
					{
						created: 'Order Created',
						paid: 'Order Approved',
						shipped: 'Order Shipped',
						delivered: 'Order Delivered',
					}[stage],
				),
		}),
	],
};
