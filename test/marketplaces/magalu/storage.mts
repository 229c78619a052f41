import { createHash, createSign, createVerify, generateKeyPairSync, randomUUID } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import type { Answer, Exchange, Service } from '../service.mts';
import { storageError } from './answers.mts';
import { lengthRange } from './limits.mts';
import type { PostedFile, World } from './state.mts';
import { settle, settleLater } from './transactions.mts';

const prefix = '/gcs';
const bucket = 'sac-attachments-tmp';
const account = 'sac-uploads@simulated.iam.gserviceaccount.com';
const algorithm = 'GOOG4-RSA-SHA256';

let keys: { privateKey: KeyObject; publicKey: KeyObject } | undefined;

/** One pair for the whole process: making it takes a good part of a second. */
function keyPair() {
	keys ??= generateKeyPairSync('rsa', { modulusLength: 2048 });
	return keys;
}

/**
 * A signed link for one PUT of one file, as Google Cloud Storage signs it (V4, RSA).
 * @see https://docs.cloud.google.com/storage/docs/authentication/signatures
 */
export function signedLink({ context, state }: World, file: PostedFile): string {
	const date = compactDate(context.clock.now());
	const scope = `${date.slice(0, 8)}/auto/storage/goog4_request`;
	const headers: Record<string, string> = {
		'content-type': file.signedContentType,
		host: new URL(context.origin()).host,
		'x-goog-content-length-range': lengthRange,
	};
	const signedHeaders = Object.keys(headers).join(';');
	const path = `${prefix}/${bucket}/${file.filePath}`;
	const query = [
		['X-Goog-Algorithm', algorithm],
		['X-Goog-Credential', `${account}/${scope}`],
		['X-Goog-Date', date],
		['X-Goog-Expires', String(state.settings.linkLifetime)],
		['X-Goog-SignedHeaders', signedHeaders],
	]
		.map(([name = '', value = '']) => `${name}=${encodeURIComponent(value)}`)
		.join('&');
	const canonical = canonicalRequest('PUT', path, query, headers, signedHeaders);
	const signature = createSign('RSA-SHA256')
		.update(stringToSign(date, scope, canonical))
		.sign(keyPair().privateKey, 'hex');
	return `${context.origin()}${path}?${query}&X-Goog-Signature=${signature}`;
}

/** The storage behind the links: it takes a file only just as its link was signed. */
export function cloudStorage(world: World): Service {
	return {
		prefix,
		operationOf: ({ method }) => (method === 'PUT' ? 'gcs.put' : 'gcs.other'),
		answer(exchange) {
			settle(world);
			const answer = wrongIn(world, exchange) ?? store(world, exchange);
			return { ...answer, headers: { ...answer.headers, 'x-guploader-uploadid': randomUUID() } };
		},
	};
}

function wrongIn(world: World, exchange: Exchange): Answer | undefined {
	const { query, headers } = exchange;
	const signature = query.get('X-Goog-Signature');
	const date = query.get('X-Goog-Date') ?? '';
	const credential = query.get('X-Goog-Credential') ?? '';
	const signedHeaders = query.get('X-Goog-SignedHeaders') ?? '';
	if (signature === null) {
		return storageError(403, 'AccessDenied', 'Access denied.', {
			Details: 'Anonymous caller does not have storage.objects.create access.',
		});
	}
	if (headers['authorization'] !== undefined) {
		return storageError(400, 'InvalidArgument', 'Invalid argument.', {
			Details: 'Only one way to authenticate is allowed: Authorization header or signed URL.',
		});
	}
	return (
		malformedHeaders(headers, signedHeaders.split(';')) ??
		expired(world, date, Number(query.get('X-Goog-Expires'))) ??
		falseSignature(exchange, { signature, date, credential, signedHeaders }) ??
		wrongBody(exchange)
	);
}

/** Every signed header has to be there, and every `x-goog-` header has to be signed. */
function malformedHeaders(headers: Record<string, string>, signed: string[]): Answer | undefined {
	const malformed = (name: string, details: string) =>
		storageError(400, 'MalformedSecurityHeader', 'Your request has a malformed header.', {
			ParameterName: name,
			Details: details,
		});
	const missing = signed.find((name) => headers[name] === undefined);
	if (missing !== undefined) {
		return malformed(missing, 'Header was included in signedheaders, but not in the request.');
	}
	const unsigned = Object.keys(headers).find(
		(name) => name.startsWith('x-goog-') && !signed.includes(name),
	);
	if (unsigned !== undefined) {
		return malformed(unsigned, 'Header was included in the request, but not in signedheaders.');
	}
	return undefined;
}

function expired({ context }: World, date: string, lifetime: number): Answer | undefined {
	const [, year, month, day, hour, minute, second] =
		/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date) ?? [];
	const start = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
	const end = start + lifetime * 1000;
	if (Number.isNaN(end)) {
		return storageError(400, 'InvalidArgument', 'Invalid argument.', {
			Details: 'Bad X-Goog-Date.',
		});
	}
	if (context.clock.now() < end) return undefined;
	return storageError(400, 'ExpiredToken', 'Invalid argument.', {
		Details: `Request signature expired at: ${new Date(end).toISOString()}`,
	});
}

function falseSignature(
	{ method, rawUrl, rawQuery, headers }: Exchange,
	link: { signature: string; date: string; credential: string; signedHeaders: string },
): Answer | undefined {
	const path = rawUrl.split('?')[0] ?? '';
	const query = rawQuery
		.split('&')
		.filter((pair) => !pair.startsWith('X-Goog-Signature='))
		.sort()
		.join('&');
	const canonical = canonicalRequest(method, path, query, headers, link.signedHeaders);
	const scope = link.credential.slice(link.credential.indexOf('/') + 1);
	const text = stringToSign(link.date, scope, canonical);
	const good =
		/^[0-9a-f]+$/.test(link.signature) &&
		createVerify('RSA-SHA256').update(text).verify(keyPair().publicKey, link.signature, 'hex');
	if (good) return undefined;
	return storageError(
		403,
		'SignatureDoesNotMatch',
		'Access denied. The request signature we calculated does not match the signature you provided.',
		{ StringToSign: text, CanonicalRequest: canonical },
	);
}

function wrongBody({ headers, body }: Exchange): Answer | undefined {
	if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) {
		return storageError(411, 'MissingContentLength', 'You must provide the Content-Length header.');
	}
	const [least = 0, most = 0] = (headers['x-goog-content-length-range'] ?? '')
		.split(',')
		.map(Number);
	if (body.length > most) {
		return storageError(400, 'EntityTooLarge', 'Your proposed upload is too large.', {
			Details: `Content-length exceeds upper bound on range: ${most}`,
		});
	}
	if (body.length < least) {
		return storageError(400, 'EntityTooSmall', 'Your proposed upload is too small.', {
			Details: `Content-length falls short of lower bound on range: ${least}`,
		});
	}
	const md5 = headers['content-md5'];
	if (md5 !== undefined && md5 !== createHash('md5').update(body).digest('base64')) {
		return storageError(400, 'BadDigest', 'The Content-MD5 you specified did not match.');
	}
	return undefined;
}

function store(world: World, { path, body }: Exchange): Answer {
	const { context, state } = world;
	const found = state.files.get(path.slice(`/${bucket}/`.length));
	if (!found) return storageError(404, 'NoSuchBucket', 'The specified bucket does not exist.');

	const { transaction, file } = found;
	const at = context.clock.now();
	if (file.upload && state.settings.secondPut === 'refused') {
		return storageError(
			412,
			'PreconditionFailed',
			'At least one of the pre-conditions you specified did not hold.',
		);
	}
	if (file.upload && !file.upload.bytes.equals(body)) {
		// The storage itself lets another file through; Magalu then mixes up which one is whose.
		state.doublePuts.push({
			transactionId: transaction.id,
			attachmentId: file.id,
			fileName: file.fileName,
			at,
		});
	}
	file.upload = { bytes: body, at };
	settle(world);
	settleLater(world);
	return {
		status: 200,
		headers: {
			'content-type': 'text/html; charset=UTF-8',
			etag: `"${createHash('md5').update(body).digest('hex')}"`,
			'x-goog-generation': String(at * 1000),
		},
		body: '',
	};
}

function canonicalRequest(
	method: string,
	path: string,
	sortedQuery: string,
	headers: Record<string, string>,
	signedHeaders: string,
): string {
	const names = signedHeaders.split(';');
	const lines = names.map((name) => `${name}:${(headers[name] ?? '').trim().replace(/\s+/g, ' ')}`);
	return [method, path, sortedQuery, ...lines, '', signedHeaders, 'UNSIGNED-PAYLOAD'].join('\n');
}

function stringToSign(date: string, scope: string, canonical: string): string {
	const digest = createHash('sha256').update(canonical).digest('hex');
	return [algorithm, date, scope, digest].join('\n');
}

function compactDate(ms: number): string {
	return `${new Date(ms).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
}
