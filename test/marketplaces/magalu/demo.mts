import { randomUUID } from 'node:crypto';

import {
	allScopes,
	type Client,
	type Message,
	type Order,
	type OrderItem,
	seller,
	type Ticket,
	type User,
} from './state.mts';

export const demoTenant = '1b6f0a52-7f5c-4d38-9a0e-3c1d20c5f7aa';
export const demoRefreshToken = 'demo-magalu-refresh';

export const demoClient: Client = {
	id: 'demo-magalu-client',
	secret: 'demo-magalu-secret',
	redirectUris: [],
	scopes: allScopes,
	defaultScopes: [],
};

export const demoUser: User = { name: 'loja', password: 'demo', admin: true, tenantId: demoTenant };

/** Ids that examples and tests may name. */
export const demoTickets = {
	/** The seller's turn; the customer sent a picture. */
	waitingSeller: '0c1d9a64-52d4-4c39-8f0b-6d0f6f0d1a01',
	/** Magalu's mediation asks. */
	mediation: '0c1d9a64-52d4-4c39-8f0b-6d0f6f0d1a02',
	/** The customer's turn. */
	waiting: '0c1d9a64-52d4-4c39-8f0b-6d0f6f0d1a03',
	closed: '0c1d9a64-52d4-4c39-8f0b-6d0f6f0d1a04',
};

/** The customer's picture in the first of them. */
export const demoAttachment = {
	messageId: '4a8f7c11-0f0e-4b57-8d35-1c6a4f4f0b00',
	attachmentId: '4a8f7c11-0f0e-4b57-8d35-1c6a4f4f0b01',
};

const hour = 3_600_000;
const day = 24 * hour;

const pixel = Buffer.from(
	'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
	'base64',
);

/** A message in full, from what a test cares about. */
export function newMessage(now: number, given: Partial<Message> = {}): Message {
	return {
		id: randomUUID(),
		text: 'Quando chega o meu pedido?',
		code: null,
		sender: { id: randomUUID(), name: 'Maria Oliveira', type: 'customer' },
		moderation: 'approved',
		isPrivate: false,
		destination: 'seller',
		attachments: [],
		createdAt: now,
		updatedAt: now,
		...given,
	};
}

/** A ticket in full, from what a test cares about. */
export function newTicket(now: number, given: Partial<Ticket> = {}): Ticket {
	const createdAt = given.createdAt ?? now;
	return {
		id: randomUUID(),
		code: randomUUID(),
		type: 'shipping',
		status: 'waiting_seller',
		reason: 'shipping_delay',
		protocol: String(20_240_000_000_000 + Math.floor(Math.random() * 1e9)),
		dueDate: createdAt + 2 * day,
		origin: 'customer',
		createdAt,
		updatedAt: createdAt,
		order: {
			id: randomUUID(),
			code: '1470000000000009',
			deliveryId: randomUUID(),
			items: [newItem()],
		},
		messages: [],
		...given,
	};
}

/** An order in full, from what a test cares about. */
export function newOrder(now: number, given: Partial<Order> = {}): Order {
	const purchasedAt = given.purchasedAt ?? now;
	const code = given.code ?? String(1_470_000_000_000_000 + Math.floor(Math.random() * 1e12));
	const status = given.status ?? 'new';
	const paid = status === 'approved' || status === 'finished';
	return {
		id: randomUUID(),
		code,
		status,
		purchasedAt,
		createdAt: purchasedAt,
		approvedAt: paid ? purchasedAt + hour : undefined,
		updatedAt: paid ? purchasedAt + hour : purchasedAt,
		customer: {
			name: 'Maria Oliveira',
			documentNumber: '12345678909',
			email: 'maria.oliveira@example.com',
			phone: '991234567',
		},
		delivery: {
			id: randomUUID(),
			code: `${code}-1`,
			status: status === 'finished' ? 'delivered' : status,
		},
		items: [newItem()],
		...given,
	};
}

/** Orders in each state that a seller meets. */
export function demoOrders(now: number): Order[] {
	const id = (last: number) => `7e2b4f10-3c55-4b1e-9d0a-2f8f1c4e000${last}`;
	return [
		newOrder(now, {
			id: id(1),
			code: '1470000000000001',
			purchasedAt: now - 9 * day,
			status: 'finished',
		}),
		newOrder(now, {
			id: id(2),
			code: '1470000000000002',
			purchasedAt: now - 3 * day,
			status: 'approved',
		}),
		newOrder(now, {
			id: id(3),
			code: '1470000000000003',
			purchasedAt: now - 2 * day,
			status: 'cancelled',
		}),
		newOrder(now, {
			id: id(4),
			code: '1470000000000004',
			purchasedAt: now - 2 * hour,
			status: 'new',
		}),
	];
}

/** Tickets on those orders: one for each turn that a conversation can be at. */
export function demoTicketList(now: number, orders: Order[]): Ticket[] {
	const onOrder = (code: string) => {
		const order = orders.find((known) => known.code === code) ?? newOrder(now, { code });
		const { id, delivery, items } = order;
		return { id, code, deliveryId: delivery.id, items };
	};
	const broken = newMessage(now - 5 * hour, {
		id: demoAttachment.messageId,
		text: 'O copo chegou quebrado, veja a foto.',
		attachments: [
			{
				id: demoAttachment.attachmentId,
				fileName: `${demoAttachment.attachmentId}.png`,
				providedFileName: 'copo quebrado.png',
				fileType: 'image/png',
				bytes: pixel,
			},
		],
	});
	const mediation = newMessage(now - 20 * hour, {
		text: 'Por favor, informe o código de rastreio.',
		sender: { id: randomUUID(), name: 'Magalu', type: 'channel' },
	});
	const answered = newMessage(now - 40 * hour, {
		text: 'O pedido sai amanhã.',
		code: 'erp-1001',
		destination: 'customer',
		sender: {
			id: seller.id,
			name: seller.name,
			type: 'seller',
			owner: { code: 'ana', name: 'Ana' },
		},
	});
	return [
		newTicket(now, {
			id: demoTickets.waitingSeller,
			order: onOrder('1470000000000001'),
			reason: 'quality_concern',
			createdAt: now - 6 * hour,
			updatedAt: now - 5 * hour,
			messages: [newMessage(now - 6 * hour, { text: 'Bom dia, preciso de ajuda.' }), broken],
		}),
		newTicket(now, {
			id: demoTickets.mediation,
			order: onOrder('1470000000000002'),
			createdAt: now - 30 * hour,
			updatedAt: now - 20 * hour,
			messages: [newMessage(now - 30 * hour), mediation],
		}),
		newTicket(now, {
			id: demoTickets.waiting,
			order: onOrder('1470000000000002'),
			status: 'waiting',
			// It waits for the customer: those that wait for the seller are due first.
			dueDate: now + 3 * day,
			createdAt: now - 44 * hour,
			updatedAt: now - 40 * hour,
			messages: [newMessage(now - 44 * hour), answered],
		}),
		newTicket(now, {
			id: demoTickets.closed,
			order: onOrder('1470000000000003'),
			type: 'cancellation',
			status: 'closed',
			reason: 'change_of_mind',
			dueDate: undefined,
			createdAt: now - 50 * hour,
			updatedAt: now - 45 * hour,
			messages: [newMessage(now - 50 * hour, { text: 'Quero cancelar a compra.' })],
		}),
	];
}

function newItem(): OrderItem {
	return {
		id: randomUUID(),
		sku: 'bk7c21fdc2',
		externalSku: 'COPO-6-300',
		name: 'Jogo de Copos 300 ml, 6 peças',
		description: 'Copos de vidro',
		image: 'https://example.com/copos.jpg',
		quantity: 1,
		price: 7990,
	};
}
