import { utcMsOf } from '../../shared/dates';
import { rightToSend } from '../../shared/send/rightToSend';
import type { LookAt, Seen } from '../../shared/send/lookUp';
import { isWord, textOf, type Json } from '../../shared/values';
import type { Connection } from './connection';
import { settling, supportPages } from './limits';
import { isMessage, listMessages, type Known } from './messages';
import { transactionsBetween } from './transactionList';
import { endIn } from './transactions';

/**
 * A message that an earlier execution began is looked for by its code: among the transactions of that time,
 * where each one has its own whatever becomes of it, and among the messages of its ticket.
 */

const open = (evidence: string): Seen => ({ end: 'open', evidence });

const CODE =
	"With a 'Code' of your own Magalu shows only what moderation has let pass, and not whether anything else left.";
const FOREIGN =
	"Messages with another program's 'Code', or none, were sent at that time: whether one of them is this one, only a person can tell.";
const TAKEN = 'Magalu took it, and its transaction has not come to a good end.';
const CUT = 'Magalu has so many transactions from that time that not all could be seen.';
const LONG = 'The ticket has so many messages that not all from that time were seen.';
const EMPTY =
	'Magalu shows no transactions of these days at all: that proves nothing about this one.';
const CLOCK =
	"Magalu's clock and this machine's are minutes apart: nobody can tell what is from when.";

/** Codes that this node makes begin like this. */
const OUR_CODE = /^n8n-/;

/** @throws MarketplaceError where something cannot be read */
export async function lookForEarlier(
	connection: Connection,
	ticketId: string,
	known: Known,
	{ since, earlier }: LookAt,
): Promise<Seen> {
	const { clocksMs } = rightToSend;
	const [from, to] = [since - clocksMs, (earlier?.until ?? Date.now()) + clocksMs];
	const newest = { limit: supportPages.size, offset: 0, sort: 'created_at:desc' } as const;
	const messages = await listMessages(connection, ticketId, newest);
	const at = (row: Json) => utcMsOf(row.created_at);
	const isInTime = (row: Json) => (at(row) ?? from) >= from && (at(row) ?? to) <= to;
	const isThere = messages.rows.some(
		(row) => isMessage(row, known) && (known.codeIsUnique || isInTime(row)),
	);
	if (isThere) return { end: 'sent', foundBy: 'ticket' };
	if (!known.codeIsUnique) return open(CODE);

	const { rows, isWhole, date } = await transactionsBetween(connection, from, to);
	const ours = rows.filter((row) => textOf(row.code) === known.code);
	if (ours.some((row) => endIn(row) === 'completed'))
		return { end: 'sent', foundBy: 'transaction' };
	if (ours.length > 0) return open(TAKEN);
	if (date === undefined || Math.abs(date - Date.now()) > clocksMs) return open(CLOCK);
	if (!isWhole) return open(CUT);
	if (messages.full && !messages.rows.some((row) => (at(row) ?? from) < from)) return open(LONG);
	if (rows.some(isForeign)) return open(FOREIGN);
	const isShown =
		rows.length > 0 ||
		(await transactionsBetween(connection, Date.now() - settling.lookBackMs, Date.now(), 1)).rows
			.length > 0;
	return isShown ? { end: 'open', isAbsent: true } : open(EMPTY);
}

/** A ticket that was opened has no code. */
const isForeign = ({ code, content_type: content, trigger_endpoint: endpoint }: Json) =>
	!OUR_CODE.test(textOf(code) ?? '') &&
	!isWord(content, 'ticket') &&
	!/\/tickets$/.test(textOf(endpoint) ?? '');
