/**
 * The client's end of the wire: what happens to a request before it reaches the simulator. It knows a
 * request by the simulator's own name for the operation.
 */
import http, { type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import type { LookupFunction } from 'node:net';

import type { Exchange } from '../marketplaces/service.mts';
import type { Simulator } from '../marketplaces/simulator.mts';

/** What is done to a request that leaves. */
export interface Interference {
	operation: string;
	/** Requests of this operation that pass first. */
	skip: number;
	/** Requests after these that are interfered with; counted down. */
	times: number;
	/** Where it goes instead: a port that nobody listens on, a name that nobody has. */
	goesTo?: 'closed port' | 'unknown host';
	/** Milliseconds after which the client gives up, instead of its own. */
	timeout?: number;
	/** As it leaves. */
	leaving?(): void;
	/** When its answer is there to the last byte. */
	answered?(): void;
}

export interface Wire {
	interfere(interference: Interference): void;
	/** Called for every request before it leaves, with the number of its operation's requests before it. */
	onEach(hook: ((operation: string, before: number) => void) | undefined): void;
	/** Nothing is interfered with, and counting starts anew. */
	reset(): void;
	/** Takes the hands off. */
	release(): void;
}

/** A port of the "discard" service: nothing listens there. */
const CLOSED_PORT = 9;
const UNKNOWN_HOST = 'no-such-host.invalid';

type Request = (
	options: RequestOptions,
	listener?: (answer: IncomingMessage) => void,
) => ClientRequest;

export function tapWire(simulator: Simulator): Wire {
	const usual = http.request;
	const request = usual as Request;
	let interferences: Interference[] = [];
	let eachLeaving: ((operation: string, before: number) => void) | undefined;
	const left = new Map<string, number>();

	const tapped: Request = (options, listener) => {
		const operation = operationOf(simulator, options);
		if (operation === undefined) return request(options, listener);
		const before = left.get(operation) ?? 0;
		left.set(operation, before + 1);
		eachLeaving?.(operation, before);
		const active = interferences.filter((one) => one.operation === operation && before >= one.skip);
		for (const one of active) one.times -= 1;
		interferences = interferences.filter(({ times }) => times > 0);
		let target = options;
		for (const { goesTo, leaving } of active) {
			leaving?.();
			if (goesTo) target = elsewhere(options, goesTo);
		}
		const leaves = request(target, listener);
		for (const { timeout, answered } of active) {
			if (timeout !== undefined) giveUpAfter(leaves, timeout);
			if (answered) leaves.once('response', (answer) => answer.once('end', answered));
		}
		return leaves;
	};
	http.request = tapped as typeof http.request;

	return {
		interfere: (interference) => void interferences.push(interference),
		onEach(hook) {
			eachLeaving = hook;
		},
		reset() {
			interferences = [];
			left.clear();
		},
		release() {
			http.request = usual;
		},
	};
}

/** The client sets its time-out after the request was made: whatever it says, it is this one. */
function giveUpAfter(leaves: ClientRequest, timeout: number): void {
	const setTimeoutOf = leaves.setTimeout.bind(leaves);
	leaves.setTimeout = (_theirs, callback) => setTimeoutOf(timeout, callback);
}

function elsewhere(options: RequestOptions, where: 'closed port' | 'unknown host'): RequestOptions {
	return where === 'closed port'
		? { ...options, port: CLOSED_PORT }
		: { ...options, host: undefined, hostname: UNKNOWN_HOST, lookup: unknown };
}

/** As node:dns answers where the name server knows no such name; a real one may take seconds to say so. */
const unknown: LookupFunction = (hostname, _options, callback) => {
	const error = new Error(`getaddrinfo ENOTFOUND ${hostname}`);
	const found = { errno: -3008, code: 'ENOTFOUND', syscall: 'getaddrinfo', hostname };
	setImmediate(() => callback(Object.assign(error, found), '', 0));
};

/** The simulator's name for a request that is on its way to it. */
function operationOf(simulator: Simulator, options: RequestOptions): string | undefined {
	if (Number(options.port) !== simulator.port) return undefined;
	const rawUrl = options.path ?? '/';
	const [path, rawQuery = ''] = rawUrl.split('?') as [string, string?];
	const service = simulator.services.find(({ prefix }) => path.startsWith(`${prefix}/`));
	if (!service) return undefined;
	const headers: Record<string, string> = {};
	for (const [name, value] of Object.entries(options.headers ?? {})) {
		headers[name.toLowerCase()] = String(value);
	}
	const exchange: Exchange = {
		method: options.method ?? 'GET',
		path: path.slice(service.prefix.length),
		rawUrl,
		rawQuery,
		query: new URLSearchParams(rawQuery),
		headers,
		body: Buffer.alloc(0),
		origin: simulator.origin,
	};
	return service.operationOf(exchange);
}
