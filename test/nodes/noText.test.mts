/** An expression that gives an object or a list, where the buyer or the marketplace is to get a text. */
import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';

import * as amazonStreet from '../engine/amazon.mts';
import * as ebayStreet from '../engine/ebay.mts';
import { keepNotes } from '../engine/engine.mts';
import * as magaluStreet from '../engine/magalu.mts';
import type { World } from '../engine/world.mts';

const amazon = amazonStreet.amazonWorld();
const ebay = ebayStreet.ebayWorld();
const magalu = magaluStreet.magaluWorld();
beforeEach(async () => void (await keepNotes()));

const OBJECT = '={{ $json.buyer }}';
const LIST = '={{ $json.names }}';
const itemWith = (binary: INodeExecutionData['binary']) => [
	{ json: { buyer: { name: 'Ana' }, names: ['a', 'b'] }, binary },
];

const toOrder = (more: INodeParameters) =>
	amazonStreet.messageForm(amazonStreet.ORDER, 'unexpectedProblem', { text: 'Hi', ...more });
const withFile = (more: INodeParameters) =>
	amazonStreet.messageForm(amazonStreet.ORDER, 'invoice', more);
const toMember = (more: INodeParameters) => ({
	...{ resource: 'conversation', operation: 'send', recipientId: ebayStreet.BUYER, text: 'Hi' },
	...more,
});
const reply = (more: INodeParameters) => ({
	...{ resource: 'question', operation: 'reply', parentMessageId: '1', body: 'Yes' },
	...{ recipientId: ebayStreet.BUYER, ...more },
});
const onTicket = (more: INodeParameters) => ({
	...{ resource: 'ticket', operation: 'create', orderId: '1470000000000001', ...more },
});
const PICTURE = 'https://i.ebayimg.com/00/s/x/$_1.JPG';
const fileNamed = (fileName: string) => ({
	attachments: { file: [{ binaryPropertyName: 'data', fileName }] },
});
const keyed = (duplicateKey: string) => ({ options: { preventDuplicates: true, duplicateKey } });
const uploadedAs = (more: INodeParameters) => {
	const row = { uploadDestinationId: 'u-1', fileName: 'a.pdf', ...more };
	return { options: { uploadedAttachments: { attachment: [row] } } };
};

type Form = (given: string) => INodeParameters;
const fields: Array<[where: string, label: string, World, Form]> = [
	['Amazon', 'Text', amazon, (text) => toOrder({ text })],
	['Amazon', 'Order ID', amazon, (orderId) => toOrder({ orderId })],
	['Amazon', 'Duplicate Key', amazon, (key) => toOrder(keyed(key))],
	['Amazon', 'File Name', amazon, (name) => withFile(fileNamed(name))],
	[
		'Amazon, uploaded before',
		'File Name',
		amazon,
		(fileName) => withFile(uploadedAs({ fileName })),
	],
	[
		...(['Amazon', 'Upload Destination ID', amazon] as const),
		(uploadDestinationId) => withFile(uploadedAs({ uploadDestinationId })),
	],
	['eBay', 'Body', ebay, (body) => ebayStreet.messageForm({ body })],
	['eBay', 'Subject', ebay, (subject) => ebayStreet.messageForm({ subject })],
	['eBay', 'Recipient ID', ebay, (recipientId) => ebayStreet.messageForm({ recipientId })],
	['eBay', 'Item ID', ebay, (itemId) => ebayStreet.messageForm({ itemId })],
	['eBay', 'Duplicate Key', ebay, (key) => ebayStreet.messageForm(keyed(key))],
	['eBay', 'File Name', ebay, (name) => ebayStreet.messageForm(fileNamed(name))],
	['eBay', 'Message ID', ebay, (messageId) => ebayStreet.messageForm({ options: { messageId } })],
	['eBay, a conversation', 'Text', ebay, (text) => toMember({ text })],
	['eBay, a conversation', 'Duplicate Key', ebay, (key) => toMember(keyed(key))],
	[
		...(['eBay, a conversation', 'Name', ebay] as const),
		(name) => toMember({ mediaUrls: { media: [{ url: 'https://example.com/a.pdf', name }] } }),
	],
	[
		...(['eBay', 'Name', ebay] as const),
		(name) => ebayStreet.messageForm({ pictureUrls: { picture: [{ url: PICTURE, name }] } }),
	],
	['eBay, an answer', 'Body', ebay, (body) => reply({ body })],
	['eBay, an answer', 'Parent Message ID', ebay, (parentMessageId) => reply({ parentMessageId })],
	['Magalu', 'Text', magalu, (text) => magaluStreet.messageForm({ text })],
	['Magalu', 'Your Name', magalu, (ownerName) => magaluStreet.messageForm({ ownerName })],
	['Magalu', 'Code', magalu, (code) => magaluStreet.messageForm({ code })],
	['Magalu', 'Ticket', magalu, (ticketId) => magaluStreet.messageForm({ ticketId })],
	['Magalu', 'Duplicate Key', magalu, (key) => magaluStreet.messageForm(keyed(key))],
	['Magalu', 'File Name', magalu, (name) => magaluStreet.messageForm(fileNamed(name))],
	['Magalu, a ticket', 'Order ID', magalu, (orderId) => onTicket({ orderId })],
	['Magalu, a ticket', 'Item', magalu, (item) => onTicket({ items: { item: [{ item }] } })],
];

describe.each([
	['an object', OBJECT],
	['a list', LIST],
])('%s', (named, given) => {
	test.each(fields)("%s: is refused in '%s', and nothing leaves", async (_, label, world, form) => {
		const items = itemWith({ data: amazonStreet.pdf });
		const pictures = itemWith({ data: ebayStreet.png });
		const { error } = await world.run(form(given), { items: world === ebay ? pictures : items });
		expect({ message: error?.message, asked: world.simulator.received.length }).toEqual({
			message: expect.stringContaining(
				`The expression in '${label}' gives ${named}, not text`,
			) as string,
			asked: 0,
		});
	});
});

test('the error says what to do', async () => {
	const items = itemWith({});
	const { error } = await amazon.run(toOrder({ text: OBJECT }), { items });
	expect(error?.description).toBe(
		'Nothing was sent. Take one field of it, for example {{ $json.buyer.name }} instead of {{ $json.buyer }}.',
	);
});

const sends: Array<[string, World, Form]> = [
	['Amazon', amazon, (text) => toOrder({ text })],
	['eBay', ebay, (body) => ebayStreet.messageForm({ body })],
	['Magalu', magalu, (text) => magaluStreet.messageForm({ text })],
];

describe.each([
	['an object', '=Hello {{ $json.buyer }}!', / gives an object, not text$/],
	[
		'a date that is none',
		"=It comes on {{ DateTime.fromISO($json.buyer.name).toFormat('dd/MM') }}.",
		/ gives a date that is none$/,
	],
])('%s within a text', (_what, given, words) => {
	test.each(sends)('is refused at %s: the buyer would read it', async (_where, world, form) => {
		const { error } = await world.run(form(given), { items: itemWith({}) });
		expect(error?.message).toMatch(words);
		expect(error?.message).toMatch(/An expression in '(Text|Body)'/);
		expect(world.simulator.received).toEqual([]);
	});
});

const GAPS = '=Parcel {{ $json.parcel }} for {{ $json.names[0] }}';
const gaps = fields.filter(([, label]) =>
	[
		...['Text', 'Body', 'Subject', 'Duplicate Key', 'File Name'],
		...['Name', 'Your Name', 'Code'],
	].includes(label),
);

describe('an expression within a text that gives nothing', () => {
	test.each(gaps)("%s: is refused in '%s', and nothing leaves", async (_, label, world, form) => {
		const picture = world === ebay ? ebayStreet.png : amazonStreet.pdf;
		const { error } = await world.run(form(GAPS), { items: itemWith({ data: picture }) });
		expect({ message: error?.message, asked: world.simulator.received.length }).toEqual({
			message: expect.stringContaining(
				`An expression in '${label}' gives nothing: {{ $json.parcel }}`,
			) as string,
			asked: 0,
		});
	});

	test.each([
		['a number that is none', '{{ Number($json.parcel) }}'],
		['an empty list', '{{ $json.names.filter(() => false) }}'],
	])('is found where it gives %s', async (_, expression) => {
		const text = `=You get ${expression} of them`;
		const { error } = await amazon.run(toOrder({ text }), { items: itemWith({}) });
		expect(error?.message).toContain("An expression in 'Text' gives nothing");
	});

	test('is told with what to do', async () => {
		const { error } = await amazon.run(toOrder({ text: GAPS }), { items: itemWith({}) });
		expect(error?.description).toBe(
			"Nothing was sent. There would be a gap. Check that the item has that field (names come only with 'Include Personal Data'), or say what stands there without it, for example {{ $json.name ?? '' }}.",
		);
	});

	test.each([
		['what the seller says for it, empty or not', "=Hi{{ $json.parcel ?? '' }}!", 'Hi!'],
		['nothing but white space around one', '= {{ $json.buyer.name }} ', 'Ana'],
		['brackets that are escaped', '=Hi \\{{ you }}, {{ $json.names[1] }}', 'Hi \\{{ you }}, b'],
		['a number that is none of 0', '=No {{ 0 }}, {{ false }}', 'No 0, false'],
	])('is not %s', async (_, text, sent) => {
		await magalu.run(magaluStreet.messageForm({ text }), { items: itemWith({}) });
		expect(magalu.simulator.received.map((one) => one.text)).toEqual([sent]);
	});
});

describe.each([
	['a number', '={{ 4711 }}', '4711'],
	['a truth', '={{ true }}', 'true'],
	[
		'a date of n8n',
		"={{ DateTime.fromISO('2026-11-30T12:00:00', { zone: 'America/Sao_Paulo' }) }}",
		'2026-11-30T12:00:00.000-03:00',
	],
])('%s', (_, given, text) => {
	test.each(sends)('is a text at %s', async (_where, world, form) => {
		await world.run(form(given));
		expect(world.simulator.received.map((one) => one.text)).toEqual([text]);
	});
});
