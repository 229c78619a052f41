import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { settleAll } from '../../shared/settleAll';
import { identityOf } from '../../shared/files/attachmentBytes';
import { attachmentsOf, type Attachment } from '../../shared/files/attachments';
import { Refusal } from '../../shared/outcome';
import { refuseGaps } from '../../shared/run/expression';
import { codePointsIn } from '../../shared/values';
import { refuseWithoutOAuth, type Connection } from '../api/connection';
import { messageLimits, pictureLimits } from '../api/limits';
import { uploadPicture, wrongInPictureUrl, type HostedPicture } from '../api/media';
import type { MessageMedia } from '../api/messages';
import { cleanText } from './parameters';

/** The pictures of a message, before any is uploaded: files first, then what eBay hosts already. */
export interface Pictures {
	files: Attachment[];
	hosted: MessageMedia[];
}

/** @throws Refusal for files and addresses that cannot go into a message, and for too many */
export function picturesOf(
	context: IExecuteFunctions,
	itemIndex: number,
	connection: Connection,
): Pictures {
	const files = filesOf(context, itemIndex, connection);
	const rows = context.getNodeParameter('pictureUrls.picture', itemIndex, []) as IDataObject[];
	const hosted = rows.map((row, place) => {
		refuseGaps(context, itemIndex, `pictureUrls.picture.${place}.name`, 'Name');
		return hostedPicture(row, connection);
	});
	refuseTooMany(files.length + hosted.length, 'Picture URLs');
	return { files, hosted };
}

/** @throws Refusal, also where the credential cannot upload */
export function filesOf(
	context: IExecuteFunctions,
	itemIndex: number,
	connection: Connection,
): Attachment[] {
	const files = attachmentsOf(context, itemIndex, pictureLimits);
	if (files.length > 0) {
		refuseWithoutOAuth(connection, 'Uploading pictures');
		if (connection.mediaUrl === '') {
			throw new Refusal(
				"The credential's 'Media URL' is empty",
				'Pictures are uploaded there. Write the address that stands for https://apim.ebay.com.',
			);
		}
	}
	return files;
}

/** @param other the label of the field beside 'Attachments' */
export function refuseTooMany(count: number, other: string): void {
	if (count <= messageLimits.media) return;
	throw new Refusal(
		`eBay takes at most ${messageLimits.media} files with a message, and there are ${count}`,
		`Remove some in 'Attachments' or '${other}'.`,
	);
}

function hostedPicture(row: IDataObject, { custom }: Connection): MessageMedia {
	const url = cleanText(row.url, 'URL');
	const problem = wrongInPictureUrl(url, custom);
	if (problem) {
		throw new Refusal(
			`A 'URL' of 'Picture URLs' is ${problem}`,
			"eBay shows only pictures that it hosts itself, at https://i.ebayimg.com/…. Put the picture into a binary field and name it under 'Attachments': it is uploaded to eBay then.",
		);
	}
	const name = cleanText(row.name, 'Name');
	if (codePointsIn(name) > messageLimits.mediaName) {
		throw new Refusal(
			`A 'Name' of 'Picture URLs' is too long for eBay`,
			`At most ${messageLimits.mediaName} characters are allowed.`,
		);
	}
	return { url, name: name || nameIn(url) };
}

/** The last part of an address, as a label. */
export function nameIn(url: string): string {
	const last = new URL(url).pathname.split('/').filter(Boolean).at(-1) ?? '';
	return labelOf(last) || 'picture';
}

/** Uploads the files, all at once, and waits for the last one even when one fails. */
export async function uploaded(
	connection: Connection,
	files: Attachment[],
): Promise<HostedPicture[]> {
	const pictures = await settleAll(files, async (file) => await uploadPicture(connection, file));
	for (const { fileName } of pictures) {
		if (labelOf(fileName) !== fileName) {
			connection.hint(
				`eBay shows at most ${messageLimits.mediaName} characters of a picture's name: longer ones are shortened`,
			);
		}
	}
	return pictures;
}

/** A file's name as eBay shows it: a longer one loses its middle, never its extension. */
export function labelOf(fileName: string): string {
	const letters = [...fileName];
	if (letters.length <= messageLimits.mediaName) return fileName;
	const extension = [...(/\.[^.]{1,10}$/.exec(fileName)?.[0] ?? '')];
	const kept = letters.slice(0, messageLimits.mediaName - extension.length - 1);
	return [...kept, '…', ...extension].join('');
}

export const asMedia = ({ url, fileName }: HostedPicture): MessageMedia => ({
	url,
	name: labelOf(fileName),
});

/** The labels of the pictures, as eBay shows them. */
export const labelsOf = ({ files, hosted }: Pictures): string[] => [
	...files.map(({ fileName }) => labelOf(fileName)),
	...hosted.map(({ name }) => name),
];

/** What counts as the same files, for 'Prevent Duplicates'. */
export async function sameFiles(files: Attachment[]): Promise<string[]> {
	return await settleAll(files, async (file) => await identityOf(file, pictureLimits));
}

/** What counts as the same pictures, for 'Prevent Duplicates'. */
export async function samePictures({ files, hosted }: Pictures): Promise<string[]> {
	return [...(await sameFiles(files)), ...hosted.map(({ url, name }) => `${url} ${name}`)];
}

/** Of a message's own; it has an address once it was uploaded. */
export type OwnPicture = Pick<HostedPicture, 'fileName' | 'mimeType' | 'size'> & { url?: string };

/** As it stands in the output. */
export function shownPicture({ fileName, mimeType, size, url }: OwnPicture): IDataObject {
	return { fileName, mimeType, size, ...(url ? { url } : {}) };
}

/** As they stand in the output: what was uploaded, then what was there. */
export function shownPictures(
	pictures: readonly OwnPicture[],
	hosted: MessageMedia[],
): IDataObject[] {
	return [
		...pictures.map(shownPicture),
		...hosted.map(({ name, url }) => ({ fileName: name, mimeType: null, size: null, url })),
	];
}
