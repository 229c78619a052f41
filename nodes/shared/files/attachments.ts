import type { IBinaryData, IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { Refusal } from '../outcome';
import { refuseGaps } from '../run/expression';
import { textIn } from '../text';
import { emptyFileError, refuseOverLimits, type AttachmentLimits } from './attachmentLimits';
import { refuseFileName } from './fileName';
import { fileTypeOf } from './fileType';

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
	const files = rows.flatMap((row, place) => {
		const wanted = fieldsOf('binaryPropertyName' in row ? row.binaryPropertyName : 'data');
		const fileName = textIn(row.fileName, 'File Name');
		refuseGaps(context, itemIndex, `attachments.file.${place}.fileName`, 'File Name');
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
	if (typeof value === 'object') return [value as IBinaryData];
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
	const { fileName, extension, mimeType } = fileTypeOf(named, binary.mimeType, limits);
	if (named === '') {
		throw new Refusal(
			`The file in '${typeof field === 'string' ? field : 'Input Binary Field'}' has no name`,
			"Write one into 'File Name': the buyer sees it.",
		);
	}
	refuseFileName(fileName);
	const size = sizeOf(binary);
	if (size === 0) throw emptyFileError(fileName);
	const { helpers } = context;
	const load = async () => await helpers.getBinaryDataBuffer(itemIndex, field);
	const { id } = binary;
	const open = id ? async () => await helpers.getBinaryStream(id) : load;
	return { fileName, mimeType, extension, size: size ?? 0, load, open };
}

/**
 * `$binary` gives a file without its `data`: the item has the whole one. n8n 1 takes none for a file that has no
 * `data`, also where its bytes are kept elsewhere.
 */
function wholeFile(context: IExecuteFunctions, itemIndex: number, file: IBinaryData): IBinaryData {
	if (file.data !== undefined) return file;
	const facts = Object.entries(file);
	const files: IBinaryData[] = Object.values(context.getInputData()[itemIndex]!.binary ?? {});
	const same = files.filter((one) =>
		facts.every(([name, value]) => one[name as keyof IBinaryData] === value),
	);
	if (facts.length > 0 && same.length === 1) return same[0]!;
	return file.id ? { ...file, data: '' } : file;
}

function binaryOf(
	context: IExecuteFunctions,
	itemIndex: number,
	field: string | IBinaryData,
): IBinaryData {
	const found = foundIn(context, itemIndex, field);
	if (found === undefined) {
		const present = Object.keys(context.getInputData()[itemIndex]!.binary ?? {});
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
	return binary.id ? undefined : Math.floor((binary.data.replaceAll('=', '').length * 3) / 4);
}
