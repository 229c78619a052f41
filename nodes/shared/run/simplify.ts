import type { IDataObject, INodeProperties } from 'n8n-workflow';

import type { Json } from '../values';

/**
 * What 'Simplify' leaves of an item, in this order: a field that the item has by this name (`true`), or how
 * it is told from the item. At most ten, plain values alone, and none that is personal.
 * @see https://docs.n8n.io/connect/create-nodes/plan-your-node/reference/ux-guidelines (Simplify)
 */
export type SimpleFields = Readonly<Record<string, true | ((item: Json) => unknown)>>;

/** The option of whatever gives a marketplace's whole object. */
export const simplifyOption: INodeProperties = {
	displayName: 'Simplify',
	name: 'simplify',
	type: 'boolean',
	default: true,
	description: 'Whether to return a simplified version of the response instead of the raw data',
	hint: 'At most ten fields. Other data stays out, also personal data that was asked for.',
};

/** @returns the simple fields of an item; one that it does not tell, or not as a plain value, is left out */
export function simplified(item: IDataObject, fields: SimpleFields): IDataObject {
	const told = Object.entries(fields).map(([name, read]) => [
		name,
		read === true ? item[name] : read(item),
	]);
	return Object.fromEntries(told.filter(([, value]) => isPlain(value))) as IDataObject;
}

function isPlain(value: unknown): boolean {
	return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}
