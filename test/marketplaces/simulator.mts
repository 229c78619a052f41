/**
 * The marketplaces on one HTTP server: `const simulator = await startSimulator()`. Tests push faults,
 * move the clock, and hold what the nodes report against `received`, the messages that really arrived.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { setMaxListeners } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { amazonServices } from './amazon/index.mts';
import { assistantService } from './assistant.mts';
import { movableClock, pause, type MovableClock } from './clock.mts';
import { controlService } from './control.mts';
import { ebayServices } from './ebay/index.mts';
import { answerThrough, nextFault, toWire } from './faults.mts';
import { magaluServices } from './magalu/index.mts';
import { pageService } from './page/index.mts';
import { tryOut } from './page/trials.mts';
import { recorder } from './recorder.mts';
import type { Call, Context, Exchange, Fault, Marketplace, Received, Service } from './service.mts';

export interface SimulatorOptions {
	/** Default 0: any free one. */
	port?: number;
	/** Waited before every request is looked at. */
	latencyMs?: number;
	/** Where the time comes from (default `Date.now`). */
	now?: () => number;
	/** The address of n8n's editor, for the page: it says where to look. */
	n8n?: string;
}

function marketplaces(context: Context) {
	return {
		amazon: amazonServices(context),
		ebay: ebayServices(context),
		magalu: magaluServices(context),
		assistant: { services: [assistantService()] },
	};
}

export interface Simulator extends ReturnType<typeof marketplaces> {
	origin: string;
	port: number;
	services: Service[];
	/** In the order of arrival. */
	received: Received[];
	/** Every request to a marketplace, also those that a fault kept from its work. */
	calls: Call[];
	/** Push here what is to go wrong. */
	faults: Fault[];
	/** Errors inside the simulator itself; a test run should leave it empty. */
	defects: unknown[];
	clock: MovableClock;
	/** May be changed while it runs. */
	latencyMs: number;
	/** Back to the state after the start: messages, calls, faults, clock, every marketplace. */
	reset(): void;
	close(): Promise<void>;
}

export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
	const received: Received[] = [];
	const calls: Call[] = [];
	const faults: Fault[] = [];
	const defects: unknown[] = [];
	const clock = movableClock(options.now);
	const stopping = new AbortController();
	const record = recorder();
	const answering = new AsyncLocalStorage<Call>();
	const requests = new WeakMap<Received, Call | undefined>();
	// Every request that is held back listens.
	setMaxListeners(Infinity, stopping.signal);

	const server = createServer((request, response) => {
		serve(request, response).catch((defect) => {
			if (!stopping.signal.aborted) defects.push(defect);
			response.destroy();
		});
	});
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(options.port ?? 0, '127.0.0.1', resolve);
	});
	// Longer than any client keeps an idle connection: never closed in the moment of the next request.
	server.keepAliveTimeout = 120_000;

	const { port } = server.address() as AddressInfo;
	const origin = `http://127.0.0.1:${port}`;
	const mounted = marketplaces({
		clock,
		origin: () => origin,
		deliver(message) {
			requests.set(message, answering.getStore());
			received.push(message);
		},
	});
	const byName: Record<string, Marketplace> = mounted;
	const services = Object.values(byName).flatMap((marketplace) => marketplace.services);

	const simulator: Simulator = {
		...mounted,
		origin,
		port,
		services,
		received,
		calls,
		faults,
		defects,
		clock,
		latencyMs: options.latencyMs ?? 0,
		reset() {
			for (const list of [received, calls, faults, defects]) list.length = 0;
			simulator.latencyMs = options.latencyMs ?? 0;
			clock.reset();
			for (const marketplace of Object.values(byName)) marketplace.reset?.();
		},
		async close() {
			stopping.abort();
			const closed = new Promise<void>((resolve) => server.close(() => resolve()));
			server.closeAllConnections();
			await closed;
			// Every promise of the process passes through each of these that was used.
			answering.disable();
		},
	};
	const world = {
		...{ ...mounted, received, calls, faults, clock, n8n: options.n8n },
		requestOf: (message: Received) => requests.get(message),
	};
	const ownPages = [
		controlService({
			faults,
			marketplaces: byName,
			reset: () => simulator.reset(),
			tryOut: async (body) => await tryOut(body, world),
		}),
		pageService(world),
	];

	async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const body = await bodyOf(request);
		const service = serviceFor(services, request) ?? serviceFor(ownPages, request);
		const exchange = exchangeOf(request, body, service?.prefix ?? '', origin);
		if (!service || ownPages.includes(service)) {
			const answer = await (service?.answer(exchange) ?? { status: 404, body: 'No such service' });
			const { status, headers, body: page } = toWire(answer);
			response.writeHead(status, headers).end(page);
			return;
		}

		// Each marketplace tells its own time with an answer (RFC 9110, section 6.6.1).
		response.setHeader('date', new Date(clock.now()).toUTCString());
		const operation = service.operationOf(exchange);
		const call = logged(operation, exchange);
		calls.push(call);
		if (simulator.latencyMs > 0) await pause(simulator.latencyMs, stopping.signal);
		const fault = nextFault(faults, operation, exchange);
		const work = async () => {
			const answer = toWire(await answering.run(call, () => answerOf(service, exchange)));
			record?.(operation, exchange, answer);
			return answer;
		};
		call.status = await answerThrough(fault, work, response, stopping.signal);
	}

	async function answerOf(service: Service, exchange: Exchange) {
		try {
			return await service.answer(exchange);
		} catch (defect) {
			defects.push(defect);
			return { status: 500, body: 'The simulator itself failed' };
		}
	}

	function logged(operation: string, exchange: Exchange): Call {
		const { method, rawUrl, headers, body } = exchange;
		return { operation, method, rawUrl, headers, body, status: 0, at: clock.now() };
	}

	return simulator;
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
	const chunks: Buffer[] = [];
	for await (const chunk of request) chunks.push(chunk as Buffer);
	return Buffer.concat(chunks);
}

/** The service with the longest prefix that stands before the path. */
function serviceFor(services: Service[], request: IncomingMessage): Service | undefined {
	const path = pathOf(request.url ?? '/');
	return services
		.filter(({ prefix }) => path === prefix || path.startsWith(`${prefix}/`))
		.sort((one, other) => other.prefix.length - one.prefix.length)[0];
}

function exchangeOf(
	request: IncomingMessage,
	body: Buffer,
	prefix: string,
	origin: string,
): Exchange {
	const rawUrl = request.url ?? '/';
	const path = pathOf(rawUrl);
	const rawQuery = rawUrl.slice(path.length + 1);
	const headers: Record<string, string> = {};
	for (const [name, value] of Object.entries(request.headers)) {
		headers[name] = Array.isArray(value) ? value.join(', ') : (value ?? '');
	}
	return {
		method: request.method ?? 'GET',
		path: path.slice(prefix.length),
		rawUrl,
		rawQuery,
		query: new URLSearchParams(rawQuery),
		headers,
		body,
		origin,
	};
}

function pathOf(rawUrl: string): string {
	const end = rawUrl.indexOf('?');
	return end < 0 ? rawUrl : rawUrl.slice(0, end);
}
