import { connect, origin, partnerMessage, png, start } from './client.mts';
import type { Client } from './client.mts';

const call = 'AddMemberMessageAAQToPartner';
const day = 86_400_000;
let client: Client;

beforeEach(async () => {
	client = await connect();
});

function addPicture(expiresAt = start + day): string {
	client.ebay.state.pictures.set('pic1', {
		id: 'pic1',
		bytes: png,
		mimeType: 'image/png',
		fileName: 'crack.png',
		seller: 'demo_seller',
		expiresAt,
	});
	return `${origin}/eps/00/s/MTYwMFgxNjAw/z/pic1/$_1.JPG?set_id=8800005007`;
}

const media = (url: string, name = '<MediaName>The crack</MediaName>') =>
	`<MessageMedia><MediaURL>${url}</MediaURL>${name}</MessageMedia>`;

describe('a message to the order partner', () => {
	it('arrives with its text, subject and question type', async () => {
		const answer = await client.call(call, partnerMessage());
		expect(answer.ack).toBe('Success');
		expect(client.received).toEqual([
			expect.objectContaining({
				marketplace: 'ebay',
				type: call,
				reference: '110000000001',
				recipient: 'buyer_one',
				subject: 'Your order',
				text: 'Thanks & regards',
				attachments: [],
				fields: expect.objectContaining({ questionType: 'General' }) as unknown,
			}),
		]);
	});

	it('arrives with the bytes of its pictures, in order', async () => {
		const url = addPicture();
		const twice = media(url) + media(url, '');
		expect((await client.call(call, partnerMessage({ media: twice }))).ack).toBe('Success');
		expect(client.received[0].attachments).toEqual([
			{ fileName: 'The crack', mimeType: 'image/png', bytes: png },
			{ fileName: 'crack.png', mimeType: 'image/png', bytes: png },
		]);
	});

	it('keeps line breaks, emoji and escaped markup as they were written', async () => {
		const body = '<Body>One\nTwo &lt;b&gt; &#x1F600;</Body>';
		await client.call(call, partnerMessage({ body }));
		expect(client.received[0].text).toBe('One\nTwo <b> 😀');
	});

	it('returns MessageID as CorrelationID', async () => {
		const standard = '<MessageID>run-7</MessageID>';
		const { xml } = await client.call(call, partnerMessage({ standard }));
		expect(xml).toContain('<CorrelationID>run-7</CorrelationID>');
	});

	it('is allowed with an authentication token in the body instead of the header', async () => {
		const standard =
			'<RequesterCredentials><eBayAuthToken>AgAAAA**demo-auth-token</eBayAuthToken></RequesterCredentials>';
		const answer = await client.call(call, partnerMessage({ standard }), {
			'x-ebay-api-iaf-token': '',
		});
		expect(answer.ack).toBe('Success');
	});
});

describe('a refused message to the order partner', () => {
	const refusals: Array<[string, Parameters<typeof partnerMessage>[0], string, RegExp]> = [
		['an unknown item', { item: '<ItemID>999</ItemID>' }, '17', /cannot be accessed/],
		[
			'somebody who did not buy the item',
			{ recipient: '<RecipientID>buyer_two</RecipientID>' },
			'17441',
			/^The sender or recipient is not the partner of the transaction\.$/,
		],
		[
			'a buyer of 100 days ago',
			{
				item: '<ItemID>110000000004</ItemID>',
				recipient: '<RecipientID>buyer_of_spring</RecipientID>',
			},
			'17441',
			/not the partner/,
		],
		['no recipient', { recipient: '' }, '17443', /Recipient User Id is missing/],
		['HTML in the body', { body: '<Body><b>Hi</b></Body>' }, '17442', /HTML/],
		['HTML in CDATA', { body: '<Body><![CDATA[<b>Hi</b>]]></Body>' }, '17442', /HTML/],
		['a body of 2001 characters', { body: `<Body>${'x'.repeat(2001)}</Body>` }, '37', /Body/],
		['a blank body', { body: '<Body>  </Body>' }, '37', /Body/],
		['no subject', { subject: '' }, '37', /Subject/],
		[
			'a question type that is none',
			{ question: '<QuestionType>Hi</QuestionType>' },
			'37',
			/QuestionType/,
		],
		[
			'a picture from elsewhere',
			{ media: media('https://example.com/a.png') },
			'17445',
			/Picture Services/,
		],
		[
			'a picture that EPS does not have',
			{ media: media(`${origin}/eps/00/s/x/z/nope/$_1.JPG`) },
			'17445',
			/Picture/,
		],
		[
			'a picture without a URL',
			{ media: '<MessageMedia><MediaName>a</MediaName></MessageMedia>' },
			'17445',
			/Picture/,
		],
	];

	it.each(refusals)('%s is a failure under HTTP 200', async (_, parts, code, text) => {
		const answer = await client.call(call, partnerMessage(parts));
		expect(answer).toMatchObject({ status: 200, ack: 'Failure' });
		expect(answer.codes[0]).toBe(code);
		expect(answer.messages[0]).toMatch(text);
		expect(client.received).toEqual([]);
	});

	it('lets 2000 emoji pass: characters are counted, not UTF-16 units', async () => {
		const body = `<Body>${'😀'.repeat(2000)}</Body>`;
		expect((await client.call(call, partnerMessage({ body }))).ack).toBe('Success');
	});

	it('refuses a picture that expired', async () => {
		const url = addPicture(start);
		expect((await client.call(call, partnerMessage({ media: media(url) }))).codes).toEqual([
			'17445',
		]);
	});

	it('refuses the message on day 91 that it took on day 90', async () => {
		const message = partnerMessage({ recipient: '<RecipientID>late</RecipientID>' });
		const order = client.ebay.addOrder({ buyer: 'late', createdAt: start - 90 * day });
		expect((await client.call(call, message)).ack).toBe('Success');
		order.createdAt -= 1;
		expect((await client.call(call, message)).codes).toEqual(['17441']);
	});

	it('speaks German without ErrorLanguage', async () => {
		const parts = { standard: '', recipient: '<RecipientID>buyer_two</RecipientID>' };
		const { messages } = await client.call(call, partnerMessage(parts));
		expect(messages).toEqual(['Absender oder Empfänger ist nicht der Partner der Transaktion.']);
	});

	it('reports the hidden cap on messages per buyer and item as 20957', async () => {
		client.ebay.state.volumeCap = 1;
		expect((await client.call(call, partnerMessage())).ack).toBe('Success');
		expect((await client.call(call, partnerMessage())).codes).toEqual(['20957']);
		expect(client.received).toHaveLength(1);
	});
});

describe('the limit of 75 messages in 60 seconds', () => {
	async function sendMany(count: number) {
		for (let i = 0; i < count; i += 1) await client.call(call, partnerMessage());
	}

	it('refuses the 76th, then everything for 100 seconds', async () => {
		await sendMany(75);
		expect(client.received).toHaveLength(75);
		expect((await client.call(call, partnerMessage())).codes).toEqual(['518']);
		client.clock.time += 99_999;
		expect((await client.call(call, partnerMessage())).codes).toEqual(['518']);
		client.clock.time += 1;
		expect((await client.call(call, partnerMessage())).ack).toBe('Success');
	});

	it('leaves other calls alone', async () => {
		await sendMany(76);
		expect((await client.call('GetUser', '')).ack).toBe('Success');
	});

	it('can be made to answer HTTP 429', async () => {
		client.ebay.state.blockAnswer = 'http429';
		await sendMany(75);
		const { status } = await client.send(
			'POST',
			'/ebay/ws/api.dll',
			{
				'x-ebay-api-call-name': call,
				'x-ebay-api-siteid': '0',
				'x-ebay-api-compatibility-level': '1391',
				'x-ebay-api-iaf-token': client.token,
				'content-type': 'text/xml',
			},
			`<${call}Request xmlns="urn:ebay:apis:eBLBaseComponents">${partnerMessage()}</${call}Request>`,
		);
		expect(status).toBe(429);
	});

	it('can be scaled down', async () => {
		client.ebay.scaleLimits(0.01);
		await sendMany(76);
		client.clock.time += 1_000;
		expect((await client.call(call, partnerMessage())).ack).toBe('Success');
	});
});
