/**
 * Time that passes by itself: whoever waits with n8n's `sleep` finds that the time is over. The product
 * reads time with `Date.now()` and waits with `sleep`, and nothing else, so a minute takes no time here.
 */
import * as workflow from 'n8n-workflow';

import { SLICE_MS } from '../../nodes/shared/sleep.ts';

export interface SkippedTime {
	/** The clock jumps so many milliseconds ahead. */
	skip(ms: number): void;
	/** Called once, when somebody begins to wait. */
	onNextWait(hook: (() => void) | undefined): void;
	/** Milliseconds that were skipped so far. */
	skipped(): number;
	/** Time runs as usual again. */
	end(): void;
}

export function skipWaits(): SkippedTime {
	const { now } = Date;
	const usual = Object.getOwnPropertyDescriptor(workflow, 'sleep')!;
	let ahead = 0;
	let hook: (() => void) | undefined;

	Date.now = () => now() + ahead;
	const sleep = async (ms: number) => {
		// Whoever waits for it sleeps in slices; nobody waits for the rest.
		if (ms > SLICE_MS) return await new Promise<void>((done) => setTimeout(done, ms));
		ahead += ms;
		const told = hook;
		hook = undefined;
		told?.();
		await new Promise((done) => setImmediate(done));
	};
	Object.defineProperty(workflow, 'sleep', { ...usual, get: () => sleep });

	return {
		skip(ms) {
			ahead += ms;
		},
		onNextWait(next) {
			hook = next;
		},
		skipped: () => ahead,
		end() {
			Date.now = now;
			Object.defineProperty(workflow, 'sleep', usual);
		},
	};
}
