import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import {
	errorItemOf,
	failureOf,
	nodeErrorOf,
	type Failure,
	type MarketplaceName,
} from '../outcome';
import { Cancelled } from '../sleep';
import { forErrorOutput } from './errorOutput';
import { executionOf } from './execution';
import { keptOption } from './expression';
import { inFlightFor, severalAtOnce } from './inFlight';
import { operationOf, WholeItems, type Given, type Operation, type Operations } from './operation';
import { roundUp, sendsAgain, statusOf, type End } from './roundUp';
import { simplified } from './simplify';
import { subjectOf, type Subject, type SubjectNames } from './subject';

/** The marketplace whose node runs. */
export interface Marketplace {
	name: MarketplaceName;
	/** As a seller says it: `Amazon`. */
	title: string;
	/** The parameters that name what an item is about, the first ones first. */
	subjects: SubjectNames;
}

/**
 * Runs the chosen operation for every item, several at once, and answers in input order with paired items.
 *
 * With "Continue" and "Continue (using error output)" a failed item becomes an error item. With "Stop
 * Workflow" nothing new starts after the first failure, what is in flight ends, and the error says what
 * was done, what failed and what was never tried.
 *
 * With "Retry On Fail" n8n runs the whole node again: items that were done, and items of which nobody
 * knows, are then answered from memory and not tried again.
 *
 * @throws NodeApiError or NodeOperationError of the first item that failed, by input order
 */
export async function perItem(
	context: IExecuteFunctions,
	marketplace: Marketplace,
	operations: Operations,
): Promise<INodeExecutionData[][]> {
	const count = context.getInputData().length;
	const execution = executionOf(context);
	const memory = memoryOf(context);
	const ends = new Map<number, End>();
	const goesOn = context.continueOnFail();
	// As it stands in the form: an expression that fails is a matter of its item.
	const inFlight = inFlightFor(goesOn, Boolean(keptOption(context, 'preventDuplicates')));

	const keep = (i: number, end: End) => {
		ends.set(i, end);
		return end.failure === undefined || (goesOn && !end.cancelled) ? 'go on' : 'halt';
	};
	const runOne = async (i: number) => {
		const end = await endOf(context, i, operations, marketplace);
		if (end.failure?.details.outcome !== 'notSent') memory.set(i, end);
		return keep(i, end);
	};
	const left: number[] = [];
	let halted = false;
	for (let i = 0; i < count; i++) {
		const end = memory.get(i);
		if (end === undefined) left.push(i);
		else halted = keep(i, end) === 'halt' || halted;
	}
	if (!halted) halted = await severalAtOnce(left, inFlight, execution.statistics, runOne);

	if (halted) {
		const first = Math.min(...[...ends].flatMap(([i, { failure }]) => (failure ? [i] : [])));
		const { failure, subject } = ends.get(first)!;
		const told = about(failure!, subject);
		if (count === 1) {
			// A form that was filled in by hand shows beside it whom it is about.
			const message = subject?.isHidden ? told.message : failure!.message;
			throw nodeErrorOf(context.getNode(), { ...told, message }, first);
		}
		const subjectAt = (i: number) => subjectOf(context, i, marketplace.subjects);
		const alsoSay = roundUp(count, ends, subjectAt);
		throw nodeErrorOf(context.getNode(), told, first, alsoSay);
	}
	sayHints(context, marketplace.title, ends);
	const items = Array.from({ length: count }, (_, item): INodeExecutionData[] => {
		const { failure, subject, given } = ends.get(item)!;
		if (failure) return [failedItem(context, about(failure, subject), item)];
		return itemsOf(given!).map((one) => ({ ...one, pairedItem: { item } }));
	});
	return [items.flat()];
}

function failedItem(
	context: IExecuteFunctions,
	failure: Failure,
	item: number,
): INodeExecutionData {
	const node = context.getNode();
	const shown = errorItemOf(failure, item);
	if (node.onError !== 'continueErrorOutput') return shown;
	return forErrorOutput(shown, nodeErrorOf(node, failure, item));
}

async function endOf(
	context: IExecuteFunctions,
	i: number,
	operations: Operations,
	{ name, subjects }: Marketplace,
): Promise<End> {
	let operation: Operation | undefined;
	try {
		operation = operationOf(context, i, operations);
		const given = await operation.execute(context, i);
		const noted = executionOf(context).noted.has(i);
		return {
			given: asWanted(context, i, given, operation),
			noted,
			takenOnce: operation.takenOnce,
		};
	} catch (error) {
		const failure = { ...failureOf(error, name), sends: operation?.sends };
		const subject = subjectOf(context, i, subjects);
		return error instanceof Cancelled
			? { failure, subject, cancelled: true }
			: { failure, subject };
	}
}

/** The whole of what an operation gives, or what 'Simplify' leaves of it. */
function asWanted(
	context: IExecuteFunctions,
	i: number,
	given: Given,
	{ simple }: Operation,
): Given {
	if (!simple || given instanceof WholeItems) return given;
	if (context.getNodeParameter('options.simplify', i, false) !== true) return given;
	return Array.isArray(given)
		? given.map((item) => simplified(item, simple))
		: simplified(given, simple);
}

/** Whom a failure is about stands before it: n8n sends an item with other keys of its own astray. */
function about(
	failure: Failure,
	{ ids, words }: Pick<Subject, 'ids' | 'words'> = { ids: {}, words: '' },
): Failure {
	const isSaid = Object.values(ids).every((id) => failure.message.includes(id));
	const message = isSaid ? failure.message : `${capitalized(words)}: ${failure.message}`;
	return { ...failure, message, details: { ...ids, ...failure.details } };
}

const capitalized = (words: string) => words.charAt(0).toUpperCase() + words.slice(1);

/** Kept as long as n8n keeps the execution itself in memory, or the call of a tool. */
const memories = new WeakMap<object, Map<string, End>>();

interface Memory {
	get(item: number): End | undefined;
	set(item: number, end: End): void;
}

/**
 * What became of the items of this node in this run of this execution. A loop is a new run. For an
 * agent's tool n8n counts each try as a run, but gives each the same arguments. Nothing is kept where
 * "Retry On Fail" is off.
 */
function memoryOf(context: IExecuteFunctions): Memory {
	if (!context.getNode().retryOnFail) return { get: () => undefined, set: () => {} };

	// n8n 1 and 2.0 do not tell, but call the node by its twin's name.
	const isTool =
		'isToolExecution' in context
			? context.isToolExecution()
			: (context as IExecuteFunctions).getNode().type.endsWith('Tool');
	const call = isTool ? context.getInputData()[0]?.json : undefined;
	const place = call ?? context.getContext('node');
	const run = call ? 'call' : String(context.getWorkflowDataProxy(0).$runIndex);
	const ends = memories.get(place) ?? new Map<string, End>();
	memories.set(place, ends);
	return {
		get: (item) => ends.get(`${run}|${item}`),
		set: (item, end) => ends.set(`${run}|${item}`, end),
	};
}

function itemsOf(given: Given): INodeExecutionData[] {
	if (given instanceof WholeItems) return given.items;
	return (Array.isArray(given) ? given : [given]).map((json) => ({ json }));
}

/** "57 sent, 3 skipped, waited 52 s for Amazon's limit". */
function sayHints(context: IExecuteFunctions, title: string, ends: ReadonlyMap<number, End>): void {
	const { statistics, hints, hint } = executionOf(context);
	const counts = new Map<string, number>();
	const done = [...ends.values()].filter(({ failure }) => failure === undefined);
	const count = (word: string) => counts.set(word, (counts.get(word) ?? 0) + 1);
	for (const { given } of done) {
		const status = statusOf(given);
		if (status !== undefined) count(status);
	}
	for (const { failure } of ends.values()) {
		if (failure) count(failure.details.outcome === 'unknown' ? 'not known' : 'failed');
	}
	const words = [...counts].map(([word, number]) => `${number} ${word}`);
	if (counts.has('validated')) hint("'Validate Only' is on: nothing was sent");
	const waited = Math.round(statistics.lapsedMs / 1000);
	if (waited >= 2) words.push(`waited ${waited} s for ${title}'s limit`);
	if (words.length > 0 && (counts.size > 1 || waited >= 2 || done.length > 1))
		hint(words.join(', '));
	// A person presses the button again; a trigger does not.
	const isByHand = context.getMode() === 'manual';
	const again = isByHand ? sendsAgain(ends) : undefined;
	if (again) hint(again);
	const all = hints();
	if (all.length > 0) context.addExecutionHints?.(...all);
}
