import type { Attachment } from '../../../shared/files/attachments';
import type { MarketplaceError } from '../../../shared/outcome';
import type { Sent } from '../../../shared/send/sendMessage';
import { textOf, type Json } from '../../../shared/values';
import { wait } from '../../../shared/sleep';
import type { Connection } from '../../api/connection';
import { lookingFor, uploading } from '../../api/limits';
import { messageSince, postMessage, type Accepted } from '../../api/messages';
import { follow, notDoneError, type Followed } from '../../api/transactions';
import { uploadFiles, type Uploaded } from '../../api/uploads';
import { timeoutOf } from '../waiting';
import { bodyOf, type Message } from './message';

/** A message that is ready to leave. */
export interface Delivery {
	ticketId: string;
	message: Message;
	files: Attachment[];
	options: { waitForCompletion: boolean; timeout: number };
	/** Asked right before each try: why it must not leave any more. */
	tooLate?(): Error | undefined;
	/** Told as soon as Magalu has taken the message. */
	taken(transactionId: string | undefined): void;
	/** Told what a person wants to know after the run. */
	hint(text: string): void;
}

/** What became of it, as far as Magalu told. */
interface Delivered {
	status: 'sent' | 'accepted';
	accepted?: Accepted;
	uploads?: Uploaded[];
	followed?: Followed;
	/** The message itself, as it stands in the ticket. */
	found?: Json;
}

/**
 * Posts a message, uploads its files, and follows its transaction.
 *
 * @returns what the output of `message.send` says of it
 * @throws MarketplaceError `notSent` where Magalu refused, a file is missing or the transaction failed;
 * `unknown` where the answer to the message was lost
 */
export async function deliver(connection: Connection, delivery: Delivery): Promise<Sent> {
	const { ticketId, message, files, options, tooLate } = delivery;
	const began = Date.now();
	const accepted = await postMessage(connection, ticketId, bodyOf(message, files), tooLate);
	delivery.taken(accepted.transactionId);
	const uploads = await uploadFiles(connection, files, accepted);

	// Only the transaction tells of a file that is not surely there.
	const inDoubt = uploads.some((file) => file.inDoubt);
	const wanted = options.waitForCompletion || inDoubt;
	const followed = wanted ? await followedTo(connection, delivery, accepted, inDoubt) : undefined;
	if (followed?.state === 'failed') throw notCreatedError(accepted, followed, uploads);

	const isKnown = accepted.created || accepted.transactionId !== undefined;
	const found = wanted && !isKnown ? await lookFor(connection, delivery, began) : undefined;
	const sent = (accepted.created && !inDoubt) || followed?.state === 'completed' || found;
	if (!sent && wanted) delivery.hint(whyNotSent(followed, uploads));
	return outputOf(delivery, {
		status: sent ? 'sent' : 'accepted',
		accepted,
		uploads,
		followed,
		found,
	});
}

/**
 * Looks for a message whose transaction Magalu does not name among the newest of its ticket. It shows there
 * once it is created; a code that is not of this attempt alone may stand on older messages too.
 */
async function lookFor(
	connection: Connection,
	{ ticketId, message, options }: Delivery,
	began: number,
): Promise<Json | undefined> {
	const until = Date.now() + timeoutOf(options.timeout);
	try {
		for (const pause of lookingFor.waitsMs) {
			if (Date.now() + pause > until) return undefined;
			await wait(pause, connection.signal);
			const found = await messageSince(connection, ticketId, message, began);
			if (typeof found === 'object') return found.one.row;
		}
	} catch {
		// Not to be read, or the execution was stopped: it stays unknown.
	}
	return undefined;
}

/** @param inDoubt Magalu gives up a message that lacks a file only when its time is over */
async function followedTo(
	connection: Connection,
	{ options }: Delivery,
	{ transactionId, created, at }: Accepted,
	inDoubt: boolean,
): Promise<Followed | undefined> {
	if (created) return undefined;
	if (transactionId === undefined) {
		return { state: 'open', lostSight: 'Magalu gave no transaction ID.' };
	}
	const givenUp = at + uploading.deadlineMs + uploading.graceMs - Date.now();
	const timeout = timeoutOf(options.timeout);
	return await follow(connection, transactionId, inDoubt ? Math.max(timeout, givenUp) : timeout);
}

/** Magalu's last word on a message. */
export function notCreatedError(
	accepted: Pick<Accepted, 'transactionId' | 'requestId'>,
	followed: Pick<Followed, 'status' | 'said'>,
	uploads: Uploaded[],
): MarketplaceError {
	const advice = 'Check that the ticket is still open';
	const message = `Magalu did not create the message: its transaction is '${followed.status}'`;
	return notDoneError(message, accepted, followed, advice, lostUploads(uploads));
}

function lostUploads(uploads: Uploaded[]): string | undefined {
	const files = uploads.filter(({ inDoubt }) => inDoubt).map(({ fileName }) => fileName);
	if (files.length === 0) return undefined;
	return `Magalu's storage did not say that it has ${files.join(', ')}`;
}

function whyNotSent(followed: Followed | undefined, uploads: Uploaded[]): string {
	const lost = lostUploads(uploads);
	return [
		'Magalu took a message, but it is not known yet whether it was created.',
		followed?.lostSight ?? 'The time ran out before that.',
		lost && `${lost}.`,
		'"Get" of transactions tells later.',
	]
		.filter(Boolean)
		.join(' ');
}

function outputOf(
	{ message, files }: Delivery,
	{ status, accepted, uploads, followed, found }: Delivered,
): Sent {
	const attachments = uploads ?? files;
	return {
		status,
		transactionId: accepted?.transactionId ?? null,
		transactionStatus: followed?.status ?? null,
		messageId: followed?.messageId ?? accepted?.messageId ?? textOf(found?.id),
		code: message.code,
		attachments: attachments.map((file) => ({
			id: 'id' in file ? file.id : null,
			fileName: file.fileName,
			mimeType: file.mimeType,
			size: file.size,
		})),
		requestId: accepted?.requestId ?? null,
		sentAt: new Date(accepted?.at ?? Date.now()).toISOString(),
	};
}
