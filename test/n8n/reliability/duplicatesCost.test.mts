/** What "Prevent Duplicates" costs, in one process and in a worker. */
import { loadavg } from 'node:os';

import { tableOf, writeTable } from '../../bench/tables.mts';
import { startWorld } from '../world.mts';
import { answersSoon, type Cost, cost, messagesOfCost } from './duplicates.mts';
import { startQueueWorld } from './queueWorld.mts';

const NOTES = 10_000;

it(`Prevent Duplicates sends on with ${NOTES} notes in the store`, async () => {
	const [before] = loadavg();
	const costs = new Map<string, Cost>();
	costs.set('one process, SQLite', await inOneProcess());
	costs.set('one worker, PostgreSQL', await inOneWorker());
	keepTable(costs, before);

	const sent = [...costs.values()].map((one) => one.sent);
	expect(sent).toEqual(sent.map(() => messagesOfCost(NOTES)));
});

async function inOneProcess(): Promise<Cost> {
	const world = await startWorld('duplicates-cost');
	answersSoon(world);
	try {
		return await cost({ ...world, number: 0 }, NOTES);
	} finally {
		await world.stop();
	}
}

async function inOneWorker(): Promise<Cost> {
	const world = await startQueueWorld('duplicates-cost-queue');
	answersSoon(world);
	try {
		await world.setWorkers(1, 8);
		return await cost({ ...world, number: 1 }, NOTES);
	} finally {
		await world.stop();
	}
}

function keepTable(costs: Map<string, Cost>, before: number): void {
	const row = (name: string, ...values: number[]) => [name, ...values.map((ms) => ms.toFixed(1))];
	const text = [
		'What it costs, in milliseconds a message (no limit, answers after 20 ms):',
		tableOf(
			['', 'off', 'on, few notes', `on, ${NOTES} notes`],
			[...costs].flatMap(([name, one]) => [
				row(`${name}, 500 messages in one execution`, one.without, one.few, one.many),
				row(`${name}, one message in one execution`, one.onlyWithout, one.onlyFew, one.onlyMany),
			]),
		),
		`Load ${before.toFixed(1)} before and ${loadavg()[0].toFixed(1)} after; two cores are busy at 2.`,
	].join('\n\n');
	console.log(text);
	writeTable('docs/reliability.md', 'dedup-cost', text);
}
