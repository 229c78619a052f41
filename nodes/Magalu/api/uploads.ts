import { withBytes } from '../../shared/files/attachmentBytes';
import type { Attachment } from '../../shared/files/attachments';
import { MarketplaceError, Refusal } from '../../shared/outcome';
import { settleAll } from '../../shared/settleAll';
import { jittered, wait } from '../../shared/sleep';
import { isWord } from '../../shared/values';
import type { Connection } from './connection';
import { magaluStorage, WHERE_TO_LOOK } from './errors';
import { attachmentLimits, uploading } from './limits';
import type { Accepted } from './messages';
import { contentTypesFor, headersFor, linksFor, targetOf, type SignedFile } from './signedLinks';
import { watch, type Watch } from './transactions';

/** A file that was put to its link. */
export interface Uploaded {
	id: string | null;
	fileName: string;
	mimeType: string;
	/** Bytes. */
	size: number;
	/** An answer was lost and the file is not surely there: only the transaction tells. */
	inDoubt: boolean;
}

/**
 * Puts every file to its link: the same bytes again after 408, 429, 5xx and a lost answer, with a look
 * at the transaction in between, until the message's time is nearly over.
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
	const links = linksFor(files, accepted.files);
	if (!links) {
		const problem = `Magalu gave ${accepted.files.length} upload links for ${files.length} files, or links for other files`;
		throw accepted.created || accepted.files.length === 0
			? withoutFilesError(problem, accepted)
			: fileLostError(problem, accepted);
	}
	const deadline = accepted.at + uploading.deadlineMs - uploading.spareMs;
	const transaction = watch(connection, accepted.transactionId);
	return await settleAll(
		files,
		async (file, i) =>
			await upload(connection, file, links[i]!, deadline, transaction).catch((error: unknown) => {
				throw fileLostError(`The file '${file.fileName}' could not be uploaded`, accepted, error);
			}),
	);
}

async function upload(
	connection: Connection,
	file: Attachment,
	link: SignedFile,
	deadline: number,
	transaction: Watch,
): Promise<Uploaded> {
	const target = targetOf(link, connection.custom);
	if ('problem' in target) throw new Refusal(`The upload link is ${target.problem}`, '');
	const now = Date.now();
	// The link's end is told by Magalu's clock.
	const left = (link.expiresAt ?? Infinity) - connection.theirTime(now);
	const until = Math.min(deadline, now + left);

	let size = file.size;
	const end = await putUntil(
		connection,
		until,
		transaction,
		async () =>
			// Loaded for each try, and let go of in between: the next one may be minutes away.
			await withBytes(file, attachmentLimits, async (bytes) => {
				size = bytes.length;
				return await putOnce(connection, target.url, link, file.mimeType, bytes, until);
			}),
	);
	const { fileName, mimeType } = file;
	return { id: link.id ?? null, fileName, mimeType, size, inDoubt: end === 'inDoubt' };
}

/** What came of one upload: the file is there; it may be, or is not, and may be put again; or never will be. */
interface Put {
	end: 'stored' | 'lost' | 'notNow' | 'refused';
	error?: Error;
}

/**
 * Puts a file until it is there.
 * @throws what kept it out, where it surely is not there
 */
async function putUntil(
	connection: Connection,
	until: number,
	transaction: Watch,
	put: () => Promise<Put>,
): Promise<'stored' | 'inDoubt'> {
	let inDoubt = false;
	let last: Error | undefined;
	for (let pause = uploading.firstWaitMs; Date.now() < until; pause *= 2) {
		const { end, error } = await put().catch(refused);
		if (end === 'stored') return 'stored';
		last = error;
		if (end === 'refused') break;
		inDoubt ||= end === 'lost';

		const state = inDoubt ? await transaction.look() : undefined;
		if (state === 'completed') return 'stored';
		if (state === 'failed') break;
		const own = jittered(Math.min(pause, uploading.longestWaitMs));
		// The storage may ask for longer.
		const asked = error instanceof MarketplaceError ? error.waitMs : 0;
		const next = Math.min(Math.max(own, asked), until - Date.now());
		const stopped = await wait(Math.max(0, next), connection.signal).then(() => undefined, refused);
		if (stopped) {
			last = stopped.error;
			break;
		}
	}
	if (inDoubt) return 'inDoubt';
	throw last ?? timeOverError();
}

const refused = (error: Error): Put => ({ end: 'refused', error });
const timeOverError = () => new Refusal('The time for its upload is over', '');

/**
 * Puts the bytes, with another content type only where the storage says that the signature does not
 * match: then nothing was stored.
 */
async function putOnce(
	connection: Connection,
	url: string,
	link: SignedFile,
	mimeType: string,
	bytes: Buffer,
	until: number,
): Promise<Put> {
	let put: Put = refused(timeOverError());
	for (const type of contentTypesFor(link, mimeType)) {
		const left = until - Date.now();
		if (left <= 0) return put;
		const asked = connection.gate.askBare(magaluStorage, 'once', {
			method: 'PUT',
			operation: 'magalu.putAttachment',
			url,
			headers: headersFor(link, type),
			body: bytes,
			timeout: Math.min(uploading.timeoutMs, left),
		});
		put = await asked.then(() => ({ end: 'stored' }), whatFailed);
		const { details } = put.error instanceof MarketplaceError ? put.error : {};
		if (!isWord(details?.code, 'SignatureDoesNotMatch')) break;
	}
	return put;
}

function whatFailed(error: Error): Put {
	if (!(error instanceof MarketplaceError)) return refused(error);
	const { httpStatus, outcome, retryable } = error.details;
	// The precondition is that no file is there.
	if (httpStatus === 412) return { end: 'stored' };
	if (outcome === 'unknown') return { end: 'lost', error };
	const isNotNow = httpStatus === 429 || (httpStatus === undefined && retryable);
	return { end: isNotNow ? 'notNow' : 'refused', error };
}

/** The message is lost, and surely so: one of its files is not there. */
function fileLostError(
	message: string,
	{ transactionId, requestId }: Accepted,
	cause?: unknown,
): Error {
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
function withoutFilesError(message: string, { transactionId, requestId }: Accepted): Error {
	return new MarketplaceError(message, {
		outcome: 'unknown',
		retryable: false,
		requestId,
		marketplace: 'magalu',
		description: `Magalu took the message (transaction ${transactionId ?? 'without an ID'}) and may create it without its files. ${WHERE_TO_LOOK} before you send it again: the customer may have the text already.`,
	});
}
