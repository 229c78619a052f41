import { utcMsOf } from '../../shared/dates';
import type { Attachment } from '../../shared/files/attachments';
import { wrongInUrl } from '../../shared/http/url';
import { recordOf, textOf, type Json } from '../../shared/values';
import { STORAGE_HOST } from './hosts';
import { OTHER_CONTENT_TYPES } from './limits';

/**
 * The signed links that Magalu gives for the files of a message: one file a link.
 * @see https://developers.magalu.com/docs/plataforma-do-seller-sac/post_messages.en
 * @see https://docs.cloud.google.com/storage/docs/access-control/signed-urls
 */

/** A file that Magalu waits for. */
export interface SignedFile {
	id?: string;
	/** The name that we gave the file. */
	providedName?: string;
	type?: string;
	url?: string;
	/** What the link is signed for. The specification requires it, the guide does not have it. */
	contentType?: string;
	method: string;
	/** Milliseconds since 1970. */
	expiresAt?: number;
	expired: boolean;
	/** As Magalu wants them sent; names in lower case. */
	headers: Record<string, string>;
}

const MEDIA_TYPE = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(\s*;\s*[\w!#$&^.+-]+=("[ -~]*"|[\w!#$&^.+-]+))*$/;

/** @param entry one of the attachments in the answer to a message */
export function linkOf(entry: Json): SignedFile {
	const link = recordOf(entry.signed_link);
	const headers: Record<string, string> = {};
	for (const [name, value] of Object.entries(recordOf(link.headers))) {
		headers[name.toLowerCase()] = String(value);
	}
	const named = textOf(link.content_type) ?? headers['content-type'] ?? '';
	return {
		id: textOf(entry.id),
		providedName: textOf(entry.provided_file_name),
		type: textOf(entry.file_type),
		url: textOf(link.url),
		contentType: MEDIA_TYPE.test(named) ? named : undefined,
		method: (textOf(link.method) ?? 'PUT').toUpperCase(),
		expiresAt: utcMsOf(link.expires_at),
		expired: link.expired === true,
		headers,
	};
}

/**
 * A link for each file: by name; where Magalu wrote a name otherwise, the files left over take the links
 * left over, in order and of their type.
 *
 * @returns nothing where the links do not fit the files
 */
export function linksFor(files: Attachment[], given: SignedFile[]): SignedFile[] | undefined {
	const left = [...given];
	const take = (fits: (link: SignedFile) => boolean) => {
		const at = left.findIndex(fits);
		return at === -1 ? undefined : left.splice(at, 1)[0];
	};
	const byName = files.map(({ fileName }) => take(({ providedName }) => providedName === fileName));
	const links = files.map(
		({ mimeType }, i) => byName[i] ?? take(({ type }) => type === undefined || type === mimeType),
	);
	const all = links.filter((link) => link !== undefined);
	return left.length === 0 && all.length === files.length ? all : undefined;
}

/**
 * A signed link is followed only to Google's storage, except for a marketplace of the user's own.
 * @returns the address, or why there is none to go to
 */
export function targetOf(
	{ url, method, expired }: SignedFile,
	custom: boolean,
): { url: string } | { problem: string } {
	if (url === undefined) return { problem: 'missing' };
	if (method !== 'PUT') return { problem: `for ${method}, not for PUT` };
	if (expired) return { problem: 'expired already' };
	const problem = wrongInUrl(url, {
		custom,
		hosts: STORAGE_HOST,
		otherwise: "not at Google's storage",
	});
	return problem ? { problem } : { url };
}

/** @returns the content types that the link may be signed for, the likeliest first */
export function contentTypesFor({ contentType }: SignedFile, mimeType: string): string[] {
	return [...new Set([contentType ?? mimeType, mimeType, ...OTHER_CONTENT_TYPES])];
}

/** The headers of the upload: those that are signed, and no length, for Magalu names the greatest one. */
export function headersFor({ headers }: SignedFile, contentType: string): Record<string, string> {
	const signed = Object.entries(headers).filter(([name]) => name.startsWith('x-goog-'));
	// n8n takes bytes with the type of a form for a form; it sends that type by itself where none is named.
	const isForm = contentType === 'application/x-www-form-urlencoded';
	return { ...Object.fromEntries(signed), ...(isForm ? {} : { 'content-type': contentType }) };
}
