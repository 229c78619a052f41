/** Each kind of contact data: the forms that it is found in, and what is nearly one and is none. */
import { contactWarnings, type ContactKind } from '../../../../nodes/shared/send/contactData.ts';

const isFound = (kind: ContactKind, text: string) =>
	contactWarnings({ Text: text }, { marketplace: 'Acme', kinds: [kind], words: '' }, true).length >
	0;

interface Table {
	kind: ContactKind;
	found: string[];
	/** Nearly. */
	none: string[];
}

const tables: Table[] = [
	{
		kind: 'phone',
		found: [
			// With the code of a country: 8 to 15 digits, up to two signs between two of them.
			...['+12345678', '+123456789012345', 'Ours: +1 (234) 567-8901.', '+1.2.3.4.5.6.7.8'],
			...['(+12345678)', '+999 12345678', '+12345678-9'],
			// As in North America.
			...['(555) 123-4567', '(555)123.4567', '(555) 123 4567', '555-123-4567', '555.123.4567'],
			...['(555-123-4567)', '(555) 123-4567.', 'a 555-123-4567.'],
			// After a word that says what it is: 8 to 11 digits, and a zero before them.
			...['phone 12345678', 'telephone:12345678', 'Fone = 12345678', 'telefon 12345678'],
			...['PHONE NUMBER 12345678', 'phone  no. : 12345678', 'phone no 12345678'],
			...[
				'phone is 12345678',
				'phone 12345678901',
				'phone 012345678901',
				'phone: (012) 345/678.90',
			],
			...[
				'tel.12345678',
				'tel. no. 12345678',
				'cell 12345678',
				'mobile 12345678',
				'handy 12345678',
			],
			...['celular 12345678', 'whatsapp 12345678', 'whats app 12345678', 'zap 12345678'],
			...['sms 12345678', 'phone 1  2  3  4  5  6  7  8', 'phone 12345678.'],
			// After a word that asks for a call.
			...['call 123456789', 'call me at 12345678', 'text us on 12345678', 'ring now 12345678'],
			...[
				'ligue para 12345678',
				'liguem o 12345678',
				'anrufen: 12345678',
				'Call  me  :  (01) 2345678',
			],
		],
		none: [
			...['+1234567', '+1234567890123456', 'a+12345678', '++12345678', '+02345678', '+1   2345678'],
			...['+12345678-', '+12345678-a', '1 2345678'],
			...[
				'(55) 123-4567',
				'(5555) 123-4567',
				'(555)  123-4567',
				'(555) 12-4567',
				'(555) 1234-4567',
			],
			...['(555) 123/4567', '(555) 123-456', '(555) 123-45678', '(555) 123-4567-8', '555 123 4567'],
			...['555-123.4567', '5555-123-4567', '.555-123-4567', '-555-123-4567', '55-123-4567'],
			...[
				'555-1234-4567',
				'555-12-4567',
				'555-123-456',
				'555-123-45678',
				'555-123-4567-',
				'555x123x4567',
			],
			...['phone 1234567', 'phone 123456789012', 'phone 0123456789012', 'headphone 12345678'],
			...['phones 12345678', 'phone numbers 12345678', 'phone nox 12345678', 'phone this 12345678'],
			...['phone is12345678', 'phone:=12345678', 'phone 1   2345678', 'phone 12345678-'],
			...[
				'phone ((12345678',
				'tel12345678',
				'motel 12345678',
				'tel.. 12345678',
				'mobiles 12345678',
			],
			...[
				'whats  app 12345678',
				'call 12345678',
				'text us on 12.24.2026',
				'recall 12345678',
				'calls 12345678',
				'call him 12345678',
			],
			...['call me by 12345678', 'call 1234567', 'it is 12345678'],
		],
	},
	{
		kind: 'brazilianPhone',
		found: [
			...[
				'(16) 99123-4567',
				'(16)9912-3456',
				'(16) 991234567',
				'(16) 99123 4567',
				'(16) 9912-3456.',
			],
			...['99123-4567', 'a 99123-4567.', '16 99123-4567', '16 991234567', '16 99123 4567.'],
		],
		none: [
			...['(1) 9912-3456', '(161) 9912-3456', '(16)  9912-3456', '(16) 912-3456', '16) 9912-3456'],
			...[
				'(16) 9912--3456',
				'(16) 9912-34567',
				'(16) 9912-345',
				'(16) 9912-3456-7',
				'(16) 9912x3456',
			],
			...['199123-4567', '-99123-4567', '9912-3456', '99123-456', '99123-45678', '99123-4567-'],
			...['116 99123 4567', '-16 99123 4567', '1 99123 4567', '16  99123 4567', '16 89123 4567'],
			...['16 9912 4567', '16 99123 456', '16 99123 45678', '16 99123 4567-1', '16 99123  4567'],
			...['16x99123 4567', '16 99123x4567', 'https://carrier.example/?number=99123-4567'],
			...['http://carrier.example/?number=99123-4567', '(16)https://a.example 9912-3456'],
		],
	},
	{
		kind: 'cpf',
		found: ['123.456.789-09', 'CPF 123.456.789-09.', 'CPF:123.456.789-09'],
		none: [
			...[
				'1123.456.789-09',
				'.123.456.789-09',
				'-123.456.789-09',
				'12.456.789-09',
				'123.45.789-09',
			],
			...[
				'123.4567.789-09',
				'123.456.78-09',
				'123.456.7890-09',
				'123.456.789-0',
				'123.456.789-091',
			],
			...[
				'123.456.789-09-',
				'123x456.789-09',
				'123.456x789-09',
				'123.456.789.09',
				'123.456.789/0001-09',
			],
		],
	},
	{
		kind: 'pixKey',
		found: [
			...['chave pix', 'Chaves PIX:', 'minha chave do pix', 'chave  de  Pix', 'chave no pix'],
			...['pix 123456789', 'PIX: 123456789', 'pix : 123456789', 'pix  123456789'],
			...[
				'pix é 123456789',
				'pix é  123456789',
				'pix para  123456789',
				'pix (11) 99999-9999',
				'pix +5511999999999',
			],
			...[
				'pix 1 2(3)4.5-',
				'pix 1234abcd-ab12-',
				'pix ABCDEF01-ABCD-',
				'pix a@b',
				'pix: loja@exemplo.br',
			],
		],
		none: [
			...['achave pix', 'chave pixel', 'chave da pix', 'chavespix', 'chave dopix', 'chave'],
			...['pix 12345678', 'pix  : 123456789', 'pix ou 123456789'],
			...['pix 1234567-abcd-', 'pix 1234abcg-ab12-', 'pix 1234abcd-ab1-'],
			...[
				'pix 1234abcd-ab1g-',
				'pix 1234abcdab12-',
				'pix 1234abcd-ab12',
				'pix a@ b',
				'pix @b',
				'spix a@b',
			],
			...['pixa@b', 'pix 12x456789012', 'por Pix em 2 dias'],
		],
	},
	{
		kind: 'socialLink',
		found: [
			...['wa.me', 'whatsapp.com', 't.me', 'telegram.me', 'm.me', 'facebook.com', 'fb.me'],
			...['instagram.com', 'tiktok.com', 'twitter.com', 'x.com', 'paypal.com', 'paypal.me'],
			...['venmo.com', 'cash.app', 'zellepay.com', 'revolut.me', 'wise.com'],
			...[
				'http://wa.me',
				'https://wa.me/1',
				'www.facebook.com',
				'a.b-c.facebook.com',
				'FACEBOOK.COM',
			],
			...['x.com/a', 'x.com?a', 'x.com#a', 'x.com a', 'x.com, a', 'x.com; a', 'x.com:80', 'x.com!'],
			...['(x.com)', 'x.com.', 'x.com. A', 'a.example or x.com'],
		],
		none: [
			...['xfacebook.com', 'a@facebook.com', 'x-facebook.com', '-facebook.com', '.facebook.com'],
			...[
				'facebook.community',
				'facebook.com.br',
				'facebook.com.br.',
				'facebook.com_',
				'facebook.comx',
			],
			...['facebook.com@a', 'facebook', 'https://www.dhl.com/facebook', 'facebook..com'],
		],
	},
	{ kind: 'email', found: ['a@example.com'], none: ['a at example.com', 'https://a@example.com/'] },
];

describe.each(tables)('$kind', ({ kind, found, none }) => {
	test.each(found)('is found in "%s"', (text) => {
		expect(isFound(kind, text)).toBe(true);
	});

	test.each(none)('is not found in "%s"', (text) => {
		expect(isFound(kind, text)).toBe(false);
	});
});

describe('what is found', () => {
	const rule = { marketplace: 'Acme', words: 'Acme forbids it.' };
	const what: Record<ContactKind, string> = {
		email: 'an e-mail address',
		phone: 'a phone number',
		brazilianPhone: 'a phone number',
		socialLink: 'a link to a messenger, a social network or a payment',
		cpf: 'a CPF',
		pixKey: 'a Pix key',
	};

	test.each(tables)('of $kind is told, with the rule, where it is sent', ({ kind, found }) => {
		expect(contactWarnings({ Text: found[0]! }, { ...rule, kinds: [kind] }, true)).toEqual([
			{
				code: 'ContactData',
				message: expect.stringMatching(
					RegExp(
						`^'Text' holds ${what[kind]} \\(.+\\), which Acme does not allow. Acme forbids it.$`,
					),
				) as string,
			},
		]);
	});

	test('twice or in several kinds is told in one sentence, by its field', () => {
		const kinds: ContactKind[] = ['phone', 'brazilianPhone', 'email', 'cpf'];
		const written = { Subject: 'Hello', Text: 'phone 12345678, 99123-4567, a@example.com' };
		expect(
			contactWarnings(written, { ...rule, kinds }, true).map(({ message }) => message),
		).toEqual([
			"'Text' holds a phone number (phone 12345678) and an e-mail address (a@example.com), which Acme does not allow. Acme forbids it.",
		]);
	});

	test('is refused, with the way out', () => {
		const refused = () =>
			contactWarnings({ Text: 'a@example.com' }, { ...rule, kinds: ['email'] }, false);
		expect(refused).toThrow(
			expect.objectContaining({
				message: "'Text' holds an e-mail address (a@example.com), which Acme does not allow",
				description:
					"Acme forbids it. Take it out: the buyer answers through the marketplace. If it is something else, or has to be there, add the option 'Allow Contact Data': it is sent then, with a warning in its item.",
				code: 'ContactData',
			}),
		);
	});
});
