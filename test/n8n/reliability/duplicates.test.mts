/** "Prevent Duplicates" in one process and in two workers. */
import { writeTable } from '../../bench/tables.mts';
import { startWorld } from '../world.mts';
import {
	type Cost,
	cost,
	meet,
	type Meeting,
	type Memory,
	messagesOfCost,
	remember,
} from './duplicates.mts';
import { type QueueWorld, startQueueWorld } from './queueWorld.mts';

const TRIES = 100;
const NOTES = 10_000;
const EXECUTIONS = 8;
const MESSAGES_EACH = 25;

interface Place {
	name: string;
	meeting: Meeting;
	memory: Memory;
	cost?: Cost;
}

describe('Prevent Duplicates', () => {
	const places: Place[] = [];

	beforeAll(async () => {
		places.push(await inOneProcess());
		const world = await startQueueWorld('duplicates-queue');
		try {
			places.push(await inWorkers(world, 'one worker, PostgreSQL', 1, NOTES));
			places.push(await inWorkers(world, 'two workers, PostgreSQL', 2));
		} finally {
			await world.stop();
		}
		keepTables(places);
	});

	it('lets no message out twice in one process, whatever meets there', () => {
		const { meeting, memory } = places[0];

		expect({ ...meeting, ...memory }).toMatchObject({ twice: 0, never: 0 });
		expect(memory.second).toEqual({ skipped: memory.messages });
	});

	it('lets no message out twice in one worker', () => {
		const { meeting, memory } = places[1];

		expect({ ...meeting, ...memory }).toMatchObject({ twice: 0, never: 0 });
		expect(memory.second).toEqual({ skipped: memory.messages });
	});

	it('lets no message out twice in two workers, and loses none', () => {
		const { meeting, memory } = places[2];

		expect({ ...meeting, ...memory }).toMatchObject({ twice: 0, never: 0 });
		expect(memory.first).toEqual({ sent: memory.messages });
	});

	it(`sends on with ${NOTES} notes in the store`, () => {
		const costs = places.flatMap((place) => place.cost ?? []);

		expect(costs.map(({ sent }) => sent)).toEqual(costs.map(() => messagesOfCost(NOTES)));
	});
});

async function inOneProcess(): Promise<Place> {
	const world = await startWorld('duplicates');
	const where = { ...world, number: 0 };
	withoutLimits(world);
	try {
		return {
			name: 'one process, SQLite',
			meeting: await meet(where, TRIES),
			memory: await remember(where, EXECUTIONS, MESSAGES_EACH),
			cost: await cost(where, NOTES),
		};
	} finally {
		await world.stop();
	}
}

async function inWorkers(
	world: QueueWorld,
	name: string,
	workers: number,
	notes?: number,
): Promise<Place> {
	const where = { ...world, number: workers };
	withoutLimits(world);
	// As many at a time as there are executions: where one worker is busy, the other takes the next.
	await world.setWorkers(workers, workers === 1 ? EXECUTIONS : 1);
	const meeting = await meet(where, TRIES);
	await world.setWorkers(workers, EXECUTIONS / workers);
	const memory = await remember(where, EXECUTIONS, MESSAGES_EACH);
	return { name, meeting, memory, cost: notes ? await cost(where, notes) : undefined };
}

function withoutLimits({ simulator }: Pick<QueueWorld, 'simulator'>): void {
	simulator.amazon.state.plans.set('*', { rate: 100_000, burst: 100_000 });
	simulator.latencyMs = 20;
}

function keepTables(places: Place[]): void {
	const words = (counts: Record<string, number>) =>
		Object.entries(counts)
			.map(([word, count]) => `${count} ${word}`)
			.join(', ');
	const meetings = [
		`Two executions with the same message, started in the same moment, ${TRIES} times:`,
		table(
			['', 'arrived twice', 'not at all', 'what the two executions said, all told'],
			places.map(({ name, meeting }) => [name, meeting.twice, meeting.never, words(meeting.said)]),
		),
	];
	const memories = [
		`${EXECUTIONS} executions at the same time, with ${MESSAGES_EACH} messages each, no two alike; then all of them once more, one after the other:`,
		table(
			['', 'first run', 'second run', 'arrived twice'],
			places.map(({ name, memory }) => [
				name,
				words(memory.first),
				words(memory.second),
				memory.twice,
			]),
		),
	];
	const ms = (value: number) => value.toFixed(1);
	const costs = [
		`What it costs, in milliseconds a message (no limit, answers after 20 ms):`,
		table(
			['', 'off', 'on, few notes', `on, ${NOTES} notes`],
			places.flatMap(({ name, cost: one }) =>
				one
					? [
							[
								`${name}, 500 messages in one execution`,
								ms(one.without),
								ms(one.few),
								ms(one.many),
							],
							[
								`${name}, one message in one execution`,
								ms(one.onlyWithout),
								ms(one.onlyFew),
								ms(one.onlyMany),
							],
						]
					: [],
			),
		),
	];
	const text = [...meetings, ...memories, ...costs].join('\n\n');
	console.log(text);
	writeTable('docs/reliability.md', 'dedup-gap', text);
}

function table(head: string[], rows: Array<Array<string | number>>): string {
	const lines = [head, head.map((_, i) => (i === 0 ? '---' : '---:')), ...rows];
	return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
