import { amazonWorld, ORDER, US } from '../../engine/amazon.mts';

const amazon = amazonWorld();
const order = (orderId = ORDER) =>
	amazon.simulator.amazon.state.orders.find((one) => one.orderId === orderId)!;
const UUID = /^[0-9a-f-]{36}$/;
const REVIEWABLE = '111-4444444-4444444';

describe('available types', () => {
	const types = (orderId: string) => ({
		resource: 'message',
		operation: 'getAvailableTypes',
		marketplaceId: US,
		orderId,
	});

	test('are one item each, with what the schema says', async () => {
		const { items } = await amazon.run(types('111-5555555-5555555'));
		expect(items).toEqual([
			{
				json: {
					messageType: 'confirmCustomizationDetails',
					title: 'Confirm customization details',
					description: 'Ask the buyer to provide or verify details of a customized item.',
					textRequired: true,
					textMaxLength: 800,
					attachmentsRequired: true,
					attachmentsMax: 5,
					schema: expect.objectContaining({ required: ['attachments', 'rawMessageBody'] }),
				},
				pairedItem: { item: 0 },
			},
			{
				json: expect.objectContaining({
					messageType: 'confirmOrderDetails',
					textMaxLength: 2000,
					attachmentsRequired: false,
					attachmentsMax: 0,
				}),
				pairedItem: { item: 0 },
			},
		]);
	});

	test('that are none are no items, with a hint', async () => {
		const { items, hints } = await amazon.run(types('111-3333333-3333333'));
		expect(items).toEqual([]);
		expect(hints.map(({ message }) => message)).toEqual([
			'Amazon allows no message for order 111-3333333-3333333 at the moment',
		]);
	});

	test('are read in the shape of the official model, too', async () => {
		const href = `/messaging/v1/orders/${ORDER}/messages/digitalAccessKey?marketplaceIds=${US}`;
		const schema = {
			title: 'Key',
			properties: { rawMessageBody: { maxLength: '300' } },
			required: ['rawMessageBody'],
		};
		const action = {
			payload: { name: 'digitalAccessKey' },
			_links: { self: [{ href }], schema: { href: `${href}/schema` } },
			_embedded: { schema: { payload: schema } },
		};
		// A link needs no name there, and HAL allows one where there could be a list.
		const body = { _links: { actions: { href } }, _embedded: { actions: action } };
		amazon.simulator.faults.push({
			operation: 'amazon.actions',
			kind: 'status',
			status: 200,
			body,
		});
		const { items } = await amazon.run(types(ORDER));
		expect(items).toHaveLength(1);
		expect(items[0].json).toMatchObject({
			messageType: 'digitalAccessKey',
			title: 'Key',
			textRequired: true,
			textMaxLength: 300,
			attachmentsMax: 5,
			schema,
		});
	});

	test("go by the form's names: invoice, not sendInvoice", async () => {
		const { items } = await amazon.run(types(ORDER));
		expect(items.map(({ json }) => json.messageType)).toEqual([
			'confirmCustomizationDetails',
			'confirmDeliveryDetails',
			'confirmOrderDetails',
			'confirmServiceDetails',
			'digitalAccessKey',
			'legalDisclosure',
			'invoice',
			'unexpectedProblem',
			'warranty',
			'negativeFeedbackRemoval',
		]);
	});

	test('of a type without a text say so', async () => {
		order().actions = ['warranty'];
		const { items } = await amazon.run(types(ORDER));
		expect(items[0].json).toMatchObject({
			textRequired: false,
			textMaxLength: 0,
			attachmentsRequired: true,
			attachmentsMax: 5,
		});
	});

	test('of a list without schemas come from the documentation', async () => {
		order().actions = ['confirmCustomizationDetails', 'sendInvoice', 'amazonMotors'];
		order().withoutEmbedded = true;
		const { items } = await amazon.run(types(ORDER));
		expect(items.map(({ json }) => json)).toEqual([
			expect.objectContaining({
				messageType: 'confirmCustomizationDetails',
				title: 'Confirm Customization Details',
				textRequired: true,
				textMaxLength: 800,
				attachmentsRequired: false,
				attachmentsMax: 5,
				schema: null,
			}),
			expect.objectContaining({
				messageType: 'invoice',
				textRequired: false,
				textMaxLength: 0,
				attachmentsRequired: true,
			}),
			{
				messageType: 'amazonMotors',
				title: 'amazonMotors',
				description: '',
				textRequired: false,
				textMaxLength: 2000,
				attachmentsRequired: false,
				attachmentsMax: 5,
				schema: null,
			},
		]);
	});

	test('survive a list whose self link is an array', async () => {
		order('111-2222222-2222222').selfAsArray = true;
		const { items } = await amazon.run(types('111-2222222-2222222'));
		expect(items).toHaveLength(2);
	});

	test('leave out what is disabled and keep what is hidden and can be sent', async () => {
		order().actions = [
			{ name: 'warranty', disabledReason: 'Already sent' },
			{ name: 'negativeFeedbackRemoval', hidden: true },
		];
		const { items } = await amazon.run(types(ORDER));
		expect(items.map(({ json }) => json.messageType)).toEqual(['negativeFeedbackRemoval']);
	});

	test('of several orders are paired with their orders', async () => {
		const { items } = await amazon.run(types('={{ $json.order }}'), {
			items: ['111-3333333-3333333', '111-2222222-2222222', '111-4444444-4444444'].map((id) => ({
				json: { order: id },
			})),
		});
		expect(items.map(({ json, pairedItem }) => [json.messageType, pairedItem])).toEqual([
			['legalDisclosure', { item: 1 }],
			['unexpectedProblem', { item: 1 }],
			['warranty', { item: 2 }],
		]);
	});

	test('that Amazon refuses to list are an error with its reason', async () => {
		order().actionsRefused = true;
		const { error } = await amazon.run(types(ORDER));
		expect(error).toMatchObject({
			name: 'NodeApiError',
			message: 'Amazon does not allow this message type for this order now',
			context: { details: { code: 'Unauthorized', requestId: expect.stringMatching(UUID) } },
		});
	});
});

describe('buyer attributes', () => {
	const attributes = { resource: 'buyer', operation: 'getAttributes', orderId: ORDER };

	test('are the language', async () => {
		order().locale = 'pt-BR';
		const { items } = await amazon.run({ ...attributes, marketplaceId: US });
		expect(items).toEqual([
			{ json: { orderId: ORDER, marketplaceId: US, locale: 'pt-BR' }, pairedItem: { item: 0 } },
		]);
	});

	test('are empty where Amazon does not know the language', async () => {
		amazon.simulator.faults.push({
			operation: 'amazon.attributes',
			kind: 'status',
			status: 200,
			body: {},
		});
		const { items } = await amazon.run(attributes);
		expect(items[0].json.locale).toBeNull();
	});
});

describe('review request', () => {
	const review = (orderId: string, options = {}) => ({
		resource: 'reviewRequest',
		operation: 'send',
		marketplaceId: US,
		orderId,
		options,
	});

	test('is sent once the order is eligible', async () => {
		const { items } = await amazon.run(review(REVIEWABLE));
		expect(items).toEqual([
			{
				json: {
					status: 'sent',
					orderId: REVIEWABLE,
					marketplaceId: US,
					requestId: expect.stringMatching(UUID),
					sentAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
				},
				pairedItem: { item: 0 },
			},
		]);
		expect(amazon.simulator.received).toMatchObject([
			{ type: 'productReviewAndSellerFeedback', reference: REVIEWABLE },
		]);
	});

	test('is skipped, with a reason, where the order is not eligible', async () => {
		const { items } = await amazon.run(review(ORDER));
		expect(items[0].json).toEqual({
			status: 'skipped',
			reason: 'notEligible',
			orderId: ORDER,
			marketplaceId: US,
			requestId: expect.stringMatching(UUID),
		});
		expect(amazon.calls()).toEqual(['amazon.solicitationActions']);
	});

	test('fails instead where skipping is switched off', async () => {
		const { error } = await amazon.run(review(ORDER, { skipIfNotEligible: false }));
		expect(error).toMatchObject({
			name: 'NodeOperationError',
			message: 'Amazon does not allow a review request for this order now',
			context: { details: { outcome: 'notSent', code: 'NotEligible' } },
		});
		expect(amazon.calls()).toEqual(['amazon.solicitationActions']);
	});

	test('is skipped where somebody else was quicker', async () => {
		amazon.simulator.faults.push({
			operation: 'amazon.solicit',
			kind: 'status',
			status: 403,
			body: {
				errors: [
					{
						code: 'Unauthorized',
						message: 'The requested solicitation is not available for this amazonOrderId.',
					},
				],
			},
		});
		const { items } = await amazon.run(review(REVIEWABLE));
		expect(items[0].json).toMatchObject({ status: 'skipped', reason: 'notEligible' });
	});

	test('outside the days that Amazon allows is said so, where nothing is skipped', async () => {
		amazon.simulator.faults.push({
			operation: 'amazon.solicit',
			kind: 'status',
			status: 403,
			body: {
				errors: [
					{
						code: 'Unauthorized',
						message:
							"You can't use this feature to request a review outside the 5-30 day range after the order delivery date.",
					},
				],
			},
		});
		const { error } = await amazon.run(review(REVIEWABLE, { skipIfNotEligible: false }));
		expect(error?.message).toMatch(
			/^Amazon does not allow a review request for this order now: You can't use .* 5-30 day range/,
		);
	});

	test('for two items of one order reaches the buyer once', async () => {
		const { items } = await amazon.run(review(REVIEWABLE), { items: [{ json: {} }, { json: {} }] });
		expect(items.map(({ json }) => json.status).sort()).toEqual(['sent', 'skipped']);
		expect(amazon.simulator.received).toHaveLength(1);
	});

	test('is only checked where nothing is to be sent', async () => {
		const { items } = await amazon.run(review(REVIEWABLE, { validateOnly: true }));
		expect(items[0].json).toEqual({ status: 'validated', orderId: REVIEWABLE, marketplaceId: US });
		expect(amazon.calls()).toEqual(['amazon.solicitationActions']);
	});

	test('whose answer was lost is unknown, also where skipping is on', async () => {
		amazon.simulator.faults.push({ operation: 'amazon.solicit', kind: 'lost', when: 'after' });
		const { error } = await amazon.run(review(REVIEWABLE, { lookUpAfterLoss: false }));
		expect(error?.context.details).toMatchObject({ outcome: 'unknown' });
		expect(amazon.simulator.received).toHaveLength(1);
	});

	test.each([
		[REVIEWABLE, true],
		[ORDER, false],
	])('eligibility of %s is %s', async (orderId, eligible) => {
		const { items } = await amazon.run({ ...review(orderId), operation: 'getEligibility' });
		expect(items).toEqual([
			{ json: { eligible, orderId, marketplaceId: US }, pairedItem: { item: 0 } },
		]);
	});
});
