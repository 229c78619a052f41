/** Many sellers in one process, each an execution of its own with a marketplace limit of its own. */
import { monitorEventLoopDelay } from 'node:perf_hooks';

import { forgetLanes } from '../../nodes/shared/http/rateLimit.ts';
import { orderIds, saidBy, sendToAmazon } from './sender.mts';
import { startSimulatorProcess } from './simulatorClient.mts';

export interface SellersRow {
	sellers: number;
	messages: number;
	seconds: number;
	/** What the limits allow. */
	ideal: number;
	throttled: number;
	cpuMilliseconds: number;
	/** Megabytes over the start, at most. */
	rss: number;
	/** Milliseconds: the 99th percentile. */
	eventLoopDelay: number;
}

const MESSAGES = 100;
const LATENCY = 0.05;
/** Ten times as fast as Amazon's documented plan for a new seller. */
const PLAN = { rate: 10, burst: 5 };

async function main(): Promise<void> {
	const simulator = await startSimulatorProcess();
	const { origin } = simulator;
	const warmUp = orderIds(20);
	await simulator.set({ orders: warmUp });
	await sendToAmazon(origin, warmUp, false);
	for (const sellers of [1, 2, 4, 8, 16]) {
		const tokens = Array.from({ length: sellers }, (_, i) => `Atzr|seller-${sellers}-${i}`);
		const all = orderIds(sellers * MESSAGES);
		const of = (i: number) => all.slice(i * MESSAGES, (i + 1) * MESSAGES);
		forgetLanes();
		await simulator.set({
			latencyMs: LATENCY * 1000,
			amazonPlans: { 'amazon.actions': PLAN, 'amazon.send': PLAN },
			sellers: Object.fromEntries(tokens.map((token, i) => [token, of(i)])),
		});
		const delay = monitorEventLoopDelay({ resolution: 5 });
		const before = process.memoryUsage().rss;
		let rss = 0;
		const sampler = setInterval(() => {
			rss = Math.max(rss, process.memoryUsage().rss - before);
		}, 20);
		delay.enable();
		const [began, cpuBefore] = [performance.now(), process.cpuUsage()];
		const results = await Promise.all(
			tokens.map(async (token, i) => await sendToAmazon(origin, of(i), false, token)),
		);
		const seconds = (performance.now() - began) / 1000;
		const { user, system } = process.cpuUsage(cpuBefore);
		delay.disable();
		clearInterval(sampler);
		if (results.some(({ result }) => saidBy(result).sent !== MESSAGES))
			throw new Error('not all were sent');
		const { calls } = await simulator.figures();
		const row: SellersRow = {
			sellers,
			messages: sellers * MESSAGES,
			seconds,
			ideal: (MESSAGES - PLAN.burst) / PLAN.rate + 3 * LATENCY,
			throttled: Object.values(calls).reduce((sum, one) => sum + one.throttled, 0),
			cpuMilliseconds: (user + system) / 1000,
			rss: rss / 1e6,
			eventLoopDelay: delay.percentile(99) / 1e6,
		};
		console.log(JSON.stringify(row));
	}
	await simulator.close();
}

void main();
