/** The simulator in a process of its own, told what to do over the process's channel. */
import { startSimulator, type Simulator } from '../marketplaces/simulator.mts';
import type { Figures, Setting } from './simulatorClient.mts';

async function main(): Promise<void> {
	const simulator = await startSimulator();
	process.on('message', (asked: { set?: Setting; figures?: true; forget?: true; close?: true }) => {
		if (asked.set) set(simulator, asked.set);
		if (asked.forget) simulator.calls.length = simulator.received.length = 0;
		if (asked.close) {
			if (forgetting) clearInterval(forgetting);
			void simulator.close().then(() => process.disconnect());
			return;
		}
		process.send!(asked.figures ? figures(simulator) : { ready: true });
	});
	// Whoever measured is gone, in whatever way: so is the simulator.
	process.on('disconnect', () => process.exit());
	process.send!({ origin: simulator.origin });
}

let forgetting: NodeJS.Timeout | undefined;

/** The bytes of files that were sent with their message, and of the requests that brought them. */
function forgetFiles({ calls, received }: Simulator): void {
	for (const call of calls) call.body = Buffer.alloc(0);
	for (const message of received) message.attachments = [];
}

function set(simulator: Simulator, setting: Setting): void {
	const {
		latencyMs = 0,
		amazonPlans,
		ebayWindow,
		imageWindow,
		orders = [],
		sellers = {},
		forgetsFiles,
	} = setting;
	simulator.reset();
	simulator.latencyMs = latencyMs;
	const { amazon, ebay } = simulator;
	amazon.state.plans.set('*', { rate: 1e6, burst: 1e6 });
	for (const [operation, plan] of Object.entries(amazonPlans ?? {})) {
		amazon.state.plans.set(operation, plan);
	}
	const unlimited = { calls: 1e6, windowMs: 1000, blockMs: 1000 };
	ebay.state.messageLimit.plan = ebayWindow ?? unlimited;
	ebay.state.imageLimit.plan = imageWindow ?? unlimited;
	ebay.state.blockAnswer = 'http429';
	if (forgetting) clearInterval(forgetting);
	forgetting = forgetsFiles ? setInterval(() => forgetFiles(simulator), 200) : undefined;
	addOrders(simulator, orders);
	for (const [refreshToken, theirs] of Object.entries(sellers)) {
		amazon.state.sellers.push({ ...amazon.state.sellers[0]!, refreshToken });
		addOrders(simulator, theirs, refreshToken);
	}
}

function addOrders({ amazon, clock }: Simulator, orders: string[], seller?: string): void {
	const now = new Date(clock.now()).toISOString();
	amazon.state.addOrders(
		orders.map((orderId) => ({
			orderId,
			marketplaceId: 'ATVPDKIKX0DER',
			createdTime: now,
			lastUpdatedTime: now,
			fulfillmentStatus: 'SHIPPED',
			actions: ['confirmCustomizationDetails', 'warranty'],
			...(seller && { seller }),
		})),
	);
}

function figures(simulator: Simulator): Figures {
	const byOperation: Figures['calls'] = {};
	for (const { operation, status } of simulator.calls) {
		const counted = (byOperation[operation] ??= { calls: 0, throttled: 0 });
		counted.calls += 1;
		if (status === 429) counted.throttled += 1;
	}
	const texts = new Set(simulator.received.map(({ text, reference }) => `${reference} ${text}`));
	return {
		received: simulator.received.length,
		different: texts.size,
		calls: byOperation,
		defects: simulator.defects.map(String),
	};
}

void main();
