import type { IDataObject } from 'n8n-workflow';

import { wait } from '../../../shared/sleep';
import { textOf, type Json } from '../../../shared/values';
import type { Connection } from '../../api/connection';
import { moderating } from '../../api/limits';
import { messagesLike } from '../../api/messages';
import { decisionIn, moderationIn, rulesIn, type Decision } from '../../api/moderation';
import { timeoutOf, waitingDefaults } from '../waiting';
import type { Message } from './message';

/** What holds where the options were not added. The time-out is in seconds. */
export const moderationDefaults = {
	reportModeration: false,
	waitForModeration: false,
	moderationTimeout: waitingDefaults.timeout,
};

interface Seen {
	decision: Decision | 'notReadable';
	/** The message as it was seen last. */
	message?: Json;
}

/**
 * What moderation made of a message: a look, or as many as it takes until it has decided or the time has run
 * out. The message is out already, so nothing is thrown.
 *
 * @param output of the message, which came out before this
 * @param hint told what a person wants to know after the run
 * @returns what the output shows of it; nothing where it is not asked for
 */
export async function moderated(
	connection: Connection,
	message: Message,
	output: IDataObject,
	options: typeof moderationDefaults,
	hint: (text: string) => void,
): Promise<IDataObject> {
	const { reportModeration, waitForModeration, moderationTimeout } = options;
	const isOut = output.status === 'sent' || output.status === 'accepted';
	if (!isOut || !(reportModeration || waitForModeration)) return {};

	const known = { ...message, code: String(output.code) };
	const timeoutMs = waitForModeration ? timeoutOf(moderationTimeout) : 0;
	const look = async () => (await messagesLike(connection, String(output.ticketId), known))[0]?.row;
	const seen: Seen =
		output.status === 'sent'
			? await decided(look, timeoutMs, connection.signal, hint)
			: { decision: 'waiting' };
	const { decision, message: found = {} } = seen;
	const status = decision === 'notReadable' ? undefined : moderationIn(found);
	const rules = rulesIn(found);
	const messageId = output.messageId ?? textOf(found.id);
	if (decision === 'rejected') hint([REJECTED, rules.join(', ')].filter(Boolean).join(': '));
	return {
		...(messageId === undefined ? {} : { messageId }),
		...(reportModeration ? { moderationStatus: status ?? null } : {}),
		moderation: decision,
		...(rules.length > 0 ? { moderationRules: rules } : {}),
		...(decision === 'notReadable' ? { moderationNote: NOT_READABLE } : {}),
	};
}

const REJECTED =
	'Magalu created a message, and its moderation rejected it: its reader never sees it';

/** Magalu takes what moderation rejects out of the list, and private messages too. */
const NOT_READABLE =
	'A message was stopped by moderation, or is not readable: Magalu created it and does not list it';

async function decided(
	look: () => Promise<Json | undefined>,
	timeoutMs: number,
	signal: AbortSignal | undefined,
	hint: (text: string) => void,
): Promise<Seen> {
	const until = Date.now() + timeoutMs;
	let pause = moderating.firstMs;
	let thereAt = Date.now();
	let message: Json | undefined;
	try {
		for (;;) {
			const found = await look();
			if (found) [message, thereAt] = [found, Date.now()];
			const decision = found && decisionIn(found);
			if (decision === 'approved' || decision === 'rejected') return { decision, message };

			const left = until - Date.now();
			if (!found && (left <= 0 || Date.now() - thereAt >= moderating.missingMs)) {
				hint(NOT_READABLE);
				return { decision: 'notReadable', message };
			}
			if (left <= 0) return { decision: 'waiting', message };
			await wait(Math.min(pause, left), signal);
			pause = Math.min(moderating.longestMs, pause * moderating.growth);
		}
	} catch (error) {
		hint(`What moderation made of a message could not be read: ${(error as Error).message}`);
		return { decision: message ? 'waiting' : 'notReadable', message };
	}
}
