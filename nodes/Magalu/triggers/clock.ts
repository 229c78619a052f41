import type { Page } from '../api/pages';

/** Where Magalu's clock stands, as an answer tells it; ours where it does not. Milliseconds since 1970. */
export function clockOf({ date }: Page): number {
	return date ?? Date.now();
}

/** As Magalu's lists take times: in UTC. */
export const zuluOf = (ms: number) => new Date(ms).toISOString();
