import type { IExecuteFunctions } from 'n8n-workflow';

import { fingerprint } from '../auth/accessToken';
import { MINUTE_MS, minutesOf } from '../dates';
import { MarketplaceError, Refusal } from '../outcome';
import type { Begun } from './begun';
import { noteOf, TooSlow, type Before, type Note } from './duplicateStore';
import type { MessageIdentity, Settled } from './identity';
import { looking, notSeen, type LookUp, type Seen } from './lookUp';
import { rightToSend, SETTLED_MS } from './rightToSend';
import type { SendOptions } from './sendOptions';

/** A message that an earlier execution noted and never confirmed. */

const OPEN: Settled = { end: 'open' };

/** A message that is to be sent once. */
export interface Once {
	about: MessageIdentity;
	options: SendOptions;
	/** A fingerprint of what makes it this message. */
	key: string;
	lookUp?: LookUp<never>;
}

/** The note of an attempt, what there was of it before, and the doubts that it settles. */
export interface Attempt {
	attempt: Note;
	before: Before;
	doubts: Note[];
	/** Where it was seen. */
	foundBy?: string;
	/** Why it is in doubt, in whole sentences. */
	evidence?: string;
}

/**
 * Begins the first attempt that did not surely fail. Each has a note of its own, named after the one before
 * it that failed: so two processes that are told of the same failure meet at the same note.
 */
export async function firstOpen(
	context: IExecuteFunctions,
	once: Once,
	note: Note,
): Promise<Attempt> {
	const { about, options, key, lookUp } = once;
	const failed = new Set<string>();
	const doubts: Note[] = [];
	for (let attempt = note; ;) {
		const before = await attempt.begin().catch((error: unknown) => {
			throw storeFailedError(error);
		});
		if (before !== 'inDoubt') return { attempt, before, doubts };
		const known = await about.settled?.(key).catch(() => OPEN);
		if (known?.end === 'sent') return { attempt, before: 'sent', doubts: [...doubts, attempt] };
		if (known?.end === 'notSent' && !failed.has(known.attempt)) {
			failed.add(known.attempt);
			doubts.push(attempt);
			attempt = noteOf(context, fingerprint(key, known.attempt));
			continue;
		}
		if (options.whenInDoubt !== 'lookUp') return { attempt, before, doubts };
		const seen = await lookAt(attempt, lookUp, key);
		if (seen !== 'absent') return { ...seen, attempt, doubts: [...doubts, ...seen.doubts] };
		doubts.push(attempt);
		attempt = noteOf(context, fingerprint(attempt.key, 'not there'));
	}
}

type Looked = Pick<Attempt, 'before' | 'doubts' | 'foundBy' | 'evidence'>;

/** Asks the marketplace for a message in doubt. `absent`: it surely never left, and never will. */
async function lookAt(
	note: Note,
	lookUp: LookUp<never> | undefined,
	key: string,
): Promise<Looked | 'absent'> {
	const inDoubt = (evidence?: string): Looked => ({ before: 'inDoubt', doubts: [], evidence });
	if (!lookUp) return inDoubt(CANNOT_LOOK);
	const { before, begun } = await note.askWhen().catch((error: unknown) => {
		throw storeFailedError(error);
	});
	if (before !== 'inDoubt') return { before, doubts: [] };
	if (!begun) return inDoubt(UNKNOWN_WHEN);
	const settledAt = begun.to + SETTLED_MS;
	const isSettled = Date.now() >= settledAt;
	let seen: Seen;
	try {
		seen = await lookUp.look(aboutEarlier(begun, key));
	} catch (error) {
		return inDoubt(notSeen(lookUp.where, error));
	}
	if (seen.end === 'sent') return { before: 'sent', doubts: [note], foundBy: seen.foundBy };
	const evidence = (seen.end === 'open' && seen.evidence) || CANNOT_TELL;
	const isAbsent = seen.end === 'open' && seen.isAbsent === true && lookUp.tellsAbsence === true;
	if (!isAbsent) return inDoubt(evidence);
	if (isSettled) return 'absent';
	const toWait = minutesOf(Math.ceil((settledAt - Date.now()) / MINUTE_MS));
	return inDoubt(
		`It is not in ${lookUp.where}, but was begun so short a time ago that it may still come. In ${toWait} that is known: run the item again then, and it is sent if it is still not there. Or do not wait.`,
	);
}

/** Within this time it left, or never: clocks may differ. */
const aboutEarlier = ({ from, to }: Begun, key: string) => ({
	since: from - rightToSend.clocksMs,
	leftMs: looking.withinMs,
	earlier: { until: to + rightToSend.lastsMs + rightToSend.requestMs + rightToSend.clocksMs, key },
});

/** What is said where a marketplace has no list of what was sent. */
export const CANNOT_LOOK =
	'The marketplace does not show such messages, so it could not be looked up.';
const UNKNOWN_WHEN =
	'It was not looked for: it was begun more than a week ago, or by an older version of this node, which did not note when.';
const CANNOT_TELL = 'It was looked for, and nobody could tell whether it is there.';

export function storeFailedError(error: unknown): Refusal {
	const words = error instanceof Error ? error.message : String(error);
	const [message, description] =
		error instanceof TooSlow
			? [
					"'Prevent Duplicates' could not be sure that no other worker sends the same message",
					`n8n's own store was too slow: ${words}. Run the item again; if this comes back, look at n8n's database.`,
				]
			: [
					"'Prevent Duplicates' could not look up what was sent before",
					`n8n's own store failed: ${words}`,
				];
	return new Refusal(message, description, undefined, true);
}

/** @param evidence what a look told, in whole sentences */
export function inDoubtError(
	{ marketplace, whereToLook }: MessageIdentity,
	{ whenInDoubt }: SendOptions,
	evidence = '',
): MarketplaceError {
	const advice =
		whenInDoubt === 'send'
			? 'If it did not arrive, run the item once more.'
			: "Then choose 'Send Again' or 'Treat as Sent' for 'When in Doubt', run the item once, and set it back to 'Stop and Say So'.";
	const facts = ['It got no answer, was stopped in the middle, or is still at it.', evidence];
	return new MarketplaceError(
		'An earlier run began to send this message, and it is not known whether the buyer got it',
		{
			outcome: 'unknown',
			retryable: false,
			code: 'InDoubt',
			marketplace,
			description: `${facts.filter(Boolean).join(' ')} ${whereToLook}. ${advice}`,
		},
	);
}
