/**
 * "Look It Up", model-checked: whoever meets a message in doubt asks the marketplace and may send it, while
 * the process that began it may live, and what that one sent may arrive and show as late as it can.
 *
 * `npm run test:reliability -- modelCheck` takes more steps.
 */
import { rightToSend, SETTLED_MS } from '../../../../nodes/shared/send/rightToSend.ts';
import { explore, sample, type Check } from './explorer.mts';
import { Processes, type Job, type Rules } from './interleavings.mts';

const WHOLE = process.env.MODEL_CHECK === 'whole';
jest.setTimeout(WHOLE ? 14_400_000 : 300_000);

const MINUTE_MS = 60_000;
const SLOT_MS = 5 * MINUTE_MS;
const { lastsMs, requestMs, clocksMs, showsMs } = rightToSend;

let processes: Processes;
beforeAll(() => (processes = new Processes(4)));
afterAll(() => processes.close());

/** It is begun as its slot ends, by a clock that is behind: so it looks as old as it can. */
const BEGUN_AT = SLOT_MS - 400;
/** The others come as soon as they may take it over. */
const TAKEN_AT = SLOT_MS - clocksMs + SETTLED_MS - 1_150;
/** Not yet too late, with what the store takes. */
const JUST_IN_TIME_MS = lastsMs - 300;

const rules: Rules = {
	longestCall: () => 100,
	mayStall: () => true,
	crashes: 1,
	lateAnswers: false,
	passes: WHOLE ? [95] : [],
	mostPasses: 1,
	// Before that they only see that it is in doubt, and after it one of them has sent it.
	mishapsFrom: WHOLE ? TAKEN_AT : TAKEN_AT + 1_050,
	mishapsWithin: TAKEN_AT + (WHOLE ? 60_000 : 1_450),
	clocks: [-clocksMs, 0, 0, 0],
	showsMs,
};

const taking = (process: number): Job => ({
	process,
	message: 'a',
	at: TAKEN_AT,
	whenInDoubt: 'lookUp',
});
/** Two others meet it, and half an hour after that a third one. */
const takenOver = (first: Partial<Job>, more: Partial<Rules> = {}) => ({
	jobs: [{ process: 0, message: 'a', at: BEGUN_AT, ...first }, taking(1), taking(2)],
	rules: { ...rules, ...more },
	quietMs: 35 * MINUTE_MS,
	afterwards: [{ process: 3, message: 'a', whenInDoubt: 'lookUp' as const }],
});

const atMostOnce: Check = ({ arrived, said }) => {
	const last = said.at(-1)!.word;
	if (arrived.length > 1) throw new Error(`It was sent ${arrived.length} times`);
	if (last !== 'unknown' && arrived.length === 0)
		throw new Error(`Nobody sent it, and it is ${last}`);
};

/** Whatever was in doubt, in the end it is sent, and known; but who dies while it asks leaves a doubt. */
const once: Check = (world) => {
	atMostOnce(world);
	const { said, crashed } = world;
	const last = said.at(-1)!.word;
	const isKnown = last === 'sent' || last === 'skipped';
	if (!isKnown && !crashed.has(1) && !crashed.has(2)) throw new Error(`In the end it is ${last}`);
};

const RUNS = WHOLE ? 5_000 : 40;

/** As told; with one mishap at each step, where there is time for that; and with several, drawn. */
async function holds(scenario: ReturnType<typeof takenOver>): Promise<void> {
	await explore(processes, scenario, WHOLE ? 1 : 0, once);
	await sample(processes, () => scenario, RUNS, atMostOnce);
}

describe('a message in doubt that several look up is sent once, wherever one of them is held up or dies', () => {
	test('when its sender died before it left', async () => {
		await holds(takenOver({ dies: 'prepared' }));
	});

	test('when its sender died after it left, as late as it may, and it shows as late as it can', async () => {
		const late = { waitsMs: JUST_IN_TIME_MS, arrivesMs: requestMs, dies: 'left' as const };
		await holds(takenOver(late));
	});

	test('when its sender stood still, and goes on after it was taken over', async () => {
		await holds(takenOver({ waitsMs: SETTLED_MS }));
	});

	test('when its sender gave up because it was too late', async () => {
		await holds(takenOver({ waitsMs: lastsMs }));
	});

	test('when it was refused as late as it may', async () => {
		const late = { waitsMs: JUST_IN_TIME_MS, answerMs: requestMs, refused: 'late' as const };
		await holds(takenOver(late));
	});
});

test('a message whose sender is held up or dies at any step is sent once', async () => {
	const at = { mishapsFrom: BEGUN_AT, mishapsWithin: BEGUN_AT + 180 };
	await holds(takenOver({ arrivesMs: requestMs }, at));
});
