import type { IDataObject } from 'n8n-workflow';

import { isRecord } from '../values';

/** Fields that may be shown, and of those that are objects or lists of them, which of theirs. */
export interface PickedFields {
	[field: string]: true | PickedFields;
}

/**
 * A copy with the allowed fields alone: what a marketplace adds one day stays out until somebody has
 * looked at it.
 *
 * @param leafOf what is shown of an allowed field without a list of its own: nothing of objects, where left
 * out, as nobody has looked at what stands in them
 */
export function pickFields(
	value: unknown,
	allowed: PickedFields,
	leafOf: (leaf: unknown) => unknown = plainLeaf,
): IDataObject {
	if (!isRecord(value)) return {};
	const picked = Object.entries(allowed)
		.filter(([field]) => value[field] !== undefined)
		.map(([field, inside]) => [
			field,
			inside === true ? leafOf(value[field]) : inner(value[field], inside, leafOf),
		]);
	return Object.fromEntries(picked.filter(([, shown]) => shown !== undefined)) as IDataObject;
}

function plainLeaf(leaf: unknown): unknown {
	if (Array.isArray(leaf)) return leaf.map(plainLeaf).filter((one) => one !== undefined);
	return isRecord(leaf) ? undefined : leaf;
}

function inner(value: unknown, allowed: PickedFields, leafOf: (leaf: unknown) => unknown): unknown {
	if (Array.isArray(value)) return value.map((one) => inner(one, allowed, leafOf));
	return isRecord(value) ? pickFields(value, allowed, leafOf) : null;
}
