/** What becomes of the note of a message that fails, and of the doubt that was there before. */
import { nodeWith, Notes } from '../../../engine/notes.mts';
import { quickTime, type QuickTime } from '../../../engine/quickTime.mts';
import { MINUTE_MS } from '../../../../nodes/shared/dates.ts';
import { MarketplaceError, type Outcome } from '../../../../nodes/shared/outcome.ts';
import {
	sentOnce,
	type Ended,
	type Steps,
} from '../../../../nodes/shared/send/preventDuplicates.ts';
import type { SendOptions } from '../../../../nodes/shared/send/sendOptions.ts';
import { message, on } from './once.mts';

let time: QuickTime;
beforeEach(() => void (time = quickTime()));
afterEach(() => {
	time();
	jest.restoreAllMocks();
});

let notes: Notes;
let nodes = 0;
beforeEach(() => {
	notes = new Notes();
	nodes += 1;
});

const failing = (outcome: Outcome) => async (): Promise<Ended> =>
	await Promise.reject(
		new MarketplaceError('no', {
			outcome,
			retryable: false,
			description: 'x',
			marketplace: 'amazon',
		}),
	);
const sending = async (): Promise<Ended> => ({ status: 'sent' });

/** The status, or the code of the error, or what it says. */
async function endOf(steps: Partial<Steps<undefined>>, options: Partial<SendOptions> = {}) {
	const node = nodeWith(notes, `f${nodes}`);
	const whole = { prepare: async () => undefined, send: sending, ...steps };
	return await sentOnce(node, message('a'), { ...on, ...options }, whole).then(
		({ status }) => status as string,
		(error: Error & { details?: { code?: string } }) => error.details?.code ?? error.message,
	);
}

test.each<[string, Partial<Steps<undefined>>]>([
	['that the marketplace refused', { send: failing('notSent') }],
	['whose send failed on our side', { send: async () => await Promise.reject(new Error('no')) }],
	['whose file was not there', { prepare: async () => await Promise.reject(new Error('no')) }],
])('a message %s is not noted: it can be sent', async (_what, steps) => {
	expect(await endOf(steps)).toBe('no');
	expect(await endOf({})).toBe('sent');
});

test('a message whose answer was lost is in doubt', async () => {
	expect(await endOf({ send: failing('unknown') })).toBe('no');
	expect(await endOf({})).toBe('InDoubt');
});

test('a message in doubt stays so where it is sent again and refused: the first may have arrived', async () => {
	await endOf({ send: failing('unknown') });
	expect(await endOf({ send: failing('notSent') }, { whenInDoubt: 'send' })).toBe('no');
	expect(await endOf({})).toBe('InDoubt');
});

test('a message that failed stays noted where nobody could see whether another process goes on with it', async () => {
	let calls = 0;
	const record = notes.checkProcessedAndRecord.bind(notes);
	const store = jest.spyOn(notes, 'checkProcessedAndRecord').mockImplementation(async (...how) => {
		if (++calls > 1) throw new Error('gone');
		return await record(...how);
	});
	expect(await endOf({ prepare: async () => await Promise.reject(new Error('no')) })).toBe('no');
	store.mockRestore();
	expect(await endOf({})).toBe('InDoubt');
});

test('a message that failed after so long that others may have taken it over stays noted', async () => {
	const lookUp = {
		where: 'a list',
		tellsAbsence: true as const,
		look: async () => ({ end: 'open' as const }),
	};
	const late = (minutes: number) => async () => {
		time.skip(minutes * MINUTE_MS);
		return await failing('notSent')();
	};
	expect(await endOf({ lookUp, send: late(11) })).toBe('no');
	expect(await endOf({ lookUp, send: late(12) })).toBe('no');
	expect(await endOf({ lookUp })).toBe('InDoubt');
});
