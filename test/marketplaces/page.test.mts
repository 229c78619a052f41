import { createHash } from 'node:crypto';

import { amazonClient, http } from './amazon/client.mts';
import { partnerMessage, tradingHeaders } from './ebay/client.mts';
import { demoTickets } from './magalu/demo.mts';
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

/** What a mailbox holds, as the page has it. */
async function mailsIn(marketplace: string): Promise<string> {
	const { data } = await http.get(`${simulator.origin}/parts.json`);
	return (data as { mails: Record<string, string> }).mails[marketplace]!;
}

describe('the page', () => {
	it('invites to send where nothing came yet', async () => {
		const { data, headers } = await get('/');
		expect(headers['content-type']).toBe('text/html; charset=utf-8');
		expect(data).toContain('What your buyers received');
		expect(data).toContain('No mail yet');
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

	it('puts a message into the mailbox of its marketplace alone', async () => {
		receive({ marketplace: 'magalu', text: 'Olá' });
		expect(await mailsIn('magalu')).toContain('Olá');
		expect(await mailsIn('ebay')).not.toContain('Olá');
	});

	it('escapes whatever a message says', async () => {
		const evil = '<img src=x onerror="alert(1)">';
		const attachments = [{ fileName: `${evil}.png`, bytes: picture }];
		for (const marketplace of ['amazon', 'ebay', 'magalu'] as const) {
			const said = { type: evil, reference: evil, subject: evil, text: evil, recipient: evil };
			receive({ marketplace, ...said, fields: { [evil]: evil, questionType: evil }, attachments });
		}
		const { data } = await get('/');
		const mails = await Promise.all(['amazon', 'ebay', 'magalu'].map(mailsIn));
		expect([data, ...mails].join()).not.toContain('<img src=x');
		for (const mail of mails)
			expect(mail).toContain('&#60;img src=x onerror=&#34;alert(1)&#34;&#62;');
	});

	it('escapes what buyers and shoppers wrote, in what there is to try', async () => {
		const evil = '<script>alert(1)</script>';
		await simulator.ebay.writeAsBuyer!({ from: `new${evil}`, text: evil });
		simulator.ebay.addQuestion({ itemId: '110000000001', sender: evil, body: evil });
		const [ticket] = simulator.magalu.state.tickets;
		simulator.magalu.addMessage(ticket!.id, { text: evil });
		expect((await get('/')).data).not.toContain('<script>alert');
	});

	it('lets a browser run nothing but its own script', async () => {
		const { data, headers } = await get('/');
		expect(headers['content-security-policy']).toMatch(/default-src 'none'.*script-src 'self'/);
		expect(data).not.toMatch(/<script(?! src="\/page\.js")| on\w+=|style=/);
	});

	it('brings its script and its style itself', async () => {
		const types = [];
		for (const path of ['/page.js', '/page.css']) {
			types.push((await get(path)).headers['content-type']);
		}
		expect(types).toEqual(['text/javascript; charset=utf-8', 'text/css; charset=utf-8']);
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

	it('has a label for every field, and a heading for every mailbox', async () => {
		const { data } = (await get('/')) as { data: string };
		const fields = [...data.matchAll(/<(?:input|select|textarea) id="([^"]+)"/g)];
		const labels = [...data.matchAll(/<label for="([^"]+)"/g)];
		const headings = [...data.matchAll(/<h2[^>]*>([^<]+)/g)].map(([, heading]) => heading);
		expect(labels.map(([, id]) => id)).toEqual(fields.map(([, id]) => id));
		expect(headings.map((heading) => heading?.split(':')[0])).toEqual(['Amazon', 'eBay', 'Magalu']);
	});

	it.each(['111-1111111-1111111', '110000000001', 'buyer_one', demoTickets.waitingSeller])(
		'lists %s to try',
		async (id) => {
			expect((await get('/')).data).toContain(`<code>${id}</code>`);
		},
	);

	it('says how one signs in at the consent pages', async () => {
		const { data } = await get('/');
		expect(data).toContain('sign in as demo_seller with the password demo');
		expect(data).toContain('sign in as loja with the password demo');
	});

	it('leads to n8n where one runs beside it', async () => {
		const beside = await startSimulator({ n8n: 'http://127.0.0.1:5678' });
		const { data } = await http.get<string>(beside.origin, { responseType: 'text' });
		await beside.close();
		expect(data).toContain('<a href="http://127.0.0.1:5678"');
		expect((await get('/')).data).not.toContain('Open n8n');
	});
});

describe('a mail', () => {
	it('says in words who got it, from whom, and about what: Amazon', async () => {
		await amazonClient(simulator).send('unexpectedProblem', { text: 'A delay of two days' });
		const mail = await mailsIn('amazon');
		expect(mail).toContain('Problem with your order');
		expect(mail).toContain('To <b>Ada Example</b>');
		expect(mail).toContain('from your shop at www.amazon.com');
	});

	it('says in words who got it, from whom, and about what: eBay', async () => {
		const fields = { seller: 'demo_seller', questionType: 'MultipleItemShipping' };
		const type = 'AddMemberMessageAAQToPartner';
		receive({ type, reference: '110000000001', recipient: 'buyer_one', fields });
		const mail = await mailsIn('ebay');
		expect(mail).toContain('A message about Blue ceramic mug');
		expect(mail).toContain('To <b>buyer_one</b></span> <span>from demo_seller');
		expect(mail).toContain('Multiple item shipping');
	});

	it.each([
		['customer', 'Maria Oliveira'],
		['channel', 'Magalu&#39;s mediation'],
		['seller', 'your own team: a note that no customer reads'],
	])(
		'says in words who got it, from whom, and about what: Magalu, to the %s',
		async (to, reader) => {
			const fields = { destination: to, ownerName: 'Ana' };
			receive({
				marketplace: 'magalu',
				type: 'ticketMessage',
				reference: demoTickets.closed,
				fields,
			});
			const mail = await mailsIn('magalu');
			expect(mail).toContain('An answer in the ticket: Change of mind');
			expect(mail).toContain(`To <b>${reader}</b>`);
			expect(mail).toContain('from Ana, Loja Demonstração');
		},
	);

	it('holds the request as the marketplace saw it, without the token', async () => {
		const amazon = amazonClient(simulator);
		await amazon.send('unexpectedProblem', { text: 'A delay of two days' });
		const mail = await mailsIn('amazon');
		const [token] = simulator.amazon.state.tokens.keys();
		expect(mail).toContain('POST /amazon/messaging/v1/orders/');
		expect(mail).toContain('&#34;text&#34;: &#34;A delay of two days&#34;');
		expect(mail).toContain('Answered 201.');
		expect(mail).not.toContain(token);
	});

	it("holds no Auth'n'Auth token of a request to eBay", async () => {
		const name = 'AddMemberMessageAAQToPartner';
		const credentials =
			'<RequesterCredentials><eBayAuthToken>AgAAAA**demo-auth-token</eBayAuthToken></RequesterCredentials>';
		const { data } = await http.post<string>(
			`${simulator.origin}/ebay/ws/api.dll`,
			`<${name}Request xmlns="urn:ebay:apis:eBLBaseComponents">${credentials}${partnerMessage()}</${name}Request>`,
			{ headers: tradingHeaders(name), responseType: 'text' },
		);
		expect(data).toContain('<Ack>Success');
		const mail = await mailsIn('ebay');
		expect(mail).toContain('AddMemberMessageAAQToPartnerRequest');
		expect(mail).not.toContain('demo-auth-token');
	});

	it('holds the request of a message that Magalu delivered later', async () => {
		simulator.calls.push({
			operation: 'magalu.send',
			method: 'POST',
			rawUrl: `/magalu/seller/v0/tickets/${demoTickets.closed}/messages`,
			headers: { authorization: 'Bearer secret-of-magalu' },
			body: Buffer.from(JSON.stringify({ message: 'Olá', code: 'c1', destination: 'customer' })),
			status: 202,
			at: 1,
		});
		const fields = { destination: 'customer', code: 'c1' };
		const message = { type: 'ticketMessage', reference: demoTickets.closed, text: 'Olá', fields };
		receive({ marketplace: 'magalu', ...message, at: 2 });
		const mail = await mailsIn('magalu');
		expect(mail).toContain('authorization: Bearer …');
		expect(mail).toContain('&#34;code&#34;: &#34;c1&#34;');
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
