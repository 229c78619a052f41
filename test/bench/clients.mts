/** Text messages by our nodes: the time of one, n8n's engine included. Beside it runs `clientScripts.mts`. */
import { memberMessagePlans } from '../../nodes/Ebay/api/limits.ts';
import { orderIds, saidBy, sendToAmazon, sendToEbay } from './sender.mts';
import { startSimulatorProcess } from './simulatorClient.mts';

export interface ClientRow {
	marketplace: string;
	who: string;
	messages: number;
	/** Of one message. */
	milliseconds: number;
	calls: number;
}

async function main(): Promise<void> {
	const messages = Number(process.argv[2]);
	const simulator = await startSimulatorProcess();
	const { origin } = simulator;
	const orders = orderIds(messages);
	// Without limits: the node would keep to eBay's.
	Object.assign(memberMessagePlans.partner, { calls: 1e6 });
	const ways = {
		Amazon: async (some: string[]) => await sendToAmazon(origin, some, false),
		eBay: async ({ length }: string[]) => await sendToEbay(origin, length, false),
	};
	for (const [marketplace, send] of Object.entries(ways)) {
		await simulator.set({ latencyMs: 20, orders });
		await send(orders.slice(0, 20));
		await simulator.forget();
		const { seconds, result } = await send(orders);
		const { calls, received } = await simulator.figures();
		if (saidBy(result).sent !== messages || received !== messages)
			throw new Error('not all were sent');
		const row: ClientRow = {
			...{ marketplace, who: 'node', messages },
			milliseconds: (seconds * 1000) / messages,
			calls: Object.values(calls).reduce((sum, one) => sum + one.calls, 0),
		};
		console.log(JSON.stringify(row));
	}
	await simulator.close();
}

void main();
