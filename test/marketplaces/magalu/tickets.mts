import type { Answer, Exchange } from '../service.mts';
import { platformError, unprocessable } from './answers.mts';
import { naiveDate } from './dates.mts';
import { type ListRules, listPage } from './lists.mts';
import { maxFileSize, ticketReasons, ticketTypes } from './limits.mts';
import { postMessage } from './sending.mts';
import {
	channel,
	type Message,
	seller,
	type StoredFile,
	type Ticket,
	type Transaction,
	type World,
} from './state.mts';
import { shownTransaction } from './transactions.mts';

const sacLimits = {
	defaultLimit: 50,
	maxLimit: 100,
	maxOffset: 100,
	dateSeparator: '_',
} as const;

const ticketTimes = {
	created_at: ({ createdAt }: Ticket) => createdAt,
	updated_at: ({ updatedAt }: Ticket) => updatedAt ?? undefined,
	due_date: ({ dueDate }: Ticket) => dueDate,
};

const ticketRules: ListRules<Ticket> = {
	...sacLimits,
	equal: {
		status: ({ status }) => status,
		type: ({ type }) => type,
		reason: ({ reason }) => reason ?? '',
		code: ({ code }) => code ?? '',
		ticket_id: ({ id }) => id,
		order__id: ({ order }) => order.id,
		order__code: ({ order }) => order.code,
		channel__id: () => channel.id,
		channel__alias: () => channel.alias,
		protocol: ({ protocol }) => protocol,
	},
	known: { type: ticketTypes, reason: ticketReasons },
	dates: ticketTimes,
	sortable: ticketTimes,
	show: shownTicket,
};

const transactionRules: Omit<ListRules<Transaction>, 'show'> = {
	...sacLimits,
	equal: { status: ({ status }) => status },
	dates: { created_at: ({ createdAt }) => createdAt },
	sortable: { created_at: ({ createdAt }) => createdAt },
};

/** `GET /seller/v0/tickets` */
export function listTickets({ context, state }: World, { query }: Exchange): Answer {
	const now = context.clock.now();
	const visible = state.tickets.filter(({ indexedAt = 0 }) => indexedAt <= now);
	const { neverChanged } = state.settings;
	return pageOf(listPage(visible, query, { ...ticketRules, withoutDate: neverChanged }));
}

/** `GET /seller/v0/tickets/{ticket}` */
export function getTicket(world: World, _exchange: Exchange, [id = '']: string[]): Answer {
	return withTicket(world, id, (ticket) => ({ status: 200, body: shownTicket(ticket) }));
}

/** `GET /seller/v0/tickets/{ticket}/messages` */
export function listMessages(world: World, { query }: Exchange, [id = '']: string[]): Answer {
	return withTicket(world, id, (ticket) =>
		pageOf(
			listPage(visibleMessages(world, ticket), query, {
				...sacLimits,
				equal: { has_attachment: ({ attachments }) => String(attachments.length > 0) },
				// No date filter is known for messages, only the order.
				dates: {},
				sortable: { created_at: ({ createdAt }) => createdAt },
				show: (message) => shownMessage(world, ticket, message),
			}),
		),
	);
}

/** `GET /seller/v0/tickets/{ticket}/messages/{message}` */
export function getMessage(world: World, _exchange: Exchange, ids: string[]): Answer {
	return withMessage(world, ids, (ticket, message) => ({
		status: 200,
		body: shownMessage(world, ticket, message),
	}));
}

/** `GET /seller/v0/tickets/{ticket}/messages/{message}/attachments/{file name, or id}`: the bytes. */
export function getAttachment(world: World, _exchange: Exchange, ids: string[]): Answer {
	const name = world.state.settings.attachmentsBy;
	return withMessage(world, ids, (_ticket, message) => {
		const file = message.attachments.find((one) => one[name] === ids[2]);
		if (!file) return platformError(404, `Attachment '${ids[2]}' não encontrado.`);
		return { status: 200, headers: { 'content-type': file.fileType }, body: file.bytes };
	});
}

/** `POST /seller/v0/tickets/{ticket}/messages` */
export function sendMessage(world: World, exchange: Exchange, [id = '']: string[]): Answer {
	return withTicket(world, id, (ticket) => postMessage(world, exchange, ticket));
}

/** `GET /seller/v0/transactions/{transaction}` */
export function getTransaction(world: World, _exchange: Exchange, [id = '']: string[]): Answer {
	const transaction = knownTransactions(world).find((known) => known.id === id);
	if (!transaction) return platformError(404, `Transaction '${id}' não encontrada.`);
	return { status: 200, body: shownTransaction(world, transaction) };
}

/** `GET /seller/v0/transactions`: both ends of the time are required. */
export function listTransactions(world: World, { query }: Exchange): Answer {
	const missing = ['created_at_gte', 'created_at_lte'].filter((name) => !query.has(name));
	if (missing.length > 0) {
		const type = 'value_error.missing';
		return unprocessable(
			missing.map((name) => ({ where: 'query', field: [name], message: 'field required', type })),
		);
	}
	const show = (transaction: Transaction) => shownTransaction(world, transaction);
	return pageOf(listPage(knownTransactions(world), query, { ...transactionRules, show }));
}

function knownTransactions({ context, state }: World): Transaction[] {
	const now = context.clock.now();
	const { transactionHiddenMs } = state.settings;
	return [...state.transactions, ...state.ticketTransactions].filter(
		({ createdAt }) => createdAt + transactionHiddenMs <= now,
	);
}

function withTicket(world: World, id: string, then: (ticket: Ticket) => Answer): Answer {
	if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) {
		const message = 'value is not a valid uuid';
		return unprocessable([
			{ where: 'path', field: ['ticket_uuid'], message, type: 'type_error.uuid' },
		]);
	}
	const ticket = world.state.tickets.find((known) => known.id === id.toLowerCase());
	return ticket ? then(ticket) : platformError(404, `Ticket '${id}' não encontrado.`);
}

function withMessage(
	world: World,
	[ticketId = '', messageId = '']: string[],
	then: (ticket: Ticket, message: Message) => Answer,
): Answer {
	return withTicket(world, ticketId, (ticket) => {
		const message = visibleMessages(world, ticket).find(({ id }) => id === messageId);
		return message
			? then(ticket, message)
			: platformError(404, `Message '${messageId}' não encontrada.`);
	});
}

/** The API returns nothing that is private, and what moderation rejected only where it is set so. */
function visibleMessages({ context, state }: World, { messages }: Ticket): Message[] {
	const now = context.clock.now();
	const { rejectedListed } = state.settings;
	return messages.filter(
		({ moderation, isPrivate, shownAt = 0 }) =>
			(rejectedListed || moderation !== 'rejected') && !isPrivate && shownAt <= now,
	);
}

function pageOf(list: ReturnType<typeof listPage>): Answer {
	return 'problems' in list ? unprocessable(list.problems) : { status: 200, body: list.page };
}

function shownTicket(ticket: Ticket): object {
	const { order } = ticket;
	return {
		id: ticket.id,
		code: ticket.code,
		type: ticket.type,
		status: ticket.status,
		closed: ticket.status === 'closed',
		reason: ticket.reason,
		protocol: ticket.protocol,
		due_date: ticket.dueDate === undefined ? null : naiveDate(ticket.dueDate),
		origin: ticket.origin,
		created_at: naiveDate(ticket.createdAt),
		updated_at: ticket.updatedAt === null ? null : naiveDate(ticket.updatedAt),
		audit_created_at: naiveDate(ticket.createdAt),
		audit_updated_at: naiveDate(ticket.updatedAt ?? ticket.createdAt),
		channel,
		order: {
			id: order.id,
			code: order.code,
			delivery: {
				id: order.deliveryId,
				seller,
				items: order.items.map((item) => ({
					id: item.id,
					sku: item.sku,
					external_sku: item.externalSku,
					name: item.name,
					description: item.description,
					image: item.image,
					quantity: item.quantity,
				})),
			},
		},
	};
}

function shownMessage({ context }: World, ticket: Ticket, message: Message): object {
	const { sender } = message;
	return {
		id: message.id,
		message: message.text,
		code: message.code,
		ticket: { id: ticket.id },
		sender: { id: sender.id, name: sender.name, type: sender.type, owner: sender.owner ?? null },
		moderation: {
			id: message.id.split('').reverse().join(''),
			status: message.moderation,
			block_rules: message.blockRules ?? [],
			updated_at: naiveDate(message.updatedAt),
		},
		destination: message.destination,
		attachments: message.attachments.map((file) => shownFile(context.origin(), file)),
		created_at: naiveDate(message.createdAt),
		updated_at: naiveDate(message.updatedAt),
	};
}

function shownFile(origin: string, file: StoredFile): object {
	return {
		id: file.id,
		file_name: file.fileName,
		file_extension: file.fileName.split('.').at(-1),
		file_path: file.filePath ?? `attachments/${file.fileName}`,
		provided_file_name: file.providedFileName,
		file_type: file.fileType,
		file_size: file.bytes.length,
		uploaded_at: null,
		// Whoever has one of these can read the file, or put another one in its place.
		url: `${origin}/gcs/attachments/${file.fileName}?X-Goog-Signature=0a1b`,
		signed_link: {
			url: `${origin}/gcs/attachments/${file.fileName}?X-Goog-Signature=2c3d`,
			content_type: file.fileType,
			method: 'PUT',
			expires_at: '2099-01-01T00:00:00',
			max_size: maxFileSize,
			expired: false,
			headers: {},
		},
	};
}
