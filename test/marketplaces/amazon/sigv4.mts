import { createHash, createHmac } from 'node:crypto';

/**
 * AWS Signature Version 4 in the query ("presigned"), for S3 with an unsigned payload. The raw path is
 * signed as it stands, so a client that decodes or tidies it breaks the signature.
 * Source: docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 */
export interface SigningKey {
	accessKeyId: string;
	secretAccessKey: string;
	region: string;
}

export interface Presigned {
	method: string;
	/** Raw, as in the request line. */
	path: string;
	/** All query parameters but the signature, decoded. */
	query: Array<[name: string, value: string]>;
	/** The signed headers, names in lower case. */
	headers: Record<string, string>;
}

/** The signature in lower-case hex. */
export function signatureOf(request: Presigned, key: SigningKey): string {
	const amzDate = new Map(request.query).get('X-Amz-Date') ?? '';
	const scope = scopeOf(amzDate, key);
	const toSign = ['AWS4-HMAC-SHA256', amzDate, scope, sha256(canonicalRequest(request))].join('\n');
	const signingKey = [amzDate.slice(0, 8), key.region, 's3', 'aws4_request'].reduce<Buffer>(
		(secret, part) => hmac(secret, part),
		Buffer.from(`AWS4${key.secretAccessKey}`),
	);
	return hmac(signingKey, toSign).toString('hex');
}

export function canonicalRequest({ method, path, query, headers }: Presigned): string {
	const names = Object.keys(headers).sort();
	return [
		method,
		path,
		canonicalQuery(query),
		...names.map((name) => `${name}:${headers[name].trim().replace(/ +/g, ' ')}`),
		'',
		names.join(';'),
		'UNSIGNED-PAYLOAD',
	].join('\n');
}

/** Sorted by encoded name, everything but letters, digits and `-._~` percent-encoded. */
export function canonicalQuery(query: Array<[string, string]>): string {
	return query
		.map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
		.sort()
		.join('&');
}

export function scopeOf(amzDate: string, { region }: SigningKey): string {
	return `${amzDate.slice(0, 8)}/${region}/s3/aws4_request`;
}

/** `20261122T015200Z` */
export function amzDateOf(at: number): string {
	return `${new Date(at).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
}

/** Milliseconds since 1970; NaN where it is no such date. */
export function timeOf(amzDate: string): number {
	const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(amzDate);
	if (!parts) return Number.NaN;
	const [year, month, day, hour, minute, second] = parts.slice(1).map(Number);
	return Date.UTC(year, month - 1, day, hour, minute, second);
}

function encoded(text: string): string {
	return encodeURIComponent(text).replace(
		/[!'()*]/g,
		(sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
	);
}

function sha256(text: string): string {
	return createHash('sha256').update(text).digest('hex');
}

function hmac(key: Buffer, text: string): Buffer {
	return createHmac('sha256', key).update(text).digest();
}
