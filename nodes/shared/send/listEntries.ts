import { beginningOf, beginningsBefore, type Begun } from './begun';

/** What processes write to n8n's list about messages, what they read there, and the times of the protocol. */

/**
 * A call to the store that takes longer is late: what it wrote may have replaced what others wrote. As
 * long is the list left alone between the note of a message and the look whether it is still there
 * (milliseconds).
 */
export const GAP_MS = 100;

/** After that what was written is written again, and then whenever its age has doubled (milliseconds). */
export const AGAIN_MS = 150;

/** A note whose call took longer is good for nothing (milliseconds). */
export const LIMIT_MS = 5_000;

/**
 * So long what a process wrote is written again (milliseconds). It is longer than a database goes on with a
 * call by itself: n8n gives each of the two statements five minutes.
 */
export const REPEATED_FOR_MS = 11 * 60_000;
/** The same for what was only read. */
export const READ_REPEATED_FOR_MS = 2_000;

/** How long other processes have, to write again what a late call has replaced (milliseconds). */
export const othersNeed = (took: number) =>
	GAP_MS + Math.max(AGAIN_MS, took) + Math.max(1_000, 2 * took);

/** What the list said of a message before this process added its note. */
export interface Look {
	/** Somebody noted it. */
	noted: boolean;
	/** Somebody noted it, and nobody confirmed it. */
	open: boolean;
	/** The note that this process made in an earlier turn is still there. */
	stands: boolean;
	/** Somebody else's note was found to stand before. */
	taken: boolean;
	/** Tells what was noted in this turn from what others note. */
	mark: string;
	/** How long the store took (milliseconds). */
	took: number;
	/** When the message was begun, where that was asked for and is known. */
	begun?: Begun;
}

export interface Waiting<T> {
	done(value: T): void;
	failed(error: unknown): void;
}

/** What is asked of the list about a message. */
export interface Question {
	key: string;
	/** When this process began it (milliseconds since 1970): a new note says so. */
	at: number;
	/** Of the turn in which the message was noted. */
	mark?: string;
	/** When this process first found a note of somebody else's (milliseconds since 1970). */
	metAt?: number;
	/** `when`: when it was begun. `again`: it is begun once more, and somebody else's note says so. */
	what?: 'when' | 'again';
}

export interface Ask extends Question, Waiting<Look> {}

export interface Forget extends Waiting<void> {
	key: string;
	at: number;
}

/** What this process has written about a message, and writes again. */
export interface Kept {
	state: 'taken' | 'sent';
	/** When the message was begun, where this process did so. */
	at?: number;
	since: number;
	due: number;
	until: number;
	written: boolean;
	/** Who waits until it is. */
	waiting: Array<Waiting<void>>;
}

export const openOf = (key: string) => `${key} open`;
export const takenOf = (key: string) => `${key} taken`;

/** Nothing was there before: this look made the note. */
export const isNew = ({ noted, open }: Look) => !noted && !open;

/** The note that an ask makes, where there is none; and the mark that it looks for. */
export const entriesOf = ({ key, mark }: Ask) => [...(mark ? [mark] : []), key, openOf(key)];

/** When the message was begun, or all that may say so. */
export const timesOf = ({ key, at, what }: Ask, now: number): string[] =>
	what === 'when' ? beginningsBefore(key, now) : beginningOf(key, at);

/** The time of the ask belongs to the note that is there. */
export const isOurs = ({ what }: Ask, look: Look) => what === 'again' || isNew(look) || look.stands;

/** What a message that is on its way has beside its key. */
export const openEntriesOf = (key: string, at: number | undefined): string[] => [
	...[openOf(key), takenOf(key)],
	...(at === undefined ? [] : beginningOf(key, at)),
];

/** What has to be there. */
export function repeatedOf(key: string, { state, at, written }: Kept): string[] {
	if (state === 'taken') return [key, ...openEntriesOf(key, at)];
	return written ? [key] : [];
}

export function wrote(kept: Kept, error?: unknown): void {
	const now = Date.now();
	kept.written = true;
	const next = now + Math.max(AGAIN_MS, now - kept.since);
	// Once more as its time ends: what comes too late by less finds nobody to repair it otherwise.
	kept.due = now < kept.until ? Math.min(next, kept.until) : next;
	for (const { done, failed } of kept.waiting.splice(0)) {
		if (error === undefined) done();
		else failed(error);
	}
}
