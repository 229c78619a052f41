/**
 * The protocol of "Prevent Duplicates", model-checked: the node's own code, in processes that share a
 * store of which every read, write and answer may be held up, and which may stop and die at every step.
 *
 * `npm run test:reliability -- modelCheck` goes deeper, for minutes: two things go wrong in a run, at any
 * time; where one process is slow it goes on at any later step, not only within a minute or last of all;
 * and 20,000 runs are drawn instead of 150.
 */
import { type Seeded } from '../../../engine/seeded.mts';
import { explore, sample, type Check, type Explored } from './explorer.mts';
import { Processes, type Job, type Rules, type World } from './interleavings.mts';

const WHOLE = process.env.MODEL_CHECK === 'whole';
jest.setTimeout(WHOLE ? 3_600_000 : 300_000);

/** How many things go wrong in a run. */
const MISHAPS = WHOLE ? 2 : 1;

/** A call to the store that takes longer is late. */
const IN_TIME_MS = 100;

let processes: Processes;
beforeAll(() => (processes = new Processes(4)));
afterAll(() => processes.close());

/** Two processes that are asked for the same message in the same moment. */
const both: Job[] = [0, 1].map((process) => ({ process, message: 'a', at: 0 }));
/** Somebody who was not there before is asked for them, too. */
const again = (...messages: string[]) => messages.map((message) => ({ process: 3, message }));

const inTime: Rules = {
	longestCall: () => IN_TIME_MS,
	mayStall: () => true,
	crashes: 0,
	lateAnswers: false,
	passes: [95],
	mostPasses: 1,
	mishapsWithin: WHOLE ? Infinity : 180,
};
const oneSlow: Rules = {
	...inTime,
	longestCall: (process) => (process === 1 ? Infinity : IN_TIME_MS),
	mayStall: (process) => process === 1,
	passes: WHOLE ? [150, 5_100] : [150],
};

/** Never two sends; never `sent` or `alreadySent` of what was not sent. */
const neverTwice = ({ arrived, said }: Pick<World, 'arrived' | 'said'>) => {
	const counts = countsOf(arrived.map(({ message }) => message));
	for (const [message, count] of counts) {
		if (count > 1) throw new Error(`${message} was sent ${count} times`);
	}
	for (const { message, word } of said) {
		if (['sent', 'skipped'].includes(word) && !counts.has(message)) {
			throw new Error(`${message} was never sent, and ${word}`);
		}
	}
};

/**
 * The same, but that a message sent twice is counted: docs/reliability.md says what a call that is late without
 * bound can still do where three processes have the same messages.
 * @returns the check, and how many runs that came to
 */
function seldomTwice(): { check: Check; runs: () => number } {
	let count = 0;
	const check: Check = (world) => {
		const once = new Map(world.arrived.map((one) => [one.message, one]));
		if (once.size < world.arrived.length) count += 1;
		neverTwice({ said: world.said, arrived: [...once.values()] });
	};
	return { check, runs: () => count };
}

/** Where nobody dies and no call is late: sent by one, and known to all afterwards. */
const sentAndKnown: Check = (world) => {
	neverTwice(world);
	const { arrived, said } = world;
	const counts = countsOf(arrived.map(({ message }) => message));
	// Who was held up for longer than a message may leave lets others send it.
	const gaveUp = said.filter(({ error }) => error?.code === 'TooLateToSend');
	const late = new Set(gaveUp.map(({ message }) => message));
	for (const { message, process, word } of said.filter((one) => !late.has(one.message))) {
		if (!counts.has(message)) throw new Error(`Nobody sent ${message}`);
		if (process === 3 && word !== 'skipped') throw new Error(`${message} is still ${word}`);
	}
};

function countsOf(words: string[]): Map<string, number> {
	const counts = new Map<string, number>();
	for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
	return counts;
}

async function told(name: string, exploring: Promise<Explored>): Promise<void> {
	const from = performance.now();
	const { runs, ends, states, left, words } = await exploring;
	const seconds = ((performance.now() - from) / 1000).toFixed(1);
	if (WHOLE)
		console.log(
			`${name}: ${runs} runs, ${ends} ends, ${states} states, ${left} runs left, ${seconds} s`,
			words,
		);
	expect(ends).toBeGreaterThan(10);
}

describe('two processes with the same message send it once', () => {
	test('wherever a call in time or a process is held up', async () => {
		const scenario = { jobs: both, rules: inTime, afterwards: again('a') };
		await told('in time', explore(processes, scenario, MISHAPS, sentAndKnown));
	});

	test('wherever one of them dies', async () => {
		const rules = { ...inTime, crashes: 1, passes: [95] };
		const scenario = { jobs: both, rules, afterwards: again('a') };
		await told('one dies', explore(processes, scenario, MISHAPS, neverTwice));
	});

	test('however late the store does what one of them asks, and answers', async () => {
		const rules = { ...oneSlow, lateAnswers: true, releasedWithin: WHOLE ? Infinity : 60_000 };
		const scenario = { jobs: both, rules, afterwards: again('a') };
		await told('late answers', explore(processes, scenario, MISHAPS, neverTwice));
	});

	test('however late all calls are that are not too late to be trusted', async () => {
		const rules = { ...inTime, longestCall: () => 450, mayStall: () => false, passes: [150, 400] };
		const scenario = { jobs: both, rules, afterwards: again('a') };
		await told('both slow', explore(processes, scenario, MISHAPS, neverTwice));
	});

	test('with another message on its way in each', async () => {
		const jobs = [...both, ...both.map(({ process }) => ({ process, message: 'b', at: 60 }))];
		const scenario = { jobs, rules: inTime, afterwards: again('a', 'b') };
		await told('two messages', explore(processes, scenario, MISHAPS, sentAndKnown));
	});
});

/** Each of three processes is asked for most of three messages, in the same third of a second. */
function manyJobs(random: Seeded): Job[] {
	const jobs = [0, 1, 2].flatMap((process) =>
		['a', 'b', 'c'].map((message) => ({ process, message, at: random.below(300) })),
	);
	return jobs.filter(() => random.chance(0.8));
}

describe('three processes with several messages send each once', () => {
	const rules: Rules = { ...inTime, longestCall: () => IN_TIME_MS / 2, passes: [45] };
	const sampled = (rulesOf: (random: Seeded) => Rules) => (random: Seeded) => ({
		jobs: manyJobs(random),
		rules: rulesOf(random),
		afterwards: again('a', 'b', 'c'),
	});
	const RUNS = WHOLE ? 20_000 : 150;

	test('wherever calls in time and processes are held up', async () => {
		await told(
			'three',
			sample(
				processes,
				sampled(() => rules),
				RUNS,
				neverTwice,
			),
		);
	});

	test('wherever one of them dies', async () => {
		const dying = sampled(() => ({ ...rules, crashes: 1 }));
		await told('three, one dies', sample(processes, dying, RUNS, neverTwice));
	});

	test('however late the store does what one of them asks', async () => {
		const { check, runs } = seldomTwice();
		const slow = {
			...rules,
			...oneSlow,
			longestCall: (process: number) => (process === 1 ? Infinity : 50),
			mishapsWithin: Infinity,
		};
		await told(
			'three, one slow',
			sample(
				processes,
				sampled(() => slow),
				RUNS,
				check,
			),
		);
		if (WHOLE) console.log(`${runs()} runs send a message twice`);
		expect(runs()).toBeLessThanOrEqual(RUNS / 1_000);
	});
});
