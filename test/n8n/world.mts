/** A fresh n8n with the packed package and the demo's credentials, beside the simulator. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { type Simulator, startSimulator } from '../marketplaces/simulator.mts';
import { demoCredentials } from './examples.mts';
import { type N8n, startN8n } from './instance.mts';

export interface World {
	n8n: N8n;
	simulator: Simulator;
	/** Stops n8n and starts it anew, at the same address and with all that it kept; `env` is set besides. */
	restart(env?: Record<string, string>): Promise<void>;
	stop(): Promise<void>;
}

/** `name` tells its home under `.cache/` from others'; what an earlier run left there is removed. */
export async function startWorld(name: string, env?: Record<string, string>): Promise<World> {
	const tarball = process.env.PACKAGE_TARBALL;
	if (!tarball)
		throw new Error('Run these tests with `npm run test:n8n`: it builds the package first');
	const home = join(process.cwd(), '.cache/n8n-tests', name);
	rmSync(home, { recursive: true, force: true });
	const simulator = await startSimulator();
	try {
		const credentials = demoCredentials(simulator.origin);
		const world: World = {
			n8n: await startN8n({ home, tarball, credentials, env }),
			simulator,
			async restart(more) {
				const port = Number(new URL(world.n8n.origin).port);
				await world.n8n.stop();
				world.n8n = await startN8n({ home, port, tarball, env: { ...env, ...more } });
			},
			async stop() {
				await world.n8n.stop();
				await simulator.close();
			},
		};
		return world;
	} catch (error) {
		await simulator.close();
		throw error;
	}
}
