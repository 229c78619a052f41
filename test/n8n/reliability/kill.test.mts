/** A power cut while messages are on their way, twenty times over. */
import { tableOf, writeTable } from '../../bench/tables.mts';
import { randomOf } from '../../reliability/random.mts';
import { type Execution, startN8n } from '../instance.mts';
import { startWorld, type World } from '../world.mts';
import { limitSends, type Kill, runAndKill, sum } from './kills.mts';
import { saidOf } from './queueWorld.mts';
import { searchForSecrets } from './secrets.mts';
import { addOrders, arrivals, byHand, chain, files, send, withFiles } from './workflows.mts';

const KILLS = 20;
const MESSAGES = 200;
const SEED = 20;
const MOMENT = { mostSends: 3, mostMs: 40 };

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
		limitSends(simulator, { rate: 25, burst: 5 });
		orders = addOrders(simulator, MESSAGES);
		let n8n = world.n8n;
		const workflow = (whenInDoubt: string) =>
			chain('Killed', [
				...byHand(withFiles(orders)),
				files,
				send({ preventDuplicates: true, whenInDoubt }),
			]);
		const id = await n8n.importWorkflow(workflow('stop'));

		const sending = [{ id, operation: 'amazon.send' }];
		const random = randomOf(SEED);
		while (kills.length < KILLS) {
			kills.push(await runAndKill(n8n, sending, simulator, MOMENT, random));
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

	const countOf = (order: string) => arrivals(world.simulator, order);
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
				sum(kills.map((kill) => kill.inFlight.length)),
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
		const table = tableOf(['', ''], rows);
		console.log(table, kills);
		writeTable('docs/reliability.md', 'kill', table);
	}

	it('was killed while messages were on their way', () => {
		expect(kills).toHaveLength(KILLS);
		expect(kills.filter(({ inFlight }) => inFlight.length > 0).length).toBeGreaterThan(KILLS / 2);
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
