import type { IExecuteFunctions } from 'n8n-workflow';

import { pickedIn } from '../text';
import { recordOf } from '../values';

/**
 * @param parameter as n8n stores it in a form: an expression with a `=` before it
 * @returns whether it is one; a field that was switched to 'Expression' and left empty is none
 */
export function isExpression(parameter: unknown): boolean {
	const value = pickedIn(parameter);
	return typeof value === 'string' && /^=\s*\S/.test(value);
}

/** @returns an option as the form keeps it: before its expression is evaluated */
export function keptOption(context: IExecuteFunctions, name: string): unknown {
	return recordOf(context.getNode().parameters?.options)[name];
}
