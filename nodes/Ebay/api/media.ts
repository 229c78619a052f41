import { withBytes } from '../../shared/files/attachmentBytes';
import type { Attachment } from '../../shared/files/attachments';
import type { HttpResponse } from '../../shared/http/service';
import { wrongInUrl } from '../../shared/http/url';
import { MarketplaceError } from '../../shared/outcome';
import { parseJson, recordOf, textOf } from '../../shared/values';
import type { Connection } from './connection';
import { requestIdOf } from './errors';
import { USER_AGENT } from './hosts';
import { imagePlans, messageLimits, pictureLimits } from './limits';
import { restApi } from './restErrors';

/** @see https://developer.ebay.com/api-docs/commerce/media/resources/methods */
const IMAGE_PATH = '/commerce/media/v1_beta/image';

/** 12 MB over a slow line (milliseconds). */
const UPLOAD_TIMEOUT_MS = 5 * 60_000;

/** A picture at eBay, ready for a message. */
export interface HostedPicture {
	url: string;
	fileName: string;
	mimeType: string;
	/** Bytes. */
	size: number;
}

/** An upload is told by its address or by the place of its description. */
const uploadApi = restApi({
	proves: (answer) => imageUrlIn(answer) !== undefined || imageIdIn(answer) !== undefined,
});

const pictureApi = restApi({ reads: true });

/**
 * Puts a picture onto eBay Picture Services (createImageFromFile, scope `sell.inventory`). eBay removes
 * an unused one after some weeks.
 *
 * @throws MarketplaceError, always `notSent`
 * @see https://developer.ebay.com/api-docs/commerce/media/resources/image/methods/createImageFromFile
 */
export async function uploadPicture(
	connection: Connection,
	file: Attachment,
): Promise<HostedPicture> {
	return await withBytes(file, pictureLimits, async (bytes) => {
		const { fileName, mimeType } = file;
		const form = await imageForm(fileName, mimeType, bytes);
		const answer = await connection.gate.ask(uploadApi, 'prepare', {
			method: 'POST',
			url: `${connection.mediaUrl}${IMAGE_PATH}/create_image_from_file`,
			headers: {
				accept: 'application/json',
				'user-agent': USER_AGENT,
				'content-type': form.contentType,
			},
			body: form.body,
			timeout: UPLOAD_TIMEOUT_MS,
			plan: imagePlans.upload,
		});
		const url = imageUrlIn(answer) ?? imageUrlIn(await described(connection, answer));
		return { url: usable(url, connection, answer), fileName, mimeType, size: bytes.length };
	});
}

/** The form as one buffer, which can be sent again after a token's end. */
export async function imageForm(
	fileName: string,
	mimeType: string,
	bytes: Buffer,
): Promise<{ contentType: string; body: Buffer }> {
	const form = new FormData();
	form.append('image', new Blob([bytes as Buffer<ArrayBuffer>], { type: mimeType }), fileName);
	const written = new Response(form);
	return {
		contentType: written.headers.get('content-type')!,
		body: Buffer.from(await written.arrayBuffer()),
	};
}

function imageUrlIn({ text }: HttpResponse): string | undefined {
	return textOf(recordOf(parseJson(text)).imageUrl);
}

/** The last part of `Location`: only the id is used, so that no token follows an address from outside. */
function imageIdIn({ headers }: HttpResponse): string | undefined {
	return /\/image\/([\w.~-]{1,200})\/?$/.exec(headers.location ?? '')?.[1];
}

async function described(connection: Connection, upload: HttpResponse): Promise<HttpResponse> {
	const id = imageIdIn(upload);
	if (id === undefined) return upload;
	return await connection.gate.ask(pictureApi, 'read', {
		method: 'GET',
		operation: 'ebay.getImage',
		url: `${connection.mediaUrl}${IMAGE_PATH}/${encodeURIComponent(id)}`,
		headers: { accept: 'application/json', 'user-agent': USER_AGENT },
	});
}

function usable(url: string | undefined, connection: Connection, answer: HttpResponse): string {
	const problem = url === undefined ? 'missing' : wrongInPictureUrl(url, connection.custom);
	if (url !== undefined && !problem) return url;
	throw new MarketplaceError('eBay gave no usable address for the picture', {
		outcome: 'notSent',
		retryable: true,
		requestId: requestIdOf(answer),
		marketplace: 'ebay',
		description: `The picture's address is ${problem}. Try again later.`,
	});
}

/**
 * @param custom the marketplace is a gateway or a simulator: http and any host will do
 * @returns what keeps an address from being one of a picture that eBay hosts; nothing where it may be one
 */
export function wrongInPictureUrl(url: string, custom: boolean): string | undefined {
	if (url.length > messageLimits.mediaUrl) {
		return `longer than ${messageLimits.mediaUrl} characters`;
	}
	return wrongInUrl(url, {
		custom,
		hosts: /(^|\.)(ebayimg|ebaystatic|ebay)\.com$/,
		otherwise: 'not a host of eBay',
	});
}
