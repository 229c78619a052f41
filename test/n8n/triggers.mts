/** Workflows of a trigger alone, and what they were started with. */
import { setTimeout as wait } from 'node:timers/promises';

import type { N8n, WorkflowFile } from './instance.mts';

const name = 'The trigger';

/** The shortest time between two polls that n8n allows is a minute, for each of these. */
const everyFiveSeconds = Array.from({ length: 12 }, (_, i) => ({
	mode: 'custom',
	cronExpression: `${5 * i} * * * * *`,
}));

/** n8n's scheduler that keeps its appointments in the database; off by default in the n8n of these tests. */
export const durableScheduler = {
	N8N_SCHEDULER_ENABLED: 'true',
	N8N_SCHEDULER_POLL_TRIGGERS_ENABLED: 'true',
	N8N_POLLER_DURABLE_CURSORS_ENABLED: 'true',
	N8N_USE_WORKFLOW_PUBLICATION_SERVICE: 'true',
};

/** A workflow of one of this package's triggers; one that polls does it every five seconds, unless told otherwise. */
export function startedBy(
	type: string,
	credential: string,
	parameters: Record<string, unknown>,
): WorkflowFile {
	const node = {
		id: crypto.randomUUID(),
		name,
		type: `n8n-nodes-marketplace-messages.${type}`,
		typeVersion: 1,
		position: [0, 0] as [number, number],
		parameters: { pollTimes: { item: everyFiveSeconds }, ...parameters },
		credentials: { [credential]: { id: '', name: '' } },
		webhookId: crypto.randomUUID(),
	};
	return { name: type, nodes: [node], connections: {} };
}

/** The workflow with a node that does nothing for so many seconds. */
export function andThenWaits(workflow: WorkflowFile, seconds: number): WorkflowFile {
	const node = {
		id: crypto.randomUUID(),
		name: 'Wait',
		type: 'n8n-nodes-base.wait',
		typeVersion: 1.1,
		position: [200, 0] as [number, number],
		parameters: { resume: 'timeInterval', amount: seconds, unit: 'seconds' },
		webhookId: crypto.randomUUID(),
	};
	return {
		...workflow,
		nodes: [...workflow.nodes, node],
		connections: { [name]: { main: [[{ node: node.name, type: 'main', index: 0 }]] } },
	};
}

/** @returns every item that the workflow was started with, the oldest first, with the time of the start */
export async function startsOf(
	n8n: N8n,
	workflowId: string,
): Promise<Array<{ json: Record<string, unknown>; startedAt: number }>> {
	const found: Array<{ json: Record<string, unknown>; startedAt: number }> = [];
	for (const { id } of (await n8n.executions(workflowId)).reverse()) {
		const { startedAt } = await n8n.api<{ startedAt: string }>('GET', `/executions/${id}`);
		const { output } = await n8n.finished(id);
		for (const { json } of output[name]?.[0] ?? []) {
			found.push({ json, startedAt: Date.parse(startedAt) });
		}
	}
	return found;
}

/** @throws where it does not come true in time; n8n and the marketplaces' limits take seconds, not more */
export async function until(what: string, isTrue: () => Promise<boolean> | boolean): Promise<void> {
	const deadline = Date.now() + 90_000;
	while (!(await isTrue())) {
		if (Date.now() > deadline) throw new Error(`Not in time: ${what}`);
		await wait(100);
	}
}
