import { Refusal } from '../outcome';
import { emailIn } from '../text';

/** Kinds of data that lead a buyer past the marketplace. */
export type ContactKind = 'email' | 'phone' | 'brazilianPhone' | 'socialLink' | 'cpf' | 'pixKey';

/** What a marketplace does not allow in a message. */
export interface ContactRule {
	/** As a seller says it: `Amazon`. */
	marketplace: string;
	kinds: readonly ContactKind[];
	/** The rule by its name, and what comes of breaking it, in a sentence. */
	words: string;
}

/** A text of a message, by the label of its field. */
export type Written = Readonly<Record<string, string | undefined>>;

export interface ContactWarning {
	code: 'ContactData';
	message: string;
}

/** What it is called, and the first of it in a text. */
interface Kind {
	what: string;
	find(text: string): string | undefined;
}

const kinds: Readonly<Record<ContactKind, Kind>> = {
	email: { what: 'an e-mail address', find: emailIn },
	phone: { what: 'a phone number', find: (text) => firstOf(withoutAddresses(text), PHONES) },
	// A number of the same form is a ZIP code in the United States.
	brazilianPhone: {
		what: 'a phone number',
		find: (text) => firstOf(withoutAddresses(text), BRAZILIAN_PHONES),
	},
	socialLink: {
		what: 'a link to a messenger, a social network or a payment',
		find: socialLinkIn,
	},
	cpf: {
		what: 'a CPF',
		find: (text) => firstOf(text, [/(?<![\d.-])\d{3}\.\d{3}\.\d{3}-\d{2}(?![\d-])/]),
	},
	pixKey: { what: 'a Pix key', find: (text) => firstOf(text, PIX_KEYS) },
};

/** 12/24/2026, 24.12.26, 2026-12-24. */
const DATE = String.raw`(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2}))(?![-/.]?\d)`;

/** What makes a size or a capacity of the digits before it. */
const UNIT = String.raw`\s?(?:mm|cm|ml|g|kg|mah|wh)\b`;

/** A number after one of the words; before its digits a zero, as numbers within a country are written. */
const afterWords = (words: string, between: string, digits: readonly [number, number]) =>
	new RegExp(
		`\\b(?:${words})\\b${between}\\s*(?!${DATE})\\(?0?\\d(?:[ ()/.-]{0,2}\\d){${digits.map((one) => one - 1).join()}}(?![\\d-]|${UNIT})`,
		'i',
	);

/** Numbers of orders, items and parcels, dates, prices and sizes are none. */
const PHONES = [
	// +55 16 99123-4567
	/(?<![\w+])\+[1-9]\d{0,2}(?:[ ().-]{0,2}\d){7,12}(?![\d-])/,
	// (555) 123-4567
	/\(\d{3}\)\s?\d{3}[-. ]\d{4}(?![\d-])/,
	// 555-123-4567, 555.123.4567
	/(?<![\d.-]|\b(?:part|sku|model|art)\b[ .:#no]{0,6})\d{3}([-.])\d{3}\1\d{4}(?![\d-])/i,
	// Phone: 0170 1234567
	afterWords(
		'(?:tele)?(?:phone|fone|fon)|tel|cell|mobile|handy|celular|whats ?app|zap|sms',
		String.raw`\.?(?:\s+(?:number|no\.?))?\s*(?:[:=]|\bis\b)?`,
		[8, 11],
	),
	// Call us on 1701 2345
	afterWords(
		'call|text|ring|liguem?|anrufen',
		String.raw`(?:\s+(?:me|us|para|now|o)\s*(?:at|on|:)?|\s*:)`,
		[8, 11],
	),
	// Call 0170 1234567. With fewer digits it may be a part's number: "Ring 12345678 in gold".
	afterWords('call|text|ring|liguem?|anrufen', String.raw`\s*(?:at|on|:)?`, [9, 11]),
];

const BRAZILIAN_PHONES = [
	/\(\d{2}\)\s?\d{4,5}[-\s]?\d{4}(?![\d-])/,
	/(?<![\d-]|\b(?:pedido|código|objeto|nota)\b[ .:#nº°]{0,6})\d{5}-\d{4}(?![\d-])/i,
	/(?<![\d-])\d{2}\s9\d{4}[-\s]?\d{4}(?![\d-])/,
];

/** To pay by Pix is allowed to say. */
const PIX_KEYS = [
	/\bchaves?\s+(?:(?:do|de|no)\s+)?pix\b/i,
	new RegExp(
		String.raw`\bpix\b\W{0,3}(?:é\s+|para\s+)?(?!${DATE})(?:\(?\+?\d[\d\s().-]{8,}|[0-9a-f]{8}-[0-9a-f]{4}-|\S+@\S)`,
		'i',
	),
];

const SOCIAL_HOSTS = [
	...['wa.me', 'whatsapp.com', 't.me', 'telegram.me', 'm.me', 'facebook.com', 'fb.me'],
	...['instagram.com', 'tiktok.com', 'twitter.com', 'x.com', 'paypal.com', 'paypal.me'],
	...['venmo.com', 'cash.app', 'zellepay.com', 'revolut.me', 'wise.com'],
];

/** Hosts that stand alone, too, as people write them. */
const HOSTS = /(?<![\w@.-])(?:[\w-]+\.)*?([\w-]+\.[a-z]{2,6})(?=[/?#\s,;:!)]|\.?$|\.\s)/gi;

function socialLinkIn(text: string): string | undefined {
	const isSocial = (host = '') => SOCIAL_HOSTS.includes(host.toLowerCase());
	return [...text.matchAll(HOSTS)].find(([, host]) => isSocial(host))?.[0];
}

function firstOf(text: string, patterns: readonly RegExp[]): string | undefined {
	return patterns.map((pattern) => pattern.exec(text)?.[0]).find((found) => found !== undefined);
}

/** Numbers in the address of a parcel are no one's phone. */
const withoutAddresses = (text: string) => text.replace(/\bhttps?:\/\/\S+/gi, ' ');

/** Of what was found. */
const LONGEST_SHOWN = 60;

/**
 * Looks for data in a message that the marketplace does not allow there. Numbers can look like others: what
 * is no such data can be sent by the option.
 *
 * @param allowed the option 'Allow Contact Data'
 * @returns what was found and is sent all the same
 * @throws Refusal that names the field and the rule
 */
export function contactWarnings(
	written: Written,
	{ marketplace, kinds: forbidden, words }: ContactRule,
	allowed: boolean,
): ContactWarning[] {
	return Object.entries(written).flatMap(([label, text = '']) => {
		const found = new Map<string, string>();
		for (const { what, find } of forbidden.map((kind) => kinds[kind])) {
			const part = find(text);
			if (part !== undefined && !found.has(what)) found.set(what, part.slice(0, LONGEST_SHOWN));
		}
		if (found.size === 0) return [];
		const parts = [...found].map(([what, part]) => `${what} (${part})`);
		const message = `'${label}' holds ${parts.join(' and ')}, which ${marketplace} does not allow`;
		if (allowed) return [{ code: 'ContactData' as const, message: `${message}. ${words}` }];
		throw new Refusal(
			message,
			`${words} Take it out: the buyer answers through the marketplace. If it is something else, or has to be there, add the option 'Allow Contact Data': it is sent then, with a warning in its item.`,
			'ContactData',
		);
	});
}
