import { MarketplaceError } from '../../shared/outcome';
import type { LookAt, LookUp, Seen } from '../../shared/send/lookUp';
import { rightToSend } from '../../shared/send/rightToSend';
import { textOf, type Json } from '../../shared/values';
import type { Connection } from './connection';
import { lookForEarlier } from './lookUpEarlier';
import { messageSince, type Known } from './messages';
import { findTransaction } from './transactionList';
import { endIn, messageIdIn, statusIn } from './transactions';

/** How a message whose answer was lost is looked for. */

/** A message that is looked for. */
export interface Sought {
	ticketId: string;
	/**
	 * Asked when it is looked for: the code may be made late.
	 * @param key where an earlier execution began it
	 */
	known(key?: string): Known;
	/** Whether no earlier attempt had its code; asked when it is looked for. */
	isOnlyAttempt(): boolean;
	/** It needs files: without the answer there is no place to put them. */
	hasFiles: boolean;
	/** Magalu's last word, where its transaction failed. */
	errorOf(transaction: Json): MarketplaceError;
}

/**
 * By its code, which is in no other message: among the newest transactions, and among the messages of its
 * ticket. A code of the seller's own may be in others, so text, destination and time have to be the same.
 */
export function lookUpMessage(connection: Connection, sought: Sought): LookUp<never> {
	const { ticketId, hasFiles } = sought;
	const { codeIsUnique, code, text, destination } = sought.known();
	const blind = new Set<string>();
	const seeing = async <T>(what: string, look: () => Promise<T>): Promise<T | undefined> => {
		if (blind.has(what)) return undefined;
		return await look().catch((error: unknown) => {
			const { httpStatus = 0 } = error instanceof MarketplaceError ? error.details : {};
			// Where it may not be read, it is not asked again.
			if ([401, 403, 404].includes(httpStatus)) blind.add(what);
			if (what === 'messages' || hasFiles) throw error;
			return undefined;
		});
	};
	return {
		where: codeIsUnique ? "Magalu's transactions and the ticket" : 'the ticket',
		...(codeIsUnique ? {} : { likeness: [ticketId, code, text, destination] }),
		tellsAbsence: true,
		async look(about: LookAt): Promise<Seen> {
			const { since, earlier } = about;
			if (earlier) {
				return await lookForEarlier(connection, ticketId, sought.known(earlier.key), about);
			}
			const known = sought.known();
			// An earlier attempt that failed may have the same code: then its time has to tell.
			const from = sought.isOnlyAttempt() ? since - rightToSend.clocksMs : since;
			const transaction = known.codeIsUnique
				? await seeing(
						'transactions',
						async () => await findTransaction(connection, known.code, from),
					)
				: undefined;
			if (hasFiles) return withoutItsFiles(transaction, sought);
			if (transaction) {
				const seen = seenIn(transaction, sought);
				if (seen.end !== 'open') return seen;
			}
			const found = await seeing(
				'messages',
				async () => await messageSince(connection, ticketId, known, since),
			);
			if (found === 'twins') return { end: 'open', isLast: true, evidence: TWINS };
			if (found === undefined || found === 'none') return { end: 'open' };
			const transactionId = textOf(transaction?.id) ?? null;
			const facts = { ...factsOf(known), transactionId, messageId: textOf(found.one.row.id) };
			return { end: 'sent', foundBy: 'ticket', facts };
		},
	};
}

const TWINS =
	'The ticket has several messages like it from the same minute: which of them is this one cannot be told.';

const factsOf = ({ code }: Known) => ({ code, attachments: [], requestId: null });

function seenIn(transaction: Json, sought: Sought): Seen {
	const end = endIn(transaction);
	if (end === 'failed') return { end: 'notSent', error: sought.errorOf(transaction) };
	if (end === 'open') return { end };
	const facts = {
		...factsOf(sought.known()),
		transactionId: textOf(transaction.id) ?? null,
		transactionStatus: statusIn(transaction) ?? null,
		messageId: messageIdIn(transaction),
	};
	return { end: 'sent', foundBy: 'transaction', facts };
}

/** No answer, no links; no links, no files; and what lacks a file is not created, nor listed. */
function withoutItsFiles(transaction: Json | undefined, sought: Sought): Seen {
	if (!transaction) return { end: 'open', evidence: NO_LINKS };
	const end = endIn(transaction);
	if (end === 'failed') return { end: 'notSent', error: sought.errorOf(transaction) };
	const named = `transaction ${textOf(transaction.id) ?? 'without an ID'}`;
	return end === 'completed'
		? {
				end: 'open',
				isLast: true,
				evidence: `Magalu says that it created the message (${named}), and its files were never uploaded: the customer may have the text without them.`,
			}
		: { end: 'open', isLast: true, evidence: `Magalu took the message (${named}). ${NO_LINKS}` };
}

const NO_LINKS =
	'Its files were not uploaded, as the links for them were lost with the answer: Magalu drops such a message after 15 minutes.';
