/** "Prevent Duplicates" in processes of n8n that share a store and write to it all the time. */
import { seeded } from '../../../engine/seeded.mts';
import { Processes, undisturbed, World } from './interleavings.mts';

let processes: Processes;
beforeAll(() => (processes = new Processes(4)));
afterAll(() => processes.close());

let world: World;
beforeEach(() => (world = new World(processes, undisturbed, [])));

const MESSAGES = 300;

/** Each process sends messages of its own, as fast as it can with so many at once. */
async function sendAll(workers: number, atOnce: number, seed: number): Promise<void> {
	const random = seeded(seed);
	processes.random = () => random.next();
	world.takes = () => 2 + random.below(8);
	const jobs = Array.from({ length: MESSAGES * workers }, (_, i) => {
		const process = i % workers;
		const at = Math.floor(i / workers / atOnce) * 150 + random.below(150);
		return { process, message: `m${i}`, at };
	});
	const said = await world.ask(...jobs);
	expect(said.filter(({ word }) => word === 'sent')).toHaveLength(jobs.length);
}

test.each([2, 3])(
	'%i workers that write all the time lose no message, and leave fewer than 1 in 100 in doubt',
	async (workers) => {
		await sendAll(workers, 8, 1);
		await world.settle(world.now + 3_000);
		const messages = Array.from({ length: MESSAGES * workers }, (_, i) => `m${i}`);
		const again = await world.ask(...messages.map((message) => ({ process: 3, message, at: 0 })));
		processes.random = () => 0.5;
		expect(again.filter(({ word }) => word !== 'skipped' && word !== 'unknown')).toEqual([]);
		const doubts = again.filter(({ word }) => word === 'unknown').length;
		expect(doubts / messages.length).toBeLessThan(0.01);
		expect(world.arrived).toHaveLength(messages.length);
	},
);
