import { amazonClient, DE, ORDER, US } from './amazon/client.mts';
import { startSimulator, type Simulator } from './simulator.mts';

let simulator: Simulator;
let amazon: ReturnType<typeof amazonClient>;
const pdf = Buffer.from('%PDF-1.4 a document');

beforeAll(async () => {
	simulator = await startSimulator();
	amazon = amazonClient(simulator);
});
beforeEach(() => simulator.amazon.state.plans.set('*', { rate: 1000, burst: 1000 }));
afterEach(() => simulator.reset());
afterAll(async () => {
	await simulator.close();
});

const actionsOf = async (order: string, marketplace = US) =>
	await amazon.get(`/messaging/v1/orders/${order}?marketplaceIds=${marketplace}`);

function changeOrder(change: Partial<Simulator['amazon']['state']['orders'][0]>) {
	Object.assign(simulator.amazon.state.orders[0], change);
}

function refusalOf({
	status,
	data,
}: {
	status: number;
	data: { errors: Array<{ message: string }> };
}) {
	return [status, data.errors[0].message];
}

const NO_COMBINATION = [403, 'Invalid amazonOrderId and template combination.'];

describe('the actions of an order', () => {
	it('lists links and schemas under the names that Amazon uses there', async () => {
		const { data, headers } = await actionsOf(ORDER);
		expect(headers['content-type']).toBe('application/hal+json');
		expect(data._links.actions).toContainEqual({
			href: `/messaging/v1/orders/${ORDER}/messages/sendInvoice?marketplaceIds=${US}`,
			name: 'sendInvoice',
		});
		const [hidden, first] = data._embedded.actions;
		expect(hidden).toMatchObject({
			name: 'updateFeedback',
			_embedded: { schema: { properties: {}, 'x-ui-hidden': true } },
		});
		expect(first.name).toBe('confirmCustomizationDetails');
		expect(first._embedded.schema.properties).toMatchObject({
			rawMessageBody: { minLength: 1, maxLength: 800, 'x-ui-field-type': 'text' },
			attachments: { maxItems: 5, items: { properties: { fileName: {}, id: {} } } },
		});
		expect(first._embedded.schema).toMatchObject({
			required: ['rawMessageBody'],
			'x-ui-hidden': null,
		});
	});

	it('is empty where nothing is allowed now', async () => {
		const { status, data } = await actionsOf('111-3333333-3333333');
		expect([status, data._links.actions, data._embedded.actions]).toEqual([200, [], []]);
	});

	it("lets an order's own schema want attachments", async () => {
		const { data } = await actionsOf('111-5555555-5555555');
		expect(data._embedded.actions[0]._embedded.schema.required).toContain('attachments');
	});

	it('can have a form that does not name what the message takes', async () => {
		changeOrder({ actions: [{ name: 'confirmOrderDetails', formProperties: {} }] });
		const { data } = await actionsOf(ORDER);
		expect(data._embedded.actions[0]._embedded.schema).toMatchObject({
			properties: {},
			required: [],
		});
		expect((await amazon.send('confirmOrderDetails', { text: 'x' })).status).toBe(201);
	});

	it('can come without _embedded, and with self as a list', async () => {
		changeOrder({ withoutEmbedded: true, selfAsArray: true });
		const { data } = await actionsOf(ORDER);
		expect(data).not.toHaveProperty('_embedded');
		expect(data._links.self).toEqual([
			{ href: `/messaging/v1/orders/${ORDER}?marketplaceIds=${US}` },
		]);
	});

	it('is 404 for an unknown order', async () => {
		expect((await actionsOf('999-9999999-9999999')).status).toBe(404);
	});

	it('is 403 for an order of another marketplace', async () => {
		expect(refusalOf(await actionsOf(ORDER, DE))).toEqual(NO_COMBINATION);
	});

	it('can be refused while the attributes work', async () => {
		changeOrder({ actionsRefused: true, locale: 'fr-FR' });
		expect(refusalOf(await actionsOf(ORDER))).toEqual(NO_COMBINATION);
		const attributes = await amazon.get(
			`/messaging/v1/orders/${ORDER}/attributes?marketplaceIds=${US}`,
		);
		expect(attributes.data).toEqual({ buyer: { locale: 'fr-FR' } });
	});
});

describe('sending', () => {
	it.each([
		'confirmDeliveryDetails',
		'confirmOrderDetails',
		'confirmServiceDetails',
		'unexpectedProblem',
	])('delivers the text of %s', async (type) => {
		const answer = await amazon.send(type, { text: 'Grüße \u{1F642}' });
		expect([answer.status, answer.data]).toEqual([201, {}]);
		expect(simulator.received).toEqual([
			{
				marketplace: 'amazon',
				type,
				reference: ORDER,
				text: 'Grüße \u{1F642}',
				attachments: [],
				fields: { marketplaceId: US },
				at: expect.any(Number) as number,
			},
		]);
	});

	it.each(['invoice', 'legalDisclosure', 'warranty'])('delivers the files of %s', async (type) => {
		const uploadDestinationId = await amazon.upload(type, pdf);
		const attachments = [{ uploadDestinationId, fileName: 'My "doc" é.pdf' }];
		expect((await amazon.send(type, { attachments })).status).toBe(201);
		expect(simulator.received[0].attachments).toEqual([
			{ fileName: 'My "doc" é.pdf', mimeType: 'application/pdf', bytes: pdf },
		]);
	});

	it.each(['confirmCustomizationDetails', 'digitalAccessKey'])(
		'delivers %s whole',
		async (type) => {
			const uploadDestinationId = await amazon.upload(type, pdf);
			const attachments = [{ uploadDestinationId, fileName: 'a.pdf' }];
			expect((await amazon.send(type, { text: 'See the file', attachments })).status).toBe(201);
			expect(simulator.received[0]).toMatchObject({
				text: 'See the file',
				attachments: [{ bytes: pdf }],
			});
		},
	);

	it('keeps the coverage dates as they were written', async () => {
		const attachments = [
			{ uploadDestinationId: await amazon.upload('warranty', pdf), fileName: 'w.txt' },
		];
		const coverageStartDate = '2004-12-13T21:39:45.618-08:00';
		await amazon.send('warranty', { attachments, coverageStartDate });
		expect(simulator.received[0].fields).toEqual({ marketplaceId: US, coverageStartDate });
	});

	it('counts code points', async () => {
		const longest = '\u{1F642}'.repeat(400);
		expect((await amazon.send('digitalAccessKey', { text: longest })).status).toBe(201);
		expect((await amazon.send('digitalAccessKey', { text: `${longest}x` })).status).toBe(400);
	});

	it.each([
		['no text', 'confirmOrderDetails', {}],
		['an empty text', 'confirmOrderDetails', { text: '' }],
		['a text that is no string', 'confirmOrderDetails', { text: 7 }],
		['a text too long', 'confirmOrderDetails', { text: 'x'.repeat(2001) }],
		['a text where none is taken', 'warranty', { text: 'x' }],
		['an unknown field', 'confirmOrderDetails', { text: 'x', rawMessageBody: 'x' }],
		['attachments where none are taken', 'confirmOrderDetails', { text: 'x', attachments: [] }],
		['no attachments where one is needed', 'legalDisclosure', { attachments: [] }],
		['no attachments field where one is needed', 'invoice', {}],
		[
			'an attachment without a file name',
			'invoice',
			{ attachments: [{ uploadDestinationId: 'a' }] },
		],
		['an attachment without an id', 'invoice', { attachments: [{ fileName: 'a.pdf' }] }],
	])('refuses %s', async (_what, type, body) => {
		expect((await amazon.send(type, body)).status).toBe(400);
		expect(simulator.received).toEqual([]);
	});

	it.each([
		['no date', 'tomorrow', undefined],
		['a date without a zone', '2026-01-01T00:00:00', undefined],
		['an end before the start', '2026-01-02T00:00:00Z', '2026-01-01T00:00:00Z'],
	])('refuses a warranty with %s', async (_what, coverageStartDate, coverageEndDate) => {
		const attachments = [
			{ uploadDestinationId: await amazon.upload('warranty', pdf), fileName: 'w.pdf' },
		];
		const answer = await amazon.send('warranty', {
			attachments,
			coverageStartDate,
			coverageEndDate,
		});
		expect(answer.status).toBe(400);
	});

	it('refuses more than five attachments', async () => {
		const uploadDestinationId = await amazon.upload('invoice', pdf);
		const attachments = Array(6).fill({ uploadDestinationId, fileName: 'a.pdf' });
		expect((await amazon.send('invoice', { attachments })).status).toBe(400);
	});

	it('refuses a file type that messages do not carry', async () => {
		const uploadDestinationId = await amazon.upload('invoice', pdf);
		const attachments = [{ uploadDestinationId, fileName: 'a.exe' }];
		expect((await amazon.send('invoice', { attachments })).status).toBe(400);
	});

	it('refuses 10 MB of attachments, and takes a byte less', async () => {
		const half = Buffer.alloc(5 * 1024 * 1024);
		const first = { uploadDestinationId: await amazon.upload('invoice', half), fileName: 'a.pdf' };
		const less = half.subarray(1);
		const second = { uploadDestinationId: await amazon.upload('invoice', less), fileName: 'b.pdf' };
		expect((await amazon.send('invoice', { attachments: [first, first] })).status).toBe(413);
		expect((await amazon.send('invoice', { attachments: [first, second] })).status).toBe(201);
	});

	describe('with an upload that is not there', () => {
		const sent = async (uploadDestinationId: string) =>
			refusalOf(
				await amazon.send('invoice', { attachments: [{ uploadDestinationId, fileName: 'a.pdf' }] }),
			);
		const missing = (id: string) => [400, `Attachment with ID ${id} does not exist`];

		it('refuses an id that was never given out', async () => {
			expect(await sent('nothing')).toEqual(missing('nothing'));
		});

		it('refuses a destination that got no bytes', async () => {
			const { uploadDestinationId } = await amazon.destinationFor('invoice', pdf);
			expect(await sent(uploadDestinationId)).toEqual(missing(uploadDestinationId));
		});

		it('refuses an upload for another message type', async () => {
			const id = await amazon.upload('warranty', pdf);
			expect(await sent(id)).toEqual(missing(id));
		});

		it('refuses an upload for another order', async () => {
			const id = await amazon.upload('invoice', pdf, '111-2222222-2222222');
			expect(await sent(id)).toEqual(missing(id));
		});
	});

	it('refuses a type that the order does not offer now', async () => {
		const answer = await amazon.send('confirmOrderDetails', { text: 'x' }, '111-2222222-2222222');
		expect(refusalOf(answer)).toEqual(NO_COMBINATION);
	});

	it('refuses an unknown order', async () => {
		const answer = await amazon.send('confirmOrderDetails', { text: 'x' }, '999-9999999-9999999');
		expect(answer.status).toBe(404);
	});

	it("refuses the invoice by its action's name", async () => {
		const answer = await amazon.send('sendInvoice', { attachments: [] });
		expect([answer.status, (answer.data.errors as Array<object>)[0]]).toEqual([
			403,
			expect.objectContaining({ details: '' }),
		]);
	});

	it('takes a type that the models lack, where the order offers it, once', async () => {
		expect((await amazon.send('negativeFeedbackRemoval', {})).status).toBe(201);
		expect((await amazon.send('negativeFeedbackRemoval', {})).status).toBe(403);
		const { data } = await actionsOf(ORDER);
		expect(JSON.stringify(data)).not.toContain('negativeFeedbackRemoval');
	});

	it('refuses an offered name that no POST exists for', async () => {
		expect((await amazon.send('updateFeedback', {}, '111-4444444-4444444')).status).toBe(403);
	});

	it('refuses a second message of a type that is taken once', async () => {
		changeOrder({ actions: [{ name: 'confirmOrderDetails', once: true }] });
		expect((await amazon.send('confirmOrderDetails', { text: 'x' })).status).toBe(201);
		expect(refusalOf(await amazon.send('confirmOrderDetails', { text: 'x' }))).toEqual(
			NO_COMBINATION,
		);
	});
});
