import {
	attached,
	BUYER,
	ebayWorld,
	ITEM,
	messageForm,
	png,
	pngBytes,
} from '../../engine/ebay.mts';
import { fileOf, keepFilesOnDisk, keepNotes, storedFileOf } from '../../engine/engine.mts';
import { waitsPass } from '../../engine/quickTime.mts';
import { validateAgainstSchema } from '../../marketplaces/ebay/validateAgainstSchema.mts';

const world = ebayWorld();
waitsPass();
const CALL = 'ebay.AddMemberMessageAAQToPartner';

describe('a message to the buyer of an order', () => {
	it('arrives with its text, and the output says so', async () => {
		const { items, error } = await world.run(messageForm());
		expect(error).toBeUndefined();
		expect(items).toEqual([
			{
				json: {
					status: 'sent',
					marketplace: 'ebay',
					itemId: ITEM,
					recipientId: BUYER,
					subject: 'About your order',
					attachments: [],
					ack: 'Success',
					warnings: [],
					timestamp: expect.stringMatching(/^\d{4}-.*Z$/) as unknown,
					sentAt: expect.stringMatching(/^\d{4}-.*Z$/) as unknown,
				},
				pairedItem: { item: 0 },
			},
		]);
		expect(world.simulator.received).toEqual([
			expect.objectContaining({
				reference: ITEM,
				recipient: BUYER,
				subject: 'About your order',
				text: 'Thanks & regards',
			}),
		]);
	});

	it('carries every option into the request, in the order of the schema', async () => {
		const options = {
			emailCopyToSender: 'yes',
			errorLanguage: 'de_DE',
			messageId: 'run 7 <item> 2',
			warningLevel: 'High',
		};
		const { items } = await world.run(
			messageForm({ questionType: 'Shipping', options, ...attached('data') }),
		);
		expect(items[0]!.json).toMatchObject({ status: 'sent', correlationId: 'run 7 <item> 2' });
		const document = world.document(CALL);
		expect(await validateAgainstSchema(document)).toEqual([]);
		for (const part of [
			'<ErrorLanguage>de_DE</ErrorLanguage>',
			'<MessageID>run 7 &lt;item&gt; 2</MessageID>',
			'<WarningLevel>High</WarningLevel>',
			'<QuestionType>Shipping</QuestionType>',
			'<EmailCopyToSender>true</EmailCopyToSender>',
		]) {
			expect(document).toContain(part);
		}
	});

	it.each([
		['default', undefined],
		['yes', true],
		['no', false],
	])('with a copy to the seller: %s', async (emailCopyToSender, expected) => {
		await world.run(messageForm({ options: { emailCopyToSender } }));
		expect(world.simulator.received[0]!.fields.emailCopyToSender).toBe(expected);
	});

	it('names the call, the site and the version in its headers, and English errors in its body', async () => {
		world.credential({ siteId: '77' });
		await world.run(messageForm());
		const { headers } = world.simulator.calls.at(-1)!;
		expect(headers).toMatchObject({
			'x-ebay-api-call-name': 'AddMemberMessageAAQToPartner',
			'x-ebay-api-siteid': '77',
			'x-ebay-api-compatibility-level': '1391',
			'content-type': 'text/xml;charset=UTF-8',
		});
		expect(headers.authorization).toBeUndefined();
		expect(world.document(CALL)).toContain('<ErrorLanguage>en_US</ErrorLanguage>');
	});

	it.each([
		['a number', 110000000001],
		['spaces around it', `  ${ITEM} `],
		['an id of the REST APIs', `v1|${ITEM}|0`],
		['an address', `https://www.ebay.de/itm/${ITEM}`],
		['an address with title and query', `https://www.ebay.com/itm/blue-mug/${ITEM}?hash=item1`],
		['an address of the old kind', `https://cgi.ebay.com/ws/eBayISAPI.dll?ViewItem&item=${ITEM}`],
	])('takes %s as the item', async (_what, itemId) => {
		const { items } = await world.run(messageForm({ itemId }));
		expect(items[0]!.json).toMatchObject({ status: 'sent', itemId: ITEM });
	});

	it('keeps markup characters, emoji and line breaks as they were written', async () => {
		const body = `1 < 2 & "3" > 'x' ]]> &amp; é 😀\nsecond line`;
		await world.run(messageForm({ body, subject: 'Q & A <3 😀' }));
		expect(world.simulator.received[0]).toMatchObject({ text: body, subject: 'Q & A <3 😀' });
		expect(await validateAgainstSchema(world.document(CALL))).toEqual([]);
	});

	it('goes out without characters that XML cannot carry', async () => {
		await world.run(messageForm({ body: 'one\u0000\u0008 two\ud83d three\ufffe\r\nfour' }));
		expect(world.simulator.received[0]!.text).toBe('one two three\nfour');
	});

	it('of 2000 emoji is not too long', async () => {
		const { items } = await world.run(messageForm({ body: '😀'.repeat(2000) }));
		expect(items[0]!.json.status).toBe('sent');
		expect(await validateAgainstSchema(world.document(CALL))).toEqual([]);
	});

	it('is told with the warnings that eBay gave', async () => {
		world.simulator.ebay.state.nextAnswers.push({
			call: 'AddMemberMessageAAQToPartner',
			errors: [{ code: '21917', long: 'Something <small>', severity: 'Warning' }],
		});
		const { items } = await world.run(messageForm());
		expect(items[0]!.json).toMatchObject({
			status: 'sent',
			ack: 'Warning',
			warnings: [{ code: '21917', message: 'Something <small>' }],
		});
		expect(world.simulator.received).toHaveLength(1);
	});

	it('keeps its place where several items are sent', async () => {
		const { ebay } = world.simulator;
		const buyers = Array.from({ length: 12 }, (_, i) => `buyer_${i}`);
		for (const buyer of buyers) ebay.addOrder({ buyer });
		const items = buyers.map((buyer) => ({ json: { buyer } }));
		const result = await world.run(messageForm({ recipientId: '={{ $json.buyer }}' }), { items });
		expect(result.items.map(({ json, pairedItem }) => [json.recipientId, pairedItem])).toEqual(
			buyers.map((buyer, item) => [buyer, { item }]),
		);
	});

	it('is only checked with "Validate Only"', async () => {
		const options = { validateOnly: true };
		const { items, hints } = await world.run(messageForm({ options, ...attached('data') }));
		expect(hints.map(({ message }) => message)).toEqual([
			'eBay tells only when a message is sent whether the buyer ordered the item',
			"'Validate Only' is on: nothing was sent",
		]);
		expect(items[0]!.json).toEqual({
			status: 'validated',
			marketplace: 'ebay',
			itemId: ITEM,
			recipientId: BUYER,
			subject: 'About your order',
			questionType: 'General',
			body: 'Thanks & regards',
			attachments: [{ fileName: 'crack.png', mimeType: 'image/png', size: pngBytes.length }],
		});
		expect(world.calls()).toEqual(['ebay.GetUser']);
	});

	it('is not valid where eBay does not take the credential', async () => {
		world.simulator.ebay.state.refreshTokens.clear();
		const { details } = await world.failure(messageForm({ options: { validateOnly: true } }));
		expect(details).toMatchObject({ outcome: 'notSent', code: 'invalid_grant' });
	});

	it('is not sent twice with "Prevent Duplicates", and is with other pictures', async () => {
		await keepNotes();
		const form = messageForm({ options: { preventDuplicates: true }, ...attached('data') });
		const other = fileOf(Buffer.concat([pngBytes, Buffer.from('x')]), 'crack.png', 'image/png');
		const results = [
			await world.run(form),
			await world.run(form),
			await world.run(form, { items: [{ json: {}, binary: { data: other } }] }),
		];
		expect(results.map(({ items }) => items[0]!.json.status)).toEqual(['sent', 'skipped', 'sent']);
		expect(world.simulator.received).toHaveLength(2);
	});
});

describe('pictures of a message', () => {
	const names = () => world.simulator.received[0]!.attachments.map(({ fileName }) => fileName);

	it('are uploaded and arrive byte by byte', async () => {
		const { items } = await world.run(messageForm(attached('data')));
		expect(items[0]!.json.attachments).toEqual([
			{
				fileName: 'crack.png',
				mimeType: 'image/png',
				size: pngBytes.length,
				url: expect.stringContaining('/eps/') as unknown,
			},
		]);
		expect(world.simulator.received[0]!.attachments[0]!.bytes).toEqual(pngBytes);
		expect(world.calls()).toEqual(['ebay.image', CALL]);
	});

	it('arrive in the order of the form, those that eBay hosts after them', async () => {
		const first = await world.run(messageForm(attached('data')));
		const [{ url }] = first.items[0]!.json.attachments as [{ url: string }];
		world.simulator.received.length = 0;
		const binary = { one: png, two: { ...png, fileName: 'other.png' } };
		const result = await world.run(
			messageForm({
				...attached('two', { binaryPropertyName: 'one', fileName: 'first & "last".png' }),
				pictureUrls: { picture: [{ url, name: 'The crack' }, { url }] },
			}),
			{ items: [{ json: {}, binary }] },
		);
		expect(result.error).toBeUndefined();
		expect(names()).toEqual(['other.png', 'first & "last".png', 'The crack', '$_1.JPG']);
		const shown = result.items[0]!.json.attachments as Array<Record<string, unknown>>;
		expect(shown.at(-1)).toEqual({ fileName: '$_1.JPG', mimeType: null, size: null, url });
		expect(await validateAgainstSchema(world.document(CALL))).toEqual([]);
	});

	it('are loaded from disk, too', async () => {
		await keepFilesOnDisk();
		const data = await storedFileOf(pngBytes, 'stored.png', 'image/png');
		await world.run(messageForm(attached('data')), { items: [{ json: {}, binary: { data } }] });
		expect(world.simulator.received[0]!.attachments).toEqual([
			{ fileName: 'stored.png', mimeType: 'image/png', bytes: pngBytes },
		]);
	});

	it('keep quotes, semicolons and other scripts in their names', async () => {
		const fileName = 'größe "A"; 100% 图片.png';
		await world.run(messageForm(attached({ binaryPropertyName: 'data', fileName })));
		expect(names()).toEqual([fileName]);
		const form = world.simulator.calls.find(({ operation }) => operation === 'ebay.image')!;
		expect(form.body.toString()).toContain('filename="größe %22A%22; 100% 图片.png"');
	});

	it('with a very long name get a shorter label, and the run says so', async () => {
		const fileName = `${'n'.repeat(150)}.png`;
		const result = await world.run(messageForm(attached({ binaryPropertyName: 'data', fileName })));
		expect(names()).toEqual([`${'n'.repeat(95)}….png`]);
		expect(result.items[0]!.json.attachments).toMatchObject([{ fileName }]);
		expect(result.hints.map(({ message }) => message)).toEqual([
			expect.stringContaining('shortened') as unknown,
		]);
	});

	it.each([
		['JPG', 'image/jpeg', 'a.jpg'],
		['GIF', 'image/gif', 'a.gif'],
		['PNG', 'image/x-png', 'a.png'],
		['BMP', 'image/bmp', 'a.bmp'],
		['TIFF', 'image/tiff', 'a.tif'],
		['AVIF', 'image/avif', 'a.avif'],
		['HEIC', 'image/heif', 'a.heic'],
		['WEBP', 'image/webp', 'a.webp'],
	])('may be %s', async (_kind, mimeType, fileName) => {
		const binary = { data: fileOf(pngBytes, fileName, mimeType) };
		const options = { validateOnly: true };
		const { items } = await world.run(messageForm({ options, ...attached('data') }), {
			items: [{ json: {}, binary }],
		});
		expect(items[0]!.json.attachments).toMatchObject([{ fileName }]);
	});

	it.each([
		['photo.jfif', 'image/jpeg', 'photo.jpg'],
		['photo.jpe', 'image/pjpeg', 'photo.jpg'],
		['photo.jfif', 'application/octet-stream', 'photo.jpg'],
		['Screenshot 2024.01.05', 'image/png', 'Screenshot 2024.01.05.png'],
		['$_57.JPG?set_id=8800', 'image/jpeg', '$_57.JPG'],
		['IMG_1.heif', 'image/heif', 'IMG_1.heic'],
		['scan', 'image/x-tiff', 'scan.tiff'],
	])('named %s, declared as %s, go to eBay as %s', async (fileName, mimeType, sent) => {
		const items = [{ json: {}, binary: { data: fileOf(pngBytes, fileName, mimeType) } }];
		const result = await world.run(messageForm(attached('data')), { items });
		expect(result.items[0]!.json.attachments).toMatchObject([{ fileName: sent }]);
		const form = world.simulator.calls.find(({ operation }) => operation === 'ebay.image')!;
		expect(form.body.toString()).toContain(`filename="${sent}"`);
		expect(names()).toEqual([sent]);
	});

	it('are found by their description where eBay answers with a place alone', async () => {
		world.simulator.ebay.state.locationOnly = 1;
		const { items } = await world.run(messageForm(attached('data')));
		expect(items[0]!.json.status).toBe('sent');
		expect(world.calls()).toEqual(['ebay.image', 'ebay.imageGet', CALL]);
	});

	it('are found by their place, whatever eBay says beside it', async () => {
		await world.run(messageForm(attached('data')));
		const [id] = [...world.simulator.ebay.state.pictures.keys()];
		world.simulator.calls.length = 0;
		world.simulator.faults.push({
			...{ operation: 'ebay.image', kind: 'status', status: 201, body: 'Created' },
			headers: { location: `https://apim.ebay.com/commerce/media/v1_beta/image/${id}` },
		});
		const { items } = await world.run(messageForm(attached('data')));
		expect(items[0]!.json.status).toBe('sent');
		expect(world.calls()).toEqual(['ebay.image', 'ebay.imageGet', CALL]);
	});

	it.each([
		['201 and nothing in it', { status: 201, body: '' }, /no usable address/],
		['204', { status: 204 }, /no usable address/],
		[
			'201 and an error',
			{ status: 201, body: { errors: [{ errorId: 190203 }] } },
			/does not recognize the format/,
		],
	])('that eBay answers with %s leave the message unsent', async (_what, answer, message) => {
		world.simulator.faults.push({ operation: 'ebay.image', kind: 'status', ...answer });
		const { error, details } = await world.failure(messageForm(attached('data')));
		expect(error).toMatch(message);
		expect(details).toMatchObject({ outcome: 'notSent' });
		expect(world.simulator.received).toEqual([]);
	});

	it('are uploaded again where the first answer was lost', async () => {
		world.simulator.faults.push({ operation: 'ebay.image', kind: 'lost', when: 'after' });
		const { items } = await world.run(messageForm(attached('data')));
		expect(items[0]!.json.status).toBe('sent');
		expect(world.calls()).toEqual(['ebay.image', 'ebay.image', CALL]);
		expect(world.simulator.received).toHaveLength(1);
	});

	it.each([
		[190201, 'eBay says that a picture is too large'],
		[190202, 'eBay does not take the width and height of a picture'],
		[190203, 'eBay does not recognize the format of a picture'],
		[190013, "The seller's consent does not cover this"],
		[190999, 'eBay refused the request: Error 190999'],
	])('that eBay refuses with %s keep the message from being sent', async (code, message) => {
		world.simulator.ebay.state.nextImageErrors.push(code);
		const { error, details } = await world.failure(messageForm(attached('data')));
		expect(error).toBe(message);
		expect(details).toMatchObject({ outcome: 'notSent', retryable: false, code: String(code) });
		expect(world.calls()).toEqual(['ebay.image']);
	});

	it.each([
		['no address at all', { imageUrl: 7 }],
		['an address without end', { imageUrl: `https://i.ebayimg.com/${'x'.repeat(200)}` }],
		['something else', { imageUrl: 'file:///etc/passwd' }],
	])('are not used where eBay gives %s', async (_what, body) => {
		world.simulator.faults.push({ operation: 'ebay.image', kind: 'status', status: 201, body });
		const { error, details } = await world.failure(messageForm(attached('data')));
		expect(error).toBe('eBay gave no usable address for the picture');
		expect(details).toMatchObject({ outcome: 'notSent', retryable: true });
		expect(world.calls()).toEqual(['ebay.image']);
	});
});
