import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { Refusal } from './outcome';

/**
 * "Return All" and "Limit", as every n8n node words them.
 * @param all where an operation gave all before it had these fields, nothing chosen means all
 */
export function returnAllFields(show: Record<string, string[]>, all = false): INodeProperties[] {
	return [
		{
			displayName: 'Return All',
			name: 'returnAll',
			type: 'boolean',
			default: false,
			...(all ? { default: true } : {}),
			description: 'Whether to return all results or only up to a given limit',
			displayOptions: { show },
		},
		{
			displayName: 'Limit',
			name: 'limit',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 50,
			description: 'Max number of results to return',
			displayOptions: { show: { ...show, returnAll: [false] } },
		},
	];
}

/**
 * @param all what holds where nothing is chosen, as in `returnAllFields`
 * @returns how many results the form wants: `Infinity` for all
 * @throws Refusal for a limit that is no number from 1 up
 */
export function limitOf(context: IExecuteFunctions, itemIndex: number, all = false): number {
	if (context.getNodeParameter('returnAll', itemIndex, all) === true) return Infinity;
	const limit = Number(context.getNodeParameter('limit', itemIndex, 50));
	if (Number.isInteger(limit) && limit >= 1) return limit;
	throw new Refusal(
		"'Limit' is not a number from 1 up",
		"Write a whole number, or turn on 'Return All'.",
	);
}
