/** Senders in processes of their own that take turns: whatever else the machine does strikes all alike. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { orderIds } from './sender.mts';
import { scripts, startSimulatorProcess } from './simulatorClient.mts';

/** Sends a message for each of these orders. @throws where one does not arrive */
export type Send = (orders: string[]) => Promise<void>;

/** What so many messages took. */
export interface Round {
	milliseconds: number;
	/** Of the sender's own process, all its threads. */
	cpuMilliseconds: number;
	calls: number;
}

interface Asked {
	who: string;
	messages: number;
}

const LATENCY_MS = 20;
const WARM_UP = 20;
/** In one round. */
const MOST_MESSAGES = 200;

/** Makes this process a sender: it sends when its parent says so, and says what that took. */
export async function serveRounds(
	sendsTo: (origin: string) => Record<string, Send>,
): Promise<void> {
	const simulator = await startSimulatorProcess();
	// Once: a client that holds a token would be refused after a second time.
	await simulator.set({ latencyMs: LATENCY_MS, orders: orderIds(MOST_MESSAGES) });
	const sends = sendsTo(simulator.origin);

	async function round({ who, messages }: Asked): Promise<Round> {
		const orders = orderIds(messages);
		await sends[who]!(orders.slice(0, WARM_UP));
		await simulator.forget();
		const [began, cpuBefore] = [performance.now(), process.cpuUsage()];
		await sends[who]!(orders);
		const { user, system } = process.cpuUsage(cpuBefore);
		const milliseconds = performance.now() - began;
		const { received, calls } = await simulator.figures();
		if (received !== messages) throw new Error(`${who} sent ${received} of ${messages}`);
		const sum = Object.values(calls).reduce((all, one) => all + one.calls, 0);
		return { milliseconds, cpuMilliseconds: (user + system) / 1000, calls: sum };
	}

	process.on('message', (asked: Asked) => {
		round(asked).then(
			(took) => process.send!(took),
			(error: Error) => {
				console.error(error.stack?.slice(0, 2000));
				process.exit(1);
			},
		);
	});
	process.on('disconnect', () => process.exit());
	process.send!({ ready: true });
}

export interface Sender {
	round(who: string, messages: number): Promise<Round>;
	close(): void;
}

/** @param script a bundled script that calls `serveRounds` */
export async function startSender(script: string): Promise<Sender> {
	const child = fork(join(scripts, `${script}.cjs`), { stdio: 'inherit' });
	const ended = once(child, 'exit').then(() => {
		throw new Error(`${script} ended`);
	});
	ended.catch(() => undefined);
	const answer = async () =>
		await Promise.race([new Promise((done) => child.once('message', done)), ended]);
	await answer();
	return {
		async round(who, messages) {
			const answered = answer();
			child.send({ who, messages });
			return (await answered) as Round;
		},
		close: () => child.disconnect(),
	};
}
