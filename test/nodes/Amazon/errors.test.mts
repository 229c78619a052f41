import { amazonWorld, attached, messageForm, ORDER } from '../../engine/amazon.mts';

const amazon = amazonWorld();
const state = () => amazon.simulator.amazon.state;
const UUID = /^[0-9a-f-]{36}$/;
const form = messageForm(ORDER, 'warranty', attached('data'));
const text = messageForm(ORDER, 'confirmOrderDetails', {
	text: 'Hi',
	options: { checkAvailability: false },
});

function refuseSend(status: number, ...errors: object[]): void {
	const headers = { 'x-amzn-RequestId': 'request-1' };
	const body = { errors };
	amazon.simulator.faults.push({ operation: 'amazon.send', kind: 'status', status, headers, body });
}

const denied = (details: string) => ({
	code: 'Unauthorized',
	message: 'Access to requested resource is denied.',
	details,
});

test('a token that Amazon repeats in its words is in none of ours', async () => {
	await amazon.run({ resource: 'buyer', operation: 'getAttributes', orderId: ORDER });
	const { accessToken, refreshToken } = amazon.node.credentials.amazonSellingPartnerApi!;
	const message = `Bad token ${String(accessToken)} of ${String(refreshToken)}`;
	refuseSend(400, { code: 'InvalidInput', message });
	const { error } = await amazon.run(text);
	expect(error?.message).toBe('Amazon refused the request: Bad token … of …');
	expect(error?.context.details).toMatchObject({ marketplaceMessage: 'Bad token … of …' });
});

test('a signed address that the storage repeats in its words is in none of ours', async () => {
	let said = '';
	amazon.simulator.faults.push({
		operation: 's3.put',
		kind: 'status',
		status: 400,
		get body() {
			said = amazon.simulator.calls.at(-1)!.rawUrl;
			return `<Error><Code>Odd</Code><Message>Not ${said.replaceAll('&', '&amp;')} nor ${said}</Message></Error>`;
		},
	});
	const { error } = await amazon.run(form);
	expect(said).toContain('X-Amz-Signature=');
	expect(error?.context.details).toMatchObject({ code: 'Odd' });
});

describe('a 403', () => {
	test.each([
		['The LWA secret token you provided has expired.', /'Client Secret' has expired/, /180 days/],
		[
			'The marketplaces you provided are not valid for region.',
			/does not belong to the credential's region/,
			/'Region'/,
		],
		[
			'Access token is missing in the request header.',
			/^Amazon refused the request: Access token is missing in the request header\.$/,
			/Amazon's own/,
		],
		['', /denied access/, /Buyer Communication for messages, Product Listing for attachments/],
	])('with the details %j has its own advice', async (details, message, description) => {
		refuseSend(403, denied(details));
		const { error } = await amazon.run(text);

		expect(error).toMatchObject({ name: 'NodeApiError', httpCode: '403' });
		expect(error?.message).toMatch(message);
		expect(error?.description).toMatch(description);
		expect(error?.context).toEqual({
			itemIndex: 0,
			details: {
				orderId: ORDER,
				outcome: 'notSent',
				retryable: false,
				code: 'Unauthorized',
				httpStatus: 403,
				requestId: 'request-1',
				marketplace: 'amazon',
				marketplaceMessage: `Access to requested resource is denied. ${details}`.trim(),
				description: error?.description,
			},
		});
	});

	test('of the messaging business does not renew the token', async () => {
		refuseSend(403, {
			code: 'Unauthorized',
			message: 'Invalid amazonOrderId and template combination.',
		});
		const { error } = await amazon.run(text);
		expect(error?.message).toBe('Amazon does not allow this message type for this order now');
		expect(amazon.simulator.calls.map(({ operation }) => operation)).toEqual([
			'lwa.token',
			'amazon.send',
		]);
	});

	test.each([
		['amazon.actions', form],
		['amazon.createUpload', form],
		['amazon.send', text],
		['amazon.attributes', { resource: 'buyer', operation: 'getAttributes', orderId: ORDER }],
		[
			'amazon.solicitationActions',
			{ resource: 'reviewRequest', operation: 'send', orderId: ORDER },
		],
	])('for a missing role at %s names the roles and the request', async (operation, parameters) => {
		state().sellers[0].withoutRole = [operation];
		const { error } = await amazon.run(parameters);
		expect(error?.message).toBe('Amazon denied access');
		expect(error?.description).toMatch(/Buyer Solicitation for reviews/);
		expect(error?.context.details).toMatchObject({ requestId: expect.stringMatching(UUID) });
	});

	test("for an order of another seller's is told as what it can be", async () => {
		state().orders.find(({ orderId }) => orderId === ORDER)!.seller = 'Atzr|another';
		const { error } = await amazon.run(text);
		expect(error?.description).toMatch(/seller account is another/);
	});
});

test.each([
	[
		400,
		{ code: 'InvalidInput', message: 'Attachment with ID 1-2 does not exist' },
		/does not find an attachment/,
		/uploaded anew/,
	],
	[
		400,
		{
			code: 'InvalidInput',
			message: 'marketplaceIds: Missing or invalid request parameter: marketplaceId',
		},
		/does not accept the marketplace/,
		/'Marketplace'/,
	],
	[
		400,
		{ code: 'InvalidInput', message: 'Could not match input arguments' },
		/^Amazon refused the request: Could not match input arguments$/,
		/^Nothing was sent\. Correct what Amazon's words name/,
	],
	[404, { code: 'NotFound', message: 'No such order' }, /does not find this order/, /'Order ID'/],
	[413, { code: 'TooLarge', message: 'Too large' }, /too large/, /smaller or fewer/],
	[415, { code: 'UnsupportedMediaType', message: 'No' }, /request's format/, /report/],
	[409, { code: 'Conflict', message: 'No' }, /^Amazon refused the request: No$/, /later/],
	[
		404,
		{ code: 'NotFound', message: 'The order 1-2-3 was not found.' },
		/^Amazon does not find this order$/,
		/'Order ID'/,
	],
])('%i %j is explained', async (status, said, message, description) => {
	refuseSend(status, said);
	const { error } = await amazon.run(text);
	expect(error?.message).toMatch(message);
	expect(error?.description).toMatch(description);
	expect(error?.context.details).toMatchObject({
		outcome: 'notSent',
		code: said.code,
		httpStatus: status,
		requestId: 'request-1',
		marketplaceMessage: said.message,
	});
});

test('several errors of one answer are all told', async () => {
	refuseSend(
		400,
		{ code: 'InvalidInput', message: 'First', details: 'here' },
		{ code: 'X', message: 'Second' },
	);
	const { error } = await amazon.run(text);
	expect(error?.message).toBe('Amazon refused the request: First here | Second');
	expect(error?.context.details).toMatchObject({ code: 'InvalidInput' });
});

test('an answer without errors in it is still explained', async () => {
	amazon.simulator.faults.push({
		operation: 'amazon.send',
		kind: 'status',
		status: 400,
		body: '<html>',
	});
	const { error } = await amazon.run(text);
	expect(error?.message).toBe('Amazon refused the request');
	expect(error?.context.details).toMatchObject({ code: undefined, marketplaceMessage: undefined });
});

test('words that n8n takes for an error of Node.js stay as they are', async () => {
	refuseSend(400, { code: 'InvalidInput', message: 'The approvePermissions field, ECONNREFUSED' });
	const { error } = await amazon.run(text);
	expect(error?.message).toBe(
		'Amazon refused the request: The approvePermissions field, ECONNREFUSED',
	);
});

test('a lost answer of a server error keeps the request id', async () => {
	refuseSend(500, { code: 'InternalFailure', message: 'We encountered an internal error.' });
	const { error } = await amazon.run(text);
	expect(error?.context.details).toMatchObject({
		outcome: 'unknown',
		code: 'InternalFailure',
		httpStatus: 500,
		requestId: 'request-1',
		marketplaceMessage: 'We encountered an internal error.',
	});
});

test('the details of a failed item are JSON, the same as in the error', async () => {
	refuseSend(400, { code: 'InvalidInput', message: 'No' });
	const { error } = await amazon.run(text);
	refuseSend(400, { code: 'InvalidInput', message: 'No' });
	const { items } = await amazon.run(text, { settings: { onError: 'continueRegularOutput' } });
	expect(items).toEqual([
		{
			json: {
				error: `Order ${ORDER}: ${error!.message}`,
				details: error?.context.details,
			},
			pairedItem: { item: 0 },
		},
	]);
});
