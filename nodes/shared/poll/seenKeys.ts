import { createHash } from 'node:crypto';

/** What was seen, as it is kept in a workflow's static data: by day, eight letters a key. */
export type KeptKeys = Record<string, string>;

const DAY_MS = 24 * 60 * 60_000;
/** 48 bits: among 50,000 kept keys a new one is taken for an old one once in billions of times. */
const BYTES = 6;
const LETTERS = 8;
/** At most so many keys are kept: 400 kB. */
export const MOST_KEYS = 50_000;

/**
 * Remembers keys without growing for ever. A key belongs to a moment that never changes (when the order
 * was created, say), so that whole days can be forgotten at once.
 */
export class SeenKeys {
	private readonly days = new Map<number, Set<string>>();

	constructor(kept: KeptKeys) {
		for (const [day, letters] of Object.entries(kept)) {
			const keys = new Set<string>();
			for (let i = 0; i < letters.length; i += LETTERS) keys.add(letters.slice(i, i + LETTERS));
			this.days.set(Number(day), keys);
		}
	}

	has(key: string, moment: number): boolean {
		return this.days.get(dayOf(moment))?.has(short(key)) ?? false;
	}

	/** @returns whether the key is new; from now on it is not */
	add(key: string, moment: number): boolean {
		if (this.has(key, moment)) return false;
		const keys = this.days.get(dayOf(moment)) ?? new Set();
		this.days.set(dayOf(moment), keys.add(short(key)));
		return true;
	}

	/**
	 * Forgets the days that ended before a moment, and the oldest ones beyond what may be kept.
	 * @returns the moment from which on everything is still known
	 */
	forget(before: number): number {
		const days = [...this.days.keys()].sort((one, other) => one - other);
		let size = days.reduce((sum, day) => sum + this.days.get(day)!.size, 0);
		let knownFrom = before;
		for (const day of days.slice(0, -1)) {
			const end = (day + 1) * DAY_MS;
			if (end > before && size <= MOST_KEYS) break;
			size -= this.days.get(day)!.size;
			this.days.delete(day);
			knownFrom = Math.max(knownFrom, end);
		}
		return knownFrom;
	}

	/** For the workflow's static data. */
	kept(): KeptKeys {
		return Object.fromEntries([...this.days].map(([day, keys]) => [day, [...keys].join('')]));
	}
}

const dayOf = (moment: number) => Math.floor(moment / DAY_MS);

const short = (key: string) =>
	createHash('sha256').update(key).digest().subarray(0, BYTES).toString('base64url');
