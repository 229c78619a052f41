import type { IBinaryData, IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { Refusal } from '../outcome';

/** Bytes: at once, or one piece after the other, once. */
export type Content = Buffer | Awaited<ReturnType<IExecuteFunctions['helpers']['getBinaryStream']>>;

/** A file of the input, not loaded yet. */
export interface Attachment {
	/** As the buyer sees it, extension included. */
	fileName: string;
	mimeType: string;
	/** In lower case, without the dot. */
	extension: string;
	/** Bytes; 0 where n8n did not count them. */
	size: number;
	/** Loads the bytes; call it late and let go of them early. */
	load(): Promise<Buffer>;
	/** The bytes as n8n has them: little by little where it keeps the file outside the item. */
	open(): Promise<Content>;
}

/** What a marketplace takes. */
export interface AttachmentLimits {
	/** As a seller says it: `Amazon`. */
	marketplace: string;
	maxFiles: number;
	/** Bytes a file, inclusive. */
	maxFileSize?: number;
	/** Bytes of all files together, inclusive. */
	maxTotalSize?: number;
	/** Extension (lower case, no dot) to the MIME type it is sent as. */
	types: Readonly<Record<string, string>>;
	/** MIME types that are taken beside the ones above, and the extension they stand for. */
	aliases?: Readonly<Record<string, string>>;
	/** Said when a file's type is not taken, after what is. */
	typeAdvice?: string;
}

/**
 * The files of an item, in the order of the form.
 *
 * @throws Refusal for a field that holds no file and for every limit, before any byte is loaded
 */
export function attachmentsOf(
	context: IExecuteFunctions,
	itemIndex: number,
	limits: AttachmentLimits,
): Attachment[] {
	const rows = context.getNodeParameter('attachments.file', itemIndex, []) as IDataObject[];
	const files = rows.flatMap((row) => {
		const wanted = fieldsOf('binaryPropertyName' in row ? row.binaryPropertyName : 'data');
		const fileName = String(row.fileName ?? '').trim();
		if (wanted.length > 1 && fileName !== '') {
			throw new Refusal(
				"'File Name' names one file, but 'Input Binary Field' lists several",
				"Leave 'File Name' empty, or add one attachment for each file.",
			);
		}
		return wanted.map((field) => readFile(context, itemIndex, field, fileName, limits));
	});
	refuseOverLimits(files, limits);
	return files;
}

/** A row holds a name, a list of names, a binary object, or a list of those; an empty text is no file. */
function fieldsOf(value: unknown): Array<string | IBinaryData> {
	if (value === undefined || value === null) {
		throw new Refusal(
			"The expression in 'Input Binary Field' gives nothing",
			'Check that the item has what it reads. An expression that gives an empty text says: no file.',
		);
	}
	if (Array.isArray(value)) return value.flatMap(fieldsOf);
	if (typeof value === 'object' && value !== null) return [value as IBinaryData];
	return String(value)
		.split(',')
		.map((name) => name.trim())
		.filter((name) => name !== '');
}

function readFile(
	context: IExecuteFunctions,
	itemIndex: number,
	given: string | IBinaryData,
	givenName: string,
	limits: AttachmentLimits,
): Attachment {
	const field = typeof given === 'string' ? given : wholeFile(context, itemIndex, given);
	const binary = binaryOf(context, itemIndex, field);
	const named = givenName || (binary.fileName ?? '').trim();
	const { extension, mimeType } = typeOf(named, binary, limits);
	const fileName = extensionOf(named) === '' ? `${named.replace(/\.+$/, '')}.${extension}` : named;
	if (named === '') {
		throw new Refusal(
			`The file in '${typeof field === 'string' ? field : 'Input Binary Field'}' has no name`,
			"Write one into 'File Name': the buyer sees it.",
		);
	}
	refuseFileName(fileName);
	const size = sizeOf(binary);
	if (size === 0) throw emptyFile(fileName);
	const { helpers } = context;
	const load = async () => await helpers.getBinaryDataBuffer(itemIndex, field);
	const { id } = binary;
	const open = id ? async () => await helpers.getBinaryStream(id) : load;
	return { fileName, mimeType, extension, size: size ?? 0, load, open };
}

/** `$binary` gives a file that is kept in the item itself without its bytes: the item has the whole one. */
function wholeFile(context: IExecuteFunctions, itemIndex: number, file: IBinaryData): IBinaryData {
	if (file.id || file.data !== undefined) return file;
	const facts = Object.entries(file);
	const files: IBinaryData[] = Object.values(context.getInputData()[itemIndex]?.binary ?? {});
	const same = files.filter((one) =>
		facts.every(([name, value]) => one[name as keyof IBinaryData] === value),
	);
	return facts.length > 0 && same.length === 1 ? same[0]! : file;
}

function binaryOf(
	context: IExecuteFunctions,
	itemIndex: number,
	field: string | IBinaryData,
): IBinaryData {
	const found = foundIn(context, itemIndex, field);
	if (found === undefined) {
		const present = Object.keys(context.getInputData()[itemIndex]?.binary ?? {});
		throw new Refusal(
			`The item has no file in the binary field '${typeof field === 'string' ? field : 'given by the expression'}'`,
			present.length > 0
				? `Binary fields of this item: ${present.join(', ')}. Write one of these into 'Input Binary Field'.`
				: 'This item has no files. Add a node before this one that outputs a file (for example Read/Write Files, HTTP Request or Google Drive), and check that no node in between drops it.',
		);
	}
	return found;
}

function foundIn(
	context: IExecuteFunctions,
	itemIndex: number,
	field: string | IBinaryData,
): IBinaryData | undefined {
	try {
		return context.helpers.assertBinaryData(itemIndex, field);
	} catch {
		return undefined;
	}
}

/**
 * n8n counts the bytes when it stores a file; a file kept in the item itself can be counted here.
 * @returns nothing for a stored file that was not counted
 */
function sizeOf(binary: IBinaryData): number | undefined {
	if (typeof binary.bytes === 'number') return binary.bytes;
	return binary.id ? undefined : Math.floor((binary.data.replace(/=+$/, '').length * 3) / 4);
}

export function emptyFile(fileName: string): Refusal {
	return new Refusal(
		`The file '${shown(fileName)}' is empty`,
		'Check the node that made it: an empty file cannot be sent.',
	);
}

/** MIME types that say nothing about a file: its extension decides. */
const SAYS_NOTHING = new Set(['', 'application/octet-stream', 'binary/octet-stream', 'text/plain']);

function typeOf(
	fileName: string,
	binary: IBinaryData,
	{ types, aliases = {}, marketplace, typeAdvice }: AttachmentLimits,
): { extension: string; mimeType: string } {
	const mime = (binary.mimeType ?? '').split(';')[0]!.trim().toLowerCase();
	const extension = extensionOf(fileName);
	const ofMime =
		new Map(Object.entries(aliases)).get(mime) ??
		Object.keys(types).find((known) => types[known] === mime);
	const isTaken = Object.hasOwn(types, extension);

	if (isTaken && (ofMime !== undefined || SAYS_NOTHING.has(mime))) {
		return { extension, mimeType: types[extension]! };
	}
	if (extension === '' && ofMime !== undefined) {
		return { extension: ofMime, mimeType: types[ofMime]! };
	}
	const kind = isTaken || extension === '' ? mime || 'of an unknown type' : `.${extension}`;
	throw new Refusal(
		`${marketplace} does not take the file '${shown(fileName)}' (${kind})`,
		`Taken are: ${Object.keys(types).sort().join(', ')}.${typeAdvice ? ` ${typeAdvice}` : ''}`,
	);
}

function extensionOf(fileName: string): string {
	return (/\.([^.]+)$/.exec(fileName)?.[1] ?? '').trim().toLowerCase();
}

// Control characters would break headers, separators would leave the folder that a buyer's mail program saves
// to, and half a character (or none) cannot be written in every format.
const FORBIDDEN = /[\p{Cc}\p{Cs}\ufffe\uffff\u2028\u2029\u202a-\u202e\u2066-\u2069/\\]/u;

/** @throws Refusal for a name that could break out of a header or a folder */
export function refuseFileName(fileName: string): void {
	if (FORBIDDEN.test(fileName)) {
		throw new Refusal(
			`The file name '${shown(fileName)}' holds a character that is not allowed`,
			"Slashes, backslashes, line breaks and control characters are not allowed. Write another name into 'File Name'.",
		);
	}
	if ([...fileName].length > 255) {
		throw new Refusal(
			`The file name '${shown(fileName)}' is too long`,
			"At most 255 characters. Write a shorter name into 'File Name'.",
		);
	}
}

function refuseOverLimits(files: Attachment[], limits: AttachmentLimits): void {
	const { marketplace, maxFiles } = limits;
	if (files.length > maxFiles) {
		throw new Refusal(
			maxFiles === 0
				? `${marketplace} takes no attachments with this message`
				: `${marketplace} takes at most ${maxFiles} attachments, and there are ${files.length}`,
			"Remove some in 'Attachments'.",
		);
	}
	refuseSizes(files, limits);
}

/** @throws Refusal for a file, or all together, over the limit (bytes, inclusive) */
export function refuseSizes(
	files: ReadonlyArray<{ fileName: string; size: number }>,
	{ marketplace, maxFileSize = Infinity, maxTotalSize = Infinity }: AttachmentLimits,
): void {
	for (const { fileName, size } of files) {
		if (size > maxFileSize) {
			throw new Refusal(
				`The file '${shown(fileName)}' is too large for ${marketplace}`,
				`It has ${inMegabytes(size)}; at most ${inMegabytes(maxFileSize)} are allowed. Send a smaller file.`,
			);
		}
	}
	const total = files.reduce((sum, { size }) => sum + size, 0);
	if (total > maxTotalSize) {
		throw new Refusal(
			`The attachments are too large for ${marketplace}`,
			`Together they have ${inMegabytes(total)}; at most ${inMegabytes(maxTotalSize)} are allowed. Send smaller or fewer files.`,
		);
	}
}

/** For messages: short, and without what could confuse a terminal or a page. */
function shown(fileName: string): string {
	const clean = fileName.replace(new RegExp(FORBIDDEN, 'gu'), '?');
	return clean.length > 60 ? `${clean.slice(0, 57)}…` : clean;
}

function inMegabytes(bytes: number): string {
	return `${(bytes / (1024 * 1024)).toFixed(2).replace(/\.?0+$/, '')} MB`;
}
