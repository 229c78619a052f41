import type { ILoadOptionsFunctions } from 'n8n-workflow';

import { attached, ebayWorld, ITEM, pngBytes } from '../../engine/ebay.mts';
import { keepNotes, loadOptionsOf } from '../../engine/engine.mts';
import { ebayMemberMessage } from '../../engine/ebay.mts';

const world = ebayWorld();
const SEND = 'ebay.sendMessage';
const send = { resource: 'conversation', operation: 'send', text: 'Hello & <3' };
const getMany = { resource: 'conversation', operation: 'getMany' };

const sentBody = () => JSON.parse(world.document(SEND)) as Record<string, unknown>;

describe('a message in a conversation', () => {
	it('to a member arrives, and the output has its ID', async () => {
		const { items } = await world.run({ ...send, recipientId: 'curious_member', itemId: ITEM });
		expect(items).toEqual([
			{
				json: {
					status: 'sent',
					marketplace: 'ebay',
					recipientId: 'curious_member',
					itemId: ITEM,
					subject: expect.any(String) as unknown,
					messageId: expect.stringMatching(/^\d+$/) as unknown,
					attachments: [],
					ack: 'Success',
					warnings: [],
					timestamp: expect.any(String) as unknown,
					sentAt: expect.any(String) as unknown,
				},
				pairedItem: { item: 0 },
			},
		]);
		expect(world.simulator.received).toMatchObject([
			{ recipient: 'curious_member', text: 'Hello & <3', fields: { itemId: ITEM } },
		]);
	});

	it.each([
		['plain text', '800000000001'],
		['a pick from the list', { __rl: true, mode: 'list', value: '800000000001' }],
		['an ID', { __rl: true, mode: 'id', value: ' 800000000001 ' }],
	])('goes on where the conversation is named by %s', async (_how, conversationId) => {
		const { items } = await world.run({ ...send, conversationId });
		expect(items[0]!.json).toMatchObject({
			status: 'sent',
			conversationId: '800000000001',
			recipientId: 'buyer_one',
		});
		expect(sentBody()).toEqual({ conversationId: '800000000001', messageText: 'Hello & <3' });
	});

	it('goes to the member where eBay no longer knows the conversation', async () => {
		const form = { ...send, conversationId: '800000009999', recipientId: 'buyer_one' };
		const { items } = await world.run(form);
		expect(items[0]!.json).toMatchObject({ status: 'sent', recipientId: 'buyer_one' });
		expect(items[0]!.json).not.toHaveProperty('conversationId');
		expect(world.calls()).toEqual([SEND, SEND]);
		expect(sentBody()).toMatchObject({ otherPartyUsername: 'buyer_one' });
		expect(world.simulator.received).toHaveLength(1);
	});

	it('fails where eBay knows neither', async () => {
		const { error, details } = await world.failure({ ...send, conversationId: '800000009999' });
		expect(error).toBe("eBay does not find the 'Conversation'");
		expect(details).toMatchObject({ outcome: 'notSent', retryable: false, code: '355007' });
	});

	it('carries uploaded pictures and files by their addresses', async () => {
		const media = [{ url: 'https://example.com/files/manual.pdf', type: 'PDF' }];
		const form = { ...send, recipientId: 'buyer_one', text: '', mediaUrls: { media } };
		const { items } = await world.run({ ...form, ...attached('data') });
		expect(sentBody().messageMedia).toEqual([
			{ mediaName: 'crack.png', mediaType: 'IMAGE', mediaUrl: expect.any(String) as unknown },
			{ mediaName: 'manual.pdf', mediaType: 'PDF', mediaUrl: media[0]!.url },
		]);
		expect(items[0]!.json.attachments).toMatchObject([
			{ fileName: 'crack.png', mimeType: 'image/png', size: pngBytes.length },
			{ fileName: 'manual.pdf', type: 'PDF', url: media[0]!.url },
		]);
		expect(world.simulator.received[0]!.attachments[0]!.bytes).toEqual(pngBytes);
	});

	it('with a copy to the seller', async () => {
		const options = { emailCopyToSender: 'yes' };
		await world.run({ ...send, recipientId: 'buyer_one', options });
		expect(sentBody().emailCopyToSender).toBe(true);
	});

	it('is only checked with "Validate Only"', async () => {
		const form = { ...send, recipientId: 'buyer_one', options: { validateOnly: true } };
		const { items } = await world.run({ ...form, ...attached('data') });
		expect(items[0]!.json).toMatchObject({
			status: 'validated',
			text: 'Hello & <3',
			attachments: [{ fileName: 'crack.png' }],
		});
		expect(world.calls()).toEqual(['ebay.GetUser']);
	});

	it('is not sent twice with "Prevent Duplicates"', async () => {
		await keepNotes();
		const form = { ...send, recipientId: 'buyer_one', options: { preventDuplicates: true } };
		const first = await world.run({ ...form, ...attached('data') });
		const second = await world.run({ ...form, ...attached('data') });
		expect(first.items[0]!.json.status).toBe('sent');
		expect(second.items[0]!.json).toMatchObject({ status: 'skipped', recipientId: 'buyer_one' });
	});

	it('tells the warnings that eBay gave', async () => {
		const body = {
			messageId: 7,
			warnings: [
				{ errorId: 1, message: 'Slowly.' },
				{ errorId: 2, longMessage: 'L' },
			],
		};
		world.simulator.faults.push({ operation: SEND, kind: 'status', status: 201, body });
		const { items } = await world.run({ ...send, recipientId: 'buyer_one' });
		expect(items[0]!.json).toMatchObject({
			messageId: '7',
			ack: 'Warning',
			warnings: [
				{ code: '1', message: 'Slowly.' },
				{ code: '2', message: 'L' },
			],
		});
	});

	it('to a member whom eBay does not know says so', async () => {
		const { error, details } = await world.failure({ ...send, recipientId: 'nobody' });
		expect(error).toBe("eBay does not know the 'Recipient ID'");
		expect(details).toMatchObject({
			outcome: 'notSent',
			code: '355006',
			marketplaceMessage: 'The username is invalid.',
		});
	});

	it('without the scope says which one is missing', async () => {
		const { refreshTokens } = world.simulator.ebay.state;
		const name = world.node.credentials.ebayApi!.refreshToken as string;
		refreshTokens.set(name, { ...refreshTokens.get(name)!, scopes: [] });
		const { details } = await world.failure({ ...send, recipientId: 'buyer_one' });
		expect(details).toMatchObject({ code: '1100', httpStatus: 403 });
		expect(details.description).toContain('commerce.message');
	});

	it('is sent with a new token where the old one ended early', async () => {
		await world.run({ ...send, recipientId: 'buyer_one' });
		world.simulator.ebay.expireAccessTokens();
		await world.run({ ...send, recipientId: 'buyer_one' });
		expect(world.simulator.received).toHaveLength(2);
	});

	it('is refused where eBay takes no token at all', async () => {
		const body = { errors: [{ errorId: 1001, message: 'Invalid access token' }] };
		world.simulator.faults.push({ operation: SEND, kind: 'status', status: 401, body, times: 9 });
		const { error, details } = await world.failure({ ...send, recipientId: 'buyer_one' });
		expect(error).toBe('eBay does not accept the access token');
		expect(details).toMatchObject({ outcome: 'notSent', httpStatus: 401 });
	});

	it.each([
		['the connection was lost', { kind: 'lost' as const, when: 'after' as const }],
		['the answer was cut off', { kind: 'cutOff' as const }],
		['the answer is garbage', { kind: 'garbage' as const, when: 'after' as const }],
		['the answer has no ID', { kind: 'status' as const, status: 201, body: { ok: true } }],
		[
			'eBay failed',
			{ kind: 'status' as const, status: 500, body: { errors: [{ errorId: 335000 }] } },
		],
		['the answer is a redirect', { kind: 'status' as const, status: 307 }],
	])('is unknown and sent once because %s', async (_what, fault) => {
		world.simulator.faults.push({ operation: SEND, ...fault });
		const { details } = await world.failure({ ...send, recipientId: 'buyer_one' });
		expect(details).toMatchObject({ outcome: 'unknown', retryable: false });
		expect(world.calls()).toEqual([SEND]);
	});

	it('waits for a limit that passes', async () => {
		const headers = { 'retry-after': '0' };
		world.simulator.faults.push({ operation: SEND, kind: 'status', status: 429, headers });
		const { items } = await world.run({ ...send, recipientId: 'buyer_one' });
		expect(items[0]!.json.status).toBe('sent');
	});
});

describe('conversations', () => {
	const ids = (items: Array<{ json: Record<string, unknown> }>) =>
		items.map(({ json }) => json.conversationId);

	it('come latest first, under eBay’s names and ours', async () => {
		const { items } = await world.run(getMany);
		expect(ids(items)).toEqual(['800000000001', '800000000002']);
		expect(items[0]!.json).toMatchObject({
			conversationId: '800000000001',
			itemId: ITEM,
			conversationTitle: 'Blue ceramic mug',
			unreadCount: 1,
		});
	});

	it.each([
		['one member', { recipientId: 'buyer_two' }, ['800000000002']],
		['one listing', { itemId: `https://www.ebay.com/itm/${ITEM}` }, ['800000000001']],
		['a state', { status: 'UNREAD' }, ['800000000001']],
		['eBay itself', { conversationType: 'FROM_EBAY' }, ['800000000003']],
		['a time long ago', { endTime: '2020-01-01T00:00:00Z' }, []],
	])('may be those of %s', async (_what, filters, expected) => {
		const { items } = await world.run({ ...getMany, filters });
		expect(ids(items)).toEqual(expected);
	});

	it('come from all pages with "Return All"', async () => {
		const [model] = world.simulator.ebay.state.conversations;
		for (let i = 0; i < 60; i++) {
			const conversationId = `81${String(i).padStart(10, '0')}`;
			world.simulator.ebay.state.conversations.push({ ...model!, conversationId });
		}
		const { items } = await world.run({ ...getMany, returnAll: true });
		expect(new Set(ids(items)).size).toBe(62);
		expect((await world.run({ ...getMany, limit: 3 })).items).toHaveLength(3);
		expect(world.calls()).toHaveLength(3);
	});

	it('can be read one by one, with all their messages', async () => {
		const [conversation] = world.simulator.ebay.state.conversations;
		const [model] = conversation!.messages;
		for (let i = 0; i < 70; i++) conversation!.messages.push({ ...model!, messageId: String(i) });
		const { items } = await world.run({
			resource: 'conversation',
			operation: 'get',
			conversationId: { __rl: true, mode: 'id', value: '800000000001' },
		});
		const { messages, ...rest } = items[0]!.json as { messages: unknown[] };
		expect(messages).toHaveLength(71);
		expect(rest).toEqual({
			conversationId: '800000000001',
			conversationStatus: 'ACTIVE',
			conversationTitle: 'Blue ceramic mug',
			conversationType: 'FROM_MEMBERS',
		});
	});

	it('that are longer than 2000 messages are cut off with a hint', async () => {
		const { conversations } = world.simulator.ebay.state;
		const messages = conversations.find((one) => one.conversationId === '800000000001')!.messages;
		while (messages.length <= 2000) messages.push({ ...messages[0]! });
		const { items, hints } = await world.run({
			resource: 'conversation',
			operation: 'get',
			conversationId: '800000000001',
		});
		expect(items[0]!.json.messages).toHaveLength(2000);
		expect(hints.map(({ message }) => message)).toEqual([
			'Only the latest 2000 messages of a conversation were read',
		]);
	});

	it('that are not there say so', async () => {
		const form = { resource: 'conversation', operation: 'get', conversationId: '1' };
		expect((await world.failure(form)).error).toBe("eBay does not find the 'Conversation'");
	});

	it('are read again where eBay failed', async () => {
		world.simulator.faults.push({ operation: 'ebay.conversations', kind: 'status', status: 503 });
		expect((await world.run(getMany)).items).toHaveLength(2);
	});
});

describe('the list of conversations in the editor', () => {
	const search = async (filter?: string, token?: string) => {
		const context = loadOptionsOf(ebayMemberMessageOfWorld(), {});
		const { searchConversations } = world.node.node.methods!.listSearch!;
		return await searchConversations!.call(context as ILoadOptionsFunctions, filter, token);
	};
	const ebayMemberMessageOfWorld = () => ({
		...ebayMemberMessage(world.simulator),
		credentials: world.node.credentials,
	});

	it('shows titles and the latest words, without their markup', async () => {
		expect(await search()).toEqual({
			results: [
				{ name: 'Blue ceramic mug: When will my mug arrive?', value: '800000000001' },
				{ name: 'Desk lamp: Thanks for the lamp!', value: '800000000002' },
			],
		});
	});

	it('can be searched', async () => {
		expect((await search('LAMP')).results.map(({ value }) => value)).toEqual(['800000000002']);
	});

	it('goes on from page to page', async () => {
		const [model] = world.simulator.ebay.state.conversations;
		for (let i = 0; i < 60; i++) {
			const conversationId = `81${String(i).padStart(10, '0')}`;
			world.simulator.ebay.state.conversations.push({ ...model!, conversationId });
		}
		const first = await search();
		expect(first.results).toHaveLength(50);
		const second = await search(undefined, String(first.paginationToken));
		expect(second.results).toHaveLength(12);
		expect(second.paginationToken).toBeUndefined();
	});
});
