import { attached, ebayWorld, messageForm, png, pngBytes } from '../../engine/ebay.mts';
import { fileOf } from '../../engine/engine.mts';

const world = ebayWorld();

/** An expression that gives nothing; n8n itself refuses a required field that is simply left empty. */
const EMPTY = '={{ "" }}';

/** Nothing may have left: not even the token exchange. */
afterEach(() => expect(world.simulator.calls).toEqual([]));

describe('a message is refused before any call', () => {
	it.each([
		['no item', { itemId: ' ' }, "'Item ID' is empty"],
		['an order ID as the item', { itemId: '11-00001-00001' }, /'Item ID' is not the number/],
		['an address of something else', { itemId: 'https://www.ebay.com/usr/7' }, /'Item ID' is not/],
		['an item with 20 digits', { itemId: '1'.repeat(20) }, /'Item ID' is not the number/],
		['no recipient', { recipientId: EMPTY }, "'Recipient ID' is empty"],
		['no subject', { subject: '\u0000 ' }, "'Subject' is empty"],
		['no body', { body: '  \n' }, "'Body' is empty"],
		[
			'a body of 2001 characters',
			{ body: '😀'.repeat(2001) },
			/too long for eBay: 2001 characters/,
		],
		['HTML in the body', { body: 'Dear <b>buyer</b>' }, /'Body' holds HTML \(<b>\)/],
		['an HTML comment', { body: 'Hi <!-- x -->' }, /holds HTML/],
		['an unknown question type', { questionType: 'None' }, /'Question Type' is not one/],
		['an unknown language', { options: { errorLanguage: 'pt_BR' } }, /'Error Language' is not one/],
		[
			'an unknown warning level',
			{ options: { warningLevel: 'Mid' } },
			/'Warning Level' is neither/,
		],
		[
			'a picture that is no address',
			{ pictureUrls: { picture: [{ url: 'i.ebayimg.com/a.jpg' }] } },
			"A 'URL' of 'Picture URLs' is not an address",
		],
		[
			'a picture with a long address',
			{ pictureUrls: { picture: [{ url: `https://i.ebayimg.com/${'x'.repeat(180)}` }] } },
			"A 'URL' of 'Picture URLs' is longer than 200 characters",
		],
		[
			'a picture with a long name',
			{ pictureUrls: { picture: [{ url: 'https://i.ebayimg.com/a', name: 'n'.repeat(101) }] } },
			"A 'Name' of 'Picture URLs' is too long for eBay",
		],
		[
			'six files',
			attached('data', 'data', 'data', 'data', 'data', 'data'),
			/at most 5 attachments/,
		],
		[
			'files and addresses, six together',
			{
				...attached('data', 'data', 'data'),
				pictureUrls: { picture: Array(3).fill({ url: 'https://i.ebayimg.com/a' }) },
			},
			'eBay takes at most 5 files with a message, and there are 6',
		],
		['a field without a file', attached('photo'), /no file in the binary field 'photo'/],
	])('with %s', async (_what, parameters, message) => {
		const { error, details } = await world.failure(messageForm(parameters));
		expect(error).toEqual(
			typeof message === 'string' ? message : (expect.stringMatching(message) as unknown),
		);
		expect(details).toMatchObject({ outcome: 'notSent', retryable: false, marketplace: 'ebay' });
		expect(details.description).not.toBe('');
	});

	it.each([
		['warranty.pdf', 'application/pdf'],
		['notes.txt', 'text/plain'],
		['drawing.svg', 'image/svg+xml'],
	])('with the file %s, and says what is taken and where a PDF can go', async (name, mimeType) => {
		const items = [{ json: {}, binary: { data: fileOf('%PDF', name, mimeType) } }];
		const { error, details } = await world.failure(messageForm(attached('data')), { items });
		expect(error).toContain(`eBay does not take the file '${name}'`);
		expect(details.description).toMatch(
			/Taken are: avif, bmp, .*webp.*Only pictures.*conversation/,
		);
	});

	it('with a picture over 12 MB, without loading it', async () => {
		const data = { ...png, bytes: 12 * 1024 * 1024 + 1 };
		const items = [{ json: {}, binary: { data } }];
		const { error } = await world.failure(messageForm(attached('data')), { items });
		expect(error).toBe("The file 'crack.png' is too large for eBay");
	});

	it('with a picture name that could break out of a header', async () => {
		const fileName = 'a\r\nX-Header: 1.png';
		const form = messageForm(attached({ binaryPropertyName: 'data', fileName }));
		expect((await world.failure(form)).error).toContain('holds a character that is not allowed');
	});

	it('with a picture from a host that is not eBay’s', async () => {
		world.credential({ environment: 'production' });
		for (const url of [
			'https://example.com/a.jpg',
			'https://ebayimg.com.example.com/a.jpg',
			'https://xebayimg.com/a.jpg',
		]) {
			const form = messageForm({ pictureUrls: { picture: [{ url }] } });
			expect((await world.failure(form)).error).toMatch(/is not a host of eBay/);
		}
	});

	it('with a picture that is not on https', async () => {
		world.credential({ environment: 'sandbox' });
		const form = messageForm({ pictureUrls: { picture: [{ url: 'http://i.ebayimg.com/a.jpg' }] } });
		expect((await world.failure(form)).error).toMatch(/is not an https address/);
	});

	it('with a credential whose own address is none', async () => {
		world.credential({ apiUrl: 'ftp://example.com' });
		const { error } = await world.failure(messageForm());
		expect(error).toBe("The credential's 'API URL' is not an address");
	});

	it('with pictures and a credential that says not where they go', async () => {
		world.credential({ mediaUrl: '' });
		const { error } = await world.failure(messageForm(attached('data')));
		expect(error).toBe("The credential's 'Media URL' is empty");
	});

	it('with "Stop Workflow", naming item and field', async () => {
		const items = [{ json: {}, binary: { data: png } }];
		const { error } = await world.run(messageForm({ subject: EMPTY }), { items });
		expect(error).toMatchObject({
			name: 'NodeOperationError',
			message: "'Subject' is empty",
			context: { itemIndex: 0, details: { outcome: 'notSent' } },
		});
	});
});

describe('an Auth’n’Auth token is refused before any call', () => {
	beforeEach(() => world.useAuthToken());

	it.each([
		['an upload of pictures', messageForm(attached('data')), 'Uploading pictures'],
		[
			'a message in a conversation',
			{ resource: 'conversation', operation: 'send', recipientId: 'buyer_one', text: 'Hi' },
			'Writing in conversations',
		],
		['the list of conversations', { resource: 'conversation', operation: 'getMany' }, 'Reading'],
		[
			'a conversation',
			{ resource: 'conversation', operation: 'get', conversationId: '800000000001' },
			'Reading conversations',
		],
	])('for %s', async (_what, form, what) => {
		const { error, details } = await world.failure(form);
		expect(error).toContain(`${what}`);
		expect(error).toContain("needs OAuth, and the credential holds an Auth'n'Auth token");
		expect(details).toMatchObject({ outcome: 'notSent', code: 'OAuthNeeded' });
	});

	it('that is empty', async () => {
		world.credential({ authToken: ' ' });
		expect((await world.failure(messageForm())).error).toBe(
			"The credential's 'Auth Token' is empty",
		);
	});
});

describe('a reply is refused before any call', () => {
	const reply = {
		resource: 'question',
		operation: 'reply',
		parentMessageId: '700000001',
		body: 'Yes',
	};

	it.each([
		['no question', { parentMessageId: EMPTY }, "'Parent Message ID' is empty"],
		['neither member nor item', {}, "'Recipient ID' is empty"],
		['HTML', { recipientId: 'shopper_one', body: '<p>Yes</p>' }, /'Body' holds HTML/],
		['an item that is none', { itemId: 'x' }, /'Item ID' is not the number/],
	])('with %s', async (_what, more, message) => {
		const { error } = await world.failure({ ...reply, ...more });
		expect(error).toEqual(
			typeof message === 'string' ? message : (expect.stringMatching(message) as unknown),
		);
	});
});

describe('a message in a conversation is refused before any call', () => {
	const form = {
		resource: 'conversation',
		operation: 'send',
		recipientId: 'buyer_one',
		text: 'Hi',
	};
	const media = (row: Record<string, string>) => ({ mediaUrls: { media: [row] } });

	it.each([
		['nobody to write to', { recipientId: '' }, /Neither 'Conversation' nor 'Recipient ID'/],
		['no text and no file', { text: '' }, "'Text' is empty"],
		['2001 characters', { text: 'x'.repeat(2001) }, /'Text' is too long for eBay/],
		['HTML', { text: '<i>Hi</i>' }, /'Text' holds HTML/],
		['a conversation that is none', { conversationId: 'a/../b' }, /'Conversation' is not the ID/],
		['a file on no address', media({ url: 'file:///etc/passwd' }), /not an https address/],
		['a file of another type', media({ url: 'https://x.example/a', type: 'ZIP' }), /'Type' of/],
		[
			'six files',
			{
				...attached('data', 'data', 'data', 'data', 'data'),
				...media({ url: 'https://x.example/a' }),
			},
			/at most 5 files with a message/,
		],
	])('with %s', async (_what, more, message) => {
		const items = [{ json: {}, binary: { data: fileOf(pngBytes, 'a.png', 'image/png') } }];
		const { error } = await world.failure({ ...form, ...more }, { items });
		expect(error).toEqual(
			typeof message === 'string' ? message : (expect.stringMatching(message) as unknown),
		);
	});
});

describe('a reading operation is refused before any call', () => {
	const questions = { resource: 'question', operation: 'getMany' };
	const conversations = { resource: 'conversation', operation: 'getMany' };

	it.each([
		['a limit of 0', { ...questions, limit: 0 }, "'Limit' is not a number from 1 up"],
		[
			'a date that is none',
			{ ...questions, filters: { startTime: 'soon' } },
			/'Start Time' is not/,
		],
		[
			'times the wrong way round',
			{ ...questions, filters: { startTime: '2026-02-01', endTime: '2026-01-01' } },
			"'Start Time' is not before 'End Time'",
		],
		[
			'a start in the future',
			{ ...questions, filters: { startTime: '2999-01-01' } },
			"'Start Time' is not before 'End Time'",
		],
		['an unknown status', { ...questions, filters: { messageStatus: 'Old' } }, /'Message Status'/],
		['another unknown status', { ...conversations, filters: { status: 'OLD' } }, /'Status' is not/],
		[
			'an unknown kind of conversation',
			{ ...conversations, filters: { conversationType: 'FROM_ALL' } },
			/'Conversation Type' is not/,
		],
		[
			'times for messages of eBay',
			{ ...conversations, filters: { conversationType: 'FROM_EBAY', startTime: '2026-01-01' } },
			/go with conversations from members only/,
		],
		[
			'no conversation',
			{ resource: 'conversation', operation: 'get', conversationId: EMPTY },
			"'Conversation' is empty",
		],
	])('with %s', async (_what, form, message) => {
		const { error } = await world.failure(form);
		expect(error).toEqual(
			typeof message === 'string' ? message : (expect.stringMatching(message) as unknown),
		);
	});
});
