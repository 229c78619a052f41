import { AGAIN_MS } from './listEntries';

/** How long after they were asked for they go, and go again: somebody may write an old list meanwhile. */
const GO_AFTER_MS = [AGAIN_MS, 1_000];

/** Entries that were asked for and are no part of a note: they go, and once more some time later. */
export class Passing {
	private readonly all = new Map<string, { entries: string[]; dues: number[] }>();

	add(key: string, entries: string[], now: number): void {
		const all = [...new Set([...(this.all.get(key)?.entries ?? []), ...entries])];
		if (all.length > 0)
			this.all.set(key, { entries: all, dues: GO_AFTER_MS.map((ms) => now + ms) });
	}

	/** A note stands: what belongs to it stays. */
	forget(key: string): void {
		this.all.delete(key);
	}

	/** @returns what goes now */
	take(now: number): string[] {
		return [...this.all].flatMap(([key, { entries, dues }]) => {
			const left = dues.filter((due) => due > now);
			if (left.length === dues.length) return [];
			if (left.length === 0) this.all.delete(key);
			else this.all.set(key, { entries, dues: left });
			return entries;
		});
	}

	/** @returns when the next ones go (milliseconds since 1970) */
	nextAt(): number {
		return Math.min(...[...this.all.values()].flatMap(({ dues }) => dues));
	}
}
