/**
 * Memory while many items with large files are sent, files kept on disk or as n8n's database gives them: how
 * far resident set and buffers grow over what they were before. Started with `--expose-gc`; arguments: the
 * number of items, and how files are kept.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

import { amazonMessaging, messageForm } from '../engine/amazon.mts';
import { runNode } from '../engine/engine.mts';
import { fileKeptIn, keepFilesIn, type Way } from '../engine/keptFiles.mts';
import { demoSeller } from '../marketplaces/amazon/demo.mts';
import type { Simulator } from '../marketplaces/simulator.mts';
import { orderIds, saidBy } from './sender.mts';
import { startSimulatorProcess } from './simulatorClient.mts';

export interface MemoryRow {
	items: number;
	way: Way;
	/** Megabytes over the start, at most. */
	rss: number;
	external: number;
	seconds: number;
	said: Record<string, number>;
}

const FILES = 4;
const FILE_BYTES = 2_000_000;

async function main(): Promise<void> {
	const count = Number(process.argv[2]);
	const way = process.argv[3] as Way;
	const simulator = await startSimulatorProcess();
	const origin = { origin: simulator.origin, amazon: { state: { sellers: [demoSeller] } } };
	const connected = amazonMessaging(origin as unknown as Simulator);
	const orders = orderIds(count);
	await simulator.set({ orders, forgetsFiles: true });
	await keepFilesIn(way);
	// The same four files for all: what matters is what is held while they are sent.
	const fields = Array.from({ length: FILES }, (_, i) => `file${i}`);
	const binary = Object.fromEntries(
		await Promise.all(
			fields.map(async (field) => {
				const bytes = Buffer.concat([Buffer.from('%PDF-1.4 '), randomBytes(FILE_BYTES - 9)]);
				return [field, await fileKeptIn(way, bytes, `${field}.pdf`, 'application/pdf')] as const;
			}),
		),
	);
	const send = async (some: string[]) =>
		await runNode(connected, {
			parameters: messageForm('={{ $json.orderId }}', 'confirmCustomizationDetails', {
				text: 'The documents of your order.',
				attachments: { file: [{ binaryPropertyName: fields.join(','), fileName: '' }] },
			}),
			items: some.map((orderId) => ({ json: { orderId }, binary })),
			settings: { onError: 'continueRegularOutput' },
		});
	await send(orders.slice(0, 8));

	for (let i = 0; i < 3; i++) {
		globalThis.gc!();
		await pause(100);
	}
	const before = process.memoryUsage();
	const peak = { rss: 0, external: 0 };
	const sampler = setInterval(() => {
		const { rss, external } = process.memoryUsage();
		peak.rss = Math.max(peak.rss, rss - before.rss);
		peak.external = Math.max(peak.external, external - before.external);
	}, 5);
	const began = performance.now();
	const result = await send(orders);
	clearInterval(sampler);
	const row: MemoryRow = {
		items: count,
		way,
		rss: peak.rss / 1e6,
		external: peak.external / 1e6,
		seconds: (performance.now() - began) / 1000,
		said: saidBy(result),
	};
	console.log(JSON.stringify(row));
	await simulator.close();
}

void main();
