import { demoTickets } from './demo.mts';
import { type StartedMagalu, startMagalu } from './startMagalu.mts';

interface Link {
	url: string;
	content_type?: string;
	expires_at: string;
	headers: Record<string, string>;
}
interface Accepted {
	transaction_id: string;
	data: {
		attachments: Array<{ id: string; provided_file_name: string; signed_link: Link }>;
	};
	links: Array<{ path: string }>;
}

let started: StartedMagalu;
let authorization: string;

beforeAll(async () => {
	started = await startMagalu();
	authorization = `Bearer ${started.magalu.issueTokens().access_token}`;
});
afterEach(() => {
	started.clock.reset();
	started.magalu.reset();
	started.magalu.state.settings.completeAfterMs = 0;
	started.received.length = 0;
});
afterAll(async () => {
	await started.close();
});

const ticketId = demoTickets.waitingSeller;
const png = { file_name: 'nota.png', file_extension: 'png', file_type: 'image/png' };
const pdf = { file_name: 'nota.pdf', file_extension: 'pdf', file_type: 'application/pdf' };
const message = {
	code: 'erp-1',
	message: 'O pedido sai amanhã.',
	owner: { code: 'ana', name: 'Ana' },
	destination: 'customer',
};

async function post(body: unknown, ticket = ticketId) {
	const answer = await fetch(`${started.origin}/magalu/seller/v0/tickets/${ticket}/messages`, {
		method: 'POST',
		headers: { authorization, 'content-type': 'application/json' },
		body: typeof body === 'string' ? body : JSON.stringify(body),
	});
	return { status: answer.status, body: (await answer.json()) as unknown };
}

async function posted(attachments?: object[]): Promise<Accepted> {
	const { status, body } = await post({ ...message, attachments });
	expect(status).toBe(202);
	return body as Accepted;
}

async function linkFor(file: object = png): Promise<Link> {
	const { data } = await posted([file]);
	const link = data.attachments[0]?.signed_link;
	if (!link) throw new Error('No signed link');
	return link;
}

const range = { 'x-goog-content-length-range': '0,5242880' };

async function put(url: string, headers: Record<string, string>, body = Buffer.from('a picture')) {
	const answer = await fetch(url, { method: 'PUT', headers, body });
	return { status: answer.status, text: await answer.text() };
}

async function transaction(id: string) {
	const answer = await fetch(`${started.origin}/magalu/seller/v0/transactions/${id}`, {
		headers: { authorization },
	});
	return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

const statusOf = async (id: string) => (await transaction(id)).body['status'];

describe('a message', () => {
	it('is accepted with a transaction, and reaches the customer', async () => {
		const { transaction_id, links } = await posted();
		expect(links).toEqual([{ path: `/seller/v0/transactions/${transaction_id}` }]);
		expect(await statusOf(transaction_id)).toBe('completed');
		expect(started.received).toMatchObject([
			{
				marketplace: 'magalu',
				reference: ticketId,
				text: message.message,
				fields: { destination: 'customer', code: 'erp-1' },
			},
		]);
	});

	it('arrives though nobody asks for its transaction', async () => {
		started.magalu.state.settings.completeAfterMs = 10;
		await posted();
		while (started.received.length === 0) await new Promise(setImmediate);
		expect(started.received).toHaveLength(1);
	});

	it('stands in the ticket as the seller’s', async () => {
		await posted();
		const url = `${started.origin}/magalu/seller/v0/tickets/${ticketId}/messages`;
		const answer = await fetch(`${url}?_sort=created_at:desc`, { headers: { authorization } });
		const { results } = (await answer.json()) as { results: object[] };
		expect(results[0]).toMatchObject({
			message: message.message,
			code: 'erp-1',
			sender: { type: 'seller', owner: message.owner },
			moderation: { status: 'approved' },
		});
	});

	it('arrives twice where it is posted twice: code is no idempotency key', async () => {
		await posted();
		await posted();
		expect(started.received).toHaveLength(2);
	});

	it('takes 3000 letters, and a letter outside the basic plane is one', async () => {
		expect((await post({ ...message, message: '😀'.repeat(3000) })).status).toBe(202);
	});

	it.each<[string, object, Array<string | number>]>([
		['a code that is no text', { code: 7 }, ['code']],
		['an empty text', { message: ' ' }, ['message']],
		['3001 letters', { message: 'a'.repeat(3001) }, ['message']],
		['no owner', { owner: undefined }, ['owner']],
		['an owner without a name', { owner: { code: 'ana' } }, ['owner', 'name']],
		['an unknown destination', { destination: 'buyer' }, ['destination']],
		['an unknown field', { subject: 'Oi' }, ['subject']],
		[
			'an unknown field of an attachment',
			{ attachments: [{ ...png, file_size: 3 }] },
			['attachments', 0, 'file_size'],
		],
		[
			'a file type that is not allowed',
			{ attachments: [png, { ...png, file_type: 'image/webp' }] },
			['attachments', 1, 'file_type'],
		],
		[
			'an extension with a dot',
			{ attachments: [{ ...png, file_extension: '.png' }] },
			['attachments', 0, 'file_extension'],
		],
		[
			'an extension of another type',
			{ attachments: [{ ...png, file_extension: 'pdf', file_name: 'nota.pdf' }] },
			['attachments', 0, 'file_extension'],
		],
		[
			'a name with another extension',
			{ attachments: [{ ...png, file_name: 'nota.jpg' }] },
			['attachments', 0, 'file_name'],
		],
		[
			'an extension in capitals',
			{ attachments: [{ ...png, file_extension: 'PNG', file_name: 'nota.PNG' }] },
			['attachments', 0, 'file_extension'],
		],
		[
			'a picture of Windows',
			{
				attachments: [
					{ file_name: 'a.jxr', file_extension: 'jxr', file_type: 'image/vnd.ms-photo' },
				],
			},
			['attachments', 0, 'file_extension'],
		],
		['six attachments', { attachments: Array(6).fill(png) }, ['attachments']],
		['a list of no attachments', { attachments: [] }, ['attachments']],
	])('is refused with %s', async (_case, change, field) => {
		const { status, body } = await post({ ...message, ...change });
		expect(status).toBe(422);
		expect(body).toMatchObject({ detail: [{ loc: ['body', ...field] }] });
		expect(started.magalu.state.transactions).toHaveLength(0);
	});

	it.each([undefined, null])(
		'is taken with %s for a code, and with none for files',
		async (code) => {
			const { status, body } = await post({ ...message, code, attachments: code });
			expect(status).toBe(202);
			expect(body).toMatchObject({ data: { code: null } });
		},
	);

	it('is 400 where the body is no JSON', async () => {
		expect((await post('{"code": ')).status).toBe(400);
	});

	it('is 404 for a ticket that nobody knows', async () => {
		expect((await post(message, '00000000-0000-4000-8000-000000000000')).status).toBe(404);
	});

	it('is 400 for a closed ticket', async () => {
		expect((await post(message, demoTickets.closed)).status).toBe(400);
	});

	it('reaches nobody where moderation rejects it', async () => {
		started.magalu.state.settings.moderationOf = () => 'rejected';
		const { transaction_id } = await posted();
		expect(await statusOf(transaction_id)).toBe('completed');
		expect(started.received).toHaveLength(0);
	});
});

describe('a transaction', () => {
	it('is pending, then processing, then completed', async () => {
		started.magalu.state.settings.completeAfterMs = 100_000;
		const { transaction_id } = await posted();
		const seen = [await statusOf(transaction_id)];
		for (let step = 0; step < 2; step += 1) {
			started.clock.advance(50_000);
			seen.push(await statusOf(transaction_id));
		}
		expect(seen).toEqual(['pending', 'processing', 'completed']);
	});

	it.each(['failed', 'cancelled'] as const)('ends %s where the rule says so', async (outcome) => {
		started.magalu.state.settings.outcomeOf = () => outcome;
		const { transaction_id } = await posted();
		expect(await statusOf(transaction_id)).toBe(outcome);
		expect(started.received).toHaveLength(0);
	});

	it('is 404 as long as it is hidden', async () => {
		started.magalu.state.settings.transactionHiddenMs = 5000;
		const { transaction_id } = await posted();
		expect((await transaction(transaction_id)).status).toBe(404);
		started.clock.advance(5000);
		expect((await transaction(transaction_id)).status).toBe(200);
	});

	it.each([
		['specified', ['content_type', 'content_id'], 'trigger_endpoint'],
		['guided', ['trigger_endpoint'], 'content_id'],
	] as const)('may be shown as %s', async (shape, has, lacks) => {
		started.magalu.state.settings.transactionsAs = shape;
		const { transaction_id } = await posted();
		const { body } = await transaction(transaction_id);
		for (const name of has) expect(body).toHaveProperty(name);
		expect(body).not.toHaveProperty(lacks);
	});

	it('fails with a file that the link takes and a message cannot hold', async () => {
		const { transaction_id, data } = await posted([png]);
		const headers = { ...range, 'content-type': 'image/png' };
		const url = data.attachments[0]?.signed_link.url ?? '';
		expect((await put(url, headers, Buffer.alloc(5_242_880))).status).toBe(200);
		expect(await statusOf(transaction_id)).toBe('failed');
	});

	it('waits for every file', async () => {
		const { transaction_id, data } = await posted([png, pdf]);
		const [first, second] = data.attachments.map(({ signed_link }) => signed_link.url);
		await put(first ?? '', { ...range, 'content-type': 'image/png' }, Buffer.from('picture'));
		expect(await statusOf(transaction_id)).toBe('pending');
		await put(second ?? '', { ...range, 'content-type': 'application/pdf' }, Buffer.from('paper'));
		expect(await statusOf(transaction_id)).toBe('completed');
		expect(started.received[0]?.attachments).toEqual([
			{ fileName: 'nota.png', mimeType: 'image/png', bytes: Buffer.from('picture') },
			{ fileName: 'nota.pdf', mimeType: 'application/pdf', bytes: Buffer.from('paper') },
		]);
	});

	it('is cancelled where a file is missing after 15 minutes', async () => {
		const { transaction_id, data } = await posted([png]);
		started.clock.advance(15 * 60_000 + 1);
		const url = data.attachments[0]?.signed_link.url ?? '';
		expect((await put(url, { ...range, 'content-type': 'image/png' })).status).toBe(200);
		expect(await statusOf(transaction_id)).toBe('cancelled');
		expect(started.received).toHaveLength(0);
	});
});

describe('a signed link', () => {
	const headers = { ...range, 'content-type': 'image/png' };

	it('takes the file with just the headers that it was signed for', async () => {
		const { url } = await linkFor();
		expect(await put(url, headers)).toEqual({ status: 200, text: '' });
	});

	it('takes a file of 5 MiB', async () => {
		const { url } = await linkFor();
		expect((await put(url, headers, Buffer.alloc(5_242_880))).status).toBe(200);
	});

	it('refuses a byte more', async () => {
		const { url } = await linkFor();
		const { status, text } = await put(url, headers, Buffer.alloc(5_242_881));
		expect(status).toBe(400);
		expect(text).toContain('<Code>EntityTooLarge</Code>');
	});

	it.each([true, false])('names its content type where it is set so: %s', async (named) => {
		started.magalu.state.settings.linksNameContentType = named;
		const link = await linkFor();
		expect(link.content_type).toBe(named ? 'image/png' : undefined);
	});

	it('hands out neither a header for the content type nor the real length', async () => {
		const link = await linkFor();
		expect(link.headers).toEqual({ ...range, 'Content-Length': '5242880' });
	});

	it('names its end without a zone', async () => {
		expect((await linkFor()).expires_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?$/);
	});

	it.each([
		['content-type', { ...range }],
		['x-goog-content-length-range', { 'content-type': 'image/png' }],
	])('is malformed without %s', async (name, sent) => {
		const { url } = await linkFor();
		const { status, text } = await put(url, sent);
		expect(status).toBe(400);
		expect(text).toContain('<Code>MalformedSecurityHeader</Code>');
		expect(text).toContain(`<ParameterName>${name}</ParameterName>`);
	});

	it('is malformed with an x-goog header that was not signed', async () => {
		const { url } = await linkFor();
		const { text } = await put(url, { ...headers, 'x-goog-meta-owner': 'ana' });
		expect(text).toContain('<Code>MalformedSecurityHeader</Code>');
	});

	it.each<[string, Record<string, string>, (url: string) => string]>([
		['another content type', { ...headers, 'content-type': 'image/jpeg' }, (url) => url],
		['another range', { ...headers, 'x-goog-content-length-range': '0,99999999' }, (url) => url],
		['another parameter', headers, (url) => `${url}&alt=media`],
		['a longer life', headers, (url) => url.replace('Expires=3600', 'Expires=7200')],
		['another file', headers, (url) => url.replace('.png?', '.gif?')],
		['a decoded parameter', headers, (url) => url.replaceAll('%2F', '/')],
		['another signature', headers, (url) => `${url.slice(0, -4)}0000`],
	])('does not match with %s', async (_case, sent, altered) => {
		const { url } = await linkFor();
		const { status, text } = await put(altered(url), sent);
		expect(status).toBe(403);
		expect(text).toContain('<Code>SignatureDoesNotMatch</Code>');
	});

	it('is good for nothing but PUT', async () => {
		const { url } = await linkFor();
		const answer = await fetch(url, { method: 'POST', headers, body: 'a picture' });
		expect(answer.status).toBe(403);
	});

	it('ends with 400, not 403', async () => {
		const { url } = await linkFor();
		started.clock.advance(3_600_000);
		const { status, text } = await put(url, headers);
		expect(status).toBe(400);
		expect(text).toContain('<Code>ExpiredToken</Code>');
	});

	it('takes no token beside it', async () => {
		const { url } = await linkFor();
		const { status, text } = await put(url, { ...headers, authorization });
		expect(status).toBe(400);
		expect(text).toContain('<Code>InvalidArgument</Code>');
	});

	it('may be signed for another content type than the declared one', async () => {
		started.magalu.state.settings.signedContentType = 'application/octet-stream';
		const { url } = await linkFor();
		expect((await put(url, headers)).status).toBe(403);
		const octets = { ...range, 'content-type': 'application/octet-stream' };
		expect((await put(url, octets)).status).toBe(200);
		expect(started.received[0]?.attachments[0]?.mimeType).toBe('image/png');
	});

	it('takes the same bytes again', async () => {
		const { data } = await posted([png, pdf]);
		const url = data.attachments[0]?.signed_link.url ?? '';
		await put(url, headers);
		expect((await put(url, headers)).status).toBe(200);
		expect(started.magalu.state.doublePuts).toEqual([]);
	});

	it('may say with 412 that its file is there', async () => {
		started.magalu.state.settings.secondPut = 'refused';
		const { data } = await posted([png, pdf]);
		const url = data.attachments[0]?.signed_link.url ?? '';
		await put(url, headers);
		const { status, text } = await put(url, headers);
		expect(status).toBe(412);
		expect(text).toContain('<Code>PreconditionFailed</Code>');
	});

	it('shows another file as what it is: a mix-up', async () => {
		const { data, transaction_id } = await posted([png, pdf]);
		const [file, other] = data.attachments;
		await put(file?.signed_link.url ?? '', headers);
		await put(file?.signed_link.url ?? '', headers, Buffer.from('another'));
		await put(other?.signed_link.url ?? '', { ...range, 'content-type': 'application/pdf' });
		expect(started.magalu.state.doublePuts).toMatchObject([
			{ transactionId: transaction_id, attachmentId: file?.id, fileName: 'nota.png' },
		]);
		expect(started.received[0]?.fields['mixedUpFiles']).toEqual(['nota.png']);
	});

	it('leaves no mark of an upload that failed', async () => {
		const { url } = await linkFor();
		await put(url, { ...headers, 'content-type': 'image/jpeg' });
		await put(url, headers);
		expect(started.magalu.state.doublePuts).toEqual([]);
		expect(started.received).toHaveLength(1);
	});

	it('is told apart by the name where the reply lists the files last first', async () => {
		started.magalu.state.settings.linksReversed = true;
		const { data } = await posted([png, pdf]);
		expect(data.attachments.map(({ provided_file_name }) => provided_file_name)).toEqual([
			'nota.pdf',
			'nota.png',
		]);
	});
});

it('accepts a message without files with no data where set so', async () => {
	started.magalu.state.settings.nullDataWithoutFiles = true;
	expect((await posted()).data).toBeNull();
});

it('lists transactions only between two times', async () => {
	const url = `${started.origin}/magalu/seller/v0/transactions`;
	const { transaction_id } = await posted();
	expect((await fetch(url, { headers: { authorization } })).status).toBe(422);
	const between = '?created_at_gte=2020-01-01&created_at_lte=2999-01-01';
	const answer = await fetch(url + between, { headers: { authorization } });
	expect(await answer.json()).toMatchObject({ results: [{ id: transaction_id }] });
});
