import { connect, partnerMessage, readAnswer, start, tradingHeaders } from './client.mts';
import type { Client } from './client.mts';
import { textAt } from './xml.mts';

const day = 86_400_000;
const english = '<ErrorLanguage>en_US</ErrorLanguage>';
let client: Client;

beforeEach(async () => {
	client = await connect();
});

const withToken = (token: string) =>
	client.call(
		'GetUser',
		`<RequesterCredentials><eBayAuthToken>${token}</eBayAuthToken></RequesterCredentials>`,
		{ 'x-ebay-api-iaf-token': '' },
	);

describe('the headers of a Trading call', () => {
	const wrong: Array<[string, Record<string, string>, string]> = [
		['no call name', { 'x-ebay-api-call-name': '' }, '2'],
		['the name of the request element', { 'x-ebay-api-call-name': 'GetUserRequest' }, '2'],
		['a call that was switched off', { 'x-ebay-api-call-name': 'GeteBayOfficialTime' }, '2'],
		['no site', { 'x-ebay-api-siteid': '' }, '10012'],
		['a site that is none', { 'x-ebay-api-siteid': '1' }, '10012'],
		['no version', { 'x-ebay-api-compatibility-level': '' }, '10012'],
		['a version below 1097', { 'x-ebay-api-compatibility-level': '1096' }, '10012'],
		['JSON as content type', { 'content-type': 'application/json' }, '10012'],
		['another charset', { 'content-type': 'text/xml;charset=iso-8859-1' }, '10012'],
		['no token', { 'x-ebay-api-iaf-token': '' }, '930'],
		['an unknown token', { 'x-ebay-api-iaf-token': 'v^1.1#nope' }, '21916984'],
	];

	it.each(wrong)('with %s fail under HTTP 200', async (_, headers, code) => {
		const answer = await client.call('GetUser', english, headers);
		expect(answer).toMatchObject({ status: 200, ack: 'Failure', codes: [code] });
	});

	it('fail with "Bearer" before the token', async () => {
		const headers = { 'x-ebay-api-iaf-token': `Bearer ${client.token}` };
		expect((await client.call('GetUser', '', headers)).codes).toEqual(['21916984']);
	});

	it('take no GET', async () => {
		expect((await client.send('GET', '/ebay/ws/api.dll', tradingHeaders('GetUser'))).status).toBe(
			405,
		);
	});
});

describe('the token of a Trading call', () => {
	it('may stand in the header or in the body, not in both', async () => {
		const credentials =
			'<RequesterCredentials><eBayAuthToken>AgAAAA**demo-auth-token</eBayAuthToken></RequesterCredentials>';
		expect((await client.call('GetUser', credentials)).codes).toEqual(['931']);
	});

	it('expires under HTTP 200', async () => {
		client.clock.time += 7_200_000;
		expect(await client.call('GetUser', '')).toMatchObject({ status: 200, codes: ['21917053'] });
	});

	it('can be made to expire at once', async () => {
		client.ebay.expireAccessTokens();
		expect((await client.call('GetUser', '')).codes).toEqual(['21917053']);
	});

	it.each([
		['unknown', '931', undefined],
		['revoked by the user', '16110', { revokedBy: 'user' as const, expiresAt: start + 90 * day }],
		['revoked by eBay', '17470', { revokedBy: 'ebay' as const, expiresAt: start + 90 * day }],
		['expired', '932', { expiresAt: start }],
	])('fails when it is an %s authentication token', async (_, code, token) => {
		if (token) client.ebay.state.authTokens.set('mine', { seller: 'demo_seller', ...token });
		expect((await withToken('mine')).codes).toEqual([code]);
	});

	it('is warned about in its last seven days', async () => {
		const expiresAt = start + 6 * day;
		client.ebay.state.authTokens.set('old', { seller: 'demo_seller', expiresAt });
		const { root, ack } = await withToken('old');
		expect(ack).toBe('Success');
		expect(textAt(root, 'HardExpirationWarning')).toBe('2026-11-26T12:00:00.000Z');
	});

	it('is not warned about before', async () => {
		expect(textAt((await withToken('AgAAAA**demo-auth-token')).root, 'HardExpirationWarning')).toBe(
			undefined,
		);
	});
});

describe('the body of a Trading call', () => {
	const send = async (body: string | Buffer) =>
		readAnswer(
			await client.send(
				'POST',
				'/ebay/ws/api.dll',
				{ ...tradingHeaders('GetUser'), 'x-ebay-api-iaf-token': client.token },
				body,
			),
		);
	const request = (inner: string, xmlns = 'urn:ebay:apis:eBLBaseComponents') =>
		`<GetUserRequest xmlns="${xmlns}">${inner}</GetUserRequest>`;

	it.each([
		['cut off', '<GetUserRequest xmlns="urn:ebay:apis:eBLBaseComponents"><UserID>'],
		['JSON', '{}'],
		['empty', ''],
		['with an unescaped ampersand', request('<UserID>a & b</UserID>')],
		['with an undeclared entity', request('<UserID>&nbsp;</UserID>')],
		['with a control character', request('<UserID>a\u0007</UserID>')],
		['with a control character as a number', request('<UserID>a&#7;</UserID>')],
		['with a document type', `<!DOCTYPE x [<!ENTITY a "b">]>${request('')}`],
		['of another call', '<GetOrdersRequest xmlns="urn:ebay:apis:eBLBaseComponents"/>'],
	])('fails with error 5 when it is %s', async (_, body) => {
		expect((await send(body)).codes).toEqual(['5']);
	});

	it('fails with error 5 when it is not UTF-8', async () => {
		const latin1 = Buffer.from(request('<UserID>Jürgen</UserID>'), 'latin1');
		expect((await send(latin1)).codes).toEqual(['5']);
	});

	it('fails in another namespace', async () => {
		expect((await send(request('', 'urn:other'))).codes).toEqual(['37']);
	});

	it('fails with an element that the call does not have', async () => {
		expect((await send(request('<UserId>demo_seller</UserId>'))).codes).toEqual(['37']);
	});

	it('gets a warning for a version that differs from the header', async () => {
		expect((await send(request('<Version>1300</Version>'))).ack).toBe('Warning');
	});
});

describe('injected answers', () => {
	const call = 'AddMemberMessageAAQToPartner';

	it('fail once with texts and class from the table, and nothing is sent', async () => {
		client.ebay.state.nextAnswers.push({ call, errors: [{ code: '10007' }] });
		const { ack, xml } = await client.call(call, partnerMessage());
		expect(ack).toBe('Failure');
		expect(xml).toContain('<ErrorClassification>SystemError</ErrorClassification>');
		expect(client.received).toEqual([]);
		expect((await client.call(call, partnerMessage())).ack).toBe('Success');
	});

	it('warn, and the message arrives', async () => {
		const errors = [{ code: '21919', short: 'Careful', severity: 'Warning' as const }];
		client.ebay.state.nextAnswers.push({ call, errors });
		expect(await client.call(call, partnerMessage())).toMatchObject({
			ack: 'Warning',
			codes: ['21919'],
			messages: ['Careful'],
		});
		expect(client.received).toHaveLength(1);
	});

	it('may report a failure although the message arrived', async () => {
		client.ebay.state.nextAnswers.push({ call, errors: [{ code: '21359' }], done: true });
		expect((await client.call(call, partnerMessage())).ack).toBe('Failure');
		expect(client.received).toHaveLength(1);
	});

	it('wait for their call and repeat as often as they say', async () => {
		client.ebay.state.nextAnswers.push({ call, errors: [{ code: '518' }], times: 2 });
		expect((await client.call('GetUser', '')).ack).toBe('Success');
		expect((await client.call(call, partnerMessage())).codes).toEqual(['518']);
		expect((await client.call(call, partnerMessage())).codes).toEqual(['518']);
		expect((await client.call(call, partnerMessage())).ack).toBe('Success');
	});

	it('may carry a hard expiration warning', async () => {
		const hardExpirationWarning = '2026-11-27T00:00:00.000Z';
		client.ebay.state.nextAnswers.push({ call: '*', hardExpirationWarning });
		const { root, ack } = await client.call('GetUser', '');
		expect(ack).toBe('Success');
		expect(textAt(root, 'HardExpirationWarning')).toBe(hardExpirationWarning);
	});
});

it('reset brings the demo state back', async () => {
	client.ebay.state.orders.length = 0;
	client.ebay.state.volumeCap = 0;
	client.ebay.reset();
	expect(client.ebay.state.orders).toHaveLength(4);
	expect(client.ebay.state.volumeCap).toBeUndefined();
});
