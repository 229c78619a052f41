/** "Prevent Duplicates", without n8n's engine: what is noted of a message, and what is made of the notes. */
import { nodeWith, Notes } from '../../../engine/notes.mts';
import { quickTime, type QuickTime } from '../../../engine/quickTime.mts';
import type { Settled } from '../../../../nodes/shared/send/identity.ts';
import { givenKey, sentOnce, type Ended } from '../../../../nodes/shared/send/preventDuplicates.ts';
import type { SendOptions } from '../../../../nodes/shared/send/sendOptions.ts';
import { wait } from '../../../../nodes/shared/sleep.ts';
import { executionOf } from '../../../../nodes/shared/run/execution.ts';
import { message, on } from './once.mts';

let asUsual: QuickTime;
beforeEach(() => void (asUsual = quickTime()));
afterEach(() => asUsual());

let notes: Notes;
let nodes = 0;
let nodeId: string;
/** Another node for each test: what a process has sent it remembers. */
beforeEach(() => {
	notes = new Notes();
	nodeId = `n${++nodes}`;
});
afterEach(() => jest.restoreAllMocks());

test('what makes a message itself may be told at once or be found out', async () => {
	const context = nodeWith(notes, nodeId);
	const send = jest.fn(async () => ({ status: 'sent' as const }));
	const steps = { prepare: async () => {}, send };

	await sentOnce(context, message('a', undefined), on, steps);
	const foundOut = { ...message(), same: async () => ['a', undefined] };
	const second = await sentOnce(context, foundOut, on, steps);
	expect(second).toMatchObject({ status: 'skipped', reason: 'alreadySent' });
	expect(send).toHaveBeenCalledTimes(1);
});

test('the same message twice at once is sent once, and the second waits for what becomes of it', async () => {
	const send = jest.fn(async () => {
		await wait(5000);
		return { status: 'sent' as const };
	});
	const steps = { prepare: async () => {}, send };
	const both = await Promise.all(
		[1, 2].map(async () => await sentOnce(nodeWith(notes, nodeId), message('a'), on, steps)),
	);
	expect(both.map(({ status, reason }) => [status, reason])).toEqual([
		['sent', undefined],
		['skipped', 'alreadySent'],
	]);
	expect(send).toHaveBeenCalledTimes(1);
});

test('what was sent is skipped as that, also where doubts are treated as sent, and the run says how to send it again', async () => {
	const context = nodeWith(notes, nodeId);
	const steps = { prepare: async () => {}, send: async () => ({ status: 'sent' as const }) };
	const options: SendOptions = { ...on, whenInDoubt: 'treatAsSent' };
	await sentOnce(context, message('a'), options, steps);
	expect(executionOf(context).hints()).toEqual([]);
	expect(await sentOnce(context, message('a'), options, steps)).toMatchObject({
		...{ status: 'skipped', reason: 'alreadySent' },
	});
	expect(
		executionOf(context)
			.hints()
			.map(({ message: hint }) => hint),
	).toEqual([
		"What was sent before was not sent again ('Prevent Duplicates'). To send it once more, write another 'Duplicate Key' or switch the option off.",
	]);
});

describe('a message that came out as accepted', () => {
	const accepting = jest.fn(async (): Promise<Ended> => ({ status: 'accepted' }));
	const steps = { prepare: async () => {}, send: accepting };
	const about = (settled?: () => Promise<Settled>) => ({ ...message('a'), settled });
	const again = async (settled?: () => Promise<Settled>, options: SendOptions = on) =>
		await sentOnce(nodeWith(notes, nodeId), about(settled), options, steps);
	const inDoubt = { details: { outcome: 'unknown', code: 'InDoubt' } };

	beforeEach(async () => {
		accepting.mockClear();
		expect(await again()).toEqual({ status: 'accepted' });
	});

	test('is in doubt where nobody can tell', async () => {
		await expect(again()).rejects.toMatchObject(inDoubt);
	});

	test('is in doubt where the marketplace cannot tell, or fails', async () => {
		await expect(again(async () => ({ end: 'open' }))).rejects.toMatchObject(inDoubt);
		const failing = async () => await Promise.reject(new Error('no'));
		await expect(again(failing)).rejects.toMatchObject(inDoubt);
		expect(accepting).toHaveBeenCalledTimes(1);
	});

	test('was sent where the marketplace says so, and is not asked about again', async () => {
		const settled = jest.fn(async () => ({ end: 'sent' }) as const);
		for (let time = 0; time < 2; time++) {
			expect(await again(settled)).toEqual({ status: 'skipped', reason: 'alreadySent' });
		}
		expect(settled).toHaveBeenCalledTimes(1);
	});

	test('is sent again where the marketplace names an attempt that failed, once for each', async () => {
		const told = (attempt: string) => async () => ({ end: 'notSent', attempt }) as const;
		expect(await again(told('t-1'))).toEqual({ status: 'accepted' });
		await expect(again(told('t-1'))).rejects.toMatchObject(inDoubt);
		expect(await again(told('t-2'))).toEqual({ status: 'accepted' });
		await expect(again(told('t-2'))).rejects.toMatchObject(inDoubt);
		expect(accepting).toHaveBeenCalledTimes(3);
	});

	test('that was sent by a later attempt is known by itself from then on', async () => {
		const failed = async () => ({ end: 'notSent', attempt: 't-1' }) as const;
		accepting.mockResolvedValueOnce({ status: 'sent' });
		expect(await again(failed)).toEqual({ status: 'sent' });
		expect(await again()).toEqual({ status: 'skipped', reason: 'alreadySent' });
	});

	test('is treated as the seller says where it stays open', async () => {
		const treated = { ...on, whenInDoubt: 'treatAsSent' as const };
		expect(await again(undefined, treated)).toEqual({ status: 'skipped', reason: 'treatedAsSent' });
		expect(await again()).toEqual({ status: 'skipped', reason: 'alreadySent' });
	});
});

describe('a key of their own', () => {
	const of = (duplicateKey: string, ...within: string[]) =>
		givenKey({ ...message('a'), within }, { ...on, duplicateKey });

	test('counts within what the message belongs to, by words that earlier versions noted', () => {
		expect(of('thanks', 'order-1', 'buyer')).toEqual(['thanks', 'within', 'order-1', 'buyer']);
		expect(of('order-1 thanks', 'order-1')).toEqual(['order-1 thanks']);
	});

	test('that is empty is none', () => {
		expect(of('', 'order-1')).toBeUndefined();
	});

	test('that names the order by itself is the same that earlier versions noted', async () => {
		const about = { ...message('a'), within: ['902-3159896-1390916'] };
		const steps = { prepare: async () => {}, send: async () => ({ status: 'sent' as const }) };
		const context = nodeWith(notes, nodeId);
		const duplicateKey = 'invoice 902-3159896-1390916';
		const before = { ...about, same: [duplicateKey] };
		await sentOnce(context, before, on, steps);
		const end = await sentOnce(context, about, { ...on, duplicateKey }, steps);
		expect(end).toMatchObject({ status: 'skipped', reason: 'alreadySent' });
	});

	test('with a name so short that it may stand there by chance counts within it all the same', async () => {
		const steps = { prepare: async () => {}, send: async () => ({ status: 'sent' as const }) };
		const context = nodeWith(notes, nodeId);
		const options = { ...on, duplicateKey: 'thanks' };
		for (const buyer of ['a', 't']) {
			const end = await sentOnce(context, { ...message('a'), within: [buyer] }, options, steps);
			expect(end.status).toBe('sent');
		}
	});
});

test("n8n's store that fails after the send leaves a doubt to others, never a second send", async () => {
	jest.spyOn(notes, 'removeProcessed').mockRejectedValue(new Error('gone'));
	const send = jest.fn(async () => ({ status: 'sent' as const }));
	const steps = { prepare: async () => {}, send };
	await sentOnce(nodeWith(notes, nodeId), message('a'), on, steps);
	jest.resetModules();
	const other = await import('../../../../nodes/shared/send/preventDuplicates.ts');
	await expect(
		other.sentOnce(nodeWith(notes, nodeId), message('a'), on, steps),
	).rejects.toMatchObject({
		details: { code: 'InDoubt' },
	});
	expect(send).toHaveBeenCalledTimes(1);
});

test("n8n's store keeps no times: the process that sent a message knows when, and no other", async () => {
	const sentAt = '2026-11-20T12:00:00.000Z';
	const steps = {
		prepare: async () => {},
		send: async () => ({ status: 'sent' as const, sentAt }),
	};
	const skipped = { status: 'skipped', reason: 'alreadySent', foundBy: undefined };

	await sentOnce(nodeWith(notes, nodeId), message('a'), on, steps);
	expect(await sentOnce(nodeWith(notes, nodeId), message('a'), on, steps)).toEqual({
		...skipped,
		sentAt,
	});
	jest.resetModules();
	const other = await import('../../../../nodes/shared/send/preventDuplicates.ts');
	expect(await other.sentOnce(nodeWith(notes, nodeId), message('a'), on, steps)).toEqual({
		...skipped,
		sentAt: undefined,
	});
});
