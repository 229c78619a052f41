/** Runs workflows and kills n8n while they send, as a power cut would. */
import { setTimeout as wait } from 'node:timers/promises';

import type { Simulator } from '../../marketplaces/simulator.mts';
import type { N8n } from '../instance.mts';

/** A workflow that is killed in the middle, and the call of the simulator that its messages leave by. */
export interface Sending {
	id: string;
	operation: string;
}

export interface Kill {
	/** By workflow. */
	afterSends: number;
	/** Messages at the simulator, from the beginning. */
	arrived: number;
	/** Requests that were on their way in that moment. */
	inFlight: string[];
}

/** A run is killed after one to so many sends of each workflow, and up to so many milliseconds later. */
export interface Moment {
	mostSends: number;
	mostMs: number;
}

/**
 * Starts the workflows at once, and kills n8n when each of them that has not ended has sent something.
 * @param random the same numbers give the same waits
 * @throws where all ended before the moment came
 */
export async function runAndKill(
	n8n: N8n,
	sendings: Sending[],
	simulator: Simulator,
	{ mostSends, mostMs }: Moment,
	random: () => number,
): Promise<Kill> {
	const sends = (wanted: string) =>
		simulator.calls.filter(({ operation }) => operation === wanted).length;
	const afterSends = 1 + Math.floor(random() * mostSends);
	const runs = sendings.map(({ id, operation }) => {
		const run = { operation, goal: sends(operation) + afterSends, status: '', isOver: false };
		const ended = n8n
			.runWorkflow(id)
			.then(({ status }) => void (run.status = status))
			.catch(() => undefined)
			.finally(() => (run.isOver = true));
		return { run, ended };
	});
	const isDue = ({ run }: (typeof runs)[number]) => run.isOver || sends(run.operation) >= run.goal;
	while (!runs.every(isDue)) await wait(2);
	await wait(random() * mostMs);
	const inFlight = simulator.calls
		.filter(({ status }) => status === 0)
		.map(({ operation }) => operation);
	await n8n.kill();
	await Promise.all(runs.map(async ({ ended }) => await ended));
	if (runs.every(({ run }) => run.status !== '')) {
		throw new Error(`All ended (${runs[0].run.status}) before the kill`);
	}
	// What had left is still at work at the marketplace.
	await wait(5 * simulator.latencyMs);
	return { afterSends, arrived: simulator.received.length, inFlight };
}

/** Amazon's limits as far as they hold a run up: what was sent before is known without asking Amazon. */
export function limitSends({ amazon }: Simulator, sends: { rate: number; burst: number }): void {
	const { plans } = amazon.state;
	plans.set('amazon.actions', { rate: 100, burst: 20 });
	plans.set('amazon.send', sends);
	plans.set('amazon.createUpload', { rate: 100, burst: 20 });
}

export const sum = (numbers: number[]) => numbers.reduce((all, one) => all + one, 0);
