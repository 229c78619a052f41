import { MarketplaceError } from '../../shared/outcome';
import type { HttpResponse } from '../../shared/http/service';
import { parseJson, recordOf, recordsOf, textOf, type Json } from '../../shared/values';
import { requestIdOf } from './errors';

/** One page of a list. There is no total: only a full page tells that there may be another. */
export interface Page {
	rows: Json[];
	/** Whether the page is as long as it was asked to be. */
	full: boolean;
}

/** @throws MarketplaceError where the answer holds no list */
export function pageOf(answer: HttpResponse, limit: number): Page {
	const { results, meta } = recordOf(parseJson(answer.text));
	if (!Array.isArray(results)) throw unreadable(answer);
	// Magalu may serve fewer than it was asked for, and says so.
	const served = Number(recordOf(recordOf(meta).page).limit);
	return {
		rows: recordsOf(results),
		full: results.length >= (served > 0 ? Math.min(served, limit) : limit),
	};
}

/**
 * @param proofs fields of which one at least has to be there
 * @throws MarketplaceError where the answer is no such object
 */
export function objectOf(answer: HttpResponse, proofs = ['id']): Json {
	const body = recordOf(parseJson(answer.text));
	if (proofs.every((name) => textOf(body[name]) === undefined)) throw unreadable(answer);
	return body;
}

function unreadable(answer: HttpResponse): MarketplaceError {
	return new MarketplaceError('Magalu gave an answer that cannot be read', {
		outcome: 'notSent',
		retryable: true,
		httpStatus: answer.status,
		requestId: requestIdOf(answer),
		marketplace: 'magalu',
		description: 'Try again later.',
	});
}

const ISO_WITHOUT_ZONE = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?$/;

/**
 * A date as the ticket API writes it: without a zone, and meaning UTC.
 * @returns milliseconds since 1970; nothing where it is no date
 */
export function utcMsOf(value: unknown): number | undefined {
	const written = textOf(value) ?? '';
	const ms = Date.parse(ISO_WITHOUT_ZONE.test(written) ? `${written}Z` : written);
	return Number.isNaN(ms) ? undefined : ms;
}

/** @returns the date with its zone (`2026-12-31T18:00:00.000Z`), or null */
export function isoOf(value: unknown): string | null {
	const ms = utcMsOf(value);
	return ms === undefined ? null : new Date(ms).toISOString();
}
