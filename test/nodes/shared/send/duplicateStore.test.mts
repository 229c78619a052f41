/** The note of a message: from when it counts, and when it is given up. */
import { noteOf } from '../../../../nodes/shared/send/duplicateStore.ts';
import { MINUTE_MS } from '../../../../nodes/shared/dates.ts';
import { after, nodeWith, pass } from './ownStore.mts';

describe('the right to send counts', () => {
	const note = () => noteOf(nodeWith().context, 'm');
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
	const { context, store } = nodeWith();
	store.isForgetful = true;
	const note = noteOf(context, 'm');
	expect(await after(1000, note.begin())).toBe('new');
	const given = expect(note.stands()).rejects.toThrow('again and again');
	await pass(10_000);
	await given;
	expect(store.records.filter((entries) => entries.includes('m'))).toHaveLength(1 + 20);
});

test('a note where another one was and is gone counts when that one had time to be written again', async () => {
	const { context, store } = nodeWith(new Set(['m', 'm open']));
	const note = noteOf(context, 'm');
	const begun = note.begin();
	await pass(50);
	store.list.clear();
	expect(await after(300, begun)).toBe('new');
	await pass(500);
	// Another worker writes again that it sent the message.
	store.list.delete('m open');
	expect(await after(3000, note.stands())).toBe('sent');
});
