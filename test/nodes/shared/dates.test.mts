/** Dates of the form, as they go to a marketplace. */
import fc from 'fast-check';

import { dateIn, utcDateIn } from '../../../nodes/shared/dates.ts';

const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
const BERLIN = 'Europe/Berlin';
const inMessage = (value: unknown, zone = BERLIN) => dateIn(value, 'Start', zone);
const inQuery = (value: unknown, zone = BERLIN) => utcDateIn(value, 'Start', zone);

describe('in a message', () => {
	test.each([
		['2026-12-31T18:00:00-03:00', '2026-12-31T18:00:00-03:00'],
		['2026-12-31T18:00:00.125Z', '2026-12-31T18:00:00.125Z'],
		['2026-12-31T18:00-03:00', '2026-12-31T18:00:00-03:00'],
		['2026-12-31T18:00Z', '2026-12-31T18:00:00Z'],
		['2026-12-31T18:00:00-0300', '2026-12-31T18:00:00-03:00'],
		['2026-12-31T18:00:00.5+0530', '2026-12-31T18:00:00.5+05:30'],
		['2026-12-31T18:00+00', '2026-12-31T18:00:00+00:00'],
		['2026-12-31 18:00:00 -03:00', '2026-12-31T18:00:00-03:00'],
		['2026-12-31t18:00:00z', '2026-12-31T18:00:00Z'],
		['2026-12-31T18:00:00,25+01:00', '2026-12-31T18:00:00.25+01:00'],
		['20261231T180000Z', '2026-12-31T18:00:00.000Z'],
		['2026-12-31T24:00:00Z', '2027-01-01T00:00:00.000Z'],
		['2026-12-31T18:00:00-03:00[America/Sao_Paulo]', '2026-12-31T18:00:00.000-03:00'],
		['Thu, 31 Dec 2026 18:00:00 -0300', '2026-12-31T18:00:00.000-03:00'],
	])('%s goes as %s: in exactly its own zone', (written, date) => {
		expect(inMessage(written)).toBe(date);
	});

	test.each([
		['2026-12-31', '2026-12-31T00:00:00.000+01:00'],
		['2026-07-31T18:00:00', '2026-07-31T18:00:00.000+02:00'],
		['2026-07-31 18:00', '2026-07-31T18:00:00.000+02:00'],
	])("%s has no zone and gets the workflow's: %s", (written, date) => {
		expect(inMessage(written)).toBe(date);
	});

	test.each([
		...['2026-02-30T10:00:00Z', '2026-13-01', '2026-12-31T18:60:00Z', '2026'],
		...[
			'2026-12-31T18:00:00+25:00',
			'2026-12-31T18:00:00+01:75',
			'soon',
			'31/12/2026 18:00 -03:00',
		],
		...['Thu Dec 31 2026 18:00:00 GMT-0300 (BRT)', '2026-12-31T18:00:00 PST'],
		...['2026-12-31T18:00:00-03:00:30', '1798761600000'],
	])('%s is refused before anything leaves', (written) => {
		expect(() => inMessage(written)).toThrow("'Start' is not a date");
	});

	test('whatever is written with a zone goes in that zone and at that moment, or is refused', () => {
		const two = (max: number) =>
			fc.integer({ min: 0, max }).map((number) => String(number).padStart(2, '0'));
		const written = fc
			.tuple(
				fc.constantFrom('2026-12-31', '2024-02-29', '2026-03-29'),
				fc.constantFrom('T', ' ', 't'),
				two(25),
				two(61),
				fc.option(two(60)),
				fc.constantFrom('', '.5', '.123456', ',7'),
				fc.constantFrom('Z', 'z', '+0000', '-03:00', '-0300', '+05:30', '+0545', '-11', '+14:00'),
			)
			.map(([day, t, hours, minutes, seconds, fraction, zone]) => ({
				zone,
				text: `${day}${t}${hours}:${minutes}${seconds === null ? '' : `:${seconds}${fraction}`}${zone}`,
			}));
		fc.assert(
			fc.property(written, ({ text, zone }) => {
				let date: string | undefined;
				try {
					date = inMessage(text);
				} catch {
					const isTime = /[T t]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d([.,]\d+)?)?([zZ]|[+-]\d)/.test(
						text,
					);
					expect(isTime).toBe(false);
					return;
				}
				expect(date).toMatch(RFC_3339);
				const digits = (offset: string) =>
					offset.replace(/z/i, 'Z').replace(':', '').padEnd(5, '0');
				const kept = /(Z|[+-]\d\d:\d\d)$/.exec(date!)![1]!;
				expect(digits(kept)).toBe(digits(zone));
				expect(date!.slice(11, 16)).toBe(text.slice(11, 16).replace('24:', '00:'));
			}),
			{ numRuns: 500 },
		);
	});
});

describe('in a query', () => {
	test.each([
		['2026-12-31T18:00-03:00', '2026-12-31T21:00:00.000Z'],
		['2026-12-31T18:00:00-0300', '2026-12-31T21:00:00.000Z'],
		['2026-12-31T18:00Z', '2026-12-31T18:00:00Z'],
		['2026-12-31', '2026-12-30T23:00:00.000Z'],
		['2026-07-31T18:00:00', '2026-07-31T16:00:00.000Z'],
	])('%s goes as %s: in UTC', (written, date) => {
		expect(inQuery(written)).toBe(date);
	});

	test('a date is refused as in a message', () => {
		expect(() => inQuery('2026-02-30')).toThrow("'Start' is not a date");
	});
});

test('an empty field is no date', () => {
	expect([inMessage(''), inMessage(undefined), inQuery(null)]).toEqual([
		undefined,
		undefined,
		undefined,
	]);
});

test('what an expression gives as a date writes itself', () => {
	const date = new Date('2026-12-31T18:00:00Z');
	expect(inMessage(date)).toBe('2026-12-31T18:00:00.000Z');
});
