/** n8n's store with one writer, and a clock that goes on only as a test says. */
import type { IExecuteFunctions } from 'n8n-workflow';

/** Another node for each test: what a process has noted it remembers. */
let nodes = 0;
beforeEach(() => {
	nodes += 1;
	jest.useFakeTimers({ now: Date.UTC(2026, 10, 20) });
});
afterEach(() => jest.useRealTimers());

export const pass = async (ms: number) => await jest.advanceTimersByTimeAsync(ms);

/** What comes of it when a while has passed. */
export async function after<T>(ms: number, work: Promise<T>): Promise<T> {
	const [end] = await Promise.all([work, pass(ms)]);
	return end;
}

/** A node with a list of its own, and what was asked of it. */
export function nodeWith(list = new Set<string>()) {
	const store = {
		list,
		records: [] as string[][],
		/** When each of them was asked for (milliseconds since 1970). */
		recordedAt: [] as number[],
		removes: [] as string[][],
		/** All is gone before it is read. */
		isForgetful: false,
		/** A call to record takes so long (milliseconds). */
		takesMs: 0,
		/** Calls of these names fail. */
		fails: new Set<'record' | 'remove'>(),
	};
	const helpers = {
		checkProcessedAndRecord: async (entries: string[]) => {
			store.records.push(entries);
			store.recordedAt.push(Date.now());
			if (store.takesMs > 0) await new Promise((done) => setTimeout(done, store.takesMs));
			if (store.fails.has('record')) throw new Error('gone');
			if (store.isForgetful) list.clear();
			const processed = entries.filter((entry) => list.has(entry));
			for (const entry of entries) list.add(entry);
			return { new: [], processed };
		},
		removeProcessed: async (entries: string[]) => {
			store.removes.push(entries);
			if (store.fails.has('remove')) throw new Error('gone');
			for (const entry of entries) list.delete(entry);
		},
	};
	const context = {
		helpers,
		getWorkflow: () => ({ id: 'w' }),
		getNode: () => ({ id: `n${nodes}` }),
	} as unknown as IExecuteFunctions;
	return { context, store };
}
