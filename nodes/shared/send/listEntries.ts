/** What processes write to n8n's list about messages, and what they read there. */

/**
 * A call to the store that takes longer is late: what it wrote may have replaced what others wrote. As
 * long is the list left alone between the note of a message and the look whether it is still there
 * (milliseconds).
 */
export const GAP_MS = 100;

/** After that what was written is written again, and then whenever its age has doubled (milliseconds). */
export const AGAIN_MS = 150;

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
}

export interface Waiting<T> {
	done(value: T): void;
	failed(error: unknown): void;
}

export interface Ask extends Waiting<Look> {
	key: string;
	/** Of the turn in which the message was noted. */
	mark: string | undefined;
}

export interface Forget extends Waiting<void> {
	key: string;
}

/** What this process has written about a message, and writes again. */
export interface Kept {
	state: 'taken' | 'sent';
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

/** What has to be there. */
export function repeatedOf(key: string, { state, written }: Kept): string[] {
	if (state === 'taken') return [key, openOf(key), takenOf(key)];
	return written ? [key] : [];
}

export function wrote(kept: Kept, error?: unknown): void {
	const now = Date.now();
	kept.written = true;
	kept.due = now + Math.max(AGAIN_MS, now - kept.since);
	for (const { done, failed } of kept.waiting.splice(0)) {
		if (error === undefined) done();
		else failed(error);
	}
}
