/** What the requests of one execution added up to. */
export class RequestStatistics {
	/** Milliseconds during which at least one request waited. */
	lapsedMs = 0;

	/** Requests that left. */
	asked = 0;

	/** Requests that wait for a limit at this moment. */
	nowWaiting = 0;

	private since = 0;

	/** Counts a wait, also one that is broken off. */
	async waiting(wait: () => Promise<unknown>): Promise<void> {
		if (this.nowWaiting++ === 0) this.since = Date.now();
		try {
			await wait();
		} finally {
			if (--this.nowWaiting === 0) this.lapsedMs += Date.now() - this.since;
		}
	}
}
