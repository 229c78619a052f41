import { randomUUID } from 'node:crypto';

import { naiveDate } from './dates.mts';
import { maxFileSize } from './limits.mts';
import {
	type Message,
	type PostedFile,
	seller,
	type StoredFile,
	type Transaction,
	type World,
} from './state.mts';

/** A transaction as the API shows it: in the shape of the specification, or of the guide. */
export function shownTransaction({ state }: World, transaction: Transaction): object {
	const shape =
		state.settings.transactionsAs === 'specified'
			? { content_type: 'ticket_message', content_id: transaction.messageId ?? null }
			: { trigger_endpoint: 'seller/v0/tickets/messages' };
	return {
		...shape,
		created_at: naiveDate(transaction.createdAt),
		updated_at: naiveDate(transaction.updatedAt),
		id: transaction.id,
		code: transaction.message.code,
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

/** Brings every transaction to where it stands by now. Requests do so first; tests may call it too. */
export function settle(world: World): void {
	for (const transaction of world.state.openTransactions) {
		advance(world, transaction);
		if (!isOpen(transaction)) world.state.openTransactions.delete(transaction);
	}
}

/** Settles again when what is open by now is due, so that messages arrive though nobody asks. */
export function settleLater(world: World): void {
	const { completeAfterMs } = world.state.settings;
	if (completeAfterMs > 0) setTimeout(() => settle(world), completeAfterMs + 5).unref();
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
function readyAt({ createdAt, message }: Transaction): number | undefined {
	let ready = createdAt;
	for (const { upload } of message.attachments) {
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

function complete({ context, state }: World, transaction: Transaction, at: number): void {
	const posted = transaction.message;
	const ticket = state.tickets.find(({ id }) => id === posted.ticketId);
	if (!ticket) return finish(transaction, 'failed', 'failure', at);

	const message: Message = {
		id: randomUUID(),
		text: posted.message,
		code: posted.code,
		sender: { id: seller.id, name: seller.name, type: 'seller', owner: posted.owner },
		moderation: state.settings.moderationOf(posted),
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

	// What moderation rejects, nobody ever reads.
	if (message.moderation === 'rejected') return;
	const mixedUp = state.doublePuts.filter(({ transactionId }) => transactionId === transaction.id);
	context.deliver({
		marketplace: 'magalu',
		type: 'ticketMessage',
		reference: ticket.id,
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
	const data = { ticket_id: transaction.message.ticketId, ...more };
	transaction.events.push({ event, message, data, status: transaction.status, at });
	transaction.updatedAt = at;
}
