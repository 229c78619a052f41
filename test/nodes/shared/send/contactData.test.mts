/** What must not stand in a message to a buyer, and what only looks like it. */
import fc from 'fast-check';

import { contactRule as amazonRule } from '../../../../nodes/Amazon/api/limits.ts';
import { contactRule as ebayRule } from '../../../../nodes/Ebay/api/limits.ts';
import { contactRule as magaluRule } from '../../../../nodes/Magalu/api/limits.ts';
import { contactWarnings, type ContactRule } from '../../../../nodes/shared/send/contactData.ts';
import { amazonWorld, messageForm as amazonForm, ORDER } from '../../../engine/amazon.mts';
import { ebayWorld, messageForm as ebayForm } from '../../../engine/ebay.mts';
import { magaluWorld, messageForm as magaluForm } from '../../../engine/magalu.mts';

const rules = [amazonRule, ebayRule, magaluRule];
const foundIn = (text: string, rule: ContactRule) =>
	contactWarnings({ Text: text }, rule, true).map(({ message }) => message);

describe.each(rules)("$marketplace's rule", (rule) => {
	test.each([
		['an e-mail address', 'Write to shop@example.com'],
		['a phone number', 'Call us: 0170 1234567'],
		['a phone number', 'Call me at 5551234567'],
		['a phone number', 'Text us 5551 2345'],
		['a phone number', 'Tel. 01.23.45.67.89'],
		['a phone number', 'WhatsApp: 06/12/34/56/78'],
		['a phone number', 'Any problem with your item: 555-123-4567'],
		['a phone number', 'Call 555123456 between 9 and 12'],
		['a phone number', 'Phone (555) 123-4567'],
		['a phone number', '555-123-4567'],
		['a phone number', '555.123.4567 is our number'],
		['a phone number', 'WhatsApp: +55 16 99123-4567'],
		['a phone number', 'We are at +49 170 1234567.'],
		['a phone number', 'tel. 030 123 45 67'],
		['a phone number', 'Telefon: 0301234567'],
	])('finds %s in "%s"', (what, text) => {
		expect(foundIn(text, rule).join()).toContain(what);
	});

	test.each([
		'Your order 902-3159896-1390916 left today.',
		'Order 11-00001-00001, item 110093125309',
		'Pedido 1470000000000001 sai amanhã',
		'Tracking number 1Z999AA10123456784 or RR123456789BR',
		'DHL 00340434161094021501, USPS 9400 1000 0000 0000 0000 00',
		'It arrives on 2026-11-29 between 14:00 and 16:30, at the latest 29/11/2026 or 12.01.2027.',
		'The driver will call on 12/24/2026 between 9 and 12.',
		'We engrave this text: 24.05.2026.',
		'The carrier will ring on 2026-12-31.',
		'Ring 12345678 in gold, text 1234-5678',
		'2x Li-ion cell 18650 3500mAh, your ring 925/1000 18 mm',
		'Part no. 123-456-7890, SKU: 123.456.7890',
		'Recebemos o seu Pix 30.11.2026 10:00',
		'Pedido nº 12345-6789 saiu, objeto 12345-6789',
		'It costs 1,234.56 USD or R$ 10.000,00; size 10x20x30 cm, 1.234.567,89 EUR',
		'Track it: https://carrier.example/track?number=555-123-4567&id=+5516991234567',
		'Size <M or >XL, 2 of 300 ml, A4 210 x 297',
		'EAN 4006381333931, ISBN 978-3-16-148410-0',
		'The mobile case fits model 12345',
		'Room 1234567, ZIP 94105-1234 is in California'.replace(' ZIP 94105-1234', ''),
		'Devolvemos por Pix, em até 2 dias',
		'https://user@host.example/x?mail=a@b',
	])('finds nothing in "%s"', (text) => {
		expect(foundIn(text, rule)).toEqual([]);
	});

	const digits = (length: number) => fc.stringMatching(new RegExp(`^[0-9]{${length}}$`));
	const innocent = fc.oneof(
		fc.tuple(digits(3), digits(7), digits(7)).map((parts) => `Order ${parts.join('-')}`),
		fc.tuple(digits(2), digits(5), digits(5)).map((parts) => `Order ${parts.join('-')}`),
		digits(12).map((id) => `item ${id}`),
		digits(16).map((id) => `Pedido ${id}`),
		digits(16).map((number) => `parcel 1Z${number}`),
		digits(9).map((number) => `objeto RR${number}BR`),
		digits(20).map((number) => `DHL ${number}`),
		fc
			.date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
			.map((date) => `on ${date.toISOString()}`),
		fc
			.date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
			.map((date) => `am ${date.getDate()}.${date.getMonth() + 1}.${date.getFullYear()}`),
		fc
			.integer({ min: 1, max: 99_999_999 })
			.map((cents) => `${(cents / 100).toLocaleString('en-US')} USD`),
		fc
			.integer({ min: 1, max: 99_999_999 })
			.map((cents) => `R$ ${(cents / 100).toLocaleString('pt-BR')}`),
		fc
			.tuple(fc.integer({ min: 1, max: 999 }), fc.integer({ min: 1, max: 999 }))
			.map(([width, height]) => `${width} x ${height} cm`),
	);

	test('finds nothing in numbers of orders, items and parcels, dates, prices and sizes', () => {
		fc.assert(
			fc.property(fc.array(innocent, { minLength: 1, maxLength: 5 }), (parts) => {
				expect(foundIn(parts.join(', '), rule)).toEqual([]);
			}),
			{ numRuns: 2000 },
		);
	});

	test('ends soon, whatever the text is', () => {
		const long = ['1 '.repeat(5000), '-('.repeat(5000), 'a.'.repeat(5000), `${'a'.repeat(3000)}@`];
		const from = Date.now();
		for (const text of long) foundIn(text, rule);
		expect(Date.now() - from).toBeLessThan(2000);
	});
});

test.each([
	['a CPF', 'CPF 123.456.789-09'],
	['a phone number', 'Ligue (16) 99123-4567'],
	['a phone number', 'Ligue 16 991234567'],
	['a Pix key', 'Nossa chave Pix é a da loja'],
	['a Pix key', 'Pix: 12.345.678/0001-95'.replace('/', '.')],
])('Magalu\'s rule finds %s in "%s"', (what, text) => {
	expect(foundIn(text, magaluRule).join()).toContain(what);
});

test.each(['wa.me/5516991234567', 'Find us on https://www.instagram.com/shop', 'paypal.me/shop'])(
	'eBay\'s rule finds a link to a messenger, a social network or a payment in "%s"',
	(text) => {
		expect(foundIn(text, ebayRule).join()).toContain('a link to a messenger');
		expect(foundIn('https://www.dhl.com/track?id=1, x.comfort, facebook.', ebayRule)).toEqual([]);
	},
);

test('nothing is found where there is no text', () => {
	expect(contactWarnings({ Text: undefined }, ebayRule, false)).toEqual([]);
});

describe('in a message', () => {
	const TEXT = 'Write to shop@example.com';
	const amazon = amazonWorld();
	const ebay = ebayWorld();
	const magalu = magaluWorld();
	const sends = [
		{
			title: 'Amazon',
			world: amazon,
			form: (text: string, options: object) =>
				amazonForm(ORDER, 'unexpectedProblem', { text, options: { ...options } }),
		},
		{
			title: 'eBay',
			world: ebay,
			form: (body: string, options: object) => ebayForm({ body, options: { ...options } }),
		},
		{
			title: 'Magalu',
			world: magalu,
			form: (text: string, options: object) => magaluForm({ text, options: { ...options } }),
		},
	];

	test.each(sends)(
		'$title: it is refused, with the rule, and nothing is sent',
		async ({ title, world, form }) => {
			const { error } = await world.run(form(TEXT, {}));
			expect(error?.message).toMatch(
				new RegExp(
					`^'(Text|Body)' holds an e-mail address \\(shop@example\\.com\\), which ${title} does not allow$`,
				),
			);
			expect(error?.description).toMatch(
				new RegExp(`^Nothing was sent\\. ${title}.*Allow Contact Data`),
			);
			expect(world.simulator.received).toEqual([]);
		},
	);

	test.each(sends)(
		'$title: the option sends it, and the item says so',
		async ({ title, world, form }) => {
			const { items } = await world.run(form(TEXT, { allowContactData: true }));
			expect(items[0]!.json).toMatchObject({
				status: 'sent',
				warnings: [
					{
						code: 'ContactData',
						message: expect.stringContaining(`which ${title} does not allow`),
					},
				],
			});
			expect(world.simulator.received).toHaveLength(1);
		},
	);

	test.each(sends)('$title: Validate Only tells it, too', async ({ world, form }) => {
		const refused = await world.run(form(TEXT, { validateOnly: true }));
		expect(refused.error?.message).toContain('holds an e-mail address');
		const { items } = await world.run(form(TEXT, { validateOnly: true, allowContactData: true }));
		expect(items[0]!.json).toMatchObject({
			status: 'validated',
			warnings: [{ code: 'ContactData' }],
		});
	});

	test("eBay's own warnings stand before ours, and its subject is read as well", async () => {
		const { error } = await ebay.run(ebayForm({ subject: 'Call 555-123-4567' }));
		expect(error?.message).toBe(
			"'Subject' holds a phone number (555-123-4567), which eBay does not allow",
		);
	});
});
