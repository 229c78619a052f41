/** Pacing at the limit: how near the wall time comes to the ideal, and how many answers are throttled. */
import { imagePlans, memberMessagePlans } from '../../nodes/Ebay/api/limits.ts';
import { forgetLanes } from '../../nodes/shared/http/rateLimit.ts';
import { orderIds, saidBy, sendToAmazon, sendToEbay } from './sender.mts';
import { startSimulatorProcess, type Figures, type Setting } from './simulatorClient.mts';

export interface PacingRow {
	name: string;
	messages: number;
	seconds: number;
	ideal: number;
	throttled: number;
	calls: number;
	callsByOperation: Record<string, number>;
	said: Record<string, number>;
	received: number;
}

const LATENCY = 0.1;

// The documented plans of Amazon, 50 times as fast: 1 a second becomes 50, 10 a second become 500.
const amazonPlans = {
	'amazon.actions': { rate: 50, burst: 5 },
	'amazon.send': { rate: 50, burst: 5 },
	'amazon.createUpload': { rate: 500, burst: 10 },
};
/** What is left of the burst goes out at the rate; the first message takes its calls one after another. */
const amazonIdeal = (messages: number, calls: number) => (messages - 5) / 50 + calls * LATENCY;

/** eBay's limits, so many times as fast. */
const EBAY_SPEED = 5;
/** In seconds, each with its block. */
const WINDOW = 60 / EBAY_SPEED;
const BLOCK = 100 / EBAY_SPEED;
const IMAGE_WINDOW = 5 / EBAY_SPEED;
const ebayLimits = {
	ebayWindow: { calls: 75, windowMs: WINDOW * 1000, blockMs: BLOCK * 1000 },
	imageWindow: { calls: 50, windowMs: IMAGE_WINDOW * 1000, blockMs: IMAGE_WINDOW * 1000 },
};
/**
 * The last of the messages may leave when so many windows are over. Of the first 75 pictures, only 50 may
 * be uploaded before a window of uploads is over.
 */
const ebayIdeal = (messages: number, calls: number, uploads = 50) =>
	(Math.ceil(messages / 75) - 1) * WINDOW +
	(Math.ceil(uploads / 50) - 1) * IMAGE_WINDOW +
	calls * LATENCY;

type Sending = ReturnType<typeof sendToAmazon>;

async function main(): Promise<void> {
	const simulator = await startSimulatorProcess();
	const { origin } = simulator;
	const measure = async (
		name: string,
		messages: number,
		limits: Setting,
		ideal: number,
		send: (orders: string[]) => Sending,
	) => {
		if (!name.includes(process.argv[2] ?? '')) return;
		const orders = orderIds(messages);
		// n8n has long been running when a workflow starts; but what it learned of the limits is forgotten.
		await simulator.set({ orders });
		await send(orders.slice(0, 20));
		forgetLanes();
		await simulator.set({ latencyMs: LATENCY * 1000, orders, ...limits });
		const { seconds, result } = await send(orders);
		const figures = await simulator.figures();
		if (figures.defects.length > 0) throw new Error(figures.defects.join('\n'));
		const { received } = figures;
		const row: PacingRow = {
			...{ name, messages, seconds, ideal, received },
			...sumOf(figures),
			said: saidBy(result),
		};
		console.log(JSON.stringify(row));
	};
	const texts = async (orders: string[]) => await sendToAmazon(origin, orders, false);
	const files = async (orders: string[]) => await sendToAmazon(origin, orders, true);
	await measure('Amazon, text only', 1000, { amazonPlans }, amazonIdeal(1000, 3), texts);
	await measure('Amazon, one file each', 1000, { amazonPlans }, amazonIdeal(1000, 5), files);

	// The node reads its plans from these tables: as fast as the simulator's.
	Object.assign(memberMessagePlans.partner, { seconds: WINDOW, blockSeconds: BLOCK });
	Object.assign(imagePlans.upload, {
		seconds: IMAGE_WINDOW,
		blockSeconds: IMAGE_WINDOW,
	});
	const plain = async ({ length }: string[]) => await sendToEbay(origin, length, false);
	const pictures = async ({ length }: string[]) => await sendToEbay(origin, length, true);
	await measure('eBay, text only', 300, ebayLimits, ebayIdeal(300, 2), plain);
	await measure('eBay, one picture each', 300, ebayLimits, ebayIdeal(300, 3, 75), pictures);
	await simulator.close();
}

function sumOf({ calls }: Figures) {
	const entries = Object.entries(calls);
	return {
		throttled: entries.reduce((sum, [, one]) => sum + one.throttled, 0),
		calls: entries.reduce((sum, [, one]) => sum + one.calls, 0),
		callsByOperation: Object.fromEntries(entries.map(([name, one]) => [name, one.calls])),
	};
}

void main();
