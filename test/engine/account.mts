import type { IDataObject } from 'n8n-workflow';

import type { World } from './world.mts';

/** What a check of the account says in a row. */
export interface Row {
	check: string;
	ok: boolean | null;
	message: string;
	advice: string;
	code?: string;
	details: IDataObject;
}

export const CHECK = { resource: 'account', operation: 'check' };

/** Checks the account. @returns the rows, by check */
export async function checked(world: World): Promise<Map<string, Row>> {
	const { error, items } = await world.run(CHECK, { items: [{ json: {} }] });
	expect(error).toBeUndefined();
	const rows = items.map(({ json }) => json as unknown as Row);
	return new Map(rows.map((row) => [row.check, row]));
}

/**
 * What n8n draws of a healthy account as a table: short words, nothing else. A column with any details in it
 * is so wide that nothing fits beside it.
 */
export function expectShort(rows: Map<string, Row>): void {
	const long = [...rows.values()].filter(
		({ message, advice, details }) =>
			message.length > 50 || advice.length > 50 || Object.keys(details).length > 0,
	);
	expect(long).toEqual([]);
}

/** Which checks say so. */
export function saying(rows: Map<string, Row>, ok: boolean | null): string[] {
	return [...rows.values()].filter((row) => row.ok === ok).map(({ check }) => check);
}
