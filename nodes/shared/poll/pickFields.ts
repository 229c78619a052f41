import type { IDataObject } from 'n8n-workflow';

import { isRecord } from '../values';

/** Fields that may be shown, and of those that are objects or lists of them, which of theirs. */
export interface PickedFields {
	[field: string]: true | PickedFields;
}

/**
 * A copy with the allowed fields alone: what a marketplace adds one day stays out until somebody has
 * looked at it.
 */
export function pickFields(value: unknown, allowed: PickedFields): IDataObject {
	if (!isRecord(value)) return {};
	const fields = Object.entries(allowed).filter(([field]) => value[field] !== undefined);
	return Object.fromEntries(
		fields.map(([field, inside]) => [
			field,
			inside === true ? value[field] : inner(value[field], inside),
		]),
	) as IDataObject;
}

function inner(value: unknown, allowed: PickedFields): unknown {
	if (Array.isArray(value)) return value.map((one) => inner(one, allowed));
	return isRecord(value) ? pickFields(value, allowed) : null;
}
