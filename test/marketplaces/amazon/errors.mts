import type { Answer } from '../service.mts';

/** SP-API's error shape: `{ errors: [{ code, message, details }] }`. */
export function refusal(status: number, code: string, message: string, details = ''): Answer {
	return { status, body: { errors: [{ code, message, details }] } };
}

export const invalid = (message: string) => refusal(400, 'InvalidInput', message);

/** A 403 of the gateway always says the same; only `details` tells why (empty: a role, or the path). */
export const denied = (details = '') =>
	refusal(403, 'Unauthorized', 'Access to requested resource is denied.', details);

/** A 403 of the messaging business, which a new token can't help. */
export const unavailable = (message: string) => refusal(403, 'Unauthorized', message);

export const notFound = (message: string) => refusal(404, 'NotFound', message);

export const quotaExceeded = () =>
	refusal(429, 'QuotaExceeded', 'You exceeded your quota for the requested resource.');
