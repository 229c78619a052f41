/** The note of a message: from when it counts, and when it is given up. */
import type { IExecuteFunctions } from 'n8n-workflow';

import { noteOf } from '../../../../nodes/shared/send/duplicateStore.ts';
import { MINUTE_MS } from '../../../../nodes/shared/dates.ts';

/** Another node for each test: what a process has noted it remembers. */
let nodes = 0;
beforeEach(() => {
	nodes += 1;
	jest.useFakeTimers({ now: Date.UTC(2026, 10, 20) });
});
afterEach(() => jest.useRealTimers());

const pass = async (ms: number) => await jest.advanceTimersByTimeAsync(ms);

/** A node with a list of its own, which only it writes to. */
function nodeWith(list: Set<string>, isForgetful = false) {
	const records: string[][] = [];
	const helpers = {
		checkProcessedAndRecord: async (entries: string[]) => {
			records.push(entries);
			if (isForgetful) list.clear();
			const processed = entries.filter((entry) => list.has(entry));
			for (const entry of entries) list.add(entry);
			return { new: [], processed };
		},
		removeProcessed: async (entries: string[]) => entries.forEach((entry) => list.delete(entry)),
	};
	const context = {
		helpers,
		getWorkflow: () => ({ id: 'w' }),
		getNode: () => ({ id: `n${nodes}` }),
	} as unknown as IExecuteFunctions;
	return { context, records };
}

/** What comes of it when a while has passed. */
async function after<T>(ms: number, work: Promise<T>): Promise<T> {
	const [end] = await Promise.all([work, pass(ms)]);
	return end;
}

describe('the right to send counts', () => {
	const note = () => noteOf(nodeWith(new Set()).context, 'm');
	const isThere = ({ right }: { right(): { tooLate(): unknown } }) =>
		right().tooLate() === undefined;

	test('from the note on, for eight minutes', async () => {
		const mine = note();
		await pass(8 * MINUTE_MS - 1);
		expect(isThere(mine)).toBe(true);
		await pass(1);
		expect(isThere(mine)).toBe(false);
	});

	test.each(['begin', 'askWhen', 'beginAgain'] as const)('anew from "%s" on', async (again) => {
		const mine = note();
		await pass(9 * MINUTE_MS);
		await after<unknown>(1000, mine[again]());
		expect(isThere(mine)).toBe(true);
		await pass(8 * MINUTE_MS);
		expect(isThere(mine)).toBe(false);
	});
});

test('a note that others write over is made twenty times', async () => {
	const { context, records } = nodeWith(new Set(), true);
	const note = noteOf(context, 'm');
	expect(await after(1000, note.begin())).toBe('new');
	const given = expect(note.stands()).rejects.toThrow('again and again');
	await pass(10_000);
	await given;
	expect(records.filter((entries) => entries.includes('m'))).toHaveLength(1 + 20);
});
