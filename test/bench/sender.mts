/** One execution with many messages, in n8n's engine, in this process. */
import { amazonMessaging, messageForm, US } from '../engine/amazon.mts';
import {
	BUYER,
	ebayMemberMessage,
	ITEM,
	messageForm as ebayForm,
	pngBytes,
} from '../engine/ebay.mts';
import { fileOf, runNode, type RunResult } from '../engine/engine.mts';
import { demoSeller } from '../marketplaces/amazon/demo.mts';
import type { Simulator } from '../marketplaces/simulator.mts';

const pdf = fileOf(`%PDF-1.4 ${'x'.repeat(20_000)}`, 'letter.pdf', 'application/pdf');
const png = fileOf(Buffer.concat([pngBytes, Buffer.alloc(20_000, 7)]), 'photo.png', 'image/png');

export const orderIds = (count: number): string[] =>
	Array.from({ length: count }, (_, i) => `902-2000000-${1_000_000 + i}`);

/** What a connection needs to know of a simulator in another process. */
const at = (origin: string, seller: Partial<typeof demoSeller> = demoSeller) =>
	({ origin, amazon: { state: { sellers: [seller] } } }) as unknown as Simulator;

/** @returns seconds, and what came out */
export async function sendToAmazon(
	origin: string,
	orders: string[],
	withFile: boolean,
	refreshToken = demoSeller.refreshToken,
): Promise<{ seconds: number; result: RunResult }> {
	return await timed(async () =>
		runNode(amazonMessaging(at(origin, { refreshToken })), {
			parameters: messageForm('={{ $json.orderId }}', 'confirmCustomizationDetails', {
				marketplaceId: US,
				text: 'Which name shall we engrave?',
				...(withFile ? filesField : {}),
			}),
			items: orders.map((orderId) => ({
				json: { orderId },
				...(withFile ? { binary: { data: pdf } } : {}),
			})),
			settings: { onError: 'continueRegularOutput' },
		}),
	);
}

/** @returns seconds, and what came out */
export async function sendToEbay(
	origin: string,
	count: number,
	withFile: boolean,
): Promise<{ seconds: number; result: RunResult }> {
	return await timed(async () =>
		runNode(ebayMemberMessage(at(origin)), {
			parameters: ebayForm({
				itemId: ITEM,
				recipientId: BUYER,
				body: '={{ $json.text }}',
				...(withFile ? filesField : {}),
			}),
			items: Array.from({ length: count }, (_, i) => ({
				json: { text: `Message number ${i}` },
				...(withFile ? { binary: { data: png } } : {}),
			})),
			settings: { onError: 'continueRegularOutput' },
		}),
	);
}

const filesField = { attachments: { file: [{ binaryPropertyName: 'data', fileName: '' }] } };

async function timed(
	run: () => Promise<RunResult>,
): Promise<{ seconds: number; result: RunResult }> {
	const began = performance.now();
	const result = await run();
	return { seconds: (performance.now() - began) / 1000, result };
}

/** Counts of what the node said, by status or outcome. */
export function saidBy({ items, error }: RunResult): Record<string, number> {
	if (error) throw new Error(error.message);
	const counts: Record<string, number> = {};
	for (const { json } of items) {
		const said = String(json.status ?? (json.details as { outcome?: string } | undefined)?.outcome);
		counts[said] = (counts[said] ?? 0) + 1;
	}
	return counts;
}
