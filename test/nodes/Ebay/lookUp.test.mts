/** What became of a message whose answer was lost: eBay itself is asked. */
import type { INodeParameters } from 'n8n-workflow';

import { attached, BUYER, ebayWorld, ITEM, messageForm } from '../../engine/ebay.mts';
import { quickTime, type QuickTime } from '../../engine/quickTime.mts';
import type { SentMessage } from '../../marketplaces/ebay/state.mts';

const world = ebayWorld();
const FOLDER = 'ebay.GetMyMessages';
const CONVERSATION = 'ebay.conversation';

let asUsual: QuickTime;
beforeEach(() => void (asUsual = quickTime()));
afterEach(() => asUsual());

const state = () => world.simulator.ebay.state;
const loseAnswer = (operation: string, when: 'before' | 'after' = 'after') =>
	void world.simulator.faults.push({ operation, kind: 'lost', when });
const outputOf = async (form: INodeParameters) => (await world.run(form)).items[0]?.json;

const twin = (more: Partial<SentMessage> = {}): SentMessage => ({
	messageId: '4711',
	seller: 'demo_seller',
	recipient: BUYER,
	itemId: ITEM,
	subject: 'About your order',
	text: 'Thanks & regards',
	media: [],
	at: Date.now(),
	...more,
});

describe('a message to a buyer', () => {
	const SEND = 'ebay.AddMemberMessageAAQToPartner';

	it('that arrived is found in the folder of sent messages, and sent once', async () => {
		loseAnswer(SEND);
		const output = await outputOf(messageForm());
		expect(output).toMatchObject({
			status: 'sent',
			marketplace: 'ebay',
			itemId: ITEM,
			recipientId: BUYER,
			attachments: [],
			foundBy: 'sentMessages',
			messageId: state().sentMessages[0]!.messageId,
			sentAt: new Date(state().sentMessages[0]!.at).toISOString(),
		});
		expect(world.calls()).toEqual([SEND, FOLDER, FOLDER]);
		expect(world.simulator.received).toHaveLength(1);
	});

	it("is found with an Auth'n'Auth token as well", async () => {
		world.useAuthToken();
		loseAnswer(SEND);
		expect(await outputOf(messageForm())).toMatchObject({ foundBy: 'sentMessages' });
	});

	it('is found with its files, under the names that eBay shows', async () => {
		loseAnswer(SEND);
		const output = await outputOf(messageForm(attached('data')));
		expect(output).toMatchObject({
			foundBy: 'sentMessages',
			attachments: [{ fileName: 'crack.png', url: expect.any(String) }],
		});
	});

	it('that shows late is found', async () => {
		state().sentShowsAfterMs = 15_000;
		loseAnswer(SEND);
		expect(await outputOf(messageForm())).toMatchObject({ foundBy: 'sentMessages' });
	});

	it.each([
		['ahead of', 3_600_000],
		['behind', -3_600_000],
	])("is found although eBay's clock is an hour %s ours", async (_what, ms) => {
		world.simulator.clock.advance(ms);
		loseAnswer(SEND);
		expect(await outputOf(messageForm())).toMatchObject({ foundBy: 'sentMessages' });
	});

	it.each([
		['HTML around it', '<html><body><p>Dear buyer,</p><p>Thanks &amp; regards</p></body></html>'],
		['lines around it', 'Dear buyer,\n\nThanks & regards\n\n- demo_seller'],
	])('is found where eBay shows %s', async (_what, text) => {
		loseAnswer(SEND);
		state().sentShowsAfterMs = 5_000;
		const running = outputOf(messageForm());
		await untilSent();
		state().sentMessages[0]!.text = text;
		expect(await running).toMatchObject({ foundBy: 'sentMessages' });
	});

	it('that did not arrive stays unknown, and it is said what was looked at', async () => {
		loseAnswer(SEND, 'before');
		const { error, details } = await world.failure(messageForm());
		expect(error).toBe('It is not known whether eBay sent the message: the answer was lost');
		expect(details).toMatchObject({ outcome: 'unknown', retryable: false });
		expect(details.description).toMatch(
			/It was not in eBay's folder of sent messages at \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/,
		);
		expect(world.calls().filter((call) => call === SEND)).toHaveLength(1);
	});

	it.each([
		['to another buyer', { recipient: 'buyer_two' }],
		['about another item', { itemId: '110000000002' }],
		['with another text', { text: 'Thanks & regards, and sorry' }],
		['with a file', { media: ['crack.png'] }],
		['that is older', { at: -30_000 }],
		['that is far older', { at: -3_600_000 }],
	])('is not taken for one %s', async (_what, { at = 0, ...more }: Partial<SentMessage>) => {
		state().sentMessages.push(twin({ ...more, at: Date.now() + at }));
		loseAnswer(SEND, 'before');
		const { details } = await world.failure(messageForm());
		expect(details).toMatchObject({ outcome: 'unknown' });
	});

	it('stays unknown where there are two of it in the same minute', async () => {
		state().sentMessages.push(twin({ at: Date.now() - 20_000 }));
		loseAnswer(SEND);
		const { details } = await world.failure(messageForm());
		expect(details.description).toContain('several messages like it from the same minute');
	});

	it('is told from an older twin by its time', async () => {
		state().sentMessages.push(twin({ at: Date.now() - 300_000 }));
		loseAnswer(SEND);
		const output = await outputOf(messageForm());
		expect(output).toMatchObject({ foundBy: 'sentMessages' });
		expect(output!.messageId).not.toBe('4711');
	});

	it.each([
		['refuses', { kind: 'status' as const, status: 403, body: 'No.' }],
		['fails', { kind: 'status' as const, status: 500 }],
		['does not answer', { kind: 'lost' as const }],
		['answers garbage', { kind: 'garbage' as const }],
		['wants no more calls', { kind: 'status' as const, status: 429 }],
	])('keeps its own error where the look meets an eBay that %s', async (_what, fault) => {
		loseAnswer(SEND);
		world.simulator.faults.push({ operation: FOLDER, ...fault, times: 99 });
		const { error, details } = await world.failure(messageForm());
		expect(error).toBe('It is not known whether eBay sent the message: the answer was lost');
		expect(details).toMatchObject({ outcome: 'unknown', retryable: false });
		expect(details.description).toContain("Nobody could see whether it is in eBay's folder");
	});

	it('is found after a look that got no answer', async () => {
		loseAnswer(SEND);
		world.simulator.faults.push({ operation: FOLDER, kind: 'lost', times: 2 });
		expect(await outputOf(messageForm())).toMatchObject({ foundBy: 'sentMessages' });
	});

	it('is not looked for where that is switched off', async () => {
		loseAnswer(SEND);
		await world.failure(messageForm({ options: { lookUpAfterLoss: false } }));
		expect(world.calls()).toEqual([SEND]);
	});

	const untilSent = async () => {
		while (state().sentMessages.length === 0) await new Promise(setImmediate);
	};
});

describe('an answer to a question', () => {
	const form = {
		...{ resource: 'question', operation: 'reply', body: 'Two days.\nSee you' },
		...{ parentMessageId: '700000001', recipientId: 'shopper_one' },
	};

	it('that arrived is found in the folder of sent messages', async () => {
		loseAnswer('ebay.AddMemberMessageRTQ');
		expect(await outputOf(form)).toMatchObject({
			status: 'sent',
			parentMessageId: '700000001',
			foundBy: 'sentMessages',
		});
		expect(world.simulator.received).toHaveLength(1);
	});
});

describe('a message in a conversation', () => {
	const SEND = 'ebay.sendMessage';
	const form = { resource: 'conversation', operation: 'send', text: 'Tomorrow.' };

	it.each([
		['an open one', { conversationId: '800000000001' }],
		['a new one', { recipientId: BUYER, itemId: ITEM }],
		['one that eBay no longer knows', { conversationId: '123', recipientId: BUYER }],
	])('that arrived is found: %s', async (_what, to: INodeParameters) => {
		loseAnswer(SEND);
		// Of a conversation that eBay does not know, the message to the member is the one that is lost.
		if (to.conversationId === '123') world.simulator.faults[0]!.skip = 1;
		const output = await outputOf({ ...form, ...to });
		expect(output).toMatchObject({
			status: 'sent',
			foundBy: 'conversation',
			messageId: expect.any(String),
		});
		expect(world.simulator.received).toHaveLength(1);
	});

	it('that did not arrive stays unknown', async () => {
		loseAnswer(SEND, 'before');
		const { details } = await world.failure({ ...form, conversationId: '800000000001' });
		expect(details).toMatchObject({ outcome: 'unknown' });
		expect(details.description).toContain('It was not in the conversation at');
	});

	it('is not taken for what the other member wrote', async () => {
		const conversation = state().conversations.find(
			({ conversationId }) => conversationId === '800000000001',
		)!;
		const { messages, otherParty, seller } = conversation;
		loseAnswer(SEND, 'before');
		messages.push({
			...{ messageId: '1', sender: otherParty, recipient: seller, subject: '', read: true },
			...{ body: 'Tomorrow.', createdAt: Date.now() + 500, media: [] },
		});
		const { details } = await world.failure({ ...form, conversationId: '800000000001' });
		expect(details).toMatchObject({ outcome: 'unknown' });
		expect(world.calls()).toContain(CONVERSATION);
	});

	it('is not taken for another of the same words in the same conversation, whatever stands beside its ID', async () => {
		const items = [{ json: {} }, { json: { who: BUYER } }];
		loseAnswer(SEND, 'before');
		const { items: told } = await world.run(
			{ ...form, conversationId: '800000000001', recipientId: '={{ $json.who }}' },
			{ items, settings: { onError: 'continueRegularOutput' } },
		);
		const ends = told.map(
			({ json }) => json.status ?? (json.details as { outcome: string }).outcome,
		);
		expect(ends.sort()).toEqual(['sent', 'unknown']);
	});
});
