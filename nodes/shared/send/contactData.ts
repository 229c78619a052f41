import { Refusal } from '../outcome';
import { holdsEmail } from '../text';

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

const kinds: Readonly<Record<ContactKind, { what: string; isIn: (text: string) => boolean }>> = {
	email: { what: 'an e-mail address', isIn: holdsEmail },
	phone: { what: 'a phone number', isIn: (text) => matches(withoutAddresses(text), PHONES) },
	// A number of the same form is a ZIP code in the United States.
	brazilianPhone: {
		what: 'a phone number',
		isIn: (text) => matches(withoutAddresses(text), BRAZILIAN_PHONES),
	},
	socialLink: {
		what: 'a link to a messenger, a social network or a payment',
		isIn: holdsSocialLink,
	},
	cpf: {
		what: 'a CPF',
		isIn: (text) => /(?<![\d.-])\d{3}\.\d{3}\.\d{3}-\d{2}(?![\d-])/.test(text),
	},
	pixKey: { what: 'a Pix key', isIn: (text) => matches(text, PIX_KEYS) },
};

/** Eight to eleven digits after one of the words, and a zero before them, as numbers within a country are written. */
const afterWords = (words: string, between: string) =>
	new RegExp(`\\b(?:${words})\\b${between}\\s*\\(?0?\\d(?:[ ()/.-]{0,2}\\d){7,10}(?![\\d-])`, 'i');

/** Numbers of orders, items and parcels, dates, prices and sizes are none. */
const PHONES = [
	// +55 16 99123-4567
	/(?<![\w+])\+[1-9]\d{0,2}(?:[ ().-]{0,2}\d){7,12}(?![\d-])/,
	// (555) 123-4567
	/\(\d{3}\)\s?\d{3}[-. ]\d{4}(?![\d-])/,
	// 555-123-4567, 555.123.4567
	/(?<![\d.-])\d{3}([-.])\d{3}\1\d{4}(?![\d-])/,
	// Phone: 0170 1234567
	afterWords(
		'(?:tele)?(?:phone|fone|fon)|tel|cell|mobile|handy|celular|whats ?app|zap|sms',
		String.raw`\.?(?:\s+(?:number|no\.?))?\s*(?:[:=]|\bis\b)?`,
	),
	// Call us on 0170 1234567
	afterWords(
		'call|text|ring|liguem?|anrufen',
		String.raw`(?:\s+(?:me|us|para|now|o))?\s*(?:at|on|:)?`,
	),
];

const BRAZILIAN_PHONES = [
	/\(\d{2}\)\s?\d{4,5}[-\s]?\d{4}(?![\d-])/,
	/(?<![\d-])\d{5}-\d{4}(?![\d-])/,
	/(?<![\d-])\d{2}\s9\d{4}[-\s]?\d{4}(?![\d-])/,
];

/** To pay by Pix is allowed to say. */
const PIX_KEYS = [
	/\bchaves?\s+(?:(?:do|de|no)\s+)?pix\b/i,
	/\bpix\b\W{0,3}(?:é\s+|para\s+)?(?:\(?\+?\d[\d\s().-]{8,}|[0-9a-f]{8}-[0-9a-f]{4}-|\S+@\S)/i,
];

const SOCIAL_HOSTS = [
	...['wa.me', 'whatsapp.com', 't.me', 'telegram.me', 'm.me', 'facebook.com', 'fb.me'],
	...['instagram.com', 'tiktok.com', 'twitter.com', 'x.com', 'paypal.com', 'paypal.me'],
	...['venmo.com', 'cash.app', 'zellepay.com', 'revolut.me', 'wise.com'],
];

/** Hosts that stand alone, too, as people write them. */
const HOSTS = /(?<![\w@.-])(?:[\w-]+\.)*?([\w-]+\.[a-z]{2,6})(?=[/?#\s,;:!)]|\.?$|\.\s)/gi;

function holdsSocialLink(text: string): boolean {
	return [...text.matchAll(HOSTS)].some(([, host]) => SOCIAL_HOSTS.includes(host!.toLowerCase()));
}

const matches = (text: string, patterns: readonly RegExp[]) =>
	patterns.some((pattern) => pattern.test(text));

/** Numbers in the address of a parcel are no one's phone. */
const withoutAddresses = (text: string) => text.replace(/\bhttps?:\/\/\S+/gi, ' ');

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
		const found = [
			...new Set(
				forbidden.filter((kind) => kinds[kind].isIn(text)).map((kind) => kinds[kind].what),
			),
		];
		if (found.length === 0) return [];
		const message = `'${label}' holds ${found.join(' and ')}, which ${marketplace} does not allow`;
		if (allowed) return [{ code: 'ContactData' as const, message: `${message}. ${words}` }];
		throw new Refusal(
			message,
			`${words} Take it out: the buyer answers through the marketplace. If it is something else, or has to be there, add the option 'Allow Contact Data': it is sent then, with a warning in its item.`,
			'ContactData',
		);
	});
}
