/** What a seller reads of a message whose answer was lost or is not known yet, whole: to be read aloud. */
import type { INodeParameters } from 'n8n-workflow';

import * as amazonStreet from '../engine/amazon.mts';
import * as ebayStreet from '../engine/ebay.mts';
import * as magaluStreet from '../engine/magalu.mts';
import { quickTime, type QuickTime } from '../engine/quickTime.mts';
import type { World } from '../engine/world.mts';
import type { Fault } from '../marketplaces/service.mts';
import { allScopes } from '../marketplaces/magalu/state.mts';

const amazon = amazonStreet.amazonWorld();
const ebay = ebayStreet.ebayWorld();
const magalu = magaluStreet.magaluWorld();

let asUsual: QuickTime;
beforeEach(() => (asUsual = quickTime()));
afterEach(() => asUsual());

const settings = () => magalu.simulator.magalu.state.settings;
const fault = ({ simulator }: World, operation: string, more: Partial<Fault>) =>
	void simulator.faults.push({ operation, kind: 'status', times: 99, ...more });

/** Times and IDs are other ones each time. */
const plain = (text: string) =>
	text.replace(/\d{4}-\d\d-\d\dT[\d:]+Z/, 'noon').replace(/[0-9a-f]{8}-[-0-9a-f]{27}/, '71b2');

/** Sends with its answer lost, before or after the marketplace did the work. */
async function lost(
	[world, form, operation]: Way,
	when: 'before' | 'after' = 'before',
	items?: Array<{ json: object }>,
) {
	world.simulator.faults.push({ operation, kind: 'lost', when });
	const { error } = await world.run(form, items ? { items: items as never } : {});
	return { message: error?.message, description: plain(String(error?.description)) };
}
type Way = [World, INodeParameters, string];

const REVIEWABLE = '111-4444444-4444444';
const toBuyer: Way = [ebay, ebayStreet.messageForm(), 'ebay.AddMemberMessageAAQToPartner'];
const inConversation: Way = [
	ebay,
	{ resource: 'conversation', operation: 'send', text: 'Hi', conversationId: '800000000001' },
	'ebay.sendMessage',
];
const inTicket: Way = [magalu, magaluStreet.messageForm(), 'magalu.send'];
const withFile: Way = [
	magalu,
	magaluStreet.messageForm(magaluStreet.attached('data')),
	'magalu.send',
];
const ticket: Way = [
	magalu,
	{ resource: 'ticket', operation: 'create', orderId: '1470000000000004' },
	'magalu.openTicket',
];
const toOrder: Way = [
	amazon,
	amazonStreet.messageForm(amazonStreet.ORDER, 'unexpectedProblem', { text: 'Hi' }),
	'amazon.send',
];
const review: Way = [
	amazon,
	{ resource: 'reviewRequest', operation: 'send', orderId: REVIEWABLE },
	'amazon.solicit',
];

const places = new Map<World, string>([
	[
		amazon,
		"Look at the order's buyer messages in Seller Central (Orders, Manage Orders, the order, Contact Buyer)",
	],
	[ebay, "Look at Messages, Sent, in the seller's eBay account"],
	[magalu, "Look at the ticket's messages in the Magalu seller portal"],
]);
const names = new Map<World, string>([
	[amazon, 'Amazon'],
	[ebay, 'eBay'],
	[magalu, 'Magalu'],
]);

interface Loss {
	loss: string;
	way: Way;
	run?: () => Promise<{ message?: string; description: string }>;
	/** What the node saw at the marketplace. */
	evidence: string;
}

const losses: Loss[] = [
	{
		loss: 'Amazon: a message whose type is still offered',
		way: toOrder,
		evidence:
			'Amazon offered this message type for the order before, and still does: that speaks against it, but some types can be sent more than once, and the list can lag behind.',
	},
	{
		loss: 'Amazon: a message whose type is not offered any more',
		way: toOrder,
		async run() {
			fault(amazon, 'amazon.actions', {
				...{ status: 200, skip: 1 },
				body: { _links: { actions: [] }, _embedded: { actions: [] } },
			});
			return await lost(toOrder, 'after');
		},
		evidence:
			'Amazon offered this message type for the order before, and no longer does: most likely the buyer has the message.',
	},
	{
		loss: 'Amazon: a message, and Amazon lists no types any more',
		way: toOrder,
		async run() {
			fault(amazon, 'amazon.actions', { status: 200, skip: 1, body: {} });
			return await lost(toOrder, 'after');
		},
		evidence: 'Amazon does not say which message types it offers for the order now.',
	},
	{
		loss: 'eBay: a message that is not in the folder',
		way: toBuyer,
		evidence: "It was not in eBay's folder of sent messages at noon; it may show there later.",
	},
	{
		loss: 'eBay: a message, and the folder cannot be read',
		way: toBuyer,
		async run() {
			fault(ebay, 'ebay.GetMyMessages', { kind: 'lost' });
			return await lost(toBuyer);
		},
		evidence:
			"Nobody could see whether it is in eBay's folder of sent messages: eBay did not answer.",
	},
	{
		loss: 'eBay: a message, and eBay says no to the look',
		way: toBuyer,
		async run() {
			fault(ebay, 'ebay.GetMyMessages', { status: 403, body: 'Access is denied.' });
			return await lost(toBuyer);
		},
		evidence:
			"Nobody could see whether it is in eBay's folder of sent messages: eBay refused the request: Access is denied.",
	},
	{
		loss: 'eBay: a message, and there are two like it',
		way: toBuyer,
		async run() {
			ebay.simulator.ebay.state.sentMessages.push({
				...{ messageId: '1', seller: 'demo_seller', recipient: ebayStreet.BUYER },
				...{ itemId: ebayStreet.ITEM, subject: '', text: 'Thanks & regards', media: [] },
				at: Date.now() - 20_000,
			});
			return await lost(toBuyer, 'after');
		},
		evidence:
			'eBay has several messages like it from the same minute: which of them is this one cannot be told.',
	},
	{
		loss: 'eBay: a message that is not in its conversation',
		way: inConversation,
		evidence: 'It was not in the conversation at noon; it may show there later.',
	},
	{
		loss: 'Magalu: a message that is nowhere',
		way: inTicket,
		evidence:
			"It was not in Magalu's transactions and the ticket at noon; it may show there later.",
	},
	{
		loss: 'Magalu: a message with a file that nobody took',
		way: withFile,
		evidence:
			'Its files were not uploaded, as the links for them were lost with the answer: Magalu drops such a message after 15 minutes.',
	},
	{
		loss: 'Magalu: a message with a file that Magalu took',
		way: withFile,
		run: async () => await lost(withFile, 'after'),
		evidence:
			'Magalu took the message (transaction 71b2). Its files were not uploaded, as the links for them were lost with the answer: Magalu drops such a message after 15 minutes.',
	},
	{
		loss: 'Magalu: a message that Magalu created without its file',
		way: withFile,
		async run() {
			const { transactions } = magalu.simulator.magalu.state;
			Object.defineProperty(settings(), 'uploadDeadlineMs', {
				...{ configurable: true, enumerable: true },
				get() {
					for (const one of transactions) one.status = 'completed';
					return Infinity;
				},
			});
			return await lost(withFile, 'after');
		},
		evidence:
			'Magalu says that it created the message (transaction 71b2), and its files were never uploaded: the customer may have the text without them.',
	},
];

test.each(losses)('$loss', async ({ way, run = async () => await lost(way), evidence }) => {
	const [world] = way;
	expect(await run()).toEqual({
		message: expect.stringContaining(
			`It is not known whether ${names.get(world)} sent the message: the answer was lost`,
		),
		description: `The request left, but no readable answer came back. ${places.get(world)} before you send it again: the buyer may have it already. ${evidence}`,
	});
});

test.each([
	[
		'is still offered',
		undefined,
		'Amazon still offers to ask for a review of this order: that speaks against it, though its list can lag behind.',
	],
	[
		'nobody knows to have been offered before',
		{ status: 200, body: {} },
		'Amazon did not say before whether it could be asked for: so nothing can be told.',
	],
])('Amazon: a review request that %s is no message', async (_what, list, evidence) => {
	if (list) fault(amazon, 'amazon.solicitationActions', list);
	expect(await lost(review)).toEqual({
		message: 'It is not known whether Amazon took the review request: the answer was lost',
		description: `The request left, but no readable answer came back. Amazon takes only one for an order: if you run the item again, the buyer is still asked once. ${evidence}`,
	});
});

test('eBay: a message that another item sent as well', async () => {
	const { description } = await lost(toBuyer, 'after', [{ json: {} }, { json: {} }]);
	expect(description).toContain(
		'the buyer may have it already. It was not looked for any further: another message like it left within the same minute, and nobody could tell which of the two is there. Sent: ',
	);
});

test.each([
	[
		'Amazon lists nothing once, for no reason',
		{ status: 200, skip: 1, times: 2, body: { _links: { actions: [] }, _embedded: {} } },
		'Amazon still offers to ask for a review of this order: that speaks against it',
	],
	[
		'Amazon stops saying what it offers',
		{ status: 200, skip: 1, body: {} },
		'Amazon does not say any more whether a review of this order can be asked for.',
	],
	[
		'Amazon lists nothing, and then cannot be asked any more',
		{ status: 200, skip: 1, times: 2, body: { _links: { actions: [] }, _embedded: {} } },
		'Amazon did not offer any more to ask for a review of this order, which speaks for it; but its list is empty at times for no reason.',
	],
])('a review request: %s', async (what, more, evidence) => {
	amazon.withoutLimits();
	fault(amazon, 'amazon.solicitationActions', more);
	if (what.includes('cannot')) {
		fault(amazon, 'amazon.solicitationActions', { status: 503, skip: 1 });
	}
	expect((await lost(review)).description).toContain(evidence);
});

test.each([
	['is not to be seen', "It was not in the order's tickets at noon; it may show there later."],
	[
		'has a twin',
		'The order has several tickets that were opened in this moment and are alike: one of them may be this one.',
	],
])('a Magalu ticket whose answer was lost %s', async (what, evidence) => {
	const isTwin = what === 'has a twin';
	if (isTwin) {
		const { id, code, delivery, items } = magalu.simulator.magalu.state.orders.at(-1)!;
		magalu.simulator.magalu.addTicket({
			...{ origin: 'seller', status: 'closed', type: 'shipping', reason: 'shipping_delay' },
			...{ createdAt: Date.now(), order: { id, code, deliveryId: delivery.id, items } },
		});
	}
	expect(await lost(ticket, isTwin ? 'after' : 'before')).toEqual({
		message: expect.stringContaining(
			'It is not known whether Magalu opened the ticket: the answer was lost',
		),
		description: `The request left, but no readable answer came back. Look at the order's tickets in the Magalu seller portal before you run the item again: the customer may be told of a second one. ${evidence}`,
	});
});

test('a Magalu message whose answer was lost has failed', async () => {
	settings().outcomeOf = () => 'failed';
	expect(await lost(inTicket, 'after')).toEqual({
		message: "Magalu did not create the message: its transaction is 'failed'",
		description:
			'Nothing was sent. Magalu gives no reason (transaction 71b2). Check that the ticket is still open, and run the item again.',
	});
});

/** Nothing has failed, and yet a person wants to know it. */
const hints: Array<[what: string, way: Way, spoil: () => void, hint: string]> = [
	[
		'a message that Magalu has not created yet',
		inTicket,
		() => (settings().outcomeOf = () => 'never'),
		'Magalu took a message, but it is not known yet whether it was created. The time ran out before that. "Get" of transactions tells later.',
	],
	[
		'a message of which Magalu names no transaction',
		inTicket,
		() => {
			settings().outcomeOf = () => 'never';
			fault(magalu, 'magalu.send', { when: 'after', status: 202, body: { data: null } });
		},
		'Magalu took a message, but it is not known yet whether it was created. Magalu gave no transaction ID. "Get" of transactions tells later.',
	],
	[
		'a ticket that Magalu has not opened yet',
		ticket,
		() => (settings().ticketOutcomeOf = () => 'never'),
		'Magalu took a ticket, but it is not known yet whether it was opened. The time ran out before that. "Get" of transactions tells later.',
	],
	[
		'a ticket of which Magalu tells no ID',
		ticket,
		() => {
			settings().ticketOutcomeOf = () => 'never';
			const body = { id: 't-1', status: 'completed', events: [] };
			fault(magalu, 'magalu.transaction', { status: 200, body });
		},
		"Magalu opened a ticket and did not tell its ID: 'Get Many' of tickets finds it by the order's number",
	],
	[
		'a message that moderation rejected',
		inTicket,
		() => {
			Object.assign(settings(), { rejectedListed: true, moderationOf: () => 'rejected' });
			settings().blockRulesOf = () => ['Dados sensíveis'];
		},
		'Magalu created a message, and its moderation rejected it: its reader never sees it: Dados sensíveis',
	],
	[
		'a message that Magalu does not list',
		inTicket,
		() => (settings().moderationOf = () => 'rejected'),
		'A message was stopped by moderation, or is not readable: Magalu created it and does not list it',
	],
	[
		'a message whose moderation may not be read',
		inTicket,
		() => {
			const scope = 'open:ticket-messages-seller:read';
			magalu.connect({ scopes: allScopes.filter((one) => one !== scope) });
		},
		'What moderation made of a message could not be read: The credential lacks the scope open:ticket-messages-seller:read',
	],
];

test.each(hints)('after the run: %s', async (_, [world, form], spoil, hint) => {
	spoil();
	const options = form.resource === 'message' ? { waitForModeration: true } : {};
	const { items, hints: said } = await world.run({ ...form, options: { timeout: 5, ...options } });
	expect(items).toHaveLength(1);
	expect(said.map(({ message }) => plain(message))).toEqual([hint]);
});
