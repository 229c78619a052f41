import type { IDataObject, INodeProperties, IPollFunctions } from 'n8n-workflow';

import { HOUR_MS } from '../dates';
import { Refusal } from '../outcome';

/** In hours. */
const LONGEST = 72;

/** The option of a trigger that says how late something may be shown. */
export function lookBackField(hours: number, hint: string): INodeProperties {
	return {
		displayName: 'Look Back (Hours)',
		name: 'lookBackHours',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: LONGEST },
		default: hours,
		description:
			'How late the marketplace may show something that happened: so far back it is looked for again and again, and what was handed over before is left out',
		hint,
	};
}

/**
 * @param usual the field's default, in hours
 * @returns the option `lookBackHours` in milliseconds
 * @throws Refusal where it is no number from 1 to 72
 */
export function lookBackOf(context: IPollFunctions, usual: number): number {
	const { lookBackHours } = context.getNodeParameter('options', {}) as IDataObject;
	if (lookBackHours === undefined || lookBackHours === null || lookBackHours === '') {
		return usual * HOUR_MS;
	}
	const hours = Number(lookBackHours);
	if (hours >= 1 && hours <= LONGEST) return hours * HOUR_MS;
	throw new Refusal(
		`'Look Back (Hours)' is not a number from 1 to ${LONGEST}`,
		`Write how many hours late something may be shown, or take the option away for ${usual}.`,
	);
}
