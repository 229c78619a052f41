/** "Prevent Duplicates" in two processes with one PostgreSQL that carries out single statements late. */
import { seeded, type Seeded } from '../../engine/seeded.mts';
import { type Simulator, startSimulator } from '../../marketplaces/simulator.mts';
import { tableOf, writeTable } from '../../bench/tables.mts';
import { type DatabaseProxy, type Delay, startDatabaseProxy } from './databaseProxy.mts';
import { type Servers, startServers } from './servers.mts';
import {
	type Asked,
	bundleSharing,
	type SharingProcess,
	startSharing,
	type Words,
} from './sharing.mts';
import { addOrders, arrivals, withoutLimits } from './workflows.mts';

const SEED = 17;
/** Lists of their own, all at the same time. */
const NODES = 10;
/** On each list, one after the other. */
const ROUNDS = 20;
/** In a round each process is asked for as many, and both for some of them. */
const MOST = 4;
const LONGEST_MS = 600;
const LONGEST_ANSWER_MS = 300;

/** What became of a message. */
interface Fate {
	order: string;
	/** What was said of it by each process that was asked, in order; the last was asked afterwards. */
	words: string[];
	afterwards: string;
	arrived: number;
}

interface Outcome {
	fates: Fate[];
	heldUp: number;
}

const DOUBT = 'unknown InDoubt';

describe('two processes with one PostgreSQL that is late', () => {
	let servers: Servers;
	let simulator: Simulator;
	const outcomes = {} as Record<Asked['how'], Outcome>;
	let proxies: DatabaseProxy[] = [];
	const processes: SharingProcess[] = [];

	beforeAll(async () => {
		bundleSharing();

		servers = await startServers('.cache/n8n-tests/late-writes-servers');
		simulator = await startSimulator();
		withoutLimits(simulator);
		const port = Number(servers.env.DB_POSTGRESDB_PORT);

		const start = { simulator: simulator.origin };
		const afterwards = await startSharing(servers.env, { ...start, isNew: true });
		processes.push(afterwards);

		proxies = await Promise.all(
			[1, 2].map(async (n) => await startDatabaseProxy(port, lateWrites(n))),
		);
		const two = await Promise.all(
			proxies.map(async (proxy) => {
				const env = { ...servers.env, DB_POSTGRESDB_PORT: String(proxy.port) };
				return await startSharing(env, start);
			}),
		);
		processes.push(...two);

		outcomes.protocol = await outcomeOf('protocol', two, afterwards);
		outcomes.plain = await outcomeOf('plain', two, afterwards);
		keepTable(outcomes);
	});
	afterAll(async () => {
		await Promise.all(processes.map(async (one) => await one.stop()));
		await Promise.all(proxies.map(async (proxy) => await proxy.stop()));
		await simulator?.close();
		await servers?.stop();
	});

	async function outcomeOf(
		how: Asked['how'],
		two: SharingProcess[],
		third: SharingProcess,
	): Promise<Outcome> {
		const before = heldUp();
		simulator.received.length = 0;
		const nodes = await Promise.all(
			Array.from(
				{ length: NODES },
				async (_, i) => await onOneList(`${how}-${i}`, how, two, third),
			),
		);
		return { fates: nodes.flat(), heldUp: heldUp() - before };
	}

	const heldUp = () => proxies.reduce((sum, proxy) => sum + proxy.heldUp(), 0);

	async function onOneList(
		nodeId: string,
		how: Asked['how'],
		two: SharingProcess[],
		third: SharingProcess,
	): Promise<Fate[]> {
		const random = seeded(
			[...`${SEED} ${nodeId}`].reduce((sum, c) => sum * 31 + c.charCodeAt(0), 7),
		);
		const said = new Map<string, string[]>();
		for (let round = 0; round < ROUNDS; round++) {
			const [shared, ...own] = [0, 1, 2].map(() => newOrders(random.below(MOST)));
			const asked = own.map((orders) => [...shared, ...orders]);
			const words = await Promise.all(
				two.map(async (one, i) => {
					await new Promise((done) => setTimeout(done, random.below(250)));
					return asked[i].length > 0 ? await one.send({ nodeId, how, orders: asked[i] }) : {};
				}),
			);
			collect(said, words);
		}
		const orders = [...said.keys()];
		const afterwards = await third.send({ nodeId, how, orders });
		return orders.map((order) => ({
			order,
			words: said.get(order)!,
			afterwards: afterwards[order],
			arrived: arrivals(simulator, order),
		}));
	}

	let orderCount = 0;
	function newOrders(count: number): string[] {
		orderCount += count;
		return addOrders(simulator, count, orderCount - count);
	}

	it('lets no message out twice', () => {
		expect(outcomes.protocol.fates.filter(({ arrived }) => arrived > 1)).toEqual([]);
	});

	it('calls nothing sent that was not sent', () => {
		const told = outcomes.protocol.fates.filter((fate) =>
			all(fate).some((word) => IS_OUT.has(word)),
		);
		expect(told.filter(({ arrived }) => arrived === 0)).toEqual([]);
	});

	it('says of each message who sent it, that nobody did, or that it is in doubt', () => {
		const wrong = outcomes.protocol.fates.filter((fate) => {
			const words = all(fate);
			const isKnown = words.every((word) => IS_OUT.has(word) || word === DOUBT || isNotSent(word));
			return !isKnown || words.filter((word) => word === 'sent').length !== fate.arrived;
		});
		expect(wrong).toEqual([]);
	});

	it('sends 99 in 100 messages all the same', () => {
		const { fates } = outcomes.protocol;
		const unsent = fates.filter(({ arrived }) => arrived === 0);
		expect(unsent.length / fates.length).toBeLessThan(0.01);
	});

	it('knows afterwards of 99 in 100 messages that they were sent', () => {
		const { fates } = outcomes.protocol;
		const doubts = fates.filter(({ afterwards }) => afterwards === DOUBT);
		expect(doubts.length / fates.length).toBeLessThan(0.01);
	});

	it('would let messages out twice where the store is only asked whether they are there', () => {
		const { fates } = outcomes.plain;
		expect(fates.filter(({ arrived }) => arrived > 1).length).toBeGreaterThan(0);
	});
});

const IS_OUT = new Set(['sent', 'skipped alreadySent']);
const isNotSent = (word: string) => word.startsWith('notSent');
const all = ({ words, afterwards }: Fate) => [...words, afterwards];

function collect(said: Map<string, string[]>, words: Words[]): void {
	for (const [order, word] of words.flatMap((one) => Object.entries(one))) {
		said.set(order, [...(said.get(order) ?? []), word]);
	}
}

/** Of the writes to the store some are held up on their way, and of some the answer. */
function lateWrites(process: number): (sql: string) => Delay {
	const random: Seeded = seeded(SEED * 100 + process);
	return (sql) => {
		const isWrite = /^(UPDATE|INSERT INTO) "[^ ]*"processed_data"/.test(sql);
		if (!isWrite) return { statement: 0, answer: 0 };
		return {
			statement: random.chance(0.35) ? random.below(LONGEST_MS) : 0,
			answer: random.chance(0.15) ? random.below(LONGEST_ANSWER_MS) : 0,
		};
	};
}

function keepTable({ protocol, plain }: Record<Asked['how'], Outcome>): void {
	const row = (name: string, { fates, heldUp }: Outcome) => {
		const count = (is: (fate: Fate) => boolean) => fates.filter(is).length;
		return [
			name,
			fates.length,
			count(({ words }) => words.length > 1),
			heldUp,
			count(({ arrived }) => arrived > 1),
			count((fate) => all(fate).some((word) => IS_OUT.has(word)) && fate.arrived === 0),
			count(({ words }) => words.includes(DOUBT)),
			count(({ afterwards }) => afterwards === DOUBT),
		];
	};
	const head = [
		'',
		'messages',
		'of these asked of both',
		'late statements',
		'arrived twice',
		'called sent and not sent',
		'in doubt at first',
		'in doubt afterwards',
	];
	const text = tableOf(head, [
		row('"Prevent Duplicates"', protocol),
		row('asking the store and sending', plain),
	]);
	console.log(text);
	writeTable('docs/reliability.md', 'late-writes', text);
}
