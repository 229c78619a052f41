/**
 * Runs our nodes in n8n's real engine (n8n-core), without a server or a database.
 *
 * The engine wants its environment before it is loaded, so this file is imported before anything of n8n.
 */
import { newFolder } from './folders.mts';

process.env.N8N_ENCRYPTION_KEY ??= 'a key for tests';
process.env.N8N_USER_FOLDER ??= newFolder();
process.env.N8N_LOG_LEVEL ??= 'silent';

import 'reflect-metadata';
import { Container } from '@n8n/di';
import {
	BinaryDataConfig,
	BinaryDataService,
	DataDeduplicationService,
	ExecuteContext,
	ExecutionLifecycleHooks,
	LoadOptionsContext,
	WorkflowExecute,
} from 'n8n-core';
import {
	createRunExecutionData,
	NodeHelpers,
	Workflow,
	type IBinaryData,
	type ICredentialDataDecryptedObject,
	type ICredentialType,
	type IDataObject,
	type INode,
	type INodeExecutionData,
	type INodeParameters,
	type INodeType,
	type INodeTypes,
	type IRun,
	type ITaskData,
	type IWorkflowExecuteAdditionalData,
	type NodeExecutionHint,
	type WorkflowExecuteMode,
} from 'n8n-workflow';

import { Credentials } from './credentials.mts';
import { Notes } from './notes.mts';

// n8n is loaded once for many test files: each begins with services of its own.
Container.reset();
Object.assign(DataDeduplicationService, { instance: undefined });

export interface NodeUnderTest {
	node: INodeType;
	/** The credential types that the node knows. */
	credentialTypes: ICredentialType[];
	/** Decrypted data by type; what the engine stores while running goes back into it. */
	credentials: Record<string, ICredentialDataDecryptedObject>;
}

export interface RunOptions {
	parameters: INodeParameters;
	items?: INodeExecutionData[];
	/** Node settings: `onError`, `retryOnFail`, `maxTries`, … */
	settings?: Partial<INode>;
	workflowSettings?: IDataObject;
	mode?: WorkflowExecuteMode;
	executionId?: string;
	/** The node runs so many times in the execution, as in a loop (default 1). */
	rounds?: number;
	/** Told of the run as it begins; `cancel` is what n8n's stop button does. */
	onStart?: (execute: WorkflowExecute, cancel: () => void) => void;
}

export interface RunResult {
	run: IRun;
	task: ITaskData;
	/** What came out of the first output; empty where the node failed. */
	items: INodeExecutionData[];
	/** What came out of the error output. */
	errors: INodeExecutionData[];
	error: ThrownByNode | undefined;
	hints: NodeExecutionHint[];
}

/** The parts of a node's error that tests look at. */
export interface ThrownByNode {
	name: string;
	message: string;
	description: string;
	httpCode?: string | null;
	context: { itemIndex?: number; details?: Record<string, unknown> };
}

const START: INodeType = {
	description: {
		displayName: 'Start',
		name: 'start',
		group: ['transform'],
		version: 1,
		description: '',
		defaults: { name: 'Start' },
		inputs: ['main'],
		outputs: ['main'],
		properties: [],
	},
	async execute() {
		return [this.getInputData()];
	},
};

export const TYPE = 'test.nodeUnderTest';
/** The twin that n8n makes of a node for agents. */
export const TOOL = `${TYPE}Tool`;

export function nodeTypesOf(node: INodeType): INodeTypes {
	const types: Record<string, INodeType> = { 'test.start': START, [TYPE]: node, [TOOL]: node };
	return {
		getByName: (type) => types[type]!,
		getByNameAndVersion: (type, version) => NodeHelpers.getVersionedNodeType(types[type]!, version),
		getKnownTypes: () => ({}),
	};
}

let executions = 0;

export const nextExecutionId = () => String(++executions);

/** A node remembers in memory, too, what it wrote to n8n's store. */
let stores = 0;

export const nodeId = () => `node-${stores}`;

export function additionalDataOf(
	credentials: Credentials,
	mode: WorkflowExecuteMode,
	executionId: string,
): IWorkflowExecuteAdditionalData {
	const url = 'http://localhost:5678';
	const workflowData = { id: 'w1', name: 't', nodes: [], connections: {}, active: false };
	return {
		credentialsHelper: credentials,
		executionId,
		currentNodeExecutionIndex: 0,
		variables: {},
		restApiUrl: `${url}/rest`,
		instanceBaseUrl: url,
		formWaitingBaseUrl: `${url}/form-waiting`,
		webhookBaseUrl: `${url}/webhook`,
		webhookWaitingBaseUrl: `${url}/webhook-waiting`,
		webhookTestBaseUrl: `${url}/webhook-test`,
		formBaseUrl: `${url}/form`,
		formTestBaseUrl: `${url}/form-test`,
		mcpBaseUrl: `${url}/mcp`,
		mcpTestBaseUrl: `${url}/mcp-test`,
		hooks: new ExecutionLifecycleHooks(mode, executionId, workflowData as never),
		executeWorkflow: async () => {
			throw new Error('no sub-workflows here');
		},
		getRunExecutionData: async () => undefined,
		logAiEvent() {},
		startRunnerTask: async () => {
			throw new Error('no runners here');
		},
	} as unknown as IWorkflowExecuteAdditionalData;
}

export function nodeOf(
	test: NodeUnderTest,
	parameters: INodeParameters,
	settings: Partial<INode>,
): INode {
	const credentials = Object.fromEntries(
		Object.keys(test.credentials).map((type) => [type, { id: type, name: type }]),
	);
	const position: [number, number] = [0, 0];
	const version = test.node.description.version;
	return {
		id: nodeId(),
		name: 'Node',
		type: TYPE,
		typeVersion: Array.isArray(version) ? version.at(-1)! : version,
		position,
		parameters,
		credentials,
		...settings,
	};
}

/** Runs the node once over the items, as a workflow Start -> Node would. */
export async function runNode(test: NodeUnderTest, options: RunOptions): Promise<RunResult> {
	const { parameters, items = [{ json: {} }], settings = {}, mode = 'trigger' } = options;
	const start: INode = {
		id: 'start-1',
		name: 'Start',
		type: 'test.start',
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
	};
	const node = nodeOf(test, parameters, settings);
	const workflow = new Workflow({
		id: 'w1',
		name: 't',
		nodes: [start, node],
		connections: { Start: { main: [[{ node: 'Node', type: 'main', index: 0 }]] } },
		active: false,
		nodeTypes: nodeTypesOf(test.node),
		settings: { executionOrder: 'v1', ...options.workflowSettings },
	});
	const executionId = options.executionId ?? String(++executions);
	const credentials = new Credentials(test.credentialTypes, test.credentials);
	const additionalData = additionalDataOf(credentials, mode, executionId);
	const data = createRunExecutionData({
		executionData: {
			nodeExecutionStack: Array.from({ length: options.rounds ?? 1 }, () => ({
				node: start,
				data: { main: [items] },
				source: null,
			})),
		},
	});
	await workflow.expression.acquireIsolate();
	try {
		const execute = new WorkflowExecute(additionalData, mode, data);
		const running = execute.processRunExecutionData(workflow);
		options.onStart?.(execute, () => running.cancel());
		return resultOf(await running);
	} finally {
		await workflow.expression.releaseIsolate();
	}
}

function resultOf(run: IRun): RunResult {
	const task = run.data.resultData.runData.Node?.at(-1) as ITaskData;
	const main = task?.data?.main ?? [];
	return {
		run,
		task,
		items: main[0] ?? [],
		errors: main[1] ?? [],
		error: (task?.error ?? run.data.resultData.error) as ThrownByNode | undefined,
		hints: task?.hints ?? [],
	};
}

/** A workflow with nothing but the node. */
export function workflowOf(test: NodeUnderTest, node: INode): Workflow {
	return new Workflow({
		id: 'w1',
		nodes: [node],
		connections: {},
		active: false,
		nodeTypes: nodeTypesOf(test.node),
		settings: {},
	});
}

/** Runs a list method of the editor (`listSearch`, `loadOptions`). */
export function loadOptionsOf(
	test: NodeUnderTest,
	parameters: INodeParameters,
): LoadOptionsContext {
	const node = nodeOf(test, parameters, {});
	const additionalData = additionalDataOf(
		new Credentials(test.credentialTypes, test.credentials),
		'internal',
		'0',
	);
	return new LoadOptionsContext(workflowOf(test, node), node, additionalData, '');
}

/** Files kept on disk, as in a real n8n 2; without this call they are kept in memory. */
export async function keepFilesOnDisk(): Promise<void> {
	Container.get(BinaryDataConfig).mode = 'filesystem';
	await Container.get(BinaryDataService).init();
}

let kept: Notes | undefined;

/** n8n's store of what was processed before, kept in memory: empty after every call, and of a node of its own. */
export async function keepNotes(): Promise<Notes> {
	stores += 1;
	if (!kept) await DataDeduplicationService.init((kept = new Notes()));
	kept.lists.clear();
	kept.reads = 0;
	return kept;
}

/** A file as an item carries it in memory mode. */
export function fileOf(bytes: Buffer | string, fileName: string, mimeType: string): IBinaryData {
	const buffer = Buffer.from(bytes as string);
	return {
		data: buffer.toString('base64'),
		fileName,
		mimeType,
		bytes: buffer.length,
		fileSize: `${buffer.length} B`,
	};
}

/** A file as an item carries it in filesystem mode. */
export async function storedFileOf(
	bytes: Buffer | string,
	fileName: string,
	mimeType: string,
): Promise<IBinaryData> {
	const location = { type: 'execution' as const, workflowId: 'w1', executionId: '1' };
	const binary: IBinaryData = { data: '', fileName, mimeType };
	const buffer = Buffer.from(bytes as string);
	return await Container.get(BinaryDataService).store(location, buffer, binary);
}

export { ExecuteContext };
