import type { IExecuteFunctions } from 'n8n-workflow';

import { pickedIn } from '../text';
import { isExpression } from './expression';

/** Parameters that name what an item is about, and how a person calls each: `orderId` is an `order`. */
export type SubjectNames = Readonly<Record<string, string>>;

/** What an item is about, as its form says; nothing of it was checked. */
export interface Subject {
	/** By parameter. */
	ids: Readonly<Record<string, string>>;
	/** `order 902-3159896-1390916`; empty where the form names nothing. */
	words: string;
	/** An expression gives some of it: the form does not show it. */
	isHidden: boolean;
}

/** Code points that are shown of what somebody typed. */
const SHOWN = 64;

/** @returns what can be read of it: an expression that fails names nothing */
export function subjectOf(
	context: IExecuteFunctions,
	itemIndex: number,
	names: SubjectNames,
): Subject {
	const { parameters = {} } = context.getNode();
	const ids: Record<string, string> = {};
	for (const name of Object.keys(names)) {
		const id = shown(valueOf(context, itemIndex, name));
		if (id !== '') ids[name] = id;
	}
	const words = Object.entries(ids).map(([name, id]) => `${names[name]} ${id}`);
	const isHidden = Object.keys(ids).some((name) => isExpression(parameters[name]));
	return { ids, words: words.join(', '), isHidden };
}

function valueOf(context: IExecuteFunctions, itemIndex: number, name: string): unknown {
	try {
		return pickedIn(context.getNodeParameter(name, itemIndex, ''));
	} catch {
		return undefined;
	}
}

/** An address may carry more than its place. */
function shown(value: unknown): string {
	if (typeof value !== 'string' && typeof value !== 'number') return '';
	const text = String(value)
		.replace(/[\p{Cc}\p{Cs}]+/gu, ' ')
		.trim();
	const id = /^https?:\/\//i.test(text)
		? text.replace(/^(https?:\/\/)[^/]*@|[?#].*$/gi, '$1')
		: text;
	return [...id].slice(0, SHOWN).join('');
}
