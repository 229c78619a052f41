import { Refusal } from '../outcome';
import { shownName } from './fileName';

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
	/** MIME types that are taken beside the ones above, or have several extensions, and the one they go by. */
	aliases?: Readonly<Record<string, string>>;
	/** Said when a file's type is not taken, after what is. */
	typeAdvice?: string;
}

/** @throws Refusal for too many files, or too large ones */
export function refuseOverLimits(
	files: ReadonlyArray<{ fileName: string; size: number }>,
	limits: AttachmentLimits,
): void {
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
				`The file '${shownName(fileName)}' is too large for ${marketplace}`,
				`It has ${against(size, maxFileSize)} are allowed. Send a smaller file.`,
			);
		}
	}
	const total = files.reduce((sum, { size }) => sum + size, 0);
	if (total > maxTotalSize) {
		throw new Refusal(
			`The attachments are too large for ${marketplace}`,
			`Together they have ${against(total, maxTotalSize)} are allowed. Send smaller or fewer files.`,
		);
	}
}

/** @returns the refusal of a file without a byte */
export function emptyFileError(fileName: string): Refusal {
	return new Refusal(
		`The file '${shownName(fileName)}' is empty`,
		'Check the node that made it: an empty file cannot be sent.',
	);
}

/** In megabytes, and in bytes where a person would read the same number twice. */
function against(size: number, most: number): string {
	const write =
		inMegabytes(size) === inMegabytes(most)
			? (bytes: number) => `${bytes.toLocaleString('en-US')} bytes`
			: inMegabytes;
	return `${write(size)}; at most ${write(most)}`;
}

function inMegabytes(bytes: number): string {
	return `${(bytes / (1024 * 1024)).toFixed(2).replace(/\.?0+$/, '')} MB`;
}
