/**
 * The bucket behind upload destinations: takes a PUT that is exactly what was signed, and says in S3's
 * own words what is wrong with any other.
 * Source: docs.aws.amazon.com/AmazonS3/latest/API (ErrorResponses, sigv4-query-string-auth)
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

import type { Answer, Context, Exchange, Service } from '../service.mts';
import { amzDateOf, canonicalQuery, scopeOf, signatureOf, timeOf } from './sigv4.mts';
import type { SigningKey } from './sigv4.mts';
import type { AmazonState } from './state.mts';

const key: SigningKey = {
	accessKeyId: 'ASIADEMODEMODEMODEMO',
	secretAccessKey: 'demo-secret-of-the-simulated-bucket',
	region: 'us-east-1',
};

const BUCKET = 'buyer-seller-messaging-prod-draft-attachment-namarketplace';
/** Seconds that a URL lives. */
const EXPIRES = 900;
/** Of the temporary key. It holds every sign that base64 has. */
const TOKEN = `IQoJb3JpZ2luX2VjE${'A+b/'.repeat(40)}==`;

/** A seller's number, never the refresh token itself. */
const senderOf = (account: string) =>
	`A${createHash('sha256').update(account).digest('hex').slice(0, 13).toUpperCase()}`;

/**
 * URL for the PUT of one attachment, signed with these headers. What is told of the message stands in the
 * query, as `x-amz-meta-*`, and the key is a temporary one with its token.
 * Source: a URL recorded in 2025-09 (amzn/selling-partner-api-samples)
 */
export function presignedPut(
	{ origin, clock }: Context,
	id: string,
	{ account, marketplaceId }: { account: string; marketplaceId: string },
	headers: Record<string, string>,
): string {
	const { host } = new URL(origin());
	const signed: Record<string, string> = { host };
	for (const [name, value] of Object.entries(headers)) signed[name.toLowerCase()] = value;

	const amzDate = amzDateOf(clock.now());
	const path = `/s3/${BUCKET}/%2F068/${id}`;
	const query: Array<[string, string]> = [
		['X-Amz-Algorithm', 'AWS4-HMAC-SHA256'],
		['X-Amz-Credential', `${key.accessKeyId}/${scopeOf(amzDate, key)}`],
		['X-Amz-Date', amzDate],
		['X-Amz-Expires', String(EXPIRES)],
		['X-Amz-Security-Token', TOKEN],
		['X-Amz-SignedHeaders', Object.keys(signed).sort().join(';')],
		['x-amz-meta-marketplace', marketplaceId],
		['x-amz-meta-mime_type', 'EMPTY'],
		['x-amz-meta-sender', senderOf(account)],
		['x-amz-meta-tenant', 'buyer-seller-messaging'],
	];
	const signature = signatureOf({ method: 'PUT', path, query, headers: signed }, key);
	return `${origin()}${path}?${canonicalQuery(query)}&X-Amz-Signature=${signature}`;
}

export function s3Service(state: AmazonState, context: Context): Service {
	return {
		prefix: '/s3',
		operationOf: () => 's3.put',
		answer(exchange) {
			const refused = refusalOf(exchange, context);
			const answer = refused ?? store(exchange, state);
			const ids = {
				'x-amz-request-id': randomBytes(8).toString('hex').toUpperCase(),
				'x-amz-id-2': randomBytes(24).toString('base64'),
			};
			return { ...answer, headers: { ...ids, ...answer.headers } };
		},
	};
}

function refusalOf(exchange: Exchange, { clock }: Context): Answer | undefined {
	const { method, headers, query } = exchange;
	if (method === 'POST') {
		return no(
			405,
			'MethodNotAllowed',
			'The specified method is not allowed against this resource.',
			{
				Method: method,
				ResourceType: 'OBJECT',
			},
		);
	}
	if ('authorization' in headers) {
		return no(
			400,
			'InvalidArgument',
			'Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified',
			{ ArgumentName: 'Authorization' },
		);
	}
	if (!query.has('X-Amz-Signature')) return no(403, 'AccessDenied', 'Access Denied');
	const missing = SIGNED_PARAMETERS.find((name) => !query.get(name));
	if (missing) {
		return no(
			400,
			'AuthorizationQueryParametersError',
			`Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.`,
		);
	}
	const ends = timeOf(query.get('X-Amz-Date') ?? '') + Number(query.get('X-Amz-Expires')) * 1000;
	if (!(clock.now() < ends)) {
		return no(403, 'AccessDenied', 'Request has expired', {
			'X-Amz-Expires': query.get('X-Amz-Expires') ?? '',
			Expires: Number.isNaN(ends) ? '' : new Date(ends).toISOString(),
			ServerTime: new Date(clock.now()).toISOString(),
		});
	}
	if (query.get('X-Amz-Security-Token') !== TOKEN) {
		return no(400, 'InvalidToken', 'The provided token is malformed or otherwise invalid.');
	}
	const signed = (query.get('X-Amz-SignedHeaders') ?? '').split(';');
	const unsigned = Object.keys(headers).filter(
		(name) => name.startsWith('x-amz-') && !signed.includes(name),
	);
	if (unsigned.length > 0) {
		return no(
			403,
			'AccessDenied',
			'There were headers present in the request which were not signed',
			{
				HeadersNotSigned: unsigned.join(', '),
			},
		);
	}
	return isSigned(exchange, signed)
		? undefined
		: no(
				403,
				'SignatureDoesNotMatch',
				'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
				{ AWSAccessKeyId: key.accessKeyId },
			);
}

const SIGNED_PARAMETERS = [
	'X-Amz-Algorithm',
	'X-Amz-Credential',
	'X-Amz-Date',
	'X-Amz-Expires',
	'X-Amz-SignedHeaders',
];

/** A signed header that did not come counts as empty, so the signature can't match. */
function isSigned({ method, rawUrl, query, headers }: Exchange, signed: string[]): boolean {
	const expected = signatureOf(
		{
			method,
			path: rawUrl.split('?')[0],
			query: [...query].filter(([name]) => name !== 'X-Amz-Signature'),
			headers: Object.fromEntries(signed.map((name) => [name, headers[name] ?? ''])),
		},
		key,
	);
	const given = Buffer.from(query.get('X-Amz-Signature') ?? '');
	return given.length === expected.length && timingSafeEqual(given, Buffer.from(expected));
}

function store({ path, headers, body }: Exchange, state: AmazonState): Answer {
	if ('transfer-encoding' in headers) {
		return no(
			501,
			'NotImplemented',
			'A header you provided implies functionality that is not implemented',
			{ Header: 'Transfer-Encoding' },
		);
	}
	if (!('content-length' in headers)) {
		return no(411, 'MissingContentLength', 'You must provide the Content-Length HTTP header.');
	}
	const md5 = createHash('md5').update(body).digest('base64');
	const announced = headers['content-md5'];
	if (announced !== undefined && !isDigest(announced)) {
		return no(400, 'InvalidDigest', 'The Content-MD5 you specified was invalid.', {
			'Content-MD5': announced,
		});
	}
	if (announced !== undefined && announced !== md5) {
		return no(400, 'BadDigest', 'The Content-MD5 you specified did not match what we received.', {
			ExpectedDigest: announced,
			CalculatedDigest: md5,
		});
	}
	const upload = state.uploads.get(path.split('/').pop() ?? '');
	if (!upload) return no(404, 'NoSuchKey', 'The specified key does not exist.');
	upload.bytes = body;
	const encryption = headers['x-amz-server-side-encryption'];
	return {
		status: 200,
		headers: {
			etag: `"${Buffer.from(md5, 'base64').toString('hex')}"`,
			...(encryption ? { 'x-amz-server-side-encryption': encryption } : {}),
		},
	};
}

/** Base64 of 16 bytes. */
function isDigest(text: string): boolean {
	return /^[A-Za-z0-9+/]{22}==$/.test(text);
}

function no(
	status: number,
	code: string,
	message: string,
	more: Record<string, string> = {},
): Answer {
	const parts = Object.entries({ Code: code, Message: message, ...more }).map(
		([name, value]) => `<${name}>${escaped(value)}</${name}>`,
	);
	const requestId = randomBytes(8).toString('hex').toUpperCase();
	return {
		status,
		headers: { 'content-type': 'application/xml', 'x-amz-request-id': requestId },
		body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${parts.join('')}<RequestId>${requestId}</RequestId></Error>`,
	};
}

function escaped(text: string): string {
	return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
