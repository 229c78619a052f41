/**
 * The share of a marketplace's limit that this process takes. Processes that do not know of each other learn
 * it from refusals alone.
 */
export interface LimitShare {
	/** Up to 1, which is the whole limit. */
	now(): number;
	/** @param rate of the whole limit, requests a second */
	accepted(rate: number): void;
	/** Once for all that left before it was lowered: what left together is refused together. */
	refused(rate: number): void;
}

/** Not less, however often it is refused. */
const LEAST = 1 / 16;
/** What is left of it after a refusal, and where nearly the whole limit was used up by this process itself. */
const LEFT = 0.5;
const LEFT_ALONE = 0.9;
/** Of a slow limit: who waits minutes for a turn seldom meets another, and the half would be one poll less. */
const LEFT_SLOW = 0.7;
/** From here on nobody else can have used up much of the limit. */
const NEARLY_ALL = 0.8;
/** How far back it is remembered who used up the limit, in turns. */
const MEMORY = 50;
/** How fast it grows with the third power of the turns: from the half to the whole in eighty. */
const GROWTH = 1e-6;

/**
 * After a refusal the half of it is left, so that several who are too fast together come down within a few.
 * It soon grows back to where it was, rests there, and then tries more and more, as the others may be gone:
 * the curve of CUBIC, which TCP uses for the same task; whoever has to go down twice in a row aims lower.
 *
 * All of it is counted in turns (the time from one request to the next at the whole limit), so that it is the
 * same at every rate, and grows by answers alone, so that nobody gets faster by sending nothing.
 *
 * @param isSlow minutes pass from one request to the next
 * @see https://www.rfc-editor.org/rfc/rfc9438 (sections 4.2, 4.6 and 4.7)
 */
export function limitShare(isSlow = false): LimitShare {
	const left = isSlow ? LEFT_SLOW : LEFT;
	let share = 1;
	let plateau = 1;
	/** Since it was lowered, and from there to the plateau. */
	let turns = 0;
	let turnsToPlateau = 0;
	/** How much of the limit this process used up of late. */
	let used = 0;
	let usedAt = Date.now();

	const remember = (rate: number) => {
		const now = Date.now();
		const passed = (Math.max(0, now - usedAt) * rate) / 1000;
		used *= Math.exp(-passed / MEMORY);
		usedAt = now;
	};

	return {
		now: () => share,
		accepted(rate) {
			remember(rate);
			used += 1 / MEMORY;
			turns += 1 / share;
			const grown = plateau + GROWTH * (turns - turnsToPlateau) ** 3;
			share = Math.min(1, Math.max(share, grown));
		},
		refused(rate) {
			remember(rate);
			// It is this process alone that bunched up: others would have had their part.
			const isAlone = used > NEARLY_ALL;
			const isLowerAgain = !isAlone && share < plateau;
			const before = share;
			share = Math.max(LEAST, before * (isAlone ? LEFT_ALONE : left));
			plateau = Math.max(share, isLowerAgain ? (before * (1 + left)) / 2 : before);
			turnsToPlateau = Math.cbrt((plateau - share) / GROWTH);
			turns = 0;
		},
	};
}
