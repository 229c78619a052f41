import { Container, type Constructable } from '@n8n/di';
import type { IDataObject, IExecuteFunctions, INodeType } from 'n8n-workflow';

import { runNode, type NodeUnderTest } from './engine.mts';

/** A node that does what a test says: for what lies below the nodes and wants n8n's own helpers. */
export function probeNode(
	execute: (context: IExecuteFunctions) => Promise<IDataObject>,
): NodeUnderTest {
	const node: INodeType = {
		description: {
			displayName: 'Probe',
			name: 'probe',
			group: ['transform'],
			version: 1,
			description: '',
			defaults: { name: 'Probe' },
			inputs: ['main'],
			outputs: ['main'],
			properties: [],
		},
		async execute() {
			return [[{ json: await execute(this) }]];
		},
	};
	return { node, credentialTypes: [], credentials: {} };
}

/** What a function gives, or throws, that is called with the functions n8n gives to a node. */
export async function withContext<T>(use: (context: IExecuteFunctions) => Promise<T>): Promise<T> {
	let end: Promise<T> | undefined;
	await runNode(
		probeNode(async (context) => {
			end = use(context);
			await end.catch(() => undefined);
			return {};
		}),
		{ parameters: {} },
	);
	return await end!;
}

/** Switches n8n's protection against requests to private addresses on or off; n8n-core has a configuration of its own. */
export async function protectFromSsrf(enabled: boolean): Promise<void> {
	const path = require.resolve('@n8n/config', { paths: [require.resolve('n8n-core')] });
	const { SsrfProtectionConfig } = (await import(path)) as {
		SsrfProtectionConfig: Constructable<{ enabled: boolean }>;
	};
	Container.get(SsrfProtectionConfig).enabled = enabled;
}
