/** The one gate out: whose turn it is, and what nothing of leaves. */
import { Readable } from 'node:stream';
import type { IExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';

import { forgetLanes, laneOf } from '../../../../nodes/shared/http/rateLimit.ts';
import { openGate, type GateRequest } from '../../../../nodes/shared/http/request.ts';
import { RequestStatistics } from '../../../../nodes/shared/http/requestStatistics.ts';
import type { RepeatPolicy } from '../../../../nodes/shared/http/service.ts';
import { Throttled } from '../../../../nodes/shared/outcome.ts';
import { quickTime, type QuickTime } from '../../../engine/quickTime.mts';
import { acme } from './acme.mts';

let time: QuickTime;
beforeEach(() => {
	forgetLanes();
	time = quickTime();
});
afterEach(() => time());

const plan = { name: 'acme.send', rate: 10, burst: 10 };
const request: GateRequest = { method: 'POST', url: 'https://acme.example/', body: 'x', plan };

/** A caller whose requests are answered by a function. */
function callerOf(ask: (options: IHttpRequestOptions) => Promise<object>): IExecuteFunctions {
	return {
		helpers: { httpRequest: ask, httpRequestWithAuthentication: ask },
		getCredentials: async () => ({}),
		logger: { debug: () => undefined },
	} as unknown as IExecuteFunctions;
}

const good = { statusCode: 200, headers: {}, body: '{}' };

test('what waited for a token does not leave into a limit that was closed meanwhile', async () => {
	const left: number[] = [];
	let tokenCame: (answer: object) => void = () => undefined;
	const caller = callerOf(async () => {
		left.push(Date.now());
		return left.length === 1 ? await new Promise((came) => (tokenCame = came)) : good;
	});
	const gate = openGate(caller, 'acmeApi', 'me', undefined, false);
	const both = [1, 2].map(async () => await gate.ask(acme, 'send', request));
	while (left.length === 0) await new Promise((resolve) => setImmediate(resolve));
	const closed = Date.now();
	laneOf('me', plan).heard({ throttled: true, retryAfterMs: 5000 });
	tokenCame(good);
	await Promise.all(both);
	expect(left).toHaveLength(2);
	expect(left[1]! - closed).toBeGreaterThanOrEqual(5000);
});

test('nothing is asked while the limit is closed for more than five minutes', async () => {
	const ask = jest.fn(async () => good);
	laneOf('me', plan).heard({ throttled: true, retryAfterMs: 400_000 });
	const gate = openGate(callerOf(ask), 'acmeApi', 'me', undefined, true);
	await expect(gate.ask(acme, 'send', request)).rejects.toMatchObject({
		details: {
			outcome: 'notSent',
			retryable: true,
			description: expect.stringContaining('Acme asks to wait 400 seconds.'),
		},
	});
	expect(ask).not.toHaveBeenCalled();
});

test('what stands in line when the limit closes for so long is told so, and not asked', async () => {
	const slow = { name: 'acme.slow', rate: 1, burst: 1 };
	const answers = [
		good,
		Object.assign(new Error('no'), {
			response: { status: 429, headers: { 'retry-after': '1800' }, data: '' },
		}),
	];
	let asked = 0;
	const caller = callerOf(async () => {
		const answer = answers[Math.min(asked++, 1)]!;
		if (answer instanceof Error) throw answer;
		return answer;
	});
	const gate = openGate(caller, 'acmeApi', 'me', undefined, true);
	const ends = await Promise.allSettled(
		[1, 2, 3, 4].map(async () => await gate.ask(acme, 'send', { ...request, plan: slow })),
	);
	expect(asked).toBe(2);
	expect(ends.map(({ status }) => status)).toEqual([
		'fulfilled',
		...['rejected', 'rejected', 'rejected'],
	]);
	for (const end of ends.slice(1)) {
		expect((end as PromiseRejectedResult).reason).toMatchObject({
			details: { outcome: 'notSent', retryable: true },
		});
	}
});

test('an answer that is too large counts by its status where it says no', async () => {
	const data = 'x'.repeat(8 * 1024 * 1024 + 1);
	const end = async (status: number, policy: 'read' | 'send') => {
		const gate = openGate(
			callerOf(async () => {
				if (status < 300) return { statusCode: status, headers: {}, body: data };
				throw Object.assign(new Error('no'), { response: { status, headers: {}, data } });
			}),
			'acmeApi',
			'me',
			undefined,
			true,
		);
		const failed: unknown = await gate.ask(acme, policy, request).catch((error: unknown) => error);
		return (failed as { details: object }).details;
	};
	expect(await end(200, 'send')).toMatchObject({ outcome: 'unknown', httpStatus: 200 });
	expect(await end(400, 'send')).toMatchObject({ outcome: 'notSent', httpStatus: 400 });
	expect(await end(200, 'read')).toMatchObject({ outcome: 'notSent', code: 'AnswerTooLarge' });
});

test('an answer that is too large is told as that, also where its words cannot be read', async () => {
	const body = 'x'.repeat(8 * 1024 * 1024 + 1);
	const caller = callerOf(async () => ({ statusCode: 200, headers: {}, body }));
	const asking = openGate(caller, 'acmeApi', 'me').ask(
		{ ...acme, kindOf: () => 'unreadable' },
		'read',
		request,
	);
	await expect(asking).rejects.toMatchObject({ details: { code: 'AnswerTooLarge' } });
});

describe('a poll that finds the limit used up', () => {
	const left = async (rate: number) => {
		const asked: number[] = [];
		const caller = callerOf(async () => {
			asked.push(Date.now());
			return good;
		});
		const gate = openGate(caller, 'acmeApi', 'me', undefined, true);
		const once = { ...request, plan: { name: 'acme.poll', rate, burst: 1 } };
		await gate.ask(acme, 'poll', once);
		const second = await gate.ask(acme, 'poll', once).catch((error: unknown) => error);
		return { asked, second };
	};

	test('waits for its turn where that comes soon', async () => {
		const { asked } = await left(1);
		expect(asked).toHaveLength(2);
		expect(asked[1]! - asked[0]!).toBeGreaterThanOrEqual(1000);
	});

	test('asks nothing where it does not, and comes back later', async () => {
		const { asked, second } = await left(0.1);
		expect(asked).toHaveLength(1);
		expect(second).toBeInstanceOf(Throttled);
	});
});

describe('a request is waited for', () => {
	const timeoutOf = async (policy: RepeatPolicy, budget?: number): Promise<number> => {
		let timeout = 0;
		const caller = callerOf(async (options) => {
			timeout = options.timeout!;
			return good;
		});
		if (budget !== undefined) Object.assign(caller, { getPollBudgetMs: () => budget });
		await openGate(caller, 'acmeApi', 'me').askBare(acme, policy, request);
		return timeout;
	};

	test.each([
		['a minute', 'read', undefined, 60_000],
		['a minute, also by a trigger where n8n gives it five', 'poll', 300_000, 60_000],
		['a quarter of what n8n gives a trigger', 'poll', 36_000, 9_000],
		['a minute where n8n does not tell', 'poll', undefined, 60_000],
		['a minute where a trigger asks for something else', 'read', 36_000, 60_000],
	] as const)('%s', async (_for, policy, budget, expected) => {
		expect(await timeoutOf(policy, budget)).toBe(expected);
	});
});

/** Answers one after the other, the last one for good; a number is a status that n8n throws. */
function answering(...answers: Array<object | number>) {
	const asked: IHttpRequestOptions[] = [];
	const at: number[] = [];
	const caller = callerOf(async (options) => {
		asked.push(options);
		at.push(Date.now());
		const answer = answers[Math.min(asked.length, answers.length) - 1]!;
		if (typeof answer === 'object') return answer;
		throw Object.assign(new Error('no'), { response: { status: answer, headers: {}, data: '' } });
	});
	return { caller, asked, at };
}

describe('a request leaves', () => {
	const left = async (policy: 'read' | 'send', more: Partial<GateRequest> = {}) => {
		const { caller, asked } = answering(good);
		await openGate(caller, 'acmeApi', 'me').askBare(acme, policy, { ...request, ...more });
		return asked[0]!;
	};

	test('as it is, once, to nowhere else, and its answer comes as bytes', async () => {
		expect(await left('read')).toEqual({
			...{ method: 'POST', url: 'https://acme.example/', body: 'x', headers: {} },
			...{ encoding: 'arraybuffer', returnFullResponse: true },
			...{ timeout: 60_000, disableFollowRedirect: true },
		});
	});

	test('without a body where it has none, and with its own time-out', async () => {
		const options = await left('read', { body: undefined, timeout: 5 });
		expect('body' in options).toBe(false);
		expect(options.timeout).toBe(5);
	});

	test('unpacked where it sends: of a packed answer nobody can tell whether it was cut off', async () => {
		const headers = { 'content-type': 'x', 'user-agent': false } as const;
		expect((await left('send', { headers })).headers).toEqual({
			'accept-encoding': 'identity',
			...headers,
		});
		expect((await left('read', { headers })).headers).toEqual(headers);
	});

	test('with the credential of its node, or with nothing', async () => {
		const with_ = jest.fn(async () => good);
		const without = jest.fn(async () => good);
		const { caller } = answering(good);
		Object.assign(caller.helpers, {
			httpRequest: without,
			httpRequestWithAuthentication: with_,
		});
		const gate = openGate(caller, 'acmeApi', 'me');
		await gate.ask(acme, 'read', request);
		expect([with_.mock.calls.length, without.mock.calls.length]).toEqual([1, 0]);
		expect(with_).toHaveBeenCalledWith('acmeApi', expect.objectContaining({ body: 'x' }));
		await gate.askBare(acme, 'read', request);
		expect([with_.mock.calls.length, without.mock.calls.length]).toEqual([1, 1]);
	});

	test('with its content opened anew for each try, and closed after it', async () => {
		const { caller, asked } = answering(503, good);
		const opened: Readable[] = [];
		const body = async () => {
			opened.push(Readable.from(['x']));
			return opened.at(-1)!;
		};
		await openGate(caller, 'acmeApi', 'me').askBare(acme, 'read', { ...request, body });
		expect(asked.map((options) => options.body)).toEqual(opened);
		expect(opened).toHaveLength(2);
		expect(opened.every(({ destroyed }) => destroyed)).toBe(true);
	});

	test('once, although its stream fails before anybody listens', async () => {
		const broken = new Readable({ read: () => undefined });
		const body = async () => broken;
		const caller = callerOf(async () => {
			broken.emit('error', new Error('broken'));
			return good;
		});
		const gate = openGate(caller, 'acmeApi', 'me');
		await expect(gate.askBare(acme, 'read', { ...request, body })).resolves.toMatchObject({
			status: 200,
		});
	});

	test('not at all once the execution was stopped', async () => {
		const { caller, asked } = answering(good);
		Object.assign(caller, { getExecutionCancelSignal: () => AbortSignal.abort() });
		const asking = openGate(caller, 'acmeApi', 'me').askBare(acme, 'read', request);
		await expect(asking).rejects.toThrow('The execution was stopped');
		expect(asked).toEqual([]);
	});

	test('with the signal that stops the execution, and is not repeated after it', async () => {
		const stop = new AbortController();
		const { caller, asked } = answering(good);
		caller.helpers.httpRequest = async (options: IHttpRequestOptions) => {
			asked.push(options);
			stop.abort();
			throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
		};
		Object.assign(caller, { getExecutionCancelSignal: () => stop.signal });
		const asking = openGate(caller, 'acmeApi', 'me').askBare(acme, 'read', request);
		await expect(asking).rejects.toThrow('Acme did not answer');
		expect(asked.map(({ abortSignal }) => abortSignal)).toEqual([stop.signal]);
	});
});

describe('a request that failed', () => {
	test('is tried five times, with waits that grow to a minute at the most', async () => {
		const { caller, at } = answering(503);
		const gate = openGate(caller, 'acmeApi', 'me');
		await expect(gate.askBare(acme, 'read', { ...request, plan: undefined })).rejects.toThrow();
		const waits = at.slice(1).map((when, i) => (when - at[i]!) / 1000);
		expect(waits).toHaveLength(4);
		for (const [i, wait] of waits.entries()) {
			expect(wait).toBeGreaterThanOrEqual(2 ** i / 2);
			expect(wait).toBeLessThan(2 * 2 ** i);
		}
	});

	test('waits as long as the marketplace asks, and tells how long it waited for the limit', async () => {
		const throttled = Object.assign(new Error('no'), {
			response: { status: 429, headers: { 'retry-after': '7' }, data: '' },
		});
		let tries = 0;
		const at: number[] = [];
		const caller = callerOf(async () => {
			at.push(Date.now());
			if (tries++ === 0) throw throttled;
			return { ...good, headers: { date: new Date(Date.now() - 5000).toUTCString() } };
		});
		const statistics = new RequestStatistics();
		await openGate(caller, 'acmeApi', 'me', statistics).ask(acme, 'send', request);
		expect(at[1]! - at[0]!).toBeGreaterThanOrEqual(7000);
		expect(at[1]! - at[0]!).toBeLessThan(9000);
		expect(statistics.asked).toBe(2);
		expect(statistics.nowWaiting).toBe(0);
		expect(statistics.lapsedMs).toBeGreaterThanOrEqual(7000);
		expect(statistics.clockAheadMs! / 1000).toBeGreaterThanOrEqual(5);
		expect(statistics.clockAheadMs! / 1000).toBeLessThan(9);
	});

	test("does not take the clock of somebody else's storage for the marketplace's", async () => {
		const caller = callerOf(async () => ({
			...good,
			headers: { date: new Date(Date.now() - 5000).toUTCString() },
		}));
		const statistics = new RequestStatistics();
		await openGate(caller, 'acmeApi', 'me', statistics).askBare(acme, 'prepare', request);
		expect(statistics.clockAheadMs).toBeUndefined();
	});

	test('tells none of the secrets it was made with', async () => {
		const SECRET = 'abcdefgh-secret-12345';
		const echoing = callerOf(async () => {
			throw Object.assign(new Error('no'), {
				response: { status: 400, headers: {}, data: `You said ${SECRET}` },
			});
		});
		const failed = async (asked: Promise<unknown>) =>
			(await asked.catch((error: unknown) => error)) as { details: { marketplaceMessage: string } };
		const url = `https://acme.example/?signature=${SECRET}`;
		const bare = openGate(echoing, 'acmeApi', 'me').askBare(acme, 'read', { ...request, url });
		expect((await failed(bare)).details.marketplaceMessage).toBe('You said …');
		echoing.getCredentials = async <T extends object>() => ({ clientSecret: SECRET }) as T;
		const asked = openGate(echoing, 'acmeApi', 'me').ask(acme, 'read', request);
		expect((await failed(asked)).details.marketplaceMessage).toBe('You said …');
	});
});

describe('where a token may have to be renewed', () => {
	const inFlight = async (tokenIsFresh?: boolean) => {
		const ends: Array<(answer: object) => void> = [];
		const caller = callerOf(async () => await new Promise((end) => ends.push(end)));
		const gate = openGate(caller, 'acmeApi', 'me', undefined, tokenIsFresh);
		const both = [1, 2].map(async () => await gate.ask(acme, 'read', request));
		const counts: number[] = [];
		for (const _ of both) {
			for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
			counts.push(ends.length);
			ends.forEach((end) => end(good));
		}
		await Promise.all(both);
		return counts;
	};

	test.each([false, undefined])('one request goes ahead of the others (%j)', async (isFresh) => {
		expect(await inFlight(isFresh)).toEqual([1, 2]);
	});

	test('where it is fresh all go at once', async () => {
		expect(await inFlight(true)).toEqual([2, 2]);
	});
});

test('a trigger asks nothing where its limit has no room', async () => {
	const { caller, asked } = answering(good);
	const gate = openGate(caller, 'acmeApi', 'me', undefined, true);
	const narrow = { ...request, plan: { name: 'acme.narrow', rate: 0.01, burst: 1 } };
	await gate.ask(acme, 'poll', narrow);
	await expect(gate.ask(acme, 'poll', narrow)).rejects.toThrow(
		"Acme's limit of requests is used up",
	);
	expect(asked).toHaveLength(1);
});
