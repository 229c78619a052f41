import { tryToParseDateTime } from 'n8n-workflow';

import { Refusal } from './outcome';

const ISO_WITH_ZONE = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/;

/**
 * A date of the form: one with a zone stays as it is written, one without gets the workflow's zone.
 *
 * @param label as the form shows the field
 * @returns an ISO 8601 text with a zone; nothing where the field is empty
 * @throws Refusal for what is no date
 */
export function dateIn(value: unknown, label: string, zone: string): string | undefined {
	const written = writtenDate(value);
	if (written === '') return undefined;
	if (!isInCalendar(written)) throw notADate(label);
	if (isWithZone(written)) return written;
	try {
		const iso = tryToParseDateTime(written, zone).toISO();
		if (iso) return iso;
	} catch {
		// Not a date: said below.
	}
	throw notADate(label);
}

/** An expression may give a Date or a luxon DateTime: both write themselves with their zone. */
export function writtenDate(value: unknown): string {
	return String((value as Partial<Date> | null)?.toJSON?.() ?? value ?? '').trim();
}

export function isWithZone(written: string): boolean {
	return ISO_WITH_ZONE.test(written) && !Number.isNaN(Date.parse(written));
}

/** JavaScript takes the 30th of February for the 2nd of March, and a bare number for a year. */
function isInCalendar(written: string): boolean {
	const [day] = /^\d{4}-\d\d-\d\d/.exec(written) ?? [];
	if (day === undefined) return !/^[\d.]+$/.test(written);
	return new Date(`${day}T00:00:00Z`).toJSON()?.startsWith(day) ?? false;
}

const notADate = (label: string) =>
	new Refusal(
		`'${label}' is not a date`,
		'Write it as 2026-12-31, or with a time and a zone as 2026-12-31T18:00:00-03:00.',
	);
