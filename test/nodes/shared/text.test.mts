/** What may stand in a message. */
import fc from 'fast-check';
import { tryToParseDateTime } from 'n8n-workflow';

import { emailIn, refuseText, textIn } from '../../../nodes/shared/text.ts';

const limits = {
	label: 'Text',
	marketplace: 'Acme',
	min: 1,
	max: 2000,
	refuseHtml: true,
};
const check = (text: string) => () => refuseText(text, limits);

describe('HTML', () => {
	test.each([
		...['<b>Hi</b>', '</p>', '<br>', '<br/>', '<BR />', '<a href="x">x</a>', 'a <IMG src=x> b'],
		...[
			'<!-- x -->',
			'<!--',
			'<!doctype html>',
			'<!DOCTYPE HTML',
			'<p\n class=x>',
			'<h1>',
			'</H6>',
		],
		...['<script>alert(1)</script>', '<video controls>', '<input disabled/>', '<font color=red>'],
		...['<p hidden>', '<svg/onload=alert(1)>', '<s>old</s>', '<i class="x">', '<u\t>', '<center>'],
	])('is refused: %j', (text) => {
		expect(check(text)).toThrow("'Text' holds HTML");
	});

	test.each([
		...['Size <M or >XL', '<R$ 10 ou >R$ 20', 'Size <S or >XL', '2 < 3 and 5 > 4', '<3', '< b >'],
		...[
			'&lt;b&gt;',
			'a <- b',
			'x <',
			'Dear <customer>',
			'Olá <nome>',
			'a <b and c',
			'<2kg>',
			'<!>',
		],
		...['<https://example.com/x>', 'wait <p or more> days', '<brand>', '<bold>', '<!important>'],
		...['if a <b and b> c', '<S/M or L/XL>', '<i>'.replace('i', 'ı'), '<>', '</>', '</ b>'],
	])('is not what only looks like it: %j', (text) => {
		expect(check(text)).not.toThrow();
	});

	const names = fc.constantFrom(
		...[
			'a',
			'abbr',
			'article',
			'b',
			'blockquote',
			'body',
			'button',
			'code',
			'dd',
			'del',
			'div',
			'dl',
		],
		...['em', 'embed', 'font', 'form', 'h2', 'head', 'hr', 'html', 'iframe', 'img', 'input', 'ins'],
		...['label', 'li', 'link', 'meta', 'object', 'ol', 'option', 'p', 'pre', 'script', 'section'],
		...[
			'select',
			'small',
			'span',
			'strike',
			'strong',
			'style',
			'sub',
			'sup',
			'table',
			'tbody',
			'td',
		],
		...[
			'textarea',
			'th',
			'thead',
			'title',
			'tr',
			'tt',
			'u',
			'ul',
			'video',
			'marquee',
			'svg',
			'math',
		],
	);
	const attributes = fc.array(
		fc
			.tuple(
				fc.constantFrom(' ', '\n', '\t '),
				fc.constantFrom('class', 'STYLE', 'data-x', 'onclick', 'href'),
				fc.constantFrom('="x y"', "='x'", '=x', ' = "a>b"'),
			)
			.map((parts) => parts.join('')),
		{ maxLength: 3 },
	);
	const tag = fc
		.tuple(names, attributes, fc.constantFrom('>', '/>', ' >', ' />', '\n>'), fc.boolean())
		.map(
			([name, rest, end, large]) => `<${large ? name.toUpperCase() : name}${rest.join('')}${end}`,
		);

	test('is refused whatever tag it is, wherever it stands', () => {
		const words = fc.string({ unit: fc.constantFrom('x', ' ', '<', '3', '\n', '.') });
		fc.assert(
			fc.property(words, tag, words, (before, html, after) => {
				expect(check(`.${before}${html}${after}`)).toThrow("'Text' holds HTML");
			}),
			{ numRuns: 300 },
		);
	});

	test('is not a name that no tag has', () => {
		const unknown = fc
			.string({ unit: fc.constantFrom('R', 'x', 'L', '$', '2', 'é', 'k'), minLength: 1 })
			.filter((name) => !/^x*$/i.test(name));
		fc.assert(
			fc.property(unknown, fc.constantFrom('', '/'), (name, slash) => {
				expect(check(`Size <${slash}${name} or >XL`)).not.toThrow();
			}),
		);
	});

	test('is looked for in no time in the longest text that any marketplace takes', () => {
		const started = Date.now();
		for (const part of ['<', '<a ', '<a x=', '<p hidden ', '<!-', '</', '//', 'a@a.']) {
			const text = part.repeat(3000 / part.length);
			refuseText(text, { ...limits, max: 3000 });
		}
		expect(Date.now() - started).toBeLessThan(1000);
	});
});

describe('an e-mail address', () => {
	test.each([
		...[
			'Write to me@example.com',
			'MAX.MUSTER+x@mail.example.co.uk!',
			'(a@b.de)',
			'<anna@b.example>',
		],
		...['mailto:me@example.com', 'https://x.example/?to=me@example.com', 'joão@loja.com.br'],
		...['https://x.example/ or me@example.com', 'me@example.com/https://x.example'],
	])('is found: %s', (text) => {
		expect(emailIn(text)).toBeDefined();
	});

	test.each([
		...['https://user@host.example/x', 'see https://user:secret@host.example', '5 pieces @ 3.50'],
		...[
			'look @home',
			'a@b',
			'https://video.example/@shop.br',
			'HTTP://USER@HOST.EXAMPLE',
			'@shop.br',
		],
		...['//user@host.example/x', 'https://maps.example/@-23.55,-46.63,15z', 'ftp://a@b.example'],
	])('is not what only looks like it: %s', (text) => {
		expect(emailIn(text)).toBeUndefined();
	});
});

describe('what a text field of the form holds', () => {
	const noon = tryToParseDateTime('2026-11-30T12:00:00', 'America/Sao_Paulo');

	test.each([
		['a text, trimmed', ' Hi\n', 'Hi'],
		['a number', 4711, '4711'],
		['nought', 0, '0'],
		['a truth', false, 'false'],
		['a long number', 12345678901234567890n, '12345678901234567890'],
		['a date of n8n, with its zone', noon, '2026-11-30T12:00:00.000-03:00'],
		['a date', new Date(0), '1970-01-01T00:00:00.000Z'],
		['the only entry of a list', ['902-3159896-1390916'], '902-3159896-1390916'],
		['nothing', undefined, ''],
		['null', null, ''],
	])('is %s', (_what, given, text) => {
		expect(textIn(given, 'Text')).toBe(text);
	});

	test.each([
		['Dear [object Object],', 'an object, not text'],
		['It comes on Invalid DateTime.', 'a date that is none'],
		['It comes on Invalid Date', 'a date that is none'],
	])('that would read "%s" is refused', (given, what) => {
		expect(() => textIn(given, 'Text')).toThrow(`An expression in 'Text' gives ${what}`);
	});

	test.each(['An object [objet] of art', 'No invalid date'])('"%s" is a text', (given) => {
		expect(textIn(given, 'Text')).toBe(given);
	});

	test.each([
		['an object', { name: 'Ana' }, 'an object'],
		['a list', ['a', 'b'], 'a list'],
		['an empty list', [], 'a list'],
		['a list of an object', [{ name: 'Ana' }], 'a list'],
		['a date that is none', new Date(NaN), 'an object'],
		['bytes', Buffer.from('a'), 'an object'],
		['a function', () => 'a', 'an object'],
	])('is not %s', (_what, given, named) => {
		expect(() => textIn(given, 'Your Name')).toThrow(
			`The expression in 'Your Name' gives ${named}, not text`,
		);
	});
});
