/** What Amazon's answers mean, one after the other. */
import {
	amazonApi,
	amazonStorage,
	isDeniedWithoutReason,
	WHERE_TO_LOOK,
} from '../../../../nodes/Amazon/api/errors.ts';
import { refusedError } from '../../../../nodes/shared/http/errors.ts';
import { advice, answer } from '../../../engine/answer.mts';

const errors = (code: string, message = '', details = '') => ({
	errors: [{ code, message, details }],
});
const DENIED = 'Access to requested resource is denied.';

describe('an answer is', () => {
	test.each<[string, number, object | string, string]>([
		['done', 200, {}, 'with an empty object'],
		['done', 201, { errors: [] }, 'with an empty list of errors'],
		['done', 202, '', 'without a body'],
		['done', 299, { message: 'Welcome' }, 'with a message that is no complaint'],
		['done', 200, { errors: null }, 'whose errors are nothing'],
		['done', 200, { errors: '' }, 'whose errors are an empty text'],
		['unreadable', 200, '<html>', 'with a page'],
		['unreadable', 200, '{"a":', 'that was cut off'],
		['unreadable', 200, { errors: [{}] }, 'with an error that says nothing'],
		['unreadable', 200, { errors: [null] }, 'with an error that is nothing'],
		['refused', 200, { errors: [{}, { details: 'x' }] }, 'with an error that says something'],
		['refused', 200, { errors: { code: 'InvalidInput' } }, 'with an error without a list'],
		['refused', 201, errors('InvalidInput', 'No'), 'with errors in a success'],
		['failing', 200, errors('InternalFailure', 'We'), 'with a failure of Amazon in a success'],
		['failing', 200, errors('ServiceUnavailable', 'x'), 'with a service that is not there'],
		['failing', 200, errors('ServiceUnavailableException', 'x'), 'with the same by another name'],
		['refused', 200, errors('NotInternal', 'x'), 'with a code that only ends like a failure'],
		['refused', 200, errors('Internal-Only', 'x'), 'with a code that only begins like one'],
		['throttled', 200, errors('QuotaExceeded', 'x'), 'with the limit in a success'],
		['unreadable', 300, '', 'with a choice'],
		['unreadable', 302, errors('InternalFailure', 'x'), 'with a redirect'],
		['unreadable', 399, '', 'with another redirect'],
		['refused', 400, errors('InvalidInput', 'No'), 'with a refusal'],
		['refused', 400, errors('NotThrottled', 'x'), 'with a code that only ends like the limit'],
		['refused', 400, errors('QuotaExceeded-No', 'x'), 'with a code that only begins like it'],
		['refused', 199, '', 'with a status below success'],
		['throttled', 400, errors('Throttling', 'x'), 'with the limit of a gateway'],
		['throttled', 403, errors('TooManyRequests', 'x'), 'with too many requests'],
		['throttled', 400, errors('RequestThrottled', 'x'), 'with a request that was throttled'],
		['throttled', 429, '', 'with 429'],
		['failing', 408, '', 'with 408'],
		['failing', 500, '', 'with 500'],
		['failing', 599, errors('QuotaExceeded', 'x'), 'with a failure that speaks of the limit'],
		[
			'expired',
			403,
			errors('Unauthorized', DENIED, 'The access token you provided has expired.'),
			'with a token that is spent',
		],
		[
			'expired',
			403,
			errors('Unauthorized', 'access token is malformed'),
			'with a token that is none',
		],
		[
			'refused',
			403,
			errors('Unauthorized', DENIED, 'The token has expired.'),
			'with another token',
		],
	])('%s: %d %j, %s', (kind, status, body) => {
		expect(amazonApi.kindOf(answer(status, body))).toBe(kind);
	});
});

describe('a refusal is explained:', () => {
	test.each<[string, number, object | string, RegExp]>([
		[
			'a secret of the app that ended',
			403,
			errors('x', 'The client secret has expired'),
			/^Amazon says the 'Client Secret' has expired$/,
		],
		[
			'a token that is not taken',
			403,
			errors('x', 'The access token is invalid'),
			/^Amazon does not accept the access token$/,
		],
		[
			'another region',
			400,
			errors('x', 'marketplace of another region'),
			/^The marketplace does not belong to the credential's region$/,
		],
		[
			'a type that is not offered',
			403,
			errors('x', 'no such template combination'),
			/^Amazon does not allow this message type for this order now$/,
		],
		[
			'an attachment that is gone',
			400,
			errors('x', 'The attachment does not exist'),
			/^Amazon does not find an attachment of this message$/,
		],
		[
			'an attachment that ended',
			400,
			errors('x', 'Attachment expired'),
			/^Amazon does not find an attachment/,
		],
		[
			'a marketplace that is missing',
			400,
			errors('x', 'marketplaceIds is missing'),
			/^Amazon does not accept the marketplace$/,
		],
		[
			'a marketplace that is not one',
			400,
			errors('x', 'Invalid marketplaceId'),
			/^Amazon does not accept the marketplace$/,
		],
		[
			'one marketplace that is missing',
			400,
			errors('x', 'A marketplaceId is missing'),
			/^Amazon does not accept the marketplace$/,
		],
		[
			'marketplaces that are not valid',
			400,
			errors('x', 'Invalid value for marketplaceIds'),
			/^Amazon does not accept the marketplace$/,
		],
		['400 without words', 400, '', /^Amazon refused the request$/],
		[
			'401, whatever it says',
			401,
			errors('x', 'Go away'),
			/^Amazon does not accept the access token$/,
		],
		['403 without words', 403, errors('x', DENIED), /^Amazon denied access$/],
		[
			'403 with words',
			403,
			errors('x', 'The buyer has opted out'),
			/^Amazon refused the request: The buyer has opted out$/,
		],
		[
			'404 without words',
			404,
			errors('x', 'The resource was not found.'),
			/^Amazon does not find this order$/,
		],
		[
			'404 of the order',
			404,
			errors('x', 'No order 1 here'),
			/^Amazon does not find this order: No order 1 here$/,
		],
		[
			'404 of something else',
			404,
			errors('x', 'No such feature'),
			/^Amazon refused the request: No such feature$/,
		],
		['413', 413, '', /^Amazon says the message is too large$/],
		['415', 415, '', /^Amazon does not take the request's format$/],
		[
			'429, whatever it says',
			429,
			errors('x', 'Slow down'),
			/^Amazon's limit of requests is used up$/,
		],
		['a status that nobody told of', 418, '', /^Amazon refused the request$/],
		['a failure of Amazon', 500, errors('x', 'Oh'), /^Amazon has a problem of its own$/],
		[
			'words with details',
			400,
			errors('x', 'Wrong', 'text: too long'),
			/^Amazon refused the request: Wrong text: too long$/,
		],
		[
			'words of several errors',
			400,
			{
				errors: [{ message: 'One' }, { message: DENIED }, { message: DENIED, details: 'Two' }, {}],
			},
			/^Amazon refused the request: One \| Two$/,
		],
		['plain words', 400, ' Just no\n', /^Amazon refused the request: Just no$/],
		[
			'XML',
			400,
			'\n<Error><Code>C</Code><Message>Just no</Message></Error>',
			/^Amazon refused the request: Just no$/,
		],
		['a page', 400, '<html><body>No</body></html>', /^Amazon refused the request$/],
		['the longest words', 400, `${'x'.repeat(1000)}\n`, /^Amazon refused the request: x{499}…$/],
		['words that are too long for a reason', 400, 'x'.repeat(1001), /^Amazon refused the request$/],
		[
			'words that are nearly as long',
			400,
			'x'.repeat(501),
			/^Amazon refused the request: x{499}…$/,
		],
		['words that just fit', 400, 'x'.repeat(500), /^Amazon refused the request: x{500}$/],
		['a list alone', 400, [{ message: 'Listed' }], /: Listed$/],
		['a message alone', 400, { message: 'Alone' }, /: Alone$/],
		['a message that a gateway gives', 400, { Message: 'Gateway' }, /: Gateway$/],
		['an error in an object', 400, { error: { errorMessage: 'Inside' } }, /: Inside$/],
		[
			'an error as OAuth has it',
			400,
			{ error: 'invalid', error_description: 'Described' },
			/: Described$/,
		],
		['errors that are texts', 400, { errors: ['Text'] }, /: Text$/],
	])('%s', (_what, status, body, message) => {
		const explained = amazonApi.explain(answer(status, body));
		expect(explained.message).toMatch(message);
		expect(explained.description).toEqual(advice);
	});

	test.each<[string, object | string, string | undefined]>([
		['Amazon', errors('InvalidInput', 'x'), 'InvalidInput'],
		['a gateway', { errorCode: 'E1', message: 'x' }, 'E1'],
		['another gateway', { Code: 'C', message: 'x' }, 'C'],
		['AWS', { __type: 'T', message: 'x' }, 'T'],
		['OAuth', { error: 'invalid_scope' }, 'invalid_scope'],
		['XML', '<Error><Code>BadDigest</Code><Message>x</Message></Error>', 'BadDigest'],
		['the first that says anything', { errors: [{}, { code: 'Second' }] }, 'Second'],
		['nobody', { errors: [{ message: 'x' }] }, undefined],
		['nobody in plain words', 'No', undefined],
	])('with the code of %s', (_who, body, code) => {
		expect(amazonApi.explain(answer(400, body)).code).toBe(code);
	});

	test('as passing where the same item can go through later: a file is uploaded anew', () => {
		const retryable = (words: string) =>
			amazonApi.explain(answer(400, errors('x', words))).retryable;
		expect(retryable('Attachment with ID 1-2 does not exist')).toBe(true);
		expect(retryable('Attachment expired')).toBe(true);
		expect(retryable('Invalid marketplaceId')).toBeUndefined();
		expect(retryable('No')).toBeUndefined();
	});

	test('with all of its own words in the details', () => {
		const { marketplaceMessage } = amazonApi.explain(
			answer(403, { errors: [{ message: DENIED, details: 'D' }, { details: 'E' }, { code: 'x' }] }),
		);
		expect(marketplaceMessage).toBe(`${DENIED} D | E`);
		expect(amazonApi.explain(answer(400)).marketplaceMessage).toBeUndefined();
	});

	test('a reason that is Amazon’s own asks to correct what it names, a lack of rights names the roles', () => {
		const of = (status: number, body: object) =>
			amazonApi.explain(answer(status, body)).description;
		expect(of(403, errors('x', 'The buyer has opted out'))).toContain("The reason is Amazon's own");
		expect(of(403, errors('x', DENIED))).toContain('Buyer Communication');
		expect(of(418, {})).toBe('Try again later.');
		expect(of(400, errors('x', 'Wrong'))).toMatch(/^Correct what Amazon's words name/);
	});

	test('without a reason sends nobody to look for one', () => {
		expect(amazonApi.explain(answer(400)).description).toMatch(
			/^Amazon gave no reason\. Check every field/,
		);
	});
});

test.each([
	'Access to requested resource is denied.',
	'access to the requested resource is denied',
	'Access denied',
	'Forbidden',
	'Unauthorized.',
	'The user is not authorized',
	'caller is not authorized to access this resource',
	'The order 1-2-3 was not found.',
	'The order was not found',
	'Order not found.',
	'Resource is not found',
	'Not found',
	'Bad Request',
])('%s is no reason', (message) => {
	expect(amazonApi.explain(answer(403, errors('x', message))).message).toBe('Amazon denied access');
});

test.each(['Forbidden: opted out', 'We say: forbidden', 'Not found here'])(
	'%s is one',
	(message) => {
		expect(amazonApi.explain(answer(403, errors('x', message))).message).toBe(
			`Amazon refused the request: ${message}`,
		);
	},
);

test('access that is denied without a reason is told from every other failure', () => {
	const failure = (status: number, body: object | string) =>
		refusedError(amazonApi, 'read', answer(status, body), 'refused', 0);
	const silent = failure(403, errors('Unauthorized', DENIED));
	expect(isDeniedWithoutReason(silent)).toBe(true);
	expect(isDeniedWithoutReason(failure(403, errors('x', 'Opted out')))).toBe(false);
	expect(isDeniedWithoutReason(failure(404, ''))).toBe(false);
	expect(isDeniedWithoutReason(new Error(silent.message))).toBe(false);
});

test('the rate that Amazon names is heard, and nothing else', () => {
	const heard = (value?: string) =>
		amazonApi.heard!(
			answer(200, '', value === undefined ? {} : { 'x-amzn-ratelimit-limit': value }),
		);
	expect([heard('0.5'), heard('0'), heard('-1'), heard('much'), heard()]).toEqual([
		{ rate: 0.5 },
		...[{}, {}, {}, {}],
	]);
});

test('both say who they are and where a person looks', () => {
	for (const service of [amazonApi, amazonStorage]) {
		expect(service).toMatchObject({
			marketplace: 'amazon',
			title: 'Amazon',
			whereToLook: WHERE_TO_LOOK,
		});
	}
	expect(WHERE_TO_LOOK).toMatch(/Seller Central/);
});

test('the storage explains itself by its own number and code', () => {
	const refused = answer(403, '<Error><Code>AccessDenied</Code><Message>No</Message></Error>', {
		'x-amz-request-id': 'R1',
	});
	expect(amazonStorage.requestIdOf(refused)).toBe('R1');
	expect(amazonStorage.explain(refused)).toMatchObject({
		message: "Amazon's storage did not take the attachment",
		description: advice,
		code: 'AccessDenied',
	});
});
