/** Answers are known by their meaning: no sentence of Amazon is matched whole, and its words are always shown. */
import { amazonWorld, attached, messageForm, ORDER, US } from '../../engine/amazon.mts';
import { quickTime } from '../../engine/quickTime.mts';

const amazon = amazonWorld();
let backToNormal: () => void;
beforeEach(() => {
	backToNormal = quickTime();
	amazon.withoutLimits();
});
afterEach(() => backToNormal());

const text = messageForm(ORDER, 'confirmOrderDetails', {
	text: 'Hi',
	options: { checkAvailability: false },
});
const answer = (operation: string, status: number, body?: object | string, times = 1) =>
	amazon.simulator.faults.push({
		operation,
		kind: 'status',
		status,
		times,
		...(body === undefined ? {} : { body }),
	});
const said = (message: string, details = '', code = 'Unauthorized') => ({
	errors: [{ code, message, details }],
});

describe('a review request', () => {
	const REVIEWABLE = '111-4444444-4444444';
	const review = (operation: string, options = {}) => ({
		resource: 'reviewRequest',
		operation,
		marketplaceId: US,
		orderId: REVIEWABLE,
		options,
	});

	const notEligible: Array<[number, string]> = [
		[403, 'The requested solicitation is not available for this amazonOrderId.'],
		[
			403,
			"You can't use this feature to request a review outside the 5-30 day range after the order delivery date.",
		],
		[
			403,
			'You can only request a review within the 4-30 day range after delivery; outside it you cannot.',
		],
		[403, 'A review has already been requested for this order.'],
		[409, 'This order has already been requested.'],
		[400, 'The order is not eligible for a solicitation.'],
		[400, 'The order is not currently eligible for a solicitation.'],
		[403, "This order isn't eligible."],
		[403, 'Solicitations can be sent within 5 to 30 days after delivery.'],
		[403, 'The request is outside the date range of this marketplace.'],
		[403, 'The range of this marketplace is 5-30 days after delivery.'],
		[403, 'A review has already been requested in this marketplace.'],
		[403, 'Invalid amazonOrderId and template combination.'],
		[403, 'It is too early to request a review for this order.'],
	];

	const skipped = { status: 'skipped', reason: 'notEligible' };

	test.each(notEligible)('that is refused with %i "%s" is skipped', async (status, words) => {
		answer('amazon.solicit', status, said(words));
		const { items } = await amazon.run(review('send'));
		expect(items[0].json).toMatchObject({ ...skipped, marketplaceMessage: words });
		expect(amazon.simulator.received).toEqual([]);
	});

	test.each(notEligible)('whose list is refused with %i "%s" is skipped', async (status, words) => {
		answer('amazon.solicitationActions', status, said(words));
		const { items } = await amazon.run(review('send'));
		expect(items[0].json).toMatchObject({ ...skipped, marketplaceMessage: words });
		expect(amazon.calls()).toEqual(['amazon.solicitationActions']);
	});

	test.each(notEligible)('is not eligible where Amazon says %i "%s"', async (status, words) => {
		answer('amazon.solicitationActions', status, said(words));
		const { items } = await amazon.run(review('getEligibility'));
		expect(items[0].json).toEqual({
			...{ eligible: false, orderId: REVIEWABLE, marketplaceId: US },
			marketplaceMessage: words,
		});
	});

	test.each(['amazon.solicitationActions', 'amazon.solicit'])(
		'that fails at %s instead of being skipped tells Amazon own words',
		async (operation) => {
			const words = 'You can only request a review inside the 4-30 day window.';
			answer(operation, 403, said(words));
			const { error } = await amazon.run(review('send', { skipIfNotEligible: false }));
			expect(error?.message).toBe(
				`Amazon does not allow a review request for this order now: ${words}`,
			);
			expect(error?.context.details).toMatchObject({
				outcome: 'notSent',
				httpStatus: 403,
				marketplaceMessage: words,
			});
		},
	);

	test.each([
		['a missing role', 403, said('Access to requested resource is denied.')],
		[
			'a marketplace of another region',
			403,
			said(
				'Access to requested resource is denied.',
				'The marketplaces you provided are not valid for region.',
			),
		],
		['an unknown order', 404, said('The order was not found.', '', 'NotFound')],
		['a wrong request', 400, said('Missing or invalid request parameters: [marketplaceIds]')],
		[
			'a marketplace that is closed',
			403,
			said('The marketplace is not available for this seller.'),
		],
		['a role that is not there', 403, said('This is not allowed without the role for it.')],
		['a marketplace out of reach', 403, said('The marketplace is outside the region of the app.')],
		['a role that was taken away', 403, said('The role for this is no longer there.')],
		['a token that is worth nothing', 400, said('This token has already ended.')],
		['a token', 401, said('This is not available with that signature.')],
		['a service that is down', 503, said('The service is not available.')],
	])('is not skipped for %s', async (_what, status, body) => {
		answer('amazon.solicitationActions', status, body, 9);
		const { error } = await amazon.run(review('send'));
		expect(error?.context.details).toMatchObject({ httpStatus: status });
	});
});

describe('a reason of Amazon', () => {
	test.each([
		[403, said('Seller is blocked from messaging this buyer')],
		[
			403,
			said(
				'Access to requested resource is denied.',
				'Seller is blocked from messaging this buyer',
			),
		],
		[404, said('Seller is blocked from messaging this buyer', '', 'NotFound')],
		[403, { message: 'Seller is blocked from messaging this buyer' }],
		[403, { Message: 'Seller is blocked from messaging this buyer' }],
		[409, { code: 'Conflict', message: 'Seller is blocked from messaging this buyer' }],
		[403, { errors: { code: 'X', message: 'Seller is blocked from messaging this buyer' } }],
		[400, { error: { code: 'X', message: 'Seller is blocked from messaging this buyer' } }],
		[400, { error: 'blocked', error_description: 'Seller is blocked from messaging this buyer' }],
		[403, [{ code: 'X', message: 'Seller is blocked from messaging this buyer' }]],
		[403, 'Seller is blocked from messaging this buyer'],
	])('leads: %i %j', async (status, body) => {
		answer('amazon.send', status, body as object);
		const { error } = await amazon.run(text);
		expect(error?.message).toBe(
			'Amazon refused the request: Seller is blocked from messaging this buyer',
		);
		expect(error?.description).not.toMatch(/role/i);
		expect(error?.context.details).toMatchObject({
			outcome: 'notSent',
			marketplaceMessage: expect.stringContaining('Seller is blocked'),
		});
	});

	test.each([
		said('Access to requested resource is denied.'),
		{ message: 'Forbidden' },
		{ message: null },
		{ Message: 'User is not authorized to access this resource' },
		'',
	])('that is none brings the advice on roles: %j', async (body) => {
		answer('amazon.send', 403, body);
		const { error } = await amazon.run(text);
		expect(error?.message).toBe('Amazon denied access');
		expect(error?.description).toMatch(/role/);
	});

	test('is not made of a page', async () => {
		answer('amazon.send', 403, '<html><body>Blocked by a proxy</body></html>');
		const { error } = await amazon.run(text);
		expect(error?.context.details).toMatchObject({ marketplaceMessage: undefined });
	});

	test('is kept when it is long, and does not flood the message', async () => {
		answer('amazon.send', 400, said('x'.repeat(3000), '', 'InvalidInput'));
		const { error } = await amazon.run(text);
		expect(error!.message.length).toBeLessThan(600);
		expect(error?.context.details).toMatchObject({ marketplaceMessage: 'x'.repeat(3000) });
	});
});

test.each([
	'The access token you provided has expired.',
	'The access token you provided is revoked, malformed or invalid.',
	'Access token is expired',
	'The access token has been revoked',
	'The provided access token is invalid.',
])('a token is renewed whatever the words: %s', async (details) => {
	answer('amazon.send', 403, said('Access to requested resource is denied.', details));
	const { items } = await amazon.run(text);
	expect(items[0].json.status).toBe('sent');
});

test.each(['QuotaExceeded', 'TooManyRequests', 'RequestThrottled'])(
	'%s says "too fast" under any status',
	async (code) => {
		answer('amazon.send', 400, said('Slow down', '', code));
		const { items } = await amazon.run(text);
		expect(items[0].json.status).toBe('sent');
	},
);

describe('a place of the storage whose time is over', () => {
	const no = (code: string, message: string) =>
		`<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
	const file = messageForm(ORDER, 'warranty', attached('data'));

	test.each([
		[400, no('ExpiredToken', 'The provided token is too old.')],
		[
			400,
			no(
				'RequestTimeout',
				'Your socket connection to the server was not read from or written to within the timeout period. Idle connections will be closed.',
			),
		],
		[403, no('AccessDenied', 'Request has expired')],
		[403, no('AccessDenied', 'Request has expired.')],
		[403, no('RequestExpired', 'This request is expired')],
	])('is changed for a new one, with the same bytes: %i %s', async (status, body) => {
		answer('s3.put', status, body);
		const { items } = await amazon.run(file);
		expect(items[0].json.status).toBe('sent');
		expect(amazon.calls().slice(1)).toEqual([
			'amazon.createUpload',
			's3.put',
			'amazon.createUpload',
			's3.put',
			'amazon.send',
		]);
		const puts = amazon.simulator.calls.filter(({ operation }) => operation === 's3.put');
		expect(puts[1].body).toEqual(puts[0].body);
	});

	test('is changed twice at most', async () => {
		answer('s3.put', 400, no('RequestTimeout', 'Too slow'), 9);
		const { error } = await amazon.run(file);
		expect(amazon.calls().filter((name) => name === 's3.put')).toHaveLength(3);
		expect(error?.context.details).toMatchObject({
			outcome: 'notSent',
			retryable: true,
			code: 'RequestTimeout',
		});
	});

	test('is not one that refuses for good', async () => {
		answer('s3.put', 400, no('InvalidDigest', 'The Content-MD5 you specified was invalid.'));
		await amazon.run(file);
		expect(amazon.calls().filter((name) => name === 's3.put')).toHaveLength(1);
	});
});
