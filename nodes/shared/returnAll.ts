import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { Refusal } from './outcome';

/** "Return All" and "Limit", as every n8n node words them. */
export function returnAllFields(show: Record<string, string[]>): INodeProperties[] {
	return [
		{
			displayName: 'Return All',
			name: 'returnAll',
			type: 'boolean',
			default: false,
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
 * @returns how many results the form wants: `Infinity` for all
 * @throws Refusal for a limit that is no number from 1 up
 */
export function limitOf(context: IExecuteFunctions, itemIndex: number): number {
	if (context.getNodeParameter('returnAll', itemIndex, false) === true) return Infinity;
	const limit = Number(context.getNodeParameter('limit', itemIndex, 50));
	if (Number.isInteger(limit) && limit >= 1) return limit;
	throw new Refusal(
		"'Limit' is not a number from 1 up",
		"Write a whole number, or turn on 'Return All'.",
	);
}
