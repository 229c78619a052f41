import { attached, ebayWorld, messageForm, notLookedFor } from '../../engine/ebay.mts';
import { waitsPass } from '../../engine/quickTime.mts';
import { memberMessagePlans } from '../../../nodes/Ebay/api/limits.ts';
import type { NextAnswer } from '../../marketplaces/ebay/index.mts';

const world = ebayWorld();
waitsPass();
const CALL = 'ebay.AddMemberMessageAAQToPartner';

function next(answer: Omit<NextAnswer, 'call'>): void {
	world.simulator.ebay.state.nextAnswers.push({ call: 'AddMemberMessageAAQToPartner', ...answer });
}

afterEach(() => jest.restoreAllMocks());

it('is a yes however eBay spells it, and the output shows it so', async () => {
	world.simulator.faults.push({
		...{ operation: CALL, kind: 'status', status: 200, when: 'after' },
		body: '<AddMemberMessageAAQToPartnerResponse><Ack>SUCCESS</Ack></AddMemberMessageAAQToPartnerResponse>',
	});
	const { items } = await world.run(messageForm());
	expect(items[0]!.json).toMatchObject({ status: 'sent', ack: 'SUCCESS' });
	expect(world.calls()).toEqual([CALL]);
});

describe('a refusal of eBay, in the seller’s words', () => {
	it.each([
		[
			'the recipient is not the buyer of the item',
			{ recipientId: 'buyer_two' },
			/no order of the last 90/,
		],
		[
			'the order is over 90 days old',
			{ itemId: '110000000004', recipientId: 'buyer_of_spring' },
			/no order of the last 90 days/,
		],
		['the item does not exist', { itemId: '999' }, /does not find this 'Item ID'/],
	])('where %s', async (_what, parameters, message) => {
		const { error, details } = await world.failure(messageForm(parameters));
		expect(error).toMatch(message);
		expect(details).toMatchObject({
			outcome: 'notSent',
			retryable: false,
			httpStatus: 200,
			code: expect.stringMatching(/^\d+$/) as unknown,
			marketplaceMessage: expect.stringMatching(/\w+ \w+/) as unknown,
		});
		expect(world.calls()).toEqual([CALL]);
	});

	it('says no more than eBay where the error is not known', async () => {
		next({ errors: [{ code: '99', long: 'The moon is in the wrong house.' }] });
		const { error, details } = await world.failure(messageForm());
		expect(error).toBe('eBay refused the request: The moon is in the wrong house.');
		expect(details).toMatchObject({ code: '99', outcome: 'notSent', retryable: false });
	});

	it('keeps a token to itself that eBay repeats', async () => {
		await world.run(messageForm());
		const token = String(world.node.credentials.ebayApi!.accessToken);
		next({ errors: [{ code: '99', long: `What is ${token}?` }] });
		const { error, details } = await world.failure(messageForm());
		expect(error).toBe('eBay refused the request: What is …?');
		expect(details.marketplaceMessage).toBe('What is …?');
	});

	it('takes the first error, not the warning before it', async () => {
		next({
			errors: [
				{ code: '1', long: 'Just so.', severity: 'Warning' },
				{ code: '17', long: 'Gone.' },
				{ code: '37', long: 'Wrong.' },
			],
		});
		const { details } = await world.failure(messageForm());
		expect(details).toMatchObject({ code: '17', marketplaceMessage: 'Gone. | Wrong.' });
	});

	it('is told also where eBay gives no reason', async () => {
		next({ ack: 'Failure' });
		const { error, details } = await world.failure(messageForm());
		expect(error).toBe('eBay refused the request');
		expect(details).toMatchObject({ outcome: 'notSent', retryable: false });
	});

	it.each([
		['16110', /The seller took back the access/],
		['17470', /eBay took back the token/],
		['930', /carried no token/],
		['5', /does not understand the request/],
		['17443', /'Recipient ID' is missing/],
		['17442', /does not take HTML/],
		['17445', /does not take a picture/],
	])('%s', async (code, message) => {
		next({ errors: [{ code }] });
		const { error, details } = await world.failure(messageForm());
		expect(error).toMatch(message);
		expect(details).toMatchObject({ code, outcome: 'notSent', retryable: false });
		expect(world.calls()).toEqual([CALL]);
	});

	it('stands in the thrown error with "Stop Workflow"', async () => {
		const { error } = await world.run(messageForm({ itemId: '999' }));
		expect(error).toMatchObject({
			name: 'NodeApiError',
			message: "eBay does not find this 'Item ID', or it belongs to another seller",
			context: { itemIndex: 0, details: { outcome: 'notSent', code: '17' } },
		});
		expect(error!.description).not.toBe('');
	});

	it('goes to the error output, beside the items that were sent', async () => {
		const items = [{ json: { item: '999' } }, { json: { item: '110000000001' } }];
		const settings = { onError: 'continueErrorOutput' as const };
		const form = messageForm({ itemId: '={{ $json.item }}' });
		const result = await world.run(form, { items, settings });
		expect(result.items.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 1 }]);
		expect(result.errors).toHaveLength(1);
		expect(
			Object.keys(result.errors[0]!.json)
				.filter((key) => key !== 'item')
				.sort(),
		).toEqual(['details', 'error']);
	});

	it('stays in its place with "Continue"', async () => {
		const items = ['110000000001', '999', '110000000001'].map((item) => ({ json: { item } }));
		const settings = { onError: 'continueRegularOutput' as const };
		const form = messageForm({ itemId: '={{ $json.item }}' });
		const result = await world.run(form, { items, settings });
		expect(result.items.map(({ json }) => json.status ?? 'error')).toEqual([
			'sent',
			'error',
			'sent',
		]);
	});
});

describe('a limit of eBay', () => {
	it.each([
		['20957', /no more messages about this item/, /hour.*day/],
		['21919144', /limit of calls for this seller/, /hour.*day/],
	])('%s can be tried again later, and the error says when', async (code, message, when) => {
		next({ errors: [{ code }] });
		const { error, details } = await world.failure(messageForm());
		expect(error).toMatch(message);
		expect(details).toMatchObject({ outcome: 'notSent', retryable: true, code });
		expect(details.description).toMatch(when);
		expect(world.calls()).toEqual([CALL]);
	});

	it('told by HTTP 429 is waited for', async () => {
		jest.replaceProperty(memberMessagePlans.partner, 'blockSeconds', 0.2);
		world.simulator.faults.push({ operation: CALL, kind: 'status', status: 429 });
		const { items } = await world.run(messageForm());
		expect(items[0]!.json.status).toBe('sent');
		expect(world.simulator.received).toHaveLength(1);
	});

	it('told by HTTP 429 with a long wait is told to the seller', async () => {
		const headers = { 'retry-after': '3600' };
		world.simulator.faults.push({ operation: CALL, kind: 'status', status: 429, headers });
		const { error, details } = await world.failure(messageForm());
		expect(error).toBe("eBay's limit of requests is used up");
		expect(details).toMatchObject({ outcome: 'notSent', retryable: true, httpStatus: 429 });
		expect(details.description).toContain('eBay asks to wait 3600 seconds');
	});
});

describe('a problem of eBay’s own', () => {
	it('that passes after two more tries is none', async () => {
		next({ errors: [{ code: '10007' }], times: 2 });
		const { items } = await world.run(messageForm());
		expect(items[0]!.json.status).toBe('sent');
		expect(world.calls()).toEqual([CALL, CALL, CALL]);
		expect(world.simulator.received).toHaveLength(1);
	});

	it('of any number is tried three times, not more', async () => {
		next({ errors: [{ code: '4711', classification: 'SystemError' }], times: 9 });
		const { error, details } = await world.failure(messageForm());
		expect(error).toBe('eBay has a problem of its own');
		expect(details).toMatchObject({ outcome: 'notSent', retryable: true, code: '4711' });
		expect(world.calls()).toHaveLength(3);
	});

	it.each(['10007', '17', '518', '21917053'])(
		'with HTTP 500 is never sent again, whatever its document says (%s)',
		async (code) => {
			const body = `<AddMemberMessageAAQToPartnerResponse><Ack>Failure</Ack><Errors><LongMessage>Oh.</LongMessage><ErrorCode>${code}</ErrorCode><SeverityCode>Error</SeverityCode></Errors></AddMemberMessageAAQToPartnerResponse>`;
			world.simulator.faults.push({ operation: CALL, kind: 'status', status: 500, body });
			const { details } = await world.failure(messageForm(notLookedFor));
			expect(details).toMatchObject({ outcome: 'unknown', code, marketplaceMessage: 'Oh.' });
			expect(world.calls()).toEqual([CALL]);
		},
	);

	it('that comes with a RequestError is not tried again', async () => {
		next({ errors: [{ code: '4711', classification: 'RequestError' }], times: 9 });
		await world.failure(messageForm());
		expect(world.calls()).toHaveLength(1);
	});
});

describe('a message of which nobody knows', () => {
	it.each([
		['eBay timed out, and did it', { errors: [{ code: '21359' }], done: true }],
		['eBay timed out another way', { errors: [{ code: '219255' }] }],
		['eBay half failed', { ack: 'PartialFailure' as const, errors: [{ code: '17' }] }],
		['eBay says something of its own', { ack: 'CustomCode' as const }],
	])('because %s, is unknown and sent once', async (_what, answer) => {
		next(answer);
		const { error, details } = await world.failure(messageForm(notLookedFor));
		expect(error).toMatch(/not known whether eBay sent the message/);
		expect(details).toMatchObject({ outcome: 'unknown', retryable: false });
		expect(details.description).toContain('Messages, Sent');
		expect(world.calls()).toEqual([CALL]);
	});

	it.each([
		['the connection was lost before the work', { kind: 'lost' as const }],
		['the connection was lost after the work', { kind: 'lost' as const, when: 'after' as const }],
		['the answer was cut off', { kind: 'cutOff' as const }],
		['the answer is garbage', { kind: 'garbage' as const, when: 'after' as const }],
		['the answer is empty', { kind: 'status' as const, status: 200, body: '' }],
		[
			'the answer is a page',
			{ kind: 'status' as const, status: 200, body: '<html><body>Hi</body></html>' },
		],
		['the answer is JSON', { kind: 'status' as const, status: 200, body: { Ack: 'Success' } }],
		[
			'the gateway failed',
			{ kind: 'status' as const, status: 502, body: '<html>Bad gateway</html>' },
		],
		[
			'the answer is a redirect',
			{ kind: 'status' as const, status: 302, headers: { location: '/' } },
		],
		[
			'the answer belongs to another call',
			{
				kind: 'status' as const,
				status: 200,
				body: '<GetUserResponse><Ack>Success</Ack></GetUserResponse>',
			},
		],
		[
			'the answer has no Ack',
			{
				kind: 'status' as const,
				status: 200,
				body: '<AddMemberMessageAAQToPartnerResponse><Timestamp>x</Timestamp></AddMemberMessageAAQToPartnerResponse>',
			},
		],
		[
			'the answer has an unknown Ack',
			{
				kind: 'status' as const,
				status: 200,
				body: '<AddMemberMessageAAQToPartnerResponse><Ack>Maybe</Ack></AddMemberMessageAAQToPartnerResponse>',
			},
		],
		[
			'the answer has a DOCTYPE',
			{
				kind: 'status' as const,
				status: 200,
				body: '<!DOCTYPE a><AddMemberMessageAAQToPartnerResponse><Ack>Success</Ack></AddMemberMessageAAQToPartnerResponse>',
			},
		],
		[
			'the answer has two roots',
			{
				kind: 'status' as const,
				status: 200,
				body: '<AddMemberMessageAAQToPartnerResponse><Ack>Success</Ack></AddMemberMessageAAQToPartnerResponse><x/>',
			},
		],
		[
			'a success came with HTTP 500',
			{
				kind: 'status' as const,
				status: 500,
				body: '<AddMemberMessageAAQToPartnerResponse><Ack>Success</Ack></AddMemberMessageAAQToPartnerResponse>',
			},
		],
	])('because %s, is unknown and sent once', async (_what, fault) => {
		world.simulator.faults.push({ operation: CALL, ...fault });
		const { details } = await world.failure(messageForm(notLookedFor));
		expect(details).toMatchObject({ outcome: 'unknown', retryable: false });
		expect(world.calls()).toEqual([CALL]);
	});

	it('is not sent again by "Retry On Fail"', async () => {
		world.simulator.faults.push({ operation: CALL, kind: 'lost', when: 'after' });
		const settings = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };
		const { error } = await world.run(messageForm(notLookedFor), { settings });
		expect(error!.context.details).toMatchObject({ outcome: 'unknown' });
		expect(world.calls()).toEqual([CALL]);
	});
});

describe('a refusal in another form', () => {
	it.each([
		['a message alone', { message: 'The moon is wrong.' }],
		['a list of errors', { errors: [{ errorId: 7, message: 'The moon is wrong.' }] }],
		['an error and its description', { error: 'moon', error_description: 'The moon is wrong.' }],
		['plain words', 'The moon is wrong.'],
		[
			'XML of another part',
			'<errorMessage><error><message>The moon is wrong.</message></error></errorMessage>',
		],
	])('keeps eBay’s words: %s', async (_what, body) => {
		world.simulator.faults.push({ operation: CALL, kind: 'status', status: 403, body });
		const { error, details } = await world.failure(messageForm());
		expect(error).toBe('eBay refused the request: The moon is wrong.');
		expect(details).toMatchObject({
			outcome: 'notSent',
			httpStatus: 403,
			marketplaceMessage: 'The moon is wrong.',
		});
	});

	it('is a refusal also where the document is the gateway’s own', async () => {
		const body = `<eBayResponse xmlns="urn:ebay:apis:eBLBaseComponents"><Ack>Failure</Ack><Errors><LongMessage>Unsupported.</LongMessage><ErrorCode>2</ErrorCode><SeverityCode>Error</SeverityCode></Errors></eBayResponse>`;
		world.simulator.faults.push({ operation: CALL, kind: 'status', status: 200, body });
		const { details } = await world.failure(messageForm());
		expect(details).toMatchObject({
			outcome: 'notSent',
			code: '2',
			marketplaceMessage: 'Unsupported.',
		});
	});

	it('is none where the document belongs to another call', async () => {
		const body = `<GetUserResponse xmlns="urn:ebay:apis:eBLBaseComponents"><Ack>Failure</Ack><Errors><ErrorCode>2</ErrorCode></Errors></GetUserResponse>`;
		world.simulator.faults.push({ operation: CALL, kind: 'status', status: 200, body });
		const { details } = await world.failure(messageForm());
		expect(details).toMatchObject({ outcome: 'unknown' });
	});
});

describe('an answer from something else than eBay', () => {
	it.each([
		[404, '<html>Not found</html>', 'eBay refused the request (HTTP 404)'],
		[403, '', 'eBay refused the request (HTTP 403)'],
	])('with HTTP %s means that nothing was sent', async (status, body, message) => {
		world.simulator.faults.push({ operation: CALL, kind: 'status', status, body });
		const { error, details } = await world.failure(messageForm());
		expect(error).toBe(message);
		expect(details).toMatchObject({ outcome: 'notSent', httpStatus: status });
	});
});

describe('an upload that eBay does not answer', () => {
	it('leaves the message unsent', async () => {
		const headers = { 'content-type': 'application/json' };
		world.simulator.faults.push({
			operation: 'ebay.image',
			kind: 'status',
			status: 400,
			headers,
			body: 'no',
		});
		const { error, details } = await world.failure(messageForm(attached('data')));
		expect(error).toBe('eBay refused the request: no');
		expect(details).toMatchObject({ outcome: 'notSent', httpStatus: 400 });
	});
});
