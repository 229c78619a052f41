import type { IDataObject } from 'n8n-workflow';

import { MagaluOAuth2Api } from '../../../credentials/MagaluOAuth2Api.credentials.ts';
import { MagaluOrderTrigger } from '../../../nodes/Magalu/MagaluOrderTrigger.node.ts';
import { MagaluTicketTrigger } from '../../../nodes/Magalu/MagaluTicketTrigger.node.ts';
import { magaluCredential } from '../../engine/magalu.mts';
import type { Order } from '../../marketplaces/magalu/state.mts';
import type { Simulator } from '../../marketplaces/simulator.mts';
import { behaviours, DAY, HOUR, type TriggerRow } from './behaviours.mts';

let mockNow = Date.parse('2026-11-20T12:00:00Z');
jest.mock('n8n-workflow', () => ({
	...jest.requireActual<object>('n8n-workflow'),
	sleep: async (ms: number) => {
		mockNow += ms;
	},
}));

const delivered = (status: string) => ({ id: 'd', code: 'd', status, updatedAt: mockNow });

/** What an order of three days ago is like when it comes to an event. */
const comes: Record<string, () => Partial<Order>> = {
	orderCreated: () => ({ purchasedAt: mockNow, createdAt: mockNow }),
	orderUpdated: () => ({}),
	orderApproved: () => ({ status: 'approved', approvedAt: mockNow }),
	orderShipped: () => ({ status: 'approved', delivery: delivered('shipped') }),
	orderDelivered: () => ({
		status: 'approved',
		delivery: delivered('delivered'),
		furtherDeliveries: [delivered('cancelled')],
	}),
	'orderShipped of which no change is told': () => ({
		status: 'approved',
		delivery: delivered('shipped'),
		updatedAt: mockNow - 3 * DAY,
	}),
	'orderDelivered of which no change is told': () => ({
		status: 'approved',
		delivery: delivered('delivered'),
		updatedAt: mockNow - 3 * DAY,
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
			purchasedAt: mockNow - 3 * DAY,
			updatedAt: mockNow,
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
					Object.assign(order!, { updatedAt: mockNow });
				},
			}),
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
	idIn: ({ protocol }) => protocol,
};

/** A message in a ticket of last week, which moderation may let through later. */
function say({ magalu }: Simulator, type: 'customer' | 'channel', text: string, shownAt?: number) {
	const ticket = magalu.addTicket({ createdAt: mockNow - 7 * DAY });
	const sender = { id: 's', name: 'Maria', type };
	magalu.addMessage(ticket.id, { text, sender, shownAt });
	magalu.addMessage(ticket.id, { text: 'ours', sender: { ...sender, type: 'seller' } });
}

/** A ticket of which one message is told. */
const ofMessages = {
	leave({ magalu }: Simulator, text: string) {
		magalu.state.tickets = magalu.state.tickets.filter(
			({ messages }) => !messages.some((one) => one.text === text),
		);
	},
	idIn: ({ text }: IDataObject) => text,
};

const rows: TriggerRow[] = [
	...orders,
	{
		...tickets,
		name: 'ticketCreated',
		parameters: { event: 'ticketCreated' },
		touch({ magalu }, protocol) {
			const ticket = magalu.state.tickets.find((one) => one.protocol === protocol);
			Object.assign(ticket!, { updatedAt: mockNow });
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
			const createdAt = mockNow - 3 * DAY;
			const type = 'exchange';
			magalu.addTicket({ protocol, indexedAt, type, createdAt, updatedAt: mockNow });
			magalu.addTicket({ protocol: `other ${protocol}`, updatedAt: mockNow });
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
		happen({ magalu }, protocol) {
			const createdAt = mockNow - 2 * DAY;
			magalu.addTicket({ protocol, createdAt, dueDate: mockNow + DAY });
		},
		touch({ magalu }, protocol) {
			const ticket = magalu.state.tickets.find((one) => one.protocol === protocol);
			Object.assign(ticket!, { updatedAt: mockNow });
		},
		lateness: undefined,
	},
];

behaviours(rows, { now: () => mockNow, pass: (ms) => void (mockNow += ms) });
