/**
 * The fault matrix: every request of every send path, times every fault, times how long it lasts. In the short
 * form each request meets each fault once, and how long it lasts changes from one to the next.
 */
import { startSimulator } from '../marketplaces/simulator.mts';
import { stepsOf, tryCell, type Cell, type Verdict, type World } from './cell.mts';
import { faultKinds, type FaultKind, type Mode } from './faultKinds.mts';
import type { SendPath, Street } from './streets.mts';
import { skipWaits } from './time.mts';
import { tapWire } from './wire.mts';

/** The long form: `RELIABILITY=whole`. */
export const isWhole = process.env.RELIABILITY === 'whole';

/**
 * The cells of one path, tried.
 * @param kinds the faults, where it is not all of them
 */
export async function tryPath(
	street: Street,
	path: SendPath,
	kinds = faultKinds,
): Promise<Verdict[]> {
	const simulator = await startSimulator();
	const world: World = { simulator, wire: tapWire(simulator), time: skipWaits() };
	try {
		const cells = await cellsOf(world, street, path, kinds);
		const verdicts: Verdict[] = [];
		for (const cell of cells) verdicts.push(await tryCell(world, cell));
		return verdicts;
	} finally {
		world.time.end();
		world.wire.release();
		await simulator.close();
	}
}

const MODES: Mode[] = ['once', 'stays', 'again'];

async function cellsOf(
	world: World,
	street: Street,
	path: SendPath,
	kinds: FaultKind[],
): Promise<Cell[]> {
	const steps = await stepsOf(world, path);
	return steps.flatMap((step, nthStep) =>
		kinds
			.filter((kind) => kind.fits?.(street, step) ?? true)
			.flatMap((kind, nthKind) => {
				const { modes = MODES } = kind;
				const tried = isWhole ? modes : [modes[(nthStep + nthKind) % modes.length]];
				return tried.map((mode) => ({ street, path, step, kind, mode }));
			}),
	);
}

export function inWords({ cell, said, saidAgain, messages, violations }: Verdict): string {
	const { street, path, step, kind, mode } = cell;
	const where = `${street.title}, ${path.name}, ${step.operation} ${step.nth + 1}, ${kind.name}, ${mode}`;
	const what = [said, saidAgain].filter(Boolean).join(', then ');
	return `${where}: ${what}, ${messages} messages: ${violations.join('; ')}`;
}
