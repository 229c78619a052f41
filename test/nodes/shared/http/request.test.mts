/** The one gate out: whose turn it is, and what nothing of leaves. */
import type { IExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';

import { forgetLanes, laneOf } from '../../../../nodes/shared/http/rateLimit.ts';
import { openGate, type GateRequest } from '../../../../nodes/shared/http/request.ts';
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
	const timeoutOf = async (policy: 'read' | 'poll', budget?: number): Promise<number> => {
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
	] as const)('%s', async (_for, policy, budget, expected) => {
		expect(await timeoutOf(policy, budget)).toBe(expected);
	});
});
