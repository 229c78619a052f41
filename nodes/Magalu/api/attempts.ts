import type { Settled } from '../../shared/send/identity';
import { textOf } from '../../shared/values';
import type { Connection } from './connection';
import { settling, supportPages } from './limits';
import { isMessage, listMessages, type Known } from './messages';
import { findTransaction } from './transactionList';
import { follow, watch } from './transactions';

/**
 * Messages that Magalu took and that nobody has seen the end of. This process remembers their transactions;
 * another one finds them by the code of the message.
 */

/** Transactions by the fingerprint of their message, the newest last. */
const attempts = new Map<string, string>();

/** A process that sends without end must not remember without end. */
const MOST_REMEMBERED = 10_000;

/** @param key a fingerprint of what makes it this message; empty where nobody will ask */
export function rememberAttempt(key: string, transactionId: string | undefined): void {
	if (key === '') return;
	attempts.delete(key);
	if (transactionId === undefined) return;
	attempts.set(key, transactionId);
	if (attempts.size > MOST_REMEMBERED) attempts.delete(attempts.keys().next().value ?? '');
}

/** For tests: as another process of n8n. */
export function forgetAttempts(): void {
	attempts.clear();
}

/** A message in doubt. */
interface Doubt {
	key: string;
	ticketId: string;
	message: Known;
	/** Whether a message of the ticket that is the same counts as this one: a key may say that it is another. */
	isTold: boolean;
	/** How long a transaction that has not ended is waited for (milliseconds). */
	timeoutMs: number;
}

/**
 * Asks what became of a message: its transaction first, then the messages of its ticket, then the newest
 * transactions.
 *
 * @throws MarketplaceError where something cannot be read
 */
export async function settle(connection: Connection, doubt: Doubt): Promise<Settled> {
	const remembered = await settleRemembered(connection, doubt.key, doubt.timeoutMs);
	if (remembered) return remembered;

	const newest = { limit: supportPages.size, offset: 0, sort: 'created_at:desc' } as const;
	const { rows } = await listMessages(connection, doubt.ticketId, newest);
	const isThere = rows.some((row) => isMessage(row, doubt.message));
	if (isThere && doubt.isTold) return { end: 'sent' };

	// What moderation stopped is not listed, and what failed never was. Others may have the seller's code.
	if (!doubt.message.codeIsUnique) return { end: 'open' };
	const since = Date.now() - settling.lookBackMs;
	const transactionId = textOf((await findTransaction(connection, doubt.message.code, since))?.id);
	if (transactionId === undefined) return { end: 'open' };
	return await endOf(connection, transactionId, doubt.timeoutMs);
}

/** @returns what the transaction that this process remembers says; nothing where it remembers none */
export async function settleRemembered(
	connection: Connection,
	key: string,
	timeoutMs: number,
): Promise<Settled | undefined> {
	const transactionId = attempts.get(key);
	if (transactionId === undefined) return undefined;
	const settled = await endOf(connection, transactionId, timeoutMs);
	// Another process may have sent it again since.
	if (settled.end === 'notSent') attempts.delete(key);
	return settled;
}

async function endOf(connection: Connection, id: string, timeoutMs: number): Promise<Settled> {
	let state = await watch(connection, id).look();
	if (state === 'open' && timeoutMs > 0) ({ state } = await follow(connection, id, timeoutMs));
	if (state === 'completed') return { end: 'sent' };
	return state === 'failed' ? { end: 'notSent', attempt: id } : { end: 'open' };
}
