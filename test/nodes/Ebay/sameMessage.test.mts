/** What counts as the same message for "Prevent Duplicates" at eBay. */
import type { INodeParameters } from 'n8n-workflow';

import { BUYER, ebayWorld, ITEM, messageForm } from '../../engine/ebay.mts';
import { keepNotes } from '../../engine/engine.mts';
import { waitsPass } from '../../engine/quickTime.mts';

const ebay = ebayWorld();
waitsPass();
beforeEach(async () => void (await keepNotes()));

const SHOUTED = BUYER.toUpperCase();
const CONVERSATION = '800000000001';
const inConversation = (more: INodeParameters): INodeParameters => ({
	...{ resource: 'conversation', operation: 'send', text: 'Thanks' },
	...more,
});

/** What becomes of the second of two messages. */
async function second(one: INodeParameters, other: INodeParameters, duplicateKey: string) {
	const options = { preventDuplicates: true, duplicateKey };
	await ebay.run({ ...one, options });
	const { items, error } = await ebay.run({ ...other, options });
	return items[0]?.json.status ?? error?.message;
}

describe.each([
	['without a key', ''],
	['with a key', 'order 1'],
])('%s', (_, key) => {
	it.each<[string, INodeParameters, INodeParameters]>([
		['the buyer, in another casing', messageForm(), messageForm({ recipientId: SHOUTED })],
		[
			'the member, in another casing',
			inConversation({ recipientId: BUYER }),
			inConversation({ recipientId: SHOUTED }),
		],
		[
			'the conversation, with its member beside it',
			inConversation({ conversationId: CONVERSATION }),
			inConversation({ conversationId: CONVERSATION, recipientId: BUYER }),
		],
		[
			'the conversation, with a listing beside it',
			inConversation({ conversationId: CONVERSATION, itemId: ITEM }),
			inConversation({ conversationId: CONVERSATION }),
		],
	])('%s, is the same', async (_what, one, other) => {
		expect(await second(one, other, key)).toBe('skipped');
	});

	it.each<[string, INodeParameters, INodeParameters]>([
		[
			'another listing, written to its member',
			inConversation({ recipientId: BUYER, itemId: ITEM }),
			inConversation({ recipientId: BUYER }),
		],
		[
			'a conversation, and its member without it',
			inConversation({ conversationId: CONVERSATION }),
			inConversation({ recipientId: BUYER }),
		],
	])('%s, is another', async (_what, one, other) => {
		expect(await second(one, other, key)).toBe('sent');
	});
});

it('the output keeps the name as it was written', async () => {
	const options = { preventDuplicates: true };
	await ebay.run(messageForm({ options }));
	const { items } = await ebay.run(messageForm({ recipientId: SHOUTED, options }));
	expect(items[0]!.json.recipientId).toBe(SHOUTED);
});
