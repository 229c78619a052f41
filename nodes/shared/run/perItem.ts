import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import {
	errorItemOf,
	failureOf,
	nodeErrorOf,
	type Failure,
	type MarketplaceName,
} from '../outcome';
import { Cancelled } from '../sleep';
import { executionOf } from './execution';
import { inFlightFor, severalAtOnce } from './inFlight';
import { operationOf, WholeItems, type Given, type Operations } from './operation';

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
	marketplace: { name: MarketplaceName; title: string },
	operations: Operations,
): Promise<INodeExecutionData[][]> {
	const count = context.getInputData().length;
	const execution = executionOf(context);
	const memory = memoryOf(context);
	const done = new Map<number, Given>();
	const failures = new Map<number, Failure>();
	const goesOn = context.continueOnFail();
	// As it stands in the form: an expression that fails is a matter of its item.
	const options = context.getNode().parameters.options as IDataObject | undefined;
	const inFlight = inFlightFor(goesOn, Boolean(options?.preventDuplicates));

	const told = (i: number, { given, failure, cancelled }: End) => {
		if (given !== undefined) done.set(i, given);
		if (failure === undefined) return 'go on';
		failures.set(i, failure);
		return goesOn && !cancelled ? 'go on' : 'halt';
	};
	const runOne = async (i: number) => {
		const end = await endOf(context, i, operations, marketplace);
		if (end.failure?.details.outcome !== 'notSent') memory.set(i, end);
		return told(i, end);
	};
	const left: number[] = [];
	let halted = false;
	for (let i = 0; i < count; i++) {
		const end = memory.get(i);
		if (end === undefined) left.push(i);
		else halted = told(i, end) === 'halt' || halted;
	}
	if (!halted) halted = await severalAtOnce(left, inFlight, execution.statistics, runOne);

	if (halted) {
		const first = Math.min(...failures.keys());
		const alsoSay = count > 1 ? roundUp(count, done, failures) : '';
		throw nodeErrorOf(context.getNode(), failures.get(first)!, first, alsoSay);
	}
	sayHints(context, marketplace.title, done, failures);
	const items = Array.from({ length: count }, (_, item): INodeExecutionData[] => {
		const failure = failures.get(item);
		if (failure) return [errorItemOf(failure, item)];
		return itemsOf(done.get(item)!).map((one) => ({ ...one, pairedItem: { item } }));
	});
	return [items.flat()];
}

/** What became of an item. */
interface End {
	given?: Given;
	failure?: Failure;
	cancelled?: true;
}

async function endOf(
	context: IExecuteFunctions,
	i: number,
	operations: Operations,
	{ name }: { name: MarketplaceName },
): Promise<End> {
	let sends: boolean | undefined;
	try {
		const operation = operationOf(context, i, operations);
		({ sends } = operation);
		return { given: await operation.execute(context, i) };
	} catch (error) {
		const failure = { ...failureOf(error, name), sends };
		return error instanceof Cancelled ? { failure, cancelled: true } : { failure };
	}
}

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

	// n8n 2.0 does not tell.
	const isTool = 'isToolExecution' in context && context.isToolExecution();
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

/** @returns `sent`, `skipped`, …; nothing for what only reads */
function statusOf(given: Given | undefined): string | undefined {
	if (given === undefined || Array.isArray(given) || given instanceof WholeItems) return undefined;
	return typeof given.status === 'string' ? given.status : undefined;
}

/** "57 sent, 3 skipped, waited 52 s for Amazon's limit". */
function sayHints(
	context: IExecuteFunctions,
	title: string,
	done: Map<number, Given>,
	failures: Map<number, Failure>,
): void {
	const { statistics, hints, hint } = executionOf(context);
	const counts = new Map<string, number>();
	for (const given of done.values()) {
		const status = statusOf(given);
		if (status !== undefined) counts.set(status, (counts.get(status) ?? 0) + 1);
	}
	for (const { details } of failures.values()) {
		const word = details.outcome === 'unknown' ? 'not known' : 'failed';
		counts.set(word, (counts.get(word) ?? 0) + 1);
	}
	const words = [...counts].map(([word, number]) => `${number} ${word}`);
	if (counts.has('validated')) hint("'Validate Only' is on: nothing was sent");
	const waited = Math.round(statistics.lapsedMs / 1000);
	if (waited >= 2) words.push(`waited ${waited} s for ${title}'s limit`);
	if (words.length > 0 && (counts.size > 1 || waited >= 2 || done.size > 1)) hint(words.join(', '));
	const all = hints();
	if (all.length > 0) context.addExecutionHints?.(...all);
}

/** "Stop Workflow" loses the output, so the error tells what became of every item. */
function roundUp(count: number, done: Map<number, Given>, failures: Map<number, Failure>): string {
	const all = Array.from({ length: count }, (_, i) => i);
	const isSent = (i: number) => statusOf(done.get(i)) === 'sent';
	const sent = all.filter(isSent);
	const finished = all.filter((i) => done.has(i) && !isSent(i));
	const failed = all.filter((i) => failures.get(i)?.details.outcome === 'notSent');
	const unknown = all.filter((i) => failures.get(i)?.details.outcome === 'unknown');
	const untried = all.filter((i) => !done.has(i) && !failures.has(i));
	const lines: Array<[string, number[]]> = [
		['Sent', sent],
		['Done', finished],
		['Failed, nothing sent', failed],
		['Not known whether sent', unknown],
		['Never tried', untried],
	];
	const told = lines
		.filter(([, items]) => items.length > 0)
		.map(([word, items]) => `${word}: ${ranges(items)}.`);
	return [...told, 'The first item is item 0, as n8n counts.'].join(' ');
}

/** `items 0-3, 7`: the numbers that n8n shows. */
function ranges(items: number[]): string {
	const parts: string[] = [];
	for (let i = 0; i < items.length; i++) {
		const from = items[i]!;
		while (items[i + 1] === items[i]! + 1) i++;
		parts.push(items[i] === from ? `${from}` : `${from}-${items[i]}`);
	}
	return `item${items.length === 1 ? '' : 's'} ${parts.join(', ')}`;
}
