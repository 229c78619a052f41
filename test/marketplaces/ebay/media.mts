import type { Answer, Context, Exchange } from '../service.mts';
import { readMultipart } from './multipart.mts';
import { livePicture, pictureUrl } from './pictures.mts';
import { badRequest, bearer, noResource, restError, tooManyRequests } from './rest.mts';
import { sniff } from './sniff.mts';
import { nextId } from './state.mts';
import type { EbayState, Picture } from './state.mts';

const base = '/commerce/media/v1_beta/image';
const maxBytes = 12 * 1024 * 1024;
const retentionMs = 30 * 86_400_000;

/** The Media API's errors with their HTTP status (its OpenAPI document). */
const errors: Record<number, [status: number, message: string]> = {
	190000: [500, 'There was a problem with an eBay internal system or process.'],
	190013: [403, 'You are not authorized to use this resource.'],
	190200: [404, 'The image was not found.'],
	190201: [400, 'The size of the image exceeds the limit.'],
	190202: [400, 'The dimensions of the image are not supported.'],
	190203: [400, 'The format of the image is not supported.'],
	190204: [400, 'The image could not be downloaded from the URL.'],
};

/** Name of the operation for log and faults. */
export function mediaOperation({ path }: Exchange): string {
	if (/^\/create_image_from_(file|url)$/.test(path.slice(base.length))) return 'ebay.image';
	return path.startsWith(`${base}/`) ? 'ebay.imageGet' : 'ebay.unknown';
}

/** The part of the Media API that deals in pictures; stands for https://apim.ebay.com. */
export function media(exchange: Exchange, state: EbayState, context: Context): Answer {
	const now = context.clock.now();
	const access = bearer(exchange, state, now, 'sell.inventory');
	if ('refusal' in access) return access.refusal;
	const { seller } = access.token;
	const [resource, ...deeper] = exchange.path.slice(base.length + 1).split('/');
	if (!exchange.path.startsWith(`${base}/`) || deeper.length > 0) return noResource();

	if (exchange.method === 'GET') {
		const picture = livePicture(state, resource, now);
		return picture ? { status: 200, body: shown(picture, context) } : mediaError(190200);
	}
	const fromFile = resource === 'create_image_from_file';
	if (exchange.method !== 'POST' || (!fromFile && resource !== 'create_image_from_url')) {
		return noResource();
	}
	if (!state.imageLimit.take(seller)) return tooManyRequests();
	const injected = state.nextImageErrors.shift();
	if (injected !== undefined) return mediaError(injected);

	const file = fromFile ? uploaded(exchange) : downloaded(exchange, state);
	if ('refusal' in file) return file.refusal;
	if (file.bytes.length > maxBytes) return mediaError(190201);
	const mimeType = sniff(file.bytes);
	if (mimeType === undefined) return mediaError(190203);
	const picture = {
		...file,
		id: `pic${nextId(state)}`,
		mimeType,
		seller,
		expiresAt: now + retentionMs,
	};
	state.pictures.set(picture.id, picture);
	return created(picture, state, context);
}

function created(picture: Picture, state: EbayState, context: Context): Answer {
	const headers = { location: `${context.origin()}/ebay-media${base}/${picture.id}` };
	if (state.locationOnly === 0) return { status: 201, headers, body: shown(picture, context) };
	state.locationOnly -= 1;
	return { status: 201, headers };
}

function shown(picture: Picture, context: Context): object {
	return {
		imageUrl: pictureUrl(picture, context.origin(), 1),
		maxDimensionImageUrl: pictureUrl(picture, context.origin(), 57),
		expirationDate: new Date(picture.expiresAt).toISOString(),
	};
}

type File = { fileName: string; bytes: Buffer } | { refusal: Answer };

function uploaded({ headers, body }: Exchange): File {
	const parts = readMultipart(headers['content-type'], body);
	if (typeof parts === 'string') return { refusal: badRequest(parts) };
	const [part] = parts;
	if (parts.length !== 1 || part.name !== 'image' || part.fileName === undefined) {
		return { refusal: badRequest('Exactly one file field named image is expected.') };
	}
	if (part.bytes.length === 0) return { refusal: mediaError(190201) };
	return { fileName: part.fileName, bytes: part.bytes };
}

function downloaded({ headers, body }: Exchange, state: EbayState): File {
	if ((headers['content-type'] ?? '').split(';')[0].trim() !== 'application/json') {
		return { refusal: badRequest('The body must be application/json.') };
	}
	const imageUrl = imageUrlIn(body.toString('utf8'));
	if (imageUrl === undefined) {
		return { refusal: badRequest('An object with imageUrl and nothing else is expected.') };
	}
	const bytes = imageUrl.startsWith('https://') ? state.webPictures.get(imageUrl) : undefined;
	if (!bytes) return { refusal: mediaError(190204) };
	return { fileName: imageUrl.slice(imageUrl.lastIndexOf('/') + 1), bytes };
}

function imageUrlIn(json: string): string | undefined {
	try {
		const { imageUrl, ...others } = JSON.parse(json) as Record<string, unknown>;
		const alone = typeof imageUrl === 'string' && Object.keys(others).length === 0;
		return alone ? imageUrl : undefined;
	} catch {
		return undefined;
	}
}

function mediaError(errorId: number): Answer {
	const [status, message] = errors[errorId] ?? [400, `Error ${errorId}`];
	return restError(status, errorId, 'API_MEDIA', message);
}
