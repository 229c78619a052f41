import type { ILoadOptionsFunctions } from 'n8n-workflow';

import { attached, ebayWorld, ITEM, notLookedFor, pngBytes } from '../../engine/ebay.mts';
import { keepNotes, loadOptionsOf } from '../../engine/engine.mts';
import { ebayMemberMessage } from '../../engine/ebay.mts';
import { waitsPass } from '../../engine/quickTime.mts';

const world = ebayWorld();
waitsPass();
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

	describe.each([
		['404 and 355000, as in production', 'asInProduction' as const, '355000'],
		['400 and 355007, as documented', 'asDocumented' as const, '355007'],
	])('in a conversation that eBay tells to be unknown with %s', (_how, words, code) => {
		beforeEach(() => void (world.simulator.ebay.state.unknownConversation = words));

		it('goes to the member', async () => {
			const form = { ...send, conversationId: '800000009999', recipientId: 'buyer_one' };
			const { items } = await world.run(form);
			expect(items[0]!.json).toMatchObject({ status: 'sent', recipientId: 'buyer_one' });
			expect(items[0]!.json).not.toHaveProperty('conversationId');
			expect(world.calls()).toEqual([SEND, SEND]);
			expect(sentBody()).toMatchObject({ otherPartyUsername: 'buyer_one' });
			expect(world.simulator.received).toHaveLength(1);
		});

		it('fails where no member is named', async () => {
			const { error, details } = await world.failure({ ...send, conversationId: '800000009999' });
			expect(error).toBe("eBay does not find the 'Conversation'");
			expect(details).toMatchObject({ outcome: 'notSent', retryable: false, code });
		});
	});

	it.each([
		['a 404 without a word', 404, ''],
		['a page with a 404', 404, '<html><body>Not found</body></html>'],
		['another number with a 404', 404, { errors: [{ errorId: 355099, domain: 'API_MESSAGE' }] }],
		[
			'another number that speaks of the conversation',
			400,
			{ errors: [{ errorId: 355099, message: 'Conversation is not recognized.' }] },
		],
	])(
		'in a conversation that eBay tells to be unknown with %s goes to the member',
		async (_how, status, body) => {
			world.simulator.faults.push({ operation: SEND, kind: 'status', status, body });
			const form = { ...send, conversationId: '800000000001', recipientId: 'buyer_one' };
			const { items } = await world.run(form);
			expect(items[0]!.json).toMatchObject({ status: 'sent', recipientId: 'buyer_one' });
			expect(sentBody()).toMatchObject({ otherPartyUsername: 'buyer_one' });
		},
	);

	it.each([
		['a field is wrong', 400, { errors: [{ errorId: 355013, message: 'The text is too long.' }] }],
		['the address is none of the API', 404, { errors: [{ errorId: 2002, domain: 'ACCESS' }] }],
	])('stays unsent, and is not tried elsewhere, where %s', async (_how, status, body) => {
		world.simulator.faults.push({ operation: SEND, kind: 'status', status, body });
		const form = { ...send, conversationId: '800000000001', recipientId: 'buyer_one' };
		const { details } = await world.failure(form);
		expect(details).toMatchObject({ outcome: 'notSent' });
		expect(world.calls()).toEqual([SEND]);
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

	it('is refused in eBay’s own words where a 403 has another reason', async () => {
		const body = { errors: [{ errorId: 355098, message: 'The member does not take messages.' }] };
		world.simulator.faults.push({ operation: SEND, kind: 'status', status: 403, body });
		const { error, details } = await world.failure({ ...send, recipientId: 'buyer_one' });
		expect(error).toBe('eBay refused the request: The member does not take messages.');
		expect(details).toMatchObject({ outcome: 'notSent', httpStatus: 403, code: '355098' });
	});

	it('that is refused without a reason sends nobody to look for one', async () => {
		world.simulator.faults.push({ operation: SEND, kind: 'status', status: 400, body: '' });
		const { error, details } = await world.failure({ ...send, recipientId: 'buyer_one' });
		expect(error).toBe('eBay refused the request');
		expect(details.description).toMatch(/^Nothing was sent\. eBay gave no reason\. Check every/);
	});

	it.each([
		['nothing', ''],
		['words about permissions', { message: 'Insufficient permissions.' }],
	])('names the scope where a 403 has %s to say', async (_what, body) => {
		world.simulator.faults.push({ operation: SEND, kind: 'status', status: 403, body });
		const { details } = await world.failure({ ...send, recipientId: 'buyer_one' });
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
		[
			'eBay failed',
			{ kind: 'status' as const, status: 500, body: { errors: [{ errorId: 335000 }] } },
		],
		['the answer is a redirect', { kind: 'status' as const, status: 307 }],
	])('is unknown and sent once because %s', async (_what, fault) => {
		world.simulator.faults.push({ operation: SEND, ...fault });
		const { details } = await world.failure({
			...send,
			...notLookedFor,
			recipientId: 'buyer_one',
		});
		expect(details).toMatchObject({ outcome: 'unknown', retryable: false });
		expect(world.calls()).toEqual([SEND]);
	});

	it.each([
		['201 and nothing in it', { status: 201, body: '' }],
		['204', { status: 204 }],
		['200 and nothing in it', { status: 200, body: '' }],
		['201 and an empty object', { status: 201, body: {} }],
		['201 and an empty list of errors', { status: 201, body: { errors: [] } }],
		['201 and an empty object of errors', { status: 201, body: { errors: {} } }],
		['201 that says that there is no error', { status: 201, body: { error: false } }],
		['201 and fields that nobody knows', { status: 201, body: { ok: true } }],
	])('is sent once where eBay answers with %s', async (_what, answer) => {
		world.simulator.faults.push({ operation: SEND, kind: 'status', when: 'after', ...answer });
		const { items } = await world.run({ ...send, recipientId: 'buyer_one' });
		expect(items[0]!.json).toMatchObject({
			status: 'sent',
			recipientId: 'buyer_one',
			ack: 'Success',
			warnings: [],
			timestamp: null,
		});
		expect(items[0]!.json).not.toHaveProperty('messageId');
		expect(world.simulator.received).toHaveLength(1);
		expect(world.calls()).toEqual([SEND]);
	});

	it('is unknown where a success lists an error that says nothing', async () => {
		const body = { errors: [{ parameters: [] }] };
		world.simulator.faults.push({ operation: SEND, kind: 'status', status: 201, body });
		const { details } = await world.failure({
			...send,
			...notLookedFor,
			recipientId: 'buyer_one',
		});
		expect(details).toMatchObject({ outcome: 'unknown', httpStatus: 201 });
		expect(world.calls()).toEqual([SEND]);
	});

	it.each(['REQUEST', 'BUSINESS', undefined])(
		'is unknown where a success names an error (%s): it says yes and no',
		async (category) => {
			const message = 'The text is too long.';
			const body = { errors: [{ errorId: 355013, category, message }] };
			world.simulator.faults.push({ operation: SEND, kind: 'status', status: 201, body });
			const { error, details } = await world.failure({
				...send,
				...notLookedFor,
				recipientId: 'buyer_one',
			});
			expect(error).toBe(
				"It is not known whether eBay sent the message: eBay's answer does not tell",
			);
			expect(details).toMatchObject({ outcome: 'unknown', code: '355013', httpStatus: 201 });
			expect(details.description).toContain(`eBay answered "${message}"`);
			expect(world.calls()).toEqual([SEND]);
		},
	);

	it('is looked up where a success names an error', async () => {
		const body = { errors: [{ errorId: 355013, message: 'The text is too long.' }] };
		world.simulator.faults.push({
			...{ operation: SEND, kind: 'status', status: 201, when: 'after' },
			body,
		});
		const { items } = await world.run({ ...send, recipientId: 'buyer_one' });
		expect(items[0]!.json).toMatchObject({ status: 'sent', foundBy: 'conversation' });
		expect(world.simulator.received).toHaveLength(1);
	});

	it('is refused where eBay names errors with a status that says no', async () => {
		const body = { errors: [{ errorId: 355013, message: 'The text is too long.' }] };
		world.simulator.faults.push({ operation: SEND, kind: 'status', status: 400, body });
		const { error, details } = await world.failure({ ...send, recipientId: 'buyer_one' });
		expect(error).toBe("'Text' is too long for eBay");
		expect(details).toMatchObject({ outcome: 'notSent', code: '355013', httpStatus: 400 });
	});

	it.each([
		['a message alone', { message: 'The moon is wrong.' }],
		['an error and its description', { error: 'moon', error_description: 'The moon is wrong.' }],
		['an error in an object', { error: { code: 7, message: 'The moon is wrong.' } }],
		['a list under another name', { error: [{ errorId: 7, message: 'The moon is wrong.' }] }],
		['a list of texts', { errors: ['The moon is wrong.'] }],
		['plain words', 'The moon is wrong.'],
	])('keeps eBay’s words that come as %s', async (_what, body) => {
		world.simulator.faults.push({ operation: SEND, kind: 'status', status: 400, body });
		const { error, details } = await world.failure({ ...send, recipientId: 'buyer_one' });
		expect(error).toBe('eBay refused the request: The moon is wrong.');
		expect(details).toMatchObject({
			outcome: 'notSent',
			httpStatus: 400,
			marketplaceMessage: 'The moon is wrong.',
		});
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
			conversationTitle: 'When will my mug arrive?',
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

	it('of a time with a zone are asked for in UTC', async () => {
		const filters = { startTime: '2026-01-01T02:00:00+02:00', endTime: '2026-03-01T00:00-0300' };
		await world.run({ ...getMany, filters });
		const query = new URL(world.simulator.calls.at(-1)!.rawUrl, 'http://x').searchParams;
		expect(query.get('start_time')).toBe('2026-01-01T00:00:00.000Z');
		expect(query.get('end_time')).toBe('2026-03-01T03:00:00.000Z');
	});

	it('of a time that is no date are refused, and not left out', async () => {
		const { error } = await world.failure({ ...getMany, filters: { startTime: 'soon' } });
		expect(error).toBe("'Start Time' is not a date");
		expect(world.calls()).toEqual([]);
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
			from: 'buyer_one',
			text: 'When will my mug arrive?',
			conversationId: '800000000001',
			conversationStatus: 'ACTIVE',
			conversationTitle: 'When will my mug arrive?',
			conversationType: 'FROM_MEMBERS',
		});
	});

	it('that are longer than 2000 messages are cut off with a hint', async () => {
		const { conversations } = world.simulator.ebay.state;
		const messages = conversations.find((one) => one.conversationId === '800000000001')!.messages;
		for (let i = 0; i < 2000; i++) messages.push({ ...messages[0]!, messageId: String(i) });
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

	describe('where only some messages are wanted', () => {
		const form = {
			resource: 'conversation',
			operation: 'get',
			conversationId: '800000000001',
			returnAll: false,
		};
		/** Each an hour later than the one before. */
		const written = (count: number) => {
			const { messages } = demoConversation();
			const [first] = messages;
			for (let i = 1; i <= count; i++) {
				const createdAt = first!.createdAt + i * 3_600_000;
				messages.push({ ...first!, messageId: `later-${i}`, createdAt });
			}
		};
		const demoConversation = () =>
			world.simulator.ebay.state.conversations.find(
				({ conversationId }) => conversationId === form.conversationId,
			)!;
		const idsOf = async (more: object) => {
			const { items } = await world.run({ ...form, ...more });
			return (items[0]!.json.messages as Array<{ messageId: string }>).map(
				({ messageId }) => messageId,
			);
		};

		it('gives the latest of them, the latest first', async () => {
			written(9);
			expect(await idsOf({ limit: 3 })).toEqual(['later-9', 'later-8', 'later-7']);
		});

		it('gives 50 where no number is chosen', async () => {
			written(60);
			expect(await idsOf({})).toHaveLength(50);
		});

		it('asks for no page behind them', async () => {
			written(120);
			await idsOf({ limit: 30 });
			expect(world.calls()).toEqual(['ebay.conversation']);
		});

		it('says nothing of the others', async () => {
			written(9);
			expect((await world.run({ ...form, limit: 3 })).hints).toEqual([]);
		});

		it('refuses a limit that is none', async () => {
			const limit = '={{ "few" }}';
			const failure = await world.failure({ ...form, limit });
			expect(failure.error).toBe("'Limit' is not a number from 1 up");
		});
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

	const demo = () => world.simulator.ebay.state.conversations;

	/** So many conversations with other members, each a day older than the one before. */
	function older(count: number): void {
		const [model] = demo();
		for (let i = 1; i <= count; i++) {
			const createdAt = model!.createdAt - (i + 30) * 86_400_000;
			const otherParty = `member_${i}`;
			demo().push({
				...model!,
				conversationId: `81${String(i).padStart(10, '0')}`,
				otherParty,
				itemId: String(120000000000 + i),
				createdAt,
				messages: [{ ...model!.messages[0]!, sender: otherParty, createdAt }],
			});
		}
	}

	it('shows the other member, the item and the latest words, once and without markup', async () => {
		expect(await search()).toEqual({
			results: [
				{
					name: 'buyer_one, item 110000000001: When will my mug arrive?',
					value: '800000000001',
				},
				{ name: 'buyer_two, item 110000000002: Thanks for the lamp!', value: '800000000002' },
			],
		});
	});

	it.each([
		['<p>Fish &amp; chips</p><!-- a > b --><style>p { color: red', 'Fish & chips'],
		['Size <M or >XL for <your name>?', 'Size <M or >XL for <your name>?'],
		['One\nline', 'One line'],
	])('shows the latest words %j as a person reads them', async (body, words) => {
		const [first] = demo();
		first!.messages = [{ ...first!.messages[0]!, body }];
		const { results } = await search();
		expect(results[0]!.name).toBe(`buyer_one, item 110000000001: ${words}`);
	});

	it('names the other member also where the latest words are ours', async () => {
		const [first] = demo();
		const [asked] = first!.messages;
		const [sender, recipient] = ['demo_seller', 'buyer_one'];
		first!.messages.push({ ...asked!, sender, recipient, body: 'Tomorrow.' });
		const { results } = await search();
		expect(results[0]!.name).toBe('buyer_one, item 110000000001: Tomorrow.');
	});

	it('names both members where eBay does not tell who we are', async () => {
		world.simulator.faults.push({ operation: 'ebay.GetUser', kind: 'status', status: 400 });
		const { results } = await search();
		expect(results[0]!.name).toBe(
			'buyer_one and demo_seller, item 110000000001: When will my mug arrive?',
		);
	});

	it('shows what is there of a conversation without its latest message', async () => {
		const [first, second] = demo();
		first!.hidesLatest = true;
		delete first!.messages[0]!.body;
		Object.assign(second!, { itemId: undefined, hidesLatest: true });
		const { results } = await search();
		expect(results.map(({ name }) => name)).toEqual([
			'Conversation 800000000001, item 110000000001',
			'Conversation 800000000002: Thanks for the lamp!',
		]);
	});

	it.each([
		['words of the latest message', 'LAMP'],
		['a part of the other member’s name', 'Buyer_T'],
		['the number of the item', '110000000002'],
		['the address of the item', 'https://www.ebay.com/itm/110000000002'],
		['the number of the conversation', '800000000002'],
	])('can be searched by %s', async (_what, filter) => {
		expect((await search(filter)).results.map(({ value }) => value)).toEqual(['800000000002']);
	});

	it.each([
		['member', 'member_700'],
		['item', String(120000000000 + 700)],
	])('finds an older conversation by its %s, however many are newer', async (_what, filter) => {
		older(700);
		expect((await search(filter)).results).toEqual([
			{ name: expect.stringContaining('member_700,') as unknown, value: '810000000700' },
		]);
	});

	it('reads further pages for a part of a name', async () => {
		older(170);
		const { results } = await search('ember_16');
		expect(results).toHaveLength(11);
	});

	it('asks for further pages only as long as somebody scrolls', async () => {
		older(700);
		const first = await search('nothing like it');
		expect(first.results).toEqual([]);
		expect(first.paginationToken).toMatch(/^500 /);
		const second = await search('nothing like it', String(first.paginationToken));
		expect(second.paginationToken).toBeUndefined();
	});

	it('finds nothing, and says so without an error, for a member whom eBay does not know', async () => {
		expect(await search('nobody')).toEqual({ results: [] });
	});

	it.each([undefined, 'nothing like it'])(
		'ends where eBay gives the same page again and again: %s',
		async (filter) => {
			const conversations = [{ conversationId: '1', conversationTitle: 'x' }];
			const next = 'https://api.ebay.com/commerce/message/v1/conversation?offset=5000';
			const body = { conversations, total: 1_000_000, next };
			const fault = { operation: 'ebay.conversations', kind: 'status' as const, status: 200 };
			world.simulator.faults.push({ ...fault, body, times: 99 });
			const first = await search(filter);
			const token = String(first.paginationToken ?? '');
			const second = token === '' ? {} : await search(filter, token);
			expect(second).not.toHaveProperty('paginationToken');
			const calls = world.calls().filter((operation) => operation === 'ebay.conversations');
			expect(calls.length).toBeLessThanOrEqual(4);
		},
	);

	it('leaves out a conversation without an ID: nobody could choose it', async () => {
		const conversations = [
			{ conversationTitle: 'Where is it?' },
			{ conversationId: '1', conversationTitle: 'Thanks!' },
		];
		const fault = { operation: 'ebay.conversations', kind: 'status' as const, status: 200 };
		world.simulator.faults.push({ ...fault, body: { conversations, total: 2 } });
		expect(await search()).toEqual({ results: [{ name: 'Conversation 1: Thanks!', value: '1' }] });
	});

	it('goes on from page to page', async () => {
		older(60);
		const first = await search();
		expect(first.results).toHaveLength(50);
		const second = await search(undefined, String(first.paginationToken));
		expect(second.results).toHaveLength(12);
		expect(second.paginationToken).toBeUndefined();
	});
});

describe('pages of another size than was asked for', () => {
	const conversations = () => world.simulator.ebay.state.conversations;

	function more(count: number): void {
		const [model] = conversations();
		for (let i = 0; i < count; i++) {
			conversations().push({ ...model!, conversationId: `81${String(i).padStart(10, '0')}` });
		}
	}

	it.each([1, 25, 60, 1000])('of %s conversations give each once', async (rowsPerPage) => {
		more(120);
		world.simulator.ebay.state.rowsPerPage = rowsPerPage;
		const { items } = await world.run({ ...getMany, returnAll: true });
		const ids = items.map(({ json }) => json.conversationId);
		expect(ids).toHaveLength(122);
		expect(new Set(ids).size).toBe(122);
	});

	it.each([7, 60])('of %s messages give each once', async (rowsPerPage) => {
		const [first] = conversations();
		for (let i = 0; i < 120; i++) {
			first!.messages.push({ ...first!.messages[0]!, messageId: String(i) });
		}
		world.simulator.ebay.state.rowsPerPage = rowsPerPage;
		const form = { resource: 'conversation', operation: 'get', conversationId: '800000000001' };
		const { items } = await world.run(form);
		const messages = items[0]!.json.messages as Array<{ messageId: string }>;
		expect(messages).toHaveLength(121);
		expect(new Set(messages.map(({ messageId }) => messageId)).size).toBe(121);
	});

	it('give no more than the limit', async () => {
		more(20);
		world.simulator.ebay.state.rowsPerPage = 15;
		expect((await world.run({ ...getMany, limit: 4 })).items).toHaveLength(4);
	});

	it('that never end are not read for ever', async () => {
		const body = {
			total: 1_000_000,
			conversations: [{ conversationId: '800000000001' }, { conversationTitle: 'No ID' }],
		};
		const fault = { operation: 'ebay.conversations', kind: 'status' as const, status: 200, body };
		world.simulator.faults.push({ ...fault, times: 1000 });
		const { items } = await world.run({ ...getMany, returnAll: true });
		expect(items).toHaveLength(2);
		expect(world.calls().length).toBeLessThan(5);
	});

	it('that go on with empty pages are not read for ever', async () => {
		world.simulator.faults.push({
			operation: 'ebay.conversations',
			kind: 'status',
			status: 200,
			body: { total: 1_000_000, conversations: [] },
			times: 1000,
		});
		const { items } = await world.run({ ...getMany, returnAll: true });
		expect(items).toEqual([]);
		expect(world.calls().length).toBeLessThan(5);
	});

	it('that are empty in the middle are passed over', async () => {
		const first = { total: 101, conversations: [] };
		world.simulator.faults.push({
			operation: 'ebay.conversations',
			kind: 'status',
			status: 200,
			body: first,
		});
		more(60);
		const { items } = await world.run({ ...getMany, returnAll: true });
		expect(items).toHaveLength(12);
	});
});

describe('a conversation of heavy messages', () => {
	it('is read in smaller pages where one is too heavy', async () => {
		const ofEbay = world.simulator.ebay.state.conversations.find(
			({ type }) => type === 'FROM_EBAY',
		);
		const body = `<!DOCTYPE html><html><body>${'x'.repeat(300_000)}</body></html>`;
		for (let i = 0; i < 59; i++) {
			ofEbay!.messages.push({ ...ofEbay!.messages[0]!, messageId: String(i), body });
		}
		const { items } = await world.run({
			resource: 'conversation',
			operation: 'get',
			conversationId: '800000000003',
			conversationType: 'FROM_EBAY',
		});
		expect(items[0]!.json.messages).toHaveLength(60);
		// 15 MB in answers of at most 8: the first was too heavy, and was not asked for again.
		expect(world.calls().length).toBeLessThan(6);
	});
});
