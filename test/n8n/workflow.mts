/** What the tests' workflows are put together from. */
import type { WorkflowFile, WorkflowNode } from './instance.mts';

/** Where a workflow starts by hand. */
export const start: WorkflowNode = {
	id: 'start',
	name: 'Start',
	type: 'n8n-nodes-base.manualTrigger',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

const credentials = {
	amazonMessaging: 'amazonSellingPartnerApi',
	ebayMemberMessage: 'ebayApi',
	magaluTicketMessage: 'magaluOAuth2Api',
} as const;

/**
 * One of our nodes.
 * @param id of its credential; the demo's where it is left out
 */
export function ours(
	name: string,
	type: keyof typeof credentials,
	parameters: Record<string, unknown>,
	id = '',
): WorkflowNode {
	return {
		id: name,
		name,
		type: `n8n-nodes-marketplace-messages.${type}`,
		typeVersion: 1,
		position: [0, 0],
		parameters,
		credentials: { [credentials[type]]: { id, name: '' } },
	};
}

/** Each node goes on with what the one before it brings. */
export function inARow(name: string, nodes: WorkflowNode[]): WorkflowFile {
	const all = [start, ...nodes];
	return {
		name,
		nodes: all.map((node, i) => ({ ...node, position: [220 * i, 0] })),
		connections: Object.fromEntries(nodes.map((node, i) => [all[i]!.name, { main: [[to(node)]] }])),
	};
}

/** Each node runs once, from the start, in this order; the canvas opens with all of them in sight. */
export function sideBySide(name: string, nodes: WorkflowNode[]): WorkflowFile {
	return {
		name,
		nodes: [start, ...nodes.map((node, i) => ({ ...node, position: [300, 160 * i] as never }))],
		connections: { Start: { main: [nodes.map(to)] } },
		settings: { executionOrder: 'v1' },
		// n8n cannot execute a single step of a workflow that was saved without this.
		pinData: {},
	};
}

const to = ({ name }: WorkflowNode) => ({ node: name, type: 'main', index: 0 });
