import type { Failure } from '../outcome';
import { WholeItems, type Given } from './operation';
import type { Subject } from './subject';

/** What became of an item. */
export interface End {
	given?: Given;
	failure?: Failure;
	cancelled?: true;
	subject?: Subject;
	/** The marketplace itself takes it once only. */
	takenOnce?: boolean;
	/** "Prevent Duplicates" has noted it. */
	noted?: boolean;
}

/** Items of each kind that are named; the rest is counted. */
const NAMED = 10;

/** @returns `sent`, `skipped`, …; nothing for what only reads */
export function statusOf(given: Given | undefined): string | undefined {
	if (given === undefined || Array.isArray(given) || given instanceof WholeItems) return undefined;
	return typeof given.status === 'string' ? given.status : undefined;
}

const isOut = (end: End | undefined) => ['sent', 'accepted'].includes(statusOf(end?.given) ?? '');
const outcomeOf = (end: End | undefined) => end?.failure?.details.outcome;

/** "Stop Workflow" loses the output, so the error tells what became of every item, and of running again. */
export function roundUp(
	count: number,
	ends: ReadonlyMap<number, End>,
	subject: (i: number) => Subject,
): string {
	const all = Array.from({ length: count }, (_, i) => i);
	const those = (is: (end: End | undefined) => boolean) => all.filter((i) => is(ends.get(i)));
	const sent = those((end) => statusOf(end?.given) === 'sent');
	const isDone = (end: End | undefined) => end?.given !== undefined;
	const lines: Array<[string, number[]]> = [
		['Sent', sent],
		['Done', those((end) => isDone(end) && statusOf(end?.given) !== 'sent')],
		['Failed, nothing sent', those((end) => outcomeOf(end) === 'notSent')],
		['Not known whether sent', those((end) => outcomeOf(end) === 'unknown')],
		['Never tried', those((end) => end === undefined)],
	];
	const told = lines
		.filter(([, items]) => items.length > 0)
		.map(([word, items]) => `${word}: ${named(items, subject)}.`);
	return [...told, 'The first item is item 0, as n8n counts.', again(ends)]
		.filter(Boolean)
		.join(' ');
}

function again(ends: ReadonlyMap<number, End>): string {
	const { out, unnoted } = sendableTwice(ends);
	if (out.length === 0) return '';
	if (unnoted.length === 0) {
		return "Running all of them again passes over what was sent ('Prevent Duplicates').";
	}
	return unnoted.length === out.length
		? `Running all of them again sends again what was sent: take that out first. ${THE_OPTION}`
		: `Running all of them again sends again what was sent without 'Prevent Duplicates' (${ranges(unnoted)}): take that out first.`;
}

/** Items that are out and could be sent twice, and which of them no note would keep from it. */
function sendableTwice(ends: ReadonlyMap<number, End>): { out: number[]; unnoted: number[] } {
	const all = [...ends].filter(([, end]) => isOut(end) && !end.takenOnce);
	const itemsOf = (some: typeof all) => some.map(([i]) => i).sort((one, other) => one - other);
	return { out: itemsOf(all), unnoted: itemsOf(all.filter(([, { noted }]) => !noted)) };
}

const THE_OPTION =
	"With the option 'Prevent Duplicates' on, a run passes over what was sent since it was switched on.";

/** @returns what a person is told after a run that sent something that could be sent twice */
export function sendsAgain(ends: ReadonlyMap<number, End>): string | undefined {
	const { out, unnoted } = sendableTwice(ends);
	if (unnoted.length === 0) return undefined;
	return unnoted.length === out.length
		? `Running this again sends again. ${THE_OPTION}`
		: `Running this again sends again what was sent without 'Prevent Duplicates' (${ranges(unnoted)}).`;
}

/** `order 902-… (item 0), order 902-… (items 3-4), and items 5-59`, with the numbers that n8n shows. */
function named(items: number[], subject: (i: number) => Subject): string {
	const groups = new Map<string, number[]>();
	let rest: number[] = [];
	for (const [at, i] of items.entries()) {
		const { words } = subject(i);
		if (words === '') return ranges(items);
		const group = groups.get(words);
		if (group) group.push(i);
		else if (groups.size < NAMED) groups.set(words, [i]);
		else {
			rest = items.slice(at);
			break;
		}
	}
	const parts = [...groups].map(([words, those]) => `${words} (${ranges(those)})`);
	return [...parts, ...(rest.length > 0 ? [`and ${ranges(rest)}`] : [])].join(', ');
}

/** `items 0-3, 7`. */
function ranges(items: number[]): string {
	const parts: string[] = [];
	for (let i = 0; i < items.length; i++) {
		const from = items[i]!;
		while (items[i + 1] === items[i]! + 1) i++;
		parts.push(items[i] === from ? `${from}` : `${from}-${items[i]}`);
	}
	return `item${items.length === 1 ? '' : 's'} ${parts.join(', ')}`;
}
