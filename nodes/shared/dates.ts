import { tryToParseDateTime } from 'n8n-workflow';

import { Refusal } from './outcome';
import { asText } from './text';
import { textOf } from './values';

/** Milliseconds. */
export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** @returns `1 minute`, `25 minutes`; never less than one */
export const minutesOf = (count: number) => (count <= 1 ? '1 minute' : `${count} minutes`);

const WITHOUT_ZONE = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)$/;

/** @returns a date of a marketplace with its zone: one that names none means UTC, wherever n8n runs */
export function zonedOf(value: unknown): string | undefined {
	return textOf(value)?.trim().replace(WITHOUT_ZONE, '$1T$2Z');
}

/** @returns a date of a marketplace in milliseconds since 1970; nothing where it is no date */
export function utcMsOf(value: unknown): number | undefined {
	const ms = Date.parse(zonedOf(value) ?? '');
	return Number.isNaN(ms) ? undefined : ms;
}

/** A date, a time with or without seconds, and a zone in one of its spellings. */
const WITH_ZONE =
	/^(\d{4}-\d\d-\d\d)[Tt ]([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:[.,](\d+))?)? ?([Zz]|[+-](?:[01]\d|2[0-3])(?::?[0-5]\d)?)$/;

/**
 * A date of the form, for a message: one with a zone keeps it, one without gets the workflow's.
 *
 * @param label as the form shows the field
 * @returns the date as RFC 3339 wants it, as it is written where it is that already; nothing where the
 * field is empty
 * @throws Refusal for what is no date, and for one whose zone cannot be kept
 */
export function dateIn(value: unknown, label: string, zone: string): string | undefined {
	const written = asText(value)?.trim();
	if (written === '') return undefined;
	const isDate = written !== undefined && isInCalendar(written);
	const date = isDate ? (withItsZone(written) ?? inZone(written, zone)) : undefined;
	if (date !== undefined) return date;
	throw new Refusal(
		`'${label}' is not a date`,
		'Write it as 2026-12-31, or with a time and a zone as 2026-12-31T18:00:00-03:00.',
	);
}

/**
 * A date of the form, for a query.
 *
 * @returns in UTC (`2026-12-31T21:00:00.000Z`), as it is written where it is in UTC already; nothing where
 * the field is empty
 * @throws Refusal for what is no date
 */
export function utcDateIn(value: unknown, label: string, zone: string): string | undefined {
	const date = dateIn(value, label, zone);
	return date === undefined || date.endsWith('Z') ? date : new Date(date).toISOString();
}

/** JavaScript takes the 30th of February for the 2nd of March, and a bare number for a year. */
function isInCalendar(written: string): boolean {
	const [day] = /^\d{4}-\d\d-\d\d/.exec(written) ?? [];
	if (day === undefined) return !/^[\d.]+$/.test(written);
	return new Date(`${day}T00:00:00Z`).toJSON()?.startsWith(day) ?? false;
}

function withItsZone(written: string): string | undefined {
	const [, day, hour, minute, second = '00', fraction, zone = ''] = WITH_ZONE.exec(written) ?? [];
	if (day === undefined) return undefined;
	const [hours, minutes = '00'] = zone.slice(1).match(/\d\d/g) ?? [];
	const offset = hours === undefined ? 'Z' : `${zone[0]}${hours}:${minutes}`;
	return `${day}T${hour}:${minute}:${second}${fraction === undefined ? '' : `.${fraction}`}${offset}`;
}

/** @returns nothing for a date that names a zone which n8n does not keep, or that RFC 3339 does not have */
function inZone(written: string, zone: string): string | undefined {
	const isoIn = (one: string) => {
		try {
			return tryToParseDateTime(written, one).toISO() ?? undefined;
		} catch {
			return undefined;
		}
	};
	const [date = '', east = '', west = ''] = [zone, 'UTC+14', 'UTC-12'].map(isoIn);
	// Read in two zones, only a date that names none is two moments; one that was kept is written alike.
	const namesZone = Date.parse(east) === Date.parse(west);
	const offset = WITH_ZONE.exec(date)?.[6];
	if (offset === undefined || (namesZone && east !== west)) return undefined;
	const digits = /[+-]\d\d:?\d\d(?=[^\d:]*$)/.exec(namesZone ? written : '')?.[0];
	return digits === undefined || digits.replace(':', '') === offset.replace(':', '')
		? date
		: undefined;
}
