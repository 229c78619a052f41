import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import type { Plan, WindowPlan } from '../marketplaces/rateplan.mts';

/** What the simulator is like for the next measurement. What is left out has no limit. */
export interface Setting {
	latencyMs?: number;
	/** By the simulator's names of operations. */
	amazonPlans?: Record<string, Plan>;
	ebayWindow?: WindowPlan;
	imageWindow?: WindowPlan;
	/** Amazon orders to add, by id. */
	orders?: string[];
	/** More of Amazon's sellers, by refresh token, and their orders. */
	sellers?: Record<string, string[]>;
	/** Drops what was uploaded and called after each message: memory of the measured process is what counts. */
	forgetsFiles?: true;
}

/** What arrived since the last setting, or since the simulator was told to forget. */
export interface Figures {
	received: number;
	/** Of these, how many differ in order or text. */
	different: number;
	calls: Record<string, { calls: number; throttled: number }>;
	defects: string[];
}

export interface SimulatorProcess {
	origin: string;
	set(setting: Setting): Promise<void>;
	/** Forgets what arrived so far; tokens stay good. */
	forget(): Promise<void>;
	figures(): Promise<Figures>;
	close(): Promise<void>;
}

/** Where `npm run bench` puts the bundled scripts. */
export const scripts = join(process.cwd(), '.cache/bench');

export async function startSimulatorProcess(): Promise<SimulatorProcess> {
	const child = fork(join(scripts, 'simulatorProcess.cjs'), { stdio: 'inherit' });
	const { origin } = (await answerOf(child)) as { origin: string };
	const ask = async (message: object) => {
		child.send(message);
		return await answerOf(child);
	};
	return {
		origin,
		set: async (setting) => void (await ask({ set: setting })),
		forget: async () => void (await ask({ forget: true })),
		figures: async () => (await ask({ figures: true })) as Figures,
		async close() {
			child.send({ close: true });
			await once(child, 'exit');
		},
	};
}

async function answerOf(child: ChildProcess): Promise<unknown> {
	const [answer] = (await once(child, 'message')) as [unknown];
	return answer;
}
