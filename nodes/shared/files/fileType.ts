import { Refusal } from '../outcome';
import type { AttachmentLimits } from './attachmentLimits';
import { shownName } from './fileName';

/** A file as a marketplace gets it. */
export interface FileType {
	/** The name, with an extension that fits the type. */
	fileName: string;
	/** In lower case, without the dot. */
	extension: string;
	mimeType: string;
}

/** MIME types that say nothing about a file: its name decides. n8n calls everything text that it does not know. */
const SAYS_NOTHING = new Set([
	'',
	'application/download',
	'application/force-download',
	'application/octet-stream',
	'application/unknown',
	'application/x-download',
	'binary/octet-stream',
	'text/plain',
]);

/** Endings that stand for a type and are in no marketplace's table, or not in every one. */
const otherEndings: ReadonlyMap<string, string> = new Map([
	['dib', 'image/bmp'],
	['heif', 'image/heif'],
	['hif', 'image/heif'],
	['jfif', 'image/jpeg'],
	['jpe', 'image/jpeg'],
	['pjp', 'image/jpeg'],
	['pjpeg', 'image/jpeg'],
	['text', 'text/plain'],
]);

/**
 * The type that a file goes by. A declared type that the marketplace takes counts, whatever the name says;
 * one that says nothing leaves it to the name.
 *
 * @param named the file's name, also one that an address gave it (`$_57.JPG?set_id=8800`)
 * @param declared its MIME type as the item has it
 * @throws Refusal for a type that the marketplace does not take
 */
export function fileTypeOf(
	named: string,
	declared: string | undefined,
	limits: AttachmentLimits,
): FileType {
	const { types } = limits;
	const mime = (declared ?? '').split(';')[0]!.trim().toLowerCase();
	const name = withoutQuery(named);
	const ending = endingOf(name);
	const ofName = extensionFor(otherEndings.get(ending), limits);
	const byName = Object.hasOwn(types, ending) ? ending : ofName;
	const extension = SAYS_NOTHING.has(mime) && ending !== '' ? byName : extensionFor(mime, limits);
	if (extension === undefined) throw notTakenError(named, byName ?? ending, mime, limits);

	const mimeType = types[extension]!;
	if (Object.hasOwn(types, ending) && types[ending] === mimeType) {
		return { fileName: name, extension: ending, mimeType };
	}
	const isSameKind = ofName !== undefined && types[ofName] === mimeType;
	const stem = isSameKind ? name.slice(0, -ending.length - 1) : name.replace(/\.+$/, '');
	return { fileName: `${stem}.${extension}`, extension, mimeType };
}

/** @returns the extension that a MIME type goes by; nothing for one that is not taken */
function extensionFor(
	mimeType: string | undefined,
	{ types, aliases = {} }: AttachmentLimits,
): string | undefined {
	if (mimeType === undefined) return undefined;
	if (Object.hasOwn(aliases, mimeType)) return aliases[mimeType];
	return Object.keys(types).find((extension) => types[extension] === mimeType);
}

function notTakenError(
	named: string,
	ending: string,
	mime: string,
	{ marketplace, types, typeAdvice }: AttachmentLimits,
): Refusal {
	const isTaken = ending === '' || Object.hasOwn(types, ending);
	return new Refusal(
		`${marketplace} does not take the file '${shownName(named)}' (${isTaken ? mime || 'of an unknown type' : `.${ending}`})`,
		`Taken are: ${Object.keys(types).sort().join(', ')}.${typeAdvice ? ` ${typeAdvice}` : ''}`,
	);
}

/** A name that was made of an address may have kept the address's query. */
function withoutQuery(named: string): string {
	return named.replace(/(\.[a-z0-9]{2,5})\?[^\s?=]+=\S*$/i, '$1');
}

/** The extension in lower case; nothing for what only looks like one (`2024.01.05`, `No. 7 of May`). */
function endingOf(name: string): string {
	const ending = /\.\s*([a-z0-9]{1,16})$/i.exec(name)?.[1] ?? '';
	return /^\d+$/.test(ending) ? '' : ending.toLowerCase();
}
