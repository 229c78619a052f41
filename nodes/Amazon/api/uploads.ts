import { createHash } from 'node:crypto';

import { withDigest } from '../../shared/files/attachmentBytes';
import type { Attachment } from '../../shared/files/attachments';
import { wrongInUrl } from '../../shared/http/url';
import { MarketplaceError } from '../../shared/outcome';
import { isWord, recordOf, textOf, type Json } from '../../shared/values';
import type { Connection } from './connection';
import { documentOf, requestIdOf } from './documents';
import { amazonStorage } from './errors';
import { STORAGE_HOST } from './hosts';
import { attachmentLimits, uploadPlan } from './limits';
import type { OrderRef } from './messages';

/** Uploads API 2020-11-01. @see https://developer-docs.amazon.com/sp-api/docs/uploads-api-reference */

/** Storage time-out (milliseconds): 10 MB over a slow line. */
const PUT_TIMEOUT_MS = 5 * 60_000;

/** A file is given so many places to be uploaded to, one after the other. */
const MOST_PLACES = 3;

/** A file at Amazon, ready for one message of one order and one type. */
export interface Upload {
	uploadDestinationId: string;
	fileName: string;
	mimeType?: string;
	size?: number;
}

/**
 * Uploads a file for a message: asks for a destination, then puts the bytes there.
 *
 * @param path the segment of the message that will carry it; an upload is good for no other
 * @throws MarketplaceError, always `notSent`
 */
export async function upload(
	connection: Connection,
	order: OrderRef,
	path: string,
	file: Attachment,
): Promise<Required<Upload>> {
	return await withDigest(file, attachmentLimits, 'md5', async (digest, size) => {
		const { fileName, mimeType } = file;
		for (let places = 1; ; places++) {
			const destination = await createDestination(connection, order, path, { digest, mimeType });
			try {
				await put(connection, destination, file, size);
				return { uploadDestinationId: destination.id, fileName, mimeType, size };
			} catch (error) {
				if (places >= MOST_PLACES || !isOver(error)) throw error as Error;
			}
		}
	});
}

/**
 * Whether the app may upload files for messages: asks for a place as for a legal disclosure, and puts nothing
 * there. Such a place lapses by itself after 15 minutes; neither order nor buyer know of it.
 *
 * @throws MarketplaceError where it may not
 */
export async function proveUploads(connection: Connection, order: OrderRef): Promise<void> {
	const digest = createHash('md5').update('nothing').digest();
	await createDestination(connection, order, 'legalDisclosure', {
		digest,
		mimeType: attachmentLimits.types.pdf!,
	});
}

async function put(
	connection: Connection,
	destination: Destination,
	file: Attachment,
	size: number,
): Promise<void> {
	await connection.gate.askBare(amazonStorage, 'prepare', {
		method: 'PUT',
		operation: 'amazon.putAttachment',
		url: destination.url,
		// The headers that came with the URL and the length: the HTTP client would add a type of its own.
		headers: { 'content-type': false, 'content-length': String(size), ...destination.headers },
		body: async () => await file.open(),
		timeout: PUT_TIMEOUT_MS,
	});
}

/**
 * A destination lives 15 minutes, and so does the key behind it: waiting for a limit, or for a slow storage, can
 * outlast both. A slow line ends the connection before all bytes are there. The same bytes go to a new place.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
function isOver(error: unknown): boolean {
	if (!(error instanceof MarketplaceError)) return false;
	const { code = '', marketplaceMessage = '' } = error.details;
	return isWord(code, 'ExpiredToken', 'RequestTimeout') || /\bexpired\b/i.test(marketplaceMessage);
}

/** What is known of a file before it is uploaded. */
interface Known {
	digest: Buffer;
	mimeType: string;
}

interface Destination {
	id: string;
	url: string;
	headers: Record<string, string>;
}

async function createDestination(
	connection: Connection,
	{ orderId, marketplaceId }: OrderRef,
	path: string,
	{ digest, mimeType }: Known,
): Promise<Destination> {
	// The resource keeps its slashes: encoded ones are refused like a missing role.
	const resource = `messaging/v1/orders/${encodeURIComponent(orderId)}/messages/${encodeURIComponent(path)}`;
	const answer = await connection.call(
		'prepare',
		'POST',
		`/uploads/2020-11-01/uploadDestinations/${resource}`,
		{
			marketplaceIds: marketplaceId,
			// Of the raw digest, not of its hexadecimal form.
			contentMD5: digest.toString('base64'),
			contentType: mimeType,
		},
		uploadPlan,
	);
	const place = documentOf(answer);
	const id = textOf(place.uploadDestinationId);
	const url = textOf(place.url);
	const problem = id === undefined || url === undefined ? 'incomplete' : wrongIn(url, connection);
	if (id === undefined || url === undefined || problem) {
		throw new MarketplaceError('Amazon gave no usable place for the attachment', {
			outcome: 'notSent',
			retryable: true,
			requestId: requestIdOf(answer),
			marketplace: 'amazon',
			description: `The upload destination is ${problem}. Try again later.`,
		});
	}
	return { id, url, headers: headersFor(url, recordOf(place.headers), { digest, mimeType }) };
}

/**
 * The headers of the PUT: those that came with the URL, and of those that it was signed with and that did not
 * come, the ones that are known.
 */
function headersFor(url: string, given: Json, { digest, mimeType }: Known): Record<string, string> {
	const headers: Record<string, string> = {};
	for (const [name, value] of Object.entries(given)) {
		if (value !== null && value !== undefined) headers[name] = String(value);
	}
	const came = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
	const signed = (new URL(url).searchParams.get('X-Amz-SignedHeaders') ?? '').toLowerCase();
	const known = { 'content-md5': digest.toString('base64'), 'content-type': mimeType };
	for (const [name, value] of Object.entries(known)) {
		if (signed.split(';').includes(name) && !came.has(name)) headers[name] = value;
	}
	return headers;
}

/** A signed URL is followed only to Amazon's storage; A+ content uses a form upload, which is another scheme. */
function wrongIn(url: string, { custom }: Connection): string | undefined {
	const wrong = wrongInUrl(url, {
		custom,
		hosts: STORAGE_HOST,
		otherwise: 'not a host of Amazon',
	});
	if (wrong) return wrong;
	const isForm = new URL(url).searchParams.has('policy');
	return isForm ? 'a form upload, which messages do not use' : undefined;
}
