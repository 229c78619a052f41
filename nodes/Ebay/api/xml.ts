import { XMLParser, XMLValidator, type X2jOptions } from 'fast-xml-parser';

import { isRecord, type Json } from '../../shared/values';

/** An element to be written: a text, or elements in the order of eBay's schema. */
export type Element = readonly [name: string, content: Content];

type Content = string | number | boolean | undefined | readonly Element[];

/** Everything that XML 1.0 does not allow in a document, escaped or not; lone surrogates among it. */
const ILLEGAL = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

/** @returns the text without the characters that no XML document can carry */
export function legalText(text: string): string {
	return text.replace(ILLEGAL, '');
}

/** @returns the text as it stands between two tags: any reader gets the same text back */
export function escaped(text: string): string {
	return legalText(text).replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

/** @returns the elements as XML; what is undefined, empty text or an empty list is left out */
export function xmlOf(elements: readonly Element[]): string {
	return elements
		.map(([name, content]) => {
			const inner = Array.isArray(content)
				? xmlOf(content as readonly Element[])
				: escaped(String(content ?? ''));
			return inner === '' ? '' : `<${name}>${inner}</${name}>`;
		})
		.join('');
}

/** Elements that eBay repeats: lists, also where there is one. */
const LISTS = new Set([
	'Errors',
	'ErrorParameters',
	'MemberMessageExchange',
	'Message',
	'ShipmentTrackingDetails',
	'ShippingPackageInfo',
	'MessageMedia',
	'Order',
	'Response',
	'Transaction',
]);

const OPTIONS: X2jOptions = {
	ignoreAttributes: false,
	ignoreDeclaration: true,
	ignorePiTags: true,
	removeNSPrefix: true,
	// Ids keep their digits, messages their white space.
	parseTagValue: false,
	parseAttributeValue: false,
	trimValues: false,
	attributeNamePrefix: '@',
	isArray: (name) => LISTS.has(name),
};
/** Entities by number are among HTML's here, whose table is made anew for each text: four times the work. */
const parser = new XMLParser({ ...OPTIONS, htmlEntities: true });
const quickParser = new XMLParser(OPTIONS);

/** An entity other than the five that XML itself names. */
const OTHER_ENTITY = /&(?!(?:amp|lt|gt|quot|apos);)/;

/**
 * What a document is made of, where it declares nothing: text, comments, CDATA, instructions and tags. It takes
 * no `<` between quotes and no quotes without an end, which readers may take for different things.
 */
const PIECE =
	/[^<]+|<!--[^]*?-->|<!\[CDATA\[[^]*?\]\]>|<\?(?:[^<>?"']|"[^"<>]*"|'[^'<>]*')*\?>|<\/[^<>"']*>|<[^<>"'!?/](?:[^<>"']|"[^"<]*"|'[^'<]*')*>/y;

/** Whether a document may declare entities: whatever has a DOCTYPE outside of comments and CDATA. */
function mayDeclare(text: string): boolean {
	if (!/<!DOCTYPE/i.test(text)) return false;
	PIECE.lastIndex = 0;
	let end = 0;
	while (end < text.length && PIECE.test(text)) end = PIECE.lastIndex;
	return end < text.length;
}

/**
 * Reads a document with one root. Texts stay texts; an element with attributes and a text becomes
 * `{ value, …attributes }`.
 *
 * @returns nothing for whatever is not well-formed, and for anything with a DOCTYPE; one that stands in a text
 * (CDATA) is a part of it
 */
export function readXml(text: string): { name: string; content: Json } | undefined {
	try {
		if (mayDeclare(text)) return undefined;
		if (XMLValidator.validate(text) !== true) return undefined;
		const read = (OTHER_ENTITY.test(text) ? parser : quickParser).parse(text) as Json;
		const roots = Object.entries(read).filter(([name]) => name !== '#text');
		const [name, content] = roots[0] ?? ['', undefined];
		const plain = plainOf(content);
		return roots.length === 1 && isRecord(plain) ? { name, content: plain } : undefined;
	} catch {
		return undefined;
	}
}

/** Without the namespace, the white space between elements and the marks of the parser. */
function plainOf(node: unknown): unknown {
	if (Array.isArray(node)) return node.map(plainOf);
	if (!isRecord(node)) return node;

	const plain: Json = {};
	for (const [key, value] of Object.entries(node)) {
		if (key === '#text' || /^@xmlns/.test(key)) continue;
		plain[key.replace(/^@/, '')] = plainOf(value);
	}
	const hasElements = Object.keys(node).some((key) => !/^[#@]/.test(key));
	const text = node['#text'];
	if (hasElements || text === undefined) return plain;
	return Object.keys(plain).length === 0 ? text : { ...plain, value: text };
}
