/** What the requests of one execution added up to. */
export class Tally {
	/** Milliseconds that requests waited for a limit, over all of them. */
	waitedMs = 0;

	/** Milliseconds during which at least one request waited. */
	lapsedMs = 0;

	/** Answers that said: too fast. */
	throttled = 0;

	private nowWaiting = 0;

	private since = 0;

	/** Counts a wait, also one that is broken off. */
	async waiting(wait: () => Promise<unknown>): Promise<void> {
		const began = Date.now();
		if (this.nowWaiting++ === 0) this.since = began;
		try {
			await wait();
		} finally {
			this.waitedMs += Date.now() - began;
			if (--this.nowWaiting === 0) this.lapsedMs += Date.now() - this.since;
		}
	}
}
