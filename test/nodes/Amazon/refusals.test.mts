import type { IBinaryData, INodeExecutionData } from 'n8n-workflow';

import {
	amazonWorld,
	attached,
	itemWithPdf,
	messageForm,
	ORDER,
	pdf,
} from '../../engine/amazon.mts';
import { fileOf, type RunResult } from '../../engine/engine.mts';

const amazon = amazonWorld();

/** The node said no by itself: nothing was asked, nothing uploaded, nothing sent. */
function expectRefusal({ error, items }: RunResult, message: RegExp, description = /./): void {
	expect(error).toMatchObject({
		name: 'NodeOperationError',
		context: {
			itemIndex: 0,
			details: { outcome: 'notSent', retryable: false, marketplace: 'amazon' },
		},
	});
	expect(error?.message).toMatch(message);
	expect(error?.description).toMatch(description);
	expect(items).toEqual([]);
	expect(amazon.simulator.calls).toEqual([]);
}

describe('the order', () => {
	test.each([
		['a path', '../../sellers/v1'],
		['a path behind the ID', `${ORDER}/../x`],
		['encoded slashes', '..%2F..%2Fsellers'],
		['a line break', `${ORDER}\r\nX-Evil: 1`],
		['a query', `${ORDER}?x=1`],
		['a space', '111 1111111 1111111'],
		['a fragment', `${ORDER}#`],
		['a null byte', `${ORDER}\u0000`],
		['a link without an order', 'https://sellercentral.amazon.com/orders-v3'],
		['a link with two orders', `https://a.example/${ORDER}/111-2222222-2222222`],
		['a very long ID', '1'.repeat(65)],
	])('must not be %s', async (_what, orderId) => {
		const result = await amazon.run(messageForm(orderId, 'confirmOrderDetails', { text: 'Hi' }));
		expectRefusal(result, /^'Order ID' is not an Amazon order ID$/, /902-3159896-1390916/);
	});

	test.each([' ', '={{ $json.missing }}', '={{ "" }}'])('must be there: %j', async (orderId) => {
		const result = await amazon.run(messageForm(orderId, 'confirmOrderDetails', { text: 'Hi' }));
		expectRefusal(result, /^'Order ID' is empty$/);
	});

	test.each([
		['buyer', 'getAttributes'],
		['message', 'getAvailableTypes'],
		['reviewRequest', 'send'],
		['reviewRequest', 'getEligibility'],
	])('is checked in every operation: %s %s', async (resource, operation) => {
		const result = await amazon.run({ resource, operation, orderId: '../x' });
		expectRefusal(result, /'Order ID'/);
	});
});

describe('the marketplace', () => {
	const inMarketplace = (marketplaceId: string) => ({
		...messageForm(ORDER, 'confirmOrderDetails', { text: 'Hi' }),
		marketplaceId,
	});

	test("must belong to the credential's region", async () => {
		const result = await amazon.run(inMarketplace('A1PA6795UKMFR9'));
		expectRefusal(
			result,
			/^Germany \(amazon.de\) does not belong to the credential's region, North America$/,
			/'Region' is Europe/,
		);
	});

	test.each([
		'={{ "US" }}',
		'={{ "" }}',
		'={{ "ATVPDKIKX0DER&x=1" }}',
		'={{ "ATVPDKIKX0DER,A2EUQ1WTGCTBG2" }}',
	])('must be an ID: %s', async (marketplaceId) => {
		expectRefusal(
			await amazon.run(inMarketplace(marketplaceId)),
			/^'Marketplace' is not a marketplace$/,
		);
	});
});

describe('the message type', () => {
	test('must be one of the list', async () => {
		const result = await amazon.run(messageForm(ORDER, '={{ "amazonMotors" }}', { text: 'Hi' }));
		expectRefusal(
			result,
			/'Message Type' is not one that this node knows: amazonMotors/,
			/'Other'/,
		);
	});
});

describe('the text', () => {
	const text = (value: string, messageType = 'confirmOrderDetails') =>
		amazon.run(
			messageForm(ORDER, messageType, { text: value, options: { checkAvailability: false } }),
		);

	test.each([
		['confirmOrderDetails', 2000],
		['confirmCustomizationDetails', 800],
		['digitalAccessKey', 400],
	])('of %s has at most %i characters, and an emoji is one', async (messageType, max) => {
		const fits = await text('😀'.repeat(max), messageType);
		expect(fits.items[0].json.status).toBe('sent');
		amazon.simulator.calls.length = 0;

		const result = await text('😀'.repeat(max + 1), messageType);
		expectRefusal(
			result,
			new RegExp(
				`^'Text' is too long for Amazon: ${max + 1} characters, and at most ${max} are allowed$`,
			),
			/Shorten it by 1\./,
		);
	});

	test('over any limit is refused before Amazon is asked for its own', async () => {
		const form = messageForm(ORDER, 'confirmOrderDetails', { text: 'x'.repeat(2001) });
		expectRefusal(await amazon.run(form), /too long/);
	});

	test.each(['', '  \n ', '={{ $json.missing }}'])('must be there: %j', async (value) => {
		expectRefusal(await text(value), /^'Text' is empty$/);
	});

	test.each([
		'<b>Hi</b>',
		'Hi<br>',
		'Hi <br/>',
		'</p>',
		'<!-- x -->',
		'<a href="x">x</a>',
		'a <IMG src=x> b',
		'<!DOCTYPE html> Hi',
		'Hi <!-- not closed',
	])('must not hold HTML: %s', async (value) =>
		expectRefusal(await text(value), /^'Text' holds HTML/, /plain text/),
	);

	test.each([
		'2 < 3 and 5 > 4',
		'<3',
		'&lt;b&gt;',
		'a <- b',
		'x <',
		'< b >',
		'Size <M or >XL',
		'<R$ 10 ou >R$ 20',
		'<your name>',
	])('may hold a lone sign: %s', async (value) => {
		await text(value);
		expect(amazon.simulator.received).toMatchObject([{ text: value }]);
	});

	test.each(['Write to me@example.com', 'MAX.MUSTER+x@mail.example.co.uk!', '(a@b.de)'])(
		'must not hold an e-mail address: %s',
		async (value) => expectRefusal(await text(value), /^'Text' holds an e-mail address/),
	);

	test.each([
		'5 pieces @ 3.50',
		'look @home',
		'a@b',
		'https://user@host.example/x',
		'See https://example.com/@shop.name/video',
	])('may hold an at sign: %s', async (value) => {
		await text(value);
		expect(amazon.simulator.received).toHaveLength(1);
	});

	test('is not dropped where the type takes none', async () => {
		const form = messageForm(ORDER, '={{ "warranty" }}', {
			text: 'Here it is',
			...attached('data'),
		});
		expectRefusal(await amazon.run(form), /takes no text with a message of the type 'Warranty'/);
	});
});

describe('attachments', () => {
	const send = async (form: object, binary: Record<string, IBinaryData> = {}) => {
		const items: INodeExecutionData[] = [{ json: {}, binary }];
		return await amazon.run(messageForm(ORDER, 'legalDisclosure', form as never), { items });
	};

	test('must be in the item, and the fields that are there are named', async () => {
		const result = await send(attached('datta'), { data: pdf, other: pdf });
		expectRefusal(result, /^The item has no file in the binary field 'datta'$/, /data, other/);
	});

	test('of an item without files are missed in words that help', async () => {
		expectRefusal(
			await send(attached('data')),
			/no file in the binary field 'data'/,
			/no node in between/,
		);
	});

	test('must be given where the type needs one', async () => {
		expectRefusal(await send({}), /'Legal Disclosure' needs an attachment/, /'?Attachments'?/);
	});

	test('must not be given where the type takes none', async () => {
		const form = messageForm(ORDER, '={{ "unexpectedProblem" }}', {
			text: 'Hi',
			...attached('data'),
		});
		expectRefusal(await amazon.run(form), /takes no attachments .* 'Unexpected Problem'/);
	});

	test('are at most five', async () => {
		const names = ['a', 'b', 'c', 'd', 'e', 'f'];
		const binary = Object.fromEntries(names.map((name) => [name, pdf]));
		expectRefusal(await send(attached(...names), binary), /at most 5 attachments, and there are 6/);
	});

	test.each([
		['text/html', 'page.html'],
		['application/zip', 'all.zip'],
		['application/x-msdownload', 'setup.exe'],
		['text/html', 'page.pdf'],
		['application/octet-stream', 'noextension'],
		['text/plain', 'x.constructor'],
		['constructor', 'x'],
		['image/webp', 'picture'],
	])('of the type %s named %s are not taken', async (mimeType, fileName) => {
		const result = await send(attached('data'), { data: fileOf('x', fileName, mimeType) });
		expectRefusal(
			result,
			/^Amazon does not take the file/,
			/Taken are: doc, docx, gif, jpeg, jpg, pdf, png, txt\./,
		);
	});

	test('must not be empty', async () => {
		const result = await send(attached('data'), {
			data: fileOf('', 'empty.pdf', 'application/pdf'),
		});
		expectRefusal(result, /^The file 'empty.pdf' is empty$/);
	});

	test('need a name', async () => {
		const { fileName: _none, ...nameless } = pdf;
		expectRefusal(
			await send(attached('data'), { data: nameless }),
			/^The file in 'data' has no name$/,
			/'File Name'/,
		);
	});

	test.each([
		'../../etc/passwd.pdf',
		'a/b.pdf',
		'a\\b.pdf',
		'a\r\nContent-Type: text/html\r\n.pdf',
		'a\u0000.pdf',
		'a\u001b[31m.pdf',
		'a\u0085b.pdf',
		'a\u202efdp.pdf',
		'a\u2028.pdf',
	])('must not be called %j', async (fileName) => {
		const named = fileOf('x', fileName, 'application/pdf');
		const result = await send(attached('data'), { data: named });
		expectRefusal(result, /holds a character that is not allowed/);
		expect(result.error?.message).toMatch(/^[\u0020-\u007e]+$/);
		amazon.simulator.calls.length = 0;

		expectRefusal(
			await send(attached({ binaryPropertyName: 'data', fileName }), { data: pdf }),
			/holds a character that is not allowed/,
		);
	});

	test('have names of at most 255 characters', async () => {
		const fileName = `${'n'.repeat(252)}.pdf`;
		expectRefusal(await send(attached('data'), { data: { ...pdf, fileName } }), /is too long/);
	});

	test('of which several share a row share no name', async () => {
		const row = { binaryPropertyName: 'a, b', fileName: 'one.pdf' };
		expectRefusal(await send(attached(row), { a: pdf, b: pdf }), /^'File Name' names one file/);
	});

	test('that an expression does not find are not left out silently', async () => {
		const row = { binaryPropertyName: '={{ $json.missing }}', fileName: '' };
		expectRefusal(await send(attached(row), { data: pdf }), /'Input Binary Field' gives nothing/);
	});

	test('must be under 10 MB together', async () => {
		const half = fileOf(Buffer.alloc(5 * 1024 * 1024), 'half.pdf', 'application/pdf');
		expectRefusal(
			await send(attached('a', 'b'), { a: half, b: half }),
			/^The attachments are too large for Amazon$/,
			/Together they have 10,485,760 bytes; at most 10,485,759 bytes/,
		);
	});

	test('just under 10 MB together are sent', async () => {
		const half = fileOf(Buffer.alloc(5 * 1024 * 1024), 'half.pdf', 'application/pdf');
		const less = fileOf(Buffer.alloc(5 * 1024 * 1024 - 1), 'less.pdf', 'application/pdf');
		const { items } = await send(attached('a', 'b'), { a: half, b: less });
		expect(items[0].json.status).toBe('sent');
	});
});

test('an address of the API that is none is refused by its label', async () => {
	amazon.node.credentials.amazonSellingPartnerApi.apiUrl = 'example.com/x?y';
	const result = await amazon.run(messageForm(ORDER, 'warranty', attached('data')), {
		items: [itemWithPdf],
	});
	expectRefusal(result, /'API URL' is not an address/);
});
