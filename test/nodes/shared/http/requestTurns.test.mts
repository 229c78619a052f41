/** Limits that a request meets, what it learns of them, and what ends its wait; without a server. */
import { forgetLanes, laneOf } from '../../../../nodes/shared/http/rateLimit.ts';
import { openGate, type GateRequest } from '../../../../nodes/shared/http/request.ts';
import { RequestStatistics } from '../../../../nodes/shared/http/requestStatistics.ts';
import type { RepeatPolicy, Service } from '../../../../nodes/shared/http/service.ts';
import { quickTime, type QuickTime } from '../../../engine/quickTime.mts';
import { acme } from './acme.mts';
import { answering, good, status } from './answering.mts';

let time: QuickTime;
beforeEach(() => {
	forgetLanes();
	time = quickTime();
});
afterEach(() => time());

const request: GateRequest = { method: 'POST', url: 'https://acme.example/', body: 'x' };
const plan = { name: 'acme.send', rate: 10, burst: 10 };

/** What becomes of one request. */
async function endOf(
	answers: object[],
	more: Partial<GateRequest> = {},
	{ policy = 'send' as RepeatPolicy, signal = undefined as AbortSignal | undefined } = {},
) {
	const { caller, asked, at } = answering(...answers);
	if (signal) Object.assign(caller, { getExecutionCancelSignal: () => signal });
	const statistics = new RequestStatistics();
	const gate = openGate(caller, 'acmeApi', 'me', statistics);
	const asking = gate.askBare(acme, policy, { ...request, ...more });
	const end = await asking.catch((error: unknown) => error);
	return { end, asked, at, statistics };
}

describe('a limit', () => {
	test('is learned from what the answer tells of it', async () => {
		const { caller } = answering({ ...good, headers: { rate: '0.5' } });
		const heard: Service = { ...acme, heard: ({ headers }) => ({ rate: Number(headers.rate) }) };
		await openGate(caller, 'acmeApi', 'me').askBare(heard, 'send', { ...request, plan });
		const mine = laneOf('me', plan);
		while (mine.room() > 0) await mine.turn();
		const stop = new AbortController();
		const waiting = mine.turn(stop.signal).catch(() => undefined);
		expect(mine.waitMs()).toBeGreaterThan(1500);
		stop.abort();
		await waiting;
	});

	test('that is closed for too long is not waited for, and the item may go later', async () => {
		const { caller, asked } = answering(status(429, { 'retry-after': '301' }), good);
		const gate = openGate(caller, 'acmeApi', 'me');
		const end = async () =>
			await gate.askBare(acme, 'send', { ...request, plan }).catch((error: unknown) => error);
		expect(await end()).toMatchObject({ details: { outcome: 'notSent', retryable: true } });
		expect(await end()).toMatchObject({
			details: {
				...{ outcome: 'notSent', retryable: true, httpStatus: 429 },
				description: expect.stringMatching(/asks to wait 30[01] seconds/) as string,
			},
		});
		expect(asked).toHaveLength(1);
	});

	test('counts what goes under it, and nothing else', async () => {
		const { caller, asked } = answering(good);
		const gate = openGate(caller, 'acmeApi', 'me');
		await gate.askBare(acme, 'send', request);
		await gate.askBare(acme, 'send', { ...request, plan });
		expect(asked).toHaveLength(2);
		expect(laneOf('me', plan).room()).toBe(8);
	});

	test('is waited for before a send however long that takes, where a poll would come back later', async () => {
		const slow = { name: 'acme.slow', rate: 0.2, burst: 1 };
		await endOf([good], { plan: slow });
		const before = Date.now();
		const { end, at } = await endOf([good], { plan: slow });
		expect(end).toMatchObject({ status: 200 });
		expect(at[0]! - before).toBeGreaterThan(4000);
	});

	test('that is used up keeps no poll from what does not count against it', async () => {
		laneOf('me', plan).heard({ throttled: true, retryAfterMs: 50_000 });
		const { end } = await endOf([good], {}, { policy: 'poll' });
		expect(end).toMatchObject({ status: 200 });
	});

	test('of which nothing is known is waited for as after any failure', async () => {
		const { asked, end } = await endOf([status(429), good]);
		expect([asked.length, end]).toMatchObject([2, { status: 200 }]);
	});

	test('of which nothing is known is not waited for where the marketplace asks for too long', async () => {
		const { asked, end } = await endOf([status(429, { 'retry-after': '301' }), good]);
		expect(asked).toHaveLength(1);
		expect(end).toMatchObject({
			details: { description: 'Correct it. Acme asks to wait 301 seconds.' },
		});
	});

	test('whose block came again is told of in the words of the answer that said so', async () => {
		const window = { name: 'acme.calls', calls: 5, seconds: 10, blockSeconds: 100 };
		const blocked = (id: string) => status(429, { 'x-request-id': id }, 'blocked');
		const { asked, end } = await endOf([blocked('r-1'), blocked('r-2')], { plan: window });
		expect(asked).toHaveLength(2);
		expect(end).toMatchObject({
			details: {
				...{ outcome: 'notSent', requestId: 'r-2', marketplaceMessage: 'blocked' },
				description: expect.stringMatching(/asks to wait (99|100) seconds/) as string,
			},
		});
	});

	test('that was closed meanwhile does not count for a request that was refused for itself', async () => {
		const refused = status(400);
		const closing = () => laneOf('me', plan).heard({ throttled: true, retryAfterMs: 400_000 });
		Object.defineProperty(refused, 'response', {
			get: () => (closing(), { status: 400, headers: {}, data: '' }),
		});
		const { end } = await endOf([refused], { plan });
		expect(end).toMatchObject({ details: { code: '400', description: 'Correct it.' } });
	});

	test('is what is waited for, and not the wait after another failure', async () => {
		const { asked, statistics } = await endOf([status(503), good], {}, { policy: 'read' });
		expect(asked).toHaveLength(2);
		expect(statistics.lapsedMs).toBe(0);
	});
});

describe('what must not leave any more', () => {
	const tooLate = () => new Error('too late');

	test.each([undefined, plan])('is known right before it would (limit: %j)', async (limit) => {
		const { end, asked } = await endOf([good], { tooLate, plan: limit });
		expect(end).toEqual(new Error('too late'));
		expect(asked).toEqual([]);
	});

	test('leaves its turn to others', async () => {
		const room = laneOf('me', plan).room();
		await endOf([good], { tooLate, plan });
		expect(laneOf('me', plan).room()).toBe(room);
	});
});

describe('content', () => {
	const opened = async (more: Partial<GateRequest>, signal?: AbortSignal) => {
		const body = jest.fn(async () => Buffer.from('x'));
		await endOf([good], { ...more, body }, { signal });
		return body.mock.calls.length;
	};

	test('is opened where it leaves', async () => {
		expect(await opened({ plan })).toBe(1);
	});

	test('is not opened once the execution was stopped', async () => {
		expect(await opened({ plan }, AbortSignal.abort())).toBe(0);
	});

	test('is not opened for a limit that is closed for more than five minutes', async () => {
		laneOf('me', plan).heard({ throttled: true, retryAfterMs: 400_000 });
		expect(await opened({ plan })).toBe(0);
	});
});

test('an execution that is stopped while its request stands in line says that it was', async () => {
	const slow = { name: 'acme.slow', rate: 0.1, burst: 1 };
	await endOf([good], { plan: slow });
	const stop = new AbortController();
	setTimeout(() => stop.abort(), 50);
	const { end, asked } = await endOf([good], { plan: slow }, { signal: stop.signal });
	expect(end).toMatchObject({ name: 'Cancelled', message: 'The execution was stopped' });
	expect(asked).toEqual([]);
});
