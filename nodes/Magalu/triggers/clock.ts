import type { Json } from '../../shared/values';
import { utcMsOf } from '../api/pages';

/**
 * Where Magalu's clock stands, as far as its lists tell: at the newest update. A date that is ahead of
 * our own clock is not believed, for what comes after it would be missed.
 *
 * @returns milliseconds since 1970; 0 where there is nothing yet
 */
export function newestIn(rows: Json[], before = 0): number {
	const times = rows.map((row) => utcMsOf(row.updated_at) ?? 0);
	return Math.min(Math.max(before, ...times), Date.now());
}
