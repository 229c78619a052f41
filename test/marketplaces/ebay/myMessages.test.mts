import { connect, partnerMessage, start } from './client.mts';
import type { Client } from './client.mts';
import { child, textAt } from './xml.mts';

let client: Client;

beforeEach(async () => {
	client = await connect();
});

const iso = (time: number) => new Date(time).toISOString();
const headers = '<DetailLevel>ReturnHeaders</DetailLevel>';
const texts = '<DetailLevel>ReturnMessages</DetailLevel>';
const sentFolder = '<FolderID>1</FolderID>';
const times = (from: number, to: number) =>
	`<StartTime>${iso(from)}</StartTime><EndTime>${iso(to)}</EndTime>`;
const byIds = (...ids: string[]) =>
	`<MessageIDs>${ids.map((id) => `<MessageID>${id}</MessageID>`).join('')}</MessageIDs>`;

async function list(inner: string) {
	const answer = await client.call('GetMyMessages', inner);
	return { ...answer, messages: child(answer.root, 'Messages')?.children ?? [] };
}

async function send(at = start): Promise<void> {
	client.clock.time = at;
	await client.call('AddMemberMessageAAQToPartner', partnerMessage());
}

describe('GetMyMessages', () => {
	it('lists what was sent in its folder, with headers and without texts', async () => {
		await send();
		const [message] = (await list(headers + sentFolder)).messages;
		expect(textAt(message!, 'RecipientUserID')).toBe('buyer_one');
		expect(textAt(message!, 'ItemID')).toBe('110000000001');
		expect(textAt(message!, 'Subject')).toBe('Your order');
		expect(textAt(message!, 'ReceiveDate')).toBe(iso(start));
		expect(textAt(message!, 'Folder', 'FolderID')).toBe('1');
		expect(textAt(message!, 'Content')).toBeUndefined();
	});

	it('keeps answers to questions in the same folder', async () => {
		const question = '<RecipientID>shopper_one</RecipientID><Body>Yes</Body>';
		await client.call(
			'AddMemberMessageRTQ',
			`<MemberMessage>${question}<ParentMessageID>700000001</ParentMessageID></MemberMessage>`,
		);
		const [message] = (await list(headers + sentFolder)).messages;
		expect(textAt(message!, 'RecipientUserID')).toBe('shopper_one');
	});

	it('tells texts by the IDs of messages', async () => {
		await send();
		const [message] = (await list(headers + sentFolder)).messages;
		const id = textAt(message!, 'MessageID')!;
		const [whole] = (await list(texts + byIds(id))).messages;
		expect(textAt(whole!, 'Content')).toBe('Thanks & regards');
		expect((await list(texts + byIds('1'))).messages).toEqual([]);
	});

	it('lists what was sent between two times, newest first', async () => {
		for (const minutes of [0, 1, 2]) await send(start + minutes * 60_000);
		const inner = headers + sentFolder + times(start + 30_000, start + 120_000);
		const dates = (await list(inner)).messages.map((one) => textAt(one, 'ReceiveDate'));
		expect(dates).toEqual([iso(start + 120_000), iso(start + 60_000)]);
	});

	it('shows a message late where it is told to', async () => {
		client.ebay.state.sentShowsAfterMs = 10_000;
		await send();
		expect((await list(headers + sentFolder)).messages).toHaveLength(0);
		client.clock.time = start + 10_000;
		expect((await list(headers + sentFolder)).messages).toHaveLength(1);
	});

	it('has nothing in the inbox', async () => {
		await send();
		expect((await list(`${headers}<FolderID>0</FolderID>`)).messages).toEqual([]);
	});

	it.each([
		['no detail level', sentFolder],
		['a detail level that it does not have', `<DetailLevel>ReturnAll</DetailLevel>${sentFolder}`],
		['an unknown folder', `${headers}<FolderID>9</FolderID>`],
		['texts without IDs', texts + sentFolder],
		['more than ten IDs', texts + byIds(...Array.from({ length: 11 }, (_, i) => `${i}`))],
		['an end before the start', headers + sentFolder + times(start, start - 1)],
		['elements in another order', headers + times(start - 1, start) + sentFolder],
	])('refuses %s', async (_what, inner) => {
		expect((await list(inner)).ack).toBe('Failure');
	});
});
