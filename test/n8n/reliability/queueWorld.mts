/** n8n in queue mode: one main, some workers, Redis, PostgreSQL, and files in the database. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { type Simulator, startSimulator } from '../../marketplaces/simulator.mts';
import { demoCredentials } from '../examples.mts';
import { type Execution, type N8n, startN8n, startWorker, type Worker } from '../instance.mts';
import { type Servers, startServers } from './servers.mts';

export interface QueueWorld {
	n8n: N8n;
	simulator: Simulator;
	servers: Servers;
	/** Replaces the workers; each does so many executions at a time. */
	setWorkers(count: number, concurrency: number): Promise<void>;
	stop(): Promise<void>;
}

/** What an earlier run left under `.cache/` is removed. */
export async function startQueueWorld(name: string): Promise<QueueWorld> {
	const tarball = process.env.PACKAGE_TARBALL;
	if (!tarball) throw new Error('Run these tests with `npm run test:reliability`');
	const home = join(process.cwd(), '.cache/n8n-tests', name);
	rmSync(home, { recursive: true, force: true });
	const servers = await startServers(`${home}-servers`);
	const simulator = await startSimulator();
	let workers: Worker[] = [];
	const stopWorkers = async () => {
		await Promise.all(workers.map(async (worker) => await worker.stop()));
		workers = [];
	};
	try {
		const credentials = demoCredentials(simulator.origin);
		const n8n = await startN8n({ home, tarball, credentials, env: servers.env });
		return {
			n8n,
			simulator,
			servers,
			async setWorkers(count, concurrency) {
				await stopWorkers();
				for (let i = 1; i <= count; i++) {
					workers.push(await startWorker(home, `worker-${i}`, concurrency, servers.env));
				}
			},
			async stop() {
				await stopWorkers();
				await n8n.stop();
				await simulator.close();
				await servers.stop();
			},
		};
	} catch (error) {
		await simulator.close();
		await servers.stop();
		throw error;
	}
}

/**
 * Calls a workflow's webhook with each of the bodies, all at the same moment, and waits for the end of
 * the executions that this starts.
 */
export async function callAll(
	n8n: N8n,
	workflowId: string,
	path: string,
	bodies: object[],
): Promise<Execution[]> {
	const before = new Set((await n8n.executions(workflowId)).map(({ id }) => id));
	await Promise.all(bodies.map(async (body) => await call(`${n8n.origin}/webhook/${path}`, body)));

	for (const deadline = Date.now() + 600_000; ; await wait(50)) {
		const started = (await n8n.executions(workflowId)).filter(({ id }) => !before.has(id));
		const going = started.filter(({ status }) => ['new', 'running', 'waiting'].includes(status));
		if (started.length >= bodies.length && going.length === 0) {
			return await Promise.all(started.map(async ({ id }) => await n8n.execution(id)));
		}
		if (Date.now() > deadline) throw new Error(`${going.length} executions do not end`);
	}
}

/** A workflow that was just switched on does not listen at once. */
async function call(url: string, body: object): Promise<void> {
	for (const deadline = Date.now() + 10_000; ; await wait(100)) {
		const answer = await fetch(url, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify(body),
		});
		const text = await answer.text();
		if (answer.ok) return;
		if (answer.status !== 404 || Date.now() > deadline) {
			throw new Error(`n8n: the webhook answered ${answer.status} ${text}`);
		}
	}
}

/** What a send said of an item: `sent`, `skipped`, or what kind of failure it was. */
export function saidOf({ output }: Execution, nodeName = 'Send'): string[] {
	return (output[nodeName]?.[0] ?? []).map(({ json }) => {
		const details = (json.details ?? {}) as { outcome?: string; code?: string };
		return String(json.status ?? `${details.outcome} ${details.code ?? ''}`.trim());
	});
}

export function countsOf(words: string[]): Record<string, number> {
	const counts: Record<string, number> = {};
	for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
	return counts;
}
