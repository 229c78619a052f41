/** Amazon's form for an order narrows what it names; what it does not name, the documentation tells. */
import { NodeHelpers, type INodePropertyOptions } from 'n8n-workflow';

import { AmazonMessaging } from '../../../nodes/Amazon/AmazonMessaging.node.ts';
import { amazonWorld, attached, messageForm, ORDER, US } from '../../engine/amazon.mts';

const { displayParameter } = NodeHelpers;
const amazon = amazonWorld();
const order = () => amazon.simulator.amazon.state.orders.find(({ orderId }) => orderId === ORDER)!;
const types = {
	resource: 'message',
	operation: 'getAvailableTypes',
	marketplaceId: US,
	orderId: ORDER,
};

const silentForms: Array<[string, Record<string, object>]> = [
	['names nothing', {}],
	['has another name for the text', { messageText: { type: 'string', maxLength: 5 } }],
	['names the attachments alone', { attachments: { type: 'array', maxItems: 5 } }],
];

describe.each(silentForms)('a form that %s', (_what, formProperties) => {
	test('takes the text that the type takes', async () => {
		order().actions = [{ name: 'confirmCustomizationDetails', formProperties }];
		const form = messageForm(ORDER, 'confirmCustomizationDetails', { text: 'Is this right?' });
		const { items, error } = await amazon.run(form);
		expect(error).toBeUndefined();
		expect(items[0].json.status).toBe('sent');
		expect(amazon.simulator.received).toMatchObject([{ text: 'Is this right?' }]);
	});

	test('leaves the limit of the text as it is documented', async () => {
		order().actions = [{ name: 'confirmCustomizationDetails', formProperties }];
		const form = messageForm(ORDER, 'confirmCustomizationDetails', { text: 'x'.repeat(801) });
		const { error } = await amazon.run(form);
		expect(error?.message).toMatch(/801 characters, and at most 800/);
	});

	test('is shown with what the documentation says of the text', async () => {
		order().actions = [{ name: 'confirmCustomizationDetails', formProperties }];
		const { items } = await amazon.run(types);
		expect(items[0].json).toMatchObject({ textRequired: true, textMaxLength: 800 });
	});
});

test('a form that names a text without its length leaves the length as it is documented', async () => {
	order().actions = [
		{ name: 'digitalAccessKey', formProperties: { rawMessageBody: { type: 'string' } } },
	];
	const form = messageForm(ORDER, 'digitalAccessKey', { text: 'x'.repeat(401) });
	const { error } = await amazon.run(form);
	expect(error?.message).toMatch(/401 characters, and at most 400/);
});

describe('a form that does not name attachments', () => {
	const formProperties = { rawMessageBody: { type: 'string', maxLength: 400 } };

	test('takes the files that the type takes', async () => {
		order().actions = [{ name: 'digitalAccessKey', formProperties }];
		const form = messageForm(ORDER, 'digitalAccessKey', { text: 'Key', ...attached('data') });
		const { items } = await amazon.run(form);
		expect(items[0].json.status).toBe('sent');
		expect(amazon.simulator.received[0].attachments).toHaveLength(1);
	});

	test('is shown with what the documentation says of the files', async () => {
		order().actions = [{ name: 'warranty', formProperties: {} }];
		const { items } = await amazon.run(types);
		expect(items[0].json).toMatchObject({ attachmentsRequired: true, attachmentsMax: 5 });
	});
});

test('a text for a type that nobody documents goes to Amazon, which decides', async () => {
	order().actions = [{ name: 'negativeFeedbackRemoval', formProperties: {} }];
	const form = messageForm(ORDER, 'other', {
		otherMessageType: 'negativeFeedbackRemoval',
		text: 'Please',
	});
	const { error } = await amazon.run(form);
	expect(amazon.calls()).toEqual(['amazon.actions', 'amazon.send']);
	expect(error?.context.details).toMatchObject({ outcome: 'notSent', httpStatus: 400 });
});

describe('an action that nobody can send', () => {
	test('is not among the types', async () => {
		const { items } = await amazon.run(types);
		const names = items.map(({ json }) => json.messageType);
		expect(names[0]).toBe('confirmCustomizationDetails');
		expect(names).not.toContain('updateFeedback');
	});

	test('is not among the types where Amazon gives no forms either', async () => {
		order().withoutEmbedded = true;
		const { items } = await amazon.run(types);
		expect(items.map(({ json }) => json.messageType)).not.toContain('updateFeedback');
	});

	test('is not offered instead of one that is not allowed', async () => {
		order().actions = order().actions!.filter((name) => name !== 'warranty');
		const { error } = await amazon.run(messageForm(ORDER, 'warranty', attached('data')));
		expect(error?.description).toContain('Legal Disclosure');
		expect(error?.description).not.toMatch(/updateFeedback/i);
	});

	test('alone allows nothing', async () => {
		order().actions = order().actions!.slice(0, 1);
		const { items, hints } = await amazon.run(types);
		expect(items).toEqual([]);
		expect(hints[0].message).toMatch(/allows no message/);
		const { error } = await amazon.run(messageForm(ORDER, 'warranty', attached('data')));
		expect(error?.description).toMatch(/allows no message at all/);
	});

	test('is refused by its name, and nothing is sent', async () => {
		const form = messageForm(ORDER, 'other', { otherMessageType: 'updateFeedback' });
		const { error } = await amazon.run(form);
		expect(error?.context.details).toMatchObject({ code: 'TypeNotAllowed' });
		expect(amazon.calls()).toEqual(['amazon.actions']);
	});

	test.each([
		['a hidden one with another name', { name: 'anotherOne', hidden: true }, []],
		['a hidden one that can be sent', { name: 'warranty', hidden: true }, ['warranty']],
		[
			'a hidden one that could be sent for years',
			{ name: 'amazonMotors', hidden: true },
			['amazonMotors'],
		],
		['one that is new and not hidden', { name: 'brandNew' }, ['brandNew']],
	])('is told from others: %s', async (_what, action, shown) => {
		order().actions = [action];
		const { items } = await amazon.run(types);
		expect(items.map(({ json }) => json.messageType)).toEqual(shown);
	});

	test('is a link that leads to no message', async () => {
		const link = (tail: string) => ({
			href: `/messaging/v1/orders/${ORDER}/${tail}?marketplaceIds=${US}`,
			name: tail.split('/').pop(),
		});
		const actions = ['messages/warranty', 'attributes', 'feedback'].map(link);
		const body = { _links: { actions } };
		amazon.simulator.faults.push({
			operation: 'amazon.actions',
			kind: 'status',
			status: 200,
			body,
		});
		const { items } = await amazon.run(types);
		expect(items.map(({ json }) => json.messageType)).toEqual(['warranty']);
	});
});

describe("the form's list of message types", () => {
	const { properties } = new AmazonMessaging().description;
	const field = properties.find(({ name }) => name === 'messageType')!;
	const options = field.options as INodePropertyOptions[];

	test('has the likeliest first, and says of each what it takes', () => {
		expect(options.map(({ name }) => name)).toEqual([
			'Unexpected Problem (Text)',
			'Confirm Order Details (Text)',
			'Confirm Delivery Details (Text)',
			'Invoice (Files)',
			'Warranty (Files)',
			'Confirm Customization Details (Text and Files)',
			'Confirm Service Details (Text)',
			'Digital Access Key (Text and Files)',
			'Legal Disclosure (Files)',
			'Other (Text, Files or Both)',
		]);
	});

	test('says how long a text may be', () => {
		const described = (value: string) => options.find((one) => one.value === value)!.description;
		expect(described('digitalAccessKey')).toMatch(/At most 400 characters\.$/);
		expect(described('invoice')).toMatch(/No text\.$/);
	});

	/** What the form of a message shows, where the type is this one. */
	const shownWith = (messageType: string) => {
		const values = { resource: 'message', operation: 'send', messageType };
		const node = { typeVersion: 1 };
		return properties.filter((one) => displayParameter(values, one, node, null));
	};
	const textBoxes = (messageType: string) =>
		shownWith(messageType).filter(({ name }) => name === 'text');

	test('keeps the type that is chosen at first, and says there why the form has no text box', () => {
		expect(field.default).toBe('warranty');
		const shown = shownWith('warranty').filter(({ name }) => /text/i.test(name));
		expect(shown.map(({ name }) => name)).toEqual(['noTextNotice']);
		expect(shown[0]!.displayName).toMatch(/takes files and no text.*Unexpected Problem/);
	});

	test.each([
		['unexpectedProblem', 2000, /parcel was damaged/],
		['confirmOrderDetails', 2000, /one left shoe/],
		['confirmDeliveryDetails', 2000, /driver comes on Tuesday/],
		['confirmServiceDetails', 2000, /fitter can come/],
		['confirmCustomizationDetails', 800, /engrave/],
		['digitalAccessKey', 400, /Your key is/],
		['other', 2000, /parcel was damaged/],
		['={{ $json.messageType }}', 2000, /parcel was damaged/],
	])('%s has one box for a text, with its limit of %i and an example', (type, max, example) => {
		const boxes = textBoxes(type);
		expect(boxes).toHaveLength(1);
		expect(boxes[0]).toMatchObject({
			hint: `At most ${max} characters`,
			placeholder: expect.stringMatching(example),
		});
	});

	test('a text goes out where an expression gives the type', async () => {
		order().actions = ['digitalAccessKey'];
		const form = messageForm(ORDER, '={{ "digitalAccess" + "Key" }}', { text: 'Your key' });
		const { items } = await amazon.run(form);
		expect(items[0]!.json).toMatchObject({ status: 'sent', messageType: 'digitalAccessKey' });
		expect(amazon.simulator.received).toMatchObject([{ text: 'Your key' }]);
	});

	test.each(['invoice', 'warranty', 'legalDisclosure'])('%s has none', (type) => {
		expect(textBoxes(type)).toEqual([]);
	});
});

test('what Amazon allows and the list does not have is offered as it can be chosen', async () => {
	order().actions = [{ name: 'brandNew' }, { name: 'legalDisclosure' }];
	const { error } = await amazon.run(messageForm(ORDER, 'warranty', attached('data')));
	expect(error?.description).toContain('Allowed at the moment: Other: brandNew, Legal Disclosure.');
});
