import { Refusal } from './outcome';
import { codePointsIn, isRecord } from './values';

/**
 * The tags of HTML, those of earlier versions included.
 * @see https://html.spec.whatwg.org/multipage/indices.html#elements-3
 * @see https://html.spec.whatwg.org/multipage/obsolete.html#non-conforming-features
 */
const TAGS = [
	'a abbr acronym address applet area article aside audio b base basefont bdi bdo bgsound big blink',
	'blockquote body br button canvas caption center cite code col colgroup command data datalist dd del',
	'details dfn dialog dir div dl dt em embed fieldset figcaption figure font footer form frame frameset',
	'h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe image img input ins isindex kbd keygen label',
	'legend li link listing main map mark marquee math menu menuitem meta meter multicol nav nextid nobr',
	'noembed noframes noscript object ol optgroup option output p param picture plaintext pre progress q',
	'rb rp rt rtc ruby s samp script search section select slot small source spacer span strike strong',
	'style sub summary sup svg table tbody td template textarea tfoot th thead time title tr track tt u',
	'ul var video wbr xmp',
];

/** Attributes that stand without a value. */
const SWITCHES = [
	'allowfullscreen async autofocus autoplay checked compact controls declare default defer disabled',
	'download formnovalidate hidden inert ismap itemscope loop multiple muted nohref nomodule noresize',
	'noshade novalidate nowrap open playsinline popover readonly required reversed selected truespeed',
];

const oneOf = (words: string[]) => `(?:${words.join(' ').split(' ').join('|')})`;

/**
 * HTML is a comment, a doctype, or `<` or `</` followed by a tag's name and nothing but attributes, up to
 * `>`. Everything else is text: `Size <M or >XL`, `a < b`, `<your name>`, entities.
 */
const HTML = new RegExp(
	`<!--|<!doctype\\b|</?${oneOf(TAGS)}(?:[\\s/]*|(?:[\\s/]+${oneOf(SWITCHES)})+[\\s/]*|[\\s/][^<>=]*=[^>]*)>`,
	'i',
);

/** What is HTML without a `>`. */
const OPENED = /<!--|<!doctype\b/i;

/** The first HTML of a text. Behind the last `>` no tag ends: looked for from each `<` on, that takes long. */
function htmlIn(text: string): string | undefined {
	const end = text.lastIndexOf('>') + 1;
	return (HTML.exec(text.slice(0, end)) ?? OPENED.exec(text.slice(end)))?.[0];
}

/** @returns whether the text is HTML, or holds some */
export function holdsHtml(text: string): boolean {
	return htmlIn(text) !== undefined;
}

/** The part of an address of the web that may hold a user's name: `https://user@host`. */
const AUTHORITY = /(?:\b[a-z][a-z0-9+.-]*:)?\/\/[^\s/?#]*/gi;

const EMAIL = /[^\s@<>(),;:"'/\\?#&=[\]]+@[^\s@<>(),;:"'/\\]+\.[a-z]{2,}/i;

/** @returns the first e-mail address in the text; the user's name in a web address is none */
export function emailIn(text: string): string | undefined {
	return EMAIL.exec(text.replace(AUTHORITY, ' '))?.[0];
}

/** @returns what a list to pick from holds; any other value of the form as it is */
export function pickedIn(value: unknown): unknown {
	return isRecord(value) && 'value' in value ? value.value : value;
}

/**
 * A value of the form as text. A date that an expression gives (`$now`) is written as n8n writes it: ISO 8601,
 * with its zone.
 *
 * @returns empty for nothing; the only entry of a list; undefined for what is no text
 */
export function asText(value: unknown): string | undefined {
	if (value === undefined || value === null) return '';
	if (['string', 'number', 'boolean', 'bigint'].includes(typeof value)) return String(value);
	// Nodes that read XML, and Aggregate, make a list of a single value.
	if (Array.isArray(value) && value.length === 1) return asText(value[0]);
	const written = (value as { toJSON?(): unknown }).toJSON?.();
	return typeof written === 'string' ? written : undefined;
}

const TAKE_ONE =
	'Take one field of it, for example {{ $json.buyer.name }} instead of {{ $json.buyer }}.';

/** What n8n writes for an expression within a text that gives none: nobody means to send it. */
const slips: Array<[slip: RegExp, what: string, advice: string]> = [
	[/\[object \w+\]/, 'an object, not text', TAKE_ONE],
	[
		/\bInvalid Date(Time)?\b/,
		'a date that is none',
		"'Invalid Date' would stand there. Check that the field that it reads is there, and how the date is written.",
	],
];

function refuseSlips(text: string, label: string): void {
	const found = slips.find(([slip]) => slip.test(text));
	if (found) throw new Refusal(`An expression in '${label}' gives ${found[1]}`, found[2]);
}

/**
 * What a text field of the form holds, typed or given by an expression.
 *
 * @param label as the form labels it
 * @returns trimmed; empty where the field is, or its expression gives nothing
 * @throws Refusal for a list of several or an object, of which a buyer would read `a,b` or `[object Object]`
 */
export function textIn(value: unknown, label: string): string {
	const text = asText(value)?.trim();
	if (text !== undefined) {
		refuseSlips(text, label);
		return text;
	}
	throw Array.isArray(value)
		? new Refusal(
				`The expression in '${label}' gives a list, not text`,
				"Take one entry of it, for example {{ $json.names[0] }}, or join them: {{ $json.names.join(', ') }}.",
			)
		: new Refusal(`The expression in '${label}' gives an object, not text`, TAKE_ONE);
}

/** Of a page that comes instead of an answer, what is looked at: its beginning tells enough (characters). */
export const LONGEST_PAGE = 20_000;

/** @returns at most so many characters, with `…` for what is left out */
export function shortened(text: string, most: number): string {
	return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

export interface TextLimits {
	/** As the form labels it: `Text`. */
	label: string;
	/** As a seller says it: `Amazon`. */
	marketplace: string;
	/** Code points. */
	min: number;
	max: number;
	refuseHtml?: boolean;
}

/**
 * @param text already trimmed
 * @throws Refusal that names the field and says what to change; a text is never cut
 */
export function refuseText(text: string, limits: TextLimits): void {
	const { label, marketplace, min, max } = limits;
	const length = codePointsIn(text);
	if (length < min) {
		throw new Refusal(
			length === 0 ? `'${label}' is empty` : `'${label}' is too short`,
			length === 0
				? `Write what the buyer should read. If it comes from an expression, check that the item has that field.`
				: `${marketplace} wants at least ${min} characters.`,
		);
	}
	if (length > max) {
		throw new Refusal(
			`'${label}' is too long for ${marketplace}: ${length} characters, and at most ${max} are allowed`,
			`Shorten it by ${length - max}. Nothing is cut off by itself, so that the buyer never gets half a message.`,
		);
	}
	const html = limits.refuseHtml ? htmlIn(text) : undefined;
	if (html) {
		throw new Refusal(
			`'${label}' holds HTML (${html.slice(0, 30)}), which ${marketplace} does not take`,
			'Write plain text, with line breaks instead of tags.',
		);
	}
}
