import { limitShare } from './limitShare';
import { LONGEST_WAIT_MS, waitUntil } from '../sleep';

/** A marketplace's limit for one operation: tokens that come back at a rate, up to a burst. */
export interface BucketLimit {
	name: string;
	/** Requests a second. */
	rate: number;
	burst: number;
}

/** A marketplace's limit for one operation: so many calls within any so many seconds. */
export interface WindowLimit {
	name: string;
	calls: number;
	seconds: number;
	/** How long the marketplace blocks an account that went over, in seconds. */
	blockSeconds: number;
}

export type RateLimit = BucketLimit | WindowLimit;

/** What an answer told about the limit. */
export interface LimitNews {
	throttled?: boolean;
	/** The marketplace's own number of requests a second. */
	rate?: number;
	/** Milliseconds that the marketplace asked us to stay away. */
	retryAfterMs?: number;
}

/** One operation of one seller account. All items and executions of the process share it. */
export interface Lane {
	/**
	 * Waits for a turn; first come, first served.
	 * @returns the milliseconds waited
	 * @throws LimitClosed where it closes meanwhile for longer than anybody should wait
	 */
	turn(signal?: AbortSignal): Promise<number>;
	/** Says that a request which had its turn did not leave. */
	giveBack(): void;
	/** How many requests may leave now without waiting. */
	room(): number;
	/** How long one that comes now has to wait for its turn, by what is known (milliseconds). */
	waitMs(): number;
	/** Says that a request of this lane was answered. */
	heard(news: LimitNews): void;
	/** Milliseconds for which the marketplace asked us to stay away; 0 where it did not. */
	closedFor(): number;
	/**
	 * Milliseconds for which it is of no use to wait, since the marketplace asked for more than five minutes, or
	 * its block came again after it was waited for; else 0.
	 */
	shutFor(): number;
}

/** Nothing leaves for longer than anybody should wait. */
export class LimitClosed extends Error {}

/** A marketplace that closed its door for longer is not waited for (milliseconds). */
const LONGEST_CLOSED_MS = 5 * 60_000;

/** A lane that nobody used for this long is forgotten (milliseconds). */
const IDLE_MS = 15 * 60_000;

const lanes = new Map<string, { lane: Lane; usedAt: number }>();

/**
 * The lane of an account and an operation.
 * @param account what the marketplace counts by (a seller and an application); never a secret in clear
 */
export function laneOf(account: string, plan: RateLimit): Lane {
	const now = Date.now();
	for (const [key, { usedAt }] of lanes) if (now - usedAt > IDLE_MS) lanes.delete(key);

	const key = `${account}|${plan.name}`;
	const lane = lanes.get(key)?.lane ?? inTurns('calls' in plan ? windowOf(plan) : bucketOf(plan));
	lanes.set(key, { lane, usedAt: now });
	return lane;
}

/** Forgets every lane: for tests, which start each with a marketplace that counts from zero. */
export function forgetLanes(): void {
	lanes.clear();
}

interface Meter {
	/** When the next request may leave, in milliseconds since 1970. */
	nextAt(): number;
	/** How many requests may leave now. */
	room(): number;
	/** Between two requests where the limit is used up, in milliseconds. */
	interval(): number;
	/** A request leaves now. */
	leave(): void;
	/** A request that left did not leave. */
	giveBack(): void;
	heard(news: LimitNews): void;
	/** Until when the marketplace wants to hear nothing, in milliseconds since 1970. */
	closedUntil(): number;
	/** The block was waited for, and came again. */
	isBlockedAgain(): boolean;
}

/** Lets one caller at a time wait for the meter; the others queue behind it. */
function inTurns(meter: Meter): Lane {
	let queue: Promise<unknown> = Promise.resolve();
	let waiting = 0;
	const closedFor = () => Math.max(0, meter.closedUntil() - Date.now());
	const shutFor = () =>
		meter.isBlockedAgain() || closedFor() > LONGEST_CLOSED_MS ? closedFor() : 0;
	return {
		async turn(signal) {
			const came = Date.now();
			waiting += 1;
			const mine = queue.then(async () => {
				await waitUntil(() => (shutFor() > 0 ? 0 : meter.nextAt()), signal);
				if (shutFor() > 0) throw new LimitClosed();
				meter.leave();
			});
			queue = mine.catch(() => undefined);
			await mine.finally(() => (waiting -= 1));
			return Date.now() - came;
		},
		room: () => (meter.nextAt() > Date.now() ? 0 : meter.room()),
		waitMs: () => Math.max(0, meter.nextAt() - Date.now()) + waiting * meter.interval(),
		heard: (news) => meter.heard(news),
		closedFor,
		shutFor,
		giveBack: () => meter.giveBack(),
	};
}

/** The share of a documented rate that is used, so that two clocks that drift do not collide. */
const RATE_SHARE = 0.99;
/** What is not answered for longer than this holds no token back: it is lost rather than held up (milliseconds). */
const HELD_UP_MS = 5000;
/** Requests a second: a slower limit is one for polls. */
const SLOW_RATE = 0.1;
/** How fast what an answer takes is learned where it takes longer than before: this part with each. */
const LEARNED = 0.05;

/**
 * A token bucket that knows the marketplace's plan, learns its real rate and slows down when told to.
 *
 * What is on its way may be held up there and then be counted all at once, or here, where a busy process reads
 * its answers late. So a token comes back only for what was answered, but for those that are on their way as a
 * rule: the bucket is full where nothing is. Where an answer is there before the next turn, no more is ever
 * counted together than the burst, whatever is held up.
 */
function bucketOf(plan: BucketLimit): Meter {
	// One token is kept back: the network bunches requests up, and a refused one costs more than a token.
	const burst = Math.max(1, plan.burst - 1);
	const isSlow = plan.rate < SLOW_RATE;
	const share = limitShare(isSlow);
	let rate = plan.rate;
	let loweredAt = 0;
	let tokens = burst;
	let countedAt = Date.now();
	let closedUntil = 0;
	/** When those left that are on their way, the first one first. */
	const left: number[] = [];
	/** What an answer takes as a rule, in milliseconds. */
	let tripMs: number | undefined;
	/** How many tokens the next request waits for. */
	let needed = 1;

	const pace = () => (rate * RATE_SHARE * share.now()) / 1000;
	const onTheWay = () => (tripMs ?? 0) * pace();
	const count = () => {
		const now = Date.now();
		const heldUp = left.filter((at) => now - at < HELD_UP_MS).length;
		const most = Math.min(burst, burst + onTheWay() - heldUp);
		const filled = tokens + Math.max(0, now - countedAt) * pace();
		tokens = Math.max(tokens, Math.min(most, filled));
		countedAt = now;
		return tokens;
	};
	// Two that send evenly meet in the same order each time, and it is always the same one that is refused.
	const isEven = () => !isSlow && tripMs !== undefined && onTheWay() < 2;

	return {
		closedUntil: () => closedUntil,
		isBlockedAgain: () => false,
		nextAt() {
			const missing = Math.max(0, needed - count());
			return Math.max(closedUntil, Date.now() + missing / pace());
		},
		room: () => Math.floor(count()),
		interval: () => 1 / pace(),
		leave() {
			count();
			tokens -= 1;
			needed = isEven() ? Math.min(burst, 0.5 + Math.random()) : 1;
			left.push(Date.now());
		},
		giveBack() {
			left.pop();
			tokens = Math.min(burst, count() + 1);
		},
		heard({ throttled, rate: learned, retryAfterMs }) {
			const now = Date.now();
			const leftAt = left.shift() ?? now;
			count();
			if (learned !== undefined && learned > 0) rate = learned;
			if (throttled === false) {
				const tookMs = now - leftAt;
				const before = tripMs ?? tookMs;
				tripMs = Math.min(tookMs, before + (tookMs - before) * LEARNED);
			}
			if (!throttled) return share.accepted(rate);
			tokens = Math.min(tokens, 0);
			closedUntil = Math.max(closedUntil, now + (retryAfterMs ?? 0));
			// What left before it was slowed down tells nothing new.
			if (leftAt > loweredAt) {
				share.refused(rate);
				loweredAt = now;
			}
		},
	};
}

/** The window is longer here by this share, so that two clocks that drift do not collide. */
const WINDOW_SHARE = 1.0005;

/** How soon somebody who waits for another's answer looks again (milliseconds). */
const LOOK_AGAIN_MS = 100;

/**
 * A sliding window. A call counts from the moment its answer was heard: the marketplace counted it
 * before that, so the window is never shorter at the marketplace than here.
 *
 * After a block one call goes ahead of all others. If it is blocked again, it was not the limit of this
 * window that was used up but another one, and nobody knows for how long.
 */
function windowOf(plan: WindowLimit): Meter {
	let flying = 0;
	let ended: number[] = [];
	let closedUntil = 0;
	/** In a row, without a good answer between them. */
	let blocks = 0;
	const length = () => plan.seconds * 1000 * WINDOW_SHARE;

	return {
		closedUntil: () => closedUntil,
		// A short block costs little: it is waited for as often as anything else.
		isBlockedAgain: () => blocks > 1 && plan.blockSeconds * 1000 > LONGEST_WAIT_MS,
		nextAt() {
			const now = Date.now();
			if (blocks > 0 && flying > 0) return Math.max(closedUntil, now + LOOK_AGAIN_MS);
			ended = ended.filter((at) => now - at < length());
			const over = flying + ended.length - plan.calls + 1;
			if (over <= 0) return closedUntil;
			// As many of the ended calls must leave the window as we are over; calls in flight end first.
			const free = ended.length >= over ? ended[over - 1]! + length() : now + length();
			return Math.max(closedUntil, free);
		},
		room: () => plan.calls - flying - ended.length,
		interval: () => length() / plan.calls,
		leave() {
			flying += 1;
		},
		giveBack() {
			flying -= 1;
		},
		heard({ throttled, retryAfterMs }) {
			const now = Date.now();
			flying = Math.max(0, flying - 1);
			ended.push(now);
			// While it is closed, answers are to calls that left before: they tell of the same block.
			const isNews = now >= closedUntil;
			if (isNews && throttled === false) blocks = 0;
			if (throttled) {
				if (isNews) blocks += 1;
				closedUntil = Math.max(closedUntil, now + (retryAfterMs ?? plan.blockSeconds * 1000));
			}
		},
	};
}
