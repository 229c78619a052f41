import { withBytes } from '../../shared/files/attachmentBytes';
import type { Attachment } from '../../shared/files/attachments';
import { settleAll } from '../../shared/settleAll';
import { MarketplaceError, Refusal } from '../../shared/outcome';
import { recordOf, textOf, type Json } from '../../shared/values';
import type { Connection } from './connection';
import { WHERE_TO_LOOK, magaluStorage } from './errors';
import { STORAGE_HOST } from './hosts';
import { attachmentLimits, OTHER_CONTENT_TYPES, UPLOAD_DEADLINE_MS } from './limits';
import type { Accepted } from './messages';
import { utcMsOf } from './pages';

/**
 * Files of a message, put to the signed links that Magalu gives for them: one file a link, once.
 * @see https://developers.magalu.com/docs/plataforma-do-seller-sac/post_messages.en
 * @see https://docs.cloud.google.com/storage/docs/access-control/signed-urls
 */

/** A slow line takes long for 5 MB (milliseconds). */
const PUT_TIMEOUT_MS = 5 * 60_000;

/** A file that Magalu waits for. */
export interface SignedFile {
	id?: string;
	/** The name that we gave the file. */
	providedName?: string;
	type?: string;
	url?: string;
	method: string;
	/** Milliseconds since 1970. */
	expiresAt?: number;
	expired: boolean;
	/** As Magalu wants them sent; without `Content-Type`, although that one is signed too. */
	headers: Record<string, string>;
}

/** @param entry one of `data.attachments` */
export function linkOf(entry: Json): SignedFile {
	const link = recordOf(entry.signed_link);
	const headers: Record<string, string> = {};
	for (const [name, value] of Object.entries(recordOf(link.headers))) {
		headers[name.toLowerCase()] = String(value);
	}
	return {
		id: textOf(entry.id),
		providedName: textOf(entry.provided_file_name),
		type: textOf(entry.file_type),
		url: textOf(link.url),
		method: (textOf(link.method) ?? 'PUT').toUpperCase(),
		expiresAt: utcMsOf(link.expires_at),
		expired: link.expired === true,
		headers,
	};
}

/** A file that was put to its link. */
export interface Uploaded {
	id: string | null;
	fileName: string;
	mimeType: string;
	/** Bytes. */
	size: number;
	/** The answer was lost: only the transaction tells whether the file is there. */
	inDoubt: boolean;
}

/**
 * Puts every file to its link.
 *
 * @returns the files in the order of the form
 * @throws MarketplaceError `notSent`, naming the file that surely is not there: Magalu creates no message
 * that lacks a file
 */
export async function uploadFiles(
	connection: Connection,
	files: Attachment[],
	accepted: Accepted,
): Promise<Uploaded[]> {
	const links = linksFor(files, accepted);
	const deadline = accepted.at + UPLOAD_DEADLINE_MS;
	return await settleAll(
		files,
		async (file, i) =>
			await upload(connection, file, links[i]!, deadline).catch((error: unknown) => {
				throw failed(`The file '${file.fileName}' could not be uploaded`, accepted, error);
			}),
	);
}

/**
 * A link for each file: by name; where Magalu wrote a name otherwise, the files left over take the links
 * left over, in order and of their type.
 */
function linksFor(files: Attachment[], accepted: Accepted): SignedFile[] {
	const left = [...accepted.files];
	const take = (fits: (link: SignedFile) => boolean) => {
		const at = left.findIndex(fits);
		return at === -1 ? undefined : left.splice(at, 1)[0];
	};
	const byName = files.map(({ fileName }) => take(({ providedName }) => providedName === fileName));
	const links = files.map(
		({ mimeType }, i) => byName[i] ?? take(({ type }) => type === undefined || type === mimeType),
	);
	if (left.length === 0 && links.every((link) => link !== undefined)) return links;
	const problem = `Magalu gave ${accepted.files.length} upload links for ${files.length} files, or links for other files`;
	throw accepted.created || accepted.files.length === 0
		? withoutFiles(problem, accepted)
		: failed(problem, accepted);
}

async function upload(
	connection: Connection,
	file: Attachment,
	link: SignedFile,
	deadline: number,
): Promise<Uploaded> {
	const { url, problem } = targetOf(link, connection);
	if (url === undefined) throw new Refusal(`The upload link is ${problem}`, '');
	const until = Math.min(deadline, link.expiresAt ?? Infinity);

	return await withBytes(file, attachmentLimits, async (bytes) => {
		const inDoubt = await putOnce(connection, url, link, file.mimeType, bytes, until);
		const { fileName, mimeType } = file;
		return { id: link.id ?? null, fileName, mimeType, size: bytes.length, inDoubt };
	});
}

/** A signed link is followed only to Google's storage, except for a marketplace of the user's own. */
function targetOf(
	{ url, method, expired }: SignedFile,
	{ custom }: Connection,
): { url?: string; problem?: string } {
	if (url === undefined) return { problem: 'missing' };
	const parsed = URL.canParse(url) ? new URL(url) : undefined;
	if (!parsed) return { problem: 'not an address' };
	if (method !== 'PUT') return { problem: `for ${method}, not for PUT` };
	if (expired) return { problem: 'expired already' };
	if (custom)
		return /^https?:$/.test(parsed.protocol) ? { url } : { problem: 'not an http address' };
	if (parsed.protocol !== 'https:') return { problem: 'not an https address' };
	return STORAGE_HOST.test(parsed.hostname) ? { url } : { problem: "not at Google's storage" };
}

/**
 * Puts the bytes, with another content type only where the storage says that the signature does not
 * match: then nothing was stored.
 *
 * @returns whether the answer was lost, so that nobody knows yet
 */
async function putOnce(
	connection: Connection,
	url: string,
	{ headers }: SignedFile,
	mimeType: string,
	bytes: Buffer,
	until: number,
): Promise<boolean> {
	const types = [...new Set([headers['content-type'] ?? mimeType, ...OTHER_CONTENT_TYPES])];
	for (const [i, type] of types.entries()) {
		const left = until - Date.now();
		if (left <= 0) throw new Refusal('The time for its upload is over', '');
		const end = await connection.gate
			.askBare(magaluStorage, 'once', {
				method: 'PUT',
				url,
				headers: { ...signedHeaders(headers), ...contentType(type) },
				body: bytes,
				timeout: Math.min(PUT_TIMEOUT_MS, left),
			})
			.then(
				() => 'stored' as const,
				(error: unknown) => endOf(error, i === types.length - 1),
			);
		if (end !== 'not signed for this') return end === 'in doubt';
	}
	return false;
}

/** @throws the error itself where the file is surely not stored and no other type is left to try */
function endOf(error: unknown, last: boolean): 'in doubt' | 'not signed for this' {
	const { outcome, code } = error instanceof MarketplaceError ? error.details : {};
	if (outcome === 'unknown') return 'in doubt';
	if (code === 'SignatureDoesNotMatch' && !last) return 'not signed for this';
	throw error;
}

/** n8n takes bytes with the type of a form for a form; it sends that type by itself where none is named. */
function contentType(type: string): Record<string, string> {
	return type === 'application/x-www-form-urlencoded' ? {} : { 'content-type': type };
}

/** The range as given. Not the length: Magalu names the greatest one, and the file's own has to be sent. */
function signedHeaders(headers: Record<string, string>): Record<string, string> {
	return Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('x-goog-')));
}

/** The message is lost, and surely so: one of its files is not there. */
function failed(message: string, { transactionId, requestId }: Accepted, cause?: unknown): Error {
	const known = cause instanceof MarketplaceError ? cause.details : undefined;
	const reason = cause instanceof Error ? `: ${cause.message}` : '';
	return new MarketplaceError(`${message}${reason}. The message will not be created`, {
		retryable: true,
		...known,
		outcome: 'notSent',
		requestId,
		marketplace: 'magalu',
		description: `Magalu creates a message only once all its files are there: this one lapses within 15 minutes (transaction ${transactionId ?? 'without an ID'}). Run the item again to send it anew.`,
	});
}

/** Magalu waits for no file: it has created the message without any, or may do so. */
function withoutFiles(message: string, { transactionId, requestId }: Accepted): Error {
	return new MarketplaceError(message, {
		outcome: 'unknown',
		retryable: false,
		requestId,
		marketplace: 'magalu',
		description: `Magalu took the message (transaction ${transactionId ?? 'without an ID'}) and may create it without its files. ${WHERE_TO_LOOK} before you send it again: the customer may have the text already.`,
	});
}
