import { createHash } from 'node:crypto';

import { http } from './amazon/client.mts';
import type { Received } from './service.mts';
import { startSimulator, type Simulator } from './simulator.mts';

let simulator: Simulator;
const picture = Buffer.from('R0lGODlhAQABAAAAACwAAAAAAQABAAA=', 'base64');

beforeAll(async () => {
	simulator = await startSimulator();
});
afterEach(() => simulator.reset());
afterAll(async () => {
	await simulator.close();
});

function receive(change: Partial<Received>) {
	simulator.received.push({
		marketplace: 'ebay',
		type: 'question',
		reference: '1234',
		attachments: [],
		fields: {},
		at: 0,
		...change,
	});
}

const get = async (path: string, headers = {}) =>
	await http.get(`${simulator.origin}${path}`, { headers, responseType: 'text' });

describe('the page', () => {
	it('invites to send where nothing came yet', async () => {
		const { data, headers } = await get('/');
		expect(headers['content-type']).toBe('text/html; charset=utf-8');
		expect(data).toContain('What the buyer received');
		expect(data).toContain('Nothing yet');
	});

	it('shows the newest message first, with everything that it carried', async () => {
		receive({ subject: 'The older one' });
		receive({
			recipient: 'buyer-7',
			subject: 'The newer one',
			text: 'Hello',
			fields: { code: 'c-9' },
		});
		const { data } = await get('/');
		expect(data.indexOf('The newer one')).toBeLessThan(data.indexOf('The older one'));
		for (const part of ['buyer-7', 'Hello', 'c-9', '1234']) expect(data).toContain(part);
	});

	it('escapes whatever a message says', async () => {
		const evil = '<img src=x onerror="alert(1)">';
		const attachments = [{ fileName: `${evil}.png`, bytes: picture }];
		receive({ subject: evil, text: evil, recipient: evil, fields: { [evil]: evil }, attachments });
		const { data } = await get('/');
		expect(data).not.toContain(evil);
		expect(data).toContain('&lt;img src=x onerror=&quot;alert(1)&quot;&gt;');
	});

	it('shows pictures in place and links every file', async () => {
		const attachments = [
			{ fileName: 'a.gif', bytes: picture },
			{ fileName: 'b.pdf', bytes: picture },
		];
		receive({ attachments });
		const { data } = await get('/');
		expect(data).toContain('<img src="/received/1/attachments/1"');
		expect(data).not.toContain('<img src="/received/1/attachments/2"');
		expect(data).toContain('<a href="/received/1/attachments/2"');
	});
});

describe('an attachment', () => {
	it('opens with its type and its bytes', async () => {
		receive({ attachments: [{ fileName: 'a.gif', bytes: picture }] });
		const answer = await fetch(`${simulator.origin}/received/1/attachments/1`);
		expect(answer.headers.get('content-type')).toBe('image/gif');
		expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
		expect(Buffer.from(await answer.arrayBuffer())).toEqual(picture);
	});

	it('can not put anything into the header by its name', async () => {
		receive({ attachments: [{ fileName: 'a";\r\nset-cookie: x=1\ud800é.gif', bytes: picture }] });
		const { status, headers } = await get('/received/1/attachments/1');
		expect(status).toBe(200);
		expect(headers).not.toHaveProperty('set-cookie');
		expect(headers['content-disposition']).toBe(
			"inline; filename*=UTF-8''a%22%3B%0D%0Aset-cookie%3A%20x%3D1%EF%BF%BD%C3%A9.gif",
		);
	});

	it.each(['text/html', 'image/svg+xml', 'text/html, image/png'])(
		'is only downloaded where its type is %s',
		async (mimeType) => {
			receive({ attachments: [{ fileName: 'a.png', mimeType, bytes: picture }] });
			const { headers } = await get('/received/1/attachments/1');
			expect(headers['content-type']).toBe('application/octet-stream');
			expect(headers['content-disposition']).toMatch(/^attachment;/);
		},
	);

	it('is 404 where there is none', async () => {
		receive({});
		const statuses = [];
		for (const path of ['1/attachments/1', '2/attachments/1', '0/attachments/0']) {
			statuses.push((await get(`/received/${path}`)).status);
		}
		expect(statuses).toEqual([404, 404, 404]);
	});
});

describe('received.json', () => {
	it('gives digests and sizes instead of bytes', async () => {
		receive({ text: 'Hello', attachments: [{ fileName: 'a.gif', bytes: picture }] });
		const { data } = await http.get(`${simulator.origin}/received.json`);
		expect(data).toEqual([
			{
				number: 1,
				marketplace: 'ebay',
				type: 'question',
				reference: '1234',
				text: 'Hello',
				fields: {},
				at: 0,
				attachments: [
					{
						fileName: 'a.gif',
						size: picture.length,
						sha256: createHash('sha256').update(picture).digest('hex'),
					},
				],
			},
		]);
	});

	it('is not given to a page under another name', async () => {
		expect((await get('/received.json', { host: 'evil.example' })).status).toBe(403);
	});
});

describe('the controls', () => {
	const post = async (path: string, body: unknown, headers = {}) =>
		await http.post(`${simulator.origin}/control${path}`, body, { headers });

	it('add a fault that the next request meets', async () => {
		await post('/faults', { operation: 'lwa.token', kind: 'status', status: 503 });
		expect((await http.post(`${simulator.origin}/lwa/auth/o2/token`)).status).toBe(503);
	});

	it.each([[{ kind: 'status' }], [{ operation: 'x', kind: 'explode' }], [null]])(
		'refuse the fault %j',
		async (fault) => {
			expect((await post('/faults', [fault])).status).toBe(400);
			expect(simulator.faults).toEqual([]);
		},
	);

	it('add an order', async () => {
		const order = {
			orderId: '111-9999999-9999999',
			marketplaceId: 'ATVPDKIKX0DER',
			createdTime: '2026-01-01T00:00:00Z',
			lastUpdatedTime: '2026-01-01T00:00:00Z',
			fulfillmentStatus: 'SHIPPED',
		};
		expect((await post('/orders', { marketplace: 'amazon', orders: [order] })).status).toBe(200);
		expect(simulator.amazon.state.orders).toContainEqual(order);
	});

	it('refuse an order that is none', async () => {
		const body = { marketplace: 'amazon', orders: [{ orderId: 'x' }] };
		expect((await post('/orders', body)).status).toBe(400);
	});

	it('refuse an order for a marketplace that they do not know', async () => {
		expect((await post('/orders', { marketplace: 'bazaar', orders: [] })).status).toBe(400);
	});

	it('reset', async () => {
		receive({});
		await post('/reset', {});
		expect(simulator.received).toEqual([]);
	});

	it('do not listen to a form, which any web page could send', async () => {
		const answer = await post('/reset', 'a=b', { 'content-type': 'text/plain' });
		expect(answer.status).toBe(415);
	});

	it('do not listen under another name', async () => {
		expect((await post('/reset', {}, { host: 'evil.example' })).status).toBe(403);
	});
});
