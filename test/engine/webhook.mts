/** A webhook trigger as n8n runs it: an address on 127.0.0.1, hooks that switch it on and off, state that is saved. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { HookContext, WebhookContext } from 'n8n-core';
import type {
	IDataObject,
	INodeExecutionData,
	INodeParameters,
	INodeType,
	IWebhookData,
	IWebhookDescription,
	Workflow,
	WorkflowExecuteMode,
} from 'n8n-workflow';

import { Credentials } from './credentials.mts';
import { additionalDataOf, nodeOf, type NodeUnderTest } from './engine.mts';
import { switchedOnWorkflow } from './workflow.mts';

export interface Webhook {
	/** Where the marketplace calls. */
	endpoint: string;
	/** What the workflow was started with, in order. */
	started: INodeExecutionData[];
	/** What the node wrote into n8n's log, as it is set by default. */
	logged: string[];
	/** What it wrote for whoever looks for the cause of a failure. */
	debugged: string[];
	/** Switches the workflow on, as n8n does: what is there already is not made again. */
	activate(mode?: 'trigger' | 'manual'): Promise<void>;
	deactivate(): Promise<void>;
	/** Goes on with the node of another process, and the state that was saved. */
	restart(node: INodeType): void;
	/** Another main process, with the node of its own: from now on calls go to all in turn. */
	join(node: INodeType): void;
	/** What n8n keeps for the node. */
	state(): IDataObject;
	close(): Promise<void>;
}

/**
 * @param mode `manual`: the editor listens
 * @param address where n8n believes that it can be called (`WEBHOOK_URL`); left out: where it really can
 */
export async function webhookOf(
	test: NodeUnderTest,
	parameters: INodeParameters,
	mode: WorkflowExecuteMode = 'webhook',
	address?: string,
): Promise<Webhook> {
	const webhookId = `hook-${Math.random().toString(36).slice(2)}`;
	const node = nodeOf(test, parameters, { webhookId, id: webhookId });
	const credentials = new Credentials(test.credentialTypes, test.credentials);
	const started: INodeExecutionData[] = [];
	const logged: string[] = [];
	const debugged: string[] = [];
	let processes = [test.node];
	let calls = 0;
	let saved = '{}';
	/** n8n reads the workflow from its database for each call. */
	const load = () => switchedOnWorkflow(node, processes[0]!, saved);
	const save = (workflow: Workflow) => void (saved = JSON.stringify(workflow.staticData));
	const server = createServer((request, response) => void serve(request, response));
	await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
	const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	const path = mode === 'manual' ? 'webhook-test' : 'webhook';

	const additionalData = () =>
		Object.assign(additionalDataOf(credentials, mode, '1'), {
			webhookBaseUrl: `${address ?? origin}/webhook`,
			webhookTestBaseUrl: `${address ?? origin}/webhook-test`,
		});
	const dataOf = (
		webhookDescription: IWebhookDescription,
		isTest = mode === 'manual',
	): IWebhookData => ({
		httpMethod: webhookDescription.httpMethod as 'GET',
		node: node.name,
		path: `${webhookId}/${webhookDescription.path}`,
		webhookDescription,
		workflowId: 'w1',
		workflowExecuteAdditionalData: additionalData(),
		isTest,
	});
	const descriptionOf = (method: string) =>
		test.node.description.webhooks!.find(({ httpMethod }) => httpMethod === method);
	const heard = <T extends { logger: object }>(context: T): T => {
		const writing =
			(lines: string[]) =>
			(...said: unknown[]) =>
				void lines.push(
					said.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))).join(' '),
				);
		const [debug, said] = [writing(debugged), writing(logged)];
		Object.defineProperty(context, 'logger', {
			value: { debug, info: said, warn: said, error: said },
		});
		return context;
	};

	async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const chunks: Buffer[] = [];
		for await (const chunk of request) chunks.push(chunk as Buffer);
		const url = new URL(request.url!, origin);
		const description = descriptionOf(request.method!);
		if (!description || url.pathname !== `/${path}/${webhookId}/${description.path}`) {
			response.writeHead(404).end();
			return;
		}
		const process = processes[calls++ % processes.length]!;
		const workflow = load();
		const data = additionalData();
		const rawBody = Buffer.concat(chunks);
		data.httpRequest = Object.assign(request, {
			rawBody,
			body: {},
			params: {},
			query: Object.fromEntries(url.searchParams),
		}) as never;
		data.httpResponse = expressLike(response) as never;
		const context = new WebhookContext(workflow, node, data, mode, dataOf(description), [], null);
		await workflow.expression.acquireIsolate();
		try {
			const answer = await process.webhook!.call(heard(context));
			started.push(...(answer.workflowData?.[0] ?? []));
			save(workflow);
		} finally {
			await workflow.expression.releaseIsolate();
			if (!response.writableEnded) response.writeHead(500).end();
		}
	}

	async function hook(name: 'checkExists' | 'create' | 'delete', as: WorkflowExecuteMode) {
		const workflow = load();
		const description = descriptionOf('POST')!;
		const activation = as === 'manual' ? 'manual' : 'activate';
		const data = dataOf(description, as === 'manual');
		const context = new HookContext(workflow, node, additionalData(), as, activation, data);
		await workflow.expression.acquireIsolate();
		try {
			return await processes[0]!.webhookMethods!.default![name]!.call(heard(context));
		} finally {
			save(workflow);
			await workflow.expression.releaseIsolate();
		}
	}

	return {
		endpoint: `${origin}/${path}/${webhookId}/${descriptionOf('POST')!.path}`,
		started,
		logged,
		debugged,
		async activate(as = 'trigger') {
			if (!(await hook('checkExists', as))) await hook('create', as);
		},
		async deactivate() {
			await hook('delete', 'trigger');
		},
		restart: (again) => void (processes = [again]),
		join: (other) => void processes.push(other),
		state: () => load().getStaticData('node', node),
		async close() {
			server.closeAllConnections();
			await new Promise<void>((closed) => server.close(() => closed()));
		},
	};
}

/** The parts of express that webhook nodes use. */
function expressLike(response: ServerResponse) {
	const like = {
		status(code: number) {
			response.statusCode = code;
			return like;
		},
		json(body: object) {
			response.setHeader('content-type', 'application/json');
			response.end(JSON.stringify(body));
			return like;
		},
		end() {
			response.end();
			return like;
		},
	};
	return like;
}
