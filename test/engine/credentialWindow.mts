import { RoutingNode } from 'n8n-core';
import {
	CREDENTIAL_BLANKING_VALUE,
	CREDENTIAL_EMPTY_VALUE,
	createEmptyRunExecutionData,
	NodeHelpers,
	Workflow,
	type ICredentialDataDecryptedObject,
	type ICredentialTestRequestData,
	type ICredentialType,
	type IExecuteData,
	type INode,
	type INodeParameters,
	type INodeType,
	type INodeTypes,
} from 'n8n-workflow';

import { Credentials } from './credentials.mts';
import { additionalDataOf, ExecuteContext } from './engine.mts';

/** What n8n's window of a credential shows after a save: nothing, or the red box. */
export type Box = string | undefined;

/** What n8n holds encrypted in its database: decrypted data by type. */
export type Store = Record<string, ICredentialDataDecryptedObject>;

const SENTINELS: unknown[] = [CREDENTIAL_BLANKING_VALUE, CREDENTIAL_EMPTY_VALUE];

/**
 * n8n's window of a credential, as far as it matters what it holds, what it sends, and what the server makes
 * of it (n8n 1.123 and 2.40: `credentials.service`, `credentials-tester.service`, the editor's
 * `CredentialEdit`). Given a stored credential it opens that one, otherwise it is a new one.
 */
export function openWindow(type: ICredentialType, store: Store) {
	const stored = store[type.name];
	const held: ICredentialDataDecryptedObject = stored ? redacted(type, stored) : {};
	for (const { name, default: value } of type.properties) {
		if (!(name in held)) held[name] = value as string;
	}
	return {
		write(values: Record<string, string>) {
			Object.assign(held, values);
		},
		/** Saves, and tests what the window holds. */
		async save(): Promise<Box> {
			const sent = NodeHelpers.getNodeParameters(
				type.properties,
				held as INodeParameters,
				false,
				false,
				null,
				null,
			) as ICredentialDataDecryptedObject;
			store[type.name] = store[type.name] ? restored(sent, store[type.name]!) : sent;
			return await testCredential(type, store, restored(held, store[type.name]!));
		},
	};
}

/** What the server sends to a window: no secret, and nothing of a field that is empty. */
function redacted(type: ICredentialType, data: ICredentialDataDecryptedObject) {
	const shown = structuredClone(data);
	for (const [name, value] of Object.entries(shown)) {
		const field = type.properties.find((one) => one.name === name);
		// n8n 1 asks every such value how it begins, and cannot open the credential where one is no text.
		if (field?.typeOptions?.password && !(value as string).startsWith('={{')) {
			shown[name] = value === '' ? CREDENTIAL_EMPTY_VALUE : CREDENTIAL_BLANKING_VALUE;
		}
		if (shown[name] === '') delete shown[name];
	}
	return shown;
}

/** What the server takes from a window: what it was not told stays as it is stored. */
function restored(
	sent: ICredentialDataDecryptedObject,
	stored: ICredentialDataDecryptedObject,
): ICredentialDataDecryptedObject {
	const entries = Object.entries(structuredClone(sent));
	return Object.fromEntries(
		entries.map(([name, value]) => [name, SENTINELS.includes(value) ? stored[name] : value]),
	) as ICredentialDataDecryptedObject;
}

/** n8n's own test of a credential: a node with one request, which is made with the credential. */
async function testCredential(
	type: ICredentialType,
	store: Store,
	tested: ICredentialDataDecryptedObject,
): Promise<Box> {
	const node: INode = {
		id: 'temp',
		name: 'Temp-Node',
		// As n8n's own test has it, and not 'n8n-nodes-base.noOp', for which it means to sign in every time.
		type: 'noOp',
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
		credentials: { [type.name]: { id: type.name, name: type.name } },
	};
	const nodeType = {
		description: {
			displayName: 'No Operation',
			name: node.type,
			version: 1,
			inputs: ['main'],
			outputs: ['main'],
			credentials: [{ name: type.name, required: true }],
			properties: [
				{
					displayName: 'Temp',
					name: 'temp',
					type: 'string',
					routing: { request: (type.test as ICredentialTestRequestData['testRequest']).request },
					default: '',
				},
			],
		},
	} as unknown as INodeType;
	const nodeTypes = { getByNameAndVersion: () => nodeType } as unknown as INodeTypes;
	const workflow = new Workflow({ nodes: [node], connections: {}, active: false, nodeTypes });
	const [data] = [{ main: [[{ json: {} }]] }];
	const executeData: IExecuteData = { node, data: {}, source: null };
	const context = new ExecuteContext(
		workflow,
		workflow.nodes['Temp-Node']!,
		additionalDataOf(new Credentials([type], store), 'internal', '0'),
		'internal',
		createEmptyRunExecutionData(),
		0,
		[],
		data,
		executeData,
		[],
	);
	const defaults = Object.fromEntries(type.properties.map((one) => [one.name, one.default]));
	const decrypted = { ...defaults, ...definedOf(tested) } as ICredentialDataDecryptedObject;
	const credential = { id: type.name, name: type.name, type: type.name, data: decrypted };
	await workflow.expression.acquireIsolate();
	try {
		await new RoutingNode(context, nodeType, credential).runNode();
		return undefined;
	} catch (error) {
		const { cause, message } = error as Error & {
			cause?: { response?: { status: number; statusText?: string }; code?: string };
		};
		if (cause?.response) return cause.response.statusText ?? `HTTP ${cause.response.status}`;
		return cause?.code ?? message;
	} finally {
		await workflow.expression.releaseIsolate();
	}
}

const definedOf = (data: ICredentialDataDecryptedObject) =>
	Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined));
