/**
 * A watch for what must not count as shorter than it was: a clock that is set back does not take time away,
 * and a machine that sleeps, whose steady clock may stand, adds what it slept.
 *
 * @param from milliseconds since 1970; left out: now
 * @returns the milliseconds since, by the clock or the steady one, whichever says more
 */
export function watchFrom(from = Date.now()): () => number {
	const steadyFrom = performance.now() - Math.max(0, Date.now() - from);
	return () => Math.max(Date.now() - from, performance.now() - steadyFrom);
}
