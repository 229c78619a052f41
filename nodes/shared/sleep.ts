import { sleep } from 'n8n-workflow';

/** Longest sleep of whoever waits before the cancel signal is looked at again, in milliseconds. */
export const SLICE_MS = 100;

/** No single wait before a repetition is longer (milliseconds). */
export const LONGEST_WAIT_MS = 60_000;
/** A poll waits for a turn, or to ask again, that comes so soon; for others it comes back later (milliseconds). */
export const WAIT_OF_A_POLL_MS = 2000;

/** Thrown when the user stopped the execution while the node was waiting. */
export class Cancelled extends Error {
	override readonly name = 'Cancelled';
	readonly description = 'Run the workflow again where the message is still wanted.';

	constructor() {
		super('The execution was stopped');
	}
}

/**
 * Waits until the clock reads `until()` (milliseconds since 1970). The goal is asked again after each
 * slice, so that it may move while we wait.
 *
 * @returns the milliseconds waited
 * @throws Cancelled as soon as the signal says so
 */
export async function waitUntil(until: () => number, signal?: AbortSignal): Promise<number> {
	const start = Date.now();
	// The goal is asked first: one that is now is over by the time that the clock is read.
	for (let left = until() - Date.now(); left > 0; left = until() - Date.now()) {
		if (signal?.aborted) throw new Cancelled();
		await sleep(Math.min(Math.ceil(left), SLICE_MS));
	}
	if (signal?.aborted) throw new Cancelled();
	return Date.now() - start;
}

/** Waits `ms` milliseconds, ending early with `Cancelled` when the user stops the execution. */
export async function wait(ms: number, signal?: AbortSignal): Promise<number> {
	const goal = Date.now() + ms;
	return await waitUntil(() => goal, signal);
}

/** Half to the whole of `ms`, at random, so that parallel senders do not come back in the same instant. */
export function jittered(ms: number): number {
	return ms * (0.5 + Math.random() / 2);
}
