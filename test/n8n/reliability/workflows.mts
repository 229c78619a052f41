/** Workflows that send one Amazon message for each order, as a seller would build them. */
import type { Simulator } from '../../marketplaces/simulator.mts';
import type { WorkflowFile, WorkflowNode } from '../instance.mts';

export const US = 'ATVPDKIKX0DER';

/** `907-0000000-0000000` and on: orders of the simulator for which every message is allowed. */
export function addOrders({ amazon, clock }: Simulator, count: number, from = 0): string[] {
	const orders = Array.from(
		{ length: count },
		(_, i) => `907-0000000-${String(from + i).padStart(7, '0')}`,
	);
	const now = new Date(clock.now()).toISOString();
	amazon.state.addOrders(
		orders.map((orderId) => ({
			orderId,
			marketplaceId: US,
			createdTime: now,
			lastUpdatedTime: now,
			fulfillmentStatus: 'SHIPPED',
			actions: ['confirmCustomizationDetails', 'warranty'],
		})),
	);
	return orders;
}

/** Whoever sends waits for no limit of Amazon's. */
export function withoutLimits({ amazon }: Simulator): void {
	amazon.state.plans.set('*', { rate: 100_000, burst: 100_000 });
}

/** @returns how many messages about it arrived */
export function arrivals({ received }: Simulator, about: string): number {
	return received.filter(({ reference }) => reference === about).length;
}

/** As a workflow gets them: each with the PDF for its buyer. */
export const withFiles = (orders: string[]) =>
	orders.map((orderId) => ({ orderId, pdf: pdfFor(orderId).toString('base64') }));

export const pdfFor = (orderId: string) => Buffer.from(`%PDF-1.4\n% ${orderId}\n%%EOF\n`);

/** Orders are known beforehand: run by hand. */
export const byHand = (orders: object[]): WorkflowNode[] => [
	node('Start', 'manualTrigger', 1, {}),
	node('Given', 'set', 3.4, { mode: 'raw', jsonOutput: JSON.stringify({ orders }) }),
	node('Orders', 'splitOut', 1, { fieldToSplitOut: 'orders', options: {} }),
];

/** Orders come in as `{ orders: [] }` to `/webhook/<path>`; the call returns at once. */
export const byCall = (path: string): WorkflowNode[] => [
	{
		...node('Start', 'webhook', 2, { httpMethod: 'POST', path, options: {} }),
		webhookId: `10000000-0000-4000-8000-${Buffer.from(path).toString('hex').padStart(12, '0').slice(-12)}`,
	},
	node('Orders', 'splitOut', 1, { fieldToSplitOut: 'body.orders', options: {} }),
];

/** Makes `pdf` of each order a file. */
export const files = node('File', 'convertToFile', 1.1, {
	operation: 'toBinary',
	sourceProperty: 'pdf',
	binaryPropertyName: 'data',
	options: { fileName: 'letter.pdf', mimeType: 'application/pdf' },
});

/** Our node; a message for each order. */
export const send = (options: object, withFile = true): WorkflowNode => ({
	...node('Send', 'n8n-nodes-marketplace-messages.amazonMessaging', 1, {
		resource: 'message',
		operation: 'send',
		marketplaceId: US,
		orderId: "={{ $('Orders').item.json.orderId }}",
		messageType: 'confirmCustomizationDetails',
		text: "=Which name shall we engrave for {{ $('Orders').item.json.orderId }}?",
		...(withFile ? { attachments: { file: [{ binaryPropertyName: 'data', fileName: '' }] } } : {}),
		options,
	}),
	credentials: { amazonSellingPartnerApi: { id: '', name: '' } },
	onError: 'continueRegularOutput',
});

/** A node of n8n's own by its short name, any other by its whole name. */
export function node(
	name: string,
	type: string,
	typeVersion: number,
	parameters: Record<string, unknown>,
): WorkflowNode {
	const whole = type.includes('.') ? type : `n8n-nodes-base.${type}`;
	return { id: name, name, type: whole, typeVersion, position: [0, 0], parameters };
}

/** The nodes one after the other. */
export function chain(name: string, nodes: WorkflowNode[]): WorkflowFile {
	const links = nodes
		.slice(1)
		.map((next, i) => [nodes[i].name, { main: [[{ node: next.name, type: 'main', index: 0 }]] }]);
	return {
		name,
		nodes: nodes.map((one, i) => ({ ...one, position: [220 * i, 0] })),
		connections: Object.fromEntries(links),
		settings: { executionOrder: 'v1' },
	};
}
