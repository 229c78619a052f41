import type { INodeParameters } from 'n8n-workflow';

import { EbayApi } from '../../../credentials/EbayApi.credentials.ts';
import { EbayMessageTrigger } from '../../../nodes/Ebay/EbayMessageTrigger.node.ts';
import { plainTextOf } from '../../../nodes/Ebay/api/plainText.ts';
import { tellTime } from '../../engine/clock.mts';
import { ebayCredential, ITEM } from '../../engine/ebay.mts';
import { pollerOf, type Poller } from '../../engine/poller.mts';
import type { Conversation, ConversationMessage } from '../../marketplaces/ebay/state.mts';
import { startSimulator, type Simulator } from '../../marketplaces/simulator.mts';
// The engine above wants its environment before this is loaded.
import { PollContext } from 'n8n-core';

/** One clock for the node and for eBay; whoever sleeps moves it. */
let mockNow = Date.parse('2026-11-20T12:00:00Z');
jest.mock('n8n-workflow', () => ({
	...jest.requireActual<object>('n8n-workflow'),
	sleep: async (ms: number) => {
		mockNow += ms;
	},
}));

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const SELLER = 'demo_seller';

let simulator: Simulator;
beforeAll(async () => {
	tellTime(() => mockNow);
	simulator = await startSimulator();
});
beforeEach(() => {
	simulator.reset();
	simulator.ebay.state.conversations = [];
});
afterEach(() => expect(simulator.defects).toEqual([]));
afterAll(async () => {
	await simulator.close();
});

function trigger(filters: INodeParameters = {}, credential: object = {}): Poller {
	const test = {
		node: new EbayMessageTrigger(),
		credentialTypes: [new EbayApi()],
		credentials: { ebayApi: { ...ebayCredential(simulator), ...credential } },
	};
	return pollerOf(test, { filters });
}

let ids = 0;

function conversation(more: Partial<Conversation> = {}): Conversation {
	const opened: Conversation = {
		conversationId: String(100_000_000_000 + ++ids),
		type: 'FROM_MEMBERS',
		status: 'ACTIVE',
		seller: SELLER,
		otherParty: 'buyer_one',
		itemId: ITEM,
		createdAt: mockNow,
		messages: [],
		...more,
	};
	simulator.ebay.state.conversations.push(opened);
	return opened;
}

function write(
	{ messages, otherParty }: Conversation,
	body: string,
	more: Partial<ConversationMessage> = {},
): void {
	messages.push({
		messageId: `m${++ids}`,
		sender: otherParty,
		recipient: SELLER,
		subject: 'About your order',
		body,
		read: false,
		createdAt: mockNow,
		media: [],
		...more,
	});
}

const answer = (to: Conversation, body: string) =>
	write(to, body, { sender: SELLER, recipient: to.otherParty });

const pass = (ms: number) => {
	mockNow += ms;
};

async function textsFor(poller: Poller, ms: number): Promise<unknown[]> {
	const texts: unknown[] = [];
	for (const end = mockNow + ms; mockNow < end;) {
		pass(5 * MINUTE);
		texts.push(...((await poller.poll()) ?? []).map(({ json }) => json.text));
	}
	return texts;
}

const calls = (operation: string) =>
	simulator.calls.filter((call) => call.operation === operation).length;

it('gives a message with what an answer in the conversation wants, and the original text beside it', async () => {
	const poller = trigger();
	await poller.poll();
	pass(1000);
	const opened = conversation();
	const media = [{ mediaName: 'a', mediaType: 'IMAGE', mediaUrl: 'https://example.com/a.jpg' }];
	write(opened, '<p>Hello &amp; thanks<br>Bye</p>', { media });
	pass(5 * MINUTE);
	const items = (await poller.poll())!;
	expect(items.map(({ json }) => json)).toEqual(
		[
			{
				conversationId: opened.conversationId,
				messageId: opened.messages[0]!.messageId,
				recipientId: 'buyer_one',
				itemId: ITEM,
				text: 'Hello & thanks\nBye',
				subject: 'About your order',
				createdAt: new Date(opened.messages[0]!.createdAt).toISOString(),
				media,
				messageBody: '<p>Hello &amp; thanks<br>Bye</p>',
				messageMedia: media,
				createdDate: new Date(opened.messages[0]!.createdAt).toISOString(),
				readStatus: false,
				senderUsername: 'buyer_one',
				recipientUsername: SELLER,
			},
		].map((item) => expect.objectContaining(item) as unknown),
	);
});

it('gives the new messages of old conversations, oldest first, and never our own', async () => {
	const first = conversation({ createdAt: mockNow - 100 * 24 * HOUR });
	const second = conversation({ otherParty: 'buyer_two' });
	write(first, 'from before');
	const poller = trigger();
	await poller.poll();
	pass(MINUTE);
	write(first, 'one');
	answer(first, 'ours');
	pass(1000);
	write(second, 'two');
	pass(1000);
	write(first, 'three');
	answer(second, 'ours, the latest');
	expect(await textsFor(poller, HOUR)).toEqual(['one', 'two', 'three']);
});

it('costs one list and nothing else while nothing is new in a mailbox of 300 conversations', async () => {
	for (let i = 0; i < 300; i++) write(conversation({ otherParty: `b${i}` }), 'old');
	pass(24 * HOUR);
	const poller = trigger();
	await poller.poll();
	await textsFor(poller, HOUR);
	const before = simulator.calls.length;
	expect(await textsFor(poller, 10 * MINUTE)).toEqual([]);
	expect(simulator.calls.slice(before).map(({ operation }) => operation)).toEqual([
		'ebay.conversations',
		'ebay.conversations',
	]);
});

it('reads a conversation once while nothing is new in it', async () => {
	const poller = trigger();
	await poller.poll();
	pass(MINUTE);
	write(conversation(), 'new');
	expect(await textsFor(poller, HOUR)).toEqual(['new']);
	expect(calls('ebay.conversation')).toBe(1);
});

it('reads all new messages of a conversation, over its pages', async () => {
	const opened = conversation();
	const poller = trigger();
	await poller.poll();
	for (let i = 0; i < 120; i++) {
		pass(1000);
		write(opened, `${i}`);
	}
	const wanted = Array.from({ length: 120 }, (_, i) => `${i}`);
	expect(await textsFor(poller, 10 * MINUTE)).toEqual(wanted);
});

it('finds messages of conversations whose latest one eBay does not tell, each once', async () => {
	const opened = conversation({ hidesLatest: true });
	write(opened, 'old');
	const poller = trigger();
	await poller.poll();
	pass(MINUTE);
	write(opened, 'new');
	expect(await textsFor(poller, HOUR)).toEqual(['new']);
});

it("takes eBay's own messages, or both, where that was chosen, and one listing's", async () => {
	const [ebay, both, listing] = [
		trigger({ from: 'ebay' }),
		trigger({ from: 'both' }),
		trigger({ itemId: `https://www.ebay.com/itm/${ITEM}` }),
	];
	for (const poller of [ebay, both, listing]) await poller.poll();
	pass(MINUTE);
	const news = conversation({ type: 'FROM_EBAY', otherParty: 'eBay', itemId: undefined });
	write(news, '<html><head><style>p{}</style></head><body><p>News</p></body></html>');
	write(conversation(), 'mine');
	write(conversation({ itemId: '110000000009' }), 'other');
	pass(5 * MINUTE);
	const texts = async (poller: Poller) =>
		((await poller.poll()) ?? []).map(({ json }) => json.text).sort();
	expect(await texts(ebay)).toEqual(['News']);
	expect(await texts(both)).toEqual(['News', 'mine', 'other']);
	expect(await texts(listing)).toEqual(['mine']);
});

it('without the scope it is not switched on, and the words name the scope and where to get it', async () => {
	for (const grant of simulator.ebay.state.refreshTokens.values()) {
		grant.scopes = grant.scopes.filter((scope) => !scope.endsWith('commerce.message'));
	}
	await expect(trigger().poll()).rejects.toMatchObject({
		name: 'NodeApiError',
		message: "The seller's consent does not cover messages",
		description: expect.stringMatching(/commerce\.message.*developer\.ebay\.com/) as string,
	});
});

it("with an Auth'n'Auth token it is not switched on", async () => {
	const poller = trigger({}, { authentication: 'authToken', authToken: 'AgAAAA**demo-auth-token' });
	await expect(poller.poll()).rejects.toMatchObject({
		message: expect.stringContaining('Reading messages needs OAuth') as string,
	});
});

it('fails where eBay does not tell who the seller is, whatever else could be read', async () => {
	const poller = trigger({ from: 'both' });
	await poller.poll();
	pass(MINUTE);
	write(conversation(), 'x');
	pass(5 * MINUTE);
	const body =
		'<GetUserResponse xmlns="urn:ebay:apis:eBLBaseComponents"><Ack>Success</Ack><User/></GetUserResponse>';
	simulator.faults.push({ operation: 'ebay.GetUser', kind: 'status', status: 200, body });
	await expect(poller.poll()).rejects.toMatchObject({
		message: "eBay does not tell the seller's user name",
		description: expect.stringContaining('refresh token is that of the seller') as string,
	});
});

it('hands over nothing where it cannot tell which of two members is the seller', async () => {
	const poller = trigger();
	await poller.poll();
	pass(MINUTE);
	write(conversation(), 'x', { recipient: 'u12345' });
	pass(5 * MINUTE);
	await expect(poller.poll()).rejects.toMatchObject({
		message: expect.stringContaining('names other members') as string,
	});
});

it('passes over a conversation between strangers, names it in the log, and reads the others', async () => {
	const warn = jest.fn();
	const given = jest.spyOn(PollContext.prototype, 'logger', 'get');
	given.mockReturnValue({ warn, debug: () => undefined } as never);
	const poller = trigger();
	await poller.poll();
	pass(MINUTE);
	const strange = conversation();
	write(strange, 'x', { recipient: 'u12345' });
	write(conversation({ otherParty: 'buyer_two' }), 'theirs');
	const texts = await textsFor(poller, 15 * MINUTE);
	given.mockRestore();
	expect(texts).toEqual(['theirs']);
	expect(warn.mock.calls.map(([words]) => words)).toEqual([
		expect.stringMatching(
			`^eBay: The conversation ${strange.conversationId} cannot be read .*names other members`,
		),
	]);
});

it('goes on behind conversations and messages that are null, from a place that eBay takes', async () => {
	const poller = trigger();
	await poller.poll();
	pass(MINUTE);
	const opened = conversation();
	write(opened, 'x');
	const createdDate = new Date(mockNow).toISOString();
	const nothing = Array<null>(49).fill(null);
	const answers = {
		'ebay.conversations': {
			conversations: [
				...nothing,
				{ conversationId: opened.conversationId, latestMessage: { messageId: 'x', createdDate } },
			],
		},
		'ebay.conversation': {
			messages: [
				...nothing,
				{ messageId: 'y', messageBody: 'y', createdDate, senderUsername: 'b' },
			],
		},
	};
	for (const [operation, body] of Object.entries(answers)) {
		const fault = { kind: 'status', status: 200, body: { ...body, total: 60 } } as const;
		simulator.faults.push({ operation, ...fault });
	}
	const before = simulator.calls.length;
	pass(5 * MINUTE);
	expect((await poller.poll())!.map(({ json }) => json.text)).toEqual(['y']);
	const urls = simulator.calls.slice(before).map(({ rawUrl }) => rawUrl);
	expect(urls.filter((url) => url.includes('offset=50'))).toHaveLength(2);
});

describe('who wrote a message', () => {
	/** A name that eBay leaves out is empty. */
	const named = (sender = '', recipient = '') => ({ sender, recipient });
	const textsWith = async (fill: (opened: Conversation) => void) => {
		const poller = trigger();
		await poller.poll();
		pass(MINUTE);
		fill(conversation());
		return await textsFor(poller, 15 * MINUTE);
	};

	it.each([
		['in another casing', named('DEMO_Seller', 'buyer_one'), named('Buyer_One', 'Demo_Seller')],
		['with white space', named(' demo_seller\n', 'buyer_one'), named(' buyer_one', 'demo_seller ')],
		['as recipient alone', named(undefined, 'buyer_one'), named(undefined, 'Demo_Seller')],
		['as sender alone', named('Demo_Seller'), named('buyer_one')],
	])('is told where names stand %s', async (_, ours, theirs) => {
		expect(await textsWith((opened) => write(opened, 'theirs', theirs))).toEqual(['theirs']);
		const both = await textsWith((opened) => {
			write(opened, 'theirs', theirs);
			write(opened, 'ours', ours);
		});
		expect(both).toEqual(['theirs']);
		expect(await textsWith((opened) => write(opened, 'ours', ours))).toEqual([]);
	});

	it('is told in the spelling that eBay has elsewhere, and is whom an answer goes to', async () => {
		const poller = trigger();
		await poller.poll();
		pass(MINUTE);
		write(conversation(), 'x');
		const message = (text: string, senderUserName: string, recipientUserName: string) => ({
			...{ messageId: text, messageBody: text, createdDate: new Date(mockNow).toISOString() },
			...{ senderUserName, recipientUserName },
		});
		simulator.faults.push({
			...{ operation: 'ebay.conversation', kind: 'status', status: 200 },
			body: {
				messages: [message('ours', SELLER, 'buyer_one'), message('theirs', 'buyer_one', SELLER)],
				total: 2,
			},
		});
		pass(5 * MINUTE);
		expect((await poller.poll())!.map(({ json }) => json)).toMatchObject([
			{ text: 'theirs', recipientId: 'buyer_one' },
		]);
	});

	it('is not known where eBay names nobody: it may be our own, so it is passed over, and the log says so', async () => {
		const warn = jest.fn();
		const given = jest.spyOn(PollContext.prototype, 'logger', 'get');
		given.mockReturnValue({ warn, debug: () => undefined } as never);
		const texts = await textsWith((opened) => {
			write(opened, 'whose?', named());
			write(conversation({ otherParty: 'buyer_two' }), 'theirs');
		});
		given.mockRestore();
		expect(texts).toEqual(['theirs']);
		expect(warn.mock.calls.map(([words]) => words)).toEqual([
			expect.stringMatching(/^eBay names neither who wrote a message nor to whom/),
		]);
	});

	it('of eBay itself needs no name', async () => {
		const poller = trigger({ from: 'ebay' });
		await poller.poll();
		pass(MINUTE);
		write(conversation({ type: 'FROM_EBAY', otherParty: 'eBay' }), 'News', named());
		expect(await textsFor(poller, 15 * MINUTE)).toEqual(['News']);
	});
});

it('shows the newest message in the editor, or says that there is none', async () => {
	await expect(trigger().poll('manual')).rejects.toMatchObject({
		message: 'eBay has no message that fits',
	});
	const opened = conversation();
	write(opened, 'theirs');
	pass(1000);
	answer(opened, 'ours');
	const items = await trigger().poll('manual');
	expect(items!.map(({ json }) => json.text)).toEqual(['theirs']);
});

describe('the text of a message', () => {
	it.each([
		['Size <M or >XL', 'Size <M or >XL'],
		['a &amp; b', 'a &amp; b'],
		['<p>a&nbsp;&lt;b&gt; &#233;&#x1F600;</p><div>c</div>', 'a <b> é😀\n\nc'],
		['<script>alert(1)</script><b>x</b>', 'x'],
		['<!-- secret --><p>x &unknown; &#99999999;</p>', 'x &unknown; &#99999999;'],
		['<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>', 'a b\n\nc'],
	])('%s', (body, text) => {
		expect(plainTextOf(body)).toBe(text);
	});
});
