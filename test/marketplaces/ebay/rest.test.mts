import type { Answer } from '../service.mts';
import { basic, connect, origin, partnerMessage, png, start, tokenUrl } from './client.mts';
import type { Client } from './client.mts';
import { scopeBase } from './index.mts';

const fileUrl = '/ebay-media/commerce/media/v1_beta/image/create_image_from_file';
const fromUrl = '/ebay-media/commerce/media/v1_beta/image/create_image_from_url';
const sendUrl = '/ebay/commerce/message/v1/send_message';
const updateUrl = '/ebay/commerce/message/v1/update_conversation';
const listUrl = '/ebay/commerce/message/v1/conversation';
const form = { authorization: basic, 'content-type': 'application/x-www-form-urlencoded' };
let client: Client;

beforeEach(async () => {
	client = await connect();
});

const bearer = () => ({ authorization: `Bearer ${client.token}` });

function errorIds({ body }: Answer): number[] {
	return (body as { errors: Array<{ errorId: number }> }).errors.map(({ errorId }) => errorId);
}

function multipart(bytes: Buffer, field = 'name="image"; filename="crack.png"'): Buffer {
	return Buffer.concat([
		Buffer.from(
			`--b\r\nContent-Disposition: form-data; ${field}\r\nContent-Type: image/png\r\n\r\n`,
		),
		bytes,
		Buffer.from('\r\n--b--\r\n'),
	]);
}

function upload(body: Buffer, type = 'multipart/form-data; boundary=b') {
	return client.send('POST', fileUrl, { ...bearer(), 'content-type': type }, body);
}

/** A token with these scopes alone. */
async function narrow(...scopes: string[]): Promise<Record<string, string>> {
	const scope = encodeURIComponent(scopes.map((one) => `${scopeBase}/${one}`).join(' '));
	const { body } = await client.send(
		'POST',
		tokenUrl,
		form,
		`grant_type=refresh_token&refresh_token=v%5E1.1%23demo-refresh&scope=${scope}`,
	);
	return { authorization: `Bearer ${(body as { access_token: string }).access_token}` };
}

describe('the token endpoint', () => {
	const refresh = 'grant_type=refresh_token&refresh_token=v%5E1.1%23demo-refresh';

	it('refreshes without a new refresh token', async () => {
		client.ebay.state.accessTokenSeconds = 60;
		const { status, body } = await client.send('POST', tokenUrl, form, refresh);
		expect(status).toBe(200);
		expect(body).toEqual({
			access_token: expect.stringMatching(/^v\^1\.1#/) as unknown,
			expires_in: 60,
			token_type: 'User Access Token',
		});
	});

	it('exchanges a code once', async () => {
		client.ebay.state.authorizationCodes.set('code#1', {
			clientId: 'demo-client',
			seller: 'demo_seller',
			scopes: [scopeBase],
			expiresAt: start + 299_000,
			redirectUri: 'Demo-RuName',
		});
		const exchange = 'grant_type=authorization_code&code=code%231&redirect_uri=Demo-RuName';
		const first = await client.send('POST', tokenUrl, form, exchange);
		expect(first.body).toMatchObject({ refresh_token_expires_in: 47_304_000 });
		const second = await client.send('POST', tokenUrl, form, exchange);
		expect(second).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
	});

	const wrongSecret = `Basic ${Buffer.from('demo-client:wrong').toString('base64')}`;
	it.each([
		['a wrong secret', { ...form, authorization: wrongSecret }, refresh, 401, 'invalid_client'],
		['no client', { 'content-type': form['content-type'] }, refresh, 401, 'invalid_client'],
		['JSON', { ...form, 'content-type': 'application/json' }, '{}', 400, 'invalid_request'],
		['an unknown token', form, 'grant_type=refresh_token&refresh_token=x', 400, 'invalid_grant'],
		['a scope without consent', form, `${refresh}&scope=x`, 400, 'invalid_scope'],
		['another grant', form, 'grant_type=password', 400, 'unsupported_grant_type'],
	])('refuses %s', async (_, headers, body, status, error) => {
		expect(await client.send('POST', tokenUrl, headers, body)).toMatchObject({
			status,
			body: { error },
		});
	});
});

describe('the Media API', () => {
	it('hosts a picture that a message can then show', async () => {
		const { status, body, headers } = await upload(multipart(png));
		expect(status).toBe(201);
		const { imageUrl, expirationDate } = body as { imageUrl: string; expirationDate: string };
		expect(imageUrl.length).toBeLessThanOrEqual(200);
		expect(expirationDate).toBe('2026-12-20T12:00:00.000Z');
		expect(headers?.location).toMatch(/\/image\/pic\d+$/);

		const shown = await client.send('GET', imageUrl.slice(origin.length));
		expect(shown).toEqual({ status: 200, headers: { 'content-type': 'image/png' }, body: png });
		const media = `<MessageMedia><MediaURL>${imageUrl}</MediaURL></MessageMedia>`;
		await client.call('AddMemberMessageAAQToPartner', partnerMessage({ media }));
		expect(client.received[0].attachments).toEqual([
			{ fileName: 'crack.png', mimeType: 'image/png', bytes: png },
		]);
	});

	it('may answer with the location alone, where the picture can be asked for', async () => {
		client.ebay.state.locationOnly = 1;
		const { status, body, headers = {} } = await upload(multipart(png));
		expect([status, body]).toEqual([201, undefined]);
		const answer = await client.send('GET', headers.location.slice(origin.length), bearer());
		expect(answer).toMatchObject({
			status: 200,
			body: { imageUrl: expect.any(String) as unknown },
		});
	});

	it('fetches a picture from the web, over https', async () => {
		client.ebay.state.webPictures.set('https://example.com/a.png', png);
		const headers = { ...bearer(), 'content-type': 'application/json' };
		const send = (imageUrl: string) =>
			client.send('POST', fromUrl, headers, JSON.stringify({ imageUrl }));
		expect((await send('https://example.com/a.png')).status).toBe(201);
		expect(errorIds(await send('https://example.com/b.png'))).toEqual([190204]);
		expect(errorIds(await send('http://example.com/a.png'))).toEqual([190204]);
	});

	it.each([
		['jpeg', Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), png])],
		['gif', Buffer.from('GIF89a\x01\0\x01\0\0\0\0')],
		['bmp', Buffer.from('BM\0\0\0\0\0\0\0\0\0\0')],
		['tiff', Buffer.from('II*\0\0\0\0\0\0\0\0\0')],
		['avif', Buffer.from('\0\0\0\x1cftypavif')],
		['heic', Buffer.from('\0\0\0\x1cftypheic')],
		['webp', Buffer.from('RIFF\0\0\0\0WEBP')],
	])('takes %s', async (_, bytes) => {
		expect((await upload(multipart(bytes))).status).toBe(201);
	});

	it.each([
		['a PDF named .png', Buffer.from('%PDF-1.7 and some more')],
		['an animated GIF', Buffer.from('GIF89a\x01\0\x01\0\0\0\0!\xff\x0bNETSCAPE2.0', 'latin1')],
		['an animated PNG', Buffer.concat([png, Buffer.from('acTL')])],
		['text', Buffer.from('just some text here')],
	])('refuses %s as 190203', async (_, bytes) => {
		const answer = await upload(multipart(bytes));
		expect([answer.status, ...errorIds(answer)]).toEqual([400, 190203]);
	});

	it('refuses more than 12 MB as 190201', async () => {
		const big = Buffer.concat([png, Buffer.alloc(12 * 1024 * 1024)]);
		expect(errorIds(await upload(multipart(big)))).toEqual([190201]);
	});

	it.each([
		['another field', multipart(png, 'name="file"; filename="a.png"')],
		['a field that is no file', multipart(png, 'name="image"')],
		['a file name with a bare quote', multipart(png, 'name="image"; filename="a"b.png"')],
		['no closing boundary', multipart(png).subarray(0, -6)],
		['two files', Buffer.concat([multipart(png).subarray(0, -7), multipart(png)])],
		['a bare file', png],
	])('refuses %s', async (_, body) => {
		expect((await upload(body)).status).toBe(400);
	});

	it('refuses a multipart without its boundary', async () => {
		expect((await upload(multipart(png), 'multipart/form-data')).status).toBe(400);
	});

	it('refuses the 51st upload in 5 seconds', async () => {
		for (let i = 0; i < 50; i += 1) await upload(multipart(png));
		expect((await upload(multipart(png))).status).toBe(429);
		client.clock.time += 5_000;
		expect((await upload(multipart(png))).status).toBe(201);
	});

	it('forgets a picture after 30 days', async () => {
		const { body, headers = {} } = await upload(multipart(png));
		client.clock.time += 30 * 86_400_000;
		const headersNow = await narrow('sell.inventory');
		const answer = await client.send('GET', headers.location.slice(origin.length), headersNow);
		expect([answer.status, ...errorIds(answer)]).toEqual([404, 190200]);
		const { imageUrl } = body as { imageUrl: string };
		expect((await client.send('GET', imageUrl.slice(origin.length))).status).toBe(404);
	});

	it('asks for a token that is valid and has the scope', async () => {
		const type = { 'content-type': 'multipart/form-data; boundary=b' };
		const send = (headers: Record<string, string>) =>
			client.send('POST', fileUrl, { ...headers, ...type }, multipart(png));
		expect(errorIds(await send({}))).toEqual([1002]);
		expect(errorIds(await send({ authorization: client.token }))).toEqual([1001]);
		const other = await send(await narrow('commerce.message'));
		expect([other.status, ...errorIds(other)]).toEqual([403, 1100]);
		client.ebay.expireAccessTokens();
		expect((await send(bearer())).status).toBe(401);
	});
});

describe('the Message API', () => {
	const json = () => ({ ...bearer(), 'content-type': 'application/json' });
	const send = (message: object) => client.send('POST', sendUrl, json(), JSON.stringify(message));
	const media = (mediaUrl: string, mediaType = 'IMAGE') => ({
		mediaName: 'a',
		mediaType,
		mediaUrl,
	});

	it('sends into a conversation', async () => {
		const { status, body } = await send({
			conversationId: '800000000001',
			messageText: 'On its way',
		});
		expect(status).toBe(201);
		expect(body).toMatchObject({ messageBody: 'On its way', recipientUserName: 'buyer_one' });
		expect(client.received).toEqual([
			expect.objectContaining({ type: 'sendMessage', recipient: 'buyer_one', text: 'On its way' }),
		]);
	});

	it('opens a conversation with a member, about a listing', async () => {
		const reference = { referenceType: 'LISTING', referenceId: '110000000009' };
		const message = { otherPartyUsername: 'curious_member', messageText: 'Hello', reference };
		expect((await send(message)).status).toBe(201);
		expect(client.ebay.state.conversations.at(-1)).toMatchObject({
			otherParty: 'curious_member',
			itemId: '110000000009',
		});
	});

	it('delivers the bytes of hosted pictures', async () => {
		const { body } = await upload(multipart(png));
		const { imageUrl } = body as { imageUrl: string };
		await send({ conversationId: '800000000001', messageMedia: [media(imageUrl)] });
		expect(client.received[0].attachments).toEqual([
			{ fileName: 'a', mimeType: 'image/png', bytes: png },
		]);
	});

	const to = { conversationId: '800000000001', messageText: 'Hi' };
	const elsewhere = 'https://example.com/a.pdf';
	it.each<[string, object, number]>([
		['neither conversation nor name', { messageText: 'Hi' }, 355018],
		['conversation and name', { ...to, otherPartyUsername: 'buyer_one' }, 355018],
		['an unknown name', { otherPartyUsername: 'nobody', messageText: 'Hi' }, 355006],
		['no content', { conversationId: '800000000001' }, 355015],
		['2001 characters', { ...to, messageText: 'x'.repeat(2001) }, 355013],
		['six media', { ...to, messageMedia: Array(6).fill(media(elsewhere, 'PDF')) }, 355010],
		['a media type that is none', { ...to, messageMedia: [media(elsewhere, 'ZIP')] }, 355011],
		[
			'media without a name',
			{ ...to, messageMedia: [{ mediaType: 'PDF', mediaUrl: elsewhere }] },
			355012,
		],
		[
			'media over http',
			{ ...to, messageMedia: [media('http://example.com/a.pdf', 'PDF')] },
			355014,
		],
		['half a reference', { ...to, reference: { referenceType: 'LISTING' } }, 355021],
		[
			'a reference to an order',
			{ ...to, reference: { referenceType: 'ORDER', referenceId: '1' } },
			355003,
		],
		[
			'an unknown listing',
			{ ...to, reference: { referenceType: 'LISTING', referenceId: '1' } },
			355020,
		],
		[
			'a listing that is no number',
			{ ...to, reference: { referenceType: 'LISTING', referenceId: 'v1|1|0' } },
			355016,
		],
		['an unknown field', { ...to, subject: 'Hi' }, 2004],
		['a flag as text', { ...to, emailCopyToSender: 'true' }, 2004],
	])('refuses %s', async (_, message, errorId) => {
		const answer = await send(message);
		expect([answer.status, ...errorIds(answer)]).toEqual([400, errorId]);
		expect(client.received).toEqual([]);
	});

	it.each([
		['asInProduction', 404, 355000],
		['asDocumented', 400, 355007],
	] as const)('does not know a conversation, %s', async (words, status, errorId) => {
		client.ebay.state.unknownConversation = words;
		// What eBay itself wrote cannot be answered.
		for (const conversationId of ['1', '800000000003']) {
			const answer = await send({ ...to, conversationId });
			expect([answer.status, ...errorIds(answer)]).toEqual([status, errorId]);
		}
		const read = await client.send('GET', `${listUrl}/1?conversation_type=FROM_MEMBERS`, bearer());
		expect([read.status, ...errorIds(read)]).toEqual([status, errorId]);
		expect(client.received).toEqual([]);
	});

	it('refuses a token without its scope as 1100', async () => {
		const headers = await narrow('sell.inventory');
		const answer = await client.send('GET', `${listUrl}?conversation_type=FROM_MEMBERS`, headers);
		expect([answer.status, ...errorIds(answer)]).toEqual([403, 1100]);
	});

	it('lists conversations page by page', async () => {
		const page = async (query: string) =>
			(await client.send('GET', `${listUrl}?conversation_type=FROM_MEMBERS&${query}`, bearer()))
				.body;
		expect(await page('limit=1')).toMatchObject({
			total: 2,
			next: expect.stringContaining('offset=1') as unknown,
			conversations: [{ conversationId: '800000000001', unreadCount: 1 }],
		});
		const last = await page('limit=1&offset=1');
		expect(last).toMatchObject({ conversations: [{ conversationId: '800000000002' }] });
		expect((last as { next?: string }).next).toBeUndefined();
	});

	it.each([
		['no type', '', 355017],
		['a type that is none', '?conversation_type=FROM_ALL', 355002],
		['a state that is none', '?conversation_type=FROM_MEMBERS&conversation_status=OPEN', 355001],
		['more than 50', '?conversation_type=FROM_MEMBERS&limit=51', 355009],
		['less than one', '?conversation_type=FROM_MEMBERS&limit=0', 355009],
		['an offset between pages', '?conversation_type=FROM_MEMBERS&limit=10&offset=5', 355008],
		[
			'a time without a zone',
			'?conversation_type=FROM_MEMBERS&start_time=2026-11-01T00:00',
			355005,
		],
		[
			'times in the wrong order',
			'?conversation_type=FROM_MEMBERS&start_time=2026-11-02T00:00:00Z&end_time=2026-11-01T00:00:00Z',
			355004,
		],
		[
			'times for messages of eBay',
			'?conversation_type=FROM_EBAY&start_time=2026-11-01T00:00:00Z',
			2004,
		],
		['half a reference', '?conversation_type=FROM_MEMBERS&reference_id=110000000001', 355022],
		['a member who is none', '?conversation_type=FROM_MEMBERS&other_party_username=x', 355006],
		['an unknown parameter', '?conversation_type=FROM_MEMBERS&sort=asc', 2004],
	])('refuses a list with %s', async (_, query, errorId) => {
		const answer = await client.send('GET', listUrl + query, bearer());
		expect([answer.status, ...errorIds(answer)]).toEqual([400, errorId]);
	});

	it('titles a conversation with its latest text, as in production', async () => {
		await send(to);
		const { body } = await client.send(
			'GET',
			`${listUrl}?conversation_type=FROM_MEMBERS&limit=1`,
			bearer(),
		);
		expect(body).toMatchObject({
			conversations: [{ conversationTitle: 'Hi', latestMessage: { messageBody: 'Hi' } }],
		});
	});

	it('may leave out the latest message and the text of a message', async () => {
		const [one] = client.ebay.state.conversations;
		Object.assign(one!, { hidesLatest: true });
		delete one!.messages[0]!.body;
		const list = await client.send('GET', `${listUrl}?conversation_type=FROM_MEMBERS`, bearer());
		const { conversations } = JSON.parse(JSON.stringify(list.body)) as {
			conversations: Array<Record<string, unknown>>;
		};
		expect(Object.keys(conversations[0]!).sort()).toEqual([
			'conversationId',
			'conversationStatus',
			'conversationType',
			'createdDate',
			'referenceId',
			'referenceType',
			'unreadCount',
		]);
	});

	it('shows what eBay itself writes as a whole page', async () => {
		const url = `${listUrl}/800000000003?conversation_type=FROM_EBAY`;
		const { body } = await client.send('GET', url, bearer());
		expect(body).toMatchObject({
			messages: [{ messageBody: expect.stringMatching(/^<!DOCTYPE html>.*<script>/s) as unknown }],
		});
	});

	it('may give pages of another size than was asked for', async () => {
		client.ebay.state.rowsPerPage = 1;
		const { body } = await client.send(
			'GET',
			`${listUrl}?conversation_type=FROM_MEMBERS&limit=50`,
			bearer(),
		);
		expect(body).toMatchObject({
			total: 2,
			next: expect.stringMatching(/limit=1&offset=1$/) as unknown,
			conversations: [{ conversationId: '800000000001' }],
		});
	});

	describe('changes a conversation', () => {
		const update = (change: object) =>
			client.send('POST', updateUrl, json(), JSON.stringify(change));
		const which = { conversationId: '800000000001', conversationType: 'FROM_MEMBERS' };
		const one = () => client.ebay.state.conversations[0]!;

		it('and answers with 204 and nothing in it', async () => {
			expect(await update({ ...which, read: true })).toEqual({ status: 204 });
			expect(one().messages.map(({ read }) => read)).toEqual([true]);
			expect(await update({ ...which, conversationStatus: 'ARCHIVE' })).toEqual({ status: 204 });
			expect(one().status).toBe('ARCHIVE');
		});

		it.each<[string, object, number, number]>([
			['without a type', { conversationId: '800000000001', read: true }, 400, 355002],
			['to a state that is none', { ...which, conversationStatus: 'READ' }, 400, 355001],
			['twice at once', { ...which, read: true, conversationStatus: 'ARCHIVE' }, 400, 2004],
			['in nothing', which, 400, 2004],
			['of another type', { ...which, conversationType: 'FROM_EBAY', read: true }, 404, 355000],
		])('not %s', async (_, change, status, errorId) => {
			const answer = await update(change);
			expect([answer.status, ...errorIds(answer)]).toEqual([status, errorId]);
		});
	});

	it('shows one conversation, newest message first', async () => {
		await send(to);
		const url = `${listUrl}/800000000001?conversation_type=FROM_MEMBERS`;
		expect((await client.send('GET', url, bearer())).body).toMatchObject({
			conversationType: 'FROM_MEMBERS',
			messages: [
				{ messageBody: 'Hi', senderUsername: 'demo_seller' },
				{ messageBody: 'When will my mug arrive?', recipientUsername: 'demo_seller' },
			],
		});
	});
});
