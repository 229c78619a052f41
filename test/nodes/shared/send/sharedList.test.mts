/** One process's side of n8n's list: what it knows by itself, and what it says where the store fails. */
import { beginningOf } from '../../../../nodes/shared/send/begun.ts';
import { GAP_MS, openOf } from '../../../../nodes/shared/send/listEntries.ts';
import { noteOf } from '../../../../nodes/shared/send/duplicateStore.ts';
import { after, nodeWith, pass } from './ownStore.mts';

/** A message that this process noted, and may send. */
async function noted() {
	const node = nodeWith();
	const note = noteOf(node.context, 'm');
	expect(await after(1000, note.begin())).toBe('new');
	expect(await after(1000, note.stands())).toBe('new');
	return { ...node, note, again: () => noteOf(node.context, 'm') };
}

/** How a promise ends in so many milliseconds. */
async function endOf(ms: number, work: Promise<unknown>): Promise<string> {
	let end = 'nothing yet';
	work.then(
		() => (end = 'done'),
		(error: Error) => (end = error.message),
	);
	await pass(ms);
	return end;
}

describe('a message that this process', () => {
	test('left open is in doubt at once: waiting does not change it', async () => {
		const { again, store } = await noted();
		await pass(60_000);
		store.records.length = 0;
		expect(await after(1000, again().begin())).toBe('inDoubt');
		expect(
			store.records.filter((entries) => entries.some((one) => one.startsWith('turn '))),
		).toHaveLength(1);
	});

	test('sent is known without the store', async () => {
		const { note, again, store } = await noted();
		await after(1000, note.confirm());
		store.records.length = 0;
		expect(await again().begin()).toBe('sent');
		expect(store.records).toEqual([]);
	});

	test('sent stays so, whoever wants to forget it', async () => {
		const { note, again, store } = await noted();
		await after(1000, note.confirm());
		await after(1000, again().forget());
		expect([...store.list]).toEqual(['m']);
		expect(await again().begin()).toBe('sent');
	});

	test('did not send is forgotten soon, with all that was noted of it', async () => {
		const { note, again, store } = await noted();
		expect(await endOf(300, note.forget())).toBe('done');
		await pass(2000);
		expect([...store.list].filter((entry) => entry.startsWith('m'))).toEqual([]);
		expect(await after(1000, again().begin())).toBe('new');
	});

	test('sent is written again for eleven minutes, also after somebody asked for it', async () => {
		const { note, again, store } = await noted();
		await after(1000, note.confirm());
		expect((await after(1000, again().askWhen())).before).toBe('sent');
		await pass(60_000);
		store.list.clear();
		await pass(5 * 60_000);
		expect([...store.list]).toEqual(['m']);
	});
});

test('a note is looked for by its mark when the list was left alone, also where a message of the same turn had been sent', async () => {
	const { context, store } = nodeWith(new Set(['sent before']));
	const [note, other] = [noteOf(context, 'm'), noteOf(context, 'sent before')];
	// The first turn leaves the list alone, and both are asked for in the second.
	await after(10, noteOf(context, 'z').begin());
	const both = Promise.all([note.begin(), other.begin()]);
	expect(await after(150, both)).toEqual(['new', 'sent']);
	// With this what nobody looks for goes.
	expect(await endOf(5, noteOf(context, 'y').forget())).toBe('nothing yet');
	expect(await after(1000, note.stands())).toBe('new');
	const isLook = (entries: string[]) =>
		entries.includes('m') && entries.some((one) => one.startsWith('turn '));
	const looks = store.recordedAt.filter((_, i) => isLook(store.records[i]!));
	expect(looks).toHaveLength(2);
	expect(looks[1]! - looks[0]!).toBeGreaterThanOrEqual(GAP_MS);
});

test('the time of our own note stays, though it had been asked for before', async () => {
	const { context, store } = nodeWith(new Set(['m', openOf('m')]));
	const asked = await after(10, noteOf(context, 'm').askWhen());
	expect(asked.before).toBe('inDoubt');
	const at = Date.now();
	store.list.clear();
	const note = noteOf(context, 'm');
	expect(await after(140, note.begin())).toBe('new');
	expect(await after(200, note.stands())).toBe('new');
	// It would have gone a second after it was asked for, and come back with the next repetition.
	await pass(at + 1_270 - Date.now());
	expect([...store.list]).toEqual(expect.arrayContaining(beginningOf('m', at)));
});

describe('a message that another process', () => {
	test('confirmed while it counted as ours was sent', async () => {
		const { again, store } = await noted();
		store.list.clear();
		store.list.add('m');
		await pass(2000);
		expect([...store.list]).toEqual(['m']);
		expect(await again().begin()).toBe('sent');
	});

	test('confirmed before our note was looked for does not go', async () => {
		const { context, store } = nodeWith();
		const note = noteOf(context, 'm');
		expect(await after(10, note.begin())).toBe('new');
		store.list.delete(openOf('m'));
		expect(await after(1000, note.stands())).toBe('sent');
	});
});

test('after a call that took long the note is not looked for before others had time to write again, whatever else is written meanwhile', async () => {
	const { context, store } = nodeWith();
	const looks = () => store.records.filter((entries) => entries.includes('m')).length;
	store.takesMs = 200;
	const note = noteOf(context, 'm');
	expect(await after(250, note.begin())).toBe('new');
	store.takesMs = 0;
	expect(await endOf(300, noteOf(context, 'z').forget())).toBe('done');
	await pass(700);
	expect(looks()).toBe(1);
	expect(await after(1000, note.stands())).toBe('new');
	expect(looks()).toBeGreaterThan(1);
});

describe('where the store fails', () => {
	test('who asks is told so, and may ask again', async () => {
		const { context, store } = nodeWith();
		store.fails.add('record');
		expect(await endOf(1000, noteOf(context, 'm').begin())).toBe('gone');
		store.fails.clear();
		// Nothing was noted, so that nobody has to be waited for.
		expect(await after(65, noteOf(context, 'm').begin())).toBe('new');
	});

	test('who confirms is told so, and what was sent is written later all the same', async () => {
		const { note, store } = await noted();
		store.fails.add('remove');
		expect(await endOf(1000, note.confirm())).toBe('gone');
		store.fails.clear();
		await pass(10_000);
		expect([...store.list]).toEqual(['m']);
	});

	test('who forgets is told so', async () => {
		const { note, store } = await noted();
		store.fails.add('remove');
		expect(await endOf(1000, note.forget())).toBe('gone');
	});

	test('marks of turns that could not be taken away go later', async () => {
		const { context, store } = nodeWith();
		const note = noteOf(context, 'm');
		expect(await after(10, note.begin())).toBe('new');
		// Before it is written again, with which its mark would go.
		expect(await after(140, note.stands())).toBe('new');
		expect([...store.list].filter((entry) => entry.startsWith('turn '))).not.toEqual([]);
		store.fails.add('remove');
		await endOf(1000, note.confirm());
		store.fails.clear();
		await pass(20 * 60_000);
		expect([...store.list]).toEqual(['m']);
	});
});

test('a list that has nothing to do any more rests for good', async () => {
	const { note, store } = await noted();
	await after(1000, note.forget());
	await pass(5000);
	const calls = store.records.length + store.removes.length;
	await pass(60 * 60_000);
	expect(store.records.length + store.removes.length).toBe(calls);
	expect(jest.getTimerCount()).toBe(0);
});
