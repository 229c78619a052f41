import { attached, magaluWorld, messageForm } from '../../engine/magalu.mts';
import type { Fault } from '../../marketplaces/service.mts';

/** One clock for the node and for Magalu; whoever sleeps moves it. */
let mockNow = Date.parse('2026-11-20T12:00:00Z');
jest.mock('n8n-workflow', () => ({
	...jest.requireActual<object>('n8n-workflow'),
	sleep: async (ms: number) => {
		mockNow += ms;
		await new Promise(setImmediate);
	},
}));
beforeEach(() => void jest.spyOn(Date, 'now').mockImplementation(() => mockNow));

const world = magaluWorld();
const MINUTE = 60_000;
const settings = () => world.simulator.magalu.state.settings;
const puts = () => world.simulator.calls.filter(({ operation }) => operation === 'gcs.put');
const posts = () => world.calls().filter((operation) => operation === 'magalu.send');
const failing = (fault: Omit<Fault, 'operation'>) =>
	world.simulator.faults.push({ operation: 'gcs.put', ...fault });

describe('a file whose upload fails in passing', () => {
	it.each<[string, Omit<Fault, 'operation'>]>([
		['408', { kind: 'status', status: 408 }],
		['429', { kind: 'status', status: 429 }],
		['500', { kind: 'status', status: 500 }],
		['502 in HTML', { kind: 'status', status: 502, body: '<html>Bad gateway</html>' }],
		['503', { kind: 'status', status: 503 }],
		['504', { kind: 'status', status: 504 }],
		['a connection that breaks', { kind: 'lost' }],
	])('is put again, with the same bytes: %s', async (_, fault) => {
		failing({ when: 'before', times: 2, ...fault });
		const { items, error, hints } = await world.run(messageForm(attached('data')));
		expect(error).toBeUndefined();
		expect(items[0]!.json).toMatchObject({ status: 'sent', transactionStatus: 'completed' });
		expect(puts()).toHaveLength(3);
		expect(new Set(puts().map(({ body }) => body.toString()))).toEqual(
			new Set(['%PDF-1.4 nota fiscal']),
		);
		expect(world.simulator.received).toHaveLength(1);
		expect(hints.filter(({ message }) => !/^1 sent, waited/.test(message))).toEqual([]);
	});

	it('is put again after a look at the transaction, each time', async () => {
		failing({ kind: 'status', status: 503, when: 'before', times: 2 });
		await world.run(messageForm(attached('data')));
		expect(world.calls()).toEqual([
			'magalu.send',
			'gcs.put',
			'magalu.transaction',
			'gcs.put',
			'magalu.transaction',
			'gcs.put',
			'magalu.transaction',
		]);
	});

	it.each<[string, Omit<Fault, 'operation'>]>([
		['the connection breaks', { kind: 'lost' }],
		['the storage fails after it', { kind: 'status', status: 503 }],
	])('is not put again where %s and the transaction says that all is there', async (_, fault) => {
		failing({ when: 'after', ...fault });
		const { items, hints } = await world.run(messageForm(attached('data')));
		expect(items[0]!.json).toMatchObject({ status: 'sent', transactionStatus: 'completed' });
		expect(puts()).toHaveLength(1);
		expect(world.simulator.received).toHaveLength(1);
		expect(hints).toEqual([]);
	});

	it('is there where a second upload is told that it is: 412', async () => {
		settings().secondPut = 'refused';
		settings().completeAfterMs = MINUTE;
		failing({ kind: 'lost', when: 'after' });
		const { items } = await world.run(messageForm(attached('data')));
		expect(items[0]!.json.status).toBe('sent');
		expect(puts().map(({ status }) => status)).toEqual([0, 412]);
	});

	it('is put again where nobody wanted to wait for the end, too', async () => {
		failing({ kind: 'lost', when: 'before' });
		const { items } = await world.run(
			messageForm({ ...attached('data'), options: { waitForCompletion: false } }),
		);
		expect(items[0]!.json.status).toBe('accepted');
		expect(puts()).toHaveLength(2);
	});

	it('does not keep the other files from their links', async () => {
		failing({ kind: 'status', status: 503, times: 4, containing: '.pdf' });
		const { items } = await world.run(messageForm(attached('data', 'photo')));
		expect(items[0]!.json.status).toBe('sent');
		expect(puts().filter(({ rawUrl }) => rawUrl.includes('.png'))).toHaveLength(1);
	});

	it.each([429, 503])('is not put again before the storage wants it: %i', async (status) => {
		failing({ kind: 'status', status, headers: { 'retry-after': '150' }, times: 3 });
		const { items } = await world.run(messageForm(attached('data')));
		expect(items[0]!.json.status).toBe('sent');
		const at = puts().map((put) => put.at);
		const waits = at.slice(1).map((time, i) => time - at[i]!);
		expect(waits).toHaveLength(3);
		expect(Math.min(...waits)).toBeGreaterThanOrEqual(150_000);
	});

	it('is put again for minutes, and ever more seldom', async () => {
		failing({ kind: 'status', status: 503, times: 12 });
		const { items } = await world.run(messageForm(attached('data')));
		expect(items[0]!.json.status).toBe('sent');
		const at = puts().map((put) => put.at);
		const waits = at.slice(1).map((time, i) => time - at[i]!);
		expect(Math.min(...waits)).toBeGreaterThanOrEqual(1000);
		expect(Math.max(...waits)).toBeLessThanOrEqual(MINUTE);
		expect(waits.at(-1)!).toBeGreaterThan(waits[0]!);
	});
});

describe('a storage that fails until the 15 minutes of a message are over', () => {
	it('leaves a message that surely is not sent, as Magalu says so', async () => {
		failing({ kind: 'status', status: 503, times: 999 });
		const before = mockNow;
		const { error } = await world.run(messageForm(attached('data')));
		expect(error!.context.details).toMatchObject({
			outcome: 'notSent',
			retryable: true,
			marketplace: 'magalu',
			code: 'cancelled',
		});
		expect(error!.message).toContain("'cancelled'");
		expect(error!.description).toContain('nota.pdf');
		expect(mockNow - before).toBeGreaterThan(14 * MINUTE);
		expect(mockNow - before).toBeLessThan(18 * MINUTE);
		expect(puts().length).toBeGreaterThan(15);
		expect(puts().at(-1)!.at - before).toBeLessThan(15 * MINUTE);
		expect(posts()).toHaveLength(1);
		expect(world.simulator.received).toEqual([]);
	});

	it('leaves a message in doubt where the transaction cannot be read, with the file named', async () => {
		world.connect({ scopes: ['open:ticket-messages-seller:write'] });
		failing({ kind: 'status', status: 503, times: 999 });
		const { items, hints, error } = await world.run(messageForm(attached('data')));
		expect(error).toBeUndefined();
		expect(items[0]!.json).toMatchObject({ status: 'accepted', transactionStatus: null });
		expect(hints[0]!.message).toMatch(/not known .*nota\.pdf/);
		expect(posts()).toHaveLength(1);
	});

	it('ends at once where the transaction ends before', async () => {
		settings().uploadDeadlineMs = 30_000;
		failing({ kind: 'status', status: 503, times: 999 });
		const before = mockNow;
		const { error } = await world.run(messageForm(attached('data')));
		expect(error!.context.details).toMatchObject({ outcome: 'notSent', code: 'cancelled' });
		expect(mockNow - before).toBeLessThan(3 * MINUTE);
	});
});

describe('a file that is refused after an upload whose answer was lost', () => {
	it('may be there: the transaction tells', async () => {
		settings().completeAfterMs = 5000;
		failing({ kind: 'lost', when: 'after' });
		failing({
			kind: 'status',
			status: 400,
			body: '<Error><Code>ExpiredToken</Code></Error>',
			times: 9,
		});
		const { items, error } = await world.run(messageForm(attached('data')));
		expect(error).toBeUndefined();
		expect(items[0]!.json.status).toBe('sent');
		expect(world.simulator.received).toHaveLength(1);
	});
});

it('a workflow that is stopped meanwhile puts nothing more', async () => {
	failing({ kind: 'status', status: 503, times: 999 });
	let cancel = () => {};
	const running = world.run(messageForm(attached('data')), {
		onStart: (_, stop) => {
			cancel = stop;
		},
	});
	while (puts().length < 3) await new Promise((resolve) => setTimeout(resolve, 2));
	cancel();
	const { run } = await running;
	expect(JSON.stringify(run.data.resultData)).not.toContain('notSent');
	expect(puts().length).toBeLessThan(10);
});
