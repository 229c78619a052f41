/** Runs a world again and again, each time with other things first. */
import { seeded, type Seeded } from '../../../engine/seeded.mts';
import { type Choice, type Job, type Processes, type Rules, World } from './interleavings.mts';

export interface Scenario {
	jobs: Job[];
	rules: Rules;
	/** Asked of a process that was not there before, when all is quiet. */
	afterwards: Array<Omit<Job, 'at'>>;
	/** How long after the last word that is (milliseconds). */
	quietMs?: number;
}

export interface Explored {
	runs: number;
	/** Runs that came to an end; the others met a state that was known. */
	ends: number;
	states: number;
	/** Runs that were not followed any more. */
	left: number;
	/** What the processes said, and how often. */
	words: Record<string, number>;
}

/** Runs that are still to be followed. */
interface Branch {
	/** What is done first at a step, where it is not the first of what may happen. */
	path: ReadonlyMap<number, number>;
	/** The step at which it leaves what was followed before. */
	begins: number;
	/** How much may still go wrong. */
	left: number;
}

/** Throws where an end must not be. */
export type Check = (world: World) => void;

/** So many states are remembered at the most: no more fit into memory. What is left then is told. */
const MOST_STATES = 4_000_000;
/** Steps that a run takes at the most. */
const MOST_STEPS = 200_000;
/** How long after the last word somebody asks again, where nothing else is said (milliseconds). */
const QUIET_MS = 2_500;

/**
 * Depth first, over all runs in which at most so many things go wrong: a process is held up, from any step
 * to any later one, or dies, or time goes by. A state that was met before with as much left is not followed
 * again.
 */
export async function explore(
	processes: Processes,
	scenario: Scenario,
	mishaps: number,
	check: Check,
): Promise<Explored> {
	const known = new Map<number, number>();
	const ends = new Set<number>();
	const open: Branch[] = [{ path: new Map(), begins: 0, left: mishaps }];
	const result: Explored = { runs: 0, ends: 0, states: 0, left: 0, words: {} };
	while (open.length > 0 && known.size < MOST_STATES) {
		const next = open.pop()!;
		const { path, begins, left } = next;
		const world = await runOf(processes, scenario, (choices, step, now) => {
			if (step < begins) return path.get(step) ?? 0;
			if (choices.length === 1 && step % 4 > 0) return 0;
			const signature = now.signature();
			if ((known.get(signature) ?? -1) >= left) return undefined;
			known.set(signature, left);
			for (let other = 1; other < choices.length; other++) {
				const cost = choices[other]!.kind === 'release' ? 0 : 1;
				if (cost > left) continue;
				open.push({
					path: new Map(path).set(step, other),
					...{ begins: step + 1, left: left - cost },
				});
			}
			return 0;
		});
		result.runs += 1;
		if (result.runs % 5_000 === 0) processes.load();
		if (!world) continue;
		result.ends += 1;
		const signature = world.signature();
		if (ends.has(signature)) continue;
		ends.add(signature);
		count(result, world);
		await afterwards(world, scenario);
		try {
			check(world);
		} catch (error) {
			const told = await runOf(processes, scenario, (_, step) => path.get(step) ?? 0, true);
			throw await withTrace(error, told!, scenario);
		}
	}
	result.states = known.size;
	result.left = open.length;
	return result;
}

/** So many runs in which it is drawn what happens next. */
export async function sample(
	processes: Processes,
	scenarioOf: (random: Seeded) => Scenario,
	runs: number,
	check: Check,
): Promise<Explored> {
	const result: Explored = { runs, ends: runs, states: 0, left: 0, words: {} };
	const drawn = async (run: number, tells: boolean) => {
		const random = seeded(run);
		processes.random = () => random.next();
		const scenario = scenarioOf(random);
		// From hardly ever to nearly always.
		const restless = random.next() ** 2;
		const choose = (choices: Choice[]) =>
			random.chance(restless) ? random.below(choices.length) : 0;
		return { scenario, world: (await runOf(processes, scenario, choose, tells))! };
	};
	for (let run = 0; run < runs; run++) {
		const { scenario, world } = await drawn(run, false);
		if (run % 5_000 === 4_999) processes.load();
		count(result, world);
		await afterwards(world, scenario);
		try {
			check(world);
		} catch (error) {
			const { world: told } = await drawn(run, true);
			throw await withTrace(error, told, scenario);
		}
	}
	processes.random = () => 0.5;
	return result;
}

/** @returns the world when all have said something; nothing where `choose` wanted no more of it */
async function runOf(
	processes: Processes,
	{ rules, jobs }: Scenario,
	choose: (choices: Choice[], step: number, world: World) => number | undefined,
	tells = false,
): Promise<World | undefined> {
	const world = new World(processes, rules, jobs, tells);
	for (let step = 0; world.waitedFor.size > 0; step++) {
		const choices = world.choices();
		if (choices.length === 0 || step > MOST_STEPS) throw new Error('It does not come to an end');
		const chosen = choose(choices, step, world);
		if (chosen === undefined) return undefined;
		await world.take(choices[chosen]!);
	}
	return world;
}

async function afterwards(world: World, scenario: Scenario): Promise<void> {
	await world.settle(world.now + (scenario.quietMs ?? QUIET_MS));
	world.tell('Somebody asks again');
	for (const job of scenario.afterwards) world.add({ ...job, at: 0 });
	while (world.waitedFor.size > 0) await world.settle(world.now + 500);
}

async function withTrace(error: unknown, world: World, scenario: Scenario): Promise<Error> {
	await afterwards(world, scenario);
	return new Error([String(error), ...world.trace].join('\n'));
}

function count({ words }: Explored, { said }: World): void {
	for (const { word, error } of said) {
		const all = [word, error?.details?.code].filter(Boolean).join(' ');
		words[all] = (words[all] ?? 0) + 1;
	}
}
