/** The faults of the matrix: each says what it does to one request of a send path. */
import type { Fault } from '../marketplaces/service.mts';
import type { Simulator } from '../marketplaces/simulator.mts';
import type { Street } from './streets.mts';
import type { SkippedTime } from './time.mts';
import type { Wire } from './wire.mts';

/** `once`: one request is struck. `stays`: all from it on. `again`: once, and then the item runs again with "Prevent Duplicates". */
export type Mode = 'once' | 'stays' | 'again';

/** Nobody can press the stop button twice. */
const STOPPING: Mode[] = ['once', 'again'];

/** A request of a path: the `nth` call (from 0) of an operation. */
export interface Step {
	operation: string;
	nth: number;
}

/** What a fault has at hand. */
export interface Scene {
	street: Street;
	step: Step;
	/** Requests that are struck, from the step's on. */
	times: number;
	/** Requests of the operation that reach the simulator before the first that is struck. */
	passFirst: number;
	simulator: Simulator;
	wire: Wire;
	time: SkippedTime;
	/** n8n's stop button. */
	cancel(): void;
}

export interface FaultKind {
	name: string;
	/** Column of the table. */
	group:
		'connection' | 'time' | 'status' | 'throttled' | 'body' | 'token' | 'storage' | 'cancelled';
	/** The marketplace surely did nothing, and whoever looks can know: no reason for doubt. */
	nothingDone?: true;
	/** Left out: every step. */
	fits?(street: Street, step: Step): boolean;
	arrange(scene: Scene): void;
	/** Left out: every mode. */
	modes?: Mode[];
	/** Real milliseconds after the run until the simulator is done with what it holds. */
	lingersMs?: number;
}

/** Real milliseconds: when a client gives up, and how long the simulator holds an answer back for it. */
const GIVE_UP_MS = 20;
const HOLD_MS = 50;

const atSimulator =
	(fault: Omit<Fault, 'operation'>) =>
	({ simulator, step, times, passFirst }: Scene) => {
		simulator.faults.push({ operation: step.operation, skip: passFirst, times, ...fault });
	};

const onWire = (
	scene: Scene,
	interference: Omit<Parameters<Wire['interfere']>[0], keyof Place>,
) => {
	const { operation, nth: skip } = scene.step;
	scene.wire.interfere({ operation, skip, times: scene.times, ...interference });
};
type Place = { operation: string; skip: number; times: number };

const status = (code: number, when?: 'after'): FaultKind => ({
	name: `${code}${when ? ' after the work' : ''}`,
	group: 'status',
	...(code >= 400 && code < 500 && code !== 408 ? { nothingDone: true as const } : {}),
	arrange: (scene) => {
		const body = scene.street.refusal(code, scene.step.operation);
		atSimulator({ kind: 'status', status: code, when, ...body })(scene);
	},
});

const throttled = (retryAfter?: string): FaultKind => ({
	name: `429${retryAfter === undefined ? '' : `, Retry-After ${retryAfter}`}`,
	group: 'throttled',
	nothingDone: true,
	arrange: (scene) => {
		const { headers, body } = scene.street.refusal(429, scene.step.operation);
		const after: Record<string, string> =
			retryAfter === undefined ? {} : { 'retry-after': retryAfter };
		atSimulator({ kind: 'status', status: 429, headers: { ...headers, ...after }, body })(scene);
	},
});

const givingUp = (kind: 'delay' | 'slowBody', when?: 'after'): FaultKind['arrange'] => {
	return (scene) => {
		onWire(scene, { timeout: GIVE_UP_MS });
		atSimulator({ kind, when, ms: HOLD_MS })(scene);
	};
};

const isStorage = (street: Street, { operation }: Step) =>
	street.storage?.operations.includes(operation) ?? false;

export const faultKinds: FaultKind[] = [
	{
		name: 'connection refused',
		group: 'connection',
		nothingDone: true,
		arrange: (scene) => onWire(scene, { goesTo: 'closed port' }),
	},
	{
		name: 'name not found (DNS)',
		group: 'connection',
		nothingDone: true,
		arrange: (scene) => onWire(scene, { goesTo: 'unknown host' }),
	},
	{ name: 'lost before the work', group: 'connection', arrange: atSimulator({ kind: 'lost' }) },
	{
		name: 'lost after the work',
		group: 'connection',
		arrange: atSimulator({ kind: 'lost', when: 'after' }),
	},
	{
		name: 'time-out, worked on later',
		group: 'time',
		arrange: givingUp('delay'),
		lingersMs: HOLD_MS + 10,
	},
	{
		name: 'time-out after the work',
		group: 'time',
		arrange: givingUp('delay', 'after'),
		lingersMs: HOLD_MS + 10,
	},
	{
		name: 'time-out within the body',
		group: 'time',
		arrange: givingUp('slowBody'),
		lingersMs: HOLD_MS + 10,
	},
	{
		name: 'slow body',
		group: 'time',
		nothingDone: true,
		arrange: atSimulator({ kind: 'slowBody', ms: 20 }),
	},
	...[302, 400, 401, 403, 404, 408, 409, 413, 415, 422].map((code) => status(code)),
	throttled(),
	throttled('3'),
	throttled('1800'),
	...[500, 501, 502, 503].flatMap((code) => [status(code), status(code, 'after')]),
	{ name: 'cut-off body', group: 'body', arrange: atSimulator({ kind: 'cutOff' }) },
	{ name: 'garbage body', group: 'body', arrange: atSimulator({ kind: 'garbage', when: 'after' }) },
	{
		name: 'garbage body with status 200, no work',
		group: 'body',
		arrange: atSimulator({ kind: 'garbage', status: 200 }),
	},
	{
		name: 'token ended early',
		group: 'token',
		nothingDone: true,
		fits: (street, step) =>
			!street.tokenOperations.includes(step.operation) && !isStorage(street, step),
		arrange: (scene) => onWire(scene, { leaving: () => scene.street.endTokens(scene.simulator) }),
	},
	{
		name: 'upload link expired',
		group: 'storage',
		nothingDone: true,
		fits: isStorage,
		arrange: (scene) =>
			onWire(scene, { leaving: () => scene.simulator.clock.advance(3 * 3_600_000) }),
	},
	{
		name: 'digest refused',
		group: 'storage',
		nothingDone: true,
		fits: isStorage,
		arrange: (scene) =>
			atSimulator({ kind: 'status', ...scene.street.storage!.digestRefused })(scene),
	},
	{
		name: 'stopped as it leaves',
		group: 'cancelled',
		modes: STOPPING,
		arrange: (scene) => onWire(scene, { leaving: () => queueMicrotask(scene.cancel) }),
		lingersMs: 20,
	},
	{
		name: 'stopped before the answer',
		group: 'cancelled',
		modes: STOPPING,
		arrange: (scene) => {
			onWire(scene, { leaving: () => void setTimeout(scene.cancel, GIVE_UP_MS) });
			atSimulator({ kind: 'delay', when: 'after', ms: HOLD_MS })(scene);
		},
		lingersMs: HOLD_MS + 10,
	},
	{
		name: 'stopped after the answer',
		group: 'cancelled',
		modes: STOPPING,
		arrange: (scene) => onWire(scene, { answered: scene.cancel }),
	},
	{
		name: 'stopped while waiting to try again',
		group: 'cancelled',
		modes: STOPPING,
		nothingDone: true,
		arrange: (scene) => {
			onWire(scene, { leaving: () => scene.time.onNextWait(scene.cancel) });
			throttled('3').arrange(scene);
		},
	},
];
