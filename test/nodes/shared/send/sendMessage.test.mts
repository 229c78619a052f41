/** The one way to send: what it does with the steps that an operation describes. */
import type { INodeParameters } from 'n8n-workflow';

import { nodeWith, Notes } from '../../../engine/notes.mts';
import { quickTime, type QuickTime } from '../../../engine/quickTime.mts';
import { MarketplaceError, Refusal } from '../../../../nodes/shared/outcome.ts';
import { executionOf } from '../../../../nodes/shared/run/execution.ts';
import { sendMessage, type MessageToSend } from '../../../../nodes/shared/send/sendMessage.ts';

let asUsual: QuickTime;
beforeEach(() => void (asUsual = quickTime()));
afterEach(() => asUsual());

let notes: Notes;
let steps: string[];
let messages = 0;
beforeEach(() => {
	notes = new Notes();
	steps = [];
});

/** Another message for each test: what a process has sent it remembers. */
function describedAs(more: Partial<MessageToSend<string>> = {}): MessageToSend<string> {
	const step = (name: string) => async () => void steps.push(name);
	return {
		shown: { marketplace: 'amazon', orderId: 'o-1' },
		identity: { marketplace: 'amazon', whereToLook: 'Look', within: [], same: [messages] },
		check: step('check'),
		async validated() {
			steps.push('validated');
			return { text: 'Hi' };
		},
		async prepare() {
			steps.push('prepare');
			return 'file';
		},
		async send(prepared) {
			steps.push(`send ${prepared}`);
			return { requestId: 'r-1' };
		},
		...more,
	};
}
beforeEach(() => void (messages += 1));

const sendIt = async (message: MessageToSend<string>, options: INodeParameters = {}) =>
	await sendMessage(nodeWith(notes, 'n', { options }), 0, message);
const DUPLICATES = { preventDuplicates: true };

test('puts first what a person looks for first: what became of it, whom it went to, and when', async () => {
	const message = describedAs({ shown: { orderId: 'o-1', marketplace: 'amazon' } });
	expect(Object.keys(await sendIt(message, DUPLICATES))).toEqual([
		...['status', 'orderId', 'sentAt', 'marketplace', 'requestId'],
	]);
	expect(Object.keys(await sendIt(message, DUPLICATES))).toEqual([
		...['status', 'reason', 'orderId', 'sentAt', 'marketplace'],
	]);
});

test.each([true, false])('tells whether a message was noted: %s', async (preventDuplicates) => {
	const context = nodeWith(notes, 'n', { options: { preventDuplicates } });
	await sendMessage(context, 0, describedAs());
	expect(executionOf(context).noted.has(0)).toBe(preventDuplicates);
});

test('checks, prepares and sends, in this order', async () => {
	await sendIt(describedAs());
	expect(steps).toEqual(['check', 'prepare', 'send file']);
});

test('puts out status, what every output says, what the marketplace said, and when', async () => {
	const from = Date.now();
	const { sentAt, ...output } = await sendIt(describedAs());
	expect(Date.parse(String(sentAt))).toBeGreaterThanOrEqual(from);
	expect(Date.parse(String(sentAt))).toBeLessThanOrEqual(Date.now());
	expect(Object.entries(output)).toEqual([
		['status', 'sent'],
		['marketplace', 'amazon'],
		['orderId', 'o-1'],
		['requestId', 'r-1'],
	]);
});

test('leaves out what the marketplace did not say', async () => {
	const output = await sendIt(describedAs({ send: async () => ({ requestId: undefined }) }));
	expect(Object.keys(output)).toEqual(['status', 'marketplace', 'sentAt', 'orderId']);
});

test('leaves out what every output says where the marketplace corrected it', async () => {
	const output = await sendIt(describedAs({ send: async () => ({ orderId: undefined }) }));
	expect(output).not.toHaveProperty('orderId');
});

test('keeps the time that the operation tells', async () => {
	const sentAt = '2026-01-01T00:00:00.000Z';
	expect(await sendIt(describedAs({ send: async () => ({ sentAt }) }))).toMatchObject({ sentAt });
});

describe("with 'Validate Only'", () => {
	test('it checks, and neither prepares nor sends', async () => {
		const output = await sendIt(describedAs(), { validateOnly: true });
		expect(steps).toEqual(['check', 'validated']);
		expect(output).toEqual({
			status: 'validated',
			marketplace: 'amazon',
			orderId: 'o-1',
			text: 'Hi',
		});
	});

	test('nothing is noted, also where duplicates are prevented', async () => {
		await sendIt(describedAs(), { validateOnly: true, ...DUPLICATES });
		expect(notes.lists.size).toBe(0);
	});

	test('what the check refuses is refused', async () => {
		const check = async () => await Promise.reject(new Refusal('No', 'Do it'));
		await expect(sendIt(describedAs({ check }), { validateOnly: true })).rejects.toThrow('No');
		expect(steps).toEqual([]);
	});
});

describe("with 'Prevent Duplicates'", () => {
	test('what was sent before is neither checked nor prepared', async () => {
		const { sentAt } = await sendIt(describedAs(), DUPLICATES);
		steps = [];
		expect(await sendIt(describedAs(), DUPLICATES)).toEqual({
			status: 'skipped',
			reason: 'alreadySent',
			sentAt,
			marketplace: 'amazon',
			orderId: 'o-1',
		});
		expect(steps).toEqual([]);
	});

	test('it is noted before anything is checked', async () => {
		let noted = 0;
		const check = async () => void (noted = notes.lists.get('w n')?.length ?? 0);
		await sendIt(describedAs({ check }), DUPLICATES);
		expect(noted).toBeGreaterThan(0);
	});

	test('nothing leaves where the note was lost to another process during the preparation', async () => {
		const message = describedAs();
		const prepare = async () => {
			// As another process leaves the list that sent the message meanwhile.
			const entries = notes.lists.get('w n') ?? [];
			notes.lists.set(
				'w n',
				entries.filter((entry) => /^[0-9a-f]+$/.test(entry)),
			);
			return await message.prepare!();
		};
		const output = await sendIt({ ...message, prepare }, DUPLICATES);
		expect(steps).toEqual(['check', 'prepare']);
		expect(output).toMatchObject({ status: 'skipped', reason: 'alreadySent' });
	});

	test('nothing leaves where the store fails while the message is prepared', async () => {
		const message = describedAs();
		const prepare = async () => {
			notes.checkProcessedAndRecord = async () => await Promise.reject(new Error('gone'));
			return await message.prepare!();
		};
		await expect(sendIt({ ...message, prepare }, DUPLICATES)).rejects.toThrow(
			"'Prevent Duplicates' could not look up what was sent before",
		);
		expect(steps).toEqual(['check', 'prepare']);
	});

	test('what the check refused is not noted any more, and sent by a later run', async () => {
		const check = async () => await Promise.reject(new Refusal('No', 'Do it'));
		await expect(sendIt(describedAs({ check }), DUPLICATES)).rejects.toThrow('No');
		expect(await sendIt(describedAs(), DUPLICATES)).toMatchObject({ status: 'sent' });
	});

	test('what came out as accepted is in doubt for a later run', async () => {
		const send = async () => ({ status: 'accepted' as const });
		expect(await sendIt(describedAs({ send }), DUPLICATES)).toMatchObject({ status: 'accepted' });
		await expect(sendIt(describedAs({ send }), DUPLICATES)).rejects.toMatchObject({
			details: { code: 'InDoubt' },
		});
	});

	test('what got no answer is in doubt for a later run, and not sent again', async () => {
		const send = jest.fn(async () => await Promise.reject(lostError()));
		await expect(sendIt(describedAs({ send }), DUPLICATES)).rejects.toThrow('lost');
		await expect(sendIt(describedAs({ send }), DUPLICATES)).rejects.toMatchObject({
			details: { code: 'InDoubt' },
		});
		expect(send).toHaveBeenCalledTimes(1);
	});

	test('the sending is given a fingerprint, and none where duplicates are not prevented', async () => {
		const keys: string[] = [];
		const send = async (_: string, key: string) => {
			keys.push(key);
			return {};
		};
		await sendIt(describedAs({ send }));
		await sendIt(describedAs({ send }), DUPLICATES);
		expect(keys).toEqual(['', expect.stringMatching(/^[0-9a-f]{16,}$/)]);
	});
});

describe("'Duplicate Key'", () => {
	/** Whether the second message counts as sent, where each has a key, and belongs to one or two things. */
	async function isSecondHeld(first: [string, ...string[]], second: [string, ...string[]]) {
		const send = async ([duplicateKey, ...within]: [string, ...string[]]) => {
			const identity = { ...describedAs().identity, within };
			return await sendIt(describedAs({ identity }), { ...DUPLICATES, duplicateKey });
		};
		await send(first);
		return (await send(second)).status === 'skipped';
	}

	test('counts within what the message belongs to', async () => {
		expect(await isSecondHeld(['thanks', 'order-1'], ['thanks', 'order-2'])).toBe(false);
		expect(await isSecondHeld(['hello', 'order-1'], ['hello', 'order-1'])).toBe(true);
	});

	test('that names all that the message belongs to counts by itself', async () => {
		expect(await isSecondHeld(['a-order1', 'order1'], ['a-order1', 'order-2'])).toBe(false);
		expect(await isSecondHeld(['order1', 'order1'], ['order1', 'order1', 'order1'])).toBe(true);
		expect(await isSecondHeld(['order7', 'order7', 'item-7'], ['order7', 'order7'])).toBe(false);
	});

	test('may hold a short ID by chance', async () => {
		expect(await isSecondHeld(['day 12345', '12345'], ['day 12345', '12345', '12345'])).toBe(false);
	});

	test('is the same with spaces around it, and another with other words', async () => {
		expect(await isSecondHeld(['a', 'order-1'], [' a ', 'order-1'])).toBe(true);
		expect(await isSecondHeld(['b', 'order-1'], ['c', 'order-1'])).toBe(false);
	});

	test('with an expression as plain text counts for nothing where duplicates are not prevented', async () => {
		const options = { duplicateKey: '{{ $json.orderId }}', preventDuplicates: false };
		for (const validateOnly of [true, false]) {
			await sendIt(describedAs(), { ...options, validateOnly });
		}
		expect(steps).toEqual(['check', 'validated', 'check', 'prepare', 'send file']);
	});

	test.each([
		['', {}],
		[", also by 'Validate Only'", { validateOnly: true }],
	])('with an expression as plain text is refused%s', async (_, more) => {
		const duplicateKey = `{{ $json.orderId }}${' '.repeat(60)}!`;
		const sent = sendIt(describedAs(), { ...DUPLICATES, ...more, duplicateKey });
		await expect(sent).rejects.toMatchObject({
			message: expect.stringMatching(
				/holds an expression as plain text: \{\{ \$json\.orderId \}\} +$/,
			),
			description: expect.stringContaining("switch the field to 'Expression'"),
		});
		expect(steps).toEqual([]);
	});
});

describe('contact data in a text', () => {
	const contact = {
		written: { Text: 'Call 555-123-4567' },
		rule: { marketplace: 'Acme', kinds: ['phone' as const], words: 'Acme forbids it.' },
	};
	const warnings = [expect.objectContaining({ code: 'ContactData' })];

	test('is refused before anything else', async () => {
		await expect(sendIt(describedAs({ contact }))).rejects.toThrow("'Text' holds a phone number");
		expect(steps).toEqual([]);
	});

	test('is sent where it is allowed, under a warning', async () => {
		const allowed = { allowContactData: true };
		expect(await sendIt(describedAs({ contact }), allowed)).toMatchObject({ warnings });
		const accepted = describedAs({ contact, send: async () => ({ status: 'accepted' }) });
		messages += 1;
		expect(await sendIt(accepted, allowed)).toMatchObject({ status: 'accepted', warnings });
		expect(
			await sendIt(describedAs({ contact }), { ...allowed, validateOnly: true }),
		).toMatchObject({ warnings });
	});

	test('is told of no message that was sent before', async () => {
		const options = { ...DUPLICATES, allowContactData: true };
		await sendIt(describedAs({ contact }), options);
		expect(await sendIt(describedAs({ contact }), options)).not.toHaveProperty('warnings');
	});
});

test('what has no check is sent, and validated', async () => {
	const message = describedAs({ check: undefined, prepare: undefined });
	expect(await sendIt(message)).toMatchObject({ status: 'sent' });
	expect(await sendIt(message, { validateOnly: true })).toMatchObject({ status: 'validated' });
	expect(steps).toEqual(['send undefined', 'validated']);
});

const lostError = () =>
	new MarketplaceError('lost', {
		outcome: 'unknown',
		retryable: false,
		marketplace: 'amazon',
		description: '',
	});

describe("a message that may be taken for another order's", () => {
	const key = { ...DUPLICATES, duplicateKey: 'abc' };
	const identity = { ...describedAs().identity, anotherOrder: 'a second order' };
	const said = expect.stringContaining('a second order gets none');

	async function told(options: INodeParameters) {
		const context = nodeWith(notes, 'n', { options });
		const output = await sendMessage(context, 0, describedAs({ identity }));
		return { output, hints: executionOf(context).hints() };
	}

	test('is told of at once', async () => {
		for (const options of [{ ...key, validateOnly: true }, key]) {
			const { output, hints } = await told(options);
			expect(output).not.toHaveProperty('warnings');
			expect(hints).toMatchObject([{ message: said }]);
		}
	});

	test('is told of by the item that was held back', async () => {
		await told(key);
		const { output } = await told(key);
		expect(output).toMatchObject({
			status: 'skipped',
			warnings: [{ code: 'AnotherOrder', message: said }],
		});
	});

	test('is told of where it was held back, if it has no key', async () => {
		const first = await told(DUPLICATES);
		const second = await told(DUPLICATES);
		expect(first.hints).toEqual([]);
		expect(second.hints).toEqual(
			expect.arrayContaining([
				expect.objectContaining({ message: expect.stringContaining('If this is a second order') }),
			]),
		);
	});
});
