/**
 * The fault matrix: every request of every send path, times every fault, times how long it lasts. In the short
 * form each request meets each fault once, and how long it lasts changes from one to the next; where a request is
 * made again for the second file, or was struck on an earlier path of the marketplace, it meets every third.
 */
import { startSimulator } from '../marketplaces/simulator.mts';
import { stepsOf, stepsOfLook, tryCell, type Cell, type Verdict, type World } from './cell.mts';
import { faultKinds, type FaultKind, type Mode } from './faultKinds.mts';
import { isWhole } from './isWhole.mts';
import type { SendPath, Street } from './streets.mts';
import { skipWaits } from './time.mts';
import { tapWire } from './wire.mts';

/**
 * The cells of one path, tried.
 * @param kinds the faults, where it is not all of them
 */
export async function tryPath(
	street: Street,
	path: SendPath,
	kinds = faultKinds,
): Promise<Verdict[]> {
	return await tryAll(async (world) => await cellsOf(world, street, path, kinds));
}

/** Of the cells those in which the send itself is struck, which may leave a doubt; in the short form every third. */
export function inDoubtAmong(verdicts: Verdict[]): Verdict[] {
	const struck = verdicts.filter(({ cell: { path, step } }) =>
		path.doubtful.includes(step.operation),
	);
	return isWhole ? struck : struck.filter((_, nth) => nth % 3 === 0);
}

/** Once more, without the look for a message whose answer was lost. */
export async function tryWithoutLook(verdicts: Verdict[]): Promise<Verdict[]> {
	const options = { lookUpAfterLoss: false };
	return await tryAll(async () => verdicts.map(({ cell }) => ({ ...cell, options })));
}

/** The look itself: each of its requests with each fault, whether the message arrived or not, and beside a twin. */
export async function tryLook(street: Street, path: SendPath): Promise<Verdict[]> {
	return await tryAll(async (world) => {
		const steps = await stepsOfLook(world, path);
		const struck = steps.flatMap((step, nthStep) =>
			faultKinds
				.filter((kind) => kind.fits?.(street, step) ?? true)
				.flatMap((kind, nthKind) => {
					const { modes = MODES } = kind;
					const all = modes
						.filter((mode) => mode !== 'again')
						.flatMap((mode) => LOST.map((lost) => ({ street, path, step, kind, mode, lost })));
					const nth = nthStep + nthKind;
					return isWhole ? all : nth % 3 === 0 ? [all[(nth / 3) % all.length]!] : [];
				}),
		);
		return [...struck, ...(path.twin ? twinsOf(street, path) : [])];
	});
}

const LOST = ['after', 'before'] as const;
/** A twin that is this much older (milliseconds). */
const TWINS_MS = [5_000, 30_000, 59_000, 600_000];

function twinsOf(street: Street, path: SendPath): Cell[] {
	const none: FaultKind = { name: 'a twin', group: 'body', arrange: () => {} };
	const step = { operation: path.doubtful[0]!, nth: 0 };
	return TWINS_MS.flatMap((twinMs) =>
		LOST.map((lost) => ({ street, path, step, kind: none, mode: 'once' as const, lost, twinMs })),
	);
}

async function tryAll(cellsIn: (world: World) => Promise<Cell[]>): Promise<Verdict[]> {
	const simulator = await startSimulator();
	const world: World = { simulator, wire: tapWire(simulator), time: skipWaits() };
	try {
		const cells = await cellsIn(world);
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
	const earlier = isWhole ? [] : await earlierOperations(world, street, path);
	return steps.flatMap((step, nthStep) => {
		const isKnown = !path.doubtful.includes(step.operation) && earlier.includes(step.operation);
		const every = !isWhole && (isKnown || step.nth > 0) ? 3 : 1;
		return kinds
			.filter((kind) => kind.fits?.(street, step) ?? true)
			.filter((_, nthKind) => (nthStep + nthKind) % every === 0)
			.flatMap((kind, nthKind) => {
				const { modes = MODES } = kind;
				const tried = isWhole ? modes : [modes[(nthStep + nthKind) % modes.length]!];
				return tried.map((mode) => ({ street, path, step, kind, mode }));
			});
	});
}

/** What is asked for on the paths that come before this one. */
async function earlierOperations(world: World, { paths }: Street, path: SendPath) {
	const operations: string[] = [];
	for (const earlier of paths.slice(0, paths.indexOf(path))) {
		operations.push(...(await stepsOf(world, earlier)).map(({ operation }) => operation));
	}
	return operations;
}

export function inWords({ cell, said, saidAgain, messages, violations }: Verdict): string {
	const { street, path, step, kind, mode, lost, twinMs } = cell;
	const beside = [lost && `lost ${lost}`, twinMs !== undefined && `a twin ${twinMs} ms before`];
	const where = `${street.title}, ${path.name}, ${step.operation} ${step.nth + 1}, ${[kind.name, mode, ...beside].filter(Boolean).join(', ')}`;
	const what = [said, saidAgain].filter(Boolean).join(', then ');
	return `${where}: ${what}, ${messages} messages: ${violations.join('; ')}`;
}
