import fc from 'fast-check';
import { XMLValidator } from 'fast-xml-parser';

import { imageForm } from '../../../nodes/Ebay/api/media.ts';
import { documentOf } from '../../../nodes/Ebay/api/trading.ts';
import { escaped, legalText, readXml, xmlOf } from '../../../nodes/Ebay/api/xml.ts';
import { readMultipart } from '../../marketplaces/ebay/multipart.mts';
import { readXml as readStrictly } from '../../marketplaces/ebay/xml.mts';

/** Any text that JavaScript can hold: lone surrogates, control characters, markup, emoji. */
const anyText = fc.oneof(
	fc.string({ unit: 'binary' }),
	fc.string({
		unit: fc.constantFrom(
			'<',
			'>',
			'&',
			']]>',
			'"',
			"'",
			'\u0000',
			'\ud800',
			'😀',
			'&#0;',
			'<!--',
			'\ufffe',
		),
	}),
	fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
);

describe('escaping', () => {
	it('gives well-formed XML for any text, and any reader gets the legal text back', () => {
		fc.assert(
			fc.property(anyText, (text) => {
				const document = `<a>x${escaped(text)}</a>`;
				expect(XMLValidator.validate(document)).toBe(true);
				const read = readStrictly(Buffer.from(document)).text;
				expect(read).toBe(`x${legalText(text).replace(/\r\n?/g, '\n')}`);
			}),
		);
	});

	it('takes away nothing that XML allows', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'grapheme' }), (text) => {
				fc.pre(!/[\ufffe\uffff]/u.test(text));
				expect(legalText(text)).toBe(text);
			}),
		);
	});

	it('lets no text become an element of the request', () => {
		fc.assert(
			fc.property(anyText, (text) => {
				const document = documentOf('GetUser', [['UserID', text]], { messageId: text });
				const request = readStrictly(Buffer.from(document));
				const names = request.children.map(({ name }) => name);
				expect(
					names.filter((name) => !['ErrorLanguage', 'MessageID', 'UserID'].includes(name)),
				).toEqual([]);
			}),
		);
	});
});

describe('building', () => {
	it('leaves out what is empty, and keeps the order', () => {
		expect(
			xmlOf([
				['B', 'x'],
				['None', undefined],
				['Empty', ''],
				['EmptyList', []],
				['EmptyInside', [['C', undefined]]],
				[
					'A',
					[
						['No', false],
						['Number', 0],
					],
				],
			]),
		).toBe('<B>x</B><A><No>false</No><Number>0</Number></A>');
	});
});

/** What may look like the start of CDATA or of a comment to one reader, and not to another. */
const HIDDEN = [
	'<![CDATA[]]>',
	'<!---->',
	'<?x <![CDATA[ ?>',
	'<?x " ?><![CDATA[ " ?>',
	'<c d="<![CDATA["/>',
	'<c d="><![CDATA["/>',
	"<c d='><!--'/>",
	'</c "><![CDATA[">',
	'<!-- x -- ><![CDATA[ -->',
	'<![cdata[',
	'<![X[',
];

describe('reading', () => {
	it.each([
		['ids that look like numbers', '<a><b>0012</b><c>1e5</c></a>', { b: '0012', c: '1e5' }],
		['one of a list', '<a><Errors><x>1</x></Errors></a>', { Errors: [{ x: '1' }] }],
		['several of a list', '<a><Errors>1</Errors><Errors>2</Errors></a>', { Errors: ['1', '2'] }],
		['white space of a text', '<a>\n <b> x\n </b>\n</a>', { b: ' x\n ' }],
		['attributes', '<a xmlns="u"><b c="USD">1.0</b></a>', { b: { c: 'USD', value: '1.0' } }],
		['entities', '<a><b>&#233;&#x1F600;&amp;lt;</b></a>', { b: 'é😀&lt;' }],
		["XML's own entities", '<a><b>&amp;lt;&quot;&apos;&gt;</b></a>', { b: `&lt;"'>` }],
		['an escaped entity', '<a><b>&amp;#233;&amp;amp;</b></a>', { b: '&#233;&amp;' }],
		['CDATA', '<a><b><![CDATA[<x>&amp;]]></b></a>', { b: '<x>&amp;' }],
		['prefixes', '<n:a xmlns:n="u"><n:b>1</n:b></n:a>', { b: '1' }],
		[
			'a page in CDATA',
			'<?xml version="1.0" encoding="utf-8"?>\n<a c=">" d=\'"\'><b ><![CDATA[<!DOCTYPE html><p title="x">1</p>]]></b><e/></a>\n',
			{ c: '>', d: '"', b: '<!DOCTYPE html><p title="x">1</p>', e: '' },
		],
		['a page in a comment', '<a><!-- <!doctype html> --><b>1</b></a>', { b: '1' }],
		[
			'entities of a page in CDATA as they are',
			'<a><b><![CDATA[<!DOCTYPE a [<!ENTITY x "y">]>]]></b><c>&x;</c></a>',
			{ b: '<!DOCTYPE a [<!ENTITY x "y">]>', c: '&x;' },
		],
	])('keeps %s', (_what, xml, content) => {
		expect(readXml(xml)).toEqual({ name: 'a', content });
	});

	it.each([
		['nothing', ''],
		['text', 'Service unavailable'],
		['JSON', '{"Ack":"Success"}'],
		['a page', '<html><body>x<br></body></html>'],
		['a cut-off document', '<a><b>1</b'],
		['two roots', '<a><b/></a><c/>'],
		['a root without elements', '<a>1</a>'],
		['a DOCTYPE', '<!DOCTYPE a [<!ENTITY x "y">]><a><b>&x;</b></a>'],
		['a DOCTYPE in small letters', '<!doctype a><a><b>1</b></a>'],
		...HIDDEN.map((start): [string, string] => [
			`a DOCTYPE behind ${start}`,
			`${start}<!DOCTYPE a [<!ENTITY x "y">]><a><b>&x;</b><!-- ]]> --> ]]></a>`,
		]),
		...HIDDEN.map((start): [string, string] => [
			`a DOCTYPE within, behind ${start}`,
			`<a>${start}<!DOCTYPE a [<!ENTITY x "y">]><b>&x;</b><!-- ]]> --> ]]></a>`,
		]),
		['a name of JavaScript', '<a><__proto__><b>1</b></__proto__></a>'],
		['another name of JavaScript', '<a><constructor>1</constructor></a>'],
		['a very deep document', `${'<a>'.repeat(5000)}${'</a>'.repeat(5000)}`],
	])('takes %s for no document', (_what, xml) => {
		expect(readXml(xml)).toBeUndefined();
	});

	it('never throws, whatever comes', () => {
		const tags = fc.constantFrom(
			'<a>',
			'</a>',
			'<a/>',
			'<',
			'>',
			'&x;',
			'<![CDATA[',
			']]>',
			'<?x?>',
			'b="c"',
		);
		const soup = fc
			.array(fc.oneof(tags, fc.string()), { maxLength: 40 })
			.map((parts) => parts.join(''));
		fc.assert(
			fc.property(soup, (text) => {
				expect(() => readXml(text)).not.toThrow();
			}),
		);
	});

	it('lets no document declare an entity, however it hides that', () => {
		const tokens = fc.constantFrom(
			...['<a>', '</a>', '<b>', '</b>', '<b c="', "<b c='", '"', "'", '>', '/>', '<', ' ', '?>'],
			...['<![CDATA[', ']]>', '<!--', '-->', '<?x ', '<?x ?>', '&x;', '&x;', '<![', '<!'],
			...['<!DOCTYPE a [<!ENTITY x "[[here]]">]>', '<!DOCTYPE a [<!ENTITY x "[[here]]">]>'],
		);
		const soup = fc
			.array(tokens, { maxLength: 25 })
			.map((parts) => `<a>${parts.join('')}<b>&x;</b></a>`);
		fc.assert(
			fc.property(soup, (text) => {
				const read = JSON.stringify(readXml(text)?.content ?? {});
				const declared = '<!ENTITY x \\"[[here]]\\">';
				expect(read.replaceAll(declared, '')).not.toContain('[[here]]');
			}),
			{ numRuns: 20_000 },
		);
	});

	it.each([
		'<!DOCTYPE ',
		'<![CDATA[<!DOCTYPE ',
		'<!--<!DOCTYPE ',
		'<?<!DOCTYPE ',
		'<![CDATA[<!DOCTYPE>]]>',
		'<a b="<!DOCTYPE"',
		'"',
		"<a b='",
		'<a ',
	])('ends soon, whatever there is of %j', (part) => {
		const began = Date.now();
		const text = part.repeat(2_000_000 / part.length);
		for (const start of ['', '<a><![CDATA[<!DOCTYPE]]>', '<a><![CDATA[<!DOCTYPE]]><b '])
			expect(readXml(start + text)).toBeUndefined();
		expect(Date.now() - began).toBeLessThan(10_000);
	});

	it.each([
		['&amp;&#233;&lt;', '&é<'],
		['&amp;&lt;', '&<'],
	])('reads a long answer full of %s', (entities, text) => {
		const response = `<Response>${entities.repeat(2000)}</Response>`;
		const read = readXml(`<a>${response.repeat(100)}</a>`);
		expect((read!.content.Response as string[])[99]).toBe(text.repeat(2000));
	});
});

describe('a form with a file', () => {
	it('keeps its bytes and its name, whatever they are', async () => {
		const name = fc
			.string({ unit: 'grapheme', minLength: 1 })
			.filter((text) => !/[\p{Cc}]/u.test(text));
		await fc.assert(
			fc.asyncProperty(fc.uint8Array(), name, async (content, fileName) => {
				const bytes = Buffer.from(content);
				const form = await imageForm(fileName, 'image/png', bytes);
				const parts = readMultipart(form.contentType, form.body);
				expect(parts).toEqual([expect.objectContaining({ name: 'image', bytes })]);
			}),
		);
	});

	it('lets no name end its line', async () => {
		const fileName = 'a"\r\nX-Header: 1\r\n\r\n.png';
		const form = await imageForm(fileName, 'image/png', Buffer.from('x'));
		const [head] = form.body.toString().split('\r\n\r\n');
		expect(head!.split('\r\n')).toHaveLength(3);
	});
});
