import { connect, start } from './client.mts';
import type { Client } from './client.mts';
import { child, textAt } from './xml.mts';

const day = 86_400_000;
let client: Client;

beforeEach(async () => {
	client = await connect();
});

const iso = (time: number) => new Date(time).toISOString();
const all = '<MailMessageType>All</MailMessageType>';
const times = (from: number, to: number) =>
	`<StartCreationTime>${iso(from)}</StartCreationTime><EndCreationTime>${iso(to)}</EndCreationTime>`;

async function getQuestions(inner: string) {
	const answer = await client.call('GetMemberMessages', inner);
	const exchanges = child(answer.root, 'MemberMessage')?.children ?? [];
	return { ...answer, ids: exchanges.map((one) => textAt(one, 'Question', 'MessageID')) };
}

function reply(parts: { recipient?: string; body?: string; parent?: string; item?: string }) {
	const { recipient = 'shopper_one', body = 'Yes', parent = '700000001', item = '' } = parts;
	const to = recipient && `<RecipientID>${recipient}</RecipientID>`;
	return client.call(
		'AddMemberMessageRTQ',
		`<ErrorLanguage>en_US</ErrorLanguage>${item}<MemberMessage>${to}<Body>${body}</Body><ParentMessageID>${parent}</ParentMessageID></MemberMessage>`,
	);
}

describe('GetMemberMessages', () => {
	it('finds questions by item', async () => {
		expect((await getQuestions(`<ItemID>110000000009</ItemID>${all}`)).ids).toEqual(['700000001']);
	});

	it('finds questions by time, newest first', async () => {
		const { ids } = await getQuestions(all + times(start - 2 * day, start));
		expect(ids).toEqual(['700000001', '700000002']);
	});

	it('tells answered from unanswered questions', async () => {
		const status = '<MessageStatus>Unanswered</MessageStatus>';
		expect((await getQuestions(all + status + times(start - 2 * day, start))).ids).toEqual([
			'700000001',
		]);
	});

	it('pages in 25', async () => {
		for (let i = 0; i < 30; i += 1) client.ebay.addQuestion({ itemId: '110000000009' });
		const page = (number: number) =>
			`<ItemID>110000000009</ItemID>${all}<Pagination><EntriesPerPage>25</EntriesPerPage><PageNumber>${number}</PageNumber></Pagination>`;
		const first = await getQuestions(page(1));
		expect([first.ids.length, textAt(first.root, 'HasMoreItems')]).toEqual([25, 'true']);
		const second = await getQuestions(page(2));
		expect([second.ids.length, textAt(second.root, 'HasMoreItems')]).toEqual([6, 'false']);
	});

	it('shows no question about a listing that has ended', async () => {
		client.ebay.state.items.push({
			itemId: '110000000010',
			title: 'Old shelf',
			seller: 'demo_seller',
			active: false,
		});
		client.ebay.addQuestion({ itemId: '110000000010' });
		expect((await getQuestions(`<ItemID>110000000010</ItemID>${all}`)).ids).toEqual([]);
	});

	it('may give an exchange without a message id', async () => {
		client.ebay.addQuestion({ itemId: '110000000009', messageId: '' });
		expect((await getQuestions(`<ItemID>110000000009</ItemID>${all}`)).ids).toEqual([
			undefined,
			'700000001',
		]);
	});

	it('refuses a page that is too heavy as 219255', async () => {
		client.ebay.state.heaviestPage = 1;
		client.ebay.addQuestion({ itemId: '110000000009' });
		expect((await getQuestions(`<ItemID>110000000009</ItemID>${all}`)).codes).toEqual(['219255']);
	});

	it('shows a question late when its index runs behind', async () => {
		client.ebay.addQuestion({ itemId: '110000000009', messageId: 'q', indexedAt: start + 1000 });
		const query = all + times(start - 1000, start + 1000);
		expect((await getQuestions(query)).ids).toEqual([]);
		client.clock.time += 1000;
		expect((await getQuestions(query)).ids).toEqual(['q']);
	});

	it.each([
		['no type', times(start - day, start)],
		['neither item nor time', all],
		['one end of the time', `${all}<StartCreationTime>${iso(start)}</StartCreationTime>`],
		['a time range backwards', all + times(start, start - day)],
		[
			'30 on a page',
			`<ItemID>110000000009</ItemID>${all}<Pagination><EntriesPerPage>30</EntriesPerPage></Pagination>`,
		],
		['elements out of order', `${all}<ItemID>110000000009</ItemID>`],
	])('refuses %s', async (_, inner) => {
		expect((await getQuestions(inner)).codes[0]).toBe('37');
	});
});

describe('AddMemberMessageRTQ', () => {
	it('answers a question, which counts as answered from then on', async () => {
		expect((await reply({ body: 'It does.' })).ack).toBe('Success');
		expect(client.received).toEqual([
			expect.objectContaining({
				type: 'AddMemberMessageRTQ',
				reference: '110000000009',
				recipient: 'shopper_one',
				text: 'It does.',
			}),
		]);
		const answered = '<MessageStatus>Answered</MessageStatus>';
		const { ids } = await getQuestions(`<ItemID>110000000009</ItemID>${all}${answered}`);
		expect(ids).toEqual(['700000001']);
	});

	it('needs no recipient where the item is named', async () => {
		const answer = await reply({ recipient: '', item: '<ItemID>110000000009</ItemID>' });
		expect(answer.ack).toBe('Success');
	});

	it('refuses an answer without recipient and item', async () => {
		expect((await reply({ recipient: '' })).codes).toEqual(['17443']);
	});

	it('refuses a parent that GetMemberMessages did not give', async () => {
		expect((await reply({ parent: '810000001' })).messages).toEqual(['Invalid Parent Message Id.']);
	});

	it('refuses a parent of another item', async () => {
		const item = '<ItemID>110000000001</ItemID>';
		expect((await reply({ item })).messages).toEqual(['Invalid Parent Message Id.']);
	});

	it('refuses a listing that ended', async () => {
		client.ebay.state.items[0].active = false;
		expect((await reply({})).codes).toEqual(['17']);
	});

	it('refuses somebody who did not ask', async () => {
		expect((await reply({ recipient: 'shopper_two' })).messages[0]).toMatch(/not the partner/);
	});
});
