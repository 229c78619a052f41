/** A power cut while messages are on their way, twenty times over. */
import { setTimeout as wait } from 'node:timers/promises';

import { writeTable } from '../../bench/tables.mts';
import { randomOf } from '../../reliability/random.mts';
import { type Execution, type N8n, startN8n } from '../instance.mts';
import { startWorld, type World } from '../world.mts';
import { saidOf } from './queueWorld.mts';
import { searchForSecrets } from './secrets.mts';
import { addOrders, byHand, chain, files, send, withFiles } from './workflows.mts';

const KILLS = 20;
const MESSAGES = 200;
const SEED = 20;
/** A run is killed after one to this many sends, and up to so many milliseconds later. */
const MOST_SENDS = 3;
const MOST_MS = 40;

interface Kill {
	afterSends: number;
	/** Messages at the simulator, from the beginning. */
	arrived: number;
	/** Requests that were on their way in that moment. */
	inFlight: number;
}

describe(`${MESSAGES} messages, and n8n killed ${KILLS} times while it sends them`, () => {
	const kills: Kill[] = [];
	let world: World;
	let orders: string[];
	let last: Execution;
	let afterwards: Execution;
	let arrivedBefore = 0;

	beforeAll(async () => {
		world = await startWorld('kill');
		const { simulator } = world;
		simulator.latencyMs = 30;
		// What was sent before is known without asking Amazon: it is the sends that hold a run up.
		const { plans } = simulator.amazon.state;
		plans.set('amazon.actions', { rate: 100, burst: 20 });
		plans.set('amazon.send', { rate: 25, burst: 5 });
		plans.set('amazon.createUpload', { rate: 100, burst: 20 });
		orders = addOrders(simulator, MESSAGES);
		let n8n = world.n8n;
		const workflow = (whenInDoubt: string) =>
			chain('Killed', [
				...byHand(withFiles(orders)),
				files,
				send({ preventDuplicates: true, whenInDoubt }),
			]);
		const id = await n8n.importWorkflow(workflow('stop'));

		const random = randomOf(SEED);
		while (kills.length < KILLS) {
			kills.push(await runAndKill(n8n, id, world, random));
			n8n = world.n8n = await startN8n({ home: n8n.home });
		}
		last = await n8n.runWorkflow(id);
		arrivedBefore = simulator.received.length;
		await n8n.importWorkflow(workflow('treatAsSent'), id);
		afterwards = await n8n.runWorkflow(id);
		keepTable();
	});

	afterAll(async () => {
		await world?.n8n.stop();
		await world?.stop();
	});

	const countOf = (order: string) =>
		world.simulator.received.filter(({ reference }) => reference === order).length;
	const withWord = (word: string) => orders.filter((_, i) => saidOf(last)[i] === word);

	function keepTable(): void {
		const doubtful = withWord('unknown InDoubt');
		const sent = withWord('sent').length + withWord('skipped').length;
		const lost = orders.filter((order, i) => saidOf(last)[i] === 'skipped' && countOf(order) === 0);
		const rows = [
			['messages', MESSAGES],
			['kills (SIGKILL) while sending', kills.length],
			[
				'requests on their way in the moment of a kill, in all',
				sum(kills.map((kill) => kill.inFlight)),
			],
			['messages that arrived', world.simulator.received.length],
			['messages that arrived twice', orders.filter((order) => countOf(order) > 1).length],
			['told as sent', sent],
			['told as in doubt', doubtful.length],
			['of these, arrived', doubtful.filter((order) => countOf(order) === 1).length],
			['told as sent and not arrived', lost.length],
			['told as anything else', MESSAGES - sent - doubtful.length],
			[
				`sent by a run afterwards with 'Treat as Sent'`,
				world.simulator.received.length - arrivedBefore,
			],
		];
		const table = ['| | |', '|---|---:|', ...rows.map((row) => `| ${row.join(' | ')} |`)].join(
			'\n',
		);
		console.log(table, kills);
		writeTable('docs/reliability.md', 'kill', table);
	}

	it('was killed while messages were on their way', () => {
		expect(kills).toHaveLength(KILLS);
		expect(kills.filter(({ inFlight }) => inFlight > 0).length).toBeGreaterThan(KILLS / 2);
	});

	it('sends no message twice', () => {
		expect(orders.filter((order) => countOf(order) > 1)).toEqual([]);
	});

	it('tells of every item that it was sent or is in doubt', () => {
		expect([...new Set(saidOf(last))].sort()).toEqual(['sent', 'skipped', 'unknown InDoubt']);
		expect(saidOf(last)).toHaveLength(MESSAGES);
	});

	it('loses none silently: what is told as sent has arrived', () => {
		const told = [...withWord('sent'), ...withWord('skipped')];

		expect(told.filter((order) => countOf(order) !== 1)).toEqual([]);
	});

	it('sends nothing more once the doubts are treated as sent', () => {
		expect(world.simulator.received).toHaveLength(arrivedBefore);
		expect(new Set(saidOf(afterwards))).toEqual(new Set(['skipped']));
	});

	it('leaves no secret in the database or the log', () => {
		const { found, characters } = searchForSecrets(world.n8n.home, world.simulator);

		expect(characters).toBeGreaterThan(100_000);
		expect(found).toEqual([]);
	});

	it('ran against a simulator without defects', () => {
		expect(world.simulator.defects).toEqual([]);
	});
});

/** @throws where the run ended before the moment came */
async function runAndKill(
	n8n: N8n,
	id: string,
	{ simulator }: World,
	random: () => number,
): Promise<Kill> {
	const sends = () => simulator.calls.filter(({ operation }) => operation === 'amazon.send').length;
	const afterSends = 1 + Math.floor(random() * MOST_SENDS);
	const goal = sends() + afterSends;
	const running = n8n.runWorkflow(id).then(
		(execution) => execution.status,
		() => 'killed',
	);
	let ended: string | undefined;
	void running.then((status) => (ended = status));
	while (sends() < goal && ended === undefined) await wait(2);
	await wait(random() * MOST_MS);
	const inFlight = simulator.calls.filter(({ status }) => status === 0).length;
	await n8n.kill();
	if ((await running) !== 'killed') throw new Error(`The run ended (${ended}) before the kill`);
	// What had left is still at work at the marketplace.
	await wait(5 * simulator.latencyMs);
	return { afterSends, arrived: simulator.received.length, inFlight };
}

const sum = (numbers: number[]) => numbers.reduce((all, one) => all + one, 0);
