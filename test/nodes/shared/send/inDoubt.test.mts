/** A message that an earlier execution began and never confirmed: what the seller chooses, and what a look tells. */
import { nodeWith, Notes } from '../../../engine/notes.mts';
import { quickTime, type QuickTime } from '../../../engine/quickTime.mts';
import { MarketplaceError } from '../../../../nodes/shared/outcome.ts';
import { beginningOf } from '../../../../nodes/shared/send/begun.ts';
import type { Settled } from '../../../../nodes/shared/send/identity.ts';
import type { LookUp, Seen } from '../../../../nodes/shared/send/lookUp.ts';
import { sentOnce, type Ended } from '../../../../nodes/shared/send/preventDuplicates.ts';
import type { SendOptions } from '../../../../nodes/shared/send/sendOptions.ts';

const MINUTE = 60_000;
const SLOT = 5 * MINUTE;

let asUsual: QuickTime;
beforeEach(() => void (asUsual = quickTime()));
afterEach(() => asUsual());

let notes: Notes;
let count = 0;
let sends: jest.Mock<Promise<Ended>, unknown[]>;
/** Another node for each test: what a process has sent it remembers. */
beforeEach(() => {
	notes = new Notes();
	count += 1;
	sends = jest.fn(async () => ({ status: 'sent' as const }));
});

interface How extends Partial<SendOptions> {
	lookUp?: LookUp<undefined>;
	settled?: () => Promise<Settled>;
	prepare?: () => Promise<undefined>;
}

async function sendIt({ lookUp, settled, prepare, ...more }: How = {}, store = notes) {
	const options: SendOptions = {
		validateOnly: false,
		preventDuplicates: true,
		duplicateKey: '',
		whenInDoubt: 'stop',
		lookUpAfterLoss: true,
		allowContactData: false,
		...more,
	};
	const about = {
		...{ marketplace: 'ebay' as const, whereToLook: 'Look into the folder' },
		...{ within: [], same: ['a'], settled },
	};
	const steps = { prepare: prepare ?? (async () => undefined), send: sends, lookUp };
	const context = Object.assign(nodeWith(store, `n${count}`), { addExecutionHints: () => {} });
	return await sentOnce(context, about, options, steps);
}
/** What a seller reads. */
interface Told {
	message: string;
	description?: string;
	details?: object;
	retryable?: boolean;
}
const failureOf = async (how: How = {}): Promise<Told | undefined> => {
	try {
		await sendIt(how);
		return undefined;
	} catch (error) {
		const { message, description, details, retryable } = error as Told;
		return { message, description, retryable, ...details };
	}
};
const lookItUp = (lookUp?: LookUp<undefined>): How => ({ whenInDoubt: 'lookUp', lookUp });

/** The fingerprint of the message: another node is told of it as it sends. */
async function keyOfIt(): Promise<string> {
	count += 1;
	await sendIt({}, new Notes());
	const [[, key]] = sends.mock.calls as Array<[unknown, string]>;
	sends.mockClear();
	count += 1;
	return key!;
}

const place = () => `w n${count}`;
const kept = () => notes.lists.get(place()) ?? [];
/** What a process left that died. @param at when it began; nothing where it did not say so */
async function leftBehind(at?: number): Promise<string> {
	const key = await keyOfIt();
	const times = at === undefined ? [] : beginningOf(key, at);
	notes.lists.set(place(), [key, `${key} open`, ...times]);
	return key;
}
const startOfSlot = (at: number) => at - (at % SLOT);

const looking = (seen: Seen, more: Partial<LookUp<undefined>> = {}) => ({
	where: "Acme's list",
	tellsAbsence: true as const,
	look: jest.fn<Promise<Seen>, Parameters<LookUp['look']>>(async () => await Promise.resolve(seen)),
	...more,
});
const ABSENT: Seen = { end: 'open', isAbsent: true, evidence: 'It is not there.' };

test('stops where the seller chose nothing else, says where to look and what then, and nothing is asked', async () => {
	await leftBehind(Date.now());
	const lookUp = looking({ end: 'sent', foundBy: 'list' });
	expect(await failureOf({ lookUp })).toMatchObject({
		message:
			'An earlier run began to send this message, and it is not known whether the buyer got it',
		outcome: 'unknown',
		retryable: false,
		code: 'InDoubt',
		marketplace: 'ebay',
		description:
			"It got no answer, was stopped in the middle, or is still at it. Look into the folder. Then choose 'Send Again' or 'Treat as Sent' for 'When in Doubt', run the item once, and set it back to 'Stop and Say So'.",
	});
	expect(lookUp.look).not.toHaveBeenCalled();
	expect(sends).not.toHaveBeenCalled();
});

test("who wants it sent again and meets another one's note is told to run it once more", async () => {
	const how: How = {
		whenInDoubt: 'send',
		// As another process leaves the list that has written over it, and notes the same message.
		async prepare() {
			const others = kept().filter((entry) => !entry.startsWith('turn '));
			notes.lists.set(place(), others);
			return await Promise.resolve(undefined);
		},
	};
	expect(await failureOf(how)).toMatchObject({
		code: 'InDoubt',
		description: expect.stringMatching(/If it did not arrive, run the item once more\.$/),
	});
	expect(sends).not.toHaveBeenCalled();
});

describe('looked up', () => {
	test('and there, it counts as sent from then on, and who finds it says so', async () => {
		const key = await leftBehind(Date.now());
		const lookUp = looking({ end: 'sent', foundBy: 'list' });
		expect(await sendIt(lookItUp(lookUp))).toEqual({
			...{ status: 'skipped', reason: 'alreadySent', foundBy: 'list' },
		});
		expect(kept()).toEqual([key]);
		expect(await sendIt(lookItUp(lookUp))).toMatchObject({ reason: 'alreadySent' });
		expect(lookUp.look).toHaveBeenCalledTimes(1);
	});

	test('it is looked for in all of the time in which it may have left, by any clock', async () => {
		const from = startOfSlot(Date.now());
		const key = await leftBehind(from + 1);
		const lookUp = looking({ end: 'sent', foundBy: 'list' });
		await sendIt(lookItUp(lookUp));
		const until = from + SLOT + (8 + 7 + 5) * MINUTE;
		expect(lookUp.look).toHaveBeenCalledWith({
			...{ since: from - 5 * MINUTE, leftMs: 30_000, earlier: { until, key } },
		});
	});

	test.each<[string, Seen, Partial<LookUp<undefined>>, RegExp]>([
		['not seen', { end: 'open' }, {}, /It was looked for, and nobody could tell/],
		[
			'not seen, with evidence',
			{ end: 'open', evidence: 'It is hot.' },
			{},
			/at it\. It is hot\. L/,
		],
		['among too many', { ...ABSENT, isAbsent: false }, {}, /at it\. It is not there\. Look/],
		['absent where nobody can tell that', ABSENT, { tellsAbsence: undefined }, /not there\. Look/],
		[
			'refused',
			{ end: 'notSent', error: new MarketplaceError('no', { outcome: 'notSent' } as never) },
			...[{}, /It was looked for, and nobody could tell/],
		] as never,
	])(
		'and %s, it stays in doubt, however long ago it was begun',
		async (_what, seen, more, words) => {
			await leftBehind(Date.now() - 120 * MINUTE);
			const failure = await failureOf(lookItUp(looking(seen, more)));
			expect(failure).toMatchObject({ code: 'InDoubt', description: expect.stringMatching(words) });
			expect(sends).not.toHaveBeenCalled();
		},
	);

	test('in vain, it says why nobody could see', async () => {
		await leftBehind(Date.now() - 120 * MINUTE);
		const look = async () => await Promise.reject(new Error('The list is closed'));
		expect(await failureOf(lookItUp(looking(ABSENT, { look })))).toMatchObject({
			code: 'InDoubt',
			description: expect.stringContaining(
				"Nobody could see whether it is in Acme's list: The list is closed.",
			),
		});
	});

	test('where the marketplace shows nothing, it says so', async () => {
		await leftBehind(Date.now());
		expect((await failureOf(lookItUp()))?.description).toContain(
			'The marketplace does not show such messages, so it could not be looked up.',
		);
	});

	test.each([
		['without its time', undefined],
		['more than a week ago', 9 * 24 * 60 * MINUTE],
	])('and begun %s, it is not looked for', async (_what, ago) => {
		await leftBehind(ago && Date.now() - ago);
		const lookUp = looking(ABSENT);
		expect((await failureOf(lookItUp(lookUp)))?.description).toContain('It was not looked for:');
		expect(lookUp.look).not.toHaveBeenCalled();
	});

	describe('and surely absent', () => {
		/** So long after the slot in which it began. */
		const settled = async (ms: number) => {
			const begun = startOfSlot(Date.now()) - SLOT;
			await leftBehind(begun);
			asUsual.skip(begun + SLOT + ms - Date.now());
		};

		test('it is sent once 25 minutes are over, and then known', async () => {
			await settled(25 * MINUTE);
			expect(await sendIt(lookItUp(looking(ABSENT)))).toEqual({ status: 'sent' });
			expect(sends).toHaveBeenCalledTimes(1);
			expect(await sendIt()).toMatchObject({ status: 'skipped', reason: 'alreadySent' });
		});

		test.each([
			['13 minutes', 12 * MINUTE + 30_000],
			['1 minute', 24 * MINUTE + 30_000],
		])('it may still come before, and %s are to wait', async (words, ms) => {
			await settled(ms);
			const failure = await failureOf(lookItUp(looking(ABSENT)));
			expect(failure).toMatchObject({ outcome: 'unknown', code: 'InDoubt' });
			expect(failure?.description).toContain(
				`It is not in Acme's list, but was begun so short a time ago that it may still come. In ${words} that is known: run`,
			);
			expect(sends).not.toHaveBeenCalled();
		});

		test('it may still have come where the time ran out only while it was looked for', async () => {
			await settled(25 * MINUTE - 20_000);
			const look = async () => {
				asUsual.skip(30_000);
				return await Promise.resolve(ABSENT);
			};
			const failure = await failureOf(lookItUp(looking(ABSENT, { look })));
			expect(failure?.description).toContain('In 1 minute that is known');
			expect(sends).not.toHaveBeenCalled();
		});

		test('its next attempt is in doubt, too, where that one is left open', async () => {
			await settled(25 * MINUTE);
			sends.mockResolvedValueOnce({ status: 'accepted' });
			expect(await sendIt(lookItUp(looking(ABSENT)))).toEqual({ status: 'accepted' });
			const failure = await failureOf(lookItUp(looking(ABSENT)));
			expect(failure?.description).toContain('begun so short a time ago');
			expect(sends).toHaveBeenCalledTimes(1);
		});
	});
});

describe('while the marketplace is asked', () => {
	/** Somebody changes the list meanwhile. */
	const open =
		(change: (key: string) => void, key: string): How['settled'] =>
		async () => {
			change(key);
			return await Promise.resolve({ end: 'open' });
		};

	test('its sender may confirm it: then nobody looks any more', async () => {
		const key = await leftBehind(Date.now());
		const confirm = () => void notes.lists.set(place(), [key]);
		const lookUp = looking(ABSENT);
		const end = await sendIt({ ...lookItUp(lookUp), settled: open(confirm, key) });
		expect(end).toEqual({ status: 'skipped', reason: 'alreadySent' });
		expect(lookUp.look).not.toHaveBeenCalled();
	});

	test('its sender may be refused, and takes its note away: then it is sent', async () => {
		const key = await leftBehind(Date.now());
		const forget = () => void notes.lists.set(place(), []);
		const lookUp = looking(ABSENT);
		const end = await sendIt({ ...lookItUp(lookUp), settled: open(forget, key) });
		expect(end).toEqual({ status: 'sent' });
		expect(lookUp.look).not.toHaveBeenCalled();
	});

	test("n8n's store may fail: nothing is sent, and it can run again", async () => {
		const key = await leftBehind(Date.now());
		const fail = () => {
			notes.checkProcessedAndRecord = async () => await Promise.reject(new Error('gone'));
		};
		expect(await failureOf({ ...lookItUp(looking(ABSENT)), settled: open(fail, key) })).toEqual(
			expect.objectContaining({
				message: "'Prevent Duplicates' could not look up what was sent before",
				description: "n8n's own store failed: gone",
				retryable: true,
			}),
		);
		expect(sends).not.toHaveBeenCalled();
	});
});

test('a store that fails with what is no error is quoted all the same', async () => {
	notes.checkProcessedAndRecord = async () => await Promise.reject('closed');
	expect((await failureOf())?.description).toBe("n8n's own store failed: closed");
});

describe('of an attempt that the marketplace knows to have failed', () => {
	const failed: How = {
		settled: async () => await Promise.resolve({ end: 'notSent', attempt: 'one' }),
	};

	test('the next one is sent, and settles the doubt', async () => {
		const key = await leftBehind(Date.now());
		expect(await sendIt(failed)).toEqual({ status: 'sent' });
		expect(kept()).toContain(key);
		expect(kept()).not.toContain(`${key} open`);
	});

	test('the doubt stays where the next one is refused', async () => {
		const key = await leftBehind(Date.now());
		sends.mockRejectedValueOnce(new Error('refused'));
		expect(await failureOf(failed)).toMatchObject({ message: 'refused' });
		expect(kept()).toContain(`${key} open`);
	});

	test('it is not sent a third time where the same is told again', async () => {
		await leftBehind(Date.now());
		sends.mockResolvedValue({ status: 'accepted' });
		await sendIt(failed);
		expect(await failureOf(failed)).toMatchObject({ code: 'InDoubt' });
		expect(sends).toHaveBeenCalledTimes(1);
	});
});
