import type { IDataObject } from 'n8n-workflow';

import { MagaluOAuth2Api } from '../../../credentials/MagaluOAuth2Api.credentials.ts';
import { MagaluOrderTrigger } from '../../../nodes/Magalu/MagaluOrderTrigger.node.ts';
import { MagaluTicketTrigger } from '../../../nodes/Magalu/MagaluTicketTrigger.node.ts';
import { magaluCredential } from '../../engine/magalu.mts';
import type { Order } from '../../marketplaces/magalu/state.mts';
import type { Simulator } from '../../marketplaces/simulator.mts';
import { DAY, HOUR, type TriggerRow } from './behaviours.mts';

const delivered = (status: string) => ({ id: 'd', code: 'd', status, updatedAt: Date.now() });

/** What an order of three days ago is like when it comes to an event. */
const comes: Record<string, () => Partial<Order>> = {
	orderCreated: () => ({ purchasedAt: Date.now(), createdAt: Date.now() }),
	orderUpdated: () => ({}),
	orderApproved: () => ({ status: 'approved', approvedAt: Date.now() }),
	orderShipped: () => ({ status: 'approved', delivery: delivered('shipped') }),
	orderDelivered: () => ({
		status: 'approved',
		delivery: delivered('delivered'),
		furtherDeliveries: [delivered('cancelled')],
	}),
	'orderShipped of which no change is told': () => ({
		status: 'approved',
		delivery: delivered('shipped'),
		updatedAt: Date.now() - 3 * DAY,
	}),
	'orderDelivered of which no change is told': () => ({
		status: 'approved',
		delivery: delivered('delivered'),
		updatedAt: Date.now() - 3 * DAY,
	}),
	orderCancelled: () => ({ status: 'cancelled' }),
};

const common = {
	credentialType: () => new MagaluOAuth2Api(),
	credential: magaluCredential,
	lateness: 6 * HOUR,
};

const orders = Object.entries(comes).map(([name, coming]): TriggerRow => ({
	...common,
	name,
	node: () => new MagaluOrderTrigger(),
	parameters: { event: name.split(' ')[0]! },
	operation: 'magalu.orders',
	happen({ magalu }, code, indexedAt) {
		magalu.addOrder({
			code,
			purchasedAt: Date.now() - 3 * DAY,
			updatedAt: Date.now(),
			indexedAt,
			...coming(),
		});
	},
	leave({ magalu }, code) {
		magalu.state.orders = magalu.state.orders.filter((one) => one.code !== code);
	},
	pageSize: 100,
	...(name === 'orderUpdated'
		? {}
		: {
				touch({ magalu }, code) {
					const order = magalu.state.orders.find((one) => one.code === code);
					Object.assign(order!, { updatedAt: Date.now() });
				},
			}),
	names: ['orderId', 'orderCode'],
	theirs: 'purchased_at',
	hasPersonalData: true,
	idIn: ({ orderCode }) => orderCode,
}));

const tickets: TriggerRow = {
	...common,
	name: '',
	node: () => new MagaluTicketTrigger(),
	parameters: {},
	operation: 'magalu.tickets',
	happen({ magalu }, protocol, indexedAt) {
		magalu.addTicket({ protocol, indexedAt });
	},
	leave({ magalu }, protocol) {
		magalu.state.tickets = magalu.state.tickets.filter((one) => one.protocol !== protocol);
	},
	pageSize: 100,
	names: ['ticketId', 'orderId', 'orderCode', 'status'],
	theirs: 'protocol',
	hasPersonalData: false,
	idIn: ({ protocol }) => protocol,
};

/** A message in a ticket of last week, which moderation may let through later. */
function say({ magalu }: Simulator, type: 'customer' | 'channel', text: string, shownAt?: number) {
	const ticket = magalu.addTicket({ createdAt: Date.now() - 7 * DAY });
	const sender = { id: 's', name: 'Maria', type };
	magalu.addMessage(ticket.id, { text, sender, shownAt });
	magalu.addMessage(ticket.id, { text: 'ours', sender: { ...sender, type: 'seller' } });
}

/** A ticket of which one message is told. */
const ofMessages = {
	/** Our own answer changes the ticket. */
	touch({ magalu }: Simulator, text: string) {
		const ticket = magalu.state.tickets.find(({ messages }) =>
			messages.some((one) => one.text === text),
		);
		const sender = { id: 's', name: 'Maria', type: 'seller' } as const;
		magalu.addMessage(ticket!.id, { text: `answer to ${text}`, sender });
	},
	refuse({ magalu, faults }: Simulator, text: string) {
		const { id } = magalu.state.tickets.find(({ messages }) =>
			messages.some((one) => one.text === text),
		)!;
		const fault = { operation: 'magalu.messages', kind: 'status', status: 403 } as const;
		faults.push({ ...fault, containing: id, times: 999 });
	},
	names: [...tickets.names, 'messageId', 'text'],
	leave({ magalu }: Simulator, text: string) {
		magalu.state.tickets = magalu.state.tickets.filter(
			({ messages }) => !messages.some((one) => one.text === text),
		);
	},
	idIn: ({ text }: IDataObject) => text,
};

export const magaluRows: TriggerRow[] = [
	...orders,
	{
		...tickets,
		name: 'ticketCreated',
		parameters: { event: 'ticketCreated' },
		touch({ magalu }, protocol) {
			const ticket = magalu.state.tickets.find((one) => one.protocol === protocol);
			Object.assign(ticket!, { updatedAt: Date.now() });
		},
	},
	{
		...tickets,
		name: 'ticketCreated of tickets that never changed',
		parameters: { event: 'ticketCreated', filters: { status: 'open' } },
		happen({ magalu }, protocol, indexedAt) {
			magalu.addTicket({ protocol, indexedAt, status: 'open', updatedAt: null });
		},
	},
	{
		...tickets,
		name: 'ticketUpdated',
		parameters: { event: 'ticketUpdated', filters: { type: 'exchange' } },
		happen({ magalu }, protocol, indexedAt) {
			const createdAt = Date.now() - 3 * DAY;
			const type = 'exchange';
			magalu.addTicket({ protocol, indexedAt, type, createdAt, updatedAt: Date.now() });
			magalu.addTicket({ protocol: `other ${protocol}`, updatedAt: Date.now() });
		},
	},
	{
		...tickets,
		name: 'ticketUpdated of tickets that never changed',
		parameters: { event: 'ticketUpdated' },
		happen({ magalu }, protocol, indexedAt) {
			magalu.addTicket({ protocol, indexedAt, updatedAt: null });
		},
	},
	{
		...tickets,
		name: 'customerMessage',
		parameters: { event: 'customerMessage' },
		happen: (simulator, text, shownAt) => say(simulator, 'customer', text, shownAt),
		...ofMessages,
	},
	{
		...tickets,
		name: 'mediationMessage',
		parameters: { event: 'mediationMessage' },
		happen: (simulator, text, shownAt) => say(simulator, 'channel', text, shownAt),
		...ofMessages,
	},
	{
		...tickets,
		name: 'dueSoon',
		parameters: { event: 'dueSoon', options: { hoursBefore: 24 } },
		happen({ magalu }, protocol, indexedAt) {
			const createdAt = Date.now() - 2 * DAY;
			magalu.addTicket({ protocol, indexedAt, createdAt, dueDate: Date.now() + DAY });
		},
		touch({ magalu }, protocol) {
			const ticket = magalu.state.tickets.find((one) => one.protocol === protocol);
			Object.assign(ticket!, { updatedAt: Date.now() });
		},
	},
];
