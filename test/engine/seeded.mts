/** Random numbers that are the same in every run. */
export interface Seeded {
	/** From 0 to below 1. */
	next(): number;
	/** A whole number from 0 to below `below`. */
	below(below: number): number;
	/** True so often. */
	chance(share: number): boolean;
}

/** mulberry32 */
export function seeded(seed: number): Seeded {
	let state = seed >>> 0;
	const random: Seeded = {
		next() {
			state = (state + 0x6d2b79f5) >>> 0;
			let mixed = Math.imul(state ^ (state >>> 15), state | 1);
			mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
			return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
		},
		below: (below) => Math.floor(random.next() * below),
		chance: (share) => random.next() < share,
	};
	return random;
}
