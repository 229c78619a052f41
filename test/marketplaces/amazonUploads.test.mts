import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import CryptoJS from 'crypto-js';

import { amazonClient, md5, ORDER, put, US } from './amazon/client.mts';
import { signatureOf } from './amazon/sigv4.mts';
import { startSimulator, type Simulator } from './simulator.mts';

let simulator: Simulator;
let amazon: ReturnType<typeof amazonClient>;
const bytes = Buffer.from('%PDF-1.4 two years of warranty \u00e9\u{1F642}');

beforeAll(async () => {
	simulator = await startSimulator();
	amazon = amazonClient(simulator);
});
afterEach(() => simulator.reset());
afterAll(async () => {
	await simulator.close();
});

async function destination() {
	const { url, headers, uploadDestinationId } = await amazon.destinationFor('warranty', bytes);
	return { url, headers: headers ?? {}, uploadDestinationId };
}

/** S3's XML error, in short. */
function errorOf({ status, data }: { status: number; data: unknown }): [number, string] {
	return [status, /<Code>(\w+)<\/Code>/.exec(String(data))?.[1] ?? ''];
}

describe('createUploadDestinationForResource', () => {
	it('gives an id, a URL and the headers to send', async () => {
		const answer = await amazon.createUpload('warranty', md5(bytes));
		expect(answer.status).toBe(201);
		expect(answer.data).toEqual({
			payload: {
				uploadDestinationId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
				url: expect.stringContaining('/%2F068/') as string,
				headers: { 'Content-MD5': md5(bytes) },
			},
		});
	});

	it('gives a URL in the shape that was recorded', async () => {
		const { url } = await destination();
		const { pathname, searchParams } = new URL(url);
		expect(pathname).toContain('/buyer-seller-messaging-prod-draft-attachment-namarketplace/');
		expect(searchParams.get('X-Amz-SignedHeaders')).toBe('content-md5;host');
		expect([...searchParams.keys()].filter((name) => name.startsWith('x-amz-meta-'))).toEqual([
			'x-amz-meta-marketplace',
			'x-amz-meta-mime_type',
			'x-amz-meta-sender',
			'x-amz-meta-tenant',
		]);
		expect(searchParams.get('x-amz-meta-mime_type')).toBe('EMPTY');
		expect(searchParams.get('X-Amz-Security-Token')).toMatch(/^IQoJ.*==$/);
	});

	it('takes the content type', async () => {
		const answer = await amazon.createUpload('warranty', md5(bytes), ORDER, 'application/pdf');
		expect(answer.status).toBe(201);
	});

	it('refuses encoded slashes in the resource like an unknown path', async () => {
		const resource = encodeURIComponent(`messaging/v1/orders/${ORDER}/messages/warranty`);
		const answer = await amazon.post(
			`/uploads/2020-11-01/uploadDestinations/${resource}?marketplaceIds=${US}&contentMD5=x`,
		);
		expect(answer.status).toBe(403);
		expect(answer.data.errors[0]).toMatchObject({ code: 'Unauthorized', details: '' });
	});

	it('refuses a message type that takes no attachments', async () => {
		expect((await amazon.createUpload('confirmOrderDetails', md5(bytes))).status).toBe(403);
	});

	it('wants the digest', async () => {
		expect((await amazon.createUpload('warranty', '')).status).toBe(400);
	});
});

describe('the digest and the signature', () => {
	it('agree with crypto-js on MD5', async () => {
		const words = CryptoJS.lib.WordArray.create(new Uint8Array(bytes));
		const { headers } = await destination();
		expect(headers['Content-MD5']).toBe(CryptoJS.enc.Base64.stringify(CryptoJS.MD5(words)));
	});

	it('agree with crypto-js on Signature Version 4', async () => {
		const { url, headers } = await destination();
		expect(new URL(url).searchParams.get('X-Amz-Signature')).toBe(
			signatureByCryptoJs(url, headers, 'demo-secret-of-the-simulated-bucket'),
		);
	});

	it('agree with the example in the documentation of S3', () => {
		const signature = signatureOf(
			{
				method: 'GET',
				path: '/test.txt',
				query: [
					['X-Amz-Algorithm', 'AWS4-HMAC-SHA256'],
					['X-Amz-Credential', 'AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request'],
					['X-Amz-Date', '20130524T000000Z'],
					['X-Amz-Expires', '86400'],
					['X-Amz-SignedHeaders', 'host'],
				],
				headers: { host: 'examplebucket.s3.amazonaws.com' },
			},
			{
				accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
				secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
				region: 'us-east-1',
			},
		);
		expect(signature).toBe('aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404');
	});

	function signatureByCryptoJs(
		url: string,
		headers: Record<string, string>,
		secret: string,
	): string {
		const { pathname, search, host } = new URL(url);
		const query = search.slice(1).replace(/&X-Amz-Signature=.*/, '');
		const date = new URLSearchParams(query).get('X-Amz-Date') ?? '';
		const request = [
			'PUT',
			pathname,
			query,
			`content-md5:${headers['Content-MD5']}`,
			`host:${host}`,
			'',
			'content-md5;host',
			'UNSIGNED-PAYLOAD',
		].join('\n');
		const day = date.slice(0, 8);
		const hashed = CryptoJS.SHA256(request).toString();
		const text = `AWS4-HMAC-SHA256\n${date}\n${day}/us-east-1/s3/aws4_request\n${hashed}`;
		const ofDay = CryptoJS.HmacSHA256(day, `AWS4${secret}`);
		const ofRegion = CryptoJS.HmacSHA256('us-east-1', ofDay);
		const ofService = CryptoJS.HmacSHA256('s3', ofRegion);
		const key = CryptoJS.HmacSHA256('aws4_request', ofService);
		return CryptoJS.HmacSHA256(text, key).toString();
	}
});

describe('PUT to the bucket', () => {
	it('takes exactly what was signed', async () => {
		const { url, headers } = await destination();
		const answer = await put(url, bytes, headers);
		expect([answer.status, answer.data]).toEqual([200, '']);
		expect(answer.headers.etag).toBe(`"${createHash('md5').update(bytes).digest('hex')}"`);
	});

	it('takes the same bytes again', async () => {
		const { url, headers } = await destination();
		await put(url, bytes, headers);
		expect((await put(url, bytes, headers)).status).toBe(200);
	});

	it('tolerates an unsigned content type', async () => {
		const { url, headers } = await destination();
		const answer = await put(url, bytes, { ...headers, 'Content-Type': 'application/pdf' });
		expect(answer.status).toBe(200);
	});

	it('wants the digest also where the destination came without headers', async () => {
		simulator.amazon.state.uploadHeaders = 'null';
		const { url, headers } = await amazon.destinationFor('warranty', bytes);
		expect(headers).toBeNull();
		expect(errorOf(await put(url, bytes, {}))).toEqual([403, 'SignatureDoesNotMatch']);
		expect((await put(url, bytes, { 'Content-MD5': md5(bytes) })).status).toBe(200);
	});

	it('refuses a URL without the token of its key', async () => {
		const { url, headers } = await destination();
		const answer = await put(url.replace(/X-Amz-Security-Token=[^&]*&/, ''), bytes, headers);
		expect(errorOf(answer)).toEqual([400, 'InvalidToken']);
	});

	it('refuses a digest in hex', async () => {
		const hex = createHash('md5').update(bytes).digest('hex');
		const { url, headers } = (await amazon.createUpload('warranty', hex)).data.payload;
		expect(errorOf(await put(url, bytes, headers))).toEqual([400, 'InvalidDigest']);
	});

	it('refuses base64 of the hex digest', async () => {
		const hex = createHash('md5').update(bytes).digest('hex');
		const wrong = Buffer.from(hex).toString('base64');
		const { url, headers } = (await amazon.createUpload('warranty', wrong)).data.payload;
		expect(errorOf(await put(url, bytes, headers))).toEqual([400, 'InvalidDigest']);
	});

	it('refuses other bytes than the digest says', async () => {
		const { url, headers } = await destination();
		const answer = await put(url, Buffer.from('something else'), headers);
		expect(errorOf(answer)).toEqual([400, 'BadDigest']);
	});

	it('refuses a dropped signed header', async () => {
		simulator.amazon.state.uploadHeaders = 'encrypted';
		const { url, headers } = await destination();
		const answer = await put(url, bytes, { 'Content-MD5': headers['Content-MD5'] });
		expect(errorOf(answer)).toEqual([403, 'SignatureDoesNotMatch']);
	});

	it('refuses a changed signed header', async () => {
		simulator.amazon.state.uploadHeaders = 'encrypted';
		const { url, headers } = await destination();
		const answer = await put(url, bytes, { ...headers, 'x-amz-server-side-encryption': 'AES256' });
		expect(errorOf(answer)).toEqual([403, 'SignatureDoesNotMatch']);
	});

	it('refuses a URL that was decoded on the way', async () => {
		const { url, headers } = await destination();
		const answer = await put(url.replace('/%2F068/', '//068/'), bytes, headers);
		expect(errorOf(answer)).toEqual([403, 'SignatureDoesNotMatch']);
	});

	it('refuses another method than the one signed', async () => {
		const { url, headers } = await destination();
		const answer = await fetch(url, { method: 'DELETE', headers });
		const data = await answer.text();
		expect(errorOf({ status: answer.status, data })).toEqual([403, 'SignatureDoesNotMatch']);
	});

	it('refuses an x-amz header that was not signed', async () => {
		const { url, headers } = await destination();
		const answer = await put(url, bytes, { ...headers, 'x-amz-access-token': 'Atza|x' });
		expect(errorOf(answer)).toEqual([403, 'AccessDenied']);
		expect(answer.data).toContain('<HeadersNotSigned>x-amz-access-token</HeadersNotSigned>');
	});

	it('refuses an Authorization header beside the signature', async () => {
		const { url, headers } = await destination();
		const answer = await put(url, bytes, { ...headers, Authorization: 'Bearer x' });
		expect(errorOf(answer)).toEqual([400, 'InvalidArgument']);
	});

	it('refuses POST', async () => {
		const { url, headers } = await destination();
		const answer = await fetch(url, { method: 'POST', headers, body: bytes });
		const data = await answer.text();
		expect(errorOf({ status: answer.status, data })).toEqual([405, 'MethodNotAllowed']);
	});

	it('refuses a chunked stream', async () => {
		const { url, headers } = await destination();
		const answer = await put(url, Readable.from([bytes]), headers);
		expect(errorOf(answer)).toEqual([501, 'NotImplemented']);
	});

	it('refuses a request without a signature', async () => {
		const { url, headers } = await destination();
		expect(errorOf(await put(url.split('?')[0], bytes, headers))).toEqual([403, 'AccessDenied']);
	});

	it('refuses a request that lacks a part of the signature', async () => {
		const { url, headers } = await destination();
		const answer = await put(url.replace('X-Amz-Expires=900&', ''), bytes, headers);
		expect(errorOf(answer)).toEqual([400, 'AuthorizationQueryParametersError']);
	});

	it('refuses a URL after 900 seconds', async () => {
		const { url, headers } = await destination();
		simulator.clock.advance(901_000);
		const answer = await put(url, bytes, headers);
		expect(errorOf(answer)).toEqual([403, 'AccessDenied']);
		expect(answer.data).toContain('<Message>Request has expired</Message>');
	});

	it('does not believe a prolonged expiry', async () => {
		const { url, headers } = await destination();
		simulator.clock.advance(901_000);
		const answer = await put(url.replace('Expires=900', 'Expires=9000'), bytes, headers);
		expect(errorOf(answer)).toEqual([403, 'SignatureDoesNotMatch']);
	});
});
