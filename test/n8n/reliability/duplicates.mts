/** What "Prevent Duplicates" does when executions meet, and what it costs with many notes. */
import type { Simulator } from '../../marketplaces/simulator.mts';
import type { N8n } from '../instance.mts';
import { callAll, countsOf, saidOf } from './queueWorld.mts';
import { addOrders, arrivals, byCall, chain, send, withoutLimits } from './workflows.mts';

/** An n8n, the simulator beside it, and a number that tells its orders and webhooks from others'. */
export interface Where {
	n8n: N8n;
	simulator: Simulator;
	number: number;
}

export interface Meeting {
	tries: number;
	/** Tries in which the message arrived twice, and not at all. */
	twice: number;
	never: number;
	said: Record<string, number>;
}

/** Two executions with the same message, started in the same moment, so many times. */
export async function meet(where: Where, tries: number): Promise<Meeting> {
	const { n8n, simulator } = where;
	const { id, path } = await workflow(where, 'meet', noted);
	const orders = ordersFor(where, tries, 100_000);
	simulator.received.length = 0;
	const words: string[] = [];
	for (const orderId of orders) {
		const body = { orders: [{ orderId }] };
		const executions = await callAll(n8n, id, path, [body, body]);
		words.push(...executions.flatMap((execution) => saidOf(execution)));
	}
	const counts = orders.map((order) => arrivals(simulator, order));
	return {
		tries,
		twice: counts.filter((count) => count > 1).length,
		never: counts.filter((count) => count === 0).length,
		said: countsOf(words),
	};
}

export interface Memory {
	messages: number;
	/** Of the first run, and of the second one with the same messages. */
	first: Record<string, number>;
	second: Record<string, number>;
	twice: number;
}

/** Executions with messages of their own, all at the same time; then all of them once more, one by one. */
export async function remember(
	where: Where,
	executions: number,
	messagesEach: number,
): Promise<Memory> {
	const { n8n, simulator } = where;
	const { id, path } = await workflow(where, 'again', noted);
	const orders = ordersFor(where, executions * messagesEach, 200_000);
	simulator.received.length = 0;
	const bodies = Array.from({ length: executions }, (_, i) => ({
		orders: orders.slice(i * messagesEach, (i + 1) * messagesEach).map((orderId) => ({ orderId })),
	}));
	const first = await callAll(n8n, id, path, bodies);
	const second = [];
	for (const body of bodies) second.push(...(await callAll(n8n, id, path, [body])));
	return {
		messages: orders.length,
		first: countsOf(first.flatMap((execution) => saidOf(execution))),
		second: countsOf(second.flatMap((execution) => saidOf(execution))),
		twice: orders.filter((order) => arrivals(simulator, order) > 1).length,
	};
}

export interface Cost {
	/** Milliseconds a message, in executions of `PER_EXECUTION`: without the option, with few notes, with all. */
	without: number;
	few: number;
	many: number;
	/** Milliseconds for an execution's only message, the same way. */
	onlyWithout: number;
	onlyFew: number;
	onlyMany: number;
	notes: number;
	sent: number;
}

const PER_EXECUTION = 500;
const SINGLES = 20;

/** Sends so many messages with "Prevent Duplicates" and no limit in the way. */
export async function cost(where: Where, notes: number): Promise<Cost> {
	const { n8n, simulator } = where;
	const on = await workflow(where, 'noted', noted);
	const off = await workflow(where, 'plain', plain);
	let next = 300_000;
	let sent = 0;
	const run = async ({ id, path }: Listening, count: number) => {
		const orders = ordersFor(where, count, next).map((orderId) => ({ orderId }));
		next += count;
		const [execution] = await callAll(n8n, id, path, [{ orders }]);
		sent += saidOf(execution).filter((word) => word === 'sent').length;
		forgetCalls(simulator);
		return execution.took.Send;
	};
	const singles = async (which: Listening) => {
		const times: number[] = [];
		for (let i = 0; i < SINGLES; i++) times.push(await run(which, 1));
		return medianOf(times);
	};
	// The first execution of all takes longer than any other.
	await run(off, PER_EXECUTION);
	const without = (await run(off, PER_EXECUTION)) / PER_EXECUTION;
	const onlyWithout = await singles(off);
	const onlyFew = await singles(on);
	const times: number[] = [];
	for (let i = 0; i < notes / PER_EXECUTION; i++) times.push(await run(on, PER_EXECUTION));
	const onlyMany = await singles(on);
	return {
		...{ without, onlyWithout, onlyFew, onlyMany, notes, sent },
		few: times[0] / PER_EXECUTION,
		many: times.at(-1)! / PER_EXECUTION,
	};
}

/** Messages of `cost`, all told. */
export const messagesOfCost = (notes: number) => 2 * PER_EXECUTION + 3 * SINGLES + notes;

const plain = { checkAvailability: false };
const noted = { ...plain, preventDuplicates: true };

interface Listening {
	id: string;
	path: string;
}

async function workflow({ n8n, number }: Where, name: string, options: object): Promise<Listening> {
	const path = `${name}-${number}`;
	const id = await n8n.importWorkflow(chain(path, [...byCall(path), send(options, false)]));
	await n8n.activate(id);
	return { id, path };
}

const ordersFor = ({ simulator, number }: Where, count: number, from: number) =>
	addOrders(simulator, count, number * 1_000_000 + from);

/** The orders go as well: the simulator looks for one among all. */
function forgetCalls({ amazon, calls, received }: Simulator): void {
	for (const list of [amazon.state.orders, calls, received]) list.length = 0;
}

export function medianOf(numbers: number[]): number {
	return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
}

export function answersSoon({ simulator }: Pick<Where, 'simulator'>): void {
	withoutLimits(simulator);
	simulator.latencyMs = 20;
}
