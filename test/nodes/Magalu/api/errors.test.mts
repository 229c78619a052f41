/** What Magalu's answers mean, one after the other. */
import {
	magaluApi,
	magaluStorage,
	requestIdOf,
	saidIn,
	WHERE_TO_LOOK,
} from '../../../../nodes/Magalu/api/errors.ts';
import { advice, answer } from '../../../engine/answer.mts';

const NEEDED = 'open:ticket-seller:write';
const api = magaluApi(NEEDED as never);
const files = magaluApi(NEEDED as never, 'bytes');
const records = magaluApi(NEEDED as never, 'record');

describe('an answer is', () => {
	test.each<[string, number, object | string, string]>([
		['done', 200, { id: 1 }, 'with an object'],
		['done', 202, '', 'without a body'],
		['done', 299, {}, 'with an empty object'],
		['done', 200, [1], 'with a list'],
		['done', 200, '"text"', 'with a text'],
		['done', 200, { error: null, errors: [], slug: '' }, 'with places for errors that are empty'],
		['done', 200, { errors: [null, ''] }, 'with a list of no errors'],
		['refused', 200, { error: 'no' }, 'with an error'],
		['refused', 200, { errors: [null, { message: 'No' }] }, 'with a list of errors'],
		['refused', 200, { detail: 'No' }, 'with words of FastAPI that say no'],
		['refused', 200, { slug: 'closed' }, 'with the code of a no'],
		['unreadable', 200, { errors: [{}] }, 'with an error that says nothing'],
		['unreadable', 200, { error: 'no', id: 7 }, 'with an error beside what was made'],
		['unreadable', 200, { error: 'no', transaction_id: 't' }, 'with an error of what was taken'],
		...['InternalError', 'service-unavailable', 'Timeout', 'time_out'].map(
			(slug) =>
				['failing', 200, { slug }, 'with a failure of Magalu'] as [string, number, object, string],
		),
		...['TooManyRequests', 'too-many', 'RateLimit', 'rate_limit', 'throttled'].map(
			(slug) => ['throttled', 200, { slug }, 'with the limit'] as [string, number, object, string],
		),
		['unreadable', 200, '<html>', 'with a page'],
		['unreadable', 300, {}, 'with a redirect'],
		['unreadable', 399, {}, 'with another redirect'],
		['unreadable', 199, {}, 'with a status below success'],
		['refused', 400, {}, 'with a refusal'],
		['refused', 499, {}, 'with another refusal'],
		['failing', 408, {}, 'with 408'],
		['throttled', 429, {}, 'with 429'],
		['throttled', 403, { slug: 'too_many_requests' }, 'with the word for 429 in a 403'],
		['throttled', 400, { errorCode: 'RATE_LIMIT_EXCEEDED' }, 'with another word for it'],
		['throttled', 400, { slug: 'TOO_MANY_CALLS' }, 'with one more'],
		...['TOO_MANY_ATTACHMENTS', 'too_many_items', 'TooManyOpenTickets'].flatMap((slug) =>
			[400, 202].map(
				(status) =>
					['refused', status, { slug }, 'with too many of something else'] as [
						string,
						number,
						object,
						string,
					],
			),
		),
		['throttled', 200, { slug: 'too_many_requests', message: 'x' }, 'with it in a success'],
		['failing', 500, {}, 'with 500'],
		['failing', 599, {}, 'with 599'],
	])('%s: %d %j, %s', (kind, status, body) => {
		expect(api.kindOf(answer(status, body))).toBe(kind);
	});

	test('done, whatever it is, where a file is asked for', () => {
		expect(files.kindOf(answer(200, '%PDF'))).toBe('done');
		expect(files.kindOf(answer(404, '%PDF'))).toBe('refused');
	});

	test('unreadable where something is read and no object comes', () => {
		expect(records.kindOf(answer(200, { id: 1 }))).toBe('done');
		expect(records.kindOf(answer(200, [1]))).toBe('unreadable');
		expect(records.kindOf(answer(200, '"text"'))).toBe('unreadable');
	});
});

describe('a refusal is explained:', () => {
	test.each<[number, RegExp, boolean | undefined]>([
		[400, /^Magalu refused the request$/, undefined],
		[401, /^Magalu does not accept the access token$/, undefined],
		[403, /^Magalu denied access$/, undefined],
		[404, /^Magalu does not find what was asked for$/, undefined],
		[409, /^Magalu says that this conflicts/, true],
		[418, /^Magalu refused the request \(418\)$/, undefined],
		[422, /^Magalu does not accept a field$/, undefined],
		[423, /^Magalu says that this is locked/, true],
		[425, /^Magalu says that this is too early$/, true],
		[429, /^Magalu's limit of requests is used up$/, true],
		[500, /^Magalu has a problem of its own$/, true],
		[503, /^Magalu has a problem of its own$/, true],
	])('%d', (status, message, retryable) => {
		const silent = api.explain(answer(status));
		expect(silent).toEqual({
			message: expect.stringMatching(message) as string,
			description: advice,
			code: undefined,
			marketplaceMessage: undefined,
			retryable,
		});
		const told = api.explain(answer(status, { message: 'Não foi possível' }));
		expect(told.message).toBe(`${silent.message}: Não foi possível`);
		expect(told.marketplaceMessage).toBe('Não foi possível');
	});

	test.each([400, 422, 418])('%d without a reason sends nobody to look for one', (status) => {
		const of = (body?: object) => api.explain(answer(status, body)).description;
		expect(of()).toMatch(/^Magalu gave no reason\. Check every field/);
		expect(of({ message: 'Não' })).toMatch(/^Correct .*Magalu's words name/);
	});

	test('a page of the firewall is none of the API, and its words add nothing', () => {
		const page = '<html><body><h1>Access  denied</h1></body></html>';
		expect(api.explain(answer(403, page))).toEqual({
			message: "Magalu's network does not let this request through",
			description: advice,
			code: undefined,
			marketplaceMessage: 'Access denied',
			retryable: true,
		});
		expect(api.explain(answer(499, page)).message).toMatch(/network/);
		expect(api.explain(answer(500, page)).message).toBe(
			'Magalu has a problem of its own: Access denied',
		);
	});

	test('a limit that is told by its name is one, but where Magalu fails', () => {
		const of = (status: number) =>
			api.explain(answer(status, { slug: 'too_many_requests' })).message;
		expect(of(403)).toBe("Magalu's limit of requests is used up");
		expect(of(500)).toBe('Magalu has a problem of its own');
	});

	test('a token that is refused is to be connected again', () => {
		expect(api.explain(answer(401)).description).toMatch(
			/^A new one was fetched and refused as well\. Open the credential in n8n and connect it again/,
		);
	});
});

describe('a denial', () => {
	const of = (text: string) => api.explain(answer(403, { message: text }));

	test.each(['User is not an admin', 'Administrator required'])(
		'of who is no administrator: %s',
		(text) => {
			expect(of(text)).toMatchObject({
				message: 'The person who connected the credential is not an administrator of the store',
				description: expect.stringMatching(/March 2026\. Open the credential/) as string,
			});
		},
	);

	test.each(['open:portfolio-seller:read', 'services:tickets:write'])(
		'that names the scope %s',
		(scope) => {
			const { message, description } = of(`Missing scope: ${scope}, sorry`);
			expect(message).toBe(`The credential lacks the scope ${scope}`);
			expect(description).toMatch(
				new RegExp(
					`^This needs the scope ${scope}\\. Add it to your app .* Renewing an old token adds no scope\\.$`,
				),
			);
		},
	);

	test.each(['', 'Forbidden', '"Forbidden"', 'access denied!', 'Acesso negado.', 'PROIBIDO'])(
		'that says nothing (%j) names the scope that this needs',
		(text) => {
			const { message, description } = of(text);
			expect(message).toBe(text ? `Magalu denied access: ${text}` : 'Magalu denied access');
			expect(description).toMatch(
				new RegExp(`^This needs the scope ${NEEDED}\\. Add it to your app`),
			);
		},
	);

	test.each(['The store is blocked', 'Forbidden: the store sleeps', 'not open:x', 'nonadmin'])(
		'that says something (%s) is shown in its own words',
		(text) => {
			const { message, description } = of(text);
			expect(message).toBe(`Magalu denied access: ${text}`);
			expect(description).toBe(
				`Read Magalu's own words. If they do not help: this needs the scope ${NEEDED}, and an administrator of the store who connects the credential.`,
			);
		},
	);
});

describe('what an answer says is read', () => {
	test.each<[string, object | string, { code?: string; text?: string; edge?: true }]>([
		[
			'of the platform',
			{ slug: 's', message: 'M', details: [{ message: 'D' }] },
			{ code: 's', text: 'M | D' },
		],
		[
			'of the gateway',
			{ errorCode: 'E', userMessage: 'U', developerMessage: 'V' },
			{ code: 'E', text: 'U | V' },
		],
		[
			'of FastAPI',
			{ detail: [{ loc: ['body', 'owner', 'code'], msg: 'bad', type: 't' }] },
			{ code: 't', text: 'owner.code: bad' },
		],
		[
			'of FastAPI about the whole body',
			{ detail: [{ loc: ['body'], msg: 'bad', type: 't' }] },
			{ code: 't', text: 'bad' },
		],
		['of FastAPI in a sentence', { detail: 'Not found' }, { text: 'Not found' }],
		['of a type that is not FastAPI’s', { type: 't', message: 'M' }, { text: 'M' }],
		[
			'of OAuth',
			{ error: 'invalid_grant', error_description: 'Bad' },
			{ code: 'invalid_grant', text: 'Bad' },
		],
		[
			'of OAuth in a word',
			{ error: 'invalid_grant' },
			{ code: 'invalid_grant', text: 'invalid_grant' },
		],
		['of an error in an object', { error: { code: 7, message: 'M' } }, { code: '7', text: 'M' }],
		['of errors in a list', { error: [{ title: 'T' }] }, { text: 'T' }],
		[
			'by field',
			{ errors: { text: ['too long', 'empty'], owner: ['x'], other: [null] } },
			{ text: 'text: too long | text: empty | owner: x' },
		],
		[
			'by field, in lists, also of one whose name is a place for words',
			{ errors: { details: ['too long'], text: ['empty'] } },
			{ text: 'details: too long | text: empty' },
		],
		[
			'by field, in lists and in texts',
			{ errors: { text: ['too long', 'empty'], owner: 'missing', code: null } },
			{ text: 'text: too long | text: empty | owner: missing' },
		],
		[
			'by field, in texts',
			{ errors: { text: 'empty', owner: 'x' } },
			{ text: 'text: empty | owner: x' },
		],
		['by field, in objects', { errors: { owner: { message: 'M' } } }, { text: 'owner: M' }],
		['of no errors by field', { errors: {}, message: 'M' }, { text: 'M' }],
		[
			'of errors that are one object with details',
			{ errors: { message: 'M', details: ['D'] } },
			{ text: 'M | D' },
		],
		['of a page that is only spoken of', { message: 'No <html> here' }, { text: 'No <html> here' }],
		['of errors that are one object', { errors: { message: 'M', field: 'f' } }, { text: 'f: M' }],
		['of a field with a message', { field: 'text', message: 'M' }, { text: 'text: M' }],
		[
			'once where it is said twice',
			{ message: 'M', title: 'M', details: ['M', 'N'] },
			{ text: 'M | N' },
		],
		['of a list alone', ['A', 'B', null, {}], { text: 'A | B' }],
		['of a text alone', '"A"', { text: 'A' }],
		['four levels deep', { details: [{ details: [{ message: 'deep' }] }] }, { text: 'deep' }],
		['no deeper', { details: [{ details: [{ details: [{ message: 'deeper' }] }] }] }, {}],
		['of plain words', ' Not here ', { text: 'Not here' }],
		['of plain words that are long', 'x'.repeat(301), { text: 'x'.repeat(300) }],
		['of XML: nothing', '<error>no</error>', {}],
		['of nothing', '', {}],
		['of an object without words', { status: 500 }, {}],
		[
			'of a page without its scripts',
			'<!DOCTYPE html><style>a{}</style>Do<script type="x">b()</script>go<script>c</script><p>far\n  away</p>now',
			{ edge: true, text: 'Do go far away now' },
		],
		['of a page that is long', `<HTML>${'x'.repeat(201)}`, { edge: true, text: 'x'.repeat(200) }],
		['of an empty page', '<html></html>', { edge: true }],
	])('%s', (_what, body, expected) => {
		expect(saidIn(answer(400, body))).toEqual(expected);
	});

	test('soon, whatever page comes', () => {
		const from = Date.now();
		for (const part of ['<script ', '<style>', '<a ', '</']) {
			saidIn(answer(502, `<html>${part.repeat(60_000)}`));
		}
		expect(Date.now() - from).toBeLessThan(2000);
	});

	test('with the reason that the gateway puts into a header', () => {
		const headers = { 'x-authorization-error': 'scope' };
		expect(saidIn(answer(403, { message: 'No' }, headers)).text).toBe('No (scope)');
		expect(saidIn(answer(403, '', headers)).text).toBe('scope');
	});
});

test('they say who they are and where a person looks', () => {
	expect(api).toMatchObject({ marketplace: 'magalu', title: 'Magalu', whereToLook: WHERE_TO_LOOK });
	expect(magaluStorage).toMatchObject({
		marketplace: 'magalu',
		title: "Magalu's storage",
		whereToLook: WHERE_TO_LOOK,
	});
	expect(WHERE_TO_LOOK).toMatch(/seller portal$/);
});

test('a request has the number that Magalu gave it', () => {
	expect(requestIdOf(answer(200, '', { 'x-request-id': 'r' }))).toBe('r');
	expect(api.requestIdOf).toBe(requestIdOf);
	expect(magaluStorage.requestIdOf(answer(200, '', { 'x-guploader-uploadid': 'u' }))).toBe('u');
	expect(magaluStorage.explain(answer(403))).toMatchObject({
		message: "Magalu's storage did not take the file",
		description: advice,
	});
});
