import { Refusal } from '../outcome';

// Control characters would break headers, separators would leave the folder that a buyer's mail program saves
// to, and half a character (or none) cannot be written in every format.
const FORBIDDEN = /[\p{Cc}\p{Cs}\ufffe\uffff\u2028\u2029\u202a-\u202e\u2066-\u2069/\\]/u;

/** @throws Refusal for a name that could break out of a header or a folder */
export function refuseFileName(fileName: string): void {
	if (FORBIDDEN.test(fileName)) {
		throw new Refusal(
			`The file name '${shownName(fileName)}' holds a character that is not allowed`,
			"Slashes, backslashes, line breaks and control characters are not allowed. Write another name into 'File Name'.",
		);
	}
	if ([...fileName].length > 255) {
		throw new Refusal(
			`The file name '${shownName(fileName)}' is too long`,
			"At most 255 characters. Write a shorter name into 'File Name'.",
		);
	}
}

/** A file's name for messages: short, and without what could confuse a terminal or a page. */
export function shownName(fileName: string): string {
	const clean = fileName.replace(new RegExp(FORBIDDEN, 'gu'), '?');
	return clean.length > 60 ? `${clean.slice(0, 57)}…` : clean;
}
