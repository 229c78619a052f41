/** "Prevent Duplicates" in one process and in two workers. */
import { tableOf, writeTable } from '../../bench/tables.mts';
import { startWorld } from '../world.mts';
import { answersSoon, meet, type Meeting, type Memory, remember } from './duplicates.mts';
import { startQueueWorld } from './queueWorld.mts';

const TRIES = 100;
const EXECUTIONS = 8;
const MESSAGES_EACH = 50;

interface Place {
	name: string;
	meeting: Meeting;
	memory: Memory;
}

describe('Prevent Duplicates', () => {
	const places: Place[] = [];

	beforeAll(async () => {
		places.push(await inOneProcess());
		const world = await startQueueWorld('duplicates-queue');
		answersSoon(world);
		try {
			for (const [i, name] of ['one worker', 'two workers'].entries()) {
				const workers = i + 1;
				const where = { ...world, number: workers };
				// As many at a time as there are executions: where one worker is busy, the other takes the next.
				await world.setWorkers(workers, workers === 1 ? EXECUTIONS : 1);
				const meeting = await meet(where, TRIES);
				await world.setWorkers(workers, EXECUTIONS / workers);
				const memory = await remember(where, EXECUTIONS, MESSAGES_EACH);
				places.push({ name: `${name}, PostgreSQL`, meeting, memory });
			}
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

	it('leaves fewer than 1 in 100 messages of two workers in doubt', () => {
		const { memory } = places[2];
		const { skipped = 0, ...others } = memory.second;

		expect(Object.keys(others).filter((word) => word !== 'unknown InDoubt')).toEqual([]);
		expect(skipped / memory.messages).toBeGreaterThan(0.99);
	});
});

async function inOneProcess(): Promise<Place> {
	const world = await startWorld('duplicates');
	const where = { ...world, number: 0 };
	answersSoon(world);
	try {
		return {
			name: 'one process, SQLite',
			meeting: await meet(where, TRIES),
			memory: await remember(where, EXECUTIONS, MESSAGES_EACH),
		};
	} finally {
		await world.stop();
	}
}

function keepTables(places: Place[]): void {
	const words = (counts: Record<string, number>) =>
		Object.entries(counts)
			.map(([word, count]) => `${count} ${word}`)
			.join(', ');
	const meetings = [
		`Two executions with the same message, started in the same moment, ${TRIES} times:`,
		tableOf(
			['', 'arrived twice', 'not at all', 'what the two executions said, all told'],
			places.map(({ name, meeting }) => [name, meeting.twice, meeting.never, words(meeting.said)]),
		),
	];
	const memories = [
		`${EXECUTIONS} executions at the same time, with ${MESSAGES_EACH} messages each, no two alike; then all of them once more, one after the other:`,
		tableOf(
			['', 'first run', 'second run', 'arrived twice'],
			places.map(({ name, memory }) => [
				name,
				words(memory.first),
				words(memory.second),
				memory.twice,
			]),
		),
	];
	const text = [...meetings, ...memories].join('\n\n');
	console.log(text);
	writeTable('docs/reliability.md', 'dedup-gap', text);
}
