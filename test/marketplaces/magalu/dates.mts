const isoDate = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)?)?$/;

/**
 * A time as the ticket API writes it: UTC without a zone, and with microseconds only where there are
 * any (`2024-08-07T13:42:45`, `2024-11-08T14:15:25.416000`).
 */
export function naiveDate(ms: number): string {
	const iso = new Date(ms).toISOString();
	return iso.endsWith('.000Z') ? iso.slice(0, 19) : `${iso.slice(0, 23)}000`;
}

/** A date of a query in milliseconds, UTC where it names no zone; undefined if it is none. */
export function readDate(text: string): number | undefined {
	const match = isoDate.exec(text);
	if (!match) return undefined;
	const zoned = match[1] === undefined || match[4] !== undefined;
	const ms = Date.parse(zoned ? text : `${text}Z`);
	return Number.isNaN(ms) ? undefined : ms;
}
