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
	const written =
		typeof value === 'string' ? value.trim() : String((value as Date | null)?.toJSON?.() ?? '');
	if (written === '') return undefined;
	if (ISO_WITH_ZONE.test(written) && !Number.isNaN(Date.parse(written))) return written;
	try {
		const iso = tryToParseDateTime(written, zone).toISO();
		if (iso) return iso;
	} catch {
		// Not a date: said below.
	}
	throw new Refusal(
		`'${label}' is not a date`,
		'Write it as 2026-12-31, or with a time and a zone as 2026-12-31T18:00:00-03:00.',
	);
}
