import {
	amazonWorld,
	attached,
	itemWithPdf,
	messageForm,
	ORDER,
	pdf,
	US,
} from '../../engine/amazon.mts';
import { fileOf } from '../../engine/engine.mts';

const amazon = amazonWorld();
const UUID = /^[0-9a-f-]{36}$/;
const state = () => amazon.simulator.amazon.state;
const order = (orderId = ORDER) => state().orders.find((one) => one.orderId === orderId)!;

describe('sending', () => {
	test('gives what became of the message, and nothing else', async () => {
		const { items } = await amazon.run(messageForm(ORDER, 'warranty', attached('data')));

		expect(items).toEqual([
			{
				json: {
					status: 'sent',
					marketplace: 'amazon',
					orderId: ORDER,
					marketplaceId: US,
					messageType: 'warranty',
					attachments: [
						{
							fileName: 'warranty.pdf',
							mimeType: 'application/pdf',
							size: pdf.bytes,
							uploadDestinationId: expect.stringMatching(UUID),
						},
					],
					requestId: expect.stringMatching(UUID),
					sentAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
				},
				pairedItem: { item: 0 },
			},
		]);
	});

	test.each([
		['confirmCustomizationDetails', 'text'],
		['confirmDeliveryDetails', 'text'],
		['confirmOrderDetails', 'text'],
		['confirmServiceDetails', 'text'],
		['digitalAccessKey', 'text'],
		['unexpectedProblem', 'text'],
		['invoice', 'file'],
		['legalDisclosure', 'file'],
		['warranty', 'file'],
	])('%s reaches the buyer with its %s', async (messageType, part) => {
		const content =
			part === 'text' ? { text: '  Olá, "você" – 😀\nsecond line  ' } : attached('data');
		const { items } = await amazon.run(messageForm(ORDER, messageType, content));

		expect(items[0].json).toMatchObject({ status: 'sent', messageType });
		expect(amazon.simulator.received).toMatchObject([
			part === 'text'
				? { type: messageType, text: 'Olá, "você" – 😀\nsecond line', attachments: [] }
				: { type: messageType, attachments: [{ fileName: 'warranty.pdf' }] },
		]);
		const [file] = amazon.simulator.received[0].attachments;
		if (part === 'file') expect(file.bytes.toString()).toBe('%PDF-1.4 two years of warranty');
	});

	test.each(['confirmCustomizationDetails', 'digitalAccessKey'])(
		'%s takes a text and files',
		async (messageType) => {
			await amazon.run(
				messageForm(ORDER, messageType, { text: 'Please look', ...attached('data') }),
			);
			expect(amazon.simulator.received).toMatchObject([
				{ text: 'Please look', attachments: [{ fileName: 'warranty.pdf' }] },
			]);
		},
	);

	test('the default form sends a warranty', async () => {
		const { items } = await amazon.run({ orderId: ORDER, ...attached('data') });
		expect(items[0].json).toMatchObject({ marketplaceId: US, messageType: 'warranty' });
	});

	test('asks what is allowed, uploads, and sends, each once', async () => {
		await amazon.run(messageForm(ORDER, 'invoice', attached('data')));
		expect(amazon.calls()).toEqual([
			'amazon.actions',
			'amazon.createUpload',
			's3.put',
			'amazon.send',
		]);
	});

	test('the invoice goes to the path invoice, where its action is called sendInvoice', async () => {
		await amazon.run(messageForm(ORDER, 'invoice', attached('data')));
		const send = amazon.simulator.calls.find(({ operation }) => operation === 'amazon.send')!;
		expect(send.rawUrl).toBe(
			`/amazon/messaging/v1/orders/${ORDER}/messages/invoice?marketplaceIds=${US}`,
		);
	});

	test('Amazon hears who calls', async () => {
		await amazon.run(messageForm(ORDER, 'warranty', attached('data')));
		const { headers } = amazon.simulator.calls.find(
			({ operation }) => operation === 'amazon.send',
		)!;
		expect(headers['user-agent']).toMatch(
			/^n8n-nodes-marketplace-messages\/[\d.]+ \(Language=TypeScript\/5; Platform=n8n\)$/,
		);
		expect(headers).not.toHaveProperty('authorization');
	});

	test('an order ID may have spaces around it, or be the address of the order', async () => {
		const link = `https://sellercentral.amazon.com/orders-v3/order/${ORDER}?ref=x`;
		for (const orderId of [`  ${ORDER}\n`, link]) {
			const { items } = await amazon.run(
				messageForm(orderId, 'confirmOrderDetails', { text: 'Hi' }),
			);
			expect(items[0].json.orderId).toBe(ORDER);
		}
	});

	test('a marketplace that Amazon opened since is left to Amazon', async () => {
		order().marketplaceId = 'A0NEWPLACE0000';
		state().sellers[0].marketplaceIds.push('A0NEWPLACE0000');
		const form = messageForm(ORDER, 'confirmOrderDetails', { text: 'Hi' });
		const { items } = await amazon.run({ ...form, marketplaceId: 'A0NEWPLACE0000' });
		expect(items[0].json.status).toBe('sent');
	});

	test('values that another type left in the form are not sent', async () => {
		const leftover = { coverageStartDate: '2026-01-01', ...attached('data') };
		const form = messageForm(ORDER, 'unexpectedProblem', { text: 'It is late', ...leftover });
		const { items } = await amazon.run(form);
		expect(items[0].json.attachments).toEqual([]);
		expect(amazon.simulator.received[0]).toMatchObject({ text: 'It is late', attachments: [] });
	});

	test('each item has its own values', async () => {
		const form = messageForm('={{ $json.order }}', '={{ $json.type }}', {
			text: '={{ $json.text }}',
			attachments: { file: [{ binaryPropertyName: '={{ $json.file }}', fileName: '' }] },
		});
		const { items } = await amazon.run(form, {
			items: [
				{ json: { order: ORDER, type: 'confirmOrderDetails', text: 'Hi', file: '' } },
				{
					json: { order: '111-2222222-2222222', type: 'legalDisclosure', text: '', file: 'data' },
					binary: { data: pdf },
				},
			],
		});
		expect(items.map(({ json }) => [json.orderId, json.messageType])).toEqual([
			[ORDER, 'confirmOrderDetails'],
			['111-2222222-2222222', 'legalDisclosure'],
		]);
	});
});

describe('other', () => {
	const other = (otherMessageType: string, more = {}) =>
		messageForm(ORDER, 'other', { otherMessageType, ...more });

	test('sends an action that is not in the table', async () => {
		const { items } = await amazon.run(other('negativeFeedbackRemoval'));
		expect(items[0].json).toMatchObject({ status: 'sent', messageType: 'negativeFeedbackRemoval' });
		expect(amazon.simulator.received).toMatchObject([{ type: 'negativeFeedbackRemoval' }]);
	});

	test('sends the text and the files that the action asks for', async () => {
		order().actions = [
			{ name: 'amazonMotors', textMaxLength: 30, attachments: { min: 1, max: 2 } } as never,
		];
		await amazon.run(other('amazonMotors', { text: 'Your car', ...attached('data') }));
		expect(amazon.simulator.received).toMatchObject([
			{ type: 'amazonMotors', text: 'Your car', attachments: [{ fileName: 'warranty.pdf' }] },
		]);
	});

	test('a type of the table is treated as that type', async () => {
		const { items } = await amazon.run(other('sendInvoice', attached('data')));
		expect(items[0].json).toMatchObject({ messageType: 'invoice' });
	});

	test.each(['', '../warranty', 'a b', 'warranty?x=1', 'x%2Fy'])(
		'refuses the name %j',
		async (name) => {
			const { error } = await amazon.run(other(name));
			expect(error).toMatchObject({ name: 'NodeOperationError' });
			expect(error?.message).toBe("'Other Message Type' is not the name of an Amazon action");
			expect(amazon.calls()).toEqual([]);
		},
	);
});

describe('availability', () => {
	test('a type that is not allowed is refused with the types that are', async () => {
		const form = messageForm('111-2222222-2222222', 'warranty', attached('data'));
		const { error } = await amazon.run(form);

		expect(error).toMatchObject({
			name: 'NodeOperationError',
			message: "Amazon does not allow the message type 'Warranty' for this order now",
			context: { itemIndex: 0, details: { outcome: 'notSent', code: 'TypeNotAllowed' } },
		});
		expect(error?.description).toContain('Legal Disclosure, Unexpected Problem');
		expect(amazon.calls()).toEqual(['amazon.actions']);
	});

	test('an order that allows nothing is said to allow nothing', async () => {
		const form = messageForm('111-3333333-3333333', 'warranty', attached('data'));
		const { error } = await amazon.run(form);
		expect(error?.description).toMatch(/allows no message at all/);
	});

	test('a disabled type is refused with the reason', async () => {
		order().actions = [{ name: 'warranty', disabledReason: 'Already sent' }, 'legalDisclosure'];
		const { error } = await amazon.run(messageForm(ORDER, 'warranty', attached('data')));
		expect(error?.message).toMatch(/Already sent/);
		expect(error?.description).toContain('Legal Disclosure');
		expect(error?.description).not.toContain('warranty');
	});

	test('switched off, Amazon is not asked first', async () => {
		const options = { checkAvailability: false };
		await amazon.run(messageForm(ORDER, 'warranty', { ...attached('data'), options }));
		expect(amazon.calls()).toEqual(['amazon.createUpload', 's3.put', 'amazon.send']);
	});

	test('switched off, Amazon itself refuses a type that is not allowed', async () => {
		const form = messageForm('111-3333333-3333333', 'unexpectedProblem', {
			text: 'Hi',
			options: { checkAvailability: false },
		});
		const { error } = await amazon.run(form);
		expect(error).toMatchObject({
			name: 'NodeApiError',
			httpCode: '403',
			message: 'Amazon does not allow this message type for this order now',
		});
	});

	test('a list without schemas is enough', async () => {
		order().withoutEmbedded = true;
		order().selfAsArray = true;
		const { items } = await amazon.run(messageForm(ORDER, 'invoice', attached('data')));
		expect(items[0].json.status).toBe('sent');
	});

	test('items of one order ask once', async () => {
		amazon.withoutLimits();
		const form = messageForm(ORDER, 'confirmOrderDetails', { text: '={{ $json.text }}' });
		await amazon.run(form, { items: ['a', 'b', 'c'].map((text) => ({ json: { text } })) });
		expect(amazon.calls().filter((name) => name === 'amazon.actions')).toHaveLength(1);
		expect(amazon.simulator.received).toHaveLength(3);
	});
});

describe("the order's own schema", () => {
	const customization = (text: string, options = {}) =>
		messageForm(ORDER, 'confirmCustomizationDetails', { text, options });

	test('refuses what the table would allow', async () => {
		order().actions = [{ name: 'confirmCustomizationDetails', textMaxLength: 10 }];
		const { error } = await amazon.run(customization('eleven sign'));
		expect(error?.message).toBe(
			"'Text' is too long for Amazon: 11 characters, and at most 10 are allowed",
		);
		expect(amazon.calls()).toEqual(['amazon.actions']);
	});

	test('allows what the table would refuse', async () => {
		order().actions = [{ name: 'confirmCustomizationDetails', textMaxLength: 1000 }];
		const { items } = await amazon.run(customization('x'.repeat(900)));
		expect(items[0].json.status).toBe('sent');
	});

	test('is unknown where Amazon is not asked: then the table counts', async () => {
		order().actions = [{ name: 'confirmCustomizationDetails', textMaxLength: 1000 }];
		const { error } = await amazon.run(
			customization('x'.repeat(900), { checkAvailability: false }),
		);
		expect(error?.message).toMatch(/900 characters, and at most 800/);
		expect(amazon.calls()).toEqual([]);
	});

	test('is hinted at where it asks for files that the documentation calls optional', async () => {
		const form = messageForm('111-5555555-5555555', 'confirmCustomizationDetails', { text: 'Hi' });
		const { hints, error } = await amazon.run({ ...form, options: { validateOnly: true } });
		expect(error).toBeUndefined();
		expect(hints.map(({ message }) => message)).toEqual([
			"Amazon's form for 'confirmCustomizationDetails' also asks for an attachment",
			"'Validate Only' is on: nothing was sent",
		]);
	});

	test('may ask for a text that the table does not know', async () => {
		order().actions = [{ name: 'warranty', textMaxLength: 100 }];
		const { error } = await amazon.run(messageForm(ORDER, 'warranty', attached('data')));
		expect(error?.message).toBe("Amazon asks for a text with 'warranty'");
		expect(amazon.calls()).toEqual(['amazon.actions']);
	});

	test('may take fewer files than the table', async () => {
		order().actions = [{ name: 'warranty', attachments: { min: 1, max: 1 } } as never];
		const { error } = await amazon.run(messageForm(ORDER, 'warranty', attached('data', 'data')));
		expect(error?.message).toMatch(/at most 1 attachments with this message, and there are 2/);
		expect(amazon.calls()).toEqual(['amazon.actions']);
	});
});

describe('uploaded attachments', () => {
	const withUploaded = (attachment: object[], more = {}) =>
		messageForm(ORDER, 'warranty', {
			options: { uploadedAttachments: { attachment } },
			...more,
		} as never);

	test('go with the message and are not uploaded again', async () => {
		const first = await amazon.run(messageForm(ORDER, 'warranty', attached('data')));
		const [{ uploadDestinationId }] = first.items[0].json.attachments as Array<{
			uploadDestinationId: string;
		}>;
		amazon.simulator.calls.length = 0;

		const { items } = await amazon.run(
			withUploaded([{ uploadDestinationId: ` ${uploadDestinationId} `, fileName: 'again.pdf' }]),
		);
		expect(amazon.calls()).toEqual(['amazon.actions', 'amazon.send']);
		expect(items[0].json.attachments).toEqual([
			{ fileName: 'again.pdf', mimeType: null, size: null, uploadDestinationId },
		]);
		expect(amazon.simulator.received[1].attachments).toMatchObject([{ fileName: 'again.pdf' }]);
	});

	test('come after the files of the item, and count with them', async () => {
		const uploaded = [1, 2, 3, 4, 5].map((i) => ({
			uploadDestinationId: `id-${i}`,
			fileName: 'a.pdf',
		}));
		const { error } = await amazon.run(withUploaded(uploaded, attached('data')));
		expect(error?.message).toMatch(/at most 5 attachments with this message, and there are 6/);
		expect(amazon.calls()).toEqual([]);
	});

	test.each([
		[{ uploadDestinationId: '', fileName: 'a.pdf' }, /'Uploaded Attachments' is not complete/],
		[{ uploadDestinationId: 'x', fileName: ' ' }, /'Uploaded Attachments' is not complete/],
		[{ uploadDestinationId: 'x', fileName: 'a\nb.pdf' }, /not allowed/],
	])('refuses %j', async (row, message) => {
		const { error } = await amazon.run(withUploaded([row]));
		expect(error?.message).toMatch(message);
		expect(amazon.calls()).toEqual([]);
	});
});

describe('validate only', () => {
	test('gives the prepared message, uploads nothing and sends nothing', async () => {
		const form = messageForm(ORDER, 'digitalAccessKey', {
			text: ' Your key: 123 ',
			...attached('data'),
			options: { validateOnly: true },
		});
		const { items } = await amazon.run(form);

		expect(items[0].json).toEqual({
			status: 'validated',
			marketplace: 'amazon',
			orderId: ORDER,
			marketplaceId: US,
			messageType: 'digitalAccessKey',
			text: 'Your key: 123',
			attachments: [{ fileName: 'warranty.pdf', mimeType: 'application/pdf', size: pdf.bytes }],
		});
		expect(amazon.calls()).toEqual(['amazon.actions']);
	});

	test('finds a type that is not allowed', async () => {
		const form = messageForm('111-2222222-2222222', 'warranty', attached('data'));
		const { error } = await amazon.run({ ...form, options: { validateOnly: true } });
		expect(error?.message).toMatch(/does not allow the message type 'Warranty'/);
	});
});

describe('warranty dates', () => {
	const warranty = (coverageStartDate: unknown, coverageEndDate: unknown = '') =>
		messageForm(ORDER, 'warranty', {
			...attached('data'),
			coverageStartDate,
			coverageEndDate,
		} as never);
	const inSaoPaulo = { workflowSettings: { timezone: 'America/Sao_Paulo' } };
	const arrived = () => amazon.simulator.received[0].fields;

	test.each([
		['2026-12-13T21:39:45.618-08:00', '2027-12-13T21:39:45.618-08:00'],
		['2026-12-31T18:00:00Z', '2026-12-31T18:00:00Z'],
	])('with a zone go out exactly as written: %s', async (start, end) => {
		await amazon.run(warranty(start, end), inSaoPaulo);
		expect(arrived()).toMatchObject({ coverageStartDate: start, coverageEndDate: end });
	});

	test.each([
		['2026-12-31T18:00Z', '2026-12-31T18:00:00Z'],
		['2026-12-31T18:00-03:00', '2026-12-31T18:00:00-03:00'],
		['2026-12-31T18:00:00-0300', '2026-12-31T18:00:00-03:00'],
		['2026-12-31T18:00+0530', '2026-12-31T18:00:00+05:30'],
		['2026-12-31T18:00:00.5+05', '2026-12-31T18:00:00.5+05:00'],
		['2026-12-31 18:00:00-03:00', '2026-12-31T18:00:00-03:00'],
		['2026-12-31t18:00:00z', '2026-12-31T18:00:00Z'],
	])('with a zone in another spelling keep exactly that zone: %s', async (written, sent) => {
		const { error } = await amazon.run(warranty(written), inSaoPaulo);
		expect(error).toBeUndefined();
		expect(arrived()).toMatchObject({ coverageStartDate: sent });
	});

	test("without a zone are in the workflow's", async () => {
		await amazon.run(warranty('2026-12-01', '2027-12-01T18:30:00'), inSaoPaulo);
		expect(arrived()).toMatchObject({
			coverageStartDate: '2026-12-01T00:00:00.000-03:00',
			coverageEndDate: '2027-12-01T18:30:00.000-03:00',
		});
	});

	test('may come from an expression that gives a date', async () => {
		await amazon.run(
			warranty("={{ DateTime.fromISO('2026-12-01T10:00:00+02:00', { setZone: true }) }}"),
		);
		expect(arrived()).toMatchObject({ coverageStartDate: '2026-12-01T10:00:00.000+02:00' });
	});

	test('may be left out', async () => {
		await amazon.run(warranty('', ' '));
		expect(Object.keys(arrived())).toEqual(['marketplaceId']);
	});

	test('may be the same moment in two zones', async () => {
		const { error } = await amazon.run(
			warranty('2026-12-31T18:00:00Z', '2026-12-31T15:00:00-03:00'),
		);
		expect(error).toBeUndefined();
	});

	test.each([
		['2027-01-01', '2026-01-01', /'Coverage End Date' is before 'Coverage Start Date'/],
		['2026-12-31T18:00:00Z', '2026-12-31T20:00:00+05:00', /is before/],
		['soon', '', /'Coverage Start Date' is not a date/],
		['', '2026-02-30T00:00:00Z', /'Coverage End Date' is not a date/],
		['2026-12-31T25:00:00Z', '', /'Coverage Start Date' is not a date/],
		['2026-12-31T18:00:00+99:00', '', /'Coverage Start Date' is not a date/],
		['2026-12-31T18:00:00 Europe/Berlin', '', /'Coverage Start Date' is not a date/],
		['={{ 1767139200000 }}', '', /'Coverage Start Date' is not a date/],
	])('%s to %s is refused', async (start, end, message) => {
		const { error } = await amazon.run(warranty(start, end));
		expect(error?.message).toMatch(message);
		expect(amazon.calls()).toEqual([]);
	});
});

test('up to five files go in the order of the form', async () => {
	const names = ['e', 'd', 'c', 'b', 'a'];
	const binary = Object.fromEntries(
		names.map((name) => [name, fileOf(`of ${name}`, `${name}.txt`, 'text/plain')]),
	);
	const form = messageForm(ORDER, 'legalDisclosure', attached(...names));
	const { items } = await amazon.run(form, { items: [{ ...itemWithPdf, binary }] });

	const shown = (items[0].json.attachments as Array<{ fileName: string }>).map(
		({ fileName }) => fileName,
	);
	expect(shown).toEqual(['e.txt', 'd.txt', 'c.txt', 'b.txt', 'a.txt']);
	expect(amazon.simulator.received[0].attachments.map(({ bytes }) => bytes.toString())).toEqual(
		names.map((name) => `of ${name}`),
	);
});
