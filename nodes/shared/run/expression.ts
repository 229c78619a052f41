import { pickedIn } from '../text';

/**
 * @param parameter as n8n stores it in a form: an expression with a `=` before it
 * @returns whether it is one; a field that was switched to 'Expression' and left empty is none
 */
export function isExpression(parameter: unknown): boolean {
	const value = pickedIn(parameter);
	return typeof value === 'string' && /^=\s*\S/.test(value);
}
