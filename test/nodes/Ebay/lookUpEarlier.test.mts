/** "Look It Up": eBay is asked for a message that an earlier execution began. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { BUYER, ebayWorld, ITEM, messageForm } from '../../engine/ebay.mts';
import { keepNotes } from '../../engine/engine.mts';
import { quickTime, type QuickTime } from '../../engine/quickTime.mts';
import type { SentMessage } from '../../marketplaces/ebay/state.mts';

const world = ebayWorld();
const MINUTE = 60_000;
const SEND = 'ebay.AddMemberMessageAAQToPartner';
const FOLDER = 'ebay.GetMyMessages';
/** As long as it takes until a message that is not there surely never comes, and the slot of its beginning. */
const SETTLED = 31 * MINUTE;

let asUsual: QuickTime;
beforeEach(async () => {
	asUsual = quickTime();
	await keepNotes();
});
afterEach(() => asUsual());

/** Time goes by; not while the store is busy, which would be late then. */
async function later(ms: number): Promise<void> {
	for (let turns = 0; turns < 20; turns++) await new Promise(setImmediate);
	asUsual.skip(ms);
}
const state = () => world.simulator.ebay.state;
const received = () => world.simulator.received.length;
const withOptions = (form: INodeParameters, whenInDoubt: string, more: INodeParameters = {}) => ({
	...form,
	options: { preventDuplicates: true, lookUpAfterLoss: false, whenInDoubt, ...more },
});

/** A run whose answer is lost: it leaves a doubt. */
async function begin(form: INodeParameters, operation: string, when: 'before' | 'after') {
	world.simulator.faults.push({ operation, kind: 'lost', when });
	const { details } = await world.failure(withOptions(form, 'stop'));
	expect(details.outcome).toBe('unknown');
}
const lookUp = async (form: INodeParameters, more: INodeParameters = {}) => {
	const { items } = await world.run(withOptions(form, 'lookUp', more));
	return items[0]?.json;
};
async function stopped(form: INodeParameters): Promise<string> {
	const before = received();
	const { details } = await world.failure(withOptions(form, 'lookUp'));
	expect(details).toMatchObject({ outcome: 'unknown', code: 'InDoubt' });
	expect(received()).toBe(before);
	return String(details.description);
}

const other = (more: Partial<SentMessage> = {}): SentMessage => ({
	messageId: `47${state().sentMessages.length}`,
	seller: 'demo_seller',
	recipient: 'somebody_else',
	itemId: '110000000099',
	subject: 'About your order',
	text: 'Hello',
	media: [],
	at: Date.now(),
	...more,
});
const alsoSent = (...more: Array<Partial<SentMessage>>) =>
	void state().sentMessages.push(...more.map((one) => other(one)));

describe('a message to a buyer that an earlier execution began', () => {
	const form = messageForm();

	it('counts as sent where it is in the folder, at once and ever after', async () => {
		await begin(form, SEND, 'after');
		const found = { status: 'skipped', reason: 'alreadySent', foundBy: 'sentMessages' };
		expect(await lookUp(form)).toMatchObject(found);
		const calls = world.calls().length;
		expect(await lookUp(form)).toMatchObject({ status: 'skipped', reason: 'alreadySent' });
		expect(world.calls()).toHaveLength(calls);
		expect(received()).toBe(1);
	});

	it('is sent where it is not there half an hour later, once', async () => {
		await begin(form, SEND, 'before');
		alsoSent({});
		await later(SETTLED);
		expect(await lookUp(form)).toMatchObject({ status: 'sent' });
		expect(await lookUp(form)).toMatchObject({ status: 'skipped', reason: 'alreadySent' });
		expect(received()).toBe(1);
	});

	it('stops where it is not there yet, and says when that is known', async () => {
		await begin(form, SEND, 'before');
		alsoSent({});
		await later(20 * MINUTE);
		expect(await stopped(form)).toMatch(
			/It is not in eBay's folder of sent messages, but was begun so short a time ago that it may still come\. In ([5-9]|10) minutes that is known: run the item again then/,
		);
		await later(11 * MINUTE);
		expect(await lookUp(form)).toMatchObject({ status: 'sent' });
	});

	it('does not look younger for having been looked up, or asked for', async () => {
		await begin(form, SEND, 'before');
		alsoSent({});
		for (let i = 0; i < 4; i++) {
			await later(5 * MINUTE);
			await stopped(form);
			await world.failure(withOptions(form, 'stop'));
		}
		await later(11 * MINUTE);
		expect(await lookUp(form)).toMatchObject({ status: 'sent' });
	});

	const UNREADABLE = 'has entries that cannot be read';

	it('stops where eBay shows a part of the folder alone', async () => {
		await begin(form, SEND, 'before');
		await later(SETTLED);
		const body = `<GetMyMessagesResponse><Timestamp>${new Date(Date.now()).toISOString()}</Timestamp><Ack>PartialFailure</Ack><Errors><ErrorCode>1</ErrorCode></Errors><Messages><Message><MessageID>1</MessageID><ItemID>9</ItemID></Message></Messages></GetMyMessagesResponse>`;
		world.simulator.faults.push({
			...{ operation: FOLDER, kind: 'status', status: 200, times: 9 },
			body,
		});
		expect(await stopped(form)).toContain(UNREADABLE);
	});

	it.each([
		['holds an entry that is none', 3, '<Message/>', UNREADABLE],
		['holds nothing but one', 0, '<Message/>', UNREADABLE],
		['is full, with an entry that is none among them', 24, '<Message/>', UNREADABLE],
		['is full', 25, '', 'they may not all have been seen'],
	])('stops where the folder %s', async (_what, others, more, words) => {
		await begin(form, SEND, 'before');
		await later(SETTLED);
		const one = `<Message><MessageID>1</MessageID><ItemID>9</ItemID></Message>`;
		const body = `<GetMyMessagesResponse><Timestamp>${new Date(Date.now()).toISOString()}</Timestamp><Ack>Success</Ack><Messages>${one.repeat(others)}${more}</Messages></GetMyMessagesResponse>`;
		world.simulator.faults.push({
			...{ operation: FOLDER, kind: 'status', status: 200, times: 9 },
			body,
		});
		expect(await stopped(form)).toContain(words);
	});

	it('stops where the folder is empty, which proves nothing', async () => {
		await begin(form, SEND, 'before');
		await later(SETTLED);
		expect(await stopped(form)).toContain('eBay shows no sent messages at all around that time');
	});

	it('is sent where the folder shows others of the day before alone', async () => {
		alsoSent({ at: Date.now() - 12 * 60 * MINUTE });
		await begin(form, SEND, 'before');
		await later(SETTLED);
		expect(await lookUp(form)).toMatchObject({ status: 'sent' });
	});

	it('is not taken for an equal one from an hour before', async () => {
		alsoSent({ recipient: BUYER, itemId: ITEM, text: 'Thanks & regards' });
		await later(60 * MINUTE);
		await begin(form, SEND, 'before');
		await later(SETTLED);
		expect(await lookUp(form)).toMatchObject({ status: 'sent' });
	});

	it('stops where the buyer got another text at that time', async () => {
		await begin(form, SEND, 'before');
		alsoSent({ recipient: BUYER, itemId: ITEM, text: 'Thanks &amp;amp; regards' });
		await later(SETTLED);
		expect(await stopped(form)).toContain(
			'a message to the same buyer from that time that reads otherwise',
		);
	});

	it('stops where the same text went to another name about the same item', async () => {
		await begin(form, SEND, 'before');
		alsoSent({ itemId: ITEM, text: 'Thanks & regards' });
		await later(SETTLED);
		expect(await stopped(form)).toContain('with the same text from that time, under another name');
	});

	it('is sent where another buyer got another text about the same item', async () => {
		await begin(form, SEND, 'before');
		alsoSent(...Array.from({ length: 23 }, () => ({ itemId: ITEM })));
		await later(SETTLED);
		expect(await lookUp(form)).toMatchObject({ status: 'sent' });
	});

	it('stops where the list is as long as a page', async () => {
		await begin(form, SEND, 'before');
		for (let i = 0; i < 50; i++) alsoSent({});
		await later(SETTLED);
		expect(await stopped(form)).toContain('they may not all have been seen');
	});

	it('stops where the folder cannot be read, and says why', async () => {
		await begin(form, SEND, 'before');
		await later(SETTLED);
		world.simulator.faults.push({ operation: FOLDER, kind: 'status', status: 503, times: 9 });
		expect(await stopped(form)).toContain(
			"Nobody could see whether it is in eBay's folder of sent messages: eBay",
		);
	});

	it("stops where eBay's clock is far from this machine's", async () => {
		await begin(form, SEND, 'before');
		alsoSent({});
		await later(SETTLED);
		world.simulator.clock.advance(6 * MINUTE);
		expect(await stopped(form)).toContain("eBay's clock and this machine's are minutes apart");
	});

	it('stops where it was begun more than a week ago', async () => {
		await begin(form, SEND, 'before');
		await later(9 * 24 * 60 * MINUTE);
		expect(await stopped(form)).toContain('begun more than a week ago, or by an older version');
	});

	it('that was looked up, sent, and lost again, is looked up again', async () => {
		await begin(form, SEND, 'before');
		alsoSent({});
		await later(SETTLED);
		world.simulator.faults.push({ operation: SEND, kind: 'lost', when: 'before' });
		await world.failure(withOptions(form, 'lookUp'));
		alsoSent({});
		expect(await stopped(form)).toContain('it may still come');
		await later(SETTLED);
		expect(await lookUp(form)).toMatchObject({ status: 'sent' });
		expect(received()).toBe(1);
	});

	it("is not sent a third time after 'Send Again' was lost", async () => {
		await begin(form, SEND, 'before');
		await later(SETTLED);
		world.simulator.faults.push({ operation: SEND, kind: 'lost', when: 'after' });
		await world.failure(withOptions(form, 'send'));
		state().sentShowsAfterMs = 4 * MINUTE;
		alsoSent({ at: Date.now() - 5 * MINUTE });
		expect(await stopped(form)).toContain('it may still come');
		await later(SETTLED);
		expect(await lookUp(form)).toMatchObject({ foundBy: 'sentMessages' });
		expect(received()).toBe(1);
	});
});

describe('an answer to a question that an earlier execution began', () => {
	const form = {
		...{ resource: 'question', operation: 'reply', body: 'Two days.' },
		...{ parentMessageId: '700000001', recipientId: 'shopper_one' },
	};
	const REPLY = 'ebay.AddMemberMessageRTQ';

	it('counts as sent where it is there, and is sent where it is not', async () => {
		await begin(form, REPLY, 'after');
		expect(await lookUp(form)).toMatchObject({ reason: 'alreadySent', foundBy: 'sentMessages' });
		const next = { ...form, body: 'Three.' };
		await later(60 * MINUTE);
		await begin(next, REPLY, 'before');
		await later(SETTLED);
		expect(await lookUp(next)).toMatchObject({ status: 'sent' });
		expect(received()).toBe(2);
	});
});

describe('a message in a conversation that an earlier execution began', () => {
	const ID = '800000000001';
	const REPLY = 'ebay.sendMessage';
	const form = {
		resource: 'conversation',
		operation: 'send',
		text: 'Tomorrow.',
		conversationId: ID,
	};
	const conversation = () =>
		state().conversations.find(({ conversationId }) => conversationId === ID)!;
	const ofSeller = (body: string) => {
		const { messages, otherParty, seller } = conversation();
		messages.push({
			...{ messageId: `9${messages.length}`, sender: seller, recipient: otherParty, subject: '' },
			...{ body, createdAt: Date.now(), media: [], read: true },
		});
	};

	it('counts as sent where it is there', async () => {
		await begin(form, REPLY, 'after');
		expect(await lookUp(form)).toMatchObject({ reason: 'alreadySent', foundBy: 'conversation' });
	});

	it('is sent where it is not there half an hour later', async () => {
		await begin(form, REPLY, 'before');
		await stopped(form);
		await later(SETTLED);
		expect(await lookUp(form)).toMatchObject({ status: 'sent' });
		expect(received()).toBe(1);
	});

	it('stops where the seller wrote something else at that time', async () => {
		await begin(form, REPLY, 'before');
		ofSeller('Tomorrow, I think.');
		await later(SETTLED);
		expect(await stopped(form)).toContain('that reads otherwise');
	});

	it('stops where a message of it is null: it may be the one', async () => {
		await begin(form, REPLY, 'before');
		await later(SETTLED);
		const theirs = { messageId: '1', messageBody: 'When?', senderUsername: BUYER };
		const createdDate = new Date(Date.now()).toISOString();
		const body = { messages: [{ ...theirs, createdDate }, null], total: 2 };
		const fault = { operation: 'ebay.conversation', kind: 'status', status: 200 } as const;
		world.simulator.faults.push({ ...fault, body, times: 9 });
		expect(await stopped(form)).toContain('not all from that time were seen');
	});

	it('stops where eBay shows no conversation with the member', async () => {
		const toMember = { ...form, conversationId: '', recipientId: BUYER, itemId: ITEM };
		state().conversations.length = 0;
		await begin(toMember, REPLY, 'before');
		await later(SETTLED);
		expect(await stopped(toMember)).toContain('eBay showed no conversation');
	});
});

describe('a message that has to wait too long does not leave, and can be sent by another run', () => {
	it.each([
		['to a buyer', SEND, messageForm()],
		[
			'that answers a question',
			'ebay.AddMemberMessageRTQ',
			{
				...{ resource: 'question', operation: 'reply', body: 'Two days.' },
				...{ parentMessageId: '700000001', recipientId: 'shopper_one' },
			},
		],
		[
			'in a conversation',
			'ebay.sendMessage',
			{ resource: 'conversation', operation: 'send', text: 'Hi', conversationId: '800000000001' },
		],
	])('%s', async (_, operation, form: INodeParameters) => {
		world.simulator.faults.push({ operation, kind: 'status', status: 429 });
		const running = world.failure(withOptions(form, 'stop'));
		while (!world.calls().includes(operation)) await new Promise(setImmediate);
		await later(9 * MINUTE);
		const { error, details } = (await running) as { error: string; details: IDataObject };
		expect(error).toContain('The message could not leave within 8 minutes');
		expect(details).toMatchObject({ outcome: 'notSent', retryable: true, code: 'TooLateToSend' });
		expect(world.calls().filter((call) => call === operation)).toHaveLength(1);
		const { items } = await world.run(withOptions(form, 'stop'));
		expect(items[0]?.json).toMatchObject({ status: 'sent' });
	});
});
