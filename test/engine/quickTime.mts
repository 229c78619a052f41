import { performance } from 'node:perf_hooks';

/** Our waits are slices of at most so many milliseconds; what is longer is somebody's time-out. */
const LONGEST_SLICE = 100;

/** Real milliseconds between two looks at whether anybody works, and how many of them may be work for nobody. */
const LOOK_EVERY_MS = 1;
const OWN_WORK_MS = 0.3;

/** Who only sleeps on is not looked after more often. */
const SLICES_AT_ONCE = 20;

/** Called, it lets time run as usual again. */
export interface QuickTime {
	(): void;
	/** So many milliseconds pass at once. */
	skip(ms: number): void;
}

interface Sleeper {
	at: number;
	wake(): void;
}

/**
 * Lets waits pass at once, for our code and for the simulator's clock: where everybody waits, the clock jumps
 * to the one who wakes first. While anybody works, also on a slow machine, it runs as usual. Time-outs of
 * connections stay as they are.
 */
export function quickTime(): QuickTime {
	const { setTimeout: realSetTimeout, clearTimeout: realClearTimeout } = globalThis;
	const realSetImmediate = globalThis.setImmediate;
	const realNow = Date.now;
	const sleepers = new Set<Sleeper>();
	let ahead = 0;
	let looking: NodeJS.Timeout | undefined;
	let before = performance.eventLoopUtilization();

	/** Wakes who is due. @returns true where as many sleep as before: they slept on, and nothing else began */
	const wake = async () => {
		const all = [...sleepers].sort((one, other) => one.at - other.at);
		for (const sleeper of all) {
			if (sleeper.at <= Date.now() && sleepers.delete(sleeper)) sleeper.wake();
		}
		await new Promise(realSetImmediate);
		return sleepers.size === all.length;
	};

	const isQuiet = () => performance.eventLoopUtilization(before).active < OWN_WORK_MS;

	const look = async () => {
		let isIdle = isQuiet();
		// On a busy machine the process may stand still between two turns of somebody's work.
		if (isIdle) {
			await new Promise(realSetImmediate);
			isIdle = isQuiet();
		}
		if (!isIdle) await wake();
		for (let slices = 0; isIdle && sleepers.size > 0 && slices < SLICES_AT_ONCE; slices++) {
			const next = Math.min(...[...sleepers].map(({ at }) => at));
			ahead += Math.max(0, next - Date.now());
			isIdle = await wake();
		}
		before = performance.eventLoopUtilization();
		looking = sleepers.size > 0 ? realSetTimeout(() => void look(), LOOK_EVERY_MS) : undefined;
	};

	Date.now = () => realNow() + ahead;
	globalThis.setTimeout = ((run: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) => {
		if (ms > LONGEST_SLICE) return realSetTimeout(run, ms, ...args);
		const sleeper = { at: Date.now() + ms, wake: () => run(...args), ref, unref: ref };
		sleepers.add(sleeper);
		looking ??= realSetTimeout(() => void look(), LOOK_EVERY_MS);
		return sleeper;
	}) as unknown as typeof setTimeout;
	globalThis.clearTimeout = ((timer?: NodeJS.Timeout | Sleeper) => {
		if (!sleepers.delete(timer as Sleeper)) realClearTimeout(timer as NodeJS.Timeout);
	}) as typeof clearTimeout;

	const backToNormal = () => {
		Date.now = realNow;
		Object.assign(globalThis, { setTimeout: realSetTimeout, clearTimeout: realClearTimeout });
		realClearTimeout(looking);
		for (const { wake } of sleepers) realSetTimeout(wake, 0);
		sleepers.clear();
	};
	return Object.assign(backToNormal, { skip: (ms: number) => void (ahead += ms) });
}

/** Waits pass at once in each test of a file or a `describe`. */
export function waitsPass(): void {
	let asUsual: QuickTime;
	beforeEach(() => void (asUsual = quickTime()));
	afterEach(() => asUsual());
}

function ref<Timer>(this: Timer): Timer {
	return this;
}
