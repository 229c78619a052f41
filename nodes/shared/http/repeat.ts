import { LONGEST_WAIT_MS, WAIT_OF_A_POLL_MS } from '../sleep';
import type { AnswerKind, RepeatPolicy } from './service';

/** What became of one try of a request. */
export interface TryResult {
	/**
	 * What the answer means; `tooLarge`: it has more than is read. Or there is none: the request never left, or
	 * its answer was lost.
	 */
	kind: AnswerKind | 'tooLarge' | 'neverLeft' | 'lost';
	/** So many tries ended like this, this one included. */
	times: number;
	/** Of what never left: another try can cure it. */
	mayPass?: boolean;
	/** It went with a token that n8n can renew. */
	renewable?: boolean;
	/** Milliseconds that the service asked to wait. */
	waitMs?: number;
}

export type NextStep = 'done' | 'repeat' | 'renewToken' | 'giveUp';

/** A request is tried at most so often. */
const TRIES = 5;
const TRIES_OF_A_POLL = 2;
/** An answer that says "not now, nothing was done" is asked again at most so often (eBay advises two). */
const TRIES_AGAIN = 3;

/**
 * The table of what may be repeated (docs/reliability.md). What was surely not processed may always be
 * repeated, what nobody knows of only where a second time does no harm.
 *
 * @param attempt which try this was, from 1 on
 */
export function next(policy: RepeatPolicy, result: TryResult, attempt: number): NextStep {
	const { kind, times, mayPass, renewable, waitMs = 0 } = result;
	if (kind === 'done') return 'done';
	const last = attempt >= (policy === 'poll' ? TRIES_OF_A_POLL : TRIES);
	const longestWait = policy === 'poll' ? WAIT_OF_A_POLL_MS : LONGEST_WAIT_MS;
	if (last || waitMs > longestWait) return 'giveUp';

	const harmless = policy === 'read' || policy === 'prepare' || policy === 'poll';
	switch (kind) {
		case 'expired':
			return renewable === true && times === 1 ? 'renewToken' : 'giveUp';
		case 'neverLeft':
			return mayPass === true ? 'repeat' : 'giveUp';
		case 'throttled':
			return policy === 'poll' ? 'giveUp' : 'repeat';
		case 'again':
			return times < TRIES_AGAIN ? 'repeat' : 'giveUp';
		case 'failing':
		case 'unreadable':
		case 'lost':
			return harmless ? 'repeat' : 'giveUp';
		// What is too large would be as large once more.
		case 'refused':
		case 'tooLarge':
			return 'giveUp';
	}
}
