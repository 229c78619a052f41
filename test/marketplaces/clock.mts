import type { Clock } from './service.mts';

/** A clock that runs like the computer's own, until a test moves it. */
export interface MovableClock extends Clock {
	/** Moves on by so many milliseconds (back, where negative). */
	advance(ms: number): void;
	/** From now on it is this moment (milliseconds since 1970), and time runs on from there. */
	set(at: number): void;
	reset(): void;
}

export function movableClock(base: () => number = () => Date.now()): MovableClock {
	let offset = 0;
	return {
		now: () => base() + offset,
		advance(ms) {
			offset += ms;
		},
		set(at) {
			offset = at - base();
		},
		reset() {
			offset = 0;
		},
	};
}

/**
 * Waits so many milliseconds of a test's time (`quickTime`).
 * @throws the signal's reason as soon as it is aborted
 */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
	signal.throwIfAborted();
	await new Promise<void>((resolve, reject) => {
		const stop = () => {
			clearTimeout(timer);
			reject(signal.reason as Error);
		};
		const timer = setTimeout(() => {
			signal.removeEventListener('abort', stop);
			resolve();
		}, ms);
		signal.addEventListener('abort', stop, { once: true });
	});
}
