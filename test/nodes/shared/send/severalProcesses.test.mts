/** "Prevent Duplicates" in processes of n8n that share a store, in time of its own. */
import { Processes, undisturbed, World, type Job } from './interleavings.mts';

let processes: Processes;
beforeAll(() => (processes = new Processes(4)));
afterAll(() => processes.close());

let world: World;
beforeEach(() => {
	world = new World(processes, undisturbed, []);
	world.takes = () => 5;
});

const job = (process: number, more: Partial<Job> = {}): Job => ({
	process,
	message: 'a',
	at: 0,
	...more,
});
const wordsOf = async (...jobs: Job[]) => (await world.ask(...jobs)).map(({ word }) => word);
const senders = () => world.arrived.map(({ process }) => process);

test('who meets a message that another one is sending waits for its end', async () => {
	const words = await wordsOf(job(0, { answerMs: 300 }), job(1, { at: 150, whenInDoubt: 'send' }));
	expect(words).toEqual(['sent', 'skipped']);
	expect(senders()).toEqual([0]);
});

test('who meets a message that another one goes on sending says that nobody knows', async () => {
	const [doubt] = await world.ask(job(0, { answerMs: 10_000 }), job(1, { at: 150 }));
	expect(doubt).toMatchObject({
		process: 1,
		word: 'unknown',
		error: { details: { code: 'InDoubt' } },
	});
	expect(await wordsOf(job(1), job(2))).toEqual(['skipped', 'skipped']);
	expect(senders()).toEqual([0]);
});

test('what was sent is known to those who meet there, now and later', async () => {
	for (let i = 0; i < 10; i++) {
		const message = `m${i}`;
		expect(await wordsOf(job(0, { message }))).toEqual(['sent']);
		expect(await wordsOf(job(1, { message }), job(2, { message }))).toEqual(['skipped', 'skipped']);
		expect(await wordsOf(job(3, { message }))).toEqual(['skipped']);
	}
});

test('what was refused can be sent by another one', async () => {
	expect(await wordsOf(job(0, { refused: 'late' }))).toEqual(['notSent']);
	expect(await wordsOf(job(1))).toEqual(['sent']);
	expect(await wordsOf(job(0))).toEqual(['skipped']);
});

test('who was refused does not take away the note of the one that sends it', async () => {
	const words = await wordsOf(job(0, { refused: 'early' }), job(1, { at: 2 }));
	expect(words.sort()).toEqual(['sent', 'skipped']);
	await world.settle(world.now + 5_000);
	expect(await wordsOf(job(2))).toEqual(['skipped']);
});

test('who prepares a message while another one sends it does not send it again', async () => {
	const words = await wordsOf(job(0, { prepareMs: 900 }), job(1, { at: 2 }));
	expect(words).toEqual(['sent', 'skipped']);
	expect(senders()).toEqual([1]);
});

describe('a store that is slow', () => {
	test('to one of them, by a few hundred milliseconds, lets one of them send', async () => {
		for (const ms of [80, 150, 400, 1_000, 2_400]) {
			world = new World(processes, undisturbed, []);
			world.takes = (process) => (process === 1 ? ms : 5);
			const words = await wordsOf(job(0), job(1));
			expect([ms, words]).toEqual([ms, ['sent', 'skipped']]);
			expect(senders()).toEqual([0]);
		}
	});

	test('to both lets one of them send', async () => {
		world.takes = (process) => 300 + process;
		expect((await wordsOf(job(0), job(1))).filter((word) => word === 'sent')).toHaveLength(1);
		expect(senders()).toHaveLength(1);
	});

	test('to a worker alone only makes it wait', async () => {
		world.takes = () => 600;
		expect(await wordsOf(job(0))).toEqual(['sent']);
		await world.settle(world.now + 20_000);
		expect(await wordsOf(job(1))).toEqual(['skipped']);
	});

	test('by more than five seconds sends nothing, says so, and another run may send it', async () => {
		world.takes = () => 2_600;
		const [said] = await world.ask(job(0));
		expect(said).toMatchObject({
			word: 'notSent',
			error: {
				message:
					"'Prevent Duplicates' could not be sure that no other worker sends the same message",
				description: expect.stringContaining('it took 6 seconds to note the message'),
				retryable: true,
			},
		});
		expect(senders()).toEqual([]);
		world.takes = () => 5;
		expect(await wordsOf(job(1))).toEqual(['sent']);
	});

	test('that puts an old list over newer notes loses none of those whose sender lives', async () => {
		let late = false;
		world.takes = (process) => (process === 1 && late ? 5_000 : 5);
		// The second one reads the list before there is anything, and writes it when all is sent.
		late = true;
		world.add(job(1, { message: 'other' }));
		await world.settle(world.now + 5_001);
		late = false;
		const messages = Array.from({ length: 20 }, (_, i) => `m${i}`);
		await world.ask(...messages.map((message) => job(0, { message })));
		await world.settle(world.now + 30_000);
		const again = await world.ask(...messages.map((message) => job(2, { message })));
		expect(new Set(again.map(({ word }) => word))).toEqual(new Set(['skipped']));
	});
});
