/** A power cut while messages to all marketplaces are on their way, twenty times over; half an hour later they are looked up. */
import { join } from 'node:path';

import { tableOf, writeTable } from '../../bench/tables.mts';
import type { Simulator } from '../../marketplaces/simulator.mts';
import { randomOf } from '../../reliability/random.mts';
import { picture } from '../files.mts';
import { type Execution, startN8n, type WorkflowFile, type WorkflowNode } from '../instance.mts';
import { startWorld, type World } from '../world.mts';
import { limitSends, type Kill, runAndKill, sum } from './kills.mts';
import { saidOf } from './queueWorld.mts';
import { searchForSecrets } from './secrets.mts';
import {
	addOrders,
	arrivals,
	byHand,
	chain,
	files,
	node,
	pdfFor,
	send,
	withFiles,
} from './workflows.mts';

const KILLS = 20;
/** New ones, for each run that is killed and for each marketplace. */
const MESSAGES_A_RUN = 10;
const MESSAGES = KILLS * MESSAGES_A_RUN;
const SEED = 21;
const MOMENT = { mostSends: 3, mostMs: 300 };
/** What an earlier run began is settled half an hour later, at the latest. */
const LATER_MS = 31 * 60_000;
const LONG_MS = 900_000;

/** A marketplace, as its messages are told from each other here. */
interface Shop {
	title: string;
	operation: string;
	/** Of its requests. */
	calls: RegExp;
	/** What the simulator calls each message by. */
	references: string[];
	/** Sends the given ones, or all. */
	workflow(whenInDoubt: string, from?: number, to?: number): WorkflowFile;
}

const sending = (type: string, credential: string, parameters: Record<string, unknown>) => ({
	...node('Send', `n8n-nodes-marketplace-messages.${type}`, 1, {
		...{ resource: 'message', operation: 'send' },
		attachments: { file: [{ binaryPropertyName: 'data', fileName: '' }] },
		...parameters,
	}),
	credentials: { [credential]: { id: '', name: '' } },
	onError: 'continueRegularOutput',
});
const fieldOf = (name: string) => `={{ $('Orders').item.json.${name} }}`;
const asPicture: WorkflowNode = {
	...files,
	parameters: { ...files.parameters, options: { fileName: 'parcel.png', mimeType: 'image/png' } },
};

function amazonShop(simulator: Simulator): Shop {
	const references = addOrders(simulator, MESSAGES);
	return {
		...{ title: 'Amazon', operation: 'amazon.send', calls: /^(amazon|s3|lwa)\./, references },
		workflow: (whenInDoubt, from, to) =>
			chain('Amazon', [
				...byHand(withFiles(references).slice(from, to)),
				files,
				send({ preventDuplicates: true, whenInDoubt }),
			]),
	};
}

/** Each about an item of its own, to a buyer of its own. */
function ebayShop({ ebay, clock }: Simulator): Shop {
	const at = clock.now() - 3_600_000;
	const given = Array.from({ length: MESSAGES }, (_, i) => ({
		itemId: String(120_000_000_000 + i),
		recipientId: `buyer_${i}`,
		pdf: picture.toString('base64'),
	}));
	ebay.state.orders.push(
		...given.map(({ itemId, recipientId }, i) => ({
			...{ orderId: `12-00000-${i}`, status: 'Completed' as const, seller: 'demo_seller' },
			...{ buyer: recipientId, createdAt: at, modifiedAt: at, paidAt: at },
			lineItems: [{ itemId, transactionId: String(i), title: 'Mug', quantity: 1, price: 5 }],
		})),
	);
	const parameters = {
		...{ itemId: fieldOf('itemId'), recipientId: fieldOf('recipientId') },
		...{ questionType: 'Shipping', subject: 'Your parcel', body: 'The picture shows it.' },
	};
	return {
		...{ title: 'eBay', operation: 'ebay.AddMemberMessageAAQToPartner', calls: /^(ebay|eps)\./ },
		references: given.map(({ itemId }) => itemId),
		workflow: (whenInDoubt, from, to) =>
			chain('eBay', [
				...byHand(given.slice(from, to)),
				asPicture,
				sending('ebayMemberMessage', 'ebayApi', {
					...parameters,
					options: { preventDuplicates: true, whenInDoubt },
				}),
			]),
	};
}

/** Each in a ticket of its own. */
function magaluShop({ magalu }: Simulator): Shop {
	const references = Array.from({ length: MESSAGES }, () => magalu.addTicket({}).id);
	const given = references.map((id) => ({ ticketId: id, pdf: pdfFor(id).toString('base64') }));
	const parameters = {
		...{ ticketId: { __rl: true, mode: 'id', value: fieldOf('ticketId') }, text: 'Segue a nota.' },
		...{ ownerName: 'Ana', ownerCode: 'ana' },
	};
	return {
		...{ title: 'Magalu', operation: 'magalu.send', calls: /^(magalu|gcs)\./, references },
		workflow: (whenInDoubt, from, to) =>
			chain('Magalu', [
				...byHand(given.slice(from, to)),
				files,
				sending('magaluTicketMessage', 'magaluOAuth2Api', {
					...parameters,
					// What lacks its file does not end before its 15 minutes are over.
					options: { preventDuplicates: true, whenInDoubt, timeout: 5 },
				}),
			]),
	};
}

const aheadBy = (ms: number) => ({
	NODE_OPTIONS: `--require="${join(process.cwd(), 'test/n8n/reliability/clockAhead.cjs')}"`,
	CLOCK_AHEAD_MS: String(ms),
});

interface Told {
	/** After the kills, half an hour later with "Look It Up", and once more. */
	last: string[];
	lookedUp: string[];
	again: string[];
}

describe(`${MESSAGES} messages to each marketplace, n8n killed ${KILLS} times, and what is in doubt looked up half an hour later`, () => {
	const kills: Kill[] = [];
	const told = new Map<string, Told>();
	let world: World;
	let shops: Shop[];
	let ids: string[];
	let arrivedBefore = 0;

	const runAll = async () => {
		const runs = ids.map(async (id) => await world.n8n.runWorkflow(id, { timeoutMs: LONG_MS }));
		return (await Promise.all(runs)).map((execution: Execution) => saidOf(execution));
	};

	const setAll = async (...which: Parameters<Shop['workflow']>) => {
		for (const [i, { workflow }] of shops.entries()) {
			await world.n8n.importWorkflow(workflow(...which), ids[i]);
		}
	};

	beforeAll(async () => {
		world = await startWorld('killLookedUp');
		const { simulator } = world;
		simulator.latencyMs = 100;
		limitSends(simulator, { rate: 5, burst: 3 });
		// Each process begins anew with counting.
		simulator.ebay.state.messageLimit.plan.calls = 10_000;
		simulator.ebay.state.imageLimit.plan.calls = 10_000;
		simulator.magalu.state.settings.perMinute.supportReads = 10_000;
		shops = [amazonShop(simulator), ebayShop(simulator), magaluShop(simulator)];
		await renewToken();
		ids = [];
		for (const { workflow } of shops) ids.push(await world.n8n.importWorkflow(workflow('stop')));

		const random = randomOf(SEED);
		const sendings = shops.map(({ operation }, i) => ({ id: ids[i], operation }));
		while (kills.length < KILLS) {
			const from = kills.length * MESSAGES_A_RUN;
			await setAll('stop', from, from + MESSAGES_A_RUN);
			kills.push(await runAndKill(world.n8n, sendings, simulator, MOMENT, random));
			world.n8n = await startN8n({ home: world.n8n.home });
		}
		await setAll('stop');
		const last = await runAll();
		await world.n8n.stop();
		someMoreAtEbay();
		arrivedBefore = simulator.received.length;

		simulator.clock.advance(LATER_MS);
		world.n8n = await startN8n({ home: world.n8n.home, env: aheadBy(LATER_MS) });
		await setAll('lookUp');
		const lookedUp = await runAll();
		const again = await runAll();
		for (const [i, { title }] of shops.entries()) {
			told.set(title, { last: last[i], lookedUp: lookedUp[i], again: again[i] });
		}
		keepTable();
	});

	afterAll(async () => await world?.stop());

	/** A kill in the moment of a renewal would cost Magalu's refresh token: the credential would have to be connected again. */
	async function renewToken(): Promise<void> {
		const reading = {
			...sending('magaluTicketMessage', 'magaluOAuth2Api', {}),
			parameters: { resource: 'ticket', operation: 'getMany', limit: 1 },
			onError: 'stopWorkflow',
		};
		const id = await world.n8n.importWorkflow(chain('Token', [byHand([])[0], reading]));
		const { status } = await world.n8n.runWorkflow(id);
		if (status !== 'success') throw new Error(`Magalu's token was not renewed: ${status}`);
	}

	/** A full page of eBay's list may go on, so that nothing is absent in it: another message makes it none. */
	function someMoreAtEbay(): void {
		const { sentMessages } = world.simulator.ebay.state;
		if (sentMessages.length % 25 !== 0) return;
		const one = sentMessages[0];
		sentMessages.push({ ...one, messageId: 'by hand', recipient: 'x', itemId: '1', media: [] });
	}

	const countOf = (reference: string) => arrivals(world.simulator, reference);
	const withWord = ({ title, references }: Shop, run: keyof Told, word: string) =>
		references.filter((_, i) => told.get(title)![run][i] === word);
	const inDoubt = (shop: Shop, run: keyof Told) => withWord(shop, run, 'unknown InDoubt');
	const isSent = (word: string) => word === 'sent' || word === 'skipped';

	function keepTable(): void {
		const rows: Array<[string, (shop: Shop) => number]> = [
			['messages', () => MESSAGES],
			[
				'requests on their way in the moment of a kill, in all',
				({ calls }) =>
					sum(kills.map(({ inFlight }) => inFlight.filter((one) => calls.test(one)).length)),
			],
			['in doubt after the kills', (shop) => inDoubt(shop, 'last').length],
			[
				"told as sent by 'Look It Up', since it is there",
				(shop) =>
					inDoubt(shop, 'last').filter((one) => withWord(shop, 'lookedUp', 'skipped').includes(one))
						.length,
			],
			["sent by 'Look It Up'", (shop) => withWord(shop, 'lookedUp', 'sent').length],
			['still in doubt', (shop) => inDoubt(shop, 'again').length],
			['arrived once', ({ references }) => references.filter((one) => countOf(one) === 1).length],
			['arrived twice', ({ references }) => references.filter((one) => countOf(one) > 1).length],
			[
				'told as sent and not arrived',
				({ title, references }) =>
					references.filter((one, i) => isSent(told.get(title)!.again[i]) && countOf(one) === 0)
						.length,
			],
		];
		const lines = rows.map(([name, count]) => [name, ...shops.map(count)]);
		const table = tableOf(['', ...shops.map(({ title }) => title)], lines);
		console.log(table);
		writeTable('docs/reliability.md', 'kill, looked up', table);
	}

	const shopNames = ['Amazon', 'eBay', 'Magalu'];
	const shop = (name: string) => shops.find(({ title }) => title === name)!;

	it.each(shopNames)('left messages to %s in doubt', (name) => {
		expect(inDoubt(shop(name), 'last').length).toBeGreaterThan(0);
	});

	it.each(shopNames)('sends no message to %s twice', (name) => {
		expect(shop(name).references.filter((one) => countOf(one) > 1)).toEqual([]);
	});

	it.each(['eBay', 'Magalu'])('sends every message to %s once, and knows it', (name) => {
		expect(shop(name).references.filter((one) => countOf(one) !== 1)).toEqual([]);
		expect(told.get(name)!.lookedUp.filter((word) => !isSent(word))).toEqual([]);
		expect(new Set(told.get(name)!.again)).toEqual(new Set(['skipped']));
	});

	it('leaves messages to Amazon in doubt, which shows none, and sends none of them', () => {
		const amazon = shop('Amazon');
		expect(inDoubt(amazon, 'again')).toEqual(inDoubt(amazon, 'last'));
		expect(withWord(amazon, 'lookedUp', 'sent')).toEqual([]);
	});

	it('sends nothing more in the run after that', () => {
		const sent = sum(shops.map((one) => withWord(one, 'lookedUp', 'sent').length));
		expect(world.simulator.received).toHaveLength(arrivedBefore + sent);
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
