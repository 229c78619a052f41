import { createHash } from 'node:crypto';

import { DAY_MS } from '../dates';

/** What was seen, as it is kept in a workflow's static data: by day, eight letters a key. */
export type KeptKeys = Record<string, string>;

/** 48 bits: among 50,000 kept keys a new one is taken for an old one once in billions of times. */
const BYTES = 6;
const LETTERS = 8;
/** At most so many keys are kept: 400 kB. */
export const MOST_KEYS = 50_000;

/**
 * Remembers keys without growing for ever. A key is kept with the day of its moment (when the order was
 * created or shipped, say), so that whole days can be forgotten at once; it is known whatever day it is
 * asked for, because a marketplace may correct the moment.
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

	has(key: string): boolean {
		return this.dayWith(lettersOf(key)) !== undefined;
	}

	/** @returns whether the key is new; from now on it is not. A known one moves on to a later day. */
	add(key: string, moment: number): boolean {
		return this.addLetters(lettersOf(key), moment);
	}

	/** The same for the letters that a key is kept as. */
	addLetters(letters: string, moment: number): boolean {
		const day = dayOf(moment);
		const known = this.dayWith(letters);
		if (known !== undefined && known >= day) return false;
		if (known !== undefined) this.days.get(known)!.delete(letters);
		const keys = this.days.get(day) ?? new Set();
		this.days.set(day, keys.add(letters));
		return known === undefined;
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
		const days = [...this.days].filter(([, keys]) => keys.size > 0);
		return Object.fromEntries(days.map(([day, keys]) => [day, [...keys].join('')]));
	}

	private dayWith(letters: string): number | undefined {
		for (const [day, keys] of this.days) if (keys.has(letters)) return day;
		return undefined;
	}
}

const dayOf = (moment: number) => Math.floor(moment / DAY_MS);

/** @returns the eight letters that a key is kept as */
export const lettersOf = (key: string) =>
	createHash('sha256').update(key).digest().subarray(0, BYTES).toString('base64url');
