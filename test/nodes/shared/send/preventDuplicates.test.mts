/** "Prevent Duplicates", in n8n's engine, with the Amazon node as its example. */
import {
	NodeHelpers,
	type INodeExecutionData,
	type INodeParameters,
	type INodeProperties,
} from 'n8n-workflow';

import { amazonWorld, attached, messageForm, ORDER, pdf } from '../../../engine/amazon.mts';
import { fileOf, keepNotes, nodeId } from '../../../engine/engine.mts';
import type { Notes } from '../../../engine/notes.mts';
import { waitsPass } from '../../../engine/quickTime.mts';
import { sendOptionsField } from '../../../../nodes/shared/send/sendOptions.ts';

const amazon = amazonWorld();
waitsPass();
let notes: Notes;
beforeEach(async () => {
	notes = await keepNotes();
	amazon.withoutLimits();
});
afterEach(() => jest.restoreAllMocks());

const form = (text: string, options: INodeParameters = {}, order = ORDER) =>
	messageForm(order, 'confirmOrderDetails', {
		text,
		options: { preventDuplicates: true, checkAvailability: false, ...options },
	});
const kept = () => notes.lists.get(`w1 ${nodeId()}`) ?? [];
const texts = () => amazon.simulator.received.map(({ text }) => text);
const fault = (kind: 'lost' | 'status', more = {}) =>
	amazon.simulator.faults.push({ operation: 'amazon.send', kind, ...more } as never);
const outcomeOf = ({ error }: { error?: { context: { details?: Record<string, unknown> } } }) =>
	error?.context.details?.outcome;

test('the same message is not sent again by a later execution', async () => {
	const first = await amazon.run(form('Hi'));
	const { items, hints } = await amazon.run(form('Hi'));
	expect(hints.map(({ message }) => message)).toEqual([
		"What was sent before was not sent again ('Prevent Duplicates'). To send it once more, write another 'Duplicate Key' or switch the option off.",
	]);
	expect(items).toEqual([
		{
			json: {
				status: 'skipped',
				reason: 'alreadySent',
				marketplace: 'amazon',
				orderId: ORDER,
				marketplaceId: 'ATVPDKIKX0DER',
				messageType: 'confirmOrderDetails',
				sentAt: first.items[0].json.sentAt,
			},
			pairedItem: { item: 0 },
		},
	]);
	expect(texts()).toEqual(['Hi']);
	expect(kept()).toHaveLength(1);
});

test('without the option it is sent again, and nothing is noted', async () => {
	for (let i = 0; i < 2; i++) await amazon.run(form('Hi', { preventDuplicates: false }));
	expect(texts()).toEqual(['Hi', 'Hi']);
	expect(kept()).toEqual([]);
});

test('two equal items of one execution reach the buyer once', async () => {
	const { items } = await amazon.run(form('Hi'), {
		items: [{ json: {} }, { json: {} }, { json: {} }],
	});
	expect(items.map(({ json }) => json.status)).toEqual(['sent', 'skipped', 'skipped']);
	expect(texts()).toEqual(['Hi']);
});

test('two executions at once send it once', async () => {
	const both = await Promise.all([amazon.run(form('Hi')), amazon.run(form('Hi'))]);
	expect(both.map(({ items }) => items[0].json.status).sort()).toEqual(['sent', 'skipped']);
	expect(texts()).toEqual(['Hi']);
});

describe('another message is', () => {
	test('one with another text', async () => {
		await amazon.run(form('Hi'));
		await amazon.run(form('Hello'));
		expect(texts()).toEqual(['Hi', 'Hello']);
	});

	test('one to another order', async () => {
		const [order] = amazon.addOrders(1);
		await amazon.run(form('Hi'));
		await amazon.run(form('Hi', {}, order));
		expect(texts()).toHaveLength(2);
	});

	const invoice = (fileName: string, content: string): INodeExecutionData[] => [
		{ json: {}, binary: { data: fileOf(content, fileName, 'application/pdf') } },
	];
	const invoiceForm = (options = {}) =>
		messageForm(ORDER, 'invoice', {
			...attached('data'),
			options: { preventDuplicates: true, ...options },
		});

	test('one whose file has other bytes, although name and size are the same', async () => {
		await amazon.run(invoiceForm(), { items: invoice('invoice.pdf', 'number 1') });
		await amazon.run(invoiceForm(), { items: invoice('invoice.pdf', 'number 2') });
		await amazon.run(invoiceForm(), { items: invoice('invoice.pdf', 'number 2') });
		expect(amazon.simulator.received).toHaveLength(2);
	});

	test('one whose file has another name', async () => {
		await amazon.run(invoiceForm(), { items: invoice('one.pdf', 'x') });
		await amazon.run(invoiceForm(), { items: invoice('two.pdf', 'x') });
		expect(amazon.simulator.received).toHaveLength(2);
	});

	test('one with another file that is at Amazon already', async () => {
		const first = await amazon.run(messageForm(ORDER, 'invoice', attached('a', 'b')), {
			items: [{ json: {}, binary: { a: pdf, b: pdf } }],
		});
		const uploads = first.items[0].json.attachments as Array<{ uploadDestinationId: string }>;
		for (const { uploadDestinationId } of uploads) {
			const attachment = [{ uploadDestinationId, fileName: 'x.pdf' }];
			await amazon.run(
				messageForm(ORDER, 'invoice', {
					options: { preventDuplicates: true, uploadedAttachments: { attachment } },
				}),
			);
		}
		expect(amazon.simulator.received).toHaveLength(3);
	});
});

describe('a key of their own', () => {
	test('makes different messages the same', async () => {
		await amazon.run(form('Hi', { duplicateKey: 'one' }));
		const { items } = await amazon.run(form('Hello', { duplicateKey: ' one ' }));
		expect(items[0].json.status).toBe('skipped');
		expect(texts()).toEqual(['Hi']);
	});

	test('counts within its order: the next order with the same key is sent', async () => {
		const [other] = amazon.addOrders(1);
		await amazon.run(form('Hi', { duplicateKey: 'one' }));
		const { items } = await amazon.run({
			...form('Hi', { duplicateKey: 'one' }),
			orderId: other!,
		});
		expect(items[0]!.json).toMatchObject({ status: 'sent', orderId: other });
		expect(texts()).toEqual(['Hi', 'Hi']);
	});

	test('that is an expression typed as a text is refused, and nothing is sent', async () => {
		const typed = form('Hi', { duplicateKey: '{{ $json.orderId }}' });
		const { error } = await amazon.run(typed);
		expect(error?.message).toBe(
			"'Duplicate Key' holds an expression as plain text: {{ $json.orderId }}",
		);
		expect(error?.description).toMatch(/^Nothing was sent\. .*Drag the field.*'Expression'/);
		expect(texts()).toEqual([]);
	});

	const nothing = [
		['undefined', '={{ $json.nothing }}'],
		['null', '={{ null }}'],
		['an empty text', "={{ '' }}"],
		['blanks', "={{ ' \\n' }}"],
	];

	test.each(nothing)('whose expression gives %s is refused', async (_, duplicateKey) => {
		const { error } = await amazon.run(form('Hi', { duplicateKey }));
		expect([error?.message, error?.description]).toEqual([
			"The expression in 'Duplicate Key' gives nothing",
			'Nothing was sent. Check that the item has what it reads, for example the order ID. To compare the whole message instead, clear the field.',
		]);
	});

	test.each(nothing)('whose expression gives %s lets nothing out', async (_, duplicateKey) => {
		await amazon.run(form('Hi', { duplicateKey }));
		expect(amazon.calls()).toEqual([]);
	});

	test('whose expression gives nothing is refused when the message is only checked', async () => {
		const options = { duplicateKey: '={{ $json.nothing }}', validateOnly: true };
		const { error } = await amazon.run(form('Hi', options));
		expect(error?.message).toBe("The expression in 'Duplicate Key' gives nothing");
	});

	test('whose expression gives nothing does no harm where duplicates are not prevented', async () => {
		const options = { preventDuplicates: false, duplicateKey: '={{ $json.nothing }}' };
		expect((await amazon.run(form('Hi', options))).items[0]!.json.status).toBe('sent');
	});

	test.each(['', '  ', '='])('that was left empty (%p) compares the whole message', async (key) => {
		await amazon.run(form('Hi', { duplicateKey: key }));
		await amazon.run(form('Hello', { duplicateKey: key }));
		await amazon.run(form('Hello', { duplicateKey: key }));
		expect(texts()).toEqual(['Hi', 'Hello']);
	});

	test('says nothing where duplicates are not prevented', async () => {
		const key = { preventDuplicates: false, duplicateKey: '{{ $json.orderId }}' };
		expect((await amazon.run(form('Hi', key))).items[0]!.json.status).toBe('sent');
	});

	test('makes equal messages different', async () => {
		await amazon.run(form('Hi', { duplicateKey: 'one' }));
		await amazon.run(form('Hi', { duplicateKey: 'two' }));
		expect(texts()).toEqual(['Hi', 'Hi']);
	});
});

test('what is passed over says for whom it was sent', async () => {
	await amazon.run(form('Hi'));
	const { items } = await amazon.run(form('Hi'));
	expect(items[0]!.json).toMatchObject({
		status: 'skipped',
		reason: 'alreadySent',
		orderId: ORDER,
	});
});

describe('in the form', () => {
	const options = sendOptionsField(
		undefined,
		[],
		[{ displayName: 'A Rare One', name: 'rare', type: 'string', default: '' }],
	).options as INodeProperties[];
	const named = (name: string) => options.find((one) => one.name === name)!;

	test.each(['preventDuplicates', 'validateOnly'])(
		'%s comes switched on when it is added',
		(name) => {
			expect(named(name).default).toBe(true);
		},
	);

	test.each(['duplicateKey', 'whenInDoubt'])('%s stands beside Prevent Duplicates only', (name) => {
		const shown = (preventDuplicates: unknown) =>
			NodeHelpers.displayParameter({ preventDuplicates } as never, named(name), null, null);
		expect([true, '={{ $json.careful }}', false, undefined].map(shown)).toEqual([
			true,
			true,
			false,
			false,
		]);
	});

	test('what is rarely needed stands at the end', () => {
		expect(options.at(-1)!.name).toBe('rare');
	});
});

test.each([
	['absent', {}, 'sent'],
	['switched on', { validateOnly: true }, 'validated'],
	['switched off', { validateOnly: false }, 'sent'],
])('Validate Only that is %s counts as such', async (_, more, status) => {
	const { items } = await amazon.run({
		...form('Hi'),
		options: { checkAvailability: false, ...more },
	});
	expect(items[0]!.json.status).toBe(status);
});

test('a message that was surely not sent may be sent later', async () => {
	fault('status', { status: 400 });
	expect(outcomeOf(await amazon.run(form('Hi')))).toBe('notSent');
	expect(kept()).toEqual([]);
	const { items } = await amazon.run(form('Hi'));
	expect(items[0].json.status).toBe('sent');
});

test('validating notes nothing', async () => {
	await amazon.run(form('Hi', { validateOnly: true }));
	expect(kept()).toEqual([]);
	expect((await amazon.run(form('Hi'))).items[0].json.status).toBe('sent');
});

describe('a message of which nobody knows', () => {
	beforeEach(async () => {
		fault('lost', { when: 'after' });
		expect(outcomeOf(await amazon.run(form('Hi')))).toBe('unknown');
		expect(texts()).toEqual(['Hi']);
	});

	test('is in doubt: the item stops and says where to look', async () => {
		const result = await amazon.run(form('Hi'));
		expect(result.error?.message).toMatch(/An earlier run began to send this message/);
		expect(result.error?.description).toContain(
			'https://sellercentral.amazon.com/orders-v3/order/',
		);
		expect(result.error?.context.details).toMatchObject({ outcome: 'unknown', code: 'InDoubt' });
		expect(texts()).toEqual(['Hi']);
	});

	test('is sent again where the seller wants that, and then it counts as sent', async () => {
		const { items } = await amazon.run(form('Hi', { whenInDoubt: 'send' }));
		expect(items[0].json.status).toBe('sent');
		expect((await amazon.run(form('Hi'))).items[0].json.status).toBe('skipped');
		expect(texts()).toEqual(['Hi', 'Hi']);
	});

	test('stays in doubt where sending it again is refused', async () => {
		fault('status', { status: 400 });
		await amazon.run(form('Hi', { whenInDoubt: 'send' }));
		const { error } = await amazon.run(form('Hi'));
		expect(error?.context.details).toMatchObject({ code: 'InDoubt' });
	});

	test('is passed over where the seller wants that, and from then on', async () => {
		const { items } = await amazon.run(form('Hi', { whenInDoubt: 'treatAsSent' }));
		expect(items[0].json).toMatchObject({ status: 'skipped', reason: 'treatedAsSent' });
		expect((await amazon.run(form('Hi'))).items[0].json).toMatchObject({ reason: 'alreadySent' });
		expect(texts()).toEqual(['Hi']);
	});
});

describe("n8n's store", () => {
	test('that does not answer lets nothing be sent', async () => {
		jest
			.spyOn(notes, 'checkProcessedAndRecord')
			.mockRejectedValue(new Error('the database is gone'));
		const { error } = await amazon.run(form('Hi'));
		expect(error).toMatchObject({
			name: 'NodeOperationError',
			message: "'Prevent Duplicates' could not look up what was sent before",
			context: { details: { outcome: 'notSent', retryable: true } },
		});
		expect(error?.description).toContain('the database is gone');
		expect(texts()).toEqual([]);
	});

	test('that fails once is asked again', async () => {
		jest.spyOn(notes, 'checkProcessedAndRecord').mockRejectedValueOnce(new Error('busy'));
		jest.spyOn(notes, 'removeProcessed').mockRejectedValueOnce(new Error('busy'));
		await amazon.run(form('Hi'));
		const { items } = await amazon.run(form('Hi'));
		expect(items[0].json).toMatchObject({ status: 'skipped', reason: 'alreadySent' });
		expect(texts()).toEqual(['Hi']);
	});

	test('that cannot be tidied up does not hide that a message was sent before', async () => {
		await amazon.run(form('Hi'));
		jest.spyOn(notes, 'removeProcessed').mockRejectedValue(new Error('gone'));
		const { items } = await amazon.run(form('Hi'));
		expect(items[0].json).toMatchObject({ status: 'skipped', reason: 'alreadySent' });
	});

	test('that fails after the send does not make this process forget that it sent', async () => {
		jest.spyOn(notes, 'removeProcessed').mockRejectedValue(new Error('gone'));
		await amazon.run(form('Hi'));
		const { items } = await amazon.run(form('Hi'));
		expect(items[0].json).toMatchObject({ status: 'skipped', reason: 'alreadySent' });
	});

	test('that fails after a refusal leaves a doubt', async () => {
		fault('status', { status: 400 });
		const failing = jest.spyOn(notes, 'removeProcessed').mockRejectedValue(new Error('gone'));
		expect(outcomeOf(await amazon.run(form('Hi')))).toBe('notSent');
		failing.mockRestore();
		expect((await amazon.run(form('Hi'))).error?.context.details).toMatchObject({
			code: 'InDoubt',
		});
	});

	test('keeps every note of many items at once, a few readings for all', async () => {
		const orders = amazon.addOrders(100);
		const many = { items: orders.map((order) => ({ json: { order } })) };
		const each = form('Hi', {}, '={{ $json.order }}');
		notes.reads = 0;
		const first = await amazon.run(each, many);
		expect(first.items.every(({ json }) => json.status === 'sent')).toBe(true);
		expect(new Set(kept()).size).toBe(100);
		expect(notes.reads).toBeLessThan(200);

		const second = await amazon.run(each, many);
		expect(second.items.every(({ json }) => json.status === 'skipped')).toBe(true);
		expect(kept()).toHaveLength(100);
		expect(texts()).toHaveLength(100);
	});

	test('is shared by executions that run at once', async () => {
		const orders = amazon.addOrders(64);
		const half = (from: number) =>
			amazon.run(form('Hi', {}, '={{ $json.order }}'), {
				items: orders.slice(from, from + 40).map((order) => ({ json: { order } })),
			});
		await Promise.all([half(0), half(24)]);
		expect(texts()).toHaveLength(64);
		expect(kept()).toHaveLength(64);
	});
});

test('a message that Amazon allows only once is known again before Amazon is asked', async () => {
	await amazon.run(form('Hi', { checkAvailability: true }));
	amazon.simulator.amazon.state.orders.find(({ orderId }) => orderId === ORDER)!.actions = [];
	const { items } = await amazon.run(form('Hi', { checkAvailability: true }));
	expect(items[0].json).toMatchObject({ status: 'skipped', reason: 'alreadySent' });
	expect(amazon.calls()).toEqual(['amazon.actions', 'amazon.send']);
});

test('a message that Amazon does not allow now may be sent later', async () => {
	const order = amazon.simulator.amazon.state.orders.find(({ orderId }) => orderId === ORDER)!;
	const { actions } = order;
	order.actions = [];
	const { error } = await amazon.run(form('Hi', { checkAvailability: true }));
	expect(error?.context.details).toMatchObject({ code: 'TypeNotAllowed' });
	order.actions = actions;
	const { items } = await amazon.run(form('Hi', { checkAvailability: true }));
	expect(items[0].json.status).toBe('sent');
});

test('a review request is known again', async () => {
	const review = {
		resource: 'reviewRequest',
		operation: 'send',
		orderId: '111-4444444-4444444',
		options: { preventDuplicates: true },
	};
	await amazon.run(review);
	amazon.simulator.amazon.state.sent.clear();
	const { items } = await amazon.run(review);
	expect(items[0].json).toMatchObject({ status: 'skipped', reason: 'alreadySent' });
	expect(amazon.simulator.received).toHaveLength(1);
});
