import { saidIn } from '../../../nodes/Magalu/api/errors.ts';
import type { HttpResponse } from '../../../nodes/shared/http/service.ts';
import { attached, magaluWorld, messageForm, TICKET } from '../../engine/magalu.mts';
import { demoTickets } from '../../marketplaces/magalu/demo.mts';

/** One clock for the node and for Magalu; whoever sleeps moves it. */
let mockNow = Date.parse('2026-11-20T12:00:00Z');
jest.mock('n8n-workflow', () => ({
	...jest.requireActual<object>('n8n-workflow'),
	sleep: async (ms: number) => {
		mockNow += ms;
		await new Promise(setImmediate);
	},
}));
beforeEach(() => void jest.spyOn(Date, 'now').mockImplementation(() => mockNow));

const world = magaluWorld();
const details = async (form = messageForm()): Promise<Record<string, unknown>> => {
	const { error } = await world.run(form);
	return { ...error!.context.details, message: error!.message, advice: error!.description };
};
const answering = (status: number, body: string | object, headers = {}) =>
	world.simulator.faults.push({ operation: 'magalu.send', kind: 'status', status, body, headers });

it('a token that Magalu repeats in its words is in none of ours', async () => {
	const { oauthTokenData, clientSecret } = world.node.credentials.magaluOAuth2Api!;
	const { access_token: token } = oauthTokenData as { access_token: string };
	answering(400, { slug: 'BAD_REQUEST', message: `Bad ${token}, ${String(clientSecret)}` });
	expect(await details()).toMatchObject({
		message: 'Magalu refused the request: Bad …, …',
		marketplaceMessage: 'Bad …, …',
	});
});

describe('an error of Magalu', () => {
	it('in the shape of its platform shows slug, words and fields', async () => {
		answering(
			422,
			{
				slug: 'UNPROCESSABLE_ENTITY',
				message: 'Unprocessable entity',
				details: [{ field: 'message', location: 'body', slug: 'X', message: 'too rude' }],
			},
			{ 'x-request-id': 'r-1' },
		);
		expect(await details()).toMatchObject({
			outcome: 'notSent',
			retryable: false,
			code: 'UNPROCESSABLE_ENTITY',
			httpStatus: 422,
			requestId: 'r-1',
			marketplaceMessage: 'Unprocessable entity | message: too rude',
			message: 'Magalu does not accept a field: Unprocessable entity | message: too rude',
		});
	});

	it('in the shape of FastAPI shows where and what', async () => {
		const detail = [
			{ loc: ['body', 'owner', 'name'], msg: 'field required', type: 'value_error.missing' },
		];
		answering(422, { detail });
		expect(await details()).toMatchObject({
			code: 'value_error.missing',
			marketplaceMessage: 'owner.name: field required',
		});
	});

	it('in the short shape of FastAPI shows its words', async () => {
		answering(400, { detail: 'Ticket is closed' });
		expect(await details()).toMatchObject({
			message: 'Magalu refused the request: Ticket is closed',
			marketplaceMessage: 'Ticket is closed',
		});
	});

	it('in the shape of OAuth shows error and description', async () => {
		answering(400, { error: 'invalid_request', error_description: 'Missing parameter' });
		expect(await details()).toMatchObject({
			code: 'invalid_request',
			marketplaceMessage: 'Missing parameter',
		});
	});

	it('that is a page of the edge is told from a missing scope', async () => {
		world.simulator.magalu.state.settings.edgeBlocks = 1;
		expect(await details()).toMatchObject({
			outcome: 'notSent',
			retryable: true,
			httpStatus: 403,
			message: "Magalu's network does not let this request through",
			marketplaceMessage: expect.stringContaining('Request blocked.'),
			advice: expect.stringContaining('IP address'),
		});
	});

	it('that is another 4xx is shown with its number and its words', async () => {
		answering(418, { slug: 'TEAPOT', message: 'Short and stout' });
		expect(await details()).toMatchObject({
			message: 'Magalu refused the request (418): Short and stout',
			marketplaceMessage: 'Short and stout',
			retryable: false,
		});
	});

	it('that says conflict may be tried again later, and nothing was sent', async () => {
		answering(409, { slug: 'CONFLICT', message: 'Outra mensagem está em andamento' });
		expect(await details()).toMatchObject({
			outcome: 'notSent',
			retryable: true,
			code: 'CONFLICT',
			httpStatus: 409,
			marketplaceMessage: 'Outra mensagem está em andamento',
			message: expect.stringContaining('Outra mensagem está em andamento'),
			advice: expect.stringMatching(/try again in a few minutes/i),
		});
	});

	it.each(Array.from({ length: 30 }, (_, i) => 400 + i).filter((status) => status !== 408))(
		'says to try again later just where it is retryable: %i',
		async (status) => {
			const body = { slug: 'X', message: 'Não deu.' };
			world.simulator.faults.push({
				operation: 'magalu.send',
				kind: 'status',
				status,
				body,
				times: 9,
			});
			const { retryable, advice, marketplaceMessage, outcome } = await details();
			expect(outcome).toBe('notSent');
			expect(marketplaceMessage).toContain('Não deu.');
			expect(/again (later|in a few minutes)/.test(String(advice))).toBe(retryable);
		},
	);

	it.each<[string, string | object, string | undefined, string]>([
		[
			'the one of the gateway',
			{ developerMessage: 'Token vencido', userMessage: 'Sem acesso', errorCode: 401 },
			'401',
			'Sem acesso | Token vencido',
		],
		[
			'the one of the gateway, twice the same',
			{ developerMessage: 'Não', userMessage: 'Não', errorCode: 'E1' },
			'E1',
			'Não',
		],
		['a message alone', { message: 'Não' }, undefined, 'Não'],
		['an error with a code', { error: { code: 'E2', message: 'Não' } }, 'E2', 'Não'],
		['an error and a message', { error: 'Bad Request', message: 'Não' }, 'Bad Request', 'Não'],
		[
			'a list of errors',
			{ errors: [{ code: 'E3', field: 'code', message: 'Não' }, { message: 'Nunca' }] },
			'E3',
			'code: Não | Nunca',
		],
		['a list of texts', { errors: ['Não', 'Nunca'] }, undefined, 'Não | Nunca'],
		[
			'errors by field',
			{ errors: { code: ['Não', 'Nunca'] } },
			undefined,
			'code: Não | code: Nunca',
		],
		[
			'problem details',
			{ type: 'about:blank', title: 'Não', detail: 'Nunca' },
			undefined,
			'Não | Nunca',
		],
		['details that are null', { slug: 'E4', message: 'Não', details: null }, 'E4', 'Não'],
		[
			'details without a field',
			{ slug: 'E4', message: 'Não', details: [{ message: 'Nunca' }] },
			'E4',
			'Não | Nunca',
		],
		['a text', 'Não, nunca', undefined, 'Não, nunca'],
		['a text in JSON', '"Não"', undefined, 'Não'],
		['a list', [{ message: 'Não' }], undefined, 'Não'],
	])('keeps its words in any shape: %s', async (_, body, code, words) => {
		answering(400, body);
		expect(await details()).toMatchObject({
			message: `Magalu refused the request: ${words}`,
			marketplaceMessage: words,
			httpStatus: 400,
			...(code === undefined ? {} : { code }),
		});
	});

	it('on a token shows the words of the gateway and its reason', async () => {
		world.simulator.magalu.state.accessTokens.clear();
		world.simulator.magalu.state.refreshTokens.forEach((grant) => (grant.used = false));
		world.simulator.faults.push({
			operation: 'magalu.send',
			kind: 'status',
			status: 401,
			headers: { 'x-authorization-error': 'Jwt is expired' },
			body: { userMessage: 'Sem acesso', developerMessage: 'Token vencido', errorCode: '401' },
			times: 9,
		});
		expect(await details()).toMatchObject({
			outcome: 'notSent',
			retryable: false,
			code: '401',
			httpStatus: 401,
			marketplaceMessage: 'Sem acesso | Token vencido (Jwt is expired)',
			message:
				'Magalu does not accept the access token: Sem acesso | Token vencido (Jwt is expired)',
			advice: expect.stringContaining('connect it again'),
		});
	});

	it('that says locked may be tried again later', async () => {
		answering(423, { slug: 'LOCKED', message: 'Locked' });
		expect(await details()).toMatchObject({ outcome: 'notSent', retryable: true, code: 'LOCKED' });
	});

	it('on a closed ticket says that nothing was sent', async () => {
		expect(await details(messageForm({ ticketId: demoTickets.closed }))).toMatchObject({
			outcome: 'notSent',
			httpStatus: 400,
			message: expect.stringContaining('is closed'),
		});
	});
});

describe('a missing right', () => {
	it('names the scope that Magalu names', async () => {
		world.connect({ scopes: ['open:tickets-seller:read'] });
		expect(await details()).toMatchObject({
			outcome: 'notSent',
			httpStatus: 403,
			message: 'The credential lacks the scope open:ticket-messages-seller:write',
			advice: expect.stringContaining('add-scope'),
		});
	});

	it('names the scope that is needed where Magalu names none', async () => {
		answering(403, { slug: 'FORBIDDEN', message: 'Forbidden' });
		expect(await details()).toMatchObject({
			message: 'Magalu denied access: Forbidden',
			advice: expect.stringContaining('open:ticket-messages-seller:write'),
		});
	});

	it('is not guessed at where Magalu gives another reason', async () => {
		answering(403, { slug: 'FORBIDDEN', message: 'The token belongs to another tenant.' });
		const { message, advice, marketplaceMessage } = await details();
		expect(message).toBe('Magalu denied access: The token belongs to another tenant.');
		expect(marketplaceMessage).toBe('The token belongs to another tenant.');
		expect(advice).toMatch(/^Nothing was sent\. Read Magalu's own words/);
	});

	it('says that the person is no administrator', async () => {
		world.connect({ admin: false });
		expect(await details()).toMatchObject({
			message: 'The person who connected the credential is not an administrator of the store',
			advice: expect.stringContaining('connect it again'),
		});
	});

	it('names the scope of what is read', async () => {
		world.connect({ scopes: [] });
		const { error } = await world.run({ resource: 'ticket', operation: 'get', ticketId: TICKET });
		expect(error!.message).toContain('open:tickets-seller:read');
	});
});

describe('reading', () => {
	it('is tried again after a failure', async () => {
		world.simulator.faults.push({
			operation: 'magalu.ticket',
			kind: 'status',
			status: 502,
			times: 2,
		});
		const { items } = await world.run({ resource: 'ticket', operation: 'get', ticketId: TICKET });
		expect(items[0]!.json.ticketId).toBe(TICKET);
	});

	it('gives up in the end, and says that Magalu has a problem', async () => {
		world.simulator.faults.push({
			operation: 'magalu.ticket',
			kind: 'status',
			status: 502,
			times: 9,
		});
		const { error } = await world.run({ resource: 'ticket', operation: 'get', ticketId: TICKET });
		expect(error!.message).toMatch(/^Magalu has a problem of its own/);
		expect(error!.context.details).toMatchObject({ outcome: 'notSent', retryable: true });
	});

	it.each([
		['magalu.ticket', { resource: 'ticket', operation: 'get', ticketId: TICKET }],
		['magalu.tickets', { resource: 'ticket', operation: 'getMany' }],
	])('says so where an answer of %s lacks what was asked for', async (operation, form) => {
		world.simulator.faults.push({ operation, kind: 'status', status: 200, body: { odd: true } });
		const { error } = await world.run(form);
		expect(error!.message).toBe('Magalu gave an answer that cannot be read');
	});
});

describe('an answer', () => {
	const answer = (text: string, headers = {}) => ({ text, headers }) as HttpResponse;

	it('shows why a token was refused', () => {
		const body = '{"slug":"UNAUTHORIZED","message":"Unauthorized"}';
		const headers = { 'x-authorization-error': 'Jwt is expired' };
		expect(saidIn(answer(body, headers))).toEqual({
			code: 'UNAUTHORIZED',
			text: 'Unauthorized (Jwt is expired)',
		});
		expect(saidIn(answer('', headers))).toEqual({ text: 'Jwt is expired' });
	});

	it('without words shows none', () => {
		expect(saidIn(answer('{}'))).toEqual({ text: undefined });
		expect(saidIn(answer('{"detail":[]}'))).toEqual({ text: undefined });
		expect(saidIn(answer('<Error/>'))).toEqual({ text: undefined });
	});

	it('in HTML is shown without its styles', () => {
		const html = '<html><style>b{}</style><body><h1>No</h1>\n<p>entry</p></body></html>';
		expect(saidIn(answer(html))).toEqual({ edge: true, text: 'No entry' });
	});
});

it('never shows a signed link, a token or a secret', async () => {
	const body = '<Error><Code>AccessDenied</Code></Error>';
	world.simulator.faults.push({ operation: 'gcs.put', kind: 'status', status: 403, body });
	const { error } = await world.run(messageForm(attached('data')));
	expect(error!.message).toContain('nota.pdf');
	expect(`${error!.message} ${error!.description}`).not.toMatch(/X-Goog|https?:/);
});
