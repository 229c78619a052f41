/** One cell of the matrix: a run with one fault, and whether what the node said of it is the truth. */
import { setTimeout as pause } from 'node:timers/promises';
import { inspect } from 'node:util';
import type { INodeParameters } from 'n8n-workflow';

import { forgetLanes } from '../../nodes/shared/http/rateLimit.ts';
import { keepNotes, runNode, type NodeUnderTest, type RunResult } from '../engine/engine.mts';
import { secretsIn } from '../engine/secrets.mts';
import type { Simulator } from '../marketplaces/simulator.mts';
import type { FaultKind, Mode, Step } from './faultKinds.mts';
import type { SendPath, Street } from './streets.mts';
import type { SkippedTime } from './time.mts';
import type { Wire } from './wire.mts';

export interface Cell {
	street: Street;
	path: SendPath;
	step: Step;
	kind: FaultKind;
	mode: Mode;
	/** Left out: as they come. */
	options?: INodeParameters;
	/** The answer to the send is lost as well, so that the fault strikes the look for the message. */
	lost?: 'before' | 'after';
	/** The marketplace has a message like it, so many milliseconds older. */
	twinMs?: number;
}

/** What the node said of the item; `stopped`: the user stopped it, and nothing was said. */
export type Said = 'sent' | 'accepted' | 'skipped' | 'notSent' | 'unknown' | 'stopped';

export interface Verdict {
	cell: Cell;
	said: Said;
	/** Of the second run, in the mode `again`. */
	saidAgain?: Said;
	/** Messages that reached the buyer. */
	messages: number;
	/** Empty where all is well. */
	violations: string[];
}

export interface World {
	simulator: Simulator;
	wire: Wire;
	time: SkippedTime;
}

/** From one cell to the next: longer than any token lives and any marketplace asks to stay away (milliseconds). */
const BETWEEN_CELLS_MS = 3 * 3_600_000;
/** Longer than a transaction may take at a marketplace (milliseconds). */
const SETTLED_MS = 3_600_000;

/** The requests of a path when nothing goes wrong. */
export async function stepsOf(world: World, path: SendPath): Promise<Step[]> {
	const connected = await fresh(world, path);
	const { items, error } = await run(connected, path, {});
	if (items[0]?.json.status !== 'sent') {
		throw new Error(`'${path.name}' fails without any fault: ${inspect(error)}`);
	}
	const counts = new Map<string, number>();
	return world.simulator.calls.map(({ operation }) => {
		const nth = counts.get(operation) ?? 0;
		counts.set(operation, nth + 1);
		return { operation, nth };
	});
}

export async function tryCell(world: World, cell: Cell): Promise<Verdict> {
	const { street, path, kind, mode, step } = cell;
	const { simulator, wire, time } = world;
	const connected = await fresh(world, path);
	const options = { ...cell.options, ...(mode === 'again' ? { preventDuplicates: true } : {}) };
	if (cell.twinMs !== undefined) path.twin?.(simulator, cell.twinMs);
	if (cell.lost) loseAnswer(world, path, cell.lost);

	const outputs: RunResult[] = [];
	let cancel: () => void = () => undefined;
	kind.arrange({
		...{ street, step, simulator, wire, time },
		times: mode === 'stays' ? 1000 : 1,
		passFirst: step.nth,
		cancel: () => cancel(),
	});
	outputs.push(await run(connected, path, options, (press) => (cancel = press)));
	await restOf(world, street, kind);
	const said = saidBy(outputs[0]!);
	const before = simulator.received.length;

	let saidAgain: Said | undefined;
	if (mode === 'again') {
		time.skip(BETWEEN_CELLS_MS);
		outputs.push(await run(connected, path, options));
		street.settle?.(simulator);
		saidAgain = saidBy(outputs[1]!);
	}
	const messages = simulator.received.length;
	const violations = [
		...wrongWith(cell, said, before),
		...(saidAgain === undefined ? [] : wrongAgain(cell, said, saidAgain, before, messages)),
		...wrongFiles(path, simulator),
		...secretsIn(outputs, street.secrets(simulator)).map(() => 'a secret is shown'),
		...simulator.defects.map((defect) => `the simulator failed: ${String(defect)}`),
	];
	return { cell, said, saidAgain, messages, violations };
}

/** The requests of the look for a message whose answer was lost. */
export async function stepsOfLook(world: World, path: SendPath): Promise<Step[]> {
	const connected = await fresh(world, path);
	loseAnswer(world, path, 'after');
	await run(connected, path, {});
	const operations = world.simulator.calls.map(({ operation }) => operation);
	const from = operations.findLastIndex((operation) => path.doubtful.includes(operation)) + 1;
	return operations.slice(from).map((operation, i) => ({
		operation,
		nth: operations.slice(0, from + i).filter((one) => one === operation).length,
	}));
}

function loseAnswer({ simulator }: World, { doubtful }: SendPath, when: 'before' | 'after') {
	simulator.faults.push({ operation: doubtful, kind: 'lost', when });
}

/** A world without a past: no messages, tokens, lanes or notes. */
async function fresh({ simulator, wire, time }: World, path: SendPath): Promise<NodeUnderTest> {
	time.skip(BETWEEN_CELLS_MS);
	time.onNextWait(undefined);
	forgetLanes();
	wire.reset();
	simulator.reset();
	path.prepare?.(simulator);
	await keepNotes();
	return path.connect(simulator);
}

/** What the marketplace still does after the run; after it nothing goes wrong any more. */
async function restOf({ simulator, wire, time }: World, street: Street, kind: FaultKind) {
	if (kind.lingersMs) await pause(kind.lingersMs);
	time.onNextWait(undefined);
	wire.reset();
	simulator.faults.length = 0;
	simulator.clock.advance(SETTLED_MS);
	street.settle?.(simulator);
}

async function run(
	connected: NodeUnderTest,
	{ parameters, items }: SendPath,
	options: INodeParameters,
	onCancel: (press: () => void) => void = () => undefined,
): Promise<RunResult> {
	return await runNode(connected, {
		parameters: {
			...parameters,
			options: { ...(parameters.options as INodeParameters | undefined), ...options },
		},
		items: structuredClone(items),
		onStart: (_execute, cancel) => onCancel(cancel),
	});
}

function saidBy({ run: { status }, items, error }: RunResult): Said {
	const said = items[0]?.json.status;
	if (said === 'sent' || said === 'accepted' || said === 'skipped') return said;
	const outcome = error?.context?.details?.outcome;
	if (outcome === 'notSent' || outcome === 'unknown') return outcome;
	if (status === 'canceled') return 'stopped';
	throw new Error(`The node said nothing of the item: ${inspect(error ?? items)}`);
}

function wrongWith(
	{ street, path, step, kind, mode, lost }: Cell,
	said: Said,
	messages: number,
): string[] {
	const wrong: string[] = [];
	if (messages > 1) wrong.push(`${messages} messages`);
	if (said === 'sent' && messages === 0) wrong.push("said 'sent', and nothing arrived");
	if (said === 'notSent' && messages > 0) wrong.push("said 'notSent', and the message arrived");
	if (said === 'skipped' && messages > 0) wrong.push("said 'skipped', and the message arrived");
	if (said === 'stopped' && kind.group !== 'cancelled') wrong.push('nothing was said');
	if (lost && said === 'notSent') wrong.push("said 'notSent' of a lost answer");
	if (lost) return wrong;
	const renewing = street.renewedByN8n && kind.group === 'cancelled' && isToken(street, step);
	if (said === 'unknown' && !path.doubtful.includes(step.operation) && !renewing) {
		wrong.push('in doubt, though nothing was sent yet');
	}
	if (said === 'unknown' && kind.nothingDone && mode !== 'stays' && !renewing) {
		wrong.push('in doubt, though the marketplace did nothing');
	}
	return wrong;
}

/** A second run with "Prevent Duplicates": sends what was not sent, and nothing else. */
function wrongAgain(
	{ street, step }: Cell,
	said: Said,
	again: Said,
	before: number,
	after: number,
): string[] {
	const wrong: string[] = [];
	const spent = street.renewedByN8n && isToken(street, step);
	if (spent && said === 'notSent' && again === 'notSent') return wrong;
	if (after > 1) wrong.push(`${after} messages after a second run`);
	const expected: Partial<Record<Said, Said>> = {
		sent: 'skipped',
		accepted: 'unknown',
		notSent: 'sent',
		unknown: 'unknown',
	};
	// A marketplace may tell what became of a message in doubt: that it was sent, or that it surely was not.
	const inDoubt = said === 'unknown' || said === 'accepted';
	const tellsItself = inDoubt && again === (before === 1 ? 'skipped' : 'sent');
	if (expected[said] !== undefined && again !== expected[said] && !tellsItself) {
		wrong.push(`after '${said}' a second run said '${again}'`);
	}
	if (again === 'sent' && after - before !== 1) wrong.push("a second run said 'sent' wrongly");
	if (again === 'notSent') wrong.push('a second run failed, though nothing was wrong any more');
	return wrong;
}

const isToken = ({ tokenOperations }: Street, { operation }: Step) =>
	tokenOperations.includes(operation);

/** What arrived is what was meant. */
function wrongFiles({ files }: SendPath, { received }: Simulator): string[] {
	return received.flatMap(({ attachments }) => {
		const arrived = Object.fromEntries(attachments.map((one) => [one.fileName, one.bytes]));
		const whole =
			attachments.length === Object.keys(files).length &&
			Object.entries(files).every(([name, bytes]) => arrived[name]?.equals(bytes));
		return whole ? [] : ['the message arrived with other files'];
	});
}
