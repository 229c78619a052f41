/** What the requests of an execution add up to. */
import { RequestStatistics } from '../../../../nodes/shared/http/requestStatistics.ts';
import { wait } from '../../../../nodes/shared/sleep.ts';

let statistics: RequestStatistics;
beforeEach(() => {
	jest.useFakeTimers({ now: 1_000_000 });
	statistics = new RequestStatistics();
});
afterEach(() => jest.useRealTimers());

const pass = async (ms: number) => await jest.advanceTimersByTimeAsync(ms);

describe('a wait', () => {
	test('of several at once is counted once', async () => {
		const both = [1000, 400].map((ms) => statistics.waiting(async () => await wait(ms)));
		expect(statistics.nowWaiting).toBe(2);
		await pass(1000);
		await Promise.all(both);
		expect([statistics.lapsedMs, statistics.nowWaiting]).toEqual([1000, 0]);
	});

	test('after another is counted, too, and the time between them is not', async () => {
		for (const ms of [300, 200]) {
			const waiting = statistics.waiting(async () => await wait(ms));
			await pass(ms);
			await waiting;
			await pass(5000);
		}
		expect(statistics.lapsedMs).toBe(500);
	});

	test('that is broken off is counted, and told of', async () => {
		const waiting = statistics.waiting(async () => {
			await wait(300);
			throw new Error('broken off');
		});
		const told = expect(waiting).rejects.toThrow('broken off');
		await pass(300);
		await told;
		expect([statistics.lapsedMs, statistics.nowWaiting]).toEqual([300, 0]);
	});
});

test('our clock is ahead of the one that an answer tells, and stays so where an answer tells none', () => {
	expect(statistics.clockAheadMs).toBeUndefined();
	for (const date of [new Date(995_000).toUTCString(), undefined, 'soon']) {
		statistics.heard(date);
		expect(statistics.clockAheadMs).toBe(5000);
	}
});
