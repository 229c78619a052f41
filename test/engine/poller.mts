/** Polls a trigger as n8n does, by either of its schedulers (n8n 2.40: cli, triggers and scheduling). */
import { additionalDataOf, nextExecutionId, nodeOf } from './engine.mts';
import type { NodeUnderTest } from './engine.mts';

import { PollContext } from 'n8n-core';
import type {
	IDataObject,
	INodeExecutionData,
	INodeParameters,
	Workflow,
	WorkflowActivateMode,
} from 'n8n-workflow';

import { Credentials } from './credentials.mts';
import { switchedOnWorkflow } from './workflow.mts';

/**
 * `memory`: the workflow stays in memory while it is on, and its static data is saved when it is switched
 * on and on every emit. `durable`: each tick gets a copy of what was saved, and what it leaves is saved
 * also where it found nothing; but not so the switching on, of which only the workflow's own data is.
 */
export type Scheduler = 'memory' | 'durable';

export const schedulers: Scheduler[] = ['memory', 'durable'];

export interface Poller {
	/** The first one switches the workflow on. */
	poll(mode?: 'trigger' | 'manual'): Promise<INodeExecutionData[] | null>;
	/** What n8n has saved for the node. */
	state(): IDataObject;
	/** n8n was started anew. */
	restart(): void;
	/** The node got another name, and the workflow was published with it. */
	rename(name: string): void;
	/** The workflow was switched off; the next poll is that of switching it on. */
	switchOff(): void;
}

/** Of the time that n8n gives a poll, in milliseconds: 45 s less a margin with the durable scheduler. */
const DURABLE_BUDGET_MS = 36_000;

export function pollerOf(
	test: NodeUnderTest,
	parameters: INodeParameters,
	scheduler: Scheduler = 'memory',
): Poller {
	const node = nodeOf(test, parameters, {});
	const credentials = new Credentials(test.credentialTypes, test.credentials);
	const open = (staticData: string) => switchedOnWorkflow(node, test.node, staticData);
	/** Static data of the workflow, and with the durable scheduler that of the node beside it. */
	let saved = '{}';
	let cursor: string | undefined;
	let running: Workflow | undefined;
	let next: WorkflowActivateMode = 'activate';

	async function ask(
		workflow: Workflow,
		mode: 'trigger' | 'manual',
		activation: WorkflowActivateMode,
		kept?: IDataObject,
		budget?: number,
	): Promise<INodeExecutionData[] | null> {
		const context = new PollContext(
			workflow,
			node,
			additionalDataOf(credentials, mode, nextExecutionId()),
			mode,
			activation,
			undefined,
			undefined,
			undefined,
			undefined,
			kept && (() => kept),
			budget === undefined ? undefined : () => budget,
		);
		await workflow.expression.acquireIsolate();
		try {
			const output = await test.node.poll!.call(context);
			return output === null ? null : output[0]!;
		} finally {
			await workflow.expression.releaseIsolate();
		}
	}

	async function inMemory(): Promise<INodeExecutionData[] | null> {
		const switching = running === undefined;
		const workflow = (running ??= open(saved));
		const asked = ask(workflow, 'trigger', next);
		// A workflow whose first poll fails is not on.
		const items = await asked.catch((error: unknown) => {
			if (switching) running = undefined;
			throw error;
		});
		if ((switching && next === 'activate') || items !== null) {
			saved = JSON.stringify(workflow.staticData);
		}
		return items;
	}

	async function durable(): Promise<INodeExecutionData[] | null> {
		const switching = next === 'activate';
		const workflow = open(saved);
		cursor ??= JSON.stringify(workflow.getStaticData('node', node));
		const kept = JSON.parse(cursor) as IDataObject;
		const items = switching
			? await ask(workflow, 'trigger', 'activate', kept)
			: await ask(workflow, 'trigger', 'update', kept, DURABLE_BUDGET_MS);
		if (items !== null || !switching) cursor = JSON.stringify(kept);
		if (switching) saved = JSON.stringify(workflow.staticData);
		next = 'update';
		return items;
	}

	return {
		async poll(mode = 'trigger') {
			if (mode === 'manual') return await ask(running ?? open(saved), mode, 'manual');
			return scheduler === 'memory' ? await inMemory() : await durable();
		},
		state: () => running?.staticData ?? (JSON.parse(cursor ?? saved) as IDataObject),
		restart() {
			running = undefined;
			next = scheduler === 'memory' ? 'init' : 'update';
		},
		rename(name) {
			node.name = name;
			running = undefined;
			next = 'update';
		},
		switchOff() {
			running = undefined;
			next = 'activate';
		},
	};
}
