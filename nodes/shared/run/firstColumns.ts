import type { IDataObject } from 'n8n-workflow';

/**
 * n8n draws an item's fields as columns, in the order in which they stand: what a person looks for first
 * stands first, in sight without scrolling, and IDs behind it.
 *
 * @param names in their order; one that the item does not have is passed over
 * @returns the same fields
 */
export function withFirstColumns(item: IDataObject, ...names: string[]): IDataObject {
	const first = names.filter((name) => item[name] !== undefined);
	return { ...Object.fromEntries(first.map((name) => [name, item[name]])), ...item };
}
