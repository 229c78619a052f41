import type { IExecuteFunctions } from 'n8n-workflow';

import { Refusal } from '../outcome';
import { pickedIn, shortened } from '../text';
import type { Json } from '../values';

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
	return kept(context, `options.${name}`);
}

/** @param path as `getNodeParameter` takes it; the row of a collection by its number */
function kept(context: IExecuteFunctions, path: string): unknown {
	const at = (place: unknown, name: string) =>
		typeof place === 'object' ? (place as Json | null)?.[name] : undefined;
	return path.split('.').reduce<unknown>(at, context.getNode().parameters);
}

/** An expression, as n8n finds it in a text. */
const PART = /(?<!\\)\{\{[\s\S]*?(?<!\\)\}\}/g;

/**
 * Within a text n8n writes nothing for an expression that gives nothing: "Dear ,". An expression that is all of
 * the field leaves it empty, which is seen as such.
 *
 * @param path as `getNodeParameter` takes it; the row of a collection by its number
 * @param label as the form labels the field
 * @throws Refusal for undefined, null, NaN and an empty list; an empty text is meant
 */
export function refuseGaps(
	context: IExecuteFunctions,
	itemIndex: number,
	path: string,
	label: string,
): void {
	const parameter = kept(context, path);
	if (typeof parameter !== 'string' || !isExpression(parameter)) return;
	const text = parameter.slice(1).trim();
	const parts = text.match(PART) ?? [];
	if (parts.length === 1 && parts[0] === text) return;
	const gap = parts.find((part) => isNothing(context.evaluateExpression(part, itemIndex)));
	if (gap === undefined) return;
	const what = gap.slice(2, -2).trim();
	throw new Refusal(
		`An expression in '${label}' gives nothing: {{ ${shortened(what, LONGEST_SHOWN)} }}`,
		`There would be a gap. Check that the item has that field (names come only with 'Include Personal Data'), or say what stands there without it, for example {{ $json.name ?? '' }}.`,
	);
}

/** Of these n8n writes nothing. */
const isNothing = (value: unknown) =>
	value === undefined ||
	value === null ||
	Number.isNaN(value) ||
	(Array.isArray(value) && value.length === 0);

/** Of an expression (characters). */
const LONGEST_SHOWN = 60;
