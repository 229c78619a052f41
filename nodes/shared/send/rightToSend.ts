import { MINUTE_MS } from '../dates';
import { watchFrom } from '../elapsed';
import { Refusal } from '../outcome';

/**
 * A message that was begun leaves soon or not at all: then whoever meets it in doubt long afterwards can
 * ask the marketplace for it, and nothing arrives any more. Why that holds stands in docs/reliability.md,
 * with these times (milliseconds).
 */
export const rightToSend = {
	/** From the beginning on it may leave. */
	lastsMs: 8 * MINUTE_MS,
	/** A request that left is answered, or surely lost: with its token renewed before it, and after a refusal. */
	requestMs: 7 * MINUTE_MS,
	/** The clocks of two processes, or of a process and the marketplace, differ by no more. */
	clocksMs: 5 * MINUTE_MS,
	/** The marketplace shows what was sent, at the latest. */
	showsMs: 5 * MINUTE_MS,
};

const { lastsMs, requestMs, clocksMs, showsMs } = rightToSend;

/** So long after its beginning a message that is not there never comes. */
export const SETTLED_MS = lastsMs + requestMs + clocksMs + showsMs;

/** As long as nobody else can have taken the message over, its note can go. */
const FORGETS_MS = lastsMs + requestMs / 2;

/** One process's right to send one message. */
export interface RightToSend {
	/** Has to be asked right before each try: why the message must not leave any more. */
	tooLate(): Refusal | undefined;
	/** Nobody else can have begun it. */
	isAlone(): boolean;
}

/** Where duplicates are not prevented nobody takes a message over. */
export const FOR_EVER: RightToSend = { tooLate: () => undefined, isAlone: () => true };

/** @param began milliseconds since 1970, as the note says it */
export function rightFrom(began: number): RightToSend {
	const past = watchFrom(began);
	return {
		tooLate: () => (past() >= lastsMs ? tooLateError(past() < FORGETS_MS) : undefined),
		isAlone: () => past() < FORGETS_MS,
	};
}

function tooLateError(isAlone: boolean): Refusal {
	const minutes = lastsMs / MINUTE_MS;
	return new Refusal(
		`The message could not leave within ${minutes} minutes, and then it was not sent any more`,
		isAlone
			? "Too many wait for the marketplace's limit, or the files took too long. Run the item again."
			: "n8n stood still in the meantime. 'Prevent Duplicates' has the message as in doubt now, since another run may have gone on with it: run the item again with 'Look It Up' for 'When in Doubt'.",
		'TooLateToSend',
		true,
	);
}
