import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { IBinaryData, IExecuteFunctions, INodeExecutionData, INodeType } from 'n8n-workflow';

import { amazonWorld, attached, messageForm, ORDER } from '../../engine/amazon.mts';
import { fileOf, keepFilesOnDisk, storedFileOf } from '../../engine/engine.mts';
import { waitsPass } from '../../engine/quickTime.mts';
import { Container } from '@n8n/di';
import { BinaryDataService } from 'n8n-core';

const amazon = amazonWorld();
waitsPass();
const bytes = Buffer.from([0x25, 0x50, 0x44, 0x46, 0x00, 0xff, 0xfe, 0x0d, 0x0a, 0x80]);
const opening = () => jest.spyOn(Container.get(BinaryDataService), 'getAsStream');
/** How often a file was loaded or opened. */
const loading = () => {
	const whole = jest.spyOn(Container.get(BinaryDataService), 'getAsBuffer');
	const little = opening();
	return () => whole.mock.calls.length + little.mock.calls.length;
};

afterEach(() => jest.restoreAllMocks());

type MakeFile = (
	bytes: Buffer | string,
	fileName: string,
	mimeType: string,
) => Promise<IBinaryData>;

async function send(file: object, item: Partial<INodeExecutionData>, more = {}, settings = {}) {
	const form = messageForm(ORDER, 'legalDisclosure', { ...file, ...more } as never);
	return await amazon.run(form, { items: [{ json: {}, ...item }], workflowSettings: settings });
}

const arrived = () =>
	amazon.simulator.received.flatMap(({ attachments }) => attachments).map((file) => file.fileName);

/** The same in every mode in which n8n keeps files. */
function everyMode(make: MakeFile): void {
	test('bytes arrive unchanged', async () => {
		await send(attached('data'), {
			binary: { data: await make(bytes, 'a.pdf', 'application/pdf') },
		});
		expect(amazon.simulator.received[0].attachments[0].bytes).toEqual(bytes);
	});

	test.each([
		'garantía "2 años" – ñandú.pdf',
		"l'été; à=b&c%20d.pdf",
		'保証書 😀.pdf',
		'a, b.pdf',
		'.pdf',
	])('the name %s arrives unchanged', async (fileName) => {
		await send(attached('data'), {
			binary: { data: await make('x', fileName, 'application/pdf') },
		});
		expect(arrived()).toEqual([fileName]);
	});

	test('several fields may share a row, and spaces do not count', async () => {
		const binary = {
			one: await make('1', 'one.txt', 'text/plain'),
			two: await make('2', 'two.png', 'image/png'),
		};
		await send(attached(' two , one, '), { binary });
		expect(arrived()).toEqual(['two.png', 'one.txt']);
	});

	test('the name in the form outranks that of the file', async () => {
		const row = { binaryPropertyName: 'data', fileName: '  rebut "de" {{ x }}.pdf ' };
		const file = await make('x', 'other.pdf', 'application/pdf');
		const { items } = await send(attached(row), { binary: { data: file } });
		expect(arrived()).toEqual(['rebut "de" {{ x }}.pdf']);
		expect(items[0].json.attachments).toMatchObject([{ fileName: 'rebut "de" {{ x }}.pdf' }]);
	});

	test('a row without a field name takes the field data', async () => {
		const file = await make('x', 'a.pdf', 'application/pdf');
		await send(attached({ fileName: 'b.pdf' }), { binary: { data: file } });
		expect(arrived()).toEqual(['b.pdf']);
	});

	test('an expression may give the file itself', async () => {
		const file = await make(bytes, 'a.pdf', 'application/pdf');
		const row = { binaryPropertyName: '={{ $input.item.binary.some }}', fileName: 'shown.pdf' };
		await send(attached(row), { binary: { some: file } });
		expect(amazon.simulator.received[0].attachments).toMatchObject([
			{ fileName: 'shown.pdf', bytes },
		]);
	});

	test('$binary gives the file itself', async () => {
		const binary = {
			other: await make('other', 'b.pdf', 'application/pdf'),
			some: await make(bytes, 'a.pdf', 'application/pdf'),
		};
		const row = { binaryPropertyName: '={{ $binary.some }}', fileName: '' };
		await send(attached(row), { binary });
		expect(amazon.simulator.received[0].attachments).toMatchObject([{ fileName: 'a.pdf', bytes }]);
	});

	test('an expression may give several files', async () => {
		const binary = {
			a: await make('1', 'one.pdf', 'application/pdf'),
			b: await make('2', 'two.pdf', 'application/pdf'),
		};
		const row = {
			binaryPropertyName: '={{ [$input.item.binary.b, $input.item.binary.a] }}',
			fileName: '',
		};
		await send(attached(row), { binary });
		expect(arrived()).toEqual(['two.pdf', 'one.pdf']);
	});

	test('an empty expression gives no file', async () => {
		const form = messageForm(ORDER, 'digitalAccessKey', {
			text: 'Hi',
			...attached({ binaryPropertyName: '={{ "" }}', fileName: '' }),
		});
		const { items } = await amazon.run(form);
		expect(items[0].json.attachments).toEqual([]);
	});

	test('in combined mode a file stands in the json', async () => {
		const file = await make(bytes, 'a.pdf', 'application/pdf');
		const json = { _files: { invoice: file } } as never;
		await send(attached('_files.invoice'), { json }, {}, { binaryMode: 'combined' });
		expect(amazon.simulator.received[0].attachments).toMatchObject([{ fileName: 'a.pdf', bytes }]);
	});

	test('in combined mode a file that is not there is missed by its path', async () => {
		const { error } = await send(attached('data'), {}, {}, { binaryMode: 'combined' });
		expect(error?.message).toBe("The item has no file in the binary field 'data'");
		expect(amazon.simulator.calls).toEqual([]);
	});

	test('a 30 MB file is refused without loading it', async () => {
		const file = await make(Buffer.alloc(30 * 1024 * 1024), 'big.pdf', 'application/pdf');
		const loaded = loading();
		const { error } = await send(attached('data'), { binary: { data: file } });
		expect(error?.message).toBe('The attachments are too large for Amazon');
		expect(error?.description).toMatch(/30 MB; at most 10 MB/);
		expect(loaded()).toBe(0);
		expect(amazon.simulator.calls).toEqual([]);
	});

	test('checking alone loads nothing', async () => {
		const file = await make('x', 'a.pdf', 'application/pdf');
		const loaded = loading();
		const { items } = await send(
			attached('data'),
			{ binary: { data: file } },
			{ options: { validateOnly: true } },
		);
		expect(items[0].json.status).toBe('validated');
		expect(loaded()).toBe(0);
	});
}

describe('files in memory', () => {
	everyMode(async (...file) => fileOf(...file));

	test('of two that $binary cannot tell apart, neither is taken for the other', async () => {
		const binary = {
			a: fileOf('1', 'same.pdf', 'application/pdf'),
			b: fileOf('2', 'same.pdf', 'application/pdf'),
		};
		const row = { binaryPropertyName: '={{ $binary.b }}', fileName: '' };
		const { error } = await send(attached(row), { binary });
		expect(error?.message).toMatch(/has no file in the binary field/);
		expect(amazon.calls()).toEqual([]);
	});
});

describe('types', () => {
	test.each([
		['a.PDF', 'application/pdf', 'a.PDF', 'application/pdf'],
		['a.jpeg', 'image/jpg', 'a.jpeg', 'image/jpeg'],
		[
			'a.docx',
			'application/octet-stream',
			'a.docx',
			'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
		],
		['a.doc', '', 'a.doc', 'application/msword'],
		['scan', 'application/x-pdf; charset=binary', 'scan.pdf', 'application/pdf'],
		['scan.', 'image/png', 'scan.png', 'image/png'],
		['notes.txt', 'text/plain; charset=utf-8', 'notes.txt', 'text/plain'],
	])('%s as %s goes as %s, %s', async (name, mime, fileName, mimeType) => {
		const { items } = await send(attached('data'), { binary: { data: fileOf('x', name, mime) } });
		expect(items[0].json.attachments).toMatchObject([{ fileName, mimeType }]);
		expect(arrived()).toEqual([fileName]);
	});

	test('a file in the item whose bytes were not counted is counted', async () => {
		const { bytes: _uncounted, ...file } = fileOf('12345', 'a.pdf', 'application/pdf');
		const { items } = await send(attached('data'), { binary: { data: file } });
		expect(items[0].json.attachments).toMatchObject([{ size: 5 }]);
	});
});

describe('the upload', () => {
	const put = () => amazon.simulator.calls.filter(({ operation }) => operation === 's3.put');

	test('is announced with the base64 of the raw MD5, and slashes stay slashes', async () => {
		// This content's digest holds all three signs that a query has to encode.
		const content = Buffer.from(
			Array.from({ length: 5000 }, (_, i) => `${i}`).find((text) => {
				const md5 = createHash('md5').update(text).digest('base64');
				return md5.includes('+') && md5.includes('/');
			})!,
		);
		await send(attached('data'), { binary: { data: fileOf(content, 'a.pdf', 'application/pdf') } });

		const create = amazon.simulator.calls.find(
			({ operation }) => operation === 'amazon.createUpload',
		)!;
		const md5 = createHash('md5').update(content).digest('base64');
		expect(create.rawUrl).toBe(
			`/amazon/uploads/2020-11-01/uploadDestinations/messaging/v1/orders/${ORDER}/messages/legalDisclosure` +
				`?marketplaceIds=ATVPDKIKX0DER&contentMD5=${encodeURIComponent(md5)}&contentType=application%2Fpdf`,
		);
		expect(put()[0].headers['content-md5']).toBe(md5);
	});

	test('gets exactly the headers that came with its address', async () => {
		await send(attached('data'), { binary: { data: fileOf('x', 'a.pdf', 'application/pdf') } });
		const { host, connection, accept, 'user-agent': agent, ...headers } = put()[0].headers;
		expect(headers).toEqual({
			'content-md5': expect.any(String),
			'content-length': '1',
			'accept-encoding': expect.any(String),
		});
		expect([host, connection, accept, agent]).not.toContain(undefined);
	});

	test.each(['recorded', 'encrypted', 'withoutMd5', 'null'] as const)(
		'brings the digest that is signed, where Amazon tells the headers like this: %s',
		async (kind) => {
			amazon.simulator.amazon.state.uploadHeaders = kind;
			await send(attached('data'), { binary: { data: fileOf('x', 'a.pdf', 'application/pdf') } });
			expect(amazon.simulator.received).toHaveLength(1);
			expect(put()[0].headers['content-md5']).toBe(createHash('md5').update('x').digest('base64'));
			expect(put()[0].headers).not.toHaveProperty('content-type');
		},
	);

	/** A place whose address says that these headers are signed, and what came with it. */
	const placeSigning = (signed: string, headers: unknown) => {
		const signedHeaders = encodeURIComponent(signed);
		const { origin } = amazon.simulator;
		const url = `${origin}/s3/b/k?X-Amz-SignedHeaders=${signedHeaders}`;
		amazon.simulator.faults.push(
			{
				operation: 'amazon.createUpload',
				kind: 'status',
				status: 201,
				body: { payload: { uploadDestinationId: 'x', url, headers } },
			},
			{ operation: 's3.put', kind: 'status', status: 200 },
		);
	};
	const headersPut = async (signed: string, headers: unknown) => {
		placeSigning(signed, headers);
		await send(attached('data'), { binary: { data: fileOf('x', 'a.pdf', 'application/pdf') } });
		return put()[0].headers;
	};

	test('keeps the digest that came, in whatever letters', async () => {
		const headers = await headersPut('content-md5;host', { 'CONTENT-md5': 'theirs' });
		expect(headers['content-md5']).toBe('theirs');
	});

	test('brings no digest where none is signed', async () => {
		expect(await headersPut('host', null)).not.toHaveProperty('content-md5');
	});

	test('brings the digest where the header came without a value', async () => {
		const headers = await headersPut('content-md5;host', { 'Content-MD5': null });
		expect(headers['content-md5']).toBe(createHash('md5').update('x').digest('base64'));
	});

	test('brings the type where it is signed and did not come', async () => {
		const headers = await headersPut('content-md5;content-type;host', {});
		expect(headers['content-type']).toBe('application/pdf');
	});

	test('whose address expired gets a new one, twice at most', async () => {
		const expired = { operation: 's3.put', kind: 'status', status: 403 } as const;
		const body = '<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>';
		amazon.simulator.faults.push({ ...expired, body });
		const file = { binary: { data: fileOf('x', 'a.pdf', 'application/pdf') } };
		const { items } = await send(attached('data'), file);

		expect(items[0].json.status).toBe('sent');
		expect(amazon.calls().slice(1)).toEqual([
			'amazon.createUpload',
			's3.put',
			'amazon.createUpload',
			's3.put',
			'amazon.send',
		]);

		amazon.simulator.faults.push({ ...expired, body, times: 3 });
		const { error } = await send(attached('data'), file);
		expect(error?.context.details).toMatchObject({
			outcome: 'notSent',
			code: 'AccessDenied',
			marketplaceMessage: 'Request has expired',
		});
		expect(amazon.simulator.received).toHaveLength(1);
	});

	test('that the storage refuses is told in its words, without its address', async () => {
		const body =
			'<Error><Code>SignatureDoesNotMatch</Code><Message>It does not match</Message><RequestId>REQ1</RequestId></Error>';
		amazon.simulator.faults.push({ operation: 's3.put', kind: 'status', status: 403, body });
		const { error } = await send(attached('data'), {
			binary: { data: fileOf('x', 'a.pdf', 'application/pdf') },
		});
		expect(error).toMatchObject({
			name: 'NodeApiError',
			message: "Amazon's storage did not take the attachment",
			context: {
				details: {
					outcome: 'notSent',
					retryable: true,
					code: 'SignatureDoesNotMatch',
					marketplaceMessage: 'It does not match',
					requestId: 'REQ1',
					httpStatus: 403,
				},
			},
		});
		expect(JSON.stringify(error)).not.toContain('/s3/');
		expect(amazon.simulator.received).toEqual([]);
	});

	test('of one of several files that fails keeps the message back', async () => {
		amazon.simulator.faults.push({
			operation: 's3.put',
			kind: 'status',
			status: 400,
			skip: 1,
			body: '<x/>',
		});
		const binary = {
			a: fileOf('1', 'a.pdf', 'application/pdf'),
			b: fileOf('2', 'b.pdf', 'application/pdf'),
		};
		const { error } = await send(attached('a', 'b'), { binary });
		expect(error?.context.details).toMatchObject({ outcome: 'notSent' });
		expect(amazon.calls()).not.toContain('amazon.send');
	});

	const destination = (payload: object) =>
		amazon.simulator.faults.push({
			operation: 'amazon.createUpload',
			kind: 'status',
			status: 201,
			body: { payload },
		});
	const url = 'http://127.0.0.1:1/x';

	test.each([
		[{ url }, 'incomplete'],
		[{ uploadDestinationId: 'x' }, 'incomplete'],
		[{ uploadDestinationId: 'x', url: 'no address' }, 'not an address'],
		[{ uploadDestinationId: 'x', url: `${url}?policy=abc&x-amz-signature=def` }, 'a form upload'],
		[{ uploadDestinationId: 'x', url: 'file:///etc/passwd' }, 'not an http address'],
	])('to %j is refused', async (payload, problem) => {
		destination(payload);
		const { error } = await send(attached('data'), {
			binary: { data: fileOf('x', 'a.pdf', 'application/pdf') },
		});
		expect(error?.message).toBe('Amazon gave no usable place for the attachment');
		expect(error?.description).toContain(problem);
		expect(error?.context.details).toMatchObject({ outcome: 'notSent', requestId: undefined });
		expect(put()).toEqual([]);
	});
});

describe('an upload on Amazon itself', () => {
	/** Amazon's answers as they stand, and what was asked of the storage. */
	function answeredBy(url: string): string[] {
		const asked: string[] = [];
		const { node } = amazon.node;
		const execute = async function (this: IExecuteFunctions) {
			this.helpers.httpRequestWithAuthentication = async () => ({
				statusCode: 201,
				headers: {},
				body: JSON.stringify({ payload: { uploadDestinationId: 'id', url, headers: null } }),
			});
			this.helpers.httpRequest = async (options) => {
				asked.push(options.url);
				return { statusCode: 200, headers: {}, body: Buffer.alloc(0) };
			};
			return await node.execute!.call(this);
		};
		amazon.node.node = Object.assign(Object.create(node) as INodeType, { execute });
		amazon.node.credentials.amazonSellingPartnerApi.environment = 'production';
		return asked;
	}
	const options = { options: { checkAvailability: false } };
	const file = { binary: { data: fileOf('x', 'a.pdf', 'application/pdf') } };

	test.each([
		'https://s3.amazonaws.com/bucket/%2F068/id?X-Amz-Expires=900',
		'https://bucket.s3.eu-west-1.amazonaws.com/id',
		'https://bucket.s3.cn-north-1.amazonaws.com.cn/id',
	])('goes to %s, as it is written', async (url) => {
		const asked = answeredBy(url);
		const { items } = await send(attached('data'), file, options);
		expect(items[0].json.status).toBe('sent');
		expect(asked).toEqual([url]);
	});

	test.each([
		['http://s3.amazonaws.com/id', /not an https address/],
		['https://s3.amazonaws.com.evil.example/id', /not a host of Amazon/],
		['https://evilamazonaws.com/id', /not a host of Amazon/],
		['https://127.0.0.1/id', /not a host of Amazon/],
	])('does not go to %s', async (url, problem) => {
		const asked = answeredBy(url);
		const { error } = await send(attached('data'), file, options);
		expect(error?.description).toMatch(problem);
		expect(asked).toEqual([]);
	});
});

describe('files on disk', () => {
	beforeAll(async () => await keepFilesOnDisk());
	everyMode(storedFileOf);

	test.each(['lost', 'status'] as const)(
		'a file is read anew after an upload that failed (%s)',
		async (kind) => {
			const content = Buffer.alloc(3_000_000, 'some text ');
			const file = await storedFileOf(content, 'big.pdf', 'application/pdf');
			amazon.simulator.faults.push({ operation: 's3.put', kind, status: 503, when: 'before' });
			await send(attached('data'), { binary: { data: file } });
			expect(amazon.simulator.received[0].attachments[0].bytes.equals(content)).toBe(true);
		},
	);

	test('no file stays open, whatever the storage answers', async () => {
		const file = await storedFileOf(Buffer.alloc(3_000_000, 'x'), 'big.pdf', 'application/pdf');
		const opened = opening();
		amazon.simulator.faults.push({ operation: 's3.put', kind: 'status', status: 403 });
		await send(attached('data'), { binary: { data: file } });
		const streams = await Promise.all(opened.mock.results.map(({ value }) => value as Readable));
		expect(streams.map(({ destroyed }) => destroyed)).toEqual([true, true]);
	});

	test('a file that nobody counted is counted before it is uploaded', async () => {
		const { bytes: _uncounted, ...file } = await storedFileOf(
			Buffer.alloc(11 * 1024 * 1024),
			'big.pdf',
			'application/pdf',
		);
		const { error } = await send(attached('data'), { binary: { data: file } });
		expect(error?.message).toBe('The attachments are too large for Amazon');
		expect(amazon.calls()).toEqual(['amazon.actions']);
	});

	test('files that nobody counted are counted together before the message is sent', async () => {
		const { bytes: _uncounted, ...file } = await storedFileOf(
			Buffer.alloc(6 * 1024 * 1024),
			'big.pdf',
			'application/pdf',
		);
		const form = { messageType: 'confirmCustomizationDetails', text: 'Two files' };
		const { error } = await send(attached('a', 'b'), { binary: { a: file, b: file } }, form);
		expect(error?.message).toBe('The attachments are too large for Amazon');
		expect(amazon.calls()).not.toContain('amazon.send');
	});

	test('a file that nobody counted and that is empty is refused before it is uploaded', async () => {
		const { bytes: _uncounted, ...file } = await storedFileOf('', 'none.pdf', 'application/pdf');
		const { error } = await send(attached('data'), { binary: { data: file } });
		expect(error?.message).toBe("The file 'none.pdf' is empty");
		expect(amazon.calls()).toEqual(['amazon.actions']);
	});
});
