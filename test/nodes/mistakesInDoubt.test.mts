/** What a seller reads of a message in doubt that was looked up, whole: to be read aloud. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { forgetAttempts } from '../../nodes/Magalu/api/attempts.ts';
import * as amazonStreet from '../engine/amazon.mts';
import * as ebayStreet from '../engine/ebay.mts';
import { keepNotes } from '../engine/engine.mts';
import * as magaluStreet from '../engine/magalu.mts';
import { quickTime, type QuickTime } from '../engine/quickTime.mts';
import type { World } from '../engine/world.mts';

const amazon = amazonStreet.amazonWorld();
const ebay = ebayStreet.ebayWorld();
const magalu = magaluStreet.magaluWorld();
const MINUTE = 60_000;

let time: QuickTime;
beforeEach(async () => {
	time = quickTime();
	await keepNotes();
	forgetAttempts();
});
afterEach(() => time());

async function later(minutes: number): Promise<void> {
	for (let turns = 0; turns < 20; turns++) await new Promise(setImmediate);
	time.skip(minutes * MINUTE);
}
async function failed(world: World, form: INodeParameters, options: INodeParameters) {
	const all = { preventDuplicates: true, lookUpAfterLoss: false, ...options };
	const { error } = await world.run({ ...form, options: all });
	return { message: error?.message, ...error?.context.details } as IDataObject;
}
/** Begins a message that never arrives, and looks it up so many minutes later. */
async function lookedUp(
	[world, form, operation]: Street,
	minutes: number,
	meanwhile: () => unknown = () => {},
	more: INodeParameters = {},
) {
	world.simulator.faults.push({ operation, kind: 'lost', when: 'before' });
	await failed(world, form, more);
	await meanwhile();
	await later(minutes);
	return await failed(world, form, { ...more, whenInDoubt: 'lookUp' });
}
type Street = [World, INodeParameters, string];

const toBuyer: Street = [ebay, ebayStreet.messageForm(), 'ebay.AddMemberMessageAAQToPartner'];
const inConversation: Street = [
	ebay,
	{ resource: 'conversation', operation: 'send', text: 'Hi', conversationId: '800000000001' },
	'ebay.sendMessage',
];
const toMember: Street = [
	ebay,
	{ ...inConversation[1], conversationId: '', recipientId: ebayStreet.BUYER },
	'ebay.sendMessage',
];
const inTicket: Street = [magalu, magaluStreet.messageForm(), 'magalu.send'];
const order: Street = [
	amazon,
	amazonStreet.messageForm(amazonStreet.ORDER, 'unexpectedProblem', { text: 'Hi' }),
	'amazon.send',
];

const sentAtEbay = (count: number, more: object = {}) => {
	for (let i = 0; i < count; i++) {
		ebay.simulator.ebay.state.sentMessages.push({
			...{ messageId: `${i}`, seller: 'demo_seller', recipient: 'other', itemId: '1' },
			...{ subject: '', text: 'Hello', media: [], at: Date.now(), ...more },
		});
	}
};
const toSame = { recipient: ebayStreet.BUYER, itemId: ebayStreet.ITEM };
const others = async (count = 1, code = '') => {
	const form = magaluStreet.messageForm({ text: 'Outra', code });
	await magalu.run(form);
	const { transactions } = magalu.simulator.magalu.state;
	for (let i = 1; i < count; i++) transactions.push({ ...transactions[0]!, id: `${i}` });
};
const conversation = () => ebay.simulator.ebay.state.conversations[0]!;
const written = (count: number) => {
	const { messages, otherParty, seller } = conversation();
	for (let i = 0; i < count; i++) {
		messages.push({
			...{ messageId: `x${i}`, sender: otherParty, recipient: seller, subject: '', read: true },
			...{ body: 'And?', createdAt: Date.now() + 1000, media: [] },
		});
	}
};

const ADVICE =
	"Then choose 'Send Again' or 'Treat as Sent' for 'When in Doubt', run the item once, and set it back to 'Stop and Say So'.";
const places = new Map<World, string>([
	[ebay, "Look at Messages, Sent, in the seller's eBay account"],
	[magalu, "Look at the ticket's messages in the Magalu seller portal"],
]);

const doubts: Array<[what: string, Street, looked: () => Promise<IDataObject>, evidence: string]> =
	[
		[
			'eBay: it was begun a moment ago',
			toBuyer,
			async () => await lookedUp(toBuyer, 1, () => sentAtEbay(1)),
			"It is not in eBay's folder of sent messages, but was begun so short a time ago that it may still come. In N minutes that is known: run the item again then, and it is sent if it is still not there. Or do not wait.",
		],
		[
			'eBay: it was begun long ago',
			toBuyer,
			async () => await lookedUp(toBuyer, 9 * 24 * 60),
			'It was not looked for: it was begun more than a week ago, or by an older version of this node, which did not note when.',
		],
		[
			'eBay: the folder shows nothing',
			toBuyer,
			async () => await lookedUp(toBuyer, 31),
			'eBay shows no sent messages at all around that time: that proves nothing about this one.',
		],
		[
			'eBay: the buyer got another text',
			toBuyer,
			async () => await lookedUp(toBuyer, 31, () => sentAtEbay(1, toSame)),
			'eBay has a message to the same buyer from that time that reads otherwise: whether it is this one, only a person can tell.',
		],
		[
			'eBay: another name got the same text',
			toBuyer,
			async () =>
				await lookedUp(toBuyer, 31, () =>
					sentAtEbay(1, { itemId: ebayStreet.ITEM, text: 'Thanks & regards' }),
				),
			'eBay has a message with the same text from that time, under another name: whether it went to this buyer, only a person can tell.',
		],
		[
			'eBay: the list may go on',
			toBuyer,
			async () => await lookedUp(toBuyer, 31, () => sentAtEbay(25)),
			'eBay has so many messages from that time that they may not all have been seen.',
		],
		[
			'eBay: the folder cannot be read',
			toBuyer,
			async () =>
				await lookedUp(toBuyer, 31, () => {
					const operation = 'ebay.GetMyMessages';
					ebay.simulator.faults.push({ operation, kind: 'lost', times: 9 });
				}),
			"Nobody could see whether it is in eBay's folder of sent messages: eBay did not answer.",
		],
		[
			'eBay: its clock differs',
			toBuyer,
			async () => await lookedUp(toBuyer, 31, () => ebay.simulator.clock.advance(6 * MINUTE)),
			"eBay's clock and this machine's are minutes apart: nobody can tell what is from when.",
		],
		[
			'eBay: the conversation is long',
			inConversation,
			async () => await lookedUp(inConversation, 31, () => written(120)),
			'The conversation has so many messages that not all from that time were seen.',
		],
		[
			'eBay: the conversation shows nothing',
			inConversation,
			async () =>
				await lookedUp(toMember, 31, () => (ebay.simulator.ebay.state.conversations.length = 0)),
			'eBay showed no conversation that this message must be in.',
		],
		[
			'Magalu: no transactions',
			inTicket,
			async () => await lookedUp(inTicket, 31),
			'Magalu shows no transactions of these days at all: that proves nothing about this one.',
		],
		[
			"Magalu: another program's code",
			inTicket,
			async () => await lookedUp(inTicket, 31, async () => await others(1, 'erp-1')),
			"Messages with another program's 'Code', or none, were sent at that time: whether one of them is this one, only a person can tell.",
		],
		[
			'Magalu: many transactions',
			inTicket,
			async () => await lookedUp(inTicket, 31, async () => await others(300)),
			'Magalu has so many transactions from that time that not all could be seen.',
		],
		[
			'Magalu: its clock differs',
			inTicket,
			async () =>
				await lookedUp(inTicket, 31, async () => {
					await others();
					magalu.simulator.clock.advance(6 * MINUTE);
				}),
			"Magalu's clock and this machine's are minutes apart: nobody can tell what is from when.",
		],
		[
			'Magalu: the ticket is long',
			inTicket,
			async () =>
				await lookedUp(inTicket, 31, async () => {
					for (let i = 0; i < 100; i++) magalu.simulator.magalu.addMessage(magaluStreet.TICKET, {});
				}),
			'The ticket has so many messages that not all from that time were seen.',
		],
		[
			'Magalu: it was taken, and has not ended',
			inTicket,
			async () => {
				magalu.simulator.magalu.state.settings.outcomeOf = () => 'never';
				await failed(magalu, inTicket[1], { waitForCompletion: false });
				await later(31);
				forgetAttempts();
				const options = { waitForCompletion: false, whenInDoubt: 'lookUp' };
				return await failed(magalu, inTicket[1], options);
			},
			'Magalu took it, and its transaction has not come to a good end.',
		],
		[
			'Magalu: a code of their own',
			inTicket,
			async () => {
				const form = magaluStreet.messageForm({ code: 'erp-7' });
				return await lookedUp([magalu, form, 'magalu.send'], 31);
			},
			"With a 'Code' of your own Magalu shows only what moderation has let pass, and not whether anything else left.",
		],
	];

test.each(doubts)('%s', async (_, [world], looked, evidence) => {
	const { message, description, outcome, code } = await looked();
	expect({
		message,
		outcome,
		code,
		description: String(description).replace(/In \d+ m/, 'In N m'),
	}).toEqual({
		message: expect.stringContaining(
			'An earlier run began to send this message, and it is not known whether the buyer got it',
		),
		...{ outcome: 'unknown', code: 'InDoubt' },
		description: `It got no answer, was stopped in the middle, or is still at it. ${evidence} ${places.get(world)}. ${ADVICE}`,
	});
});

test('eBay: it stops where nobody is to look it up', async () => {
	const [world, form, operation] = toBuyer;
	world.simulator.faults.push({ operation, kind: 'lost' });
	await failed(world, form, {});
	const { description } = await failed(world, form, {});
	expect(description).toBe(
		`It got no answer, was stopped in the middle, or is still at it. ${places.get(ebay)}. ${ADVICE}`,
	);
});

test.each([
	[
		'is not asked which types it allows',
		{ checkAvailability: false },
		'The marketplace does not show such messages, so it could not be looked up.',
	],
	[
		'shows no messages',
		{},
		'The marketplace does not show such messages, so it could not be looked up.',
	],
])('Amazon %s', async (_, more, evidence) => {
	const { description } = await lookedUp(order, 31, () => {}, more);
	expect(description).toContain(
		`It got no answer, was stopped in the middle, or is still at it. ${evidence} Look at the order's buyer messages`,
	);
});

test.each([
	[9, "Too many wait for the marketplace's limit, or the files took too long. Run the item again."],
	[
		60,
		"n8n stood still in the meantime. 'Prevent Duplicates' has the message as in doubt now, since another run may have gone on with it: run the item again with 'Look It Up' for 'When in Doubt'.",
	],
])('a message that waited %i minutes does not leave', async (minutes, advice) => {
	const [world, form, operation] = toBuyer;
	world.simulator.faults.push({ operation, kind: 'status', status: 429 });
	const running = failed(world, form, {});
	while (!world.calls().includes(operation)) await new Promise(setImmediate);
	time.skip(minutes * MINUTE);
	const { message, description, outcome } = await running;
	expect(message).toContain(
		'The message could not leave within 8 minutes, and then it was not sent any more',
	);
	expect([outcome, description]).toEqual(['notSent', `Nothing was sent. ${advice}`]);
});
