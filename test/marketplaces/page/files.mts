/** The files of a message, as a browser may open them. */
import type { Answer, ReceivedFile } from '../service.mts';

/** Types that a browser may show in place: none of them can carry a script. */
const SHOWN_IN_PLACE = [
	'image/png',
	'image/jpeg',
	'image/gif',
	'image/webp',
	'application/pdf',
	'text/plain',
];

const TYPE_BY_EXTENSION: Record<string, string> = {
	png: 'image/png',
	jpg: 'image/jpeg',
	jpeg: 'image/jpeg',
	gif: 'image/gif',
	webp: 'image/webp',
	pdf: 'application/pdf',
	txt: 'text/plain',
};

export function typeOf({ fileName, mimeType }: ReceivedFile): string {
	const extension = fileName.split('.').pop()?.toLowerCase() ?? '';
	const type = (mimeType ?? TYPE_BY_EXTENSION[extension] ?? '').split(';')[0].trim().toLowerCase();
	return SHOWN_IN_PLACE.includes(type) ? type : 'application/octet-stream';
}

/** The bytes, shown in place or saved; never under a type that a browser would run. */
export function fileAnswer(file: ReceivedFile): Answer {
	const type = typeOf(file);
	const place = type === 'application/octet-stream' ? 'attachment' : 'inline';
	return {
		status: 200,
		headers: {
			'content-type': type === 'text/plain' ? 'text/plain; charset=utf-8' : type,
			'content-disposition': `${place}; filename*=UTF-8''${rfc5987(file.fileName)}`,
			'x-content-type-options': 'nosniff',
			'cache-control': 'no-store',
		},
		body: file.bytes,
	};
}

/** Any name as ASCII that can't end the header (RFC 5987); half a surrogate pair becomes U+FFFD. */
function rfc5987(name: string): string {
	return encodeURIComponent(Buffer.from(name).toString()).replace(
		/['()*]/g,
		(sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
	);
}
