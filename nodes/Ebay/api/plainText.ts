import { holdsHtml } from '../../shared/text';

/** What a reader of the page does not see. */
const UNSEEN = /<!--[\s\S]*?(?:-->|$)|<(script|style|head|title)\b[\s\S]*?(?:<\/\1\s*>|$)/gi;
/** Elements that stand on lines of their own. */
const LINES =
	/<\/?(?:address|blockquote|br|dd|div|dl|dt|h[1-6]|hr|li|ol|p|pre|section|table|tr|ul)\b[^>]*>/gi;
/** Cells stand side by side. */
const CELLS = /<\/?t[dh]\b[^>]*>/gi;
const TAG = /<\/?[a-z!][^>]*>/gi;
/** @see https://html.spec.whatwg.org/multipage/named-characters.html: those that messages hold */
const entities: Readonly<Record<string, string>> = {
	amp: '&',
	apos: "'",
	copy: '©',
	euro: '€',
	gt: '>',
	hellip: '…',
	laquo: '«',
	ldquo: '“',
	lsquo: '‘',
	lt: '<',
	mdash: '—',
	nbsp: ' ',
	ndash: '–',
	pound: '£',
	quot: '"',
	raquo: '»',
	rdquo: '”',
	reg: '®',
	rsquo: '’',
	trade: '™',
};
const LAST_CHARACTER = 0x10ffff;

/** @returns the text of a message that may be HTML, as a person reads it; plain text stays as it is */
export function plainTextOf(body: string): string {
	if (!holdsHtml(body)) return body;
	const seen = body.replace(UNSEEN, ' ').replace(/\s+/g, ' ');
	return decoded(replaced(replaced(replaced(seen, LINES, '\n'), CELLS, ' '), TAG, ''))
		.replace(/[^\S\n]+/g, ' ')
		.replace(/ ?\n ?/g, '\n')
		.replace(/\n{3,}/g, '\n\n')
		.trim();
}

/** Behind the last `>` no tag ends: looked for from each `<` on, that would take long. */
function replaced(text: string, tags: RegExp, by: string): string {
	const end = text.lastIndexOf('>') + 1;
	return text.slice(0, end).replace(tags, by) + text.slice(end);
}

function decoded(text: string): string {
	return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,8}));/gi, (all, dec, hex, name) => {
		if (typeof name === 'string') return entities[name.toLowerCase()] ?? (all as string);
		const point = typeof dec === 'string' ? Number(dec) : parseInt(String(hex), 16);
		return point > 0 && point <= LAST_CHARACTER ? String.fromCodePoint(point) : (all as string);
	});
}
