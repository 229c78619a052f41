/**
 * What a process asks of n8n's store, call by call, and when, as docs/reliability.md tells it under "The
 * protocol". All that others may rely on is in these calls.
 */
import { EPOCH, Processes, undisturbed, World, type Job } from './interleavings.mts';

let processes: Processes;
beforeAll(() => (processes = new Processes(3)));
afterAll(() => processes.close());

const MINUTE = 60_000;

let world: World;
beforeEach(() => (world = new World(processes, undisturbed, [])));

const job = (process: number, more: Partial<Job> = {}): Job => ({
	process,
	message: 'a',
	at: 0,
	...more,
});
const ask = async (...jobs: Job[]) => (await world.ask(...jobs)).map(({ word }) => word);
const later = async (ms: number) => await world.settle(world.now + ms);

/** Messages by the order in which they came: `a`, `b`. */
const KEY = /^[0-9a-f]{20,}/;
function short(entries: string[]): string {
	const keys = [...new Set(world.asked.flatMap(({ entries: all }) => all))]
		.map((entry) => KEY.exec(entry)?.[0])
		.filter((key) => key !== undefined);
	const names = [...new Set(keys)];
	return entries
		.map((entry) => entry.replace(KEY, (key) => String.fromCharCode(97 + names.indexOf(key))))
		.map((entry) => entry.replace(/^turn p\dn(\d+)$/, 'mark $1'))
		.join(', ')
		.replace(/(\w) day 20454, \w hour 0, \w slot 0/g, '$1 began');
}

/** Each call as `10 ms: 0 records a, a open`. */
const calls = (process?: number) =>
	world.asked
		.filter((one) => process === undefined || one.process === process)
		.map(({ process: who, at, removes, entries }) => {
			return `${at - EPOCH} ms: ${who} ${removes ? 'removes' : 'records'} ${short(entries)}`;
		});

describe('a message that nobody noted', () => {
	const noted = [
		'0 ms: 0 records a, a open, a began, mark 1',
		'108 ms: 0 records mark 1, a, a open, a began, mark 2',
		'108 ms: 0 records a taken',
	];

	test('is noted, left alone for 100 ms, found to stand, sent and confirmed', async () => {
		expect(await ask(job(0))).toEqual(['sent']);
		expect(world.arrived).toMatchObject([{ at: EPOCH + 108 }]);
		expect(calls()).toEqual([
			...noted,
			'166 ms: 0 removes a open, a taken, a began, mark 1, mark 2',
		]);
		expect(short(world.list)).toBe('a');
	});

	test('and was sent is confirmed again, each time when that is twice as long ago, for eleven minutes', async () => {
		await ask(job(0));
		await later(30 * MINUTE);
		const times = [316, 504, 880, 1_632, 3_136, 6_144, 12_160, 24_192, 48_256, 96_384];
		expect(calls().slice(4)).toEqual(
			[...times, 192_640, 385_152, 128 + 11 * MINUTE].flatMap((at) => [
				`${at} ms: 0 records a`,
				`${at} ms: 0 removes a open, a taken, a began`,
			]),
		);
	});

	test('and is on its way is noted again in the same way', async () => {
		world.add(job(0, { answerMs: 60 * MINUTE }));
		await later(11 * MINUTE + 108);
		const times = [258, 408, 708, 1_308, 2_508, 4_908, 9_708, 19_308, 38_508, 76_908];
		expect(calls().slice(3)).toEqual([
			...['258 ms: 0 records a, a open, a taken, a began', '258 ms: 0 removes mark 1, mark 2'],
			...[...times.slice(1), 153_708, 307_308, 614_508, 660_108].map(
				(at) => `${at} ms: 0 records a, a open, a taken, a began`,
			),
		]);
		await later(30 * MINUTE);
		expect(calls()).toHaveLength(3 + 2 + times.length + 3);
	});

	test.each(['early', 'late'] as const)(
		'and was refused %s leaves nothing behind',
		async (refused) => {
			expect(await ask(job(0, { refused }))).toEqual(['notSent']);
			await later(MINUTE);
			expect(calls()).toEqual([
				...noted,
				'166 ms: 0 removes a, a open, a taken, a began, mark 1, mark 2',
			]);
			expect(world.list).toEqual([]);
		},
	);
});

test('messages share calls; one that comes while the list is left alone waits for that', async () => {
	const jobs = [job(0), job(0, { message: 'b' }), job(0, { message: 'c', at: 50 })];
	expect(await ask(...jobs)).toEqual(['sent', 'sent', 'sent']);
	await later(200);
	expect(calls()).toEqual([
		'0 ms: 0 records a, a open, a began, mark 1',
		'108 ms: 0 records mark 1, a, a open, a began, b, b open, b began, c, c open, c began, mark 2',
		'108 ms: 0 records a taken',
		'216 ms: 0 records mark 2, b, b open, b began, c, c open, c began, mark 3',
		'216 ms: 0 records b taken, c taken',
		'216 ms: 0 removes a open, a taken, a began, mark 1, mark 2, mark 3',
		'274 ms: 0 removes b open, b taken, b began, c open, c taken, c began',
		'375 ms: 0 records a',
		'375 ms: 0 removes a open, a taken, a began',
		'476 ms: 0 records b, c',
		'476 ms: 0 removes b open, b taken, b began, c open, c taken, c began',
	]);
	expect(short(world.list)).toBe('a, b, c');
});

describe('a call that takes', () => {
	/** Of this many milliseconds, half before it reads and half before it writes. */
	const takes = async (ms: number) => {
		world.takes = () => ms / 2;
		const words = await ask(job(0));
		return { words, looksAt: world.asked[1]!.at - EPOCH - ms };
	};

	test.each([
		[80, 'in time: the note is looked for after 100 ms', 108],
		[100, 'in time, just so: the same', 108],
		[600, 'late: others have three times as long as it took, and 100 ms', 100 + 600 + 1_200],
		[120, 'a little late: others have a second and more', 100 + 150 + 1_000],
	])('%i ms is %s', async (ms, _what, looksAt) => {
		expect(await takes(ms)).toEqual({ words: ['sent'], looksAt });
	});

	test('five seconds is the last that is trusted', async () => {
		expect((await takes(5_000)).words).toEqual(['sent']);
		world = new World(processes, undisturbed, []);
		expect((await takes(5_002)).words).toEqual(['notSent']);
	});

	test('longer than that is said, and what was noted goes', async () => {
		await takes(5_002);
		expect(world.said).toMatchObject([
			{ error: { description: expect.stringContaining('it took 6 seconds to note the message') } },
		]);
		expect(world.arrived).toEqual([]);
		expect(short(world.list.filter((entry) => !entry.startsWith('turn')))).toBe('');
	});
});

describe('a message that another one noted meanwhile', () => {
	const meanwhile = async (change: () => void) => {
		world.add(job(0));
		await later(50);
		change();
		return await ask();
	};

	test('is noted again where the note was written over', async () => {
		await meanwhile(() => (world.list = []));
		expect(world.said).toMatchObject([{ word: 'sent' }]);
		expect(calls()).toEqual([
			'0 ms: 0 records a, a open, a began, mark 1',
			'108 ms: 0 records mark 1, a, a open, a began, mark 2',
			'216 ms: 0 records mark 2, a, a open, a began, mark 3',
			'216 ms: 0 records a taken',
			'274 ms: 0 removes a open, a taken, a began, mark 1, mark 2, mark 3',
		]);
	});

	test('is not sent where that note stands already', async () => {
		await meanwhile(() => world.list.push(`${world.list[0]} taken`));
		expect(world.said).toMatchObject([
			{ word: 'unknown', error: { details: { code: 'InDoubt' } } },
		]);
		expect(world.arrived).toEqual([]);
	});

	test('is not sent where it was sent', async () => {
		await meanwhile(() => world.list.splice(1));
		expect(world.said).toMatchObject([{ word: 'skipped' }]);
		expect(world.arrived).toEqual([]);
	});

	test('is given up where others write over it again and again', async () => {
		world.add(job(0));
		for (let i = 0; i < 200; i++) {
			world.list = [];
			await later(20);
		}
		expect(world.said).toMatchObject([
			{ word: 'notSent', error: { description: expect.stringContaining('again and again') } },
		]);
		expect(world.arrived).toEqual([]);
	});
});

test('a message that another one is sending is looked at three times more in about a second', async () => {
	world.add(job(0, { answerMs: MINUTE }));
	world.add(job(1, { at: 200 }));
	await later(2_000);
	expect(world.said).toMatchObject([{ process: 1, word: 'unknown' }]);
	expect(calls(1)).toEqual([
		'200 ms: 1 records a, a open, a began, mark 1',
		'301 ms: 1 removes mark 1',
		'359 ms: 1 records a, a open, a began, mark 3',
		'460 ms: 1 removes mark 3',
		'659 ms: 1 records a, a open, a began, mark 5',
		'760 ms: 1 removes mark 5',
		'1259 ms: 1 records a, a open, a began, mark 7',
		'1360 ms: 1 removes mark 7',
	]);
});

describe('a message that another one sent', () => {
	beforeEach(async () => {
		await ask(job(0));
		world.asked.splice(0);
	});

	test('is cleared of what the look added, and written again for two seconds', async () => {
		expect(await ask(job(1))).toEqual(['skipped']);
		await later(MINUTE);
		expect(calls(1)).toEqual([
			'200 ms: 1 records a, a open, a began, mark 1',
			'200 ms: 1 removes a open, a taken, a began, mark 1',
			...[350, 500, 800, 1_400, 2_200].flatMap((at) => [
				`${at} ms: 1 records a`,
				`${at} ms: 1 removes a open, a taken`,
			]),
		]);
		expect(short(world.list)).toBe('a');
	});

	test('is known to its sender for eleven minutes without asking', async () => {
		await later(11 * MINUTE - 200);
		world.asked.splice(0);
		expect(await ask(job(0))).toEqual(['skipped']);
		expect(calls()).toEqual([]);
		await later(MINUTE);
		world.asked.splice(0);
		expect(await ask(job(0))).toEqual(['skipped']);
		expect(calls()).not.toEqual([]);
	});
});

test('an old list that is put back eleven minutes later does not hide what was sent', async () => {
	await ask(job(0));
	await later(11 * MINUTE - 1_000);
	world.list = [];
	await later(2_000);
	expect(short(world.list)).toBe('a');
	expect(await ask(job(1))).toEqual(['skipped']);
});

describe('a message in doubt', () => {
	beforeEach(async () => {
		await ask(job(0, { dies: 'prepared' }));
		await later(26 * MINUTE);
		world.asked.splice(0);
	});

	test('that is sent again is noted with its new time first', async () => {
		expect(await ask(job(1, { whenInDoubt: 'send' }))).toEqual(['sent']);
		const beganAgain = 'a day 20454, a hour 0, a slot 5';
		expect(calls(1).at(-2)).toMatch(new RegExp(`records a, a open, ${beganAgain}, mark \\d+$`));
		expect(short(world.list)).toMatch(/^a, a hour|^a, a slot 0|^a(, mark \d)?$/);
	});

	test('keeps its time where it is only looked up, and loses what the look added, three times', async () => {
		expect(await ask(job(1, { whenInDoubt: 'lookUp' }))).toEqual(['unknown']);
		await later(5_000);
		const asked = world.asked.findIndex(({ entries }) => entries.length > 40);
		const [record, ...removes] = world.asked.slice(asked);
		// 9 days, 24 hours, 12 slots; the key, its being open, and a mark
		expect(record!.entries).toHaveLength(9 + 24 + 12 + 3);
		expect(removes.map(({ at, removes: goes }) => [at - record!.at, goes])).toEqual([
			...[0, 150, 1_000].map((ms) => [ms, true]),
		]);
		// Day, hour and slot of the one that began it stay.
		expect(removes.map(({ entries }) => entries.length)).toEqual([43, 42, 42]);
		expect(short(world.list)).toBe('a, a open, a began, mark 1');
	});

	test('that is treated as sent loses all but its key', async () => {
		expect(await ask(job(1, { whenInDoubt: 'treatAsSent' }))).toEqual(['skipped']);
		await later(5_000);
		expect(short(world.list)).toMatch(/^a\b(?!.*open)/);
	});
});
