/** The calls to n8n's store: what is asked, how often, and how long it took. */
import { StoreCalls } from '../../../../nodes/shared/send/storeCalls.ts';
import { quickTime, type QuickTime } from '../../../engine/quickTime.mts';

let asUsual: QuickTime;
beforeEach(() => void (asUsual = quickTime()));
afterEach(() => {
	asUsual();
	jest.restoreAllMocks();
});

const storeThat = (record: () => Promise<{ new: string[]; processed: string[] }>) => {
	const asked: unknown[][] = [];
	const helpers = {
		checkProcessedAndRecord: async (...how: unknown[]) => {
			asked.push(how);
			return await record();
		},
		removeProcessed: async (...how: unknown[]) => void asked.push(how),
	};
	return { asked, calls: new StoreCalls(helpers as never) };
};
const nothing = async () => ({ new: [], processed: [] });
const NEWEST = { mode: 'entries', maxEntries: 20_000 };

test('are about the notes of this node, of which the newest 20,000 are kept', async () => {
	const { asked, calls } = storeThat(nothing);
	await calls.record(['a', 'a', 'b']);
	await calls.remove(['c', 'c']);
	expect(asked).toEqual([
		[['a', 'b'], 'node', NEWEST],
		[['c'], 'node', NEWEST],
	]);
});

test('are not made for nothing', async () => {
	const { asked, calls } = storeThat(nothing);
	expect(await calls.record([])).toEqual(new Set());
	await calls.remove([]);
	expect(asked).toEqual([]);
});

test('are made once more where one failed, and count until that one was answered', async () => {
	let times = 0;
	const { asked, calls } = storeThat(async () =>
		++times === 1 ? await Promise.reject(new Error('busy')) : await nothing(),
	);
	await calls.record(['a']);
	expect(asked).toHaveLength(2);
	expect(calls.took).toBeGreaterThan(100);
});

test('fail where both tries do', async () => {
	const { calls } = storeThat(async () => await Promise.reject(new Error('gone')));
	await expect(calls.record(['a'])).rejects.toThrow('gone');
});

test.each([
	['was set back meanwhile', 60_000, 1_000, 5_250, 250],
	['was set back by less than that', 60_000, 60_050, 5_250, 250],
	['went on, and the machine slept', 60_000, 70_000, 5_001, 10_000],
])('took as long as it was, where the clock %s', async (_what, from, to, steady, took) => {
	const { calls } = storeThat(async () => {
		[mockNow, mockSteady] = [to, steady];
		return await nothing();
	});
	let [mockNow, mockSteady] = [from, 5_000];
	jest.spyOn(Date, 'now').mockImplementation(() => mockNow);
	jest.spyOn(globalThis.performance, 'now').mockImplementation(() => mockSteady);
	await calls.record(['a']);
	expect(calls.took).toBe(took);
});
