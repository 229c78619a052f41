import type { HttpResponse } from '../../shared/http/service';
import { LONGEST_PAGE } from '../../shared/text';
import { isNoError, isRecord, parseJson, recordOf, textOf, type Json } from '../../shared/values';
import { readXml } from './xml';

/** What an answer says of an error, in whichever form one of eBay's systems puts it. */
export interface Said {
	/** eBay's number or word for it. */
	code?: string;
	/** Where a person can read them; several are parted by ` | `. */
	words?: string;
}

/** A text over this length is a page, not a sentence (characters). */
const LONGEST_SENTENCE = 500;

/** @returns nothing of an answer that says nothing readable */
export function saidIn({ text }: HttpResponse): Said {
	const json = parseJson(text);
	if (json !== undefined) return saidByJson(json);
	const document = readXml(text);
	if (document) return saidByXml(document.content);
	return { words: sentenceIn(text) };
}

/**
 * The errors of a REST answer: a list or one, of records or of texts, as `errors` or as `error`; a record
 * with a message counts as one.
 *
 * @returns each as a record
 */
export function errorsIn(json: unknown): Json[] {
	const { errors, error } = recordOf(json);
	const said = errors ?? error;
	const listed = (isNoError(said) ? [] : [said].flat()).filter(
		(one) => one !== undefined && one !== null,
	);
	const found = listed.map((one) => (isRecord(one) ? one : { message: one }));
	// OAuth's `error` is a word, and the sentence stands beside it.
	if (typeof error === 'string') return [{ code: error, ...recordOf(json) }];
	return found;
}

/** The same of an answer that is read already. */
export function saidByJson(json: unknown): Said {
	const errors = errorsIn(json);
	const all = errors.length > 0 ? errors : [isRecord(json) ? json : { message: json }];
	const words = all.map(wordsOf).filter((one) => one !== undefined);
	return { code: codeOf(all[0]!), words: words.join(' | ') || undefined };
}

/** @returns whether an error has a code or a sentence */
export function saysSomething(error: Json): boolean {
	return codeOf(error) !== undefined || wordsOf(error) !== undefined;
}

const codeOf = (error: Json) =>
	textOf(error.errorId) ?? textOf(error.code) ?? textOf(error.errorCode);

const wordsOf = (error: Json) =>
	textOf(error.longMessage) ??
	textOf(error.error_description) ??
	textOf(error.message) ??
	textOf(error.description) ??
	textOf(error.errorMessage) ??
	textOf(error.detail);

/** Elements that hold a sentence, the fuller before the shorter, and those that hold a code. */
const SENTENCES = ['LongMessage', 'ShortMessage', 'message', 'Message', 'faultstring'];
const CODES = ['ErrorCode', 'errorId', 'errorCode', 'faultcode'];

function saidByXml(root: Json): Said {
	return { code: firstIn(root, CODES), words: firstIn(root, SENTENCES) };
}

function firstIn(node: unknown, names: readonly string[]): string | undefined {
	if (Array.isArray(node)) return firstOf(node, (one) => firstIn(one, names));
	if (!isRecord(node)) return undefined;
	const here = firstOf(names, (name) => textOf(node[name])?.trim() || undefined);
	return here ?? firstOf(Object.values(node), (one) => firstIn(one, names));
}

function firstOf<T, R>(list: readonly T[], find: (one: T) => R | undefined): R | undefined {
	for (const one of list) {
		const found = find(one);
		if (found !== undefined) return found;
	}
	return undefined;
}

/** Plain words, or the title of a page. */
function sentenceIn(text: string): string | undefined {
	const title = /<title[^<>]*>([^<]*)</i.exec(text.slice(0, LONGEST_PAGE))?.[1];
	const plain = (/^\s*</.test(text) ? (title ?? '') : text).replace(/\s+/g, ' ').trim();
	const readable = /\p{L}/u.test(plain) && plain.length <= LONGEST_SENTENCE;
	// What is half of a document is no sentence.
	return readable && !/^[{[<]/.test(plain) ? plain : undefined;
}
