/**
 * A real n8n with the packed package in it, on 127.0.0.1: `const n8n = await startN8n({ home })`.
 * Nothing leaves this machine, and everything that n8n keeps is under `home`.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import {
	closeSync,
	existsSync,
	mkdirSync,
	openSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { type AddressInfo, createServer } from 'node:net';
import { delimiter, dirname, join, relative } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { installPackage, registerPackage } from './package.mts';

const folder = join(process.cwd(), 'test/n8n');
/** Where n8n is; another version than the one that is installed here, if the environment says so. */
export const modules = process.env.OTHER_N8N ?? join(folder, 'node_modules');
/** The Node 24 that this n8n wants, whatever runs the tests. */
export const node24 = join(folder, 'node_modules/node/bin/node');

export const owner = {
	email: 'owner@example.com',
	password: 'Marketplace-1',
	firstName: 'Demo',
	lastName: 'Owner',
};

export interface N8nOptions {
	/** The user folder; made where it is missing. */
	home: string;
	/** Default: any free one. */
	port?: number;
	env?: Record<string, string>;
	/** The packed package (`npm pack`), installed as n8n's own settings page would. */
	tarball?: string;
	/** Written into the database before n8n starts, under their fixed ids. */
	credentials?: DemoCredential[];
}

export interface DemoCredential {
	id: string;
	name: string;
	type: string;
	data: Record<string, unknown>;
}

export interface WorkflowNode {
	name: string;
	type: string;
	typeVersion: number;
	position: [number, number];
	parameters: Record<string, unknown>;
	id?: string;
	credentials?: Record<string, { id: string; name: string }>;
	[setting: string]: unknown;
}

export interface WorkflowFile {
	name: string;
	nodes: WorkflowNode[];
	connections: Record<string, unknown>;
	settings?: Record<string, unknown>;
	[setting: string]: unknown;
}

export interface OutputItem {
	json: Record<string, unknown>;
	binary?: Record<string, Record<string, unknown>>;
	pairedItem?: unknown;
}

export interface NodeType {
	/** With its package: `n8n-nodes-base.set`. */
	name: string;
	displayName: string;
	version: number | number[];
	[field: string]: unknown;
}

export interface Execution {
	id: string;
	/** `success`, `error`, `canceled`, … */
	status: string;
	/** Why the workflow stopped, where it did. */
	error?: { message: string; description?: string; [field: string]: unknown };
	/** The last run's items by node and output; an output without items is an empty list. */
	output: Record<string, OutputItem[][]>;
	/** How long each node's last run took, in milliseconds. */
	took: Record<string, number>;
}

export interface N8n {
	/** Of the process that runs the workflows. */
	pid: number;
	origin: string;
	home: string;
	/** Signs the owner in and keeps the session for `api`. Done by `startN8n` already. */
	login(): Promise<void>;
	/** n8n's own REST API, as the editor uses it: `api('GET', '/workflows')`. @returns what stands under `data` */
	api<T = unknown>(method: string, path: string, body?: object): Promise<T>;
	/**
	 * Credential references that n8n does not have are set by type, from those that it has. With `id` it replaces that workflow.
	 * @returns the workflow's id
	 */
	importWorkflow(workflow: WorkflowFile, id?: string): Promise<string>;
	/** @returns the credential's id */
	importCredential(credential: Omit<DemoCredential, 'id'>): Promise<string>;
	/** Runs by hand from the named trigger (default: the first one) and waits for the end. */
	runWorkflow(
		idOrName: string,
		options?: { trigger?: string; timeoutMs?: number },
	): Promise<Execution>;
	/** Starts by hand, as above, and does not wait. @returns the execution's id */
	startWorkflow(idOrName: string, options?: { trigger?: string }): Promise<string>;
	/** Waits until an execution is neither new nor running: ended, or waiting for a person or a time. */
	pausedOrFinished(id: string, timeoutMs?: number): Promise<Execution>;
	/** Switches a workflow on, and waits until its triggers have polled and its webhooks listen. @throws with what n8n says where they do not */
	activate(id: string): Promise<void>;
	/** Switches a workflow off, and waits until its triggers are gone. */
	deactivate(id: string): Promise<void>;
	/** The newest first. */
	executions(workflowId: string): Promise<Array<{ id: string; status: string }>>;
	execution(id: string): Promise<Execution>;
	/** Waits for the end of an execution. */
	finished(id: string, timeoutMs?: number): Promise<Execution>;
	/** Every node type that n8n loaded, as the editor sees them. */
	nodeTypes(): Promise<NodeType[]>;
	credentialTypes(): Promise<
		Array<{ name: string; displayName: string; [field: string]: unknown }>
	>;
	/** The bytes behind an item's binary field. */
	download(binaryId: string): Promise<Buffer>;
	/** Resolves when n8n is gone: with the reason and the end of its log, or with nothing after `stop`. */
	ended: Promise<string | undefined>;
	stop(): Promise<void>;
	/** SIGKILL: n8n has no time for a last word, as when the power goes. */
	kill(): Promise<void>;
}

/** A worker of n8n's queue mode. */
export interface Worker {
	stop(): Promise<void>;
}

/** Starts n8n and signs its owner in (and up, in a new home). @throws with the end of n8n's log where it does not come up */
export async function startN8n(options: N8nOptions): Promise<N8n> {
	const { home } = options;
	mkdirSync(home, { recursive: true });
	keepEditorElsewhere(home);
	const installed = options.tarball ? installPackage(home, options.tarball) : undefined;
	const port = options.port ?? (await freePort());
	const origin = `http://127.0.0.1:${port}`;
	const env = { ...settings(home, port, await freePort()), ...options.env };

	if (options.credentials?.length) await importBeforeStart(home, env, options.credentials);
	const server = launch(['start'], env, join(home, 'n8n.log'));
	try {
		await answering(origin, server);
		const n8n = client(origin, home, server);
		await n8n.login();
		const database = join(home, '.n8n/database.sqlite');
		if (installed && existsSync(database)) {
			await registerPackage(database, installed, await n8n.nodeTypes());
		}
		return n8n;
	} catch (error) {
		await server.stop();
		throw error;
	}
}

/**
 * Starts a worker beside an n8n of the same home; `env` says where the queue and the database are.
 * @throws with the end of its log where it does not come up
 */
export async function startWorker(
	home: string,
	name: string,
	concurrency: number,
	env: Record<string, string>,
): Promise<Worker> {
	const health = await freePort();
	const own = {
		...settings(home, health, await freePort()),
		QUEUE_HEALTH_CHECK_ACTIVE: 'true',
		QUEUE_HEALTH_CHECK_PORT: String(health),
		N8N_WORKER_SERVER_ADDRESS: '127.0.0.1',
	};
	const log = join(home, `${name}.log`);
	const worker = launch(['worker', `--concurrency=${concurrency}`], { ...own, ...env }, log);
	const deadline = Date.now() + 180_000;
	while (!(await ok(`http://127.0.0.1:${health}/healthz/readiness`))) {
		const ended = worker.ended();
		if (!ended && Date.now() < deadline) {
			await wait(200);
			continue;
		}
		await worker.stop();
		throw new Error(ended ?? `The worker did not come up:\n${endOf(log)}`);
	}
	return { stop: worker.stop };
}

/** No outside call is tried: no telemetry, news, templates, banners, licence renewal or list of verified packages. */
function settings(home: string, port: number, brokerPort: number): Record<string, string> {
	const origin = `http://127.0.0.1:${port}`;
	return {
		N8N_USER_FOLDER: home,
		N8N_HOST: '127.0.0.1',
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		N8N_PORT: String(port),
		N8N_EDITOR_BASE_URL: origin,
		WEBHOOK_URL: `${origin}/`,
		N8N_SECURE_COOKIE: 'false',
		N8N_RUNNERS_BROKER_LISTEN_ADDRESS: '127.0.0.1',
		N8N_RUNNERS_BROKER_PORT: String(brokerPort),
		N8N_PYTHON_ENABLED: 'false',
		N8N_DIAGNOSTICS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
		N8N_DYNAMIC_BANNERS_ENABLED: 'false',
		N8N_HIRING_BANNER_ENABLED: 'false',
		N8N_TEMPLATES_ENABLED: 'false',
		N8N_PERSONALIZATION_ENABLED: 'false',
		N8N_VERIFIED_PACKAGES_ENABLED: 'false',
		N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
		N8N_DISABLED_MODULES: ['mcp-registry', 'instance-ai', 'chat-hub', 'quick-connect']
			.filter(isModule)
			.join(','),
		// n8n asks npm for newer versions of what is installed, and waits for the answer.
		npm_config_offline: 'true',
		N8N_GRACEFUL_SHUTDOWN_TIMEOUT: '5',
		EXECUTIONS_DATA_SAVE_ON_SUCCESS: 'all',
		EXECUTIONS_DATA_SAVE_ON_ERROR: 'all',
		EXECUTIONS_DATA_SAVE_MANUAL_EXECUTIONS: 'true',
		GENERIC_TIMEZONE: 'UTC',
	};
}

/** n8n does not start where it is told of a module that it does not have. */
function isModule(name: string): boolean {
	const list = join(modules, '@n8n/backend-common/dist/modules/modules.config.js');
	return existsSync(list) && readFileSync(list, 'utf8').includes(`'${name}'`);
}

interface Server {
	pid: number;
	/** Set once the process is gone. */
	ended(): string | undefined;
	finished: Promise<number | null>;
	stop(): Promise<void>;
	kill(): Promise<void>;
}

/** A process group of its own, so that Ctrl-C reaches this process only and n8n is stopped in order. */
function launch(args: string[], env: Record<string, string>, logFile: string): Server {
	const log = openSync(logFile, 'w', 0o600);
	const ofParent = join(folder, 'endWithParent.cjs');
	const command = ['--require', ofParent, join(modules, 'n8n/bin/n8n'), ...args];
	const child: ChildProcess = spawn(node24, command, {
		env: {
			...ofThisMachine(),
			...env,
			PATH: [dirname(node24), join(modules, '.bin'), process.env.PATH].join(delimiter),
		},
		stdio: ['pipe', log, log],
		detached: true,
	});
	closeSync(log);
	const finished = new Promise<number | null>((resolve) => child.once('close', resolve));
	const signal = (name: NodeJS.Signals) => {
		try {
			if (child.pid) process.kill(-child.pid, name);
		} catch {
			// Already gone.
		}
	};
	let stopping = false;
	const atExit = () => signal('SIGKILL');
	process.once('exit', atExit);
	return {
		pid: child.pid ?? 0,
		finished,
		ended: () =>
			stopping || (child.exitCode === null && child.signalCode === null)
				? undefined
				: `n8n ended with ${child.exitCode ?? child.signalCode}:\n${endOf(logFile)}`,
		async stop() {
			stopping = true;
			signal('SIGTERM');
			const late = wait(15_000, 'late', { ref: false });
			if ((await Promise.race([finished, late])) === 'late') signal('SIGKILL');
			await finished;
			process.removeListener('exit', atExit);
		},
		async kill() {
			stopping = true;
			signal('SIGKILL');
			await finished;
			process.removeListener('exit', atExit);
		},
	};
}

/** Without what npm, jest and other instances of n8n put there: under NODE_ENV=test, for one, n8n does nothing. */
function ofThisMachine(): NodeJS.ProcessEnv {
	const others = /^(NODE_|JEST_|npm_|N8N_|DB_|EXECUTIONS_|QUEUE_|WEBHOOK_)/;
	return Object.fromEntries(Object.entries(process.env).filter(([name]) => !others.test(name)));
}

function endOf(file: string): string {
	return existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(-25).join('\n') : '';
}

/** n8n copies its editor into its home, where the linter would read it: all but `node_modules` is the linter's. */
function keepEditorElsewhere(home: string): void {
	const place = join(modules, '.cache/editors', relative(process.cwd(), home));
	mkdirSync(place, { recursive: true });
	rmSync(join(home, '.cache'), { recursive: true, force: true });
	symlinkSync(place, join(home, '.cache'));
}

/** n8n's own import command: it takes fixed ids and tokens, neither of which the REST API does. */
async function importBeforeStart(
	home: string,
	env: Record<string, string>,
	credentials: DemoCredential[],
): Promise<void> {
	const file = join(home, 'credentials.json');
	writeFileSync(file, JSON.stringify(credentials), { mode: 0o600 });
	try {
		const log = join(home, 'import.log');
		const command = launch(['import:credentials', `--input=${file}`], env, log);
		const late = wait(120_000, 'no answer', { ref: false });
		const code = await Promise.race([command.finished, late]);
		await command.stop();
		if (code !== 0) throw new Error(`n8n import:credentials: ${code}\n${endOf(log)}`);
	} finally {
		rmSync(file);
	}
}

/** `/healthz` answers before the database is ready; the settings say when the API is. */
async function answering(origin: string, server: Server): Promise<void> {
	const deadline = Date.now() + 180_000;
	for (const path of ['/healthz', '/healthz/readiness', '/rest/settings']) {
		while (!(await ok(`${origin}${path}`))) {
			const ended = server.ended();
			if (ended) throw new Error(ended);
			if (Date.now() > deadline) throw new Error(`n8n did not answer at ${origin}${path}`);
			await wait(200);
		}
	}
}

async function ok(url: string): Promise<boolean> {
	try {
		const answer = await fetch(url);
		await answer.arrayBuffer();
		return answer.ok && (answer.headers.get('content-type') ?? '').includes('json');
	} catch {
		return false;
	}
}

function client(origin: string, home: string, server: Server): N8n {
	let cookie = '';

	async function call(method: string, path: string, body?: object): Promise<Response> {
		const answer = await fetch(`${origin}${path}`, {
			method,
			headers: { cookie, ...(body ? { 'content-type': 'application/json' } : {}) },
			body: body ? JSON.stringify(body) : undefined,
		});
		if (answer.ok) return answer;
		throw new Error(`n8n: ${method} ${path}: ${answer.status} ${await answer.text()}`);
	}

	async function api<T>(method: string, path: string, body?: object): Promise<T> {
		const answer = (await (await call(method, `/rest${path}`, body)).json()) as { data: T };
		return answer.data;
	}

	async function login(): Promise<void> {
		const { userManagement } = await api<{
			userManagement: { showSetupOnFirstLoad: boolean };
		}>('GET', '/settings');
		const answer = userManagement.showSetupOnFirstLoad
			? await call('POST', '/rest/owner/setup', owner)
			: await call('POST', '/rest/login', {
					emailOrLdapLoginId: owner.email,
					password: owner.password,
				});
		cookie = answer.headers
			.getSetCookie()
			.map((line) => line.split(';')[0])
			.join('; ');
	}

	async function importWorkflow(workflow: WorkflowFile, id?: string): Promise<string> {
		const credentials = await api<DemoCredential[]>('GET', '/credentials');
		const { name, connections, settings = {}, pinData } = workflow;
		const nodes = workflow.nodes.map((node) => withCredentials(node, credentials));
		// n8n 1 wants to be told that it is off.
		const body = { name, nodes, connections, settings, pinData, active: false };
		if (id) await api('PATCH', `/workflows/${id}`, body);
		if (id) return id;
		return (await api<{ id: string }>('POST', '/workflows', body)).id;
	}

	async function startWorkflow(
		idOrName: string,
		{ trigger }: { trigger?: string } = {},
	): Promise<string> {
		const workflow = await find(idOrName);
		const start = trigger ?? workflow.nodes.find(isTrigger)?.name;
		if (!start) throw new Error(`The workflow "${workflow.name}" has no trigger to start from`);
		const { executionId } = await api<{ executionId: string }>(
			'POST',
			`/workflows/${workflow.id}/run`,
			{ triggerToStartFrom: { name: start } },
		);
		return executionId;
	}

	async function runWorkflow(
		idOrName: string,
		{ trigger, timeoutMs }: { trigger?: string; timeoutMs?: number } = {},
	): Promise<Execution> {
		return await finished(await startWorkflow(idOrName, { trigger }), timeoutMs);
	}

	const finished = async (id: string, timeoutMs?: number) =>
		await leftBehind(['new', 'running', 'waiting'], id, timeoutMs);

	async function leftBehind(states: string[], id: string, timeoutMs = 120_000): Promise<Execution> {
		const deadline = Date.now() + timeoutMs;
		for (;;) {
			const { status } = await api<{ status: string }>('GET', `/executions/${id}`);
			if (!states.includes(status)) return await execution(id);
			if (Date.now() > deadline) throw new Error(`Execution ${id} is still ${status}`);
			await wait(100);
		}
	}

	/** n8n answers before the triggers of a workflow are switched on or off. */
	async function publication(id: string, states: string[]): Promise<Publication> {
		const deadline = Date.now() + 120_000;
		for (;;) {
			const now = await publicationOf(id);
			if (now === undefined) return { status: states[0], triggers: [] };
			if (states.includes(now.status)) return now;
			if (Date.now() > deadline) throw new Error(`Workflow ${id} is still ${now.status}`);
			await wait(50);
		}
	}

	/** @returns nothing where n8n is too old to tell: it answers only when the triggers are switched on */
	async function publicationOf(id: string): Promise<Publication | undefined> {
		try {
			return await api<Publication>('GET', `/workflows/${id}/publication-status`);
		} catch (error) {
			if (/: 404 /.test(String(error))) return undefined;
			throw error;
		}
	}

	/** n8n 1 has no versions that are published, but a switch. */
	async function switchTo(active: boolean, id: string): Promise<void> {
		const { versionId } = await api<{ versionId: string }>('GET', `/workflows/${id}`);
		try {
			const path = `/workflows/${id}/${active ? 'activate' : 'deactivate'}`;
			await api('POST', path, active ? { versionId } : {});
		} catch (error) {
			if (!/: 404 /.test(String(error))) throw error;
			await api('PATCH', `/workflows/${id}`, { active, versionId });
		}
	}

	async function find(idOrName: string): Promise<WorkflowFile & { id: string }> {
		const all = await api<Array<{ id: string; name: string }>>('GET', '/workflows');
		const found = all.find(({ id, name }) => id === idOrName || name === idOrName);
		if (!found) throw new Error(`No workflow "${idOrName}"`);
		return await api('GET', `/workflows/${found.id}`);
	}

	async function execution(id: string): Promise<Execution> {
		const { status, data } = await api<{ status: string; data: string }>(
			'GET',
			`/executions/${id}`,
		);
		return { id, status, ...resultOf(data) };
	}

	return {
		origin,
		pid: server.pid,
		home,
		login,
		api,
		importWorkflow,
		importCredential: async (credential) =>
			(await api<{ id: string }>('POST', '/credentials', credential)).id,
		runWorkflow,
		startWorkflow,
		pausedOrFinished: async (id, timeoutMs) => await leftBehind(['new', 'running'], id, timeoutMs),
		async activate(id) {
			await switchTo(true, id);
			const { status, triggers } = await publication(id, ['published', 'partial', 'failed']);
			if (status === 'published') return;
			const said = triggers.map(({ errorMessage }) => errorMessage ?? '').join(' ');
			throw new Error(`n8n: the workflow was not switched on: ${said}`);
		},
		async deactivate(id) {
			await switchTo(false, id);
			await publication(id, ['not_published']);
		},
		async executions(workflowId) {
			const filter = encodeURIComponent(JSON.stringify({ workflowId }));
			const { results } = await api<{ results: Array<{ id: string; status: string }> }>(
				'GET',
				`/executions?filter=${filter}`,
			);
			return results.map(({ id, status }) => ({ id, status }));
		},
		execution,
		finished,
		nodeTypes: async () => (await (await call('GET', '/types/nodes.json')).json()) as NodeType[],
		credentialTypes: async () =>
			(await (await call('GET', '/types/credentials.json')).json()) as NodeType[],
		async download(binaryId) {
			const query = new URLSearchParams({ id: binaryId, action: 'download' });
			return Buffer.from(await (await call('GET', `/rest/binary-data?${query}`)).arrayBuffer());
		},
		ended: server.finished.then(() => server.ended()),
		stop: () => server.stop(),
		kill: () => server.kill(),
	};
}

interface Publication {
	/** `in_progress`, `not_published`, `published`, `partial`, `failed` */
	status: string;
	triggers: Array<{ errorMessage: string | null }>;
}

function withCredentials(node: WorkflowNode, credentials: DemoCredential[]): WorkflowNode {
	if (!node.credentials) return node;
	const references = Object.entries(node.credentials).map(([type, named]) => {
		const found =
			credentials.find((credential) => credential.type === type && credential.id === named.id) ??
			credentials.find((credential) => credential.type === type);
		if (!found) throw new Error(`"${node.name}" wants a credential of type ${type}, n8n has none`);
		return [type, { id: found.id, name: found.name }] as const;
	});
	return { ...node, credentials: Object.fromEntries(references) };
}

/** By n8n's own naming: trigger nodes end in `Trigger`. */
function isTrigger({ type }: WorkflowNode): boolean {
	return type.endsWith('Trigger');
}

interface RunData {
	resultData: {
		error?: Execution['error'];
		runData: Record<
			string,
			Array<{ executionTime?: number; data?: { main?: Array<OutputItem[] | null> } }>
		>;
	};
}

/** n8n keeps an execution as text that is flattened by reference (the `flatted` package). */
function resultOf(flattened: string): Pick<Execution, 'error' | 'output' | 'took'> {
	const { parse } = createRequire(join(folder, 'package.json'))('flatted') as {
		parse(text: string): RunData;
	};
	const { error, runData } = parse(flattened).resultData;
	const output = Object.entries(runData).map(([name, runs]) => [
		name,
		(runs.at(-1)?.data?.main ?? []).map((items) => items ?? []),
	]);
	const took = Object.entries(runData).map(([name, runs]) => [
		name,
		runs.at(-1)?.executionTime ?? 0,
	]);
	return { error, output: Object.fromEntries(output), took: Object.fromEntries(took) };
}

/** The preferred port of 127.0.0.1 where it is free, else one that the system chooses. */
export async function freePort(preferred = 0): Promise<number> {
	return await new Promise((resolve, reject) => {
		const server = createServer();
		server.once('error', (error) => (preferred ? resolve(freePort()) : reject(error)));
		server.listen(preferred, '127.0.0.1', () => {
			const { port } = server.address() as AddressInfo;
			server.close(() => resolve(port));
		});
	});
}
