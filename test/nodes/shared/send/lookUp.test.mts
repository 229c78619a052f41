/** The look for a message whose answer was lost. */
import type { INodeParameters } from 'n8n-workflow';

import { nodeWith, Notes } from '../../../engine/notes.mts';
import { quickTime, type QuickTime } from '../../../engine/quickTime.mts';
import { MarketplaceError, type Outcome } from '../../../../nodes/shared/outcome.ts';
import { notSeen, type LookUp, type Seen } from '../../../../nodes/shared/send/lookUp.ts';
import { sendMessage, type MessageToSend } from '../../../../nodes/shared/send/sendMessage.ts';
import { wait } from '../../../../nodes/shared/sleep.ts';

let asUsual: QuickTime;
beforeEach(() => void (asUsual = quickTime()));
afterEach(() => asUsual());

const errorOf = (message: string, outcome: Outcome, retryable = false) =>
	new MarketplaceError(message, {
		outcome,
		retryable,
		marketplace: 'amazon',
		description: 'Look yourself.',
	});
const lost = async (): Promise<never> => await Promise.reject(errorOf('lost', 'unknown'));

let sends: number;
let messages = 0;
let controller: AbortController;
beforeEach(() => {
	sends = 0;
	messages += 1;
	controller = new AbortController();
});

type Message = MessageToSend<string>;

const lookUpWith = (look: LookUp<string>['look'], likeness?: string[]): LookUp<string> => ({
	where: "Acme's list",
	likeness,
	look,
});

async function sendIt(
	lookUp: LookUp<string> | undefined,
	options: INodeParameters = {},
	send: Message['send'] = lost,
) {
	const context = Object.assign(nodeWith(new Notes(), `n${messages}`, { options }), {
		getExecutionCancelSignal: () => controller.signal,
	});
	return await sendMessage(context, 0, {
		shown: { marketplace: 'amazon' },
		identity: { marketplace: 'amazon', whereToLook: 'Look', within: [], same: [messages] },
		validated: async () => ({}),
		prepare: async () => 'file',
		send: async (...how) => {
			sends += 1;
			return await send(...how);
		},
		lookUp,
	});
}
const failureOf = async (...how: Parameters<typeof sendIt>) =>
	await sendIt(...how).then(
		() => undefined,
		(error: MarketplaceError) => ({ message: error.message, ...error.details }),
	);

const there = async (): Promise<Seen> => ({
	end: 'sent',
	foundBy: 'list',
	facts: { messageId: 'm-1' },
});
const notThere = async (): Promise<Seen> => ({ end: 'open' });

test('finds a message, says where, and sends nothing again', async () => {
	const output = await sendIt(lookUpWith(there));
	expect(output).toMatchObject({ status: 'sent', foundBy: 'list', messageId: 'm-1' });
	expect(sends).toBe(1);
});

test('knows when the message began to leave, what was prepared, and how long it may take', async () => {
	const look = jest.fn(there);
	const from = Date.now();
	await sendIt(lookUpWith(look));
	const [{ since, leftMs, prepared }] = look.mock.calls[0] as unknown as Parameters<
		LookUp<string>['look']
	>;
	expect(since).toBeGreaterThanOrEqual(from);
	expect(since).toBeLessThan(from + 1000);
	expect(leftMs).toBeLessThanOrEqual(29_000);
	expect(prepared).toBe('file');
});

test('is made for a lost answer alone', async () => {
	const look = jest.fn(there);
	const refused = async () => await Promise.reject(errorOf('refused', 'notSent'));
	expect(await failureOf(lookUpWith(look), {}, refused)).toMatchObject({ message: 'refused' });
	await sendIt(lookUpWith(look), {}, async () => ({}));
	expect(look).not.toHaveBeenCalled();
});

test('is not made where it is switched off', async () => {
	const look = jest.fn(there);
	const failure = await failureOf(lookUpWith(look), { lookUpAfterLoss: false });
	expect(failure).toMatchObject({ outcome: 'unknown', description: 'Look yourself.' });
	expect(look).not.toHaveBeenCalled();
});

test('a few times within 30 seconds, and then it says what was looked at and when', async () => {
	const look = jest.fn(notThere);
	const from = Date.now();
	const failure = await failureOf(lookUpWith(look));
	expect(Date.now() - from).toBeLessThan(30_000);
	expect(look.mock.calls.length).toBeGreaterThanOrEqual(3);
	expect(failure).toMatchObject({ message: 'lost', outcome: 'unknown', retryable: false });
	expect(failure?.description).toMatch(
		/^Look yourself\. It was not in Acme's list at \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ; it may show there later\.$/,
	);
});

test('a message that shows late is found', async () => {
	let looks = 0;
	const late = async () => await (++looks < 4 ? notThere() : there());
	expect(await sendIt(lookUpWith(late))).toMatchObject({ status: 'sent' });
});

test('a look that takes long is the last one', async () => {
	const look = jest.fn(async () => {
		await wait(29_000);
		return await notThere();
	});
	await failureOf(lookUpWith(look));
	expect(look).toHaveBeenCalledTimes(1);
});

test('evidence stands in the description, and changes nothing', async () => {
	const look = jest.fn(async (): Promise<Seen> => ({
		end: 'open',
		evidence: 'Acme offers it no longer.',
		isLast: true,
	}));
	const failure = await failureOf(lookUpWith(look));
	expect(failure).toMatchObject({
		outcome: 'unknown',
		description: 'Look yourself. Acme offers it no longer.',
	});
	expect(look).toHaveBeenCalledTimes(1);
});

test("the marketplace's last word outranks the lost answer", async () => {
	const cancelled = async (): Promise<Seen> => ({
		end: 'notSent',
		error: errorOf('cancelled', 'notSent', true),
	});
	const look = jest.fn(cancelled);
	expect(await failureOf(lookUpWith(look))).toMatchObject({
		message: 'cancelled',
		outcome: 'notSent',
	});
	expect(look).toHaveBeenCalledTimes(1);
});

describe('a look that fails', () => {
	const failing = (retryable: boolean) =>
		jest.fn(async () => await Promise.reject(errorOf('Acme did not answer', 'notSent', retryable)));

	test('never hides the lost answer', async () => {
		const look = failing(true);
		expect(await failureOf(lookUpWith(look))).toMatchObject({
			message: 'lost',
			outcome: 'unknown',
			description:
				"Look yourself. Nobody could see whether it is in Acme's list: Acme did not answer.",
		});
		expect(look.mock.calls.length).toBeGreaterThanOrEqual(3);
	});

	test('is not made again where it would fail again', async () => {
		const look = failing(false);
		expect(await failureOf(lookUpWith(look))).toMatchObject({ outcome: 'unknown' });
		expect(look).toHaveBeenCalledTimes(1);
	});

	test('does not keep the next one from finding it', async () => {
		const look = failing(true).mockImplementation(there as never);
		look.mockRejectedValueOnce(errorOf('no', 'notSent', true));
		expect(await sendIt(lookUpWith(look))).toMatchObject({ status: 'sent' });
	});

	test('with whatever it throws', async () => {
		const look = async () => await Promise.reject(new TypeError('x is not a function'));
		expect(await failureOf(lookUpWith(look))).toMatchObject({
			message: 'lost',
			outcome: 'unknown',
		});
	});
});

test('a stopped execution looks no further, and says what is known', async () => {
	const look = jest.fn(async () => {
		controller.abort();
		return await notThere();
	});
	expect(await failureOf(lookUpWith(look))).toMatchObject({ message: 'lost', outcome: 'unknown' });
	expect(look).toHaveBeenCalledTimes(1);
});

test('an execution that was stopped before the first look says what was known before', async () => {
	const look = jest.fn(there);
	const stopped = async () => {
		controller.abort();
		return await lost();
	};
	expect(await failureOf(lookUpWith(look), {}, stopped)).toMatchObject({
		description: 'Look yourself.',
	});
	expect(look).not.toHaveBeenCalled();
});

test('is nothing where the marketplace cannot be asked', async () => {
	expect(await sendIt(undefined, {}, async () => ({}))).toMatchObject({ status: 'sent' });
	expect(await failureOf(undefined)).toMatchObject({ description: 'Look yourself.' });
});

test.each([
	[new Error('acme.example did not answer.'), ': acme.example did not answer'],
	['something', ''],
])('that failed with %s says so in a sentence', (error, reason) => {
	expect(notSeen("Acme's list", error)).toBe(
		`Nobody could see whether it is in Acme's list${reason}.`,
	);
});

describe('two messages that look the same', () => {
	const likeness = () => [`to ${messages}`];
	const saysTwin = {
		outcome: 'unknown',
		description: expect.stringContaining('another message like it left within the same minute'),
	};

	test('stay unknown where both answers are lost at once', async () => {
		const look = jest.fn(there);
		const how = lookUpWith(look, likeness());
		const both = await Promise.all([failureOf(how), failureOf(how)]);
		expect(both).toMatchObject([saysTwin, saysTwin]);
		expect(look).not.toHaveBeenCalled();
	});

	test('stay unknown where the other one left shortly before', async () => {
		const how = lookUpWith(there, likeness());
		await sendIt(how, {}, async () => ({}));
		await wait(30_000);
		expect(await failureOf(how)).toMatchObject(saysTwin);
	});

	test('stay unknown where the other one leaves while the first is looked for', async () => {
		let other: Promise<unknown> | undefined;
		const how: LookUp<string> = lookUpWith(async () => {
			other ??= sendIt(how, {}, async () => ({}));
			await other;
			return await there();
		}, likeness());
		expect(await failureOf(how)).toMatchObject(saysTwin);
	});

	test('are told apart where more than a minute is between them', async () => {
		const how = lookUpWith(there, likeness());
		await sendIt(how, {}, async () => ({}));
		await wait(61_000);
		expect(await sendIt(how)).toMatchObject({ foundBy: 'list' });
	});

	test('are told apart where one surely was not sent', async () => {
		const how = lookUpWith(there, likeness());
		await failureOf(how, {}, async () => await Promise.reject(errorOf('refused', 'notSent')));
		expect(await sendIt(how)).toMatchObject({ foundBy: 'list' });
	});

	test('are told apart where the marketplace tells them apart', async () => {
		const how = lookUpWith(there);
		const both = await Promise.all([sendIt(how), sendIt(how)]);
		expect(both).toMatchObject([{ foundBy: 'list' }, { foundBy: 'list' }]);
	});
});

test("a message that was found is sent, also for 'Prevent Duplicates'", async () => {
	const notes = new Notes();
	const context = () => nodeWith(notes, `p${messages}`, { options: { preventDuplicates: true } });
	const message: Message = {
		shown: {},
		identity: { marketplace: 'amazon', whereToLook: 'Look', within: [], same: [messages] },
		validated: async () => ({}),
		send: lost,
		lookUp: lookUpWith(there),
	};
	expect(await sendMessage(context(), 0, message)).toMatchObject({ foundBy: 'list' });
	expect(await sendMessage(context(), 0, message)).toMatchObject({
		status: 'skipped',
		reason: 'alreadySent',
	});
});
