import type { ServerResponse } from 'node:http';

import { pause } from './clock.mts';
import type { Answer, Exchange, Fault } from './service.mts';

/** An answer as it goes over the wire. */
export interface Wire {
	status: number;
	headers: Record<string, string>;
	body: Buffer;
}

/** Takes the next fault that fits this request out of the list; those that are to skip it count down. */
export function nextFault(
	faults: Fault[],
	operation: string,
	exchange: Exchange,
): Fault | undefined {
	for (const fault of faults.filter((candidate) => fits(candidate, operation, exchange))) {
		if (fault.skip) {
			fault.skip -= 1;
			continue;
		}
		fault.times = (fault.times ?? 1) - 1;
		if (fault.times <= 0) faults.splice(faults.indexOf(fault), 1);
		return fault;
	}
	return undefined;
}

function fits(fault: Fault, operation: string, exchange: Exchange): boolean {
	const fitting = [fault.operation].flat();
	if (!fitting.includes('*') && !fitting.includes(operation)) return false;
	if (fault.containing === undefined) return true;
	return exchange.rawUrl.includes(fault.containing) || exchange.body.includes(fault.containing);
}

/**
 * Lets a request go through its fault: the work is done (or not), and the answer is sent (or not).
 * @returns the status that the client could see, 0 where the connection was cut before any
 */
export async function answerThrough(
	fault: Fault | undefined,
	work: () => Promise<Wire>,
	response: ServerResponse,
	stop: AbortSignal,
): Promise<number> {
	if (!fault) return send(response, await work());
	const workFirst = fault.when === 'after' || fault.kind === 'cutOff' || fault.kind === 'slowBody';

	if (fault.kind === 'delay') {
		const held = async () => await (fault.until ?? pause(fault.ms ?? 0, stop));
		if (!workFirst) await held();
		const answer = await work();
		if (workFirst) await held();
		return send(response, answer);
	}

	const answer = workFirst ? await work() : undefined;
	switch (fault.kind) {
		case 'status':
			return send(response, toWire({ ...fault, status: fault.status ?? 500 }));
		case 'lost':
			response.socket?.destroy();
			return 0;
		case 'cutOff':
			return cutOff(response, withHeaders(answer ?? toWire({ status: 200 }), fault.headers));
		case 'garbage': {
			const status = fault.status ?? answer?.status ?? 200;
			const headers = { 'content-type': answer?.headers['content-type'] ?? 'application/json' };
			return send(response, { status, headers, body: Buffer.from('<{"\u0000 not a document') });
		}
		case 'slowBody':
			return await slowBody(response, answer ?? toWire({ status: 200 }), fault.ms ?? 0, stop);
	}
}

/** An object becomes JSON; the length is always announced. */
export function toWire(answer: Answer): Wire {
	const { status, headers = {}, body } = answer;
	const lower: Record<string, string> = {};
	for (const [name, value] of Object.entries(headers)) lower[name.toLowerCase()] = value;
	if (body === undefined) return { status, headers: lower, body: Buffer.alloc(0) };
	if (Buffer.isBuffer(body)) return { status, headers: lower, body };
	if (typeof body === 'string') return { status, headers: lower, body: Buffer.from(body) };
	lower['content-type'] ??= 'application/json';
	return { status, headers: lower, body: Buffer.from(JSON.stringify(body)) };
}

function send(response: ServerResponse, { status, headers, body }: Wire): number {
	response.writeHead(status, { ...headers, ...lengthOf(status, body, headers) });
	response.end(body);
	return status;
}

/** HTTP allows no length on 204 and 304, and none beside a transfer encoding. */
function lengthOf(
	status: number,
	{ length }: { length: number },
	headers: Record<string, string> = {},
): Record<string, string> {
	const isWithout = status === 204 || status === 304 || 'transfer-encoding' in headers;
	return isWithout ? {} : { 'content-length': String(length) };
}

function withHeaders(answer: Wire, headers: Record<string, string> = {}): Wire {
	return { ...answer, headers: { ...answer.headers, ...headers } };
}

function cutOff(response: ServerResponse, { status, headers, body }: Wire): number {
	const announced = { length: Math.max(body.length, 2) };
	response.writeHead(status, { ...headers, ...lengthOf(status, announced, headers) });
	response.flushHeaders();
	response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.socket?.destroy());
	return status;
}

async function slowBody(
	response: ServerResponse,
	{ status, headers, body }: Wire,
	ms: number,
	stop: AbortSignal,
): Promise<number> {
	response.writeHead(status, { ...headers, ...lengthOf(status, body) });
	response.flushHeaders();
	await pause(ms, stop);
	response.end(body);
	return status;
}
