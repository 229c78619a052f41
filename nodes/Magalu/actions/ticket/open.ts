import { utcMsOf } from '../../../shared/dates';
import type { LookUp } from '../../../shared/send/lookUp';
import type { Settled } from '../../../shared/send/identity';
import type { SendOptions } from '../../../shared/send/sendOptions';
import { theOneSince, type Found } from '../../../shared/send/since';
import type { Sent } from '../../../shared/send/sendMessage';
import { textOf, type Json } from '../../../shared/values';
import { wait } from '../../../shared/sleep';
import { rememberAttempt, settleRemembered } from '../../api/attempts';
import type { Connection } from '../../api/connection';
import { lookingFor } from '../../api/limits';
import { isTicket, openTicket, ticketsAbout, type TicketBody } from '../../api/openTicket';
import { follow, notDoneError, type Followed } from '../../api/transactions';
import { timeoutOf } from '../waiting';

const CHECK_IT = 'Check the order, its items, and that type and reason fit it';

/** How a ticket is opened. */
interface Opening {
	/** A fingerprint of what makes it this ticket; empty where duplicates are not prevented. */
	key: string;
	options: { waitForCompletion: boolean; timeout: number };
	/** Told what a person wants to know after the run. */
	hint(text: string): void;
}

/**
 * Opens a ticket, and follows its transaction.
 *
 * @returns what the output of `ticket.create` says of it
 * @throws MarketplaceError `notSent` where Magalu refused or its transaction failed; `unknown` where the
 * answer was lost
 */
export async function open(
	connection: Connection,
	body: TicketBody,
	{ key, options, hint }: Opening,
): Promise<Sent> {
	const began = Date.now();
	const taken = await openTicket(connection, body);
	rememberAttempt(key, taken.transactionId);
	const { transactionId, created } = taken;
	const waits = options.waitForCompletion && !created;
	const timeoutMs = timeoutOf(options.timeout);
	const followed =
		waits && transactionId !== undefined
			? await follow(connection, transactionId, timeoutMs)
			: undefined;
	if (followed?.state === 'failed') {
		rememberAttempt(key, undefined);
		const message = `Magalu did not open the ticket: its transaction is '${followed.status}'`;
		throw notDoneError(message, taken, followed, CHECK_IT);
	}
	const completed = created || followed?.state === 'completed';
	const told = taken.id ?? followed?.ticketId;
	// Magalu may name no transaction, and its transaction no ticket.
	const looks = told === undefined && (completed || (waits && transactionId === undefined));
	const found = looks ? await lookFor(connection, body, began, timeoutMs) : undefined;
	const ticketId = told ?? textOf(found?.id);
	const status = completed || found ? 'sent' : 'accepted';
	if (status === 'sent') rememberAttempt(key, undefined);
	if (status === 'sent' && ticketId === undefined) hint(NO_ID);
	if (status === 'accepted' && options.waitForCompletion) hint(whyNotOpened(followed));
	return {
		status,
		ticketId: ticketId ?? null,
		transactionId: transactionId ?? null,
		transactionStatus: followed?.status ?? null,
		requestId: taken.requestId ?? null,
		sentAt: new Date(taken.at).toISOString(),
	};
}

const NO_ID =
	"Magalu opened a ticket and did not tell its ID: 'Get Many' of tickets finds it by the order's number";

function whyNotOpened(followed: Followed | undefined): string {
	return [
		'Magalu took a ticket, but it is not known yet whether it was opened.',
		followed
			? (followed.lostSight ?? 'The time ran out before that.')
			: 'Magalu gave no transaction ID.',
		'"Get" of transactions tells later.',
	].join(' ');
}

/** Looks for a ticket of which Magalu does not tell the ID, among those of its order. */
async function lookFor(
	connection: Connection,
	body: TicketBody,
	since: number,
	timeoutMs: number,
): Promise<Json | undefined> {
	const until = Date.now() + timeoutMs;
	try {
		for (const pause of lookingFor.waitsMs) {
			const found = await openedSince(connection, body, since);
			if (found !== 'none') return found === 'twins' ? undefined : found.one.row;
			if (Date.now() + pause > until) return undefined;
			await wait(pause, connection.signal);
		}
	} catch {
		// Not to be read, or the execution was stopped: then nobody knows it.
	}
	return undefined;
}

/** The seller's tickets that are alike, the newest change first. */
async function alikeOf(connection: Connection, body: TicketBody): Promise<Json[]> {
	const rows = await ticketsAbout(connection, body, () => {});
	return rows.filter((row) => isTicket(row, body));
}

/** @param since milliseconds since 1970, by our clock */
async function openedSince(
	connection: Connection,
	body: TicketBody,
	since: number,
): Promise<Found<{ row: Json; at?: number }>> {
	const alike = await alikeOf(connection, body);
	const dated = alike.map((row) => ({ row, at: utcMsOf(row.created_at) }));
	return theOneSince(dated, connection.theirTime(since));
}

/** Magalu's tickets have nothing that tells them apart but what they are about, and when they were opened. */
export function lookUpTicket(connection: Connection, body: TicketBody): LookUp<never> {
	const { type, reason = '', order } = body;
	return {
		where: "the order's tickets",
		likeness: ['ticket', type, reason, JSON.stringify(order)],
		async look({ since }) {
			const found = await openedSince(connection, body, since);
			if (found === 'none') return { end: 'open' };
			if (found === 'twins') return { end: 'open', isLast: true, evidence: SEVERAL };
			const facts = { ticketId: textOf(found.one.row.id) ?? null, transactionId: null };
			return { end: 'sent', foundBy: 'orderTickets', facts };
		},
	};
}

const SEVERAL =
	'The order has several tickets that were opened in this moment and are alike: one of them may be this one.';

/** @returns the newest ticket of the seller's that is alike; null where it is not to be found */
export async function idOfOpened(connection: Connection, body: TicketBody): Promise<string | null> {
	const alike = await alikeOf(connection, body).catch(() => []);
	return textOf(alike[0]?.id) ?? null;
}

/** What became of a ticket in doubt: a ticket of the seller's that is alike is this one. */
export async function settledTicket(
	connection: Connection,
	body: TicketBody,
	key: string,
	options: SendOptions & Opening['options'],
): Promise<Settled> {
	const timeoutMs = options.waitForCompletion ? timeoutOf(options.timeout) : 0;
	const remembered = await settleRemembered(connection, key, timeoutMs);
	if (remembered) return remembered;
	// A key of the seller's own may say that it is another.
	if (options.duplicateKey !== '') return { end: 'open' };
	const alike = await alikeOf(connection, body);
	return alike.length > 0 ? { end: 'sent' } : { end: 'open' };
}
