/** What was sent before is passed over, and the item says whom that was about. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import * as amazonStreet from '../engine/amazon.mts';
import * as ebayStreet from '../engine/ebay.mts';
import { keepNotes, type NodeUnderTest } from '../engine/engine.mts';
import * as magaluStreet from '../engine/magalu.mts';
import { quickTime } from '../engine/quickTime.mts';
import { toolOf } from '../engine/tool.mts';
import type { World } from '../engine/world.mts';

const amazon = amazonStreet.amazonWorld();
const ebay = ebayStreet.ebayWorld();
const magalu = magaluStreet.magaluWorld();

const reviewable = '111-4444444-4444444';

interface Row {
	what: string;
	world: World;
	form(): INodeParameters;
	/** Whom it was about. */
	about: IDataObject;
}

const rows: Row[] = [
	{
		what: 'Amazon, a message',
		world: amazon,
		form: () =>
			amazonStreet.messageForm(amazonStreet.ORDER, 'unexpectedProblem', { text: 'It is late.' }),
		about: { orderId: amazonStreet.ORDER },
	},
	{
		what: 'Amazon, a review request',
		world: amazon,
		form: () => ({ resource: 'reviewRequest', operation: 'send', orderId: reviewable }),
		about: { orderId: reviewable },
	},
	{
		what: 'eBay, a message',
		world: ebay,
		form: () => ebayStreet.messageForm(),
		about: { itemId: ebayStreet.ITEM, recipientId: ebayStreet.BUYER },
	},
	{
		what: 'eBay, a message in a conversation',
		world: ebay,
		form: () => ({
			resource: 'conversation',
			operation: 'send',
			recipientId: ebayStreet.BUYER,
			itemId: ebayStreet.ITEM,
			text: 'Hello',
		}),
		about: { recipientId: ebayStreet.BUYER, itemId: ebayStreet.ITEM },
	},
	{
		what: 'eBay, a reply to a question',
		world: ebay,
		form: () => ({
			resource: 'question',
			operation: 'reply',
			parentMessageId: '700000001',
			recipientId: 'shopper_one',
			body: 'Two days.',
		}),
		about: { parentMessageId: '700000001', recipientId: 'shopper_one' },
	},
	{
		what: 'Magalu, a message',
		world: magalu,
		form: () => magaluStreet.messageForm(),
		about: { ticketId: magaluStreet.TICKET },
	},
];

/** Its options, as if nothing but these were added. */
const once = (form: INodeParameters): INodeParameters => ({
	...form,
	options: { preventDuplicates: true },
});

let slowAgain: () => void;
beforeEach(async () => {
	slowAgain = quickTime();
	await keepNotes();
});
afterEach(() => slowAgain());

describe.each(rows)('$what', ({ world, form, about }) => {
	const skipped = { status: 'skipped', reason: 'alreadySent', ...about };

	it('says for whom and when it was sent already', async () => {
		const [first, second] = [await world.run(once(form())), await world.run(once(form()))];

		expect(first.items[0]?.json).toMatchObject({ status: expect.stringMatching(/sent|accepted/) });
		expect(second.items[0]?.json).toMatchObject(skipped);
		expect(second.items[0]?.json.sentAt).toBe(first.items[0]?.json.sentAt);
		expect(Object.keys(second.items[0]!.json).slice(0, 4)).toEqual([
			'status',
			'reason',
			expect.stringMatching(/Id$/),
			'sentAt',
		]);
	});

	it('says so to an agent, too', async () => {
		await world.run(once(form()));
		expect(await answerTo(world.node, once(form()))).toMatchObject([skipped]);
	});
});

async function answerTo(node: NodeUnderTest, form: INodeParameters): Promise<IDataObject[]> {
	const call = await toolOf(node, form);
	return JSON.parse(await call({})) as IDataObject[];
}
