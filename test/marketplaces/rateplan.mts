import type { Clock } from './service.mts';

/** A token bucket: `burst` calls at once, refilled by `rate` calls a second. */
export interface Plan {
	rate: number;
	burst: number;
}

export interface RatePlans {
	/** True, and one call less, where the account may call the operation now. */
	take(operation: string, account: string): boolean;
	of(operation: string): Plan | undefined;
	/** A new plan, with full buckets; `*` gives every known operation the same plan. */
	set(operation: string, plan: Plan): void;
	/** Back to the documented plans, with full buckets. */
	reset(): void;
}

interface Bucket {
	tokens: number;
	at: number;
}

/** A bucket per operation and account. An operation without a plan is never refused. */
export function ratePlans(clock: Clock, documented: Record<string, Plan>): RatePlans {
	const plans = new Map<string, Plan>();
	const buckets = new Map<string, Bucket>();

	function reset() {
		plans.clear();
		buckets.clear();
		for (const [operation, plan] of Object.entries(documented)) plans.set(operation, plan);
	}
	reset();

	return {
		take(operation, account) {
			const plan = plans.get(operation);
			if (!plan) return true;
			const key = `${operation} ${account}`;
			const now = clock.now();
			const bucket = buckets.get(key) ?? { tokens: plan.burst, at: now };
			const refilled = bucket.tokens + (Math.max(0, now - bucket.at) / 1000) * plan.rate;
			bucket.tokens = Math.min(plan.burst, refilled);
			bucket.at = now;
			buckets.set(key, bucket);
			// A hair less than one counts as one: the refill is a sum of fractions.
			if (bucket.tokens < 1 - 1e-9) return false;
			bucket.tokens -= 1;
			return true;
		},
		of: (operation) => plans.get(operation),
		set(operation, plan) {
			for (const name of operation === '*' ? [...plans.keys()] : [operation]) plans.set(name, plan);
			buckets.clear();
		},
		reset,
	};
}

/** So many calls within a window, and whoever calls more is blocked for a while. */
export interface WindowPlan {
	calls: number;
	windowMs: number;
	blockMs: number;
}

export interface SlidingWindow {
	/** May be changed while it runs. */
	plan: WindowPlan;
	/** False while the account is blocked, and for the call that gets it blocked. */
	take(account: string): boolean;
	reset(): void;
}

/** eBay's kind of limit: 75 calls in any 60 s, then blocked for 100 s. Blocked calls do not prolong it. */
export function slidingWindow(
	clock: Clock,
	documented: WindowPlan = { calls: 75, windowMs: 60_000, blockMs: 100_000 },
): SlidingWindow {
	const calls = new Map<string, number[]>();
	const blockedUntil = new Map<string, number>();
	const window: SlidingWindow = {
		plan: { ...documented },
		take(account) {
			const now = clock.now();
			if (now < (blockedUntil.get(account) ?? 0)) return false;
			const recent = (calls.get(account) ?? []).filter((at) => at > now - window.plan.windowMs);
			if (recent.length >= window.plan.calls) {
				blockedUntil.set(account, now + window.plan.blockMs);
				calls.delete(account);
				return false;
			}
			calls.set(account, [...recent, now]);
			return true;
		},
		reset() {
			window.plan = { ...documented };
			calls.clear();
			blockedUntil.clear();
		},
	};
	return window;
}
