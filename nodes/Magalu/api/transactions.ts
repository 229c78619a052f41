import { MarketplaceError } from '../../shared/outcome';
import type { PickedFields } from '../../shared/poll/pickFields';
import { isWord, recordOf, recordsOf, textOf, type Json } from '../../shared/values';
import { wait } from '../../shared/sleep';
import type { Connection, MagaluRequest } from './connection';
import { scopes } from './login';
import { following, supportReads } from './limits';
import { objectOf } from './pages';
import type { Taken } from './taken';

/**
 * What became of a message, or a ticket, that Magalu took. The specification has `content_type` and `content_id`, the
 * guide `trigger_endpoint`: both are read.
 * @see https://developers.magalu.com/docs/plataforma-do-seller-sac
 */

/**
 * The fields of a transaction in which nothing personal can stand: all that the specification
 * (`SellerTransactionSchema`) and the guide name, and of an event's `data`, which is free, what the guide
 * shows.
 */
export const transactionFields: PickedFields = {
	id: true,
	code: true,
	operation: true,
	status: true,
	content_type: true,
	content_id: true,
	trigger_endpoint: true,
	created_at: true,
	updated_at: true,
	events: {
		event: true,
		message: true,
		data: { ticket_id: true, message_id: true, created: true },
		status: true,
		created_at: true,
	},
};

/** @throws MarketplaceError, always `notSent` */
export async function getTransaction(connection: Connection, transactionId: string): Promise<Json> {
	return await ask(connection, transactionId, {});
}

async function ask(
	connection: Connection,
	transactionId: string,
	more: Partial<Pick<MagaluRequest, 'policy' | 'timeout'>>,
): Promise<Json> {
	const answer = await connection.call({
		policy: 'read',
		method: 'GET',
		path: `/seller/v0/transactions/${encodeURIComponent(transactionId)}`,
		scope: scopes.readTransactions,
		plan: supportReads,
		...more,
	});
	return objectOf(answer, ['id', 'status', 'events']);
}

/** Where a transaction is at: a word that nobody knows means that it has not ended. */
type TransactionState = 'open' | 'completed' | 'failed';

/** @returns Magalu's word for where the transaction is at */
export function statusIn(transaction: Json): string | undefined {
	const ofEvents = recordsOf(transaction.events).map(({ status }) => textOf(status));
	return textOf(transaction.status) ?? ofEvents.findLast((status) => status !== undefined);
}

/** @param status Magalu's word */
function stateOf(status: string | undefined): TransactionState {
	if (isWord(status, 'completed')) return 'completed';
	return isWord(status, 'failed', 'cancelled') ? 'failed' : 'open';
}

/** @returns whether it has ended, and how */
export const endIn = (transaction: Json): TransactionState => stateOf(statusIn(transaction));

/** @returns the id of the message that came of it, where the transaction tells */
export function messageIdIn(transaction: Json): string | undefined {
	return isOfMessage(transaction) ? textOf(transaction.content_id) : undefined;
}

/** @returns the id of the ticket that came of it, or that its message stands in, where the transaction tells */
export function ticketIdIn(transaction: Json): string | undefined {
	const isTicket = /ticket/i.test(textOf(transaction.content_type) ?? '');
	const content =
		isTicket && !isOfMessage(transaction) ? textOf(transaction.content_id) : undefined;
	const ofEvents = recordsOf(transaction.events).map(({ data }) =>
		textOf(recordOf(data).ticket_id),
	);
	return content ?? ofEvents.findLast((id) => id !== undefined);
}

const isOfMessage = (transaction: Json) => /message/i.test(textOf(transaction.content_type) ?? '');

/** Looks at a transaction now and then, while something else is being waited for. */
export interface Watch {
	/** @returns nothing where it cannot be told; never throws */
	look(): Promise<TransactionState | undefined>;
}

/** @param transactionId left out where Magalu named none: then nothing can be told */
export function watch(connection: Connection, transactionId?: string): Watch {
	let blind = transactionId === undefined;
	return {
		async look() {
			if (blind) return undefined;
			try {
				const found = await ask(connection, transactionId!, { policy: 'once', timeout: 30_000 });
				return stateOf(statusIn(found));
			} catch (error) {
				const { httpStatus } = error instanceof MarketplaceError ? error.details : {};
				blind = httpStatus === 401 || httpStatus === 403;
				return undefined;
			}
		},
	};
}

/** How far a transaction was followed. */
export interface Followed {
	state: TransactionState;
	/** Magalu's word, or as far as it was when the time ran out. Nothing: never heard. */
	status?: string;
	messageId?: string;
	ticketId?: string;
	/** What Magalu said last about something that it will not create; in production mostly nothing. */
	said?: string;
	/** Why it could not be followed. */
	lostSight?: string;
}

/**
 * Magalu's last word on what it took and will not create.
 *
 * @param message what it will not create, as a person reads it
 * @param reason where Magalu itself gives none
 * @param advice what to do before the item runs again
 */
export function notDoneError(
	message: string,
	{ transactionId, requestId }: Pick<Taken, 'transactionId' | 'requestId'>,
	{ status, said }: Pick<Followed, 'status' | 'said'>,
	advice: string,
	reason = 'Magalu gives no reason',
): MarketplaceError {
	const why = said ? `Magalu says: ${said}` : reason;
	return new MarketplaceError(message, {
		outcome: 'notSent',
		retryable: true,
		code: status,
		requestId,
		marketplace: 'magalu',
		marketplaceMessage: said,
		description: `${why} (transaction ${transactionId}). ${advice}, and run the item again.`,
	});
}

/**
 * Asks for a transaction, after growing waits, until it has ended or the time has run out. Nothing that
 * goes wrong here takes back that Magalu took the message, so nothing is thrown.
 *
 * @param timeoutMs at most so long
 */
export async function follow(
	connection: Connection,
	transactionId: string,
	timeoutMs: number,
): Promise<Followed> {
	const began = Date.now();
	let pause = following.firstMs;
	let followed: Followed = { state: 'open' };
	try {
		for (;;) {
			const left = began + timeoutMs - Date.now();
			if (left <= 0) return followed;
			await wait(Math.min(pause, left), connection.signal);
			pause = Math.min(following.longestMs, pause * following.growth);

			const hidden = Date.now() - began < following.hiddenMs;
			const transaction = await orLater(hidden, async () => {
				// `once`: the next look is the repetition.
				const timeout = Math.max(ONE_LOOK_MS, began + timeoutMs - Date.now());
				const policy = 'once';
				return await ask(connection, transactionId, { policy, timeout: Math.min(timeout, 60_000) });
			});
			if (transaction) followed = readOf(transaction, followed.status);
			if (followed.state !== 'open') return followed;
		}
	} catch (error) {
		return { ...followed, lostSight: reasonOf(error) };
	}
}

/** How far a transaction is, and what it says. */
export function readOf(transaction: Json, before?: string): Followed {
	const status = statusIn(transaction) ?? before;
	// A transition to something good gives no reason.
	const words = recordsOf(transaction.events).map(({ event, message, status: then }) =>
		isWord(event, 'failure') || (isWord(event, 'transition') && stateOf(textOf(then)) === 'failed')
			? textOf(message)
			: undefined,
	);
	return {
		state: stateOf(status),
		status,
		messageId: messageIdIn(transaction),
		ticketId: ticketIdIn(transaction),
		said: words.findLast((word) => word !== undefined),
	};
}

/** A last look has at least so long to be answered (milliseconds). */
const ONE_LOOK_MS = 5000;

/** Right after the message was posted, 'not found' means 'not yet'; what is not answered is asked again. */
async function orLater(hidden: boolean, look: () => Promise<Json>): Promise<Json | undefined> {
	return await look().catch((error: unknown) => {
		const { httpStatus = 0, outcome } = error instanceof MarketplaceError ? error.details : {};
		const isNoAnswer = outcome === 'unknown' || (httpStatus >= 200 && httpStatus < 300);
		if ((hidden && httpStatus === 404) || isNoAnswer) return undefined;
		throw error;
	});
}

function reasonOf(error: unknown): string {
	if (!(error instanceof MarketplaceError)) return (error as Error).message;
	const { httpStatus, description } = error.details;
	return httpStatus === 403 ? `${error.message}. ${description}` : error.message;
}
