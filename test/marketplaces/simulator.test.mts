import { amazonClient, http, put } from './amazon/client.mts';
import type { Fault } from './service.mts';
import { startSimulator, type Simulator } from './simulator.mts';

let simulator: Simulator;
let amazon: ReturnType<typeof amazonClient>;

beforeAll(async () => {
	simulator = await startSimulator();
	amazon = amazonClient(simulator);
});
afterEach(() => {
	expect(simulator.defects).toEqual([]);
	simulator.reset();
});
afterAll(async () => {
	await simulator.close();
});

const SEND = 'amazon.send';
const BODY = { text: 'Which colour would you like?' };

/** The error code of axios, or the answer's status. */
async function outcomeOf(sending: Promise<{ status: number }>): Promise<string | number> {
	try {
		return (await sending).status;
	} catch (error) {
		return (error as { code?: string }).code ?? String(error);
	}
}

async function sendThrough(fault: Omit<Fault, 'operation'>) {
	simulator.faults.push({ operation: SEND, ...fault });
	return await outcomeOf(amazon.send('confirmOrderDetails', BODY));
}

describe('faults', () => {
	it('answers a status without doing the work', async () => {
		expect(await sendThrough({ kind: 'status', status: 503 })).toBe(503);
		expect(simulator.received).toHaveLength(0);
	});

	it('answers a status after the work is done', async () => {
		expect(await sendThrough({ kind: 'status', status: 503, when: 'after' })).toBe(503);
		expect(simulator.received).toHaveLength(1);
	});

	it('carries the headers and the body of a status', async () => {
		const headers = { 'retry-after': '7' };
		simulator.faults.push({
			operation: SEND,
			kind: 'status',
			status: 429,
			headers,
			body: { a: 1 },
		});
		const answer = await amazon.send('confirmOrderDetails', BODY);
		expect([answer.headers['retry-after'], answer.data]).toEqual(['7', { a: 1 }]);
	});

	it('cuts the connection before the work', async () => {
		expect(await sendThrough({ kind: 'lost' })).toBe('ECONNRESET');
		expect(simulator.received).toHaveLength(0);
		expect(simulator.calls.at(-1)).toMatchObject({ operation: SEND, status: 0 });
	});

	it('cuts the connection after the work', async () => {
		expect(await sendThrough({ kind: 'lost', when: 'after' })).toBe('ECONNRESET');
		expect(simulator.received).toHaveLength(1);
	});

	it('cuts the answer off after half of it', async () => {
		expect(['ECONNRESET', 'ERR_BAD_RESPONSE', 'ECONNABORTED']).toContain(
			await sendThrough({ kind: 'cutOff' }),
		);
		expect(simulator.received).toHaveLength(1);
	});

	it('cuts off an answer that is empty anyway', async () => {
		const bytes = Buffer.from('warranty');
		const { url, headers } = await amazon.destinationFor('warranty', bytes);
		simulator.faults.push({ operation: 's3.put', kind: 'cutOff' });
		expect(typeof (await outcomeOf(put(url, bytes, headers ?? {})))).toBe('string');
	});

	it('sends a body that no parser reads, with the true status', async () => {
		simulator.faults.push({ operation: SEND, kind: 'garbage', when: 'after' });
		const answer = await amazon.send('confirmOrderDetails', BODY);
		expect(answer.status).toBe(201);
		expect(() => JSON.parse(answer.data as string) as unknown).toThrow(SyntaxError);
	});

	it('delays the work', async () => {
		simulator.faults.push({ operation: SEND, kind: 'delay', ms: 500 });
		const begin = Date.now();
		const answer = await amazon.send('confirmOrderDetails', BODY);
		expect(answer.status).toBe(201);
		expect(Date.now() - begin).toBeGreaterThanOrEqual(495);
	});

	it('holds the work until the test lets it go on', async () => {
		let release = () => {};
		const until = new Promise<void>((resolve) => (release = resolve));
		simulator.faults.push({ operation: SEND, kind: 'delay', until });
		const answer = amazon.send('confirmOrderDetails', BODY);
		const isHere = () => simulator.calls.some(({ operation }) => operation === SEND);
		while (!isHere()) await new Promise(setImmediate);
		expect(simulator.received).toEqual([]);
		release();
		expect((await answer).status).toBe(201);
		expect(simulator.received).toHaveLength(1);
	});

	it('sends the head at once and the body late', async () => {
		simulator.faults.push({ operation: 'lwa.token', kind: 'slowBody', ms: 500 });
		const begin = Date.now();
		const answer = await fetch(`${simulator.origin}/lwa/auth/o2/token`, { method: 'POST' });
		const head = Date.now() - begin;
		await answer.text();
		expect(head).toBeLessThan(450);
		expect(Date.now() - begin).toBeGreaterThanOrEqual(495);
	});

	it('lets as many requests pass as it skips, and then hits as many times as it says', async () => {
		simulator.faults.push({ operation: SEND, kind: 'status', status: 500, skip: 1, times: 2 });
		const statuses = [];
		for (let i = 0; i < 4; i++)
			statuses.push((await amazon.send('confirmOrderDetails', BODY)).status);
		expect(statuses).toEqual([201, 500, 500, 201]);
	});

	it('hits only requests that contain a text', async () => {
		simulator.faults.push({ operation: '*', kind: 'status', status: 500, containing: 'second' });
		const first = await amazon.send('confirmOrderDetails', { text: 'first' });
		const second = await amazon.send('confirmOrderDetails', { text: 'second' });
		expect([first.status, second.status]).toEqual([201, 500]);
	});
});

describe('the server', () => {
	it('listens on the loopback address alone', () => {
		expect(simulator.origin).toBe(`http://127.0.0.1:${simulator.port}`);
	});

	it('logs every call with its raw URL', async () => {
		await http.get(`${simulator.origin}/amazon/orders/a%2Fb?x=%2B`);
		expect(simulator.calls).toEqual([
			expect.objectContaining({
				operation: 'amazon.unknown',
				rawUrl: '/amazon/orders/a%2Fb?x=%2B',
				status: 403,
			}),
		]);
	});

	it('answers 404 where no service is mounted', async () => {
		expect((await http.get(`${simulator.origin}/nowhere`)).status).toBe(404);
	});

	it('waits for the latency that is set', async () => {
		simulator.latencyMs = 100;
		const begin = Date.now();
		await amazon.token();
		expect(Date.now() - begin).toBeGreaterThanOrEqual(95);
	});

	it('moves its clock, and moves it back on reset', () => {
		simulator.clock.advance(3_600_000);
		expect(simulator.clock.now() - Date.now()).toBeGreaterThan(3_590_000);
		simulator.reset();
		expect(Math.abs(simulator.clock.now() - Date.now())).toBeLessThan(1000);
	});

	it('forgets messages, calls and faults on reset', async () => {
		simulator.faults.push({ operation: 'never', kind: 'lost' });
		await amazon.send('confirmOrderDetails', BODY);
		simulator.reset();
		expect([simulator.received, simulator.calls, simulator.faults]).toEqual([[], [], []]);
	});

	it('closes while requests are still held up', async () => {
		const other = await startSimulator();
		other.faults.push({ operation: '*', kind: 'delay', ms: 60_000 });
		const held = outcomeOf(http.post(`${other.origin}/lwa/auth/o2/token`));
		while (other.calls.length === 0) await new Promise(setImmediate);
		await other.close();
		expect(await held).toBe('ECONNRESET');
	});
});
