/** Messages of this process that look the same to whoever looks for one of them. */

/** Messages that are further apart are told from each other by their time (milliseconds). */
export const TWINS_WITHIN_MS = 60_000;

/** A message that leaves, beside those that could be taken for it. */
export interface Twins {
	/** Nothing that could be taken for it left within the same minute, up to now. */
	areNone(): boolean;
	/** It is over. @param nothingSent nobody can take it for another one */
	over(nothingSent: boolean): void;
}

interface Sending {
	from: number;
	/** Nothing as long as it is on its way. */
	to?: number;
}

/** By what is the same, those that began last at the end. */
const sendings = new Map<string, Set<Sending>>();

/** @param likeness what a message must have in common with it; nothing where none can be taken for it */
export function twinsOf(likeness: readonly string[] | undefined): Twins {
	if (!likeness) return { areNone: () => true, over: () => {} };
	forgetOld();
	const key = JSON.stringify(likeness);
	const all = sendings.get(key) ?? new Set<Sending>();
	const mine: Sending = { from: Date.now() };
	all.add(mine);
	sendings.delete(key);
	sendings.set(key, all);
	return {
		areNone: () =>
			[...all].every((one) => one === mine || (one.to ?? Infinity) < mine.from - TWINS_WITHIN_MS),
		over(nothingSent) {
			mine.to = Date.now();
			if (nothingSent) all.delete(mine);
		},
	};
}

function forgetOld(): void {
	const past = Date.now() - 2 * TWINS_WITHIN_MS;
	for (const [key, all] of sendings) {
		if ([...all].some(({ to }) => to === undefined || to > past)) return;
		sendings.delete(key);
	}
}
