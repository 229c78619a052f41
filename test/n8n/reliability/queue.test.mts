/** Eight executions at a time with one seller account against one limit, in one, two and four workers. */
import { writeTable } from '../../bench/tables.mts';
import type { Execution } from '../instance.mts';
import { callAll, countsOf, type QueueWorld, saidOf, startQueueWorld } from './queueWorld.mts';
import { searchForSecrets } from './secrets.mts';
import { addOrders, byCall, chain, files, send, withFiles } from './workflows.mts';

const EXECUTIONS = 8;
const MESSAGES_EACH = 40;
const MESSAGES = EXECUTIONS * MESSAGES_EACH;
/** Amazon's documented limits, twenty times as fast. */
const LIMIT = { rate: 20, burst: 5 };
const UPLOADS = { rate: 200, burst: 10 };
const WORKERS = [1, 2, 4];

interface Round {
	workers: number;
	seconds: number;
	calls: number;
	throttled: number;
	said: Record<string, number>;
	/** Messages that arrived, and how many of them were different ones. */
	arrived: number;
	different: number;
	filesWhole: boolean;
}

describe(`${EXECUTIONS} executions with ${MESSAGES_EACH} messages each, in queue mode`, () => {
	const rounds: Round[] = [];
	let world: QueueWorld;

	beforeAll(async () => {
		world = await startQueueWorld('queue');
		const { simulator, n8n } = world;
		simulator.latencyMs = 50;
		const { plans } = simulator.amazon.state;
		plans.set('amazon.actions', LIMIT);
		plans.set('amazon.send', LIMIT);
		plans.set('amazon.createUpload', UPLOADS);
		const id = await n8n.importWorkflow(
			chain('Queued', [...byCall('queued'), files, send({ preventDuplicates: false })]),
		);
		await n8n.activate(id);
		for (const workers of WORKERS) rounds.push(await round(world, id, workers));
		keepTable(rounds);
	});

	afterAll(async () => await world?.stop());

	it.each(WORKERS)('sends everything once with %i worker(s)', (workers) => {
		const { said, arrived, different } = rounds.find((one) => one.workers === workers)!;

		expect({ said, arrived, different }).toEqual({
			said: { sent: MESSAGES },
			arrived: MESSAGES,
			different: MESSAGES,
		});
	});

	it('sends whole files that come from the database', () => {
		expect(rounds.map(({ filesWhole }) => filesWhole)).toEqual(WORKERS.map(() => true));
	});

	it('leaves no secret in the database or the logs', () => {
		const { n8n, simulator, servers } = world;
		const { found, characters } = searchForSecrets(n8n.home, simulator, servers.dump());

		expect(characters).toBeGreaterThan(100_000);
		expect(found).toEqual([]);
	});

	it('ran against a simulator without defects', () => {
		expect(world.simulator.defects).toEqual([]);
	});
});

async function round(world: QueueWorld, id: string, workers: number): Promise<Round> {
	const { simulator, n8n } = world;
	await world.setWorkers(workers, EXECUTIONS / workers);
	const orders = addOrders(simulator, MESSAGES, 1000 * workers);
	simulator.calls.length = 0;
	simulator.received.length = 0;
	const bodies = Array.from({ length: EXECUTIONS }, (_, i) => ({
		orders: withFiles(orders.slice(i * MESSAGES_EACH, (i + 1) * MESSAGES_EACH)),
	}));
	const began = performance.now();
	const executions: Execution[] = await callAll(n8n, id, 'queued', bodies);
	const seconds = (performance.now() - began) / 1000;
	return {
		workers,
		seconds,
		calls: simulator.calls.length,
		throttled: simulator.calls.filter(({ status }) => status === 429).length,
		said: countsOf(executions.flatMap((execution) => saidOf(execution))),
		arrived: simulator.received.length,
		different: new Set(simulator.received.map(({ reference }) => reference)).size,
		filesWhole: simulator.received.every(
			({ attachments, reference }) => attachments[0]?.bytes.includes(reference) ?? false,
		),
	};
}

function keepTable(all: Round[]): void {
	const rows = all.map(({ workers, seconds, calls, throttled, said, arrived, different }) => [
		workers,
		EXECUTIONS / workers,
		said.sent ?? 0,
		arrived - different,
		seconds.toFixed(1),
		(MESSAGES / seconds).toFixed(1),
		calls,
		throttled,
		`${((100 * throttled) / calls).toFixed(1)} %`,
	]);
	const head =
		'workers|executions at a time, each|sent|twice|seconds|messages a second|calls|throttled|share';
	const ideal = (MESSAGES - LIMIT.burst) / LIMIT.rate;
	const table = [
		`${EXECUTIONS} executions at a time with ${MESSAGES_EACH} messages each, a PDF in every one; Amazon's documented limits twenty times as fast (${LIMIT.rate} messages a second, burst ${LIMIT.burst}), answers after 50 ms. At the limit it takes ${ideal.toFixed(1)} s.`,
		'',
		`| ${head.split('|').join(' | ')} |`,
		`|${'---:|'.repeat(9)}`,
		...rows.map((row) => `| ${row.join(' | ')} |`),
	].join('\n');
	console.log(table);
	writeTable('docs/scaling.md', 'queue', table);
}
