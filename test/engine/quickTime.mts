/** Our waits are slices of at most so many milliseconds; what is longer is somebody's time-out. */
const LONGEST_SLICE = 100;

/**
 * Lets time run `speed` times as fast for our code and for the simulator's clock: waits keep their
 * proportions, and a minute passes in a second. Time-outs of connections stay as they are.
 *
 * @returns lets time run as usual again
 */
export function quickTime(speed = 50): () => void {
	const { setTimeout: realSetTimeout } = globalThis;
	const realNow = Date.now;
	const start = realNow();
	Date.now = () => Math.floor(start + (realNow() - start) * speed);
	globalThis.setTimeout = ((run: () => void, ms = 0, ...args: []) =>
		realSetTimeout(run, ms > LONGEST_SLICE ? ms : ms / speed, ...args)) as typeof setTimeout;
	return () => {
		Date.now = realNow;
		globalThis.setTimeout = realSetTimeout;
	};
}
