/** The table of what may be repeated, row by row: every kind of request through every kind of trouble. */
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { IExecuteFunctions, IHttpRequestOptions, INodeType } from 'n8n-workflow';

import { amazonWorld, attached, messageForm, ORDER } from '../../engine/amazon.mts';
import { quickTime } from '../../engine/quickTime.mts';
import type { Fault } from '../../marketplaces/service.mts';
import { startSimulator, type Simulator } from '../../marketplaces/simulator.mts';

const amazon = amazonWorld();
let backToNormal: () => void;
beforeEach(() => {
	backToNormal = quickTime();
	amazon.withoutLimits();
});
afterEach(() => backToNormal());

/** The node, with something around each of its requests. */
function around(
	node: INodeType,
	ask: (send: () => Promise<unknown>, options: IHttpRequestOptions) => Promise<unknown>,
): INodeType {
	const execute = async function (this: IExecuteFunctions) {
		const { helpers } = this;
		const { httpRequest, httpRequestWithAuthentication } = helpers;
		helpers.httpRequest = async (options) =>
			await ask(async () => (await httpRequest(options)) as unknown, options);
		helpers.httpRequestWithAuthentication = async function (type, options, more) {
			const send = async () =>
				(await httpRequestWithAuthentication.call(this, type, options, more)) as unknown;
			return await ask(send, options);
		};
		return await node.execute!.call(this);
	};
	return Object.assign(Object.create(node) as INodeType, { execute });
}

/** Time-outs of the connection are real: a test does not wait for a minute. */
const impatient = (node: INodeType) =>
	around(node, async (send, options) => {
		options.timeout = 300;
		return await send();
	});

const errors = (code: string, details = '') => ({
	errors: [{ code, message: 'Said by Amazon.', details }],
});
const status = (number: number, more: Partial<Fault> = {}) =>
	({ kind: 'status', status: number, ...more }) as const;

type Trouble = Omit<Fault, 'operation'>;

/** Refused, and surely nothing was processed: every request may be asked again. */
const refusals: Array<[string, Trouble]> = [
	['429', status(429, { body: errors('QuotaExceeded') })],
	['429 with Retry-After in seconds', status(429, { headers: { 'Retry-After': '3' } })],
	[
		'429 with Retry-After as a date',
		status(429, { headers: { 'Retry-After': new Date(Date.now() + 1000).toUTCString() } }),
	],
	[
		'403 expired token',
		status(403, { body: errors('Unauthorized', 'The access token you provided has expired.') }),
	],
	[
		'403 revoked token',
		status(403, {
			body: errors(
				'Unauthorized',
				'The access token you provided is revoked, malformed or invalid.',
			),
		}),
	],
	['401', status(401, { body: errors('Unauthorized') })],
];

/** Nobody knows what became of it. */
const doubts: Array<[string, Trouble, received: 0 | 1]> = [
	['500', status(500, { body: errors('InternalFailure') }), 0],
	['500 after the work', status(500, { when: 'after' }), 1],
	['502 with a page', status(502, { body: '<html>Bad gateway</html>' }), 0],
	['503', status(503, { body: errors('ServiceUnavailable') }), 0],
	['504 after the work', status(504, { when: 'after' }), 1],
	['408', status(408), 0],
	['a redirect', status(302, { headers: { location: 'http://127.0.0.1:1/' } }), 0],
	['connection lost before the work', { kind: 'lost' }, 0],
	['connection lost after the work', { kind: 'lost', when: 'after' }, 1],
	['answer cut off', { kind: 'cutOff' }, 1],
	[
		'answer without a length cut off',
		{ kind: 'cutOff', headers: { 'transfer-encoding': 'chunked' } },
		1,
	],
	['answer that is no JSON', { kind: 'garbage', when: 'after' }, 1],
	['answer that is no JSON, without the work', { kind: 'garbage' }, 0],
	['answer that is too late', { kind: 'delay', ms: 500, when: 'after' }, 1],
	['answer whose body is too late', { kind: 'slowBody', ms: 500 }, 1],
];

const form = messageForm(ORDER, 'warranty', attached('data'));
const requests = (operation: string) => amazon.calls().filter((name) => name === operation).length;

async function sendThrough(...faults: Fault[]) {
	amazon.simulator.faults.push(...faults);
	if (faults.some(({ ms }) => ms)) amazon.node.node = impatient(amazon.node.node);
	const result = await amazon.run(form);
	return { ...result, received: amazon.simulator.received.length };
}

describe.each([
	['reading', 'amazon.actions'],
	['preparing', 'amazon.createUpload'],
	['preparing', 's3.put'],
])('%s: %s', (_manner, operation) => {
	const isStorage = operation === 's3.put';

	// The storage's answer is its status alone: there is no body to be cut off, late or garbage.
	const forStorage = doubts.filter(
		([, { kind, status: number = 0 }]) => kind === 'lost' || kind === 'delay' || number >= 400,
	);
	test.each(isStorage ? forStorage : doubts)('%s is asked again', async (_name, fault) => {
		const { items, received } = await sendThrough({ operation, ...fault });
		expect(items[0].json.status).toBe('sent');
		expect([requests(operation), received]).toEqual([2, 1]);
	});

	test.each(isStorage ? refusals.slice(0, 3) : refusals)(
		'%s is asked again',
		async (_name, fault) => {
			const { items, received } = await sendThrough({ operation, ...fault });
			expect(items[0].json.status).toBe('sent');
			expect([requests(operation), received]).toEqual([2, 1]);
		},
	);

	test.each([
		['500', status(500)],
		['lost', { kind: 'lost' } as const],
		['429', status(429)],
	])('%s that stays is given up after five tries', async (_name, fault) => {
		const { error, received } = await sendThrough({ operation, ...fault, times: 20 });
		expect(error).toMatchObject({
			name: 'NodeApiError',
			context: { details: { outcome: 'notSent', retryable: true } },
		});
		expect([requests(operation), received]).toEqual([5, 0]);
	});
});

describe('sending', () => {
	const operation = 'amazon.send';

	test.each(refusals)('%s is asked again: nothing was processed', async (_name, fault) => {
		const { items, received } = await sendThrough({ operation, ...fault });
		expect(items[0].json.status).toBe('sent');
		expect([requests(operation), received]).toEqual([2, 1]);
	});

	test.each(doubts)('%s is never asked again: unknown', async (_name, fault, expected) => {
		const { error, received } = await sendThrough({ operation, ...fault });
		expect(error).toMatchObject({
			name: 'NodeApiError',
			message: 'It is not known whether Amazon sent the message: the answer was lost',
			context: { details: { outcome: 'unknown', retryable: false } },
		});
		expect(error?.description).toMatch(/buyer messages in Seller Central/);
		expect([requests(operation), received]).toEqual([1, expected]);
	});

	test('429 that stays is given up after five tries: not sent', async () => {
		const { error, received } = await sendThrough({ operation, ...status(429), times: 20 });
		expect(error).toMatchObject({
			message: "Amazon's limit of requests is used up",
			httpCode: '429',
			context: { details: { outcome: 'notSent', retryable: true, httpStatus: 429 } },
		});
		expect([requests(operation), received]).toEqual([5, 0]);
	});

	test('a token that stays refused is renewed once', async () => {
		const body = errors(
			'Unauthorized',
			'The access token you provided is revoked, malformed or invalid.',
		);
		const { error, received } = await sendThrough({
			operation,
			...status(403, { body }),
			times: 20,
		});
		expect(error?.message).toBe('Amazon does not accept the access token');
		expect(error?.context.details).toMatchObject({ outcome: 'notSent', retryable: false });
		expect([requests(operation), received]).toEqual([2, 0]);
		const exchanges = amazon.simulator.calls.filter((call) => call.operation === 'lwa.token');
		expect(exchanges).toHaveLength(2);
	});

	test('401 that stays is renewed once', async () => {
		const { error, received } = await sendThrough({ operation, ...status(401), times: 20 });
		expect(error?.message).toBe('Amazon does not accept the access token');
		expect(error?.context.details).toMatchObject({ outcome: 'notSent', httpStatus: 401 });
		expect([requests(operation), received]).toEqual([2, 0]);
	});

	test.each([400, 403, 404, 413, 415])('%i is final', async (number) => {
		const { error, received } = await sendThrough({ operation, ...status(number), times: 20 });
		expect(error?.context.details).toMatchObject({
			outcome: 'notSent',
			retryable: false,
			httpStatus: number,
		});
		expect([requests(operation), received]).toEqual([1, 0]);
	});

	test('trouble of several kinds, one after the other, is still five tries', async () => {
		const expired = errors('Unauthorized', 'The access token you provided has expired.');
		const { error } = await sendThrough(
			{ operation, ...status(429), times: 4 },
			{ operation, ...status(403, { body: expired }), times: 20 },
		);
		expect(error?.context.details).toMatchObject({ outcome: 'notSent' });
		expect(requests(operation)).toBe(5);
	});
});

describe('Retry-After', () => {
	const times = () =>
		amazon.simulator.calls
			.filter(({ operation }) => operation === 'amazon.send')
			.map(({ at }) => at);

	test.each([
		['seconds', () => '50'],
		['a date', () => new Date(Date.now() + 50_000).toUTCString()],
	])('in %s is waited for', async (_name, header) => {
		const headers = { 'Retry-After': header() };
		await sendThrough({ operation: 'amazon.send', ...status(429, { headers }) });
		const [first, second] = times();
		// Time runs fast here, so a date is nearer by the time it is read; without one the wait is a second.
		expect(second - first).toBeGreaterThanOrEqual(20_000);
		expect(second - first).toBeLessThan(90_000);
	});

	test('of a storage without a limit of ours is waited for in full', async () => {
		const headers = { 'Retry-After': '20' };
		await sendThrough({ operation: 's3.put', ...status(503, { headers }) });
		const [first, second] = amazon.simulator.calls
			.filter(({ operation }) => operation === 's3.put')
			.map(({ at }) => at);
		expect(second - first).toBeGreaterThanOrEqual(19_000);
	});

	test('of many minutes is not waited for, but told', async () => {
		const headers = { 'Retry-After': '3600' };
		const { error } = await sendThrough({ operation: 'amazon.send', ...status(429, { headers }) });
		expect(error?.description).toMatch(/asks to wait 3600 seconds/);
		expect(error?.context.details).toMatchObject({ outcome: 'notSent', retryable: true });
		expect(times()).toHaveLength(1);
	});

	test('of many minutes keeps the next messages from asking at all', async () => {
		const headers = { 'Retry-After': '3600' };
		await sendThrough({ operation: 'amazon.send', ...status(429, { headers }) });
		const { error } = await sendThrough();
		expect(error?.message).toBe("Amazon's limit of requests is used up");
		expect(error?.description).toMatch(/asks to wait 3[0-9]{3} seconds/);
		expect(times()).toHaveLength(1);
	});

	test('that is nonsense is not believed', async () => {
		const headers = { 'Retry-After': 'soon' };
		const { items } = await sendThrough({ operation: 'amazon.send', ...status(429, { headers }) });
		expect(items[0].json.status).toBe('sent');
	});
});

describe('a connection that is refused', () => {
	/** A port that nobody listens on, for now. */
	async function freePort(): Promise<number> {
		const server = createServer();
		await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
		const { port } = server.address() as AddressInfo;
		await new Promise((closed) => server.close(closed));
		return port;
	}
	const text = messageForm(ORDER, 'confirmOrderDetails', {
		text: 'Hi',
		options: { checkAvailability: false },
	});
	const credential = () => amazon.node.credentials.amazonSellingPartnerApi;

	test('is tried five times, also for a send: nothing left', async () => {
		credential().apiUrl = `http://127.0.0.1:${await freePort()}`;
		const { error } = await amazon.run(text);
		expect(error).toMatchObject({
			message: 'Amazon could not be reached',
			context: { details: { outcome: 'notSent', retryable: true, code: 'ECONNREFUSED' } },
		});
	});

	test('is tried again until somebody listens, also for a send', async () => {
		await amazon.run({ resource: 'buyer', operation: 'getAttributes', orderId: ORDER });
		const { accessToken } = credential();
		const port = await freePort();
		credential().apiUrl = `http://127.0.0.1:${port}/amazon`;
		let late: Simulator | undefined;
		const start = async () => {
			late = await startSimulator({ port });
			const [seller] = late.amazon.state.sellers;
			late.amazon.state.tokens.set(String(accessToken), { seller, expiresAt: Infinity });
		};
		// Somebody listens as soon as the first try has failed.
		amazon.node.node = around(amazon.node.node, async (send) => {
			try {
				return await send();
			} catch (error) {
				if (!late) await start();
				throw error;
			}
		});
		try {
			const { items } = await amazon.run(text);
			expect(items[0].json.status).toBe('sent');
			expect(late!.received).toHaveLength(1);
		} finally {
			await late?.close();
		}
	});

	test('is not tried again where the address is wrong', async () => {
		credential().apiUrl = 'http://no such host';
		const { error } = await amazon.run(text);
		expect(error?.message).toMatch(/'API URL' is not an address/);
	});
});

test('what the storage answers with 2xx is good, whatever its body', async () => {
	const fault = status(200, { when: 'after', body: 'OK' });
	const { items } = await sendThrough({ operation: 's3.put', ...fault });
	expect(items[0].json.status).toBe('sent');
});

test('an answer that is far too large is not taken for one', async () => {
	const body = JSON.stringify({ buyer: { locale: 'x'.repeat(9 * 1024 * 1024) } });
	amazon.simulator.faults.push({
		operation: 'amazon.attributes',
		...status(200, { body }),
		times: 9,
	});
	const { error } = await amazon.run({
		resource: 'buyer',
		operation: 'getAttributes',
		orderId: ORDER,
	});
	expect(error?.message).toBe('Amazon gave an answer that is too large to be read');
	expect(error?.context.details).toMatchObject({ outcome: 'notSent', retryable: true });
});

test('no request may take longer than five minutes', async () => {
	const seen: number[] = [];
	const { node } = amazon.node;
	const execute = async function (this: IExecuteFunctions) {
		const { helpers } = this;
		const { httpRequest, httpRequestWithAuthentication } = helpers;
		const noted = (options: IHttpRequestOptions) => {
			seen.push(options.timeout!);
			expect(options.disableFollowRedirect).toBe(true);
			return options;
		};
		helpers.httpRequest = async (options) => await httpRequest(noted(options));
		helpers.httpRequestWithAuthentication = async function (type, options, more) {
			return await httpRequestWithAuthentication.call(this, type, noted(options), more);
		};
		return await node.execute!.call(this);
	};
	amazon.node.node = Object.assign(Object.create(node) as INodeType, { execute });
	await amazon.run(form);
	expect(seen).toHaveLength(5);
	expect(Math.max(...seen)).toBeLessThanOrEqual(300_000);
	expect(Math.min(...seen)).toBeGreaterThan(0);
});
