import type { INodeProperties } from 'n8n-workflow';

/** How long an operation waits for what Magalu creates later. */

/** No time-out is longer (seconds). */
const LONGEST_TIMEOUT = 300;
const USUAL_TIMEOUT = 120;

/** What holds where the options were not added. */
export const waitingDefaults = { waitForCompletion: true, timeout: USUAL_TIMEOUT };

export function timeoutOption(name: string, displayName: string, description: string) {
	return {
		displayName,
		name,
		type: 'number',
		typeOptions: { minValue: 1, maxValue: LONGEST_TIMEOUT },
		default: USUAL_TIMEOUT,
		description,
	} satisfies INodeProperties;
}

/** @param what that is created, with its article: `the message` */
export function waitingOptions(what: string, otherwise: string): INodeProperties[] {
	return [
		timeoutOption(
			'timeout',
			'Timeout (Seconds)',
			`How long to wait until Magalu has created ${what}. Then it is output as accepted.`,
		),
		{
			displayName: 'Wait for Completion',
			name: 'waitForCompletion',
			type: 'boolean',
			default: true,
			description: `Whether to wait until Magalu has created ${what}, and to fail if it does not. Otherwise it is output as accepted ${otherwise}.`,
		},
	];
}

/** @param seconds what the option says, at most five minutes; the result is in milliseconds */
export function timeoutOf(seconds: number): number {
	const wanted = Number(seconds);
	return (
		1000 * Math.min(LONGEST_TIMEOUT, Number.isFinite(wanted) ? Math.max(0, wanted) : USUAL_TIMEOUT)
	);
}
