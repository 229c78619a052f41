import { isRecord } from '../values';

/**
 * @param parameter as n8n stores it in a form: an expression with a `=` before it
 * @returns whether it is one; a field that was switched to 'Expression' and left empty is none
 */
export function isExpression(parameter: unknown): boolean {
	const value = isRecord(parameter) ? parameter.value : parameter;
	return typeof value === 'string' && /^=\s*\S/.test(value);
}
