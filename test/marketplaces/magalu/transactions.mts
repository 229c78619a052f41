import { randomUUID } from 'node:crypto';

import { naiveDate } from './dates.mts';
import { maxFileSize } from './limits.mts';
import { openedTicket } from './openedTicket.mts';
import {
	type InModeration,
	type Message,
	type MessageTransaction,
	type PostedFile,
	seller,
	type StoredFile,
	type TicketTransaction,
	type Transaction,
	type World,
} from './state.mts';

/** A transaction as the API shows it: in the shape of the specification, or of the guide. */
export function shownTransaction({ state }: World, transaction: Transaction): object {
	const specified = state.settings.transactionsAs === 'specified';
	return {
		...(specified ? contentOf(transaction) : { trigger_endpoint: endpointOf(transaction) }),
		created_at: naiveDate(transaction.createdAt),
		updated_at: naiveDate(transaction.updatedAt),
		id: transaction.id,
		code: 'message' in transaction ? transaction.message.code : null,
		operation: 'create',
		status: transaction.status,
		events: transaction.events.map(({ event, message, data, status, at }) => ({
			event,
			message,
			data,
			status,
			created_at: naiveDate(at),
		})),
	};
}

function contentOf(transaction: Transaction): object {
	return 'message' in transaction
		? { content_type: 'ticket_message', content_id: transaction.messageId ?? null }
		: { content_type: 'ticket', content_id: transaction.ticketId ?? null };
}

const endpointOf = (transaction: Transaction) =>
	'message' in transaction ? 'seller/v0/tickets/messages' : 'seller/v0/tickets';

/** Brings every transaction to where it stands by now. Requests do so first; tests may call it too. */
export function settle(world: World): void {
	settleTransactions(world);
	const now = world.context.clock.now();
	for (const waiting of world.state.inModeration) {
		if (waiting.at > now) continue;
		world.state.inModeration.delete(waiting);
		moderate(world, waiting);
	}
}

function settleTransactions(world: World): void {
	for (const transaction of world.state.openTransactions) {
		advance(world, transaction);
		if (!isOpen(transaction)) world.state.openTransactions.delete(transaction);
	}
}

/** Settles again when what is open by now is due, so that messages arrive though nobody asks. */
export function settleLater(world: World): void {
	const { completeAfterMs, moderatedAfterMs } = world.state.settings;
	for (const ms of new Set([completeAfterMs, completeAfterMs + moderatedAfterMs])) {
		if (ms > 0) setTimeout(() => settle(world), ms + 5).unref();
	}
}

function isOpen({ status }: Transaction): boolean {
	return status === 'pending' || status === 'processing';
}

function advance(world: World, transaction: Transaction): void {
	const { settings } = world.state;
	const now = world.context.clock.now();
	const deadline = transaction.createdAt + settings.uploadDeadlineMs;
	const ready = readyAt(transaction);
	if (ready === undefined || ready > deadline) {
		if (now > deadline) finish(transaction, 'cancelled', 'transition', deadline);
		return;
	}
	if (transaction.status === 'pending' && now >= ready + settings.completeAfterMs / 2) {
		transaction.status = 'processing';
		note(transaction, 'transition', 'Processing', ready + settings.completeAfterMs / 2);
	}
	const due = ready + settings.completeAfterMs;
	if (now < due) return;
	if (!('message' in transaction)) return advanceTicket(world, transaction, due);
	// The link takes it, but no message can hold it: its `file_size` is below the link's `max_size`.
	const tooLarge = ({ upload }: PostedFile) => (upload?.bytes.length ?? 0) >= maxFileSize;
	if (transaction.message.attachments.some(tooLarge)) {
		return finish(transaction, 'failed', 'failure', due);
	}
	const outcome = settings.outcomeOf(transaction.message);
	if (outcome === 'completed') complete(world, transaction, due);
	// Production gives no reason: the event's text is empty.
	else if (outcome !== 'never') finish(transaction, outcome, 'failure', due);
}

/** When the last file was there (a message without files: at once); undefined while one is missing. */
function readyAt(transaction: Transaction): number | undefined {
	let ready = transaction.createdAt;
	if (!('message' in transaction)) return ready;
	for (const { upload } of transaction.message.attachments) {
		if (!upload) return undefined;
		ready = Math.max(ready, upload.at);
	}
	return ready;
}

function finish(
	transaction: Transaction,
	status: 'failed' | 'cancelled',
	event: 'failure' | 'transition',
	at: number,
): void {
	transaction.status = status;
	note(transaction, event, '', at, { created: 'False' });
}

function advanceTicket(world: World, transaction: TicketTransaction, due: number): void {
	const { context, state } = world;
	const outcome = transaction.fits ? state.settings.ticketOutcomeOf(transaction.ticket) : 'failed';
	if (outcome === 'never') return;
	if (outcome !== 'completed') return finish(transaction, outcome, 'failure', due);
	const ticket = openedTicket(transaction, due);
	state.tickets.push(ticket);
	transaction.status = 'completed';
	transaction.ticketId = ticket.id;
	note(transaction, 'transition', 'Ticket creation successful', due);
	// The customer is told of it.
	context.deliver({
		marketplace: 'magalu',
		type: 'ticket',
		reference: ticket.order.code,
		text: [ticket.type, ticket.reason].filter(Boolean).join(': '),
		attachments: [],
		fields: {
			ticketId: ticket.id,
			transactionId: transaction.id,
			items: ticket.order.items.map(({ sku, quantity }) => ({ sku, quantity })),
		},
		at: due,
	});
}

function complete(world: World, transaction: MessageTransaction, at: number): void {
	const { state } = world;
	const posted = transaction.message;
	const ticket = state.tickets.find(({ id }) => id === posted.ticketId);
	if (!ticket) return finish(transaction, 'failed', 'failure', at);

	const message: Message = {
		id: randomUUID(),
		text: posted.message,
		code: posted.code,
		sender: { id: seller.id, name: seller.name, type: 'seller', owner: posted.owner },
		moderation: 'new',
		isPrivate: false,
		destination: posted.destination,
		attachments: posted.attachments.map(storedFile),
		createdAt: at,
		updatedAt: at,
	};
	ticket.messages.push(message);
	ticket.updatedAt = Math.max(ticket.updatedAt ?? 0, at);
	if (posted.destination === 'customer') ticket.status = 'waiting';
	transaction.status = 'completed';
	transaction.messageId = message.id;
	note(transaction, 'transition', 'Message creation successful', at, { ticket_id: ticket.id });

	const waiting = { transaction, message, at: at + state.settings.moderatedAfterMs };
	if (state.settings.moderatedAfterMs > 0) state.inModeration.add(waiting);
	else moderate(world, waiting);
}

function moderate({ context, state }: World, { transaction, message, at }: InModeration): void {
	const posted = transaction.message;
	message.moderation = state.settings.moderationOf(posted);
	if (state.settings.moderatedAfterMs > 0) message.updatedAt = at;
	// What moderation rejects, nobody ever reads.
	if (message.moderation === 'rejected') {
		message.blockRules = state.settings.blockRulesOf(posted);
		return;
	}
	const mixedUp = state.doublePuts.filter(({ transactionId }) => transactionId === transaction.id);
	context.deliver({
		marketplace: 'magalu',
		type: 'ticketMessage',
		reference: posted.ticketId,
		text: posted.message,
		attachments: message.attachments.map(({ providedFileName, fileType, bytes }) => ({
			fileName: providedFileName,
			mimeType: fileType,
			bytes,
		})),
		fields: {
			destination: posted.destination,
			code: posted.code,
			ownerCode: posted.owner.code,
			ownerName: posted.owner.name,
			moderation: message.moderation,
			transactionId: transaction.id,
			messageId: message.id,
			...(mixedUp.length > 0 ? { mixedUpFiles: mixedUp.map(({ fileName }) => fileName) } : {}),
		},
		at,
	});
}

function storedFile(file: PostedFile): StoredFile {
	return {
		id: file.id,
		fileName: `${file.id}.${file.fileExtension}`,
		providedFileName: file.fileName,
		fileType: file.fileType,
		filePath: file.filePath,
		bytes: file.upload?.bytes ?? Buffer.alloc(0),
	};
}

/** Adds an event to a transaction. */
export function note(
	transaction: Transaction,
	event: Transaction['events'][number]['event'],
	message: string,
	at: number,
	more: object = {},
): void {
	const ticketId = 'message' in transaction ? transaction.message.ticketId : transaction.ticketId;
	const data = { ...(ticketId === undefined ? {} : { ticket_id: ticketId }), ...more };
	transaction.events.push({ event, message, data, status: transaction.status, at });
	transaction.updatedAt = at;
}
