import { Refusal } from './outcome';
import { codePointsIn } from './values';

/** HTML is `<` or `</` followed by a letter or `!`, up to `>`; entities and a lone `<` are text. */
const HTML = /<\/?[a-z!][^>]*>/i;

const EMAIL = /[^\s@<>(),;:"']+@[^\s@<>(),;:"']+\.[a-z]{2,}/i;

export interface TextLimits {
	/** As the form labels it: `Text`. */
	label: string;
	/** As a seller says it: `Amazon`. */
	marketplace: string;
	/** Code points. */
	min: number;
	max: number;
	refuseHtml?: boolean;
	refuseEmail?: boolean;
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
	const html = limits.refuseHtml ? HTML.exec(text) : null;
	if (html) {
		throw new Refusal(
			`'${label}' holds HTML (${html[0].slice(0, 30)}), which ${marketplace} does not take`,
			'Write plain text, with line breaks instead of tags.',
		);
	}
	if (limits.refuseEmail && EMAIL.test(text)) {
		throw new Refusal(
			`'${label}' holds an e-mail address, which ${marketplace} does not allow`,
			'Take the address out. The buyer answers through the marketplace.',
		);
	}
}
