/** One of the processes of `sharing.mts`. */
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { DataDeduplicationService } from 'n8n-core';
import type { ICheckProcessedContextData, IDataDeduplicator } from 'n8n-workflow';

import { amazonMessaging, messageForm, US } from '../../engine/amazon.mts';
import { runNode, type NodeUnderTest } from '../../engine/engine.mts';
import { demoSeller } from '../../marketplaces/amazon/demo.mts';
import type { Simulator } from '../../marketplaces/simulator.mts';
import type { Asked, Start, Words } from './sharing.mts';

const n8n = createRequire(join(process.cwd(), 'test/n8n/package.json'));

/** As much of n8n's database as is used here. */
interface Connection {
	dataSource: { query(sql: string): Promise<unknown> };
	init(): Promise<void>;
	migrate(): Promise<void>;
}

/** In the engine every workflow has this number; n8n keeps nothing of one that is not in its database. */
const WORKFLOW = 'w1';
const ALREADY_SENT = 'skipped alreadySent';

async function connectStore(isNew: boolean): Promise<IDataDeduplicator> {
	const { Container } = n8n('@n8n/di');
	const connection = Container.get(n8n('@n8n/db').DbConnection) as Connection;
	await connection.init();
	if (isNew) {
		await connection.migrate();
		await connection.dataSource.query(
			`INSERT INTO workflow_entity (id, name, active, nodes, connections, "versionId")
			 VALUES ('${WORKFLOW}', 'shared', false, '[]', '{}', '00000000-0000-4000-8000-000000000000')`,
		);
	}
	return n8n('n8n/dist/deduplication').getDataDeduplicationService();
}

async function main(): Promise<void> {
	const { simulator: origin, isNew = false } = JSON.parse(process.argv[2]) as Start;
	const store = await connectStore(isNew);
	await DataDeduplicationService.init(store);
	const seller = { origin, amazon: { state: { sellers: [demoSeller] } } };
	const node = amazonMessaging(seller as unknown as Simulator);

	process.on('message', (asked: Asked & { number: number }) => {
		send(node, store, asked).then(
			(words) => process.send!({ number: asked.number, words }),
			(error: Error) => {
				console.error(error);
				process.exit(1);
			},
		);
	});
	process.on('disconnect', () => process.exit());
	process.send!({ number: 0 });
}

async function send(
	node: NodeUnderTest,
	store: IDataDeduplicator,
	{ nodeId, orders, how }: Asked,
): Promise<Words> {
	const isPlain = how === 'plain';
	const unsent = isPlain ? await notYetThere(store, nodeId, orders) : orders;
	const words = unsent.length > 0 ? await byNode(node, nodeId, unsent, !isPlain) : {};
	return Object.fromEntries(orders.map((order) => [order, words[order] ?? ALREADY_SENT]));
}

async function byNode(
	node: NodeUnderTest,
	id: string,
	orders: string[],
	preventDuplicates: boolean,
): Promise<Words> {
	const { items, error } = await runNode(node, {
		parameters: messageForm('={{ $json.orderId }}', 'confirmCustomizationDetails', {
			marketplaceId: US,
			text: 'Which name shall we engrave?',
			options: { checkAvailability: false, preventDuplicates },
		}),
		items: orders.map((orderId) => ({ json: { orderId } })),
		settings: { id, onError: 'continueRegularOutput' },
	});
	if (error) throw new Error(error.message);
	return Object.fromEntries(items.map(({ json }, i) => [orders[i], wordOf(json)]));
}

function wordOf({ status, reason, details }: Record<string, unknown>): string {
	const { outcome, code } = (details ?? {}) as { outcome?: string; code?: string };
	return `${String(status ?? outcome)} ${String(reason ?? code ?? '')}`.trim();
}

/** Whose orders are not in the list of the node; afterwards they are. */
async function notYetThere(
	store: IDataDeduplicator,
	id: string,
	orders: string[],
): Promise<string[]> {
	const place = { workflow: { id: WORKFLOW }, node: { id } } as ICheckProcessedContextData;
	// Two processes that write a node's first entry at the same time collide.
	const ask = async () =>
		await store.checkProcessedAndRecord(orders, 'node', place, { mode: 'entries' });
	const { new: unknown } = await ask().catch(ask);
	return unknown as string[];
}

void main();
