/** What the answers of eBay's Trading API mean, one after the other. */
import { requestIdOf, tradingApi, WHERE_TO_LOOK } from '../../../../nodes/Ebay/api/errors.ts';
import { TOO_LONG_TO_MAKE as TOO_LONG } from '../../../../nodes/Ebay/api/pages.ts';
import { advice, answer } from '../../../engine/answer.mts';

const CALL = 'AddMemberMessageAAQToPartner';
const api = tradingApi(CALL);
const TOKEN = 'AgAAAA**secret';

interface Fault {
	code?: string;
	long?: string;
	short?: string;
	severity?: string;
	classification?: string;
}

/** The document of an answer. */
function xml(ack: string, faults: Fault[] = [], root = `${CALL}Response`): string {
	const element = (name: string, text?: string) =>
		text === undefined ? '' : `<${name}>${text}</${name}>`;
	const errors = faults.map(
		({ code, long, short, severity = 'Error', classification = 'RequestError' }) =>
			`<Errors>${element('ShortMessage', short)}${element('LongMessage', long)}${element('ErrorCode', code)}${element('SeverityCode', severity)}${element('ErrorClassification', classification)}</Errors>`,
	);
	return `<?xml version="1.0"?><${root}>${element('Ack', ack)}${errors.join('')}</${root}>`;
}

const failure = (code: string, long = 'Said by eBay.', more: Fault = {}) =>
	xml('Failure', [{ code, long, ...more }]);

describe('an answer is', () => {
	test.each<[string, number, string, string]>([
		['done', 200, xml('Success'), 'with a yes'],
		['done', 299, xml('Warning', [{ code: '1', severity: 'Warning' }]), 'with a yes and a warning'],
		['failing', 500, xml('Success'), 'with a yes under a status that says no'],
		['failing', 199, xml('Success'), 'with a yes under a status below success'],
		['failing', 300, xml('Success'), 'with a yes under a redirect'],
		['failing', 200, xml('PartialFailure', [{ code: '1' }]), 'with yes and no'],
		['failing', 200, xml('CustomCode'), 'with a word of its own'],
		['unreadable', 200, xml('Maybe'), 'with a word that nobody knows'],
		['unreadable', 200, xml('Success', [], 'GetOrdersResponse'), 'of another call'],
		[
			'unreadable',
			200,
			xml('Failure', [{ code: '1' }], 'GetOrdersResponse'),
			'with the no of another call',
		],
		['unreadable', 200, xml('Failure', [], 'eBay'), 'with the no of a gateway without an error'],
		['refused', 200, xml('Failure', [{ code: '1' }], 'eBay'), 'with the no of a gateway'],
		['unreadable', 200, '<html>', 'with a page'],
		['unreadable', 302, '', 'with a redirect'],
		['unreadable', 399, '', 'with another redirect'],
		['refused', 400, '', 'with a no of something between'],
		['refused', 499, '', 'with another no of something between'],
		['failing', 408, '', 'with 408'],
		['failing', 500, '', 'with 500'],
		['throttled', 429, xml('Success'), 'with 429, whatever it says'],
		['refused', 200, failure('17'), 'with a refusal that is known'],
		['refused', 499, failure('99999'), 'with a refusal that is not known, whatever the status'],
		...['99999', '17', '518', '931', '10007'].map(
			(code) =>
				['failing', 500, failure(code), 'with HTTP 500 to a send, whatever the document says'] as [
					string,
					number,
					string,
					string,
				],
		),
		['refused', 200, xml('Failure'), 'with a no without a reason'],
		...['21917053', '21916984', '931', '932'].map(
			(code) =>
				['expired', 200, failure(code), 'with a token that ended'] as [
					string,
					number,
					string,
					string,
				],
		),
		['failing', 200, failure('21359'), 'that took too long'],
		['again', 200, failure('10007'), 'with a failure inside eBay'],
		[
			'again',
			200,
			failure('99999', 'x', { classification: 'SystemError' }),
			'with another failure inside eBay',
		],
		[
			'throttled',
			200,
			failure('518', 'x', { classification: 'SystemError' }),
			'with a limit, whatever class it has',
		],
		[
			'expired',
			200,
			failure('931', 'x', { classification: 'SystemError' }),
			'with a token that ended, whatever class it has',
		],
		['throttled', 200, failure('518'), 'with a limit that is used up'],
		[
			'refused',
			200,
			xml('Failure', [{ code: '931', severity: 'Warning' }, { code: '17' }]),
			'with the error that decides, not with the warning before it',
		],
		[
			'expired',
			200,
			xml('Failure', [{ code: '931', severity: 'Warning' }]),
			'with a no whose only reason is a warning',
		],
	])('%s: %d, %s (%s)', (kind, status, text) => {
		expect(api.kindOf(answer(status, text))).toBe(kind);
	});

	test('refused where an Auth’n’Auth token ended: nobody can renew it', () => {
		expect(tradingApi(CALL, TOKEN).kindOf(answer(200, failure('931')))).toBe('refused');
		expect(tradingApi(CALL, TOKEN).kindOf(answer(200, failure('10007')))).toBe('again');
	});

	test.each([
		['AddMemberMessageRTQ', '518', 'throttled'],
		['GetUser', '518', 'throttled'],
		['GetOrders', '518', 'throttled'],
		['GetUser', '21359', 'failing'],
		['GetOrders', '10007', 'again'],
		['AddMemberMessageRTQ', '10007', 'again'],
	])('of %s with %s: %s', (call, code, kind) => {
		const text = xml('Failure', [{ code }], `${call}Response`);
		expect(tradingApi(call).kindOf(answer(200, text))).toBe(kind);
	});

	test.each(['GetMemberMessages', 'GetOrders'])(
		'refused where %s gives too much: asked again it would take as long',
		(call) => {
			const text = (code: string) => xml('Failure', [{ code }], `${call}Response`);
			const { kindOf } = tradingApi(call);
			expect(kindOf(answer(200, text(TOO_LONG)))).toBe('refused');
			expect(api.kindOf(answer(200, failure(TOO_LONG)))).toBe('failing');
		},
	);
});

describe('a refusal is explained:', () => {
	test.each<[string, string, RegExp, boolean | undefined]>([
		['21917053', '', /^eBay does not accept the access token$/, undefined],
		['930', '', /carried no token$/, undefined],
		['16110', '', /took back the access/, undefined],
		['17470', '', /took back the token/, undefined],
		['20957', '', /takes no more messages/, true],
		['518', '', /^eBay's limit of calls is used up for now$/, true],
		['21919144', '', /limit of calls for this seller/, true],
		['21359', '', /^eBay took too long$/, true],
		['1', 'You are not the partner of the transaction.', /no order of the last 90 days/, undefined],
		['17', '', /does not find this 'Item ID'/, undefined],
		['17443', '', /'Recipient ID' is missing/, undefined],
		['1', 'Invalid parent message id.', /'Parent Message ID'/, undefined],
		['1', 'HTML is not allowed.', /does not take HTML/, undefined],
		['1', 'No markup, please.', /does not take HTML/, undefined],
		['1', 'The picture is gone.', /does not take a picture/, undefined],
		['1', 'That is no image.', /does not take a picture/, undefined],
		['1', 'MediaURL is wrong.', /does not take a picture/, undefined],
		['2', '', /does not understand the request/, undefined],
		['5', '', /does not understand the request/, undefined],
		['10012', '', /does not understand the request/, undefined],
		['10007', '', /^eBay has a problem of its own$/, undefined],
		['99999', 'The moon is wrong.', /^eBay refused the request: The moon is wrong\.$/, undefined],
		['99999', '', /^eBay refused the request$/, undefined],
	])('%s %j', (code, long, message, retryable) => {
		const explained = api.explain(answer(200, failure(code, long)));
		expect(explained.message).toMatch(message);
		expect(explained.description).toEqual(advice);
		expect(explained.retryable).toBe(retryable);
		expect('retryable' in explained).toBe(retryable !== undefined);
		expect(explained.code).toBe(code);
		expect(explained.marketplaceMessage).toBe(long || undefined);
	});

	test('a token that ended: what to do depends on the kind of token', () => {
		const of = (authToken?: string) =>
			tradingApi(CALL, authToken).explain(answer(200, failure('931')));
		expect(of().message).toBe('eBay does not accept the access token');
		expect(of().description).toMatch(
			/^A new one was fetched and refused as well\. Let the seller consent again/,
		);
		expect(of(TOKEN).message).toBe("eBay does not accept the 'Auth Token'");
		expect(of(TOKEN).description).toMatch(/^Make a new one .*User Tokens, Auth'n'Auth/);
		expect(tradingApi(CALL, TOKEN).explain(answer(200, failure('17'))).description).not.toMatch(
			/Auth/,
		);
	});

	test('in all of eBay’s words, those of errors where there are any', () => {
		const of = (...faults: Fault[]) =>
			api.explain(answer(200, xml('Failure', faults))).marketplaceMessage;
		const warning = { code: '3', long: 'C', severity: 'Warning' };
		expect(of({ code: '1', long: ' A ' }, warning, { code: '2', short: 'B' })).toBe('A | B');
		expect(of(warning, { code: '4', long: 'D', severity: 'Warning' })).toBe('C | D');
		expect(of()).toBeUndefined();
	});

	test('without the token that eBay repeats', () => {
		const explained = tradingApi(CALL, TOKEN).explain(
			answer(200, failure('1', `The token ${TOKEN} and ${TOKEN} again.`)),
		);
		expect(explained.marketplaceMessage).toBe('The token … and … again.');
		const page = tradingApi(CALL, TOKEN).explain(answer(400, `Token ${TOKEN}`));
		expect(page.message).toBe('eBay refused the request: Token …');
		const silent = tradingApi(CALL, TOKEN).explain(answer(400));
		expect(silent.message).toBe('eBay refused the request (HTTP 400)');
	});

	test('soon, whatever page comes', () => {
		const from = Date.now();
		for (const part of ['<title', '<title>', '<title ']) {
			api.explain(answer(502, part.repeat(60_000)));
		}
		expect(Date.now() - from).toBeLessThan(2000);
	});

	test('with what a send is told in doubt: eBay’s words, which may be long', () => {
		const doubt = (text: string) => api.explain(answer(200, text)).doubt;
		expect(doubt(failure('10007', 'Internal error.'))).toBe('Internal error.');
		expect(doubt(failure('10007', 'x'.repeat(900)))).toBe(`${'x'.repeat(299)}…`);
		expect(doubt(failure('10007', ''))).toBeUndefined();
		expect(doubt(xml('CustomCode'))).toBeUndefined();
	});

	test('without a code where eBay gives none', () => {
		const explained = api.explain(answer(200, xml('Failure', [{ long: 'x' }])));
		expect(explained.code).toBeUndefined();
	});
});

describe('what is no answer of the Trading API is explained:', () => {
	test.each<[number, string, RegExp, string | undefined]>([
		[429, '', /^eBay's limit of requests is used up$/, undefined],
		[500, 'Oh', /^eBay has a problem of its own$/, 'Oh'],
		[599, '', /^eBay has a problem of its own$/, undefined],
		[400, '', /^eBay refused the request \(HTTP 400\)$/, undefined],
		[404, 'Not here', /^eBay refused the request: Not here$/, 'Not here'],
		[499, '', /^eBay refused the request \(HTTP 499\)$/, undefined],
	])('%d %j', (status, text, message, theirs) => {
		const explained = api.explain(answer(status, text));
		expect(explained.message).toMatch(message);
		expect(explained.description).toEqual(advice);
		expect(explained.marketplaceMessage).toBe(theirs);
	});
});

test.each([
	[{ 'x-ebay-c-request-id': 'a', 'x-ebay-request-id': 'b', rlogid: 'c' }, 'a'],
	[{ 'x-ebay-request-id': 'b', rlogid: 'c' }, 'b'],
	[{ rlogid: 'c' }, 'c'],
	[{}, undefined],
])('of the numbers %j the request has %s', (headers, expected) => {
	expect(requestIdOf(answer(200, '', headers as Record<string, string>))).toBe(expected);
	expect(api.requestIdOf).toBe(requestIdOf);
});

test('it says who it is and where a person looks', () => {
	expect(api).toMatchObject({ marketplace: 'ebay', title: 'eBay', whereToLook: WHERE_TO_LOOK });
	expect(WHERE_TO_LOOK).toMatch(/Messages, Sent/);
});
