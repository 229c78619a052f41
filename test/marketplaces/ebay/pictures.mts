import type { Answer, Context, Exchange, ReceivedFile } from '../service.mts';
import { own } from './errors.mts';
import type { TradingError } from './errors.mts';
import type { Job } from './job.mts';
import type { EbayState, Picture } from './state.mts';
import { textAt } from './xml.mts';
import type { Element } from './xml.mts';

/** Path of a picture below `/eps`, built like those of i.ebayimg.com. */
const picturePath = /^\/00\/s\/[\w-]+\/z\/([\w-]+)\/\$_\d+\.JPG$/;

/** Where a picture can be seen. `size` 1 is the shown one, 57 the largest. */
export function pictureUrl(picture: Picture, origin: string, size: 1 | 57): string {
	return `${origin}/eps/00/s/MTYwMFgxNjAw/z/${picture.id}/$_${size}.JPG?set_id=8800005007`;
}

/** The picture behind a URL, unless it is no URL of the simulated EPS, unknown or expired. */
export function findPicture(state: EbayState, context: Context, url: string): Picture | undefined {
	const prefix = `${context.origin()}/eps`;
	if (!url.startsWith(`${prefix}/`)) return undefined;
	const [path, query] = url.slice(prefix.length).split('?');
	if (query !== undefined && query !== 'set_id=8800005007') return undefined;
	return livePicture(state, picturePath.exec(path)?.[1], context.clock.now());
}

/**
 * The pictures that `MessageMedia` names, with their bytes.
 * @returns or the error, where one is not (or no longer) on the simulated EPS
 */
export function picturesOf(job: Job, message: Element): ReceivedFile[] | TradingError {
	const files: ReceivedFile[] = [];
	for (const media of message.children.filter(({ name }) => name === 'MessageMedia')) {
		const url = (textAt(media, 'MediaURL') ?? '').trim();
		const picture = findPicture(job.state, job.context, url);
		if (!picture) return { code: own.picture, parameters: [url] };
		files.push(receivedFile(picture, textAt(media, 'MediaName')));
	}
	return files;
}

/** A picture as the reader of a message gets it, under the name that the message gives it. */
export function receivedFile(picture: Picture, name: string | undefined): ReceivedFile {
	return {
		fileName: name ?? picture.fileName,
		mimeType: picture.mimeType,
		bytes: picture.bytes,
	};
}

/** eBay Picture Services: open to everybody, as browsers need it. */
export function eps(exchange: Exchange, state: EbayState, context: Context): Answer {
	const id = picturePath.exec(exchange.path)?.[1];
	const picture = livePicture(state, id, context.clock.now());
	if (exchange.method !== 'GET' || !picture) {
		return {
			status: 404,
			headers: { 'content-type': 'text/html' },
			body: '<html>Not found</html>',
		};
	}
	return { status: 200, headers: { 'content-type': picture.mimeType }, body: picture.bytes };
}

/** The picture with that id, unless it expired. */
export function livePicture(
	state: EbayState,
	id: string | undefined,
	now: number,
): Picture | undefined {
	const picture = state.pictures.get(id ?? '');
	return picture && picture.expiresAt > now ? picture : undefined;
}
