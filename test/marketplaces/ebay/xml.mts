import { XMLParser, XMLValidator } from 'fast-xml-parser';

/** An element as it was read: entities decoded once, whitespace kept. */
export interface Element {
	name: string;
	attributes: Record<string, string>;
	children: Element[];
	text: string;
	/** What stood in CDATA sections (also part of `text`). */
	cdata: string;
}

/** The bytes are no well-formed XML 1.0 document in UTF-8. */
export class NotXml extends Error {}

const parser = new XMLParser({
	preserveOrder: true,
	ignoreAttributes: false,
	attributeNamePrefix: '',
	ignoreDeclaration: true,
	ignorePiTags: true,
	parseTagValue: false,
	parseAttributeValue: false,
	trimValues: false,
	processEntities: false,
	cdataPropName: '#cdata',
});

/**
 * Reads a document more strictly than fast-xml-parser does on its own: no DOCTYPE, no undeclared
 * entity, no character that XML 1.0 forbids, no other encoding than UTF-8.
 * @throws NotXml
 */
export function readXml(bytes: Buffer): Element {
	const source = utf8(bytes);
	const encoding = /^<\?xml[^?]*\sencoding=["']([^"']+)["']/.exec(source)?.[1];
	if (encoding !== undefined && !/^utf-8$/i.test(encoding)) {
		throw new NotXml(`The document is UTF-8 but declares ${encoding}.`);
	}
	if (/<!DOCTYPE/i.test(source)) throw new NotXml('A document type is not allowed.');
	refuseForbiddenCharacters(source);
	const outsideCdata = source.replace(/<!\[CDATA\[[\s\S]*?\]\]>|<!--[\s\S]*?-->/g, '');
	const entity = /&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9a-fA-F]+);)\S{0,10}/.exec(outsideCdata);
	if (entity) throw new NotXml(`The entity at "${entity[0]}" is not declared.`);
	const verdict = XMLValidator.validate(source);
	if (verdict !== true) throw new NotXml(verdict.err.msg);
	const roots = elementsOf(parser.parse(source));
	if (roots.length !== 1) throw new NotXml('Exactly one root element is expected.');
	return roots[0];
}

/** The first child of that name. */
export function child(element: Element | undefined, name: string): Element | undefined {
	return element?.children.find((one) => one.name === name);
}

/** Text of the element at the end of the path, or undefined where the path ends early. */
export function textAt(element: Element, ...path: string[]): string | undefined {
	return path.reduce<Element | undefined>(child, element)?.text;
}

/** `<name>text</name>` with the text escaped; nothing for undefined. */
export function tag(
	name: string,
	text: string | number | boolean | undefined,
	attributes: Record<string, string> = {},
): string {
	if (text === undefined) return '';
	return wrap(name, [escape(String(text))], attributes);
}

/** `<name>…</name>` around parts that are XML already. */
export function wrap(
	name: string,
	parts: string[],
	attributes: Record<string, string> = {},
): string {
	let start = name;
	for (const key in attributes) start += ` ${key}="${escape(attributes[key]!)}"`;
	return `<${start}>${parts.length === 1 ? parts[0] : parts.join('')}</${name}>`;
}

function escape(text: string): string {
	if (!/[&<>"]/.test(text)) return text;
	return text
		.replace(/&/g, '&amp;')
		.replace(/</g, '&lt;')
		.replace(/>/g, '&gt;')
		.replace(/"/g, '&quot;');
}

function utf8(bytes: Buffer): string {
	try {
		return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
	} catch {
		throw new NotXml('The document is not UTF-8.');
	}
}

function refuseForbiddenCharacters(text: string): void {
	const forbidden = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u.exec(text);
	if (!forbidden) return;
	const code = forbidden[0].codePointAt(0) ?? 0;
	throw new NotXml(`The character 0x${code.toString(16)} is not allowed in XML.`);
}

type Node = Record<string, unknown>;

function elementsOf(nodes: Node[]): Element[] {
	return nodes.flatMap((node) => {
		const name = nameOf(node);
		if (name === '#text' || name === '#cdata') return [];
		const inner = node[name] as Node[];
		const attributes = Object.entries((node[':@'] ?? {}) as Record<string, string>);
		return [
			{
				name,
				attributes: Object.fromEntries(attributes.map(([key, text]) => [key, decoded(text)])),
				children: elementsOf(inner),
				text: inner.map(textOf).join(''),
				cdata: inner.map(cdataOf).join(''),
			},
		];
	});
}

function nameOf(node: Node): string {
	return Object.keys(node).find((key) => key !== ':@') ?? '';
}

function textOf(node: Node): string {
	return nameOf(node) === '#text' ? decoded(String(node['#text'])) : cdataOf(node);
}

function cdataOf(node: Node): string {
	if (nameOf(node) !== '#cdata') return '';
	return (node['#cdata'] as Node[]).map((part) => String(part['#text'])).join('');
}

const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decoded(text: string): string {
	return text.replace(/&(#x[0-9a-fA-F]+|#\d+|\w+);/g, (_, entity: string) => {
		if (!entity.startsWith('#')) return named[entity];
		const code = entity[1] === 'x' ? parseInt(entity.slice(2), 16) : parseInt(entity.slice(1), 10);
		if (code > 0x10ffff) throw new NotXml(`&${entity}; is no character.`);
		const character = String.fromCodePoint(code);
		refuseForbiddenCharacters(character);
		return character;
	});
}
