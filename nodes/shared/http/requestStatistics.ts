/** What the requests of one execution added up to. */
export class RequestStatistics {
	/** Milliseconds during which at least one request waited. */
	lapsedMs = 0;

	/** Requests that left. */
	asked = 0;

	/** Requests that wait for a limit at this moment. */
	nowWaiting = 0;

	/** So many milliseconds our clock is ahead of the marketplace's, by its last answer; nothing before one came. */
	clockAheadMs?: number;

	private since = 0;

	/** @param date the header of an answer that just came, to the second (RFC 9110, section 6.6.1) */
	heard(date: string | undefined): void {
		const theirs = Date.parse(date ?? '');
		if (!Number.isNaN(theirs)) this.clockAheadMs = Date.now() - theirs;
	}

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
