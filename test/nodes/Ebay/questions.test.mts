import { attached, ebayWorld, ITEM, notLookedFor } from '../../engine/ebay.mts';
import { waitsPass } from '../../engine/quickTime.mts';
import { validateAgainstSchema } from '../../marketplaces/ebay/validateAgainstSchema.mts';

const world = ebayWorld();
waitsPass();
const GET = 'ebay.GetMemberMessages';
const DAY = 86_400_000;

const getMany = { resource: 'question', operation: 'getMany' };
const reply = {
	resource: 'question',
	operation: 'reply',
	parentMessageId: '700000001',
	recipientId: 'shopper_one',
	body: 'Two days, & screws are with it 😀',
};

describe('the questions about the seller’s listings', () => {
	it('come newest first, under the names that a reply takes and under eBay’s own', async () => {
		const { items } = await world.run(getMany);
		expect(items.map(({ json }) => json.parentMessageId)).toEqual(['700000001', '700000002']);
		expect(items[0]).toMatchObject({
			json: {
				parentMessageId: '700000001',
				recipientId: 'shopper_one',
				itemId: '110000000009',
				body: 'Hello, how long is delivery & does the shelf come with screws?',
				MessageStatus: 'Unanswered',
				Item: { ItemID: '110000000009', Title: 'Oak bookshelf' },
				Question: { Subject: 'Is the shelf in stock?', DisplayToPublic: 'false' },
			},
			pairedItem: { item: 0 },
		});
		expect(items[1]!.json.Response).toEqual(['Yes, it may.']);
	});

	it('keep white space, entities and emoji of their text', async () => {
		const body = '  &lt;b&gt; is not <b> \n\n😀 é ';
		world.simulator.ebay.addQuestion({ itemId: ITEM, body });
		const { items } = await world.run({ ...getMany, limit: 1 });
		expect(items[0]!.json.body).toBe(body);
	});

	it('are asked for with 90 days where the form names no time', async () => {
		await world.run(getMany);
		const document = world.document(GET);
		const time = (name: string) =>
			Date.parse(new RegExp(`<${name}>([^<]+)</${name}>`).exec(document)![1]);
		expect(time('EndCreationTime') - time('StartCreationTime')).toBe(90 * DAY);
	});

	it('of one listing need no time', async () => {
		const { items } = await world.run({ ...getMany, filters: { itemId: ` ${ITEM} ` } });
		expect(items.map(({ json }) => json.parentMessageId)).toEqual(['700000002']);
		expect(world.document(GET)).not.toContain('CreationTime>');
	});

	it.each([
		['Answered', ['700000002']],
		['Unanswered', ['700000001']],
	])('may be only those that are %s', async (messageStatus, ids) => {
		const { items } = await world.run({ ...getMany, filters: { messageStatus } });
		expect(items.map(({ json }) => json.parentMessageId)).toEqual(ids);
	});

	it('of a time with a zone are asked for in UTC', async () => {
		const filters = { startTime: '2026-01-01T02:00:00+02:00', endTime: '2026-03-01T00:00-0300' };
		await world.run({ ...getMany, filters });
		const document = world.document(GET);
		expect(document).toContain('<StartCreationTime>2026-01-01T00:00:00.000Z</StartCreationTime>');
		expect(document).toContain('<EndCreationTime>2026-03-01T03:00:00.000Z</EndCreationTime>');
	});

	it('tell no e-mail address', async () => {
		const { items } = await world.run(getMany);
		expect(items[0]!.json.Question).toMatchObject({ SenderID: 'shopper_one' });
		expect(JSON.stringify(items)).not.toContain('example.com');
	});

	it('without a message ID are each given, without one', async () => {
		const { questions } = world.simulator.ebay.state;
		questions.length = 0;
		for (const body of ['One?', 'Two?', 'Three?']) {
			world.simulator.ebay.addQuestion({ itemId: ITEM, messageId: '', body });
		}
		const { items } = await world.run({ ...getMany, returnAll: true });
		expect(items.map(({ json }) => [json.parentMessageId, json.body]).sort()).toEqual([
			[null, 'One?'],
			[null, 'Three?'],
			[null, 'Two?'],
		]);
	});

	it('of a time that is no date are refused, and not left out', async () => {
		const filters = { startTime: '={{ 1767139200000 }}' };
		const { error } = await world.failure({ ...getMany, filters });
		expect(error).toBe("'Start Time' is not a date");
		expect(world.calls()).toEqual([]);
	});

	it('without a zone count in the workflow’s', async () => {
		const filters = { startTime: '2026-01-01', endTime: '2026-01-02T12:00' };
		const workflowSettings = { timezone: 'America/Sao_Paulo' };
		await world.run({ ...getMany, filters }, { workflowSettings });
		const document = world.document(GET);
		expect(document).toContain('<StartCreationTime>2026-01-01T03:00:00.000Z</StartCreationTime>');
		expect(document).toContain('<EndCreationTime>2026-01-02T15:00:00.000Z</EndCreationTime>');
	});

	it('come from all pages with "Return All", and only as many as "Limit" says without', async () => {
		for (let i = 0; i < 230; i++) world.simulator.ebay.addQuestion({ itemId: ITEM });
		const all = await world.run({ ...getMany, returnAll: true });
		expect(all.items).toHaveLength(232);
		expect(new Set(all.items.map(({ json }) => json.parentMessageId)).size).toBe(232);
		expect(world.calls()).toEqual([GET, GET]);

		const some = await world.run({ ...getMany, limit: 30 });
		expect(some.items).toHaveLength(30);
		expect(world.document(GET)).toContain('<EntriesPerPage>50</EntriesPerPage>');
	});

	it('go on where eBay tells the number of pages alone', async () => {
		const page = (id: number) => `<?xml version="1.0" encoding="UTF-8"?>
<GetMemberMessagesResponse xmlns="urn:ebay:apis:eBLBaseComponents"><Ack>Success</Ack>
<MemberMessage><MemberMessageExchange><Question><MessageID>${id}</MessageID></Question></MemberMessageExchange></MemberMessage>
<PaginationResult><TotalNumberOfPages>2</TotalNumberOfPages></PaginationResult></GetMemberMessagesResponse>`;
		for (const id of [1, 2]) {
			const answer = { kind: 'status', status: 200, body: page(id) } as const;
			world.simulator.faults.push({ operation: GET, ...answer });
		}
		const { items } = await world.run({ ...getMany, returnAll: true });
		expect(items.map(({ json }) => json.parentMessageId)).toEqual(['1', '2']);
		expect(world.calls()).toEqual([GET, GET]);
	});

	const sizes = () =>
		world.simulator.calls
			.filter(({ operation }) => operation === GET)
			.map(({ body }) => Number(/<EntriesPerPage>(\d+)</.exec(body.toString())![1]));

	it('come in smaller pages where eBay finds one too heavy, each once, and in larger ones later', async () => {
		for (let i = 0; i < 500; i++) world.simulator.ebay.addQuestion({ itemId: ITEM });
		world.simulator.ebay.state.heaviestPage = 60;
		const { items } = await world.run({ ...getMany, returnAll: true });
		expect(new Set(items.map(({ json }) => json.parentMessageId)).size).toBe(502);
		expect(items).toHaveLength(502);
		expect(sizes().slice(0, 5)).toEqual([200, 100, 50, 50, 50]);
		expect(sizes().filter((size) => size > 60).length).toBeGreaterThan(2);
		expect(sizes().length).toBeLessThan(20);
	});

	it('come in smaller pages where one has more bytes than the node reads', async () => {
		for (let i = 0; i < 100; i++) world.simulator.ebay.addQuestion({ itemId: ITEM });
		world.simulator.ebay.state.rowBytes = 100_000;
		const { items } = await world.run({ ...getMany, returnAll: true });
		expect(items).toHaveLength(102);
		expect(sizes()).toEqual([200, 100, 50, 50, 50]);
	});

	it('that are too heavy in the smallest page, too, say so', async () => {
		world.simulator.ebay.state.heaviestPage = 1;
		const { error, details } = await world.failure({ ...getMany, returnAll: true });
		expect(error).toBe('eBay took too long');
		expect(details).toMatchObject({ outcome: 'notSent', retryable: true, code: '219255' });
		expect(sizes()).toEqual([200, 100, 50, 25]);
	});

	it('are given once where eBay gives more than were asked for, and no more than the limit', async () => {
		for (let i = 0; i < 230; i++) world.simulator.ebay.addQuestion({ itemId: ITEM });
		world.simulator.ebay.state.rowsPerPage = 90;
		const all = await world.run({ ...getMany, returnAll: true });
		expect(new Set(all.items.map(({ json }) => json.parentMessageId)).size).toBe(232);
		expect((await world.run({ ...getMany, limit: 5 })).items).toHaveLength(5);
	});

	it('that come again and again are not read for ever', async () => {
		const body = `<?xml version="1.0" encoding="UTF-8"?>
<GetMemberMessagesResponse xmlns="urn:ebay:apis:eBLBaseComponents"><Ack>Success</Ack>
<MemberMessage><MemberMessageExchange><Question><Body>Again?</Body></Question></MemberMessageExchange></MemberMessage>
<HasMoreItems>true</HasMoreItems></GetMemberMessagesResponse>`;
		world.simulator.faults.push({ operation: GET, kind: 'status', status: 200, body, times: 99 });
		const { items } = await world.run({ ...getMany, returnAll: true });
		expect(items).toHaveLength(1);
		expect(world.calls()).toHaveLength(2);
	});

	it('may be none', async () => {
		world.simulator.ebay.state.questions.length = 0;
		const { items, error } = await world.run(getMany);
		expect(error).toBeUndefined();
		expect(items).toEqual([]);
	});

	it('are read again where the connection broke', async () => {
		world.simulator.faults.push({ operation: GET, kind: 'cutOff' });
		const { items } = await world.run(getMany);
		expect(items).toHaveLength(2);
		expect(world.calls()).toEqual([GET, GET]);
	});

	it('work with an Auth’n’Auth token', async () => {
		world.useAuthToken();
		expect((await world.run(getMany)).items).toHaveLength(2);
	});

	it('of a listing that is not there say so', async () => {
		const { error, details } = await world.failure({ ...getMany, filters: { itemId: '999' } });
		expect(error).toMatch(/does not find this 'Item ID'/);
		expect(details).toMatchObject({ outcome: 'notSent', code: '17' });
	});
});

describe('a reply to a question', () => {
	it('arrives, and the output says so', async () => {
		const { items } = await world.run({ ...reply, itemId: '110000000009' });
		expect(items[0]!.json).toEqual({
			status: 'sent',
			marketplace: 'ebay',
			parentMessageId: '700000001',
			itemId: '110000000009',
			recipientId: 'shopper_one',
			attachments: [],
			ack: 'Success',
			warnings: [],
			timestamp: expect.any(String) as unknown,
			sentAt: expect.any(String) as unknown,
		});
		expect(world.simulator.received).toMatchObject([
			{ type: 'AddMemberMessageRTQ', recipient: 'shopper_one', text: reply.body },
		]);
	});

	it('fits the schema with every field', async () => {
		const options = { messageId: 'm1', emailCopyToSender: 'no', warningLevel: 'Low' };
		const form = { ...reply, itemId: '110000000009', displayToPublic: true, options };
		const { items } = await world.run({ ...form, ...attached('data') });
		expect(items[0]!.json).toMatchObject({ status: 'sent', correlationId: 'm1' });
		expect(await validateAgainstSchema(world.document('ebay.AddMemberMessageRTQ'))).toEqual([]);
		expect(world.simulator.received[0]).toMatchObject({
			attachments: [{ fileName: 'crack.png' }],
			fields: { displayToPublic: true, emailCopyToSender: false },
		});
	});

	it('finds the member by the listing alone', async () => {
		const { items } = await world.run({ ...reply, recipientId: '', itemId: '110000000009' });
		expect(items[0]!.json.status).toBe('sent');
		expect(items[0]!.json).not.toHaveProperty('recipientId');
	});

	it('to an ID that is no question’s says where to take it from', async () => {
		const { error, details } = await world.failure({ ...reply, parentMessageId: '1' });
		expect(error).toMatch(/does not find the question of this 'Parent Message ID'/);
		expect(details).toMatchObject({ outcome: 'notSent', retryable: false });
	});

	it('is only checked with "Validate Only"', async () => {
		const { items } = await world.run({ ...reply, options: { validateOnly: true } });
		expect(items[0]!.json).toMatchObject({ status: 'validated', body: reply.body });
		expect(world.calls()).toEqual(['ebay.GetUser']);
	});

	it('that was lost is unknown and sent once', async () => {
		const operation = 'ebay.AddMemberMessageRTQ';
		world.simulator.faults.push({ operation, kind: 'lost', when: 'after' });
		const { details } = await world.failure({ ...reply, ...notLookedFor });
		expect(details).toMatchObject({ outcome: 'unknown' });
		expect(world.calls()).toEqual([operation]);
	});
});
